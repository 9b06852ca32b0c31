//! How names in kanji are read, as far as lists tell: readings of kanji, and of names whose kanji do not tell it, put
//! together; the likely ones first. A guess: most names of one writing are read in several ways.

use super::dict::{Dict, Walk};
use super::romaji;
use tokumei_dicom::order;
use tokumei_dicom::packed::Packed;

/// Longest name that is read, and longest stretch of it that has a reading of its own, in characters.
const NAME_MAX: usize = 6;
const UNIT_MAX: usize = 4;
/// Ways that are followed from one place.
const WAYS: usize = 24;
/// Cost of a reading that is put together, for each kanji; each reading costs more than the one before it in the list.
const KANJI: usize = 2;
/// Steps that are taken to find whether a name is read in some way.
const STEPS: usize = 512;
/// Before the first letter, so that 0 and 1 can end and part readings.
pub(super) const LETTERS_FROM: u32 = 'a' as u32 - 2;
/// Ends a reading that doubles the next consonant: ッ.
pub(super) const DOUBLES: char = 'q';

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
    /// Keys of readings in Latin letters, those of one unit with blanks between.
    keys: String,
    /// Where the characters of each unit end, and its readings.
    ends: Vec<(usize, usize)>,
    /// How many units stand before each block of characters.
    blocks: Vec<usize>,
}

impl Readings {
    /// Reads three tables: units in order, each with how many characters follow the first, how far that is from the first
    /// of the unit before it, the others, and its readings.
    pub(super) fn unpacked(numbers: &mut Packed<'_>) -> Option<Self> {
        let mut table = || Table::unpacked(numbers);
        Some(Self { family: table()?, given: table()?, alone: table()? })
    }

    /// Keys of likely readings of a folded family name.
    pub(super) fn family(&self, name: &[char], most: usize) -> Vec<String> {
        compose(&self.family_tables(), name, most)
    }

    /// Keys of likely readings of a folded given name.
    pub(super) fn given(&self, name: &[char], most: usize) -> Vec<String> {
        compose(&self.given_tables(name), name, most)
    }

    /// True where a folded family name may be read as a word of a dictionary whose tag is asked for.
    pub(super) fn is_family(&self, name: &[char], dict: &Dict, asked: impl Fn(u16) -> bool) -> bool {
        is_read(&self.family_tables(), name, dict, asked)
    }

    /// The same of a given name.
    pub(super) fn is_given(&self, name: &[char], dict: &Dict, asked: impl Fn(u16) -> bool) -> bool {
        is_read(&self.given_tables(name), name, dict, asked)
    }

    const fn family_tables(&self) -> [&Table; 3] {
        [&self.family, &self.given, &self.alone]
    }

    /// Of one kanji, what it is read as by itself, where that is known.
    fn given_tables(&self, name: &[char]) -> [&Table; 3] {
        let alone = name.len() == 1 && self.alone.get(name).is_some();
        if alone { [&self.alone; 3] } else { [&self.given, &self.alone, &self.family] }
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
                    1 => table.keys.push(' '),
                    letter => table.keys.push(char::from_u32(letter.checked_add(LETTERS_FROM)?)?),
                }
            }
            let block = block_of(char::from_u32(first)?);
            let before = table.ends.len();
            table.blocks.resize(table.blocks.len().max(block + 1), before);
            table.ends.push((table.kanji.len(), table.keys.len()));
        }
        Some(table)
    }

    /// Where a unit begins: behind the one before it.
    fn start(&self, unit: usize) -> (usize, usize) {
        unit.checked_sub(1).and_then(|last| self.ends.get(last)).copied().unwrap_or_default()
    }

    fn get(&self, unit: &[char]) -> Option<&str> {
        let block = block_of(*unit.first()?);
        let (mut low, mut high) =
            (*self.blocks.get(block)?, self.blocks.get(block + 1).copied().unwrap_or(self.ends.len()));
        while low < high {
            let middle = low.midpoint(high);
            let (from, &(to, keys)) = (self.start(middle), self.ends.get(middle)?);
            match self.kanji.get(from.0..to)?.cmp(unit) {
                core::cmp::Ordering::Less => low = middle + 1,
                core::cmp::Ordering::Equal => return self.keys.get(from.1..keys),
                core::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }
}

/// The block of a character, of sixteen: what stands before the usual kanji, or far behind them, is of the first or the last.
fn block_of(c: char) -> usize {
    (u32::from(c).clamp(0x4e00, 0xa000) as usize - 0x4e00) >> 4
}

/// Readings of a unit that begins at a place, by rank, handed on: single kanji by the first table that has them, longer
/// units by the first table alone, kana as they are.
fn each_reading(tables: &[&Table], name: &[char], at: usize, len: usize, mut each: impl FnMut(usize, &str)) {
    let mut unit = [' '; UNIT_MAX];
    for (place, i) in unit.iter_mut().zip(at..at + len) {
        *place = kanji_at(name, i).unwrap_or_default();
    }
    let own;
    let keys = match unit.get(..len).unwrap_or_default() {
        // Between kanji it is read so.
        ['ケ'] => Some("ga ke ka"),
        [kana] if ('ァ'..='ヺ').contains(kana) => {
            own = romaji::keys_of_kana(kana.encode_utf8(&mut [0; 4]));
            own.first().map(String::as_str)
        }
        [one] => tables.iter().find_map(|table| table.get(&[*one])),
        unit => tables.first().and_then(|table| table.get(unit)),
    };
    for (rank, key) in keys.unwrap_or_default().split_terminator(' ').enumerate() {
        each(rank, key);
    }
}

/// Readings of all units, put together.
fn compose(tables: &[&Table], name: &[char], most: usize) -> Vec<String> {
    if name.is_empty() || name.len() > NAME_MAX {
        return Vec::new();
    }
    let mut ways: Vec<Vec<(usize, String)>> = vec![Vec::new(); name.len() + 1];
    ways.first_mut().into_iter().for_each(|first| first.push((0, String::new())));
    for at in 0..name.len() {
        let here = best(ways.get_mut(at).map(core::mem::take).unwrap_or_default(), WAYS);
        for len in 1..=UNIT_MAX.min(name.len() - at) {
            let Some(next) = ways.get_mut(at + len) else { break };
            each_reading(tables, name, at, len, |rank, key| {
                let cost = rank + usize::from(rank > 0) + if len == 1 { KANJI } else { 0 };
                next.extend(here.iter().map(|(sum, before)| (sum + cost, joined(before, key))));
            });
        }
    }
    let mut whole = ways.pop().unwrap_or_default();
    whole.retain(|way| !way.1.ends_with(DOUBLES));
    best(whole, most).into_iter().map(|way| way.1).collect()
}

/// The key of two keys: a consonant may be doubled, and long vowels may meet.
pub(super) fn joined(a: &str, b: &str) -> String {
    let doubled = a.strip_suffix(DOUBLES).map(|a| (a, b.chars().next()));
    let (a, double) = doubled.unwrap_or((a, None));
    let chars: Vec<char> = a.chars().chain(double).chain(b.chars()).collect();
    romaji::key(&chars).unwrap_or_default()
}

/// Walks a dictionary along all readings at once: most end at their first letters.
fn is_read(tables: &[&Table], name: &[char], dict: &Dict, asked: impl Fn(u16) -> bool) -> bool {
    let mut open = vec![(0, None, '\0')];
    let mut steps = 0;
    while let Some((at, walk, last)) = open.pop() {
        steps += 1;
        if at == name.len() || steps > STEPS {
            if walk.is_some_and(|walk| dict.tags(walk).iter().any(|&tag| asked(tag))) {
                return true;
            }
            continue;
        }
        for len in 1..=UNIT_MAX.min(name.len() - at) {
            each_reading(tables, name, at, len, |_, key| {
                if let Some((walk, last)) = walked(dict, walk, last, key) {
                    open.push((at + len, Some(walk), last));
                }
            });
        }
    }
    false
}

/// The walk along one more key; `None` where no word goes on so.
fn walked(dict: &Dict, from: Option<Walk>, mut last: char, key: &str) -> Option<(Walk, char)> {
    let mut walk = from;
    for c in key.chars() {
        let long = match c {
            'a' | 'i' | 'e' | 'o' => last == c,
            'u' => matches!(last, 'o' | 'u'),
            _ => c == DOUBLES,
        };
        let times = if long { 0 } else { 1 + usize::from(last == DOUBLES) };
        for _ in 0..times {
            walk = Some(match walk {
                Some(walk) => dict.step(walk, c)?,
                None => dict.begin(c)?,
            });
        }
        last = if long && c != DOUBLES { last } else { c };
    }
    walk.map(|walk| (walk, last))
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
