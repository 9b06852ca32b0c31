//! The instance's own identifiers, so that a text that would stay can be asked whether it repeats one of them
//! (`phi_outside_table.tsv`, `value:id-in-text`). Only the instance itself is asked, so its bytes depend on nothing
//! else. Holds identity: no `Debug`.

use crate::tables::e1_1;
use crate::values::decoded;
use tokumei_dicom::node::NodeKind;
use tokumei_dicom::{DataSet, order};

/// Shorter words say nothing by themselves.
const WORD_MIN: usize = 4;
/// Words of at least this many bytes count inside longer ones too.
const INSIDE_MIN: usize = 6;
/// More words than any honest header holds.
const WORDS_MAX: usize = 4_096;

/// Words of names and identifiers in upper case, and dates; both sorted.
#[derive(Default)]
pub(crate) struct Lexicon {
    words: Vec<String>,
    dates: Vec<[u8; 8]>,
}

impl Lexicon {
    /// Collects from every depth: person names, and what rows of Table E.1-1 call a name, an ID, a number or a title.
    /// `None`: more words than can be searched for in every text.
    pub(crate) fn of(ds: &DataSet) -> Option<Self> {
        let mut words = Vec::new();
        let mut dates = Vec::new();
        for (index, node) in (0u32..).zip(ds.nodes()) {
            if node.kind != NodeKind::Element || node.tag.is_private() {
                continue;
            }
            let Some(row) = e1_1::row(node.tag) else { continue };
            if matches!(&row.vr, b"DA" | b"DT") {
                dates.extend(ds.value(index).and_then(|v| v.get(..8)).and_then(|v| <[u8; 8]>::try_from(v).ok()));
                continue;
            }
            let person = &row.vr == b"PN";
            if !person && !names_something(row) {
                continue;
            }
            let Some(text) = ds.value(index).and_then(|bytes| decoded(ds, index, bytes, row.vr)) else { continue };
            let separators: &[char] = if person { &['\\', '^', '=', ' ', ',', '\u{3000}'] } else { &['\\'] };
            if words.len() > 2 * WORDS_MAX {
                sort(&mut words);
                if words.len() > WORDS_MAX {
                    return None;
                }
            }
            let own = text.split(separators).map(|w| upper(w.trim()));
            words.extend(own.flat_map(with_number).filter(|w| w.len() >= WORD_MIN));
        }
        sort(&mut words);
        sort(&mut dates);
        (words.len() <= WORDS_MAX).then_some(Self { words, dates })
    }

    /// True where a text repeats one of the words: whole, as a word of its own, or a long one inside it.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        if self.words.is_empty() {
            return false;
        }
        let text = upper(text);
        let found = |word: &str| self.words.binary_search_by(|w| w.as_str().cmp(word)).is_ok();
        found(text.trim())
            || text.split(|c: char| !c.is_alphanumeric()).any(|w| w.len() >= WORD_MIN && found(w))
            || self.words.iter().any(|w| w.len() >= INSIDE_MIN && text.contains(w.as_str()))
    }

    /// True where a value begins with one of the dates.
    pub(crate) fn is_date(&self, text: &str) -> bool {
        let date = text.as_bytes().get(..8).and_then(|d| <[u8; 8]>::try_from(d).ok());
        date.is_some_and(|d| self.dates.binary_search(&d).is_ok())
    }

    /// True where a whole value is one of the words.
    pub(crate) fn is(&self, value: &str) -> bool {
        self.words.binary_search_by(|w| w.as_str().cmp(value)).is_ok()
    }
}

/// A text in upper case; most texts need no tables for it.
fn upper(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_uppercase() } else { text.to_uppercase() }
}

fn sort<T: Ord>(list: &mut Vec<T>) {
    order::sort(list);
    list.dedup();
}

/// A word, and a number without its leading zeros too.
fn with_number(word: String) -> impl Iterator<Item = String> {
    let digits = word.bytes().all(|b| b.is_ascii_digit());
    let bare = word.trim_start_matches('0').to_owned();
    let other = (digits && bare.len() != word.len()).then_some(bare);
    core::iter::once(word).chain(other)
}

fn names_something(row: &e1_1::Row) -> bool {
    row.names
}
