//! Which Japanese encoding a file's undeclared text is in: Windows-31J and EUC-JP read most of each other's bytes, so all
//! text elements of the file are weighed together.

use super::form::{self, Form};
use super::text::Reading;

/// What the undeclared text of a file shows.
#[derive(Debug, Clone, Copy, Default)]
pub struct Evidence {
    shift_jis: Tally,
    euc_jp: Tally,
    /// Bytes that were looked at.
    seen: usize,
}

/// Bytes of one value, and of a file, that are looked at: more would show nothing else.
const ENOUGH_OF_A_VALUE: usize = 4 << 10;
const ENOUGH: usize = 256 << 10;

#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    /// How like Japanese the characters are.
    score: i32,
    /// Values that are none in the encoding.
    broken: u32,
}

/// Kanji that names of people and places, hospitals and radiology are full of.
const FREQUENT: &str = "一二三四五六七八九十大小中上下左右前後山田川木村本林森石井藤原野島橋口松竹高佐伊加斎渡辺清水池西東南北\
古谷崎沢岡福吉太郎子美恵幸和正明雄夫男次健花春秋夏頭部胸腹骨盤単純造影検査病院医科内外射線室第撮像椎腰頸肩膝足手心肝腎肺脳血管年月\
日様氏者患名生市立総合学附属技師";

impl Evidence {
    /// Adds a value that neither its declaration nor its own form explains.
    pub(super) fn add(&mut self, bytes: &[u8]) {
        let bytes = bytes.get(..ENOUGH_OF_A_VALUE).unwrap_or(bytes);
        if self.seen < ENOUGH {
            self.seen += bytes.len();
            self.shift_jis.add(Form::ShiftJis, bytes);
            self.euc_jp.add(Form::EucJp, bytes);
        }
    }

    /// The encoding that fewer values contradict, and whose text is more like Japanese.
    pub(super) fn guess(&self) -> Option<Reading> {
        let (a, b) = (self.shift_jis, self.euc_jp);
        let shift_jis = (b.broken, a.score) >= (a.broken, b.score);
        let (reading, score) = if shift_jis { (Reading::ShiftJis, a.score) } else { (Reading::EucJp, b.score) };
        (score > 0).then_some(reading)
    }
}

impl Tally {
    fn add(&mut self, form: Form, bytes: &[u8]) {
        let mut last = Kind::Other;
        let mut score = 0_i32;
        let walked = form::walk(form, bytes, &mut |character, start, end| {
            let kind = character.map_or(Kind::Other, |c| Kind::of(c, end - start));
            score = score.saturating_add(kind.after(last));
            last = kind;
        });
        match walked {
            Some(_) => self.score = self.score.saturating_add(score),
            None => self.broken = self.broken.saturating_add(1),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Frequent,
    /// Other kanji of JIS level 1, by the rows that hold them in reading order.
    Common,
    Rare,
    Kana,
    /// Full-width letters, digits and signs.
    Wide,
    /// Half-width katakana that takes a voiced mark.
    NarrowVoiced,
    Narrow,
    /// The half-width marks of voice.
    Mark,
    /// Half-width small kana, the long mark and punctuation: never at the start of a word.
    Inner,
    Lower,
    Other,
}

impl Kind {
    fn of(character: char, len: usize) -> Self {
        match character {
            'a'..='z' => Self::Lower,
            '\u{3041}'..='\u{30FE}' => Self::Kana,
            'ﾞ' | 'ﾟ' => Self::Mark,
            'ｳ' | 'ｶ'..='ﾄ' | 'ﾊ'..='ﾎ' => Self::NarrowVoiced,
            'ｦ' | 'ｱ'..='ﾝ' => Self::Narrow,
            '\u{FF61}'..='\u{FF9F}' => Self::Inner,
            c if len < 2 || c.is_ascii() => Self::Other,
            '\u{4E00}'..='\u{9FFF}' if FREQUENT.contains(character) => Self::Frequent,
            '\u{4E00}'..='\u{9FFF}' if is_level_1(character) => Self::Common,
            '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' => Self::Rare,
            _ => Self::Wide,
        }
    }

    /// How likely it is after another.
    fn after(self, last: Self) -> i32 {
        let narrow = |kind| matches!(kind, Self::NarrowVoiced | Self::Narrow | Self::Mark | Self::Inner);
        match self {
            Self::Frequent | Self::Kana => 4,
            Self::Common | Self::Wide => 1,
            Self::Rare => -1,
            Self::Mark if last == Self::NarrowVoiced => 2,
            Self::Mark => -3,
            Self::Inner if !narrow(last) => -2,
            Self::NarrowVoiced | Self::Narrow | Self::Inner => i32::from(narrow(last)),
            Self::Lower if narrow(last) => -3,
            Self::Lower | Self::Other => 0,
        }
    }
}

/// JIS X 0208 rows 16 to 47.
fn is_level_1(character: char) -> bool {
    super::tables::two_byte_of(super::tables::Set::X0208, character).is_some_and(|[row, _]| row < 0x50)
}
