//! How names in kanji are read, as far as lists tell: readings of kanji, and of names whose kanji do not tell it, put
//! together; the likely ones first. A guess: most names of one writing are read in several ways.

use tokumei_dicom::order;
use tokumei_dicom::packed::Packed;

/// Longest name that is read, and longest stretch of it that has a reading of its own, in characters.
const NAME_MAX: usize = 6;
const UNIT_MAX: usize = 4;
/// Ways that are followed from one place.
const WAYS: usize = 24;
/// Cost of a reading that is put together, for each kanji; each reading costs more than the one before it in the list.
const KANJI: usize = 2;
/// Before the first katakana, so that 0 and 1 can end and part readings.
pub(super) const KANA_FROM: u32 = 0x309F;

/// Readings of kanji of family names, of given names of several kanji, and of given names of one.
#[derive(Default)]
pub(super) struct Readings {
    family: Table,
    given: Table,
    alone: Table,
}

/// Readings by what is read. Public data.
#[derive(Default)]
struct Table {
    kanji: Vec<char>,
    /// Readings in katakana, those of one unit with blanks between.
    kana: String,
    /// Where the characters of each unit end, and its readings.
    ends: Vec<(usize, usize)>,
}

impl Readings {
    /// Reads three tables: units in order, each with how many characters follow the first, how far that is from the first
    /// of the unit before it, the others, and its kana.
    pub(super) fn unpacked(numbers: &mut Packed<'_>) -> Option<Self> {
        let mut table = || Table::unpacked(numbers);
        Some(Self { family: table()?, given: table()?, alone: table()? })
    }

    /// Likely readings of a folded family name, in katakana.
    pub(super) fn family(&self, name: &[char], most: usize) -> Vec<String> {
        compose(&[&self.family, &self.given, &self.alone], name, most)
    }

    /// Likely readings of a folded given name, in katakana.
    pub(super) fn given(&self, name: &[char], most: usize) -> Vec<String> {
        let alone = if name.len() == 1 { compose(&[&self.alone], name, most) } else { Vec::new() };
        if alone.is_empty() { compose(&[&self.given, &self.alone, &self.family], name, most) } else { alone }
    }
}

impl Table {
    fn unpacked(numbers: &mut Packed<'_>) -> Option<Self> {
        let mut table = Self::default();
        let mut first = 0_u32;
        for _ in 0..numbers.next()? {
            let more = numbers.next()?;
            first = first.checked_add(numbers.next()?)?;
            table.kanji.push(char::from_u32(first)?);
            for _ in 0..more {
                table.kanji.push(char::from_u32(numbers.next()?)?);
            }
            loop {
                match numbers.next()? {
                    0 => break,
                    1 => table.kana.push(' '),
                    kana => table.kana.push(char::from_u32(kana.checked_add(KANA_FROM)?)?),
                }
            }
            table.ends.push((table.kanji.len(), table.kana.len()));
        }
        Some(table)
    }

    /// Where a unit begins: behind the one before it.
    fn start(&self, unit: usize) -> (usize, usize) {
        unit.checked_sub(1).and_then(|last| self.ends.get(last)).copied().unwrap_or_default()
    }

    fn get(&self, unit: &[char]) -> Option<&str> {
        let (mut low, mut high) = (0, self.ends.len());
        while low < high {
            let middle = low.midpoint(high);
            let (from, &(to, kana)) = (self.start(middle), self.ends.get(middle)?);
            match self.kanji.get(from.0..to)?.cmp(unit) {
                core::cmp::Ordering::Less => low = middle + 1,
                core::cmp::Ordering::Equal => return self.kana.get(from.1..kana),
                core::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }
}

/// Readings of all units, put together; single kanji by the first table that has them, longer units by the first alone.
fn compose(tables: &[&Table], name: &[char], most: usize) -> Vec<String> {
    if name.is_empty() || name.len() > NAME_MAX {
        return Vec::new();
    }
    let mut ways: Vec<Vec<(usize, String)>> = vec![Vec::new(); name.len() + 1];
    ways.first_mut().into_iter().for_each(|first| first.push((0, String::new())));
    for at in 0..name.len() {
        let here = best(ways.get_mut(at).map(core::mem::take).unwrap_or_default(), WAYS);
        for len in 1..=UNIT_MAX.min(name.len() - at) {
            let unit: Vec<char> = (at..at + len).filter_map(|i| kanji_at(name, i)).collect();
            let kana = match unit.as_slice() {
                // Between kanji it is read so.
                ['ケ'] => Some("ガ ケ カ"),
                [one] => tables.iter().find_map(|table| table.get(&[*one])),
                _ => tables.first().and_then(|table| table.get(&unit)),
            };
            let own: String = unit.iter().filter(|c| ('ァ'..='ヺ').contains(c)).collect();
            let kana = kana.or_else(|| Some(own.as_str()).filter(|own| len == 1 && !own.is_empty()));
            let Some(next) = ways.get_mut(at + len) else { break };
            for (rank, reading) in kana.unwrap_or_default().split_terminator(' ').enumerate() {
                let cost = rank + usize::from(rank > 0) + if len == 1 { KANJI } else { 0 };
                next.extend(here.iter().map(|(sum, before)| (sum + cost, [before, reading].concat())));
            }
        }
    }
    let whole = ways.pop().unwrap_or_default();
    best(whole, most).into_iter().map(|way| way.1).collect()
}

/// A kanji of a name, where 々 says the one before it again.
fn kanji_at(name: &[char], at: usize) -> Option<char> {
    match name.get(at) {
        Some('々') => name.get(at.checked_sub(1)?).copied(),
        kanji => kanji.copied(),
    }
}

/// The cheapest ways, each reading once.
fn best(mut ways: Vec<(usize, String)>, most: usize) -> Vec<(usize, String)> {
    order::sort(&mut ways);
    let mut out: Vec<(usize, String)> = Vec::new();
    for way in ways {
        if out.len() == most {
            break;
        }
        if out.iter().all(|known| known.1 != way.1) {
            out.push(way);
        }
    }
    out
}
