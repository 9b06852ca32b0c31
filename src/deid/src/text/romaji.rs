//! One key for every way to write a Japanese reading in Latin letters: Hepburn, Kunrei, Nihon, passport `oh`, typed.

use super::dict::{Dict, Walk};

/// Longest word that has a key.
const MAX: usize = 48;

/// What the letters at a place are read as, and how many of them; `None`: as they are.
const fn read(letters: &[u8]) -> Option<(usize, &'static [u8])> {
    Some(match letters {
        [b't' | b'c', b'c', b'h', b'i', ..] => (4, b"tti"),
        [b't' | b'c', b'c', b'h', ..] => (3, b"tty"),
        [b's', b'h', b'i', ..] => (3, b"si"),
        [b'c', b'h', b'i', ..] => (3, b"ti"),
        [b's', b'h', ..] => (2, b"sy"),
        [b'c', b'h', ..] => (2, b"ty"),
        [b't', b's', ..] => (2, b"t"),
        [b'f', b'u', ..] => (2, b"hu"),
        [b'j' | b'd', b'i', ..] => (2, b"zi"),
        [b'j', b'y', ..] => (2, b"zy"),
        [b'j', ..] => (1, b"zy"),
        [b'd', b'u', ..] => (2, b"zu"),
        [b'd', b'z', ..] => (2, b"z"),
        [b'l', ..] => (1, b"r"),
        [b'w', b'o', ..] => (2, b"o"),
        [b'v', ..] => (1, b"b"),
        _ => return None,
    })
}

/// The key of folded letters; marks and blanks between them say nothing. `None`: too long, or no Latin letters.
pub(super) fn key(word: &[char]) -> Option<String> {
    let mut out = Vec::with_capacity(word.len() + 2);
    let unheard = spell(word, |c| {
        out.push(c);
        true
    });
    unheard.is_none().then(|| String::from_utf8(out).ok()).flatten()
}

/// Tags of the key of a word.
pub(super) fn find<'a>(word: &[char], dict: &'a Dict) -> &'a [u16] {
    let mut walk: Option<Walk> = None;
    let unheard = spell(word, |c| {
        let c = char::from(c);
        walk = match walk {
            Some(walk) => dict.step(walk, c),
            None => dict.begin(c),
        };
        walk.is_some()
    });
    walk.filter(|_| unheard.is_none()).map_or(&[], |walk| dict.tags(walk))
}

/// True where no key of a dictionary begins as that of a word does, whatever follows the word.
pub(super) fn ends_within(word: &[char], dict: &Dict) -> bool {
    if dict.is_empty() || word.first().is_none_or(|&first| !may_begin(first, dict)) {
        return true;
    }
    let mut walk = None;
    let unheard = spell(word, |c| {
        let c = char::from(c);
        walk = match walk {
            Some(walk) => dict.step(walk, c),
            None => dict.begin(c),
        };
        walk.is_some()
    });
    // How the last letters are read depends on what follows them.
    let open = |c: &char| matches!(c, 't' | 'c' | 's' | 'j' | 'd' | 'f' | 'w' | 'm' | 'h');
    let last = word.len().saturating_sub(AHEAD - 1);
    let sure = |at: usize| !word.get(last..=at).is_some_and(|read| read.iter().any(open));
    walk.is_none() && unheard.is_some_and(sure)
}

/// False where no key of a dictionary begins as the key of a word does that begins with a letter.
pub(super) fn may_begin(letter: char, dict: &Dict) -> bool {
    let other = match letter {
        'c' => 't',
        'd' | 'j' => 'z',
        'f' => 'h',
        'l' => 'r',
        'm' => 'n',
        'v' => 'b',
        'w' => 'o',
        _ => letter,
    };
    dict.begin(letter).or_else(|| dict.begin(other)).is_some()
}

/// Spells the key of a word as long as somebody listens; `None`: all of it was heard, else the letter where it ended.
fn spell(word: &[char], mut hear: impl FnMut(u8) -> bool) -> Option<usize> {
    let mut letters = Letters::of(word);
    let mut last = 0;
    // Long vowels are written once.
    let mut append = |last: &mut u8, c: u8| {
        let long = match c {
            b'a' | b'i' | b'e' | b'o' => *last == c,
            b'u' => matches!(*last, b'o' | b'u'),
            _ => false,
        };
        if !long {
            *last = c;
        }
        long || hear(c)
    };
    loop {
        let ahead = letters.ahead;
        let ahead = ahead.get(..letters.len).unwrap_or_default();
        let [first, after @ ..] = ahead else { return if letters.is_whole() { None } else { Some(word.len()) } };
        let (taken, heard) = match (read(ahead), first, after.first()) {
            (Some((from, to)), ..) => (from, to.iter().all(|&c| append(&mut last, c))),
            (None, b'm', Some(b'b' | b'm' | b'p')) => (1, append(&mut last, b'n')),
            // Ohyama is far more often Oyama than O-hyama.
            (None, b'h', next) if last == b'o' && !matches!(next, Some(b'a' | b'i' | b'u' | b'e' | b'o')) => (1, true),
            (None, &first, _) => (1, append(&mut last, first)),
        };
        if !heard {
            return Some(letters.at());
        }
        letters.skip(taken);
    }
}

/// Letters of a word, some at a time: mostly the first of them show that no name begins so.
struct Letters<'a> {
    rest: core::slice::Iter<'a, char>,
    ahead: [u8; AHEAD],
    len: usize,
    /// Letters so far; `None` where the word has no key.
    count: Option<usize>,
}

/// Letters that are read together at most.
const AHEAD: usize = 4;

impl<'a> Letters<'a> {
    fn of(word: &'a [char]) -> Self {
        let mut letters = Self { rest: word.iter(), ahead: [0; AHEAD], len: 0, count: Some(0) };
        letters.fill();
        letters
    }

    fn fill(&mut self) {
        while let Some(place) = self.ahead.get_mut(self.len)
            && let Some(c) = self.rest.find(|c| c.is_alphabetic())
        {
            let letter = u8::try_from(*c).ok().filter(u8::is_ascii_lowercase);
            self.count = self.count.filter(|&count| count < MAX && letter.is_some()).map(|count| count + 1);
            *place = letter.unwrap_or_default();
            self.len += 1;
        }
    }

    fn skip(&mut self, letters: usize) {
        self.ahead.rotate_left(letters);
        self.len = self.len.saturating_sub(letters);
        self.fill();
    }

    /// The place of the next letter, by letters alone.
    fn at(&self) -> usize {
        self.count.map_or(0, |count| count.saturating_sub(self.len))
    }

    /// True where all letters were those of a key.
    fn is_whole(&self) -> bool {
        self.count.is_some_and(|count| count > 0)
    }
}

/// Keys of a reading in katakana as it was written: where large kana may stand for small ones, both readings, and where
/// the h of a long o stands before a vowel, that spelling too (Yohichi).
pub(super) fn keys_of_kana(kana: &str) -> Vec<String> {
    let plain = spelled(kana, false);
    let passport = plain.as_deref().and_then(with_h);
    let all = plain.into_iter().chain(spelled(kana, true)).chain(passport);
    let mut out: Vec<String> = all.filter_map(|s| key(&s)).collect();
    out.dedup();
    out
}

/// A long o before another vowel written oh; `None` where there is none.
fn with_h(letters: &[char]) -> Option<Vec<char>> {
    let long = |i: usize| matches!(letters.get(i.wrapping_sub(1)..i + 2), Some(['o', 'u' | 'o', 'a' | 'i' | 'e']));
    let has = (0..letters.len()).any(long);
    has.then(|| letters.iter().enumerate().map(|(i, &c)| if long(i) { 'h' } else { c }).collect())
}

/// Consonants of the rows and the kana of each, by vowel.
const ROWS: [(&str, &str); 15] = [
    ("", "アイウエオ"),
    ("k", "カキクケコ"),
    ("s", "サシスセソ"),
    ("t", "タチツテト"),
    ("n", "ナニヌネノ"),
    ("h", "ハヒフヘホ"),
    ("m", "マミムメモ"),
    ("y", "ヤ_ユ_ヨ"),
    ("r", "ラリルレロ"),
    ("w", "ワヰ_ヱヲ"),
    ("g", "ガギグゲゴ"),
    ("z", "ザジズゼゾ"),
    ("d", "ダヂヅデド"),
    ("b", "バビブベボ"),
    ("p", "パピプペポ"),
];

/// Letters of a reading; `None` where a character is no kana.
fn spelled(kana: &str, large: bool) -> Option<Vec<char>> {
    let mut out: Vec<char> = Vec::new();
    let mut doubled = false;
    let mut chars = kana.chars().peekable();
    while let Some(c) = chars.next() {
        let c = if large { as_small(c, out.last().copied(), chars.peek().copied()) } else { c };
        match c {
            'ー' => continue,
            'ッ' => {
                doubled = true;
                continue;
            }
            'ン' => out.push('n'),
            'ャ' | 'ュ' | 'ョ' => {
                out.pop();
                out.push('y');
                out.push(match c {
                    'ャ' => 'a',
                    'ュ' => 'u',
                    _ => 'o',
                });
            }
            'ァ' | 'ィ' | 'ゥ' | 'ェ' | 'ォ' => {
                out.pop();
                out.push(match c {
                    'ァ' => 'a',
                    'ィ' => 'i',
                    'ゥ' => 'u',
                    'ェ' => 'e',
                    _ => 'o',
                });
            }
            'ヴ' => out.extend(['b', 'u']),
            'ヵ' => out.extend(['k', 'a']),
            'ヶ' => out.extend(['g', 'a']),
            _ => {
                let (consonant, place) = ROWS.iter().find_map(|(consonant, row)| {
                    row.chars().position(|k| k == c).map(|place| (consonant.chars().next(), place))
                })?;
                if doubled {
                    out.extend(consonant);
                }
                out.extend(consonant);
                out.push(*['a', 'i', 'u', 'e', 'o'].get(place)?);
            }
        }
        doubled = false;
    }
    Some(out)
}

/// Large kana that old systems write for small ones.
fn as_small(c: char, last: Option<char>, next: Option<char>) -> char {
    match c {
        'ヤ' if last == Some('i') => 'ャ',
        'ユ' if last == Some('i') => 'ュ',
        'ヨ' if last == Some('i') => 'ョ',
        'ツ' if next.is_some_and(|n| "カキクケコサシスセソタチツテトパピプペポ".contains(n)) => {
            'ッ'
        }
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing)]
    use super::{Dict, find, key, keys_of_kana, may_begin};

    fn of(text: &str) -> String {
        key(&text.chars().collect::<Vec<_>>()).unwrap_or_default()
    }

    #[test]
    fn one_key_for_every_style() {
        for (a, b) in [
            ("shouta", "syota"),
            ("shohta", "syouta"),
            ("junichi", "zyuniti"),
            ("matsumoto", "matumoto"),
            ("hatchobori", "hattyobori"),
            ("hacchobori", "hattyohbori"),
            ("kambe", "kanbe"),
            ("ohno", "ono"),
            ("ohyama", "ooyama"),
            ("oono", "ouno"),
            ("fujita", "huzita"),
            ("ryuunosuke", "ryunosuke"),
        ] {
            assert_eq!(of(a), of(b), "{a} {b}");
        }
        assert_ne!(of("ohara"), of("oara"));
        assert_eq!(of(""), "");
    }

    #[test]
    fn words_are_found_by_their_keys() {
        let words = ["chiba", "tchi", "jiro", "dzu", "di", "fujita", "lee", "mba", "maeda", "vu", "wo", "wada", "shin"];
        for word in words {
            let chars: Vec<char> = word.chars().collect();
            let dict = Dict::new(vec![(of(word), 7)]);
            assert!(may_begin(chars[0], &dict), "{word}");
            assert_eq!(find(&chars, &dict), [7], "{word}");
            let longer: Vec<char> = format!("{word}ka").chars().collect();
            assert!(find(&longer, &dict).is_empty() && find(&chars[..1], &dict).is_empty(), "{word}");
        }
        assert!(!may_begin('k', &Dict::new(vec![(of("sato"), 7)])));
    }

    #[test]
    fn readings() {
        assert_eq!(keys_of_kana("ショウタ"), ["syota"]);
        assert_eq!(keys_of_kana("シヨウタ"), ["siyota", "syota"]);
        assert_eq!(keys_of_kana("ベップ"), ["beppu"]);
        assert_eq!(keys_of_kana("ベツプ"), ["betupu", "beppu"]);
        assert_eq!(keys_of_kana("オオノ"), ["ono"]);
        assert_eq!(keys_of_kana("ヨウイチ"), ["yoiti", "yohiti"]);
        assert!(keys_of_kana("山").is_empty());
    }
}
