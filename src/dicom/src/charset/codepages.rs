//! Cells of the coded character sets of many characters, as the platform's decoders have them: JIS X 0208 and 0212,
//! KS X 1001, GBK with GB 2312, the four-byte part of GB 18030. As data of our own they would weigh 60 kB.
//!
//! A table is built when a value first asks, and taken only when it has the digest that it has everywhere (the Encoding
//! Standard, private use left out): where a platform lacks a set or differs, its text is unreadable, never another.

use super::tables::Reverse;
use std::sync::OnceLock;

/// Decodes bytes by a label of the Encoding Standard, U+FFFD for what is unassigned. `None`: the platform lacks it.
pub type Platform = fn(label: &str, bytes: &[u8]) -> Option<String>;

static PLATFORM: OnceLock<Platform> = OnceLock::new();

/// Says who knows the cells. To be called once, before the first value is decoded; needed in WebAssembly only.
pub fn install(platform: Platform) {
    // A second call changes nothing.
    let _ = PLATFORM.set(platform);
}

#[cfg(not(target_arch = "wasm32"))]
const DEFAULT: Option<Platform> = Some(|label, bytes| {
    let encoding = encoding_rs::Encoding::for_label(label.as_bytes())?;
    Some(encoding.decode_without_bom_handling(bytes).0.into_owned())
});

#[cfg(target_arch = "wasm32")]
const DEFAULT: Option<Platform> = None;

fn platform() -> Option<Platform> {
    PLATFORM.get().copied().or(DEFAULT)
}

/// A table of the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Page {
    /// JIS X 0208 with the rows 13 and 89 to 92 of NEC, 94 cells a row.
    X0208,
    /// JIS X 0212, 94 cells a row.
    X0212,
    /// KS X 1001, 94 cells a row.
    KsX1001,
    /// GBK, [`GBK_ROW`] cells a row.
    Gbk,
    /// The four-byte sequences of GB 18030 for the Basic Multilingual Plane, in order.
    Gb18030,
}

/// Cells of a row of GBK: second bytes 40 to FE.
pub(super) const GBK_ROW: usize = 191;

#[derive(Default)]
struct Table {
    cells: Vec<u16>,
    reverse: OnceLock<Reverse>,
}

/// The character of a cell.
pub(super) fn cell(page: Page, index: usize) -> Option<char> {
    character(*table(page).cells.get(index)?)
}

/// The cell of a character.
pub(super) fn cell_of(page: Page, character: char) -> Option<usize> {
    let table = table(page);
    table.reverse.get_or_init(|| Reverse::of(&table.cells)).find(character)
}

fn character(unit: u16) -> Option<char> {
    char::from_u32(u32::from(unit)).filter(|&c| c != '\0')
}

fn table(page: Page) -> &'static Table {
    static TABLES: [OnceLock<Table>; 5] = [const { OnceLock::new() }; 5];
    let [x0208, x0212, ks, gbk, gb18030] = &TABLES;
    let place = match page {
        Page::X0208 => x0208,
        Page::X0212 => x0212,
        Page::KsX1001 => ks,
        Page::Gbk => gbk,
        Page::Gb18030 => gb18030,
    };
    place.get_or_init(|| {
        let cells = platform().and_then(|p| build(page, p)).filter(|cells| digest(cells) == page.digest());
        Table { cells: cells.unwrap_or_default(), reverse: OnceLock::new() }
    })
}

/// All cells of a page, 0 where nothing is assigned: one line for each, decoded in one go.
fn build(page: Page, platform: Platform) -> Option<Vec<u16>> {
    let mut bytes = Vec::new();
    for index in 0..page.len() {
        page.put(index, &mut bytes);
        bytes.push(b'\n');
    }
    let text = platform(page.label(), &bytes)?;
    let unit = |line: &str| {
        let mut characters = line.chars();
        let only = characters.next().filter(|_| characters.next().is_none())?;
        u16::try_from(u32::from(page.taken(only)?)).ok()
    };
    let cells: Vec<u16> = text.split_terminator('\n').map(|line| unit(line).unwrap_or(0)).collect();
    (cells.len() == page.len()).then_some(cells)
}

/// FNV-1a over the units of a table: tells tables apart that differ by edition, not by malice.
fn digest(cells: &[u16]) -> u64 {
    let bytes = cells.iter().flat_map(|unit| unit.to_le_bytes());
    bytes.fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3))
}

impl Page {
    const fn label(self) -> &'static str {
        match self {
            Self::X0208 | Self::X0212 => "euc-jp",
            Self::KsX1001 => "euc-kr",
            Self::Gbk | Self::Gb18030 => "gb18030",
        }
    }

    const fn len(self) -> usize {
        match self {
            // Rows from 83 on hold vendors' cells on some platforms.
            Self::X0212 => 82 * 94,
            Self::X0208 | Self::KsX1001 => 94 * 94,
            Self::Gbk => 126 * GBK_ROW,
            Self::Gb18030 => 39_420,
        }
    }

    const fn digest(self) -> u64 {
        match self {
            Self::X0208 => 0x70DD_99B0_F896_265A,
            Self::X0212 => 0xA27F_35FF_001F_E3FE,
            Self::KsX1001 => 0x8A1C_7283_C8C1_737E,
            Self::Gbk => 0x0F4D_1551_16A1_FF85,
            Self::Gb18030 => 0x554E_76FB_2935_89B5,
        }
    }

    /// Appends the bytes of a cell as the page's label has them.
    fn put(self, n: usize, out: &mut Vec<u8>) {
        let (bytes, len) = match self {
            Self::X0212 => ([0x8F, 0xA1 + n / 94, 0xA1 + n % 94, 0], 3),
            Self::X0208 | Self::KsX1001 => ([0xA1 + n / 94, 0xA1 + n % 94, 0, 0], 2),
            Self::Gbk => ([0x81 + n / GBK_ROW, 0x40 + n % GBK_ROW, 0, 0], 2),
            Self::Gb18030 => ([0x81 + n / 12_600, 0x30 + n / 1260 % 10, 0x81 + n / 10 % 126, 0x30 + n % 10], 4),
        };
        out.extend(bytes.iter().take(len).filter_map(|b| u8::try_from(*b).ok()));
    }

    /// A character as it is taken: without private use and those whose cells differ between editions, which are readable
    /// nowhere; the six signs of which Windows-31J makes full-width ones as JIS X 0208 has them.
    const fn taken(self, character: char) -> Option<char> {
        Some(match (self, character) {
            // KS X 1001:1998 added its two; the last were moved by GB 18030-2005 and -2022.
            (_, '\u{FFFD}' | '\u{E000}'..='\u{F8FF}')
            | (Self::KsX1001, '€' | '®')
            | (Self::Gbk | Self::Gb18030, '\u{1E3F}' | '\u{FE10}'..='\u{FE19}' | '\u{9FB4}'..='\u{9FBB}') => {
                return None;
            }
            (Self::X0208, '\u{FF5E}') => '\u{301C}',
            (Self::X0208, '\u{2225}') => '\u{2016}',
            (Self::X0208, '\u{FF0D}') => '\u{2212}',
            (Self::X0208, '\u{FFE0}') => '\u{A2}',
            (Self::X0208, '\u{FFE1}') => '\u{A3}',
            (Self::X0208, '\u{FFE2}') => '\u{AC}',
            _ => character,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGES: [Page; 5] = [Page::X0208, Page::X0212, Page::KsX1001, Page::Gbk, Page::Gb18030];

    #[test]
    fn pages_have_the_cells_they_have_everywhere() {
        for page in PAGES {
            let cells = platform().and_then(|p| build(page, p)).unwrap_or_default();
            assert_eq!(digest(&cells), page.digest(), "{page:?}: {:#018X}", digest(&cells));
        }
    }

    #[test]
    fn a_platform_that_lacks_or_differs_is_told() {
        for page in PAGES {
            assert!(build(page, |_, _| None).is_none());
            assert!(build(page, |_, _| Some("a\n".to_owned())).is_none());
            let other: Platform =
                |_, bytes| Some(bytes.iter().filter(|b| **b == b'\n').map(|_| "\u{E000}\n").collect());
            assert!(build(page, other).is_some_and(|cells| digest(&cells) != page.digest()));
        }
    }
}
