//! Names of who signed a text: 林記, 文責 林.

use super::{Role, View};
use crate::text::fold::Kind;

/// What stands behind the name of who wrote a text.
const SIGNED: [&str; 5] = ["記載", "記入", "記", "筆", "拝"];
/// Kanji that are family names, and say where something is.
const PLACES: &str = "左右両上下前後中内外間";
/// Longest name before it, in kanji.
const NAME_MAX: usize = 5;

impl View<'_> {
    /// 林記, 山田 記載: where nothing follows in the sentence.
    pub(super) fn find_signed(&mut self) {
        let f = self.f;
        for i in 1..f.len() {
            if !matches!(f.at(i), '記' | '筆' | '拝') {
                continue;
            }
            let Some(mark) = SIGNED.iter().find(|mark| f.has(i, mark)) else { continue };
            let end = i + mark.chars().count();
            if f.is_cjk(end) || f.is_alnum(end) {
                continue;
            }
            let last = i - usize::from(f.before(i) == Kind::Space);
            if let Some(start) = self.signature(last) {
                self.hit(start, last);
            }
        }
    }

    /// Where a name begins that ends here and stands by itself.
    fn signature(&self, end: usize) -> Option<usize> {
        let f = self.f;
        let mut start = end;
        while start > 0 && end - start < NAME_MAX && f.kind(start - 1) == Kind::Kanji {
            start -= 1;
        }
        let alone = start < end && !f.is_cjk_before(start) && f.before(start) != Kind::Letter;
        let word = |p: &super::Piece| matches!(p.role, Role::Word(_)) && p.end - p.start > 1;
        let mut pieces = self.pieces_of(start, end);
        let name = if end - start == 1 {
            self.is_family_alone_at(start)
        } else {
            !self.pieces_of(start, end).any(word)
                && pieces.any(|p| matches!(p.role, Role::Unknown | Role::Family | Role::Known))
        };
        (alone && name).then_some(start)
    }

    /// A family name of one kanji that nothing goes on from.
    pub(super) fn is_family_alone(&self, start: usize) -> bool {
        let f = self.f;
        self.is_family_alone_at(start) && !f.is_cjk(start + 1) && !f.is_alnum(start + 1)
    }

    fn is_family_alone_at(&self, start: usize) -> bool {
        self.is_name_alone(start, start + 1) && !PLACES.contains(self.f.at(start))
    }
}
