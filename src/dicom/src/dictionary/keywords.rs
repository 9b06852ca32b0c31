//! Keywords (PS3.6 6), put together once when the first is asked for: screens ask, the way of the data does not.

use super::table::Entry;
use std::sync::OnceLock;

/// Words of keywords, one a line.
static WORDS: &str = include_str!("words.txt");
/// For each element in the order of tags: the places of its words, then [`END`]. A place below [`SHORT`] is one byte,
/// else the byte is [`SHORT`] and 256s, and the rest follows.
static KEYWORDS: &[u8] = include_bytes!("keywords.bin");
const SHORT: u8 = 240;
const END: u8 = 255;

struct Keywords {
    text: String,
    /// End of each keyword in the text; it begins where the one before it ends.
    ends: Vec<usize>,
}

/// The keyword of an entry.
pub(super) fn keyword(entry: Entry) -> Option<&'static str> {
    static KEYWORDS: OnceLock<Keywords> = OnceLock::new();
    let keywords = KEYWORDS.get_or_init(unpack);
    let start = entry.checked_sub(1).map_or(Some(0), |before| keywords.ends.get(before).copied())?;
    keywords.text.get(start..*keywords.ends.get(entry)?)
}

fn unpack() -> Keywords {
    let words: Vec<&str> = WORDS.lines().collect();
    let mut keywords = Keywords { text: String::new(), ends: Vec::new() };
    let mut bytes = KEYWORDS.iter();
    while let Some(&byte) = bytes.next() {
        let place = match byte {
            END => {
                keywords.ends.push(keywords.text.len());
                continue;
            }
            SHORT.. => usize::from(SHORT) + usize::from(byte - SHORT) * 256 + usize::from(*bytes.next().unwrap_or(&0)),
            _ => usize::from(byte),
        };
        keywords.text.push_str(words.get(place).copied().unwrap_or_default());
    }
    keywords
}
