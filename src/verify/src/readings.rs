//! How kanji of names may be read, both ways: likely readings of a name that a header has in kanji alone, and whether kanji
//! may be read as a name that a header has in letters or kana alone. A guess: most names of one writing are read in several
//! ways. The tables are the public ones that the engine's lists are made of; how they are put together is this crate's own.

use crate::kana::keys_of_kana;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// Readings of stretches of family names, of given names of several kanji, and of given names of one: a unit, and its
/// readings in katakana, likely ones first.
const TABLES: [&str; 3] = [
    include_str!("../../deid/data/text/family_kanji.tsv"),
    include_str!("../../deid/data/text/given_kanji_parts.tsv"),
    include_str!("../../deid/data/text/given_kanji_alone.tsv"),
];
const FAMILY: usize = 0;
const GIVEN: usize = 1;
const ALONE: usize = 2;

/// A part of a name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Family name.
    Family,
    /// Given name.
    Given,
}

/// Longest name, and longest stretch of it that has a reading of its own, in characters.
const LONGEST: usize = 6;
const UNIT: usize = 4;
/// Ways that are followed from one place.
const WAYS: usize = 32;
/// Readings of a family name and of a given name.
const READINGS: [usize; 2] = [8, 12];
/// What a kanji read by itself costs: a stretch that has a reading of its own is likelier.
const SINGLE: usize = 2;
/// Steps until kanji are read in no way.
const STEPS: usize = 512;

/// Readings by unit, one place for each table.
static UNITS: LazyLock<HashMap<&str, [&str; 3]>> = LazyLock::new(|| {
    let mut units: HashMap<&str, [&str; 3]> = HashMap::new();
    for (place, table) in TABLES.iter().enumerate() {
        for (unit, readings) in table.lines().filter_map(|line| line.split_once('\t')) {
            if let Some(known) = units.entry(unit).or_default().get_mut(place) {
                *known = readings;
            }
        }
    }
    units
});

/// Keys of readings, by the readings.
type Keys = HashMap<&'static str, Arc<[String]>>;

/// Keys of the readings that were asked for.
static KEYS: LazyLock<Mutex<Keys>> = LazyLock::new(Mutex::default);

/// Likely readings in katakana, the likeliest first.
pub fn guesses(kanji: &str, part: Part) -> Vec<String> {
    let name: Vec<char> = kanji.chars().collect();
    if name.is_empty() || name.len() > LONGEST {
        return Vec::new();
    }
    let mut ways: Vec<Vec<(usize, String)>> = vec![Vec::new(); name.len() + 1];
    ways.first_mut().into_iter().for_each(|first| first.push((0, String::new())));
    for at in 0..name.len() {
        let here = cheapest(ways.get_mut(at).map(core::mem::take).unwrap_or_default(), WAYS);
        for len in 1..=UNIT.min(name.len() - at) {
            let Some(next) = ways.get_mut(at + len) else { break };
            let unit = unit_at(&name, at, len);
            for (rank, reading) in readings_of(&unit, name.len(), part).split_terminator(' ').enumerate() {
                let cost = rank + usize::from(rank > 0) + if len == 1 { SINGLE } else { 0 };
                next.extend(here.iter().map(|(sum, before)| (sum + cost, [before, reading].concat())));
            }
        }
    }
    let mut whole = ways.pop().unwrap_or_default();
    whole.retain(|way| !way.1.ends_with('ッ'));
    cheapest(whole, READINGS[part as usize]).into_iter().map(|way| way.1).collect()
}

/// True where kanji may be read so that their letters have a key.
pub fn is_read(kanji: &[char], part: Part, key: &str) -> bool {
    let mut open = vec![(0, key, ' ')];
    for _ in 0..STEPS {
        let Some((at, rest, last)) = open.pop() else { return false };
        if at == kanji.len() {
            if rest.is_empty() {
                return true;
            }
            continue;
        }
        for len in 1..=UNIT.min(kanji.len() - at) {
            let unit = unit_at(kanji, at, len);
            for reading in keys_of(readings_of(&unit, kanji.len(), part)).iter() {
                if let Some((rest, last)) = without(rest, last, reading) {
                    open.push((at + len, rest, last));
                }
            }
        }
    }
    false
}

/// What is left of a key behind a reading: long vowels may meet, and ッ doubles what follows.
fn without<'k>(rest: &'k str, last: char, reading: &str) -> Option<(&'k str, char)> {
    let doubles = reading.ends_with('ッ');
    let letters = reading.trim_end_matches('ッ');
    let first = letters.chars().next()?;
    let meets = "aiueo".contains(first) && (first == last || first == 'u' && last == 'o');
    let rest = rest.strip_prefix(if meets { letters.get(1..)? } else { letters })?;
    let twice = rest.get(1..).filter(|after| doubles && after.chars().next() == rest.chars().next());
    Some((if doubles { twice? } else { rest }, letters.chars().next_back()?))
}

/// Keys of readings; behind that of one that ends in ッ stands ッ.
fn keys_of(readings: &'static str) -> Arc<[String]> {
    let mut known = KEYS.lock().unwrap_or_else(PoisonError::into_inner);
    let made = || {
        let key = |reading: &str| {
            let plain = keys_of_kana(reading).pop()?;
            Some(if reading.ends_with('ッ') { plain + "ッ" } else { plain })
        };
        readings.split_terminator(' ').filter_map(key).filter(|key| !key.starts_with('ッ')).collect()
    };
    Arc::clone(known.entry(readings).or_insert_with(made))
}

/// Readings of a unit of a name with so many characters: of one kanji, those of the first table that has it; of longer
/// units, those of the part's own.
fn readings_of(unit: &str, name: usize, part: Part) -> &'static str {
    let mut letters = unit.chars();
    let single = letters.next().filter(|_| letters.next().is_none());
    match single {
        // Between kanji it is read so.
        Some('ケ') => return "ガ ケ カ",
        Some(kana) if ('ァ'..='ヺ').contains(&kana) => return KANA.get(kana_place(kana)).map_or("", String::as_str),
        _ => {}
    }
    let Some(tables) = UNITS.get(unit) else { return "" };
    let order: &[usize] = match part {
        _ if single.is_none() => &[if part == Part::Family { FAMILY } else { GIVEN }],
        Part::Family => &[FAMILY, GIVEN, ALONE],
        Part::Given if name == 1 => &[ALONE, GIVEN, FAMILY],
        Part::Given => &[GIVEN, ALONE, FAMILY],
    };
    order.iter().filter_map(|table| tables.get(*table)).find(|readings| !readings.is_empty()).copied().unwrap_or("")
}

/// Kana by themselves.
static KANA: LazyLock<Vec<String>> = LazyLock::new(|| ('ァ'..='ヺ').map(String::from).collect());

const fn kana_place(kana: char) -> usize {
    (kana as usize).saturating_sub('ァ' as usize)
}

/// Characters of a name, where 々 says the one before it again.
fn unit_at(name: &[char], at: usize, len: usize) -> String {
    let letter = |i: usize| match name.get(i) {
        Some('々') => i.checked_sub(1).and_then(|last| name.get(last)),
        letter => letter,
    };
    (at..at + len).filter_map(letter).collect()
}

/// The cheapest ways, each reading once.
fn cheapest(mut ways: Vec<(usize, String)>, most: usize) -> Vec<(usize, String)> {
    ways.sort_unstable();
    let mut out: Vec<(usize, String)> = Vec::new();
    for way in ways {
        if out.len() < most && out.iter().all(|known| known.1 != way.1) {
            out.push(way);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn likely_readings_come_first() {
        for (kanji, part, reading) in [
            ("新垣", Part::Family, "アラカキ"),
            ("長谷部", Part::Family, "ハセベ"),
            ("一色", Part::Family, "イッシキ"),
            ("佐々木", Part::Family, "ササキ"),
            ("健一", Part::Given, "ケンイチ"),
            ("恵", Part::Given, "メグミ"),
        ] {
            assert!(guesses(kanji, part).iter().any(|r| r == reading), "{kanji}: {:?}", guesses(kanji, part));
        }
        assert!(guesses("", Part::Family).is_empty() && guesses("頭部単純撮影法", Part::Family).is_empty());
    }

    #[test]
    fn kanji_are_read_as_a_key_says() {
        let read = |kanji: &str, part, key: &str| is_read(&kanji.chars().collect::<Vec<_>>(), part, key);
        assert!(read("新垣", Part::Family, "arakaki") && read("大野", Part::Family, "ono"));
        assert!(read("一色", Part::Family, "issiki") && !read("健一", Part::Given, "keni"));
        assert!(read("健一", Part::Given, "keniti") && !read("新垣", Part::Family, "yamada"));
    }
}
