//! Copies of a text that look alike however it was typed, with the way back to the original.
//!
//! NFKC, lower case, Latin marks dropped, dashes of one kind, kanji variants, katakana for hiragana, large kana for
//! small, no long vowels. Only for looking: what stays of a text is cut from the original.

use super::lists::Lists;
use crate::pseudonym::nfkc;

/// What a character is, as it was written (hiragana is still told from katakana).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Kanji,
    Hiragana,
    Katakana,
    /// Letters of every other script.
    Letter,
    Digit,
    Space,
    Mark,
}

/// A folded copy. Holds identity: no `Debug`.
pub(super) struct Folded {
    chars: Vec<char>,
    /// With whether the original has a capital.
    kinds: Vec<(Kind, bool)>,
    /// Offset in the original, in characters, of each folded character; the original's length at the end.
    starts: Vec<u32>,
}

/// Combining marks of letters.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// Voiced marks of kana, of both widths.
fn is_voiced(c: char) -> bool {
    matches!(c, '\u{3099}' | '\u{309a}' | '\u{ff9e}' | '\u{ff9f}')
}

/// Most marks that are folded together with their character: more stand by themselves.
const JOINED_MAX: usize = 8;
/// Longest run that is looked at from inside it, in characters.
const RUN_MAX: usize = 160;

impl Folded {
    pub(super) fn of(text: &[char], lists: &Lists) -> Self {
        if text.iter().all(|&c| matches!(c, ' '..='~')) {
            return Self::of_ascii(text);
        }
        let mut out = Self {
            chars: Vec::with_capacity(text.len()),
            kinds: Vec::with_capacity(text.len()),
            starts: Vec::with_capacity(text.len() + 1),
        };
        let mut at = 0;
        while let Some(&c) = text.get(at) {
            let rest = text.get(at + 1..).unwrap_or_default();
            // A voiced mark behind an accent would change the kana that it does not stand at.
            let marks = match rest.first() {
                Some(mark) if mark.is_ascii() => 0,
                Some(&mark) if is_voiced(mark) => 1,
                _ => rest.iter().take(JOINED_MAX).take_while(|&&c| is_accent(c)).count(),
            };
            if marks == 0 && (c.is_ascii() || matches!(c, '\u{3041}'..='\u{30fe}' | '\u{4e00}'..='\u{9fff}')) {
                out.push(c, c, at, lists);
            } else {
                let cluster: String = text.get(at..=at + marks).unwrap_or_default().iter().collect();
                for folded in nfkc(&cluster) {
                    out.push(folded, c, at, lists);
                }
            }
            at += 1 + marks;
        }
        out.starts.push(u32::try_from(text.len()).unwrap_or(u32::MAX));
        out
    }

    /// What most texts are made of is folded in place.
    fn of_ascii(text: &[char]) -> Self {
        let kind = |c: char| match c {
            'a'..='z' | 'A'..='Z' => Kind::Letter,
            '0'..='9' => Kind::Digit,
            ' ' => Kind::Space,
            _ => Kind::Mark,
        };
        Self {
            chars: text.iter().map(char::to_ascii_lowercase).collect(),
            kinds: text.iter().map(|&c| (kind(c), c.is_ascii_uppercase())).collect(),
            starts: (0..=u32::try_from(text.len()).unwrap_or(u32::MAX)).collect(),
        }
    }

    /// One character in Form KC. `original`: what stands there.
    fn push(&mut self, c: char, original: char, at: usize, lists: &Lists) {
        let last = self.chars.last().copied().unwrap_or('\0');
        let Some((c, kind)) = folded(c, last, lists) else { return };
        self.chars.push(c);
        self.kinds.push((kind, is_capital(original)));
        self.starts.push(u32::try_from(at).unwrap_or(u32::MAX));
    }

    pub(super) fn len(&self) -> usize {
        self.chars.len()
    }

    /// The folded character at a place; NUL outside.
    pub(super) fn at(&self, i: usize) -> char {
        self.chars.get(i).copied().unwrap_or('\0')
    }

    /// Its kind; a mark outside.
    pub(super) fn kind(&self, i: usize) -> Kind {
        self.kinds.get(i).map_or(Kind::Mark, |kind| kind.0)
    }

    /// True where the original has a capital.
    pub(super) fn is_capital(&self, i: usize) -> bool {
        self.kinds.get(i).is_some_and(|kind| kind.1)
    }

    /// True inside of Latin words, where nothing begins but where two were put together: `ThoraxRoutine`.
    pub(super) fn is_inside_word(&self, i: usize) -> bool {
        self.kind(i) == Kind::Letter
            && self.before(i) == Kind::Letter
            && (!self.is_capital(i) || self.is_capital(i - 1))
    }

    pub(super) fn before(&self, i: usize) -> Kind {
        i.checked_sub(1).map_or(Kind::Mark, |i| self.kind(i))
    }

    /// Folded characters of a stretch, as far as the text goes.
    pub(super) fn slice(&self, start: usize, end: usize) -> &[char] {
        self.chars.get(start..end.min(self.chars.len())).unwrap_or_default()
    }

    /// True where a stretch is this word.
    pub(super) fn is(&self, start: usize, end: usize, word: &str) -> bool {
        self.slice(start, end).iter().copied().eq(word.chars())
    }

    pub(super) fn text(&self, start: usize, end: usize) -> String {
        self.slice(start, end).iter().collect()
    }

    /// Original offset where a folded character begins.
    pub(super) fn start(&self, i: usize) -> usize {
        self.starts.get(i).or(self.starts.last()).map_or(0, |&s| s as usize)
    }

    /// Original offset behind the folded character before `end`: with marks and long vowels that were dropped.
    pub(super) fn end(&self, end: usize) -> usize {
        let own = end.checked_sub(1).map(|i| self.start(i));
        let mut next = end;
        while next < self.len() && Some(self.start(next)) == own {
            next += 1;
        }
        self.start(next)
    }

    pub(super) fn is_cjk(&self, i: usize) -> bool {
        matches!(self.kind(i), Kind::Kanji | Kind::Hiragana | Kind::Katakana)
    }

    /// True where kanji or kana stand before a place.
    pub(super) fn is_cjk_before(&self, i: usize) -> bool {
        i.checked_sub(1).is_some_and(|i| self.is_cjk(i))
    }

    pub(super) fn is_kana(&self, i: usize) -> bool {
        matches!(self.kind(i), Kind::Hiragana | Kind::Katakana)
    }

    pub(super) fn is_alnum(&self, i: usize) -> bool {
        matches!(self.kind(i), Kind::Letter | Kind::Digit)
    }

    /// Behind the last of the characters from `i` on that pass, but not far: runs may be asked for from each of their
    /// characters, and a text may be one endless run.
    pub(super) fn run(&self, i: usize, pass: impl Fn(usize) -> bool) -> usize {
        self.whole_run(i, |j| j < i + RUN_MAX && pass(j))
    }

    /// The same however far: for who asks once for a run.
    pub(super) fn whole_run(&self, mut i: usize, pass: impl Fn(usize) -> bool) -> usize {
        while i < self.len() && pass(i) {
            i += 1;
        }
        i
    }

    /// True where the folded text has this word at a place.
    pub(super) fn has(&self, i: usize, word: &str) -> bool {
        word.chars().enumerate().all(|(n, c)| self.at(i + n) == c)
    }
}

/// The characters of a text.
pub(super) fn characters(text: &str) -> Vec<char> {
    // Most texts need no decoding.
    if text.is_ascii() { text.bytes().map(char::from).collect() } else { text.chars().collect() }
}

/// A word as the lists and the lexicon hold it.
pub(super) fn fold(text: &str, lists: &Lists) -> String {
    let chars: Vec<char> = text.chars().collect();
    Folded::of(&chars, lists).chars.into_iter().collect()
}

/// `None`: the character says nothing.
fn folded(c: char, last: char, lists: &Lists) -> Option<(char, Kind)> {
    Some(match c {
        'a'..='z' => (c, Kind::Letter),
        'A'..='Z' => (c.to_ascii_lowercase(), Kind::Letter),
        '0'..='9' => (c, Kind::Digit),
        ' ' | '\t' | '\n' | '\r' | '\u{c}' | '\u{b}' => (c, Kind::Space),
        c if is_silent(c) => return None,
        '!'..='~' | '\u{30fb}' => (c, Kind::Mark),
        '\u{30fc}' if last.is_ascii_digit() => ('-', Kind::Mark),
        '\u{30fc}' if is_kana(last) => return None,
        '\u{3041}'..='\u{3096}' => (kana(char::from_u32(c as u32 + 0x60)?, last)?, Kind::Hiragana),
        '\u{30a1}'..='\u{30fa}' => (kana(c, last)?, Kind::Katakana),
        '\u{309d}' | '\u{309e}' => (c, Kind::Hiragana),
        '\u{30fc}'..='\u{30ff}' => (c, Kind::Katakana),
        '\u{3005}' | '\u{3006}' | '\u{3007}' => (c, Kind::Kanji),
        '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' => {
            (lists.variant(c), Kind::Kanji)
        }
        '\u{2010}'..='\u{2015}' | '\u{2212}' => ('-', Kind::Mark),
        '\u{301c}' | '\u{ff5e}' => ('~', Kind::Mark),
        c if c.is_whitespace() => (' ', Kind::Space),
        c if c.is_alphabetic() => (plain(lower(c)), Kind::Letter),
        c => (c, Kind::Mark),
    })
}

/// Controls, marks that join, what has no width, variation selectors.
fn is_silent(c: char) -> bool {
    matches!(c, '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0100}'..='\u{e01ef}')
}

/// Lower case of Latin, Greek and Cyrillic letters: the tables for all of Unicode weigh as much as this module.
fn lower(c: char) -> char {
    let step = match c {
        'A'..='Z' | 'À'..='Ö' | 'Ø'..='Þ' | 'Α'..='Ρ' | 'Σ'..='Ϋ' | 'А'..='Я' => 0x20,
        'Ѐ'..='Џ' => 0x50,
        'Ÿ' => return 'ÿ',
        'Ā'..='ķ' | 'Ŋ'..='ŷ' | 'Ǎ'..='ǜ' if c as u32 % 2 == u32::from(('Ǎ'..='ǜ').contains(&c)) => 1,
        'Ĺ'..='ň' | 'Ź'..='ž' if c as u32 % 2 == 1 => 1,
        _ => 0,
    };
    char::from_u32(c as u32 + step).unwrap_or(c)
}

/// True for capitals of both widths.
pub(super) fn is_capital(c: char) -> bool {
    // The last capital that has a lower case here is Cyrillic.
    c.is_ascii_uppercase() || !c.is_ascii() && (matches!(c, 'Ａ'..='Ｚ') || c < '\u{460}' && lower(c) != c)
}

/// A Latin letter without its mark.
fn plain(c: char) -> char {
    const LETTERS: [(char, &str); 10] = [
        ('a', "àáâãäåāăąǎ"),
        ('c', "çćĉċč"),
        ('e', "èéêëēĕėęěẽ"),
        ('g', "ĝğġģ"),
        ('i', "ìíîïĩīĭįı"),
        ('n', "ñńņň"),
        ('o', "òóôõöøōŏőǒ"),
        ('s', "śŝşš"),
        ('u', "ùúûüũūŭůűų"),
        ('y', "ýÿŷ"),
    ];
    LETTERS.iter().find(|(_, marked)| marked.contains(c)).map_or(c, |&(plain, _)| plain)
}

fn is_kana(c: char) -> bool {
    matches!(c, '\u{30a1}'..='\u{30fa}')
}

/// Katakana, large; `None` where it only makes the vowel before it long.
fn kana(c: char, last: char) -> Option<char> {
    const SMALL: &str = "ァアィイゥウェエォオッツャヤュユョヨヮワヵカヶケヂジヅズヲオヴブヰイヱエ";
    let c = small_to_large(c, SMALL);
    let long = match c {
        'ア' => "アカサタナハマヤラワガザダバパ",
        'イ' => "イキシチニヒミリギジビピ",
        'ウ' => "ウクスツヌフムユルグズブプオコソトノホモヨロゴゾドボポ",
        'エ' => "エケセテネヘメレゲゼデベペ",
        'オ' => "オコソトノホモヨロゴゾドボポ",
        _ => "",
    };
    (!long.contains(last)).then_some(c)
}

fn small_to_large(c: char, pairs: &str) -> char {
    let mut pairs = pairs.chars();
    while let (Some(small), Some(large)) = (pairs.next(), pairs.next()) {
        if small == c {
            return large;
        }
    }
    c
}

#[cfg(test)]
mod tests {
    use super::{is_capital, lower, plain};

    #[test]
    fn letters_as_the_standard_library_has_them() {
        for c in ('A'..='ſ').chain('Ǎ'..='ǜ').chain('Α'..='ω').chain('Ѐ'..='џ') {
            let known = c.to_lowercase().next().unwrap_or(c);
            // Dotless and dotted i part in lower case alone.
            if c != 'İ' && c != 'ĸ' {
                assert_eq!(plain(lower(c)), plain(known), "{c}");
                assert_eq!(is_capital(c), c.is_uppercase(), "{c}");
            }
        }
    }
}
