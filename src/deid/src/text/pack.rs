//! Packs the word lists into the file that [`Lists::from_bytes`] reads: folded, as one dictionary, as it lies in memory.

use super::fold::fold;
use super::lists::{HEADER, Lists, MARKS, MARKS_FROM, NAMES_FROM, Name, WORDS};
use super::readings::{DOUBLES, LETTERS_FROM};
use super::romaji;
use std::collections::{BTreeMap, BTreeSet};

/// Sections of harmless words, in the order of their classes.
const WORD_SECTIONS: [&str; WORDS.len()] =
    ["body", "modality", "technique", "clinical", "plain", "particles", "eponyms", "like"];

/// First words of the lines of the section `marks`, in the order of their kinds.
const MARK_KINDS: [&str; MARKS.len()] = [
    "honorific",
    "title",
    "after",
    "before",
    "name",
    "maybe",
    "id",
    "insurance",
    "birth",
    "address",
    "phone",
    "occupation",
    "facility",
    "facility_weak",
    "facility_prefix",
    "facility_stem",
    "municipal",
    "region",
    "eponym",
    "day",
    "not_day",
    "street",
];

const PLACES: [&str; 4] = ["single", "first", "middle", "last"];

/// Sections that tell how kanji of names are read, in the order of their tables.
const READINGS: [&str; 3] = ["family_kanji", "given_kanji_parts", "given_kanji_alone"];

/// A node of the dictionary: what ends here, and what follows.
#[derive(Default)]
struct Node {
    tags: BTreeSet<u16>,
    next: BTreeMap<char, Node>,
}

/// What is to be packed.
#[derive(Default)]
struct Packer {
    lists: Lists,
    root: Node,
    /// Readings of each unit, variants of kanji as one.
    readings: [BTreeMap<Vec<char>, Vec<String>>; READINGS.len()],
}

/// Packs sections, each with its lines. An error names what is not of its section's form.
pub fn pack(sections: &[(&str, &str)]) -> Result<Vec<u8>, String> {
    let mut packer = Packer::default();
    // Folding needs the variants, so they are read before everything else.
    for line in sections.iter().filter(|s| s.0 == "variants").flat_map(|s| s.1.lines()) {
        let mut chars = line.chars();
        let base = chars.next().unwrap_or_default();
        packer.lists.variants.extend(chars.map(|c| (c, base)));
    }
    packer.lists.variants.sort_unstable();
    for &(section, lines) in sections {
        for line in lines.lines() {
            packer.line(section, line).ok_or_else(|| format!("[{section}] {line}"))?;
        }
    }
    packer.lists.given.iter_mut().for_each(|set| set.sort_unstable());
    Ok(packer.bytes())
}

impl Packer {
    /// `None`: the line is not of its section's form.
    fn line(&mut self, section: &str, line: &str) -> Option<()> {
        if let Some(place) = WORD_SECTIONS.iter().position(|name| *name == section) {
            self.add(&fold(line, &self.lists), u16::try_from(place).ok()?);
            return Some(());
        }
        if let Some(place) = READINGS.iter().position(|name| *name == section) {
            let (kanji, readings) = line.split_once('\t')?;
            let unit = Some(fold(kanji, &self.lists).chars().collect()).filter(|unit: &Vec<char>| !unit.is_empty())?;
            let known = self.readings.get_mut(place)?.entry(unit).or_default();
            for reading in readings.split(' ') {
                let mut key = romaji::keys_of_kana(reading).into_iter().next()?;
                key.extend(reading.ends_with('ッ').then_some(DOUBLES));
                known.extend((!known.contains(&key)).then_some(key));
            }
            return Some(()).filter(|()| !known.is_empty());
        }
        match section {
            "variants" => {}
            "surnames" => {
                let (kanji, reading) = line.split_once('\t')?;
                self.add(&fold(kanji, &self.lists), name(Name::Family));
                self.reading(reading, Name::Family);
            }
            "given_readings" => self.reading(line, Name::Given),
            "given_kanji" => {
                let (place, kanji) = line.split_once('\t')?;
                let place = PLACES.iter().position(|p| *p == place)?;
                *self.lists.given.get_mut(place)? = fold(kanji, &self.lists).chars().collect();
            }
            "western_given" => self.add(line, name(Name::WesternGiven)),
            "western_family" => self.add(line, name(Name::WesternFamily)),
            "marks" => {
                let (kind, words) = line.split_once('\t')?;
                let kind = u16::try_from(MARK_KINDS.iter().position(|k| *k == kind)?).ok()?;
                words.split(' ').for_each(|word| self.add(&fold(word, &self.lists), MARKS_FROM + kind));
            }
            _ => return None,
        }
        Some(())
    }

    fn reading(&mut self, kana: &str, kind: Name) {
        self.add(&fold(kana, &self.lists), name(kind));
        for key in romaji::keys_of_kana(kana) {
            self.add(&key, name(kind));
        }
    }

    fn add(&mut self, word: &str, tag: u16) {
        let node = word.chars().fold(&mut self.root, |node, c| node.next.entry(c).or_default());
        node.tags.extend((!word.is_empty()).then_some(tag));
    }

    fn bytes(&self) -> Vec<u8> {
        // Each node before what follows it, in the order of characters.
        let (mut nodes, mut labels) = (Vec::new(), String::new());
        let mut open = vec![(None, &self.root)];
        while let Some((label, node)) = open.pop() {
            labels.extend(label);
            nodes.push((node.next.len(), &node.tags));
            open.extend(node.next.iter().rev().map(|(&c, next)| (Some(c), next)));
        }
        // The most frequent shapes take one byte.
        let mut counts: BTreeMap<_, usize> = BTreeMap::new();
        for &shape in &nodes {
            *counts.entry(shape).or_default() += 1;
        }
        let mut shapes: Vec<_> = counts.into_iter().collect();
        shapes.sort_by_key(|&(_, count)| core::cmp::Reverse(count));
        let places: BTreeMap<_, usize> = shapes.iter().zip(0..).map(|(&(shape, _), place)| (shape, place)).collect();

        let mut numbers = vec![labels.len(), self.lists.variants.len()];
        numbers.extend(self.lists.variants.iter().flat_map(|&(c, base)| [c as usize, base as usize]));
        for set in &self.lists.given {
            numbers.push(set.len());
            numbers.extend(set.iter().map(|&c| c as usize));
        }
        for table in &self.readings {
            numbers.push(table.len());
            let mut last = 0;
            for (unit, readings) in table {
                let mut kanji = unit.iter().map(|&c| c as usize);
                let first = kanji.next().unwrap_or_default();
                numbers.extend([unit.len() - 1, first - last]);
                numbers.extend(kanji);
                let letter = |c: char| if c == ' ' { 1 } else { (c as u32 - LETTERS_FROM) as usize };
                numbers.extend(readings.join(" ").chars().map(letter));
                numbers.push(0);
                last = first;
            }
        }
        numbers.push(shapes.len());
        for &((followers, tags), _) in &shapes {
            numbers.extend([followers, tags.len()]);
            numbers.extend(tags.iter().map(|&tag| usize::from(tag)));
        }
        numbers.extend(nodes.iter().filter_map(|shape| places.get(shape)));

        let mut out = HEADER.to_vec();
        for number in numbers {
            packed(&mut out, number);
        }
        out.extend_from_slice(labels.as_bytes());
        out
    }
}

fn name(kind: Name) -> u16 {
    NAMES_FROM + kind as u16
}

/// Adds a number as [`tokumei_dicom::packed::Packed`] reads it.
fn packed(out: &mut Vec<u8>, mut number: usize) {
    while number > 0x7F {
        out.extend(u8::try_from(number & 0x7F | 0x80));
        number >>= 7;
    }
    out.extend(u8::try_from(number));
}
