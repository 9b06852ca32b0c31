//! The data dictionary of `src/dicom`, packed from dicom-dictionary-std.

use super::Output;
use super::pack::pack;
use dicom_core::Tag;
use dicom_core::dictionary::{DataDictionary as _, DataDictionaryEntryRef, TagRange};
use dicom_dictionary_std::StandardDataDictionary;
use dicom_dictionary_std::data_element::registry;
use std::collections::{BTreeMap, BTreeSet};
use std::io;

const FOLDER: &str = "src/dicom/src/dictionary";
/// As `table.rs` reads them.
const GROUPS: u8 = 0x40;
const ELEMENTS: u8 = 0x80;
/// As `keywords.rs` reads them.
const SHORT: usize = 240;
const END: u8 = 255;

pub(super) fn outputs() -> io::Result<Vec<Output>> {
    let entries = entries();
    if entries.len() < 5_000 {
        return Err(io::Error::other("dictionary: the registry no longer tells its entries"));
    }
    let vrs: Vec<[u8; 2]> = entries.iter().map(|e| vr(e)).collect::<BTreeSet<_>>().into_iter().collect();
    let words = words(&entries);
    Ok(vec![
        output("generated.rs", generated(&vrs).into_bytes()),
        output("tags.bin", tags(&entries)),
        output("kinds.bin", kinds(&entries, &vrs)?),
        output("words.txt", format!("{}\n", words.join("\n")).into_bytes()),
        output("keywords.bin", keywords(&entries, &words)?),
    ])
}

/// All entries in the order of their tags. The registry lists them in its `Debug` text alone: `Tag(0x0010, 0x0020)`.
fn entries() -> Vec<&'static DataDictionaryEntryRef<'static>> {
    let hexadecimal = |text: Option<&str>| u16::from_str_radix(text?, 16).ok();
    let tag = |text: &str| Some(Tag(hexadecimal(text.get(..4))?, hexadecimal(text.get(8..12))?));
    let tags: BTreeSet<Tag> = format!("{:?}", registry()).split("Tag(0x").filter_map(tag).collect();
    tags.into_iter().filter_map(|tag| StandardDataDictionary.by_tag(tag).filter(|e| e.tag.inner() == tag)).collect()
}

fn output(name: &str, data: Vec<u8>) -> Output {
    Output { path: format!("{FOLDER}/{name}"), data }
}

fn vr(entry: &DataDictionaryEntryRef<'_>) -> [u8; 2] {
    entry.vr.relaxed().to_bytes()
}

fn generated(vrs: &[[u8; 2]]) -> String {
    let mut out = String::from("//! Made by `cargo xtask generate` from dicom-dictionary-std. Do not edit.\n\n");
    out.extend([format!(
        "/// VRs in the order of their letters.\n#[rustfmt::skip]\npub(super) static VRS: [[u8; 2]; {}] = [\n",
        vrs.len()
    )]);
    out.extend(vrs.iter().map(|vr| format!("    *b\"{}\",\n", String::from_utf8_lossy(vr))));
    out.push_str("];\n");
    out
}

fn tags(entries: &[&DataDictionaryEntryRef<'_>]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut last = Tag(0, 0);
    for (i, entry) in entries.iter().enumerate() {
        let tag = entry.tag.inner();
        if i > 0 && tag.0 == last.0 {
            pack(u32::from(tag.1 - last.1), &mut out);
        } else {
            for number in [0, tag.0 - last.0, tag.1] {
                pack(u32::from(number), &mut out);
            }
        }
        last = tag;
    }
    out
}

fn kinds(entries: &[&DataDictionaryEntryRef<'_>], vrs: &[[u8; 2]]) -> io::Result<Vec<u8>> {
    let kind = |entry: &&DataDictionaryEntryRef<'_>| {
        let range = match entry.tag {
            TagRange::Single(_) => 0,
            TagRange::Group100(_) => GROUPS,
            TagRange::Element100(_) => ELEMENTS,
            _ => return None,
        };
        let place = vrs.iter().position(|v| *v == vr(entry)).and_then(|place| u8::try_from(place).ok());
        place.filter(|&place| place < GROUPS).map(|place| place | range)
    };
    entries
        .iter()
        .map(kind)
        .collect::<Option<_>>()
        .ok_or_else(|| io::Error::other("dictionary: a kind that has no mark"))
}

/// The most frequent words first, as many as fit one byte; in each part by their letters, which packs best.
fn words(entries: &[&DataDictionaryEntryRef<'_>]) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for word in entries.iter().flat_map(|entry| split(entry.alias)) {
        *counts.entry(word).or_default() += 1;
    }
    let mut words: Vec<(&str, usize)> = counts.into_iter().collect();
    words.sort_by_key(|(_, count)| core::cmp::Reverse(*count));
    let short = SHORT.min(words.len());
    let (frequent, rest) = words.split_at_mut(short);
    frequent.sort_unstable();
    rest.sort_unstable();
    words.into_iter().map(|(word, _)| word.to_owned()).collect()
}

fn keywords(entries: &[&DataDictionaryEntryRef<'_>], words: &[String]) -> io::Result<Vec<u8>> {
    let places: BTreeMap<&str, usize> = words.iter().enumerate().map(|(place, word)| (word.as_str(), place)).collect();
    let mut out = Vec::new();
    for entry in entries {
        for word in split(entry.alias) {
            let place = *places.get(word).ok_or_else(|| io::Error::other("dictionary: a word without a place"))?;
            match place.checked_sub(SHORT) {
                None => out.extend(u8::try_from(place)),
                Some(rest) if SHORT + rest / 256 < usize::from(END) => {
                    out.extend([SHORT + rest / 256, rest % 256].into_iter().flat_map(u8::try_from));
                }
                Some(_) => return Err(io::Error::other("dictionary: too many words")),
            }
        }
        out.push(END);
    }
    Ok(out)
}

/// Parts of a keyword: words with their capital, runs of capitals, runs of digits.
fn split(keyword: &str) -> Vec<&str> {
    let bytes = keyword.as_bytes();
    let run = |start: usize, test: fn(&u8) -> bool| bytes.iter().skip(start).take_while(|&byte| test(byte)).count();
    let mut parts = Vec::new();
    let mut start = 0;
    while start < bytes.len() {
        let capitals = run(start, u8::is_ascii_uppercase);
        let small = run(start + capitals, u8::is_ascii_lowercase);
        let length = match (capitals, small) {
            (0, 0) => run(start, u8::is_ascii_digit).max(1),
            (0 | 1, _) => capitals + small,
            (_, 0) => capitals,
            // The last capital begins the next word.
            _ => capitals - 1,
        };
        parts.extend(keyword.get(start..start + length));
        start += length;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn splits_keywords() {
        let cases: [(&str, &[&str]); 4] = [
            ("PatientName", &["Patient", "Name"]),
            ("ReferencedSOPInstanceUIDInFile", &["Referenced", "SOP", "Instance", "UID", "In", "File"]),
            ("CTDIvol", &["CTD", "Ivol"]),
            ("Grid2DRows", &["Grid", "2", "D", "Rows"]),
        ];
        for (keyword, want) in cases {
            assert_eq!(split(keyword), want);
            assert_eq!(split(keyword).concat(), keyword);
        }
    }
}
