//! A list of words that a text is walked along: the longest word at a place costs as many steps as it has characters, so
//! searching all words at once stays linear in the text.

use tokumei_dicom::order;
use tokumei_dicom::packed::Packed;

/// Words, each with a tag, as a tree of their characters. May hold identity: no `Debug`.
#[derive(Default)]
pub(super) struct Dict {
    /// What a word begins with, and each way on: the nodes that follow one stand side by side, in order of characters.
    nodes: Vec<Node>,
    /// Tags of the words, in their order.
    tags: Vec<u16>,
    /// How many characters words begin with: the first nodes.
    heads: u32,
    /// Which of them each character of ASCII is, as what most texts are made of is asked at every place.
    ascii: Vec<u32>,
}

/// A character of words that have the same before it.
#[derive(Clone, Copy)]
struct Node {
    c: char,
    /// Nodes that follow.
    next: u32,
    count: u32,
    /// Tags of the word that ends here.
    tag: u32,
    ends: u32,
}

impl Node {
    const NONE: Self = Self { c: '\0', next: 0, count: 0, tag: 0, ends: 0 };
}

/// What nodes of a packed dictionary share.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    /// How many nodes follow.
    pub followers: u32,
    /// Tags of the word that ends here.
    pub tag: u32,
    pub ends: u32,
}

/// Words that begin with what was walked so far.
#[derive(Clone, Copy)]
pub(super) struct Walk(u32);

impl Dict {
    pub(super) fn new(mut entries: Vec<(String, u16)>) -> Self {
        entries.retain(|(word, _)| !word.is_empty());
        order::sort(&mut entries);
        entries.dedup();
        let tags = entries.iter().map(|&(_, tag)| tag).collect();
        let mut out = Self { tags, ..Self::default() };
        let words: Vec<&str> = entries.iter().map(|(word, _)| word.as_str()).collect();
        out.heads = out.grow(&words, 0..words.len(), 0);
        out.index();
        // Ranges of words and the bytes that they share, of each node in turn.
        let mut at = 0;
        while let Some(node) = out.nodes.get(at).copied() {
            // Until its own followers stand, a node keeps its range of words where they will be told.
            let (range, depth) = (node.tag as usize..node.ends as usize, node.count as usize);
            let own = words.get(range.clone()).unwrap_or_default().partition_point(|word| word.len() == depth);
            let next = number(out.nodes.len());
            let count = out.grow(&words, range.start + own..range.end, depth);
            if let Some(node) = out.nodes.get_mut(at) {
                *node = Node { next, count, ends: number(own), ..*node };
            }
            at += 1;
        }
        out
    }

    /// Adds a node for each character that words of a range have behind the bytes that they share; yields how many.
    fn grow(&mut self, words: &[&str], range: core::ops::Range<usize>, shared: usize) -> u32 {
        let first = self.nodes.len();
        for at in range {
            let c =
                words.get(at).and_then(|w| w.get(shared..)).and_then(|rest| rest.chars().next()).unwrap_or_default();
            let last = self.nodes.get_mut(first..).and_then(<[Node]>::last_mut);
            if let Some(last) = last.filter(|last| last.c == c) {
                last.ends = number(at + 1);
            } else {
                let depth = number(shared + c.len_utf8());
                self.nodes.push(Node { c, next: 0, count: depth, tag: number(at), ends: number(at + 1) });
            }
        }
        number(self.nodes.len() - first)
    }

    /// Unpacks a dictionary as it is packed: its nodes from the first on, each before what follows it, by their shapes and
    /// their characters. `None`: it is not whole. Cheap, since a packed file is unpacked by every worker.
    pub(super) fn unpacked(shapes: &[Shape], tags: Vec<u16>, order: Packed<'_>, labels: &str) -> Option<Self> {
        let mut order = order.map(|shape| shapes.get(shape as usize));
        let heads = order.next()??.followers;
        let mut nodes = vec![Node::NONE; labels.chars().count()];
        // Places of followers that are still to come, and the first that is nobody's.
        let (mut open, mut own) = (Vec::new(), 0..heads);
        let mut free = heads;
        for c in labels.chars() {
            while own.is_empty() {
                own = open.pop()?;
            }
            let place = own.next()?;
            let &Shape { followers, tag, ends } = order.next()??;
            *nodes.get_mut(place as usize)? = Node { c, next: free, count: followers, tag, ends };
            let next = free;
            free = next.checked_add(followers).filter(|&free| free as usize <= nodes.len())?;
            open.push(core::mem::replace(&mut own, next..free));
        }
        let whole = own.is_empty() && open.iter().all(core::ops::Range::is_empty) && order.next().is_none();
        let mut out = Self { nodes, tags, heads, ..Self::default() };
        out.index();
        whole.then_some(out)
    }

    /// Notes the first nodes of ASCII.
    fn index(&mut self) {
        self.ascii = vec![u32::MAX; ASCII];
        for (place, node) in (0..self.heads).zip(&self.nodes) {
            if let Some(head) = self.ascii.get_mut(node.c as usize) {
                *head = place;
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.tags.is_empty()
    }

    fn among(&self, first: u32, count: u32, c: char) -> Option<Walk> {
        let nodes = self.nodes.get(first as usize..(first + count) as usize)?;
        // Most have few: looking at each is quicker than halving.
        let at = if nodes.len() <= FEW {
            nodes.iter().position(|node| node.c == c)?
        } else {
            nodes.binary_search_by_key(&c, |node| node.c).ok()?
        };
        Some(Walk(first + number(at)))
    }

    /// The walk after the first character; `None` where no word begins so.
    pub(super) fn begin(&self, c: char) -> Option<Walk> {
        match self.ascii.get(c as usize) {
            Some(&u32::MAX) => None,
            Some(&head) => Some(Walk(head)),
            None => self.among(0, self.heads, c),
        }
    }

    /// One character on.
    pub(super) fn step(&self, walk: Walk, c: char) -> Option<Walk> {
        let node = self.nodes.get(walk.0 as usize)?;
        self.among(node.next, node.count, c)
    }

    /// Tags of the words that end here.
    pub(super) fn tags(&self, walk: Walk) -> &[u16] {
        let Some(node) = self.nodes.get(walk.0 as usize) else { return &[] };
        self.tags.get(node.tag as usize..(node.tag + node.ends) as usize).unwrap_or_default()
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

    /// True where words begin with a word and then something that is no letter.
    pub(super) fn goes_on(&self, word: &[char]) -> bool {
        let mut walk = word.first().and_then(|&c| self.begin(c));
        for &c in word.iter().skip(1) {
            walk = walk.and_then(|walk| self.step(walk, c));
        }
        let node = walk.and_then(|walk| self.nodes.get(walk.0 as usize)).copied().unwrap_or(Node::NONE);
        let next = self.nodes.get(node.next as usize..(node.next + node.count) as usize).unwrap_or_default();
        next.iter().any(|node| !node.c.is_alphabetic())
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

/// Characters of ASCII.
const ASCII: usize = 128;
/// So many nodes are looked at one by one.
const FEW: usize = 8;

/// A place in a list. No list of words comes near the end of the range.
fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
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
