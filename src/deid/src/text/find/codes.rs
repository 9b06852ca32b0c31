//! Tokens that no word is: serial numbers, order codes, keys of other systems.

use super::{Role, View};
use crate::text::fold::Kind;

/// Shortest token that is told to be one.
const CODE: usize = 9;
/// Letters of it that are of no known word: where they are mixed with digits, and where they are not.
const UNKNOWN_MIXED: usize = 2;
const UNKNOWN: usize = 4;
/// Digits at the end that names of products have: `Aquilion64`.
const NUMBER: usize = 2;
/// Consonants in a row that words hardly have; y is heard as a vowel: pseudocyst.
const CONSONANTS: usize = 4;

impl View<'_> {
    pub(super) fn find_codes(&mut self) {
        let mut start = 0;
        while start < self.f.len() {
            let end = self.f.whole_run(start, |i| self.f.at(i).is_ascii_alphanumeric());
            if end - start >= CODE && self.is_code(start, end) {
                self.hit(start, end);
            }
            start = end.max(start + 1);
        }
    }

    fn unknown_letters(&self, start: usize, end: usize) -> usize {
        let within = self.pieces.iter().skip(self.piece_at(start)).take_while(|p| p.start < end);
        // One letter is a word in other company.
        let unknown = within.filter(|p| !matches!(p.role, Role::Word(_)) || p.end - p.start == 1);
        unknown.flat_map(|p| p.start..p.end.min(end)).filter(|&i| self.f.kind(i) == Kind::Letter).count()
    }

    /// Letters and digits mixed, or letters as no language puts them.
    fn is_code(&self, start: usize, end: usize) -> bool {
        let chars = self.f.slice(start, end);
        let digits = chars.iter().rev().take_while(|c| c.is_ascii_digit()).count();
        let (letters, _) = chars.split_at_checked(chars.len() - digits).unwrap_or_default();
        let mixed = digits > NUMBER || letters.iter().any(char::is_ascii_digit);
        let crowded = letters.split(|&c| !is_consonant(c)).any(|run| run.len() >= CONSONANTS);
        let odd = crowded || letters.windows(2).any(|pair| matches!(pair, ['q', next] if *next != 'u'));
        let unknown = self.unknown_letters(start, end);
        mixed && unknown >= UNKNOWN_MIXED || odd && unknown >= UNKNOWN
    }
}

fn is_consonant(c: char) -> bool {
    c.is_ascii_alphabetic() && !"aeiouy".contains(c)
}
