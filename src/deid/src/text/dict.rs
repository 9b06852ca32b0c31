//! A sorted list of words that a text is walked along: the longest word at a place costs as many steps as it has
//! characters, so searching all words at once stays linear in the text.

use core::cmp::Ordering;
use tokumei_dicom::order;

/// Words, each with a tag. May hold identity: no `Debug`.
#[derive(Default)]
pub(super) struct Dict {
    text: String,
    /// Start of each word in `text`, and the end of the last.
    starts: Vec<u32>,
    tags: Vec<u16>,
    /// First characters and the first word of each.
    heads: Vec<(char, u32)>,
}

/// Words that begin with what was walked so far.
#[derive(Clone, Copy)]
pub(super) struct Walk {
    low: usize,
    high: usize,
    depth: usize,
}

impl Dict {
    pub(super) fn new(mut entries: Vec<(String, u16)>) -> Self {
        entries.retain(|(word, _)| !word.is_empty());
        order::sort(&mut entries);
        entries.dedup();
        let mut out = Self { starts: vec![0], ..Self::default() };
        for (word, tag) in entries {
            let head = word.chars().next().unwrap_or_default();
            if out.heads.last().is_none_or(|&(last, _)| last != head) {
                out.heads.push((head, u32::try_from(out.tags.len()).unwrap_or(u32::MAX)));
            }
            out.text.push_str(&word);
            out.starts.push(u32::try_from(out.text.len()).unwrap_or(u32::MAX));
            out.tags.push(tag);
        }
        out
    }

    pub(super) fn is_empty(&self) -> bool {
        self.tags.is_empty()
    }

    fn word(&self, i: usize) -> &[u8] {
        let Some(&[start, end]) = self.starts.get(i..i + 2) else { return &[] };
        self.text.as_bytes().get(start as usize..end as usize).unwrap_or_default()
    }

    /// What a word has from a place on, against some bytes. By hand: they are at most four, and this is asked most.
    fn compare(&self, i: usize, from: usize, with: &[u8]) -> Ordering {
        let word = self.word(i);
        for (k, wanted) in with.iter().enumerate() {
            match word.get(from + k) {
                None => return Ordering::Less,
                Some(byte) if byte != wanted => return byte.cmp(wanted),
                Some(_) => {}
            }
        }
        Ordering::Equal
    }

    /// The walk after the first character; `None` where no word begins so.
    pub(super) fn begin(&self, c: char) -> Option<Walk> {
        let at = self.heads.binary_search_by_key(&c, |h| h.0).ok()?;
        let place = |i: usize| self.heads.get(i).map_or(self.tags.len(), |h| h.1 as usize);
        Some(Walk { low: place(at), high: place(at + 1), depth: c.len_utf8() })
    }

    /// One character on.
    pub(super) fn step(&self, walk: Walk, c: char) -> Option<Walk> {
        let mut buffer = [0; 4];
        let next = c.encode_utf8(&mut buffer).as_bytes();
        let low = bound(walk.low, walk.high, |i| self.compare(i, walk.depth, next).is_lt());
        if low == walk.high || self.compare(low, walk.depth, next).is_ne() {
            return None;
        }
        let high = bound(low + 1, walk.high, |i| self.compare(i, walk.depth, next).is_le());
        Some(Walk { low, high, depth: walk.depth + next.len() })
    }

    /// Tags of the words that end here.
    pub(super) fn tags(&self, walk: Walk) -> &[u16] {
        let end = bound(walk.low, walk.high, |i| self.word(i).len() <= walk.depth);
        self.tags.get(walk.low..end).unwrap_or_default()
    }

    /// Tags of a whole word.
    pub(super) fn get(&self, word: impl IntoIterator<Item = char>) -> &[u16] {
        let mut chars = word.into_iter();
        let mut walk = chars.next().and_then(|c| self.begin(c));
        for c in chars {
            walk = walk.and_then(|w| self.step(w, c));
            if walk.is_none() {
                return &[];
            }
        }
        walk.map_or(&[], |w| self.tags(w))
    }

    pub(super) fn has(&self, word: &str) -> bool {
        !self.get(word.chars()).is_empty()
    }

    /// Every word at a place of a text: its length and a tag.
    pub(super) fn at<'a>(&'a self, text: &'a [char]) -> impl Iterator<Item = (usize, u16)> + 'a {
        let mut walk = text.first().and_then(|&c| self.begin(c));
        let mut len = 1;
        let mut tags: &[u16] = &[];
        core::iter::from_fn(move || {
            loop {
                if let Some((&tag, rest)) = tags.split_first() {
                    tags = rest;
                    return Some((len - 1, tag));
                }
                let now = walk?;
                tags = self.tags(now);
                walk = text.get(len).and_then(|&c| self.step(now, c));
                len += 1;
            }
        })
    }
}

/// First index from `low` on where the test fails, which never passes again behind it.
fn bound(mut low: usize, mut high: usize, passes: impl Fn(usize) -> bool) -> usize {
    while low < high {
        let middle = low + (high - low) / 2;
        if passes(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::Dict;

    #[test]
    fn words_at_a_place() {
        let words = [("足", 1), ("足立", 2), ("足関節", 3), ("ab", 4), ("ab", 5), ("abc", 6)];
        let dict = Dict::new(words.iter().map(|(w, t)| ((*w).to_owned(), *t)).collect());
        let at = |text: &str| dict.at(&text.chars().collect::<Vec<_>>()).collect::<Vec<_>>();
        assert_eq!(at("足立位"), [(1, 1), (2, 2)]);
        assert_eq!(at("足関"), [(1, 1)]);
        assert_eq!(at("足関節炎"), [(1, 1), (3, 3)]);
        assert_eq!(at("abc"), [(2, 4), (2, 5), (3, 6)]);
        assert_eq!(at("立"), []);
        assert_eq!(at(""), []);
        assert_eq!(dict.get("ab".chars()), [4, 5]);
        assert!(!dict.has("a") && !dict.has("足立位"));
    }
}
