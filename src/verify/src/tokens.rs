//! Words of texts: what is too short or too usual to count inside other words, names that stand beside their partner,
//! romanised names of any style.

use crate::guesses::Guesses;
use crate::kana::{is_kana, kana_key, keys_of_kana, romaji_key};
use crate::kinds::Kind;
use crate::numbers::Numbers;
use crate::runs::{Class, Word, fold, split};
use crate::words::{is_common, is_weak};
use std::collections::HashMap;

/// What counts as a whole word. (One kind of map for all: each would cost the module some kilobytes.)
#[derive(Default)]
pub struct Tokens {
    /// Runs of letters and digits.
    words: HashMap<String, Kind>,
    /// Keys of romanised names.
    keys: HashMap<String, Kind>,
    /// Their first letters.
    initials: u32,
    /// Runs of kana, and names of one kanji.
    japanese: HashMap<String, Kind>,
    /// Words that count beside others, and in pairs with them.
    pairs: HashMap<String, Kind>,
    /// Numbers and days.
    pub numbers: Numbers,
    /// Names as they may be read.
    pub guesses: Guesses,
}

/// The shortest key that says who it is.
const SHORTEST_KEY: usize = 4;
/// Kana that a name in Latin letters is read as.
const SHORTEST_READING: usize = 3;
const LONGEST_READING: usize = 24;
/// Joins a pair: no letter.
const BESIDE: &str = "\0";
/// Signs between a name and its partner.
const WIDEST_GAP: usize = 3;
/// Bytes of text at once, and how far stretches overlap.
const STRETCH: usize = 32 << 10;
const OVERLAP: usize = 512;

const BEFORE_NAMES: &str = "dr prof mr mrs ms miss frau herr name";
const AFTER_NAMES: &str = "sama san kun chan sensei md";
const HONORIFICS: &str = "様 殿 氏 君 先生 医師 技師 看護師 教授 准教授 助教 講師 院長 部長 医長 師長 主任 医員";
const LABELS: &str = "患者 患者名 患者氏名 氏名 名前 姓名 担当 担当医 主治医 依頼医 依頼 読影 読影医 紹介医 執刀 執刀医 術者 助手 麻酔医 指示医 撮影者 技師 検査者 報告者";
/// Kanji that stand by themselves in texts about images.
const USUAL_KANJI: &str =
    "左右上下前後中外内大小頭首胸腹背腰足手腕指目眼耳鼻口歯心肺胃肝腎脾膵脳骨筋血男女歳才回枚秒分時日月年";

impl Tokens {
    /// A word that counts alone, or beside others where it is a usual word too.
    pub fn word(&mut self, word: &str, kind: Kind) {
        let folded = fold(word);
        if is_weak(&folded) {
            self.pairs.insert(folded, kind);
        } else {
            self.words.insert(folded, kind);
        }
    }

    /// A word that is not ASCII.
    pub fn wide(&mut self, word: &str, kind: Kind) {
        let folded = fold(word);
        if is_kana(&folded) {
            if folded.chars().count() >= 2 {
                self.japanese.insert(kana_key(&folded), kind);
            }
            return;
        }
        if folded.chars().count() == 1 && kind == Kind::Name {
            self.japanese.insert(folded, kind);
        }
    }

    /// The key of a component in Latin letters.
    pub fn key_of(&mut self, part: &str) {
        let folded = fold(part);
        let letters = folded.bytes().all(|b| b.is_ascii_alphabetic() || matches!(b, b'\'' | b'-'));
        let key = romaji_key(&folded);
        if letters && key.len() >= SHORTEST_KEY && !is_common(&folded) && !is_weak(&folded) {
            self.initials |= key.bytes().next().map_or(0, bit);
            self.keys.insert(key, Kind::Name);
        }
    }

    /// Components of one name: weak ones count beside another one or its initial.
    pub fn group(&mut self, parts: &[&str]) {
        let folded: Vec<String> = parts.iter().map(|p| fold(p)).collect();
        for (i, a) in folded.iter().enumerate() {
            for (_, b) in folded.iter().enumerate().filter(|(j, b)| i != *j && a != *b) {
                if a.chars().count() < 2 || (is_common(a) && is_common(b) && a.chars().count() + b.chars().count() < 5)
                {
                    continue;
                }
                let mut beside = |x: &str, y: &str| {
                    self.pairs.insert(x.to_owned(), Kind::Name);
                    self.pairs.insert([x, BESIDE, y].concat(), Kind::Name);
                };
                beside(a, b);
                beside(b, a);
                let initial: String = b.chars().take(1).collect();
                if !is_common(a) && a.is_ascii() && b.is_ascii() {
                    beside(a, &initial);
                    beside(&initial, a);
                }
            }
        }
        if let [a, b, ..] = folded.as_slice() {
            self.key_of(&format!("{a}{b}"));
            self.key_of(&format!("{b}{a}"));
            for whole in [format!("{a}{b}"), format!("{b}{a}")] {
                if whole.is_ascii() && whole.len() >= SHORTEST_KEY && !is_common(&whole) {
                    self.words.insert(whole, Kind::Name);
                }
            }
        }
    }

    /// Adds all of another's.
    pub fn append(&mut self, other: &Self) {
        self.initials |= other.initials;
        let both = [
            (&mut self.words, &other.words),
            (&mut self.keys, &other.keys),
            (&mut self.japanese, &other.japanese),
            (&mut self.pairs, &other.pairs),
        ];
        for (own, theirs) in both {
            for (word, kind) in theirs {
                own.insert(word.clone(), *kind);
            }
        }
        self.numbers.append(&other.numbers);
        self.guesses.append(&other.guesses);
    }

    /// True where nothing counts.
    pub fn is_empty(&self) -> bool {
        let lists = [&self.words, &self.keys, &self.japanese, &self.pairs];
        lists.iter().all(|l| l.is_empty()) && self.numbers.is_empty() && self.guesses.is_empty()
    }

    fn at(&self, words: &[Word<'_>], i: usize) -> Option<Kind> {
        let w = words.get(i)?;
        let next = words.get(i + 1).filter(|n| n.gap.chars().count() <= WIDEST_GAP);
        let before = i.checked_sub(1).and_then(|b| words.get(b));
        if self.pairs.contains_key(w.text) {
            let beside = next.is_some_and(|n| self.pairs.contains_key(&[w.text, BESIDE, n.text].concat()));
            let titled = before.is_some_and(|b| is_title(b.text))
                || next.is_some_and(|n| AFTER_NAMES.split(' ').any(|t| t == n.text) || honoured(n.text));
            if beside || (titled && !is_common(w.text) && w.text.len() > 1) {
                return Some(Kind::Name);
            }
        }
        let known = match w.class {
            Class::Letters => {
                let named = self.words.get(w.text).copied().or_else(|| self.is_romanised(w.text).then_some(Kind::Name));
                named.or_else(|| self.numbers.at(words, i))
            }
            Class::Kana => {
                let known = self.japanese.get(&kana_key(w.text)).copied();
                known.or_else(|| self.is_read(w.text, next).then_some(Kind::Name))
            }
            Class::Kanji => self.is_kanji_name(w.text, next).then_some(Kind::Name),
        };
        known.or_else(|| (!self.guesses.is_empty() && self.guesses.at(words, i)).then_some(Kind::Name))
    }

    fn is_romanised(&self, word: &str) -> bool {
        word.bytes().next().is_some_and(|first| self.initials & key_initials(first) != 0)
            && word.len() >= SHORTEST_KEY
            && word.bytes().all(|b| b.is_ascii_alphabetic())
            && self.keys.contains_key(&romaji_key(word))
            && !is_common(word)
            && !is_weak(word)
    }

    /// Kana that are read as a name in Latin letters, alone or with the next ones.
    fn is_read(&self, kana: &str, next: Option<&Word<'_>>) -> bool {
        let known = |kana: &str| {
            (SHORTEST_READING..=LONGEST_READING).contains(&kana.chars().count())
                && keys_of_kana(kana).iter().any(|key| key.len() >= SHORTEST_KEY && self.keys.contains_key(key))
        };
        let next = next.filter(|n| n.class == Class::Kana).map(|n| n.text);
        !self.keys.is_empty() && (known(kana) || next.is_some_and(|next| known(&[kana, next].concat())))
    }

    /// A name of one kanji: alone, with a title behind it, or behind a label.
    fn is_kanji_name(&self, run: &str, next: Option<&Word<'_>>) -> bool {
        let (mut letters, mut back) = (run.chars(), run.chars());
        let (first, last) = (letters.next(), back.next_back());
        let known = |c: Option<char>| c.is_some_and(|c| self.japanese.contains_key(c.encode_utf8(&mut [0; 4]) as &str));
        if known(first) && letters.as_str().is_empty() {
            let honoured = next.is_some_and(|n| n.gap.chars().all(char::is_whitespace) && honoured(n.text));
            return honoured || !first.is_some_and(|c| USUAL_KANJI.contains(c));
        }
        known(first) && honoured(letters.as_str()) || known(last) && is_label(back.as_str())
    }
}

/// A text as it is searched: folded, in stretches that overlap.
pub fn folded(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut rest = text;
    loop {
        let end = boundary(rest, STRETCH);
        let (stretch, after) = rest.split_at(end);
        out.push(fold(stretch));
        if after.is_empty() {
            return out;
        }
        rest = rest.get(boundary(rest, end - OVERLAP)..).unwrap_or("");
    }
}

/// The first word of [`folded`] stretches that counts for one of `all`.
pub fn find<'t>(all: impl Iterator<Item = &'t Tokens> + Clone, folded: &[String]) -> Option<Kind> {
    let wanted = all.filter(|t| !t.is_empty());
    wanted.clone().next()?;
    folded.iter().find_map(|stretch| {
        let words = split(stretch);
        wanted.clone().find_map(|tokens| (0..words.len()).find_map(|i| tokens.at(&words, i)))
    })
}

/// The bit of a letter.
fn bit(letter: u8) -> u32 {
    1 << (letter & 31)
}

/// First letters that the key of a word with this first letter may have.
fn key_initials(letter: u8) -> u32 {
    match letter {
        b'c' => bit(b'c') | bit(b't'),
        b'd' => bit(b'd') | bit(b'z'),
        b'f' => bit(b'f') | bit(b'h'),
        b'j' => bit(b'z'),
        b'l' => bit(b'r'),
        b'w' => bit(b'w') | bit(b'o'),
        other => bit(other),
    }
}

/// True for what stands before a name: whose it is.
pub fn is_label(word: &str) -> bool {
    LABELS.split(' ').any(|label| label == word)
}

/// True for a title in letters before a name.
pub fn is_title(word: &str) -> bool {
    BEFORE_NAMES.split(' ').any(|title| title == word)
}

/// True for a title behind a name, or what begins with one.
pub fn honoured(after: &str) -> bool {
    HONORIFICS.split(' ').any(|h| after.starts_with(h)) && !after.starts_with("様子") && !after.starts_with("氏名")
}

/// The last boundary of a character up to `at`; the end where that is beyond it.
fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
    use super::*;

    fn named(parts: &[&str], text: &str) -> bool {
        let mut tokens = Tokens::default();
        for part in parts {
            if part.is_ascii() {
                if part.len() < 6 && !is_common(part) {
                    tokens.word(part, Kind::Name);
                }
            } else {
                tokens.wide(part, Kind::Name);
            }
            tokens.key_of(part);
        }
        tokens.group(parts);
        find(core::iter::once(&tokens), &folded(text)).is_some()
    }

    #[test]
    fn usual_words_count_beside_their_partner() {
        for (text, hit) in [
            ("shin bone", false),
            ("date of scan", false),
            ("DATE shin", true),
            ("Shin/Date", true),
            ("Dr. Date", true),
            ("DATE S.", true),
            ("s date", true),
            ("DATESHIN", true),
            ("date 様", true),
        ] {
            assert_eq!(named(&["DATE", "SHIN"], text), hit, "{text}");
        }
    }

    #[test]
    fn kanji_of_one_letter() {
        for (text, hit) in [
            ("林様", true),
            ("林 先生", true),
            ("担当林", true),
            ("頭部/林/単純", true),
            ("森林", false),
            ("林立する結節", false),
            ("林　茂", true),
        ] {
            assert_eq!(named(&["林", "茂"], text), hit, "{text}");
        }
        assert!(!named(&["中", "一"], "胸部 中 肺野"));
        assert!(named(&["高", "一"], "髙様"));
    }

    #[test]
    fn kana_as_whole_runs() {
        assert!(named(&["アベ", "ケン"], "頭部 ｱﾍﾞ"));
        assert!(named(&["ｱﾍﾞ", "ｹﾝ"], "あべ様"));
        assert!(!named(&["アベ", "ケン"], "アベレージ"));
        assert!(named(&["リョウ", "アイ"], "リヨウ"));
    }

    #[test]
    fn kana_that_are_read_as_letters() {
        for text in ["クワオリ", "くわおり様", "ｸﾜｵﾘ ｼﾞﾕﾝｲﾁﾛｳ", "クワオリジュンイチロウ", "ジュンイチロウ"]
        {
            assert!(named(&["KUWAORI", "JUNICHIRO"], text), "{text}");
        }
        assert!(named(&["ONO", "MIYU"], "オオノ ミユ"));
        for text in ["クワガタ", "コントラスト", "ミユ"] {
            assert!(!named(&["KUWAORI", "JUNICHIRO"], text), "{text}");
        }
    }

    #[test]
    fn any_style_of_letters() {
        for text in ["SHOUJI", "syozi", "Shohji", "shōji"] {
            assert!(named(&["SHOJI", "KO"], text), "{text}");
        }
        assert!(!named(&["SHOJI", "KO"], "shoulder"));
    }

    #[test]
    fn long_texts_are_read_in_stretches() {
        let mut t = Tokens::default();
        t.word("mori", Kind::Name);
        let text = format!("{} mori {}", "あ ".repeat(STRETCH / 4), "い ".repeat(STRETCH));
        assert!(find(core::iter::once(&t), &folded(&text)).is_some());
        assert!(find(core::iter::once(&t), &folded(&text.replace("mori", "more"))).is_none());
    }
}
