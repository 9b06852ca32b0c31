//! Names as they may be read: letters and kana of a header in kanji alone, kanji of a header in letters or kana alone. A guess
//! counts as a whole word only: both parts together, one part where it is long, or with a title, a label or an initial.

use crate::kana::{is_kana, keys_of_kana, romaji_key};
use crate::kinds::Kind;
use crate::readings::{Part, guesses, is_read};
use crate::runs::{Class, Word, fold};
use crate::tokens::{honoured, is_label, is_title};
use crate::words::{is_common, is_weak};
use std::collections::HashMap;

/// Guesses of names of one source, or of other files.
#[derive(Default)]
pub struct Guesses {
    /// Keys of readings: of parts as they are, of whole names behind [`WHOLE`], of parts beside an initial with [`WHOLE`]
    /// between.
    readings: HashMap<String, Kind>,
    /// Keys of family and given names whose kanji no header tells.
    told: Vec<[String; 2]>,
}

/// No letter.
const WHOLE: &str = "\0";
/// Letters of a part that counts alone and of a whole name, kana of a part.
const LETTERS: usize = 5;
const KANA: usize = 4;
/// Letters of a part that counts beside an initial or a title.
const SHORT: usize = 3;
/// Letters of a whole name that kanji may be read as.
const TOLD: usize = 5;
/// Characters of a family name in kanji, and of a given one.
const FAMILY: usize = 4;
const GIVEN: usize = 3;
/// Signs between the parts of a name.
const WIDEST_GAP: usize = 3;

/// Names by which methods and diseases are called.
const EPONYMS: &str = "hashimoto kawasaki kikuchi morita nemoto shimadzu takayasu";
/// Words of texts about images that may be read as a family name.
const USUAL_KANJI: &str = "上記 下部 不可能 中央 中間 令和 以上 以外 位相 偉大 健康 優位 充満 児頭 内外 可能 外部 外面 多相 大丈夫 大学生 大角 大阪 学生 \
    安全 完了 小葉 左下 左向 年後 後果 意識 技師 拡大 教育 新規 日後 昭和 有意 果部 横向 機能 氏名 浅部 深夜 満期 濃度 照合 \
    生徒 画素 石綿 福祉 紹介 緩和 肥大 肥満 葛藤 視野 足部 遠位 部位 重度 長女 長男 頭位 鼓室";

impl Guesses {
    /// A name whose parts are in kanji, as no header says how they are read.
    pub fn kanji(&mut self, parts: &[&str]) {
        let folded: Vec<String> = parts.iter().map(|part| fold(part)).collect();
        match folded.as_slice() {
            [] => {}
            [whole] => {
                let letters: Vec<char> = whole.chars().collect();
                for family in 1..=FAMILY.min(letters.len().saturating_sub(1)) {
                    let (family, given) = letters.split_at(family);
                    self.pair(&family.iter().collect::<String>(), &given.iter().collect::<String>(), false);
                }
            }
            [family, given, ..] => self.pair(family, given, true),
        }
    }

    fn pair(&mut self, family: &str, given: &str, sure: bool) {
        let readings = [guesses(family, Part::Family), guesses(given, Part::Given)];
        for part in readings.iter().flatten().filter(|_| sure) {
            self.readings.extend(keys_of_kana(part).into_iter().map(|key| (key, Kind::Name)));
        }
        let [families, givens] = &readings;
        for (a, b) in families.iter().flat_map(|a| givens.iter().map(move |b| (a, b))) {
            for whole in [[a.as_str(), b].concat(), [b.as_str(), a].concat()] {
                let keys = keys_of_kana(&whole).into_iter().filter(|key| key.len() >= LETTERS);
                self.readings.extend(keys.map(|key| ([WHOLE, &key].concat(), Kind::Name)));
            }
            let initial = keys_of_kana(b).pop().and_then(|key| key.chars().next());
            if let (Some(initial), Some(part), true) = (initial, keys_of_kana(a).pop(), sure) {
                self.readings.insert(format!("{part}{WHOLE}{initial}"), Kind::Name);
            }
        }
    }

    /// A name in letters or kana, as no header says how it is written in kanji.
    pub fn letters(&mut self, parts: &[&str]) {
        let [a, b, ..] = parts else { return };
        let keys = |part: &str| {
            let folded = fold(part);
            let letters = folded.bytes().all(|b| b.is_ascii_alphabetic() || matches!(b, b'\'' | b'-'));
            if is_kana(&folded) {
                keys_of_kana(&folded)
            } else if letters {
                vec![romaji_key(&folded)]
            } else {
                Vec::new()
            }
        };
        let (first, second) = (keys(a), keys(b));
        for (a, b) in
            first.iter().flat_map(|a| second.iter().map(move |b| (a, b))).filter(|(a, b)| a.len() + b.len() >= TOLD)
        {
            let pair = [a.clone(), b.clone()];
            if pair.iter().all(|key| key.len() > 1) && !self.told.contains(&pair) {
                self.told.push(pair);
            }
        }
    }

    /// Adds all of another's.
    pub fn append(&mut self, other: &Self) {
        self.readings.extend(other.readings.iter().map(|(key, kind)| (key.clone(), *kind)));
        self.told.extend(other.told.iter().filter(|pair| !self.told.contains(pair)).cloned().collect::<Vec<_>>());
    }

    /// True where nothing counts.
    pub fn is_empty(&self) -> bool {
        self.readings.is_empty() && self.told.is_empty()
    }

    /// True where a word is a name, alone or with those beside it.
    pub fn at(&self, words: &[Word<'_>], i: usize) -> bool {
        let Some(word) = words.get(i) else { return false };
        let before = i.checked_sub(1).and_then(|before| words.get(before));
        let next = words.get(i + 1).filter(|next| next.gap.chars().count() <= WIDEST_GAP);
        match word.class {
            Class::Kanji => self.is_written(word.text, before, next),
            Class::Letters => !self.readings.is_empty() && self.is_romanised(word.text, before, next),
            Class::Kana => !self.readings.is_empty() && self.is_sounded(word.text, next),
        }
    }

    fn has(&self, key: &str) -> bool {
        self.readings.contains_key(key)
    }

    fn is_whole(&self, key: &str) -> bool {
        self.has(&[WHOLE, key].concat())
    }

    fn is_romanised(&self, word: &str, before: Option<&Word<'_>>, next: Option<&Word<'_>>) -> bool {
        let letters = |word: &str| word.bytes().all(|b| b.is_ascii_alphabetic());
        if !letters(word) {
            return false;
        }
        let key = romaji_key(word);
        let next = next.filter(|next| next.class == Class::Letters && letters(next.text));
        if word.len() >= LETTERS && self.is_whole(&key)
            || next.is_some_and(|next| self.is_whole(&romaji_key(&[word, next.text].concat())))
        {
            return true;
        }
        if word.len() < SHORT || is_common(word) || is_weak(word) {
            return false;
        }
        let initial = |other: Option<&Word<'_>>| {
            other.is_some_and(|other| other.text.len() == 1 && self.has(&[&key, WHOLE, other.text].concat()))
        };
        let alone = word.len() >= LETTERS && EPONYMS.split(' ').all(|eponym| eponym != word);
        let titled = before.is_some_and(|before| is_title(before.text));
        (alone || titled) && self.has(&key) || initial(next) || initial(before)
    }

    fn is_sounded(&self, word: &str, next: Option<&Word<'_>>) -> bool {
        let count = word.chars().filter(|c| *c != 'ー').count();
        let honoured = count > 1 && next.is_some_and(|next| next.class == Class::Kanji && honoured(next.text));
        let keys = keys_of_kana(word);
        let next = next.filter(|next| next.class == Class::Kana);
        (count >= KANA || honoured) && keys.iter().any(|key| self.has(key))
            || keys.iter().any(|key| self.is_whole(key))
            || next.is_some_and(|next| keys_of_kana(&[word, next.text].concat()).iter().any(|key| self.is_whole(key)))
    }

    /// Kanji that may be read as a name: both parts wherever they stand; a family name alone, with a title behind it, or
    /// behind a label.
    fn is_written(&self, run: &str, before: Option<&Word<'_>>, next: Option<&Word<'_>>) -> bool {
        if self.told.is_empty() {
            return false;
        }
        let kanji: Vec<char> = run.chars().collect();
        let behind = next.filter(|next| next.class == Class::Kanji).map_or("", |next| next.text).chars().take(GIVEN);
        let behind: Vec<char> = behind.collect();
        let both = (0..kanji.len()).any(|start| {
            let rest = kanji.get(start..).unwrap_or_default();
            self.told.iter().any(|pair| is_pair(rest, &behind, pair))
        });
        both || self.is_family(run, &kanji, before, next)
    }

    fn is_family(&self, run: &str, kanji: &[char], before: Option<&Word<'_>>, next: Option<&Word<'_>>) -> bool {
        let family = |name: &[char]| {
            (1..=FAMILY).contains(&name.len()) && self.told.iter().any(|[key, _]| is_read(name, Part::Family, key))
        };
        let usual = || USUAL_KANJI.split(' ').any(|word| word == run);
        let titled = (1..kanji.len().min(FAMILY + 1)).any(|end| {
            let (name, title) = kanji.split_at(end);
            honoured(&title.iter().collect::<String>()) && family(name)
        });
        let behind = (1..kanji.len()).any(|start| {
            let (label, name) = kanji.split_at(start);
            is_label(&label.iter().collect::<String>()) && family(name)
        });
        let spoken = || next.is_some_and(|next| next.class == Class::Kanji && honoured(next.text));
        let labelled = || before.is_some_and(|before| is_label(before.text));
        titled || behind || (kanji.len() > 1 || spoken() || labelled()) && !usual() && family(kanji)
    }
}

/// True where kanji begin with a family name and a given one that may be read so, whichever stands first in the header;
/// `behind`: those behind a sign.
fn is_pair(kanji: &[char], behind: &[char], [first, second]: &[String; 2]) -> bool {
    is_ordered(kanji, behind, first, second) || is_ordered(kanji, behind, second, first)
}

fn is_ordered(kanji: &[char], behind: &[char], family: &str, given: &str) -> bool {
    let is_given = |rest: &[char]| {
        (1..=GIVEN.min(rest.len())).any(|end| is_read(rest.get(..end).unwrap_or_default(), Part::Given, given))
    };
    (1..=FAMILY.min(kanji.len())).any(|end| {
        let (name, rest) = kanji.split_at(end);
        is_read(name, Part::Family, family) && is_given(if rest.is_empty() { behind } else { rest })
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
    use super::*;
    use crate::runs::split;

    fn is_found(guesses: &Guesses, text: &str) -> bool {
        let folded = fold(text);
        let words = split(&folded);
        (0..words.len()).any(|i| guesses.at(&words, i))
    }

    #[test]
    fn kanji_tell_letters_and_kana() {
        let mut guesses = Guesses::default();
        guesses.kanji(&["新垣", "健"]);
        guesses.kanji(&["阿部", "恵"]);
        for text in [
            "Arakaki Ken",
            "KEN^ARAKAKI",
            "seen by arakaki",
            "アラカキ",
            "ｱﾗｶｷ ｹﾝ",
            "あらかき様",
            "ArakakiKen",
            "Dr. Abe",
            "Abe M.",
            "Megumi Abe",
            "アベ メグミ",
            "アベ様",
            "abemegumi",
        ] {
            assert!(is_found(&guesses, text), "{text}");
        }
        for text in ["Ken", "abe", "アベ", "アベレージ", "babe", "Abel", "kent", "Abe 5 mm", "T2 ab", "あべこべ"]
        {
            assert!(!is_found(&guesses, text), "{text}");
        }
    }

    #[test]
    fn letters_and_kana_tell_kanji() {
        let mut guesses = Guesses::default();
        guesses.letters(&["ARAKAKI", "KEN"]);
        guesses.letters(&["いのうえ", "じゅん"]);
        guesses.letters(&["HARA", "TORU"]);
        for text in
            ["頭部新垣健様", "新垣　健", "新垣", "井上　潤", "井上", "原様", "担当原", "患者 原", "原 透", "透原"]
        {
            assert!(is_found(&guesses, text) == (text != "透原"), "{text}");
        }
        for text in ["以上", "原発", "原", "腹部", "健常", "透亮像"] {
            assert!(!is_found(&guesses, text), "{text}");
        }
    }
}
