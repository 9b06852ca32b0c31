//! Sequences that were written as UN of defined length: their items are implicit VR little endian (PS3.5 6.2.2), and
//! what stands in them is judged like all else.

use crate::bytes::Held;
use crate::entry::{Entry, TOP};
use crate::policy::VerifyLimits;
use crate::skim::{Ending, Form, skim};

/// Such sequences inside each other: more is no honest file.
const DEPTH: usize = 9;
const ITEM: &[u8] = b"\xFE\xFF\x00\xE0";

/// The list with the elements of such sequences in it; what does not read as items stays a value.
pub fn unfold(mut entries: Vec<Entry>, bytes: &[u8], limits: &VerifyLimits) -> Vec<Entry> {
    for _ in 0..DEPTH {
        if !entries.iter().any(|e| is_folded(e, bytes)) {
            break;
        }
        let before = entries.len();
        entries = once(&entries, bytes, limits);
        if entries.len() == before {
            break;
        }
    }
    entries
}

fn is_folded(e: &Entry, bytes: &[u8]) -> bool {
    e.vr == *b"UN" && e.value(bytes).starts_with(ITEM)
}

fn once(entries: &[Entry], bytes: &[u8], limits: &VerifyLimits) -> Vec<Entry> {
    let mut out: Vec<Entry> = Vec::with_capacity(entries.len());
    // New index of each old one: sequences come before what they hold.
    let mut moved: Vec<u32> = Vec::with_capacity(entries.len());
    let mut scopes = entries.iter().map(|e| e.scope).max().unwrap_or(0);
    for e in entries {
        let own = index(out.len());
        moved.push(own);
        let parent = if e.parent == TOP { TOP } else { moved.get(e.parent as usize).copied().unwrap_or(TOP) };
        let e = Entry { parent, ..*e };
        match is_folded(&e, bytes).then(|| items(e.value(bytes), limits)).flatten() {
            Some(inner) if out.len() + inner.len() <= limits.elements as usize => {
                out.push(Entry { vr: *b"SQ", len: 0, ..e });
                let first = scopes;
                for i in inner {
                    scopes = scopes.max(first.saturating_add(i.scope));
                    // The walk began with a header of its own: the sequence that is `e`.
                    let at = (e.at + i.at).saturating_sub(HEADER);
                    out.push(Entry { at, parent: own + i.parent, scope: first.saturating_add(i.scope), ..i });
                }
            }
            _ => out.push(e),
        }
    }
    out
}

const HEADER: usize = 8;

/// The elements of a value that is a list of items, those of the sequence itself left out: it has number 0.
fn items(value: &[u8], limits: &VerifyLimits) -> Option<Vec<Entry>> {
    // A header of a sequence of undefined length, whatever its tag.
    let whole = [b"\x08\x00\x40\x11\xFF\xFF\xFF\xFF", value].concat();
    let mut held = Held::new(&whole, 0, whole.len() as u64);
    let (mut entries, ending) = skim(&mut held, Form { explicit: false, big: false }, limits);
    if ending != Ending::End || entries.is_empty() {
        return None;
    }
    entries.remove(0);
    Some(entries)
}

fn index(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(TOP)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
    use super::*;
    use crate::entry::path;

    fn implicit(tag: [u8; 4], value: &[u8]) -> Vec<u8> {
        [&tag[..], &u32::try_from(value.len()).unwrap().to_le_bytes(), value].concat()
    }

    #[test]
    fn what_stands_inside_gets_its_place() {
        let name = implicit([0x10, 0, 0x10, 0], b"YAMADA^T");
        let deep = implicit([0x29, 0, 0x10, 0x10], &implicit([0xFE, 0xFF, 0, 0xE0], &name));
        let value = [implicit([0xFE, 0xFF, 0, 0xE0], &name), implicit([0xFE, 0xFF, 0, 0xE0], &deep)].concat();
        let bytes = [&b"before"[..], &value, b"after"].concat();
        let e = |tag, vr: &[u8; 2], at, len| Entry { tag, vr: *vr, at, len, parent: TOP, item: 0, scope: 0 };
        let list = vec![
            e(0x0008_0005, b"CS", 0, 6),
            e(0x0008_1140, b"UN", 6, value.len()),
            e(0x0010_0010, b"PN", 6 + value.len(), 5),
        ];
        let out = unfold(list, &bytes, &VerifyLimits::default());
        let places: Vec<String> = (0..out.len()).map(|i| path(&out, i)).collect();
        assert_eq!(
            places,
            [
                "0008,0005",
                "0008,1140",
                "0008,1140[0]/0010,0010",
                "0008,1140[1]/0029,1010",
                "0008,1140[1]/0029,1010[0]/0010,0010",
                "0010,0010"
            ]
        );
        assert_eq!(out[2].value(&bytes), b"YAMADA^T");
        assert_eq!(out[4].value(&bytes), b"YAMADA^T");
        assert!(out[1].is_sequence() && out[3].is_sequence());
        let scopes: std::collections::BTreeSet<u32> = [2, 3, 4].map(|i| out[i].scope).into();
        assert_eq!(scopes.len(), 3);
    }

    #[test]
    fn what_is_no_list_of_items_stays_a_value() {
        let bytes = b"\xFE\xFF\x00\xE0\x08\x00\x00\x00YAMADA^T".to_vec();
        let e = Entry { tag: 0x0029_1010, vr: *b"UN", at: 0, len: bytes.len(), parent: TOP, item: 0, scope: 0 };
        assert_eq!(unfold(vec![e], &bytes, &VerifyLimits::default()), [e]);
    }
}
