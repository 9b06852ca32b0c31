//! Many byte patterns at once: a filter on a hash of four bytes, then a comparison. Building costs little, since a
//! pattern set serves one instance only.

/// How a hit is weighed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weigh {
    /// Anywhere.
    Anywhere,
    /// Digits: not inside a longer number.
    Number,
    /// Digits without zeros before them: zeros may stand there, no other digit.
    Padded,
    /// Letters and digits: not inside a longer word.
    Word,
    /// A day of eight digits: a time may follow.
    Day,
    /// A UID: not inside a longer one.
    Uid,
    /// Case counts (base 64).
    Exact,
    /// Seven-bit two-byte codes: only in two-byte mode, or six bytes and more.
    NakedJis,
}

#[derive(Clone, Copy)]
struct Pattern<K> {
    start: u32,
    len: u32,
    next: u32,
    weigh: Weigh,
    kind: K,
}

/// A set of patterns. ASCII case does not count, save for [`Weigh::Exact`].
pub struct Patterns<K> {
    bytes: Vec<u8>,
    list: Vec<Pattern<K>>,
    heads: Vec<u32>,
    filter: Vec<u64>,
    shift: u32,
    fine: u32,
}

const NONE: u32 = u32::MAX;
/// The shortest pattern.
pub const SHORTEST: usize = 4;

impl<K: Copy + PartialEq> Patterns<K> {
    /// An empty set.
    pub fn new() -> Self {
        Self { bytes: Vec::new(), list: Vec::new(), heads: Vec::new(), filter: Vec::new(), shift: 0, fine: 0 }
    }

    /// Adds a pattern; shorter ones than [`SHORTEST`] are left out.
    pub fn add(&mut self, pattern: &[u8], weigh: Weigh, kind: K) {
        let (Ok(start), Ok(len)) = (u32::try_from(self.bytes.len()), u32::try_from(pattern.len())) else { return };
        if pattern.len() < SHORTEST {
            return;
        }
        self.bytes.extend_from_slice(pattern);
        self.list.push(Pattern { start, len, next: NONE, weigh, kind });
    }

    /// Adds all patterns of another set.
    pub fn append(&mut self, other: &Self) {
        let Ok(shift) = u32::try_from(self.bytes.len()) else { return };
        self.bytes.extend_from_slice(&other.bytes);
        self.list.extend(other.list.iter().map(|p| Pattern { start: p.start + shift, next: NONE, ..*p }));
    }

    /// True where no pattern is in it.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Makes the set searchable.
    pub fn finish(&mut self) {
        if self.list.is_empty() {
            return;
        }
        let bits = (usize::BITS - (self.list.len() * 4).leading_zeros()).clamp(8, 20);
        self.shift = 32 - bits;
        self.heads = vec![NONE; 1 << bits];
        self.fine = 32 - (bits + FINER).min(LARGEST_FILTER);
        self.filter = vec![0; 1 << (32 - self.fine - 6)];
        for i in 0..self.list.len() {
            let Some(p) = self.list.get(i) else { break };
            let Some(text) = self.bytes.get(p.start as usize..(p.start + p.len) as usize) else { continue };
            let hash = hash(first_four(text));
            let fine = hash >> self.fine;
            if let Some(word) = self.filter.get_mut((fine >> 6) as usize) {
                *word |= 1 << (fine & 63);
            }
            if let (Some(head), Some(p), Ok(index)) =
                (self.heads.get_mut((hash >> self.shift) as usize), self.list.get_mut(i), u32::try_from(i))
            {
                p.next = *head;
                *head = index;
            }
        }
    }

    /// True where no pattern begins with letters of this hash.
    fn misses(&self, hash: u32) -> bool {
        let fine = hash >> self.fine;
        self.filter.get((fine >> 6) as usize).is_none_or(|w| w >> (fine & 63) & 1 == 0)
    }

    /// The first accepted hit at `at`.
    #[inline(never)]
    fn at(
        &self,
        text: &[u8],
        at: usize,
        hash: u32,
        accept: &mut impl FnMut(usize, usize, Weigh, K) -> bool,
    ) -> Option<(usize, K)> {
        let mut index = self.heads.get((hash >> self.shift) as usize).copied().unwrap_or(NONE);
        while let Some(p) = self.list.get(index as usize) {
            index = p.next;
            let len = p.len as usize;
            let (Some(pattern), Some(there)) =
                (self.bytes.get(p.start as usize..p.start as usize + len), text.get(at..at + len))
            else {
                continue;
            };
            let same = if p.weigh == Weigh::Exact { there == pattern } else { there.eq_ignore_ascii_case(pattern) };
            if same && accept(at, len, p.weigh, p.kind) {
                return Some((at, p.kind));
            }
        }
        None
    }
}

/// The first hit of several sets for which `accept(offset, length, weigh, kind)` is true, in one pass.
pub fn find<'s, K: Copy + PartialEq + 's>(
    sets: impl IntoIterator<Item = &'s Patterns<K>>,
    text: &[u8],
    mut accept: impl FnMut(usize, usize, Weigh, K) -> bool,
) -> Option<(usize, K)> {
    let sets: Vec<&Patterns<K>> = sets.into_iter().filter(|s| !s.is_empty()).collect();
    if sets.is_empty() {
        return None;
    }
    let mut four = 0;
    for (end, b) in text.iter().enumerate() {
        four = four << 8 | u32::from(*b);
        let Some(at) = (end + 1).checked_sub(SHORTEST) else { continue };
        let hash = hash(four);
        for set in &sets {
            if set.misses(hash) {
                continue;
            }
            let found = set.at(text, at, hash, &mut accept);
            if found.is_some() {
                return found;
            }
        }
    }
    None
}

/// The filter has this many more bits than the table, in powers of two, as far as a processor's nearest memory holds it.
const FINER: u32 = 5;
const LARGEST_FILTER: u32 = 17;

fn first_four(text: &[u8]) -> u32 {
    text.iter().take(SHORTEST).fold(0, |n, b| n << 8 | u32::from(*b))
}

/// Letters differ from their other case in bit 5 alone; bytes that are no letters collide, which only costs a comparison.
fn hash(four: u32) -> u32 {
    (four | 0x2020_2020).wrapping_mul(0x9E37_79B1)
}

/// Whether a hit stands by itself, by its weight. `text` is the whole stretch.
pub fn stands_alone(text: &[u8], at: usize, len: usize, weigh: Weigh) -> bool {
    let before = at.checked_sub(1).and_then(|i| text.get(i)).copied().unwrap_or(0);
    let after = text.get(at + len..).unwrap_or(&[]);
    let next = after.first().copied().unwrap_or(0);
    // A digit before a NUL is the group number of the next element, not text.
    let digit_follows = |rest: &[u8]| rest.first().is_some_and(u8::is_ascii_digit) && rest.get(1) != Some(&0);
    let point_and_digit = next == b'.' && digit_follows(after.get(1..).unwrap_or(&[]));
    let behind = before.is_ascii_digit() || before == b'.';
    match weigh {
        Weigh::Anywhere | Weigh::Exact => true,
        Weigh::Number | Weigh::Uid => !behind && !digit_follows(after) && !point_and_digit,
        Weigh::Padded => {
            let digits = text.get(..at).unwrap_or(&[]);
            let zeros = digits.iter().rev().take_while(|b| **b == b'0').count();
            let before = digits.iter().rev().nth(zeros).copied().unwrap_or(0);
            !before.is_ascii_digit() && before != b'.' && !digit_follows(after) && !point_and_digit
        }
        Weigh::Word => !before.is_ascii_alphanumeric() && !digit_follows(after) && !point_and_digit,
        Weigh::Day => !behind && (!digit_follows(after) || is_time(after)),
        Weigh::NakedJis => len >= 6 || in_two_byte_mode(text, at),
    }
}

fn is_time(after: &[u8]) -> bool {
    let two = |i: usize| {
        after.get(i..i + 2).filter(|d| d.iter().all(u8::is_ascii_digit)).map(|d| (d[0] - b'0') * 10 + d[1] - b'0')
    };
    two(0).is_some_and(|h| h < 24) && two(2).is_some_and(|m| m < 60)
}

/// True where the last escape before `at` calls a two-byte set into the lower half (PS3.5 6.1.2.5).
fn in_two_byte_mode(text: &[u8], at: usize) -> bool {
    let from = at.saturating_sub(256);
    let before = text.get(from..at).unwrap_or(&[]);
    before.iter().rposition(|b| *b == 0x1B).and_then(|i| before.get(i + 1)).is_some_and(|b| *b == b'$')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
    use super::*;

    fn found(pattern: &str, weigh: Weigh, text: &[u8]) -> bool {
        let mut p = Patterns::new();
        p.add(pattern.as_bytes(), weigh, ());
        p.finish();
        find([&p], text, |at, len, w, ()| stands_alone(text, at, len, w)).is_some()
    }

    #[test]
    fn numbers_stand_alone() {
        for (text, hit) in [
            ("x 123456 y", true),
            ("0.123456", false),
            ("1234567", false),
            ("123456.7", false),
            ("123456", true),
            ("ID123456", true),
        ] {
            assert_eq!(found("123456", Weigh::Number, text.as_bytes()), hit, "{text}");
        }
        assert!(found("123456", Weigh::Number, b"123456\x32\x00\x32\x10"));
        assert!(found("20240501", Weigh::Day, b"20240501123000"));
        assert!(!found("20240501", Weigh::Day, b"2024050199"));
        assert!(!found("1.2.3.4.5.6.7", Weigh::Uid, b"1.2.3.4.5.6.7.8"));
        assert!(found("1.2.3.4.5.6.7", Weigh::Uid, b"1.2.3.4.5.6.7\0"));
    }

    #[test]
    fn case_counts_only_where_it_must() {
        assert!(found("Yamada", Weigh::Anywhere, b"drYAMADA"));
        assert!(!found("QUJD", Weigh::Exact, b"qujd"));
    }

    #[test]
    fn many_patterns() {
        let mut p = Patterns::new();
        (0..5000).for_each(|i| p.add(format!("name-{i:05}").as_bytes(), Weigh::Anywhere, i));
        p.finish();
        assert_eq!(find([&p], b"... name-04321 ...", |_, _, _, _| true), Some((4, 4321)));
        assert_eq!(find([&p], b"... name-14321 ...", |_, _, _, _| true), None);
    }
}
