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
const FREQUENT: &str = "一二三四五六七八九十大小中上下左右前後山田川木村本林森石井藤原野島橋口松竹高佐伊加斎渡辺水池西東南北\
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
        self.guesses().next()
    }

    /// Both encodings, the likelier first; without those that make no likely text.
    pub(super) fn guesses(&self) -> impl Iterator<Item = Reading> + use<> {
        let (a, b) = (self.shift_jis, self.euc_jp);
        let mut both = [(Reading::ShiftJis, a), (Reading::EucJp, b)];
        if (a.broken, b.score) > (b.broken, a.score) {
            both.swap(0, 1);
        }
        let seen = self.seen > 0;
        both.into_iter().filter(move |(_, tally)| seen && tally.score >= 0).map(|(reading, _)| reading)
    }
}

impl Tally {
    fn add(&mut self, form: Form, bytes: &[u8]) {
        let (mut last, mut before) = (Kind::Other, Kind::Other);
        let mut score = 0_i32;
        let mut weigh = |kind: Kind| {
            score = score.saturating_add(kind.after(last, before));
            (before, last) = (last, kind);
        };
        let walked = form::walk(form, bytes, &mut |character, start, end| {
            weigh(character.map_or(Kind::Unknown, |c| Kind::of(c, end - start)));
        });
        weigh(Kind::Other);
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
    /// Cut, or user-defined.
    Unknown,
    Other,
}

impl Kind {
    fn of(character: char, len: usize) -> Self {
        match character {
            'a'..='z' => Self::Lower,
            '\u{3041}'..='\u{30FE}' => Self::Kana,
            // EUC-JP has a byte of its own before half-width katakana.
            '\u{FF61}'..='\u{FF9F}' if len > 1 => Self::Kana,
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

    /// How likely it is after two others; half-width katakana that stands alone tells when it is over.
    fn after(self, last: Self, before: Self) -> i32 {
        let alone = if last.is_narrow() && !before.is_narrow() && !self.is_narrow() { -2 } else { 0 };
        let own = match self {
            Self::Frequent | Self::Kana => 8,
            Self::Common | Self::Wide => 2,
            Self::Rare => -2,
            Self::Narrow | Self::NarrowVoiced => 3 * i32::from(last.is_narrow()),
            Self::Mark if last == Self::NarrowVoiced => 4,
            Self::Inner if last.is_narrow() => 1,
            Self::Lower if last.is_narrow() => -6,
            Self::Mark | Self::Inner | Self::Unknown => -6,
            Self::Lower | Self::Other => 0,
        };
        own + alone
    }

    const fn is_narrow(self) -> bool {
        matches!(self, Self::NarrowVoiced | Self::Narrow | Self::Mark | Self::Inner)
    }
}

/// JIS X 0208 rows 16 to 47.
fn is_level_1(character: char) -> bool {
    super::tables::two_byte_of(super::tables::Set::X0208, character).is_some_and(|[row, _]| row < 0x50)
}
