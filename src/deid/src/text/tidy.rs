//! What a cut leaves behind: honorifics, empty brackets, separators, double blanks.

use super::clean::Left;
use super::find::View;
use super::fold::Kind;
use super::lists::Mark;

impl View<'_> {
    /// A cut with the honorific behind it and the title before it.
    pub(super) fn with_honorific(&self, start: usize, end: usize) -> (usize, usize) {
        let blank = usize::from(self.f.kind(end) == Kind::Space);
        let end = self.honorific_at(end).or_else(|| self.honorific_at(end + blank)).unwrap_or(end);
        let mut before = start;
        while before > 0 && start - before < 2 && matches!(self.f.at(before - 1), '.' | ' ') {
            before -= 1;
        }
        let mut word = before;
        while self.f.before(word) == Kind::Letter {
            word -= 1;
        }
        let title = word < before && self.is_mark(word, before, Mark::Before);
        (if title { word } else { start }, end)
    }
}

const SEPARATORS: &str = " \u{3000}^_,、，・/／-:：=＝.．|";
const BRACKETS: [(char, char); 9] = [
    ('(', ')'),
    ('（', '）'),
    ('[', ']'),
    ('「', '」'),
    ('【', '】'),
    ('<', '>'),
    ('〔', '〕'),
    ('"', '"'),
    ('{', '}'),
];

/// Clears up around what is not kept.
pub(super) fn tidy(left: &[Left], keep: &mut [bool]) {
    let mut at = 0;
    while at < keep.len() {
        if keep.get(at) == Some(&true) {
            at += 1;
            continue;
        }
        let mut start = at;
        while keep.get(at) == Some(&false) {
            at += 1;
        }
        let mut end = at;
        let c = |i: usize| left.get(i).map_or('\n', |l| l.c);
        // What stands before it may have been cut too.
        let before = |start: usize| if start == 0 { '\n' } else { c(start - 1) };
        loop {
            let (a, b) = (before(start), c(end));
            let none_before = a == '\n' || a == '\r';
            let none_after = b == '\n' || b == '\r';
            if BRACKETS.contains(&(a, b)) {
                start -= 1;
                end += 1;
            } else if none_before && !none_after && SEPARATORS.contains(b) {
                end += 1;
            } else if none_after && !none_before && " \u{3000}^_,、・/-".contains(a)
                || is_blank(a) && (is_blank(b) || "^_,、・/)）」】。".contains(b))
            {
                start -= 1;
            } else if SEPARATORS.contains(a) && !is_blank(a) && a == b {
                end += 1;
            } else {
                break;
            }
            if start > 0 && keep.get(start - 1) == Some(&false) {
                break;
            }
        }
        keep.get_mut(start..end.min(left.len())).unwrap_or_default().fill(false);
        at = end;
    }
}

fn is_blank(c: char) -> bool {
    c == ' ' || c == '\u{3000}'
}
