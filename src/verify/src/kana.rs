//! Readings in kana and what is made of them: letters in every style, small kana made large, and keys under which the
//! styles meet.

/// Syllables of one kana, each with its letters in the Nihon style.
const SYLLABLES: &str = "アa イi ウu エe オo カka キki クku ケke コko サsa シsi スsu セse ソso タta チti ツtu テte トto ナna ニni ヌnu ネne ノno ハha \
    ヒhi フhu ヘhe ホho マma ミmi ムmu メme モmo ヤya ユyu ヨyo ラra リri ルru レre ロro ワwa ヰi ヱe ヲwo ヴvu ガga ギgi グgu \
    ゲge ゴgo ザza ジzi ズzu ゼze ゾzo ダda ヂdi ヅdu デde ドdo バba ビbi ブbu ベbe ボbo パpa ピpi プpu ペpe ポpo ヵka";

/// Small kana, each before its large form.
const SMALL: &str = "ァアィイゥウェエォオッツャヤュユョヨヮワヵカヶケぁあぃいぅうぇえぉおっつゃやゅゆょよゎわゕかゖけ";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Hepburn,
    Kunrei,
    Nihon,
}

/// How a long vowel is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Long {
    Typed,
    Short,
    Oh,
    Circumflex,
    Macron,
}

/// How ン is written before other sounds than usual.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Nasal {
    N,
    M,
    Apostrophe,
    Hyphen,
}

enum Sound {
    /// In the Nihon style.
    Syllable(String),
    Nasal,
    Double,
    Long,
}

/// True for a text of kana of either script and any width, the long mark included.
pub fn is_kana(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| matches!(c, '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FF}' | '\u{FF66}'..='\u{FF9F}'))
}

/// Small kana made large, as old systems print them.
pub fn large(text: &str) -> String {
    text.chars().map(large_of).collect()
}

fn large_of(c: char) -> char {
    let mut rest = SMALL.chars();
    while let (Some(small), Some(large)) = (rest.next(), rest.next()) {
        if small == c {
            return large;
        }
    }
    c
}

/// What a reading in katakana becomes in letters, lower case: Hepburn, Kunrei and Nihon, with each way to write long vowels
/// and ン. Empty where a sign is no kana.
pub fn romanised(reading: &str) -> Vec<String> {
    let Some(sounds) = sounds(reading) else { return Vec::new() };
    let mut out: Vec<String> = Vec::new();
    for style in [Style::Hepburn, Style::Kunrei, Style::Nihon] {
        for long in [Long::Short, Long::Typed, Long::Oh, Long::Circumflex, Long::Macron] {
            for nasal in [Nasal::N, Nasal::M, Nasal::Apostrophe, Nasal::Hyphen] {
                let text = letters(&sounds, style, long, nasal);
                if !out.contains(&text) {
                    out.push(text);
                }
            }
        }
    }
    out
}

fn sounds(reading: &str) -> Option<Vec<Sound>> {
    let mut out = Vec::new();
    for c in reading.chars() {
        out.push(match c {
            'ン' => Sound::Nasal,
            'ッ' => Sound::Double,
            'ー' => Sound::Long,
            'ャ' | 'ュ' | 'ョ' | 'ァ' | 'ィ' | 'ゥ' | 'ェ' | 'ォ' | 'ヮ' => {
                let Some(Sound::Syllable(before)) = out.last_mut() else { return None };
                glide(before, c);
                continue;
            }
            c => Sound::Syllable(SYLLABLES.split(' ').find_map(|s| s.strip_prefix(c))?.to_owned()),
        });
    }
    Some(out)
}

/// The syllable with a small kana after it: its vowel gives way.
fn glide(syllable: &mut String, small: char) {
    let vowel = match small {
        'ャ' | 'ァ' | 'ヮ' => 'a',
        'ュ' | 'ゥ' => 'u',
        'ョ' | 'ォ' => 'o',
        'ィ' => 'i',
        _ => 'e',
    };
    let own = syllable.pop();
    if matches!(small, 'ャ' | 'ュ' | 'ョ') && own == Some('i') {
        syllable.push('y');
    }
    syllable.push(vowel);
}

fn letters(sounds: &[Sound], style: Style, long: Long, nasal: Nasal) -> String {
    let mut out = String::new();
    for (i, sound) in sounds.iter().enumerate() {
        let next = match sounds.get(i + 1) {
            Some(Sound::Syllable(s)) => styled(s, style),
            _ => String::new(),
        };
        match sound {
            Sound::Nasal => out.push_str(nasal_of(&next, nasal)),
            Sound::Double if next.starts_with("ch") => out.push('t'),
            Sound::Double => out.extend(next.chars().next().filter(|c| !is_vowel(*c))),
            Sound::Long => lengthen(&mut out, long, None),
            Sound::Syllable(s) => {
                let before =
                    matches!(i.checked_sub(1).and_then(|b| sounds.get(b)), Some(Sound::Syllable(_) | Sound::Long));
                match (s.as_str(), out.chars().last().filter(|_| before)) {
                    ("u", Some('o' | 'u')) | ("o", Some('o')) => lengthen(&mut out, long, Some(s)),
                    _ => out.push_str(&styled(s, style)),
                }
            }
        }
    }
    out
}

fn styled(nihon: &str, style: Style) -> String {
    let plain = if nihon == "wo" && style != Style::Nihon { "o" } else { nihon };
    let change = |table: &[(&str, &str)]| {
        let found = table.iter().find_map(|(from, to)| plain.strip_prefix(from).map(|rest| format!("{to}{rest}")));
        found.unwrap_or_else(|| plain.to_owned())
    };
    match style {
        Style::Nihon => plain.to_owned(),
        Style::Kunrei => change(&[("di", "zi"), ("du", "zu"), ("dy", "zy")]),
        Style::Hepburn => change(&[
            ("si", "shi"),
            ("sy", "sh"),
            ("ti", "chi"),
            ("ty", "ch"),
            ("tu", "tsu"),
            ("hu", "fu"),
            ("zi", "ji"),
            ("zy", "j"),
            ("di", "ji"),
            ("dy", "j"),
            ("du", "zu"),
        ]),
    }
}

fn nasal_of(next: &str, nasal: Nasal) -> &'static str {
    match next.as_bytes().first() {
        Some(b'b' | b'm' | b'p') if nasal == Nasal::M => "m",
        Some(b'a' | b'i' | b'u' | b'e' | b'o' | b'y') if nasal == Nasal::Apostrophe => "n'",
        Some(b'a' | b'i' | b'u' | b'e' | b'o' | b'y') if nasal == Nasal::Hyphen => "n-",
        _ => "n",
    }
}

/// Makes the last vowel long; `typed`: the kana that does so, none for the long mark.
fn lengthen(out: &mut String, long: Long, typed: Option<&str>) {
    let Some(vowel) = out.chars().last().filter(|c| is_vowel(*c)) else { return };
    let marked = |marks: &str| marks.chars().nth("aiueo".find(vowel).unwrap_or(0)).unwrap_or(vowel);
    match long {
        Long::Typed => out.push_str(typed.unwrap_or(vowel.encode_utf8(&mut [0; 4]))),
        Long::Oh if vowel == 'o' => out.push('h'),
        Long::Oh | Long::Short => {}
        Long::Circumflex | Long::Macron => {
            out.pop();
            out.push(marked(if long == Long::Macron { "āīūēō" } else { "âîûêô" }));
        }
    }
}

fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'i' | 'u' | 'e' | 'o')
}

/// The key that all styles of one name share, of letters in lower case without marks. What is no romanised name has one too,
/// which says nothing by itself.
pub fn romaji_key(letters: &str) -> String {
    const STEPS: [(&str, &str); 24] = [
        ("'", ""),
        ("-", ""),
        (".", ""),
        (" ", ""),
        ("tch", "cch"),
        ("shi", "si"),
        ("sh", "sy"),
        ("chi", "ti"),
        ("cch", "tty"),
        ("ch", "ty"),
        ("ts", "t"),
        ("fu", "hu"),
        ("ji", "zi"),
        ("jy", "zy"),
        ("j", "zy"),
        ("di", "zi"),
        ("du", "zu"),
        ("dz", "z"),
        ("l", "r"),
        ("wo", "o"),
        ("mb", "nb"),
        ("mm", "nm"),
        ("mp", "np"),
        ("ou", "o"),
    ];
    let mut text = letters.to_owned();
    for (from, to) in STEPS {
        if text.contains(from) {
            text = text.replace(from, to);
        }
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let silent = c == 'h' && out.ends_with('o') && !rest.peek().is_some_and(|n| is_vowel(*n) || *n == 'y');
        if !(silent || is_vowel(c) && out.ends_with(c)) {
            out.push(c);
        }
    }
    out
}

/// The keys of the letters of a run of katakana with large letters: as it stands, and where large ones stand for small ones.
pub fn keys_of_kana(large: &str) -> Vec<String> {
    const SMALLER: [(&str, &str); 5] = [("iy", "y"), ("tuk", "kk"), ("tus", "ss"), ("tut", "tt"), ("tup", "pp")];
    let Some(sounds) = sounds(large) else { return Vec::new() };
    let plain = romaji_key(&letters(&sounds, Style::Nihon, Long::Short, Nasal::N));
    let small = SMALLER.iter().fold(plain.clone(), |key, (from, to)| key.replace(from, to));
    if small == plain { vec![plain] } else { vec![romaji_key(&small), plain] }
}

/// The key of a run of katakana with large letters: long vowels are short, sounds that are written in two ways are one.
pub fn kana_key(large: &str) -> String {
    const O: &str = "オコソトノホモヨロヲゴゾドボポ";
    const U: &str = "ウクスツヌフムユルヴグズヅブプ";
    let mut out = String::with_capacity(large.len());
    let mut before = ' ';
    for c in large.chars() {
        let long = c == 'ー' || matches!(c, 'ウ' | 'オ') && O.contains(before) || c == 'ウ' && U.contains(before);
        before = c;
        if !long {
            out.push(match c {
                'ヂ' => 'ジ',
                'ヅ' => 'ズ',
                'ヲ' => 'オ',
                'ヴ' => 'ブ',
                c => c,
            });
        }
    }
    // One letter says nothing any more.
    if out.chars().nth(1).is_some() { out } else { large.to_owned() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
    use super::*;
    use crate::tests::shared;
    use unicode_normalization::UnicodeNormalization;

    fn rows() -> Option<Vec<serde_json::Value>> {
        let all: serde_json::Value = serde_json::from_slice(&shared("japan/name_forms.json")?).unwrap();
        Some(all["names"].as_array().unwrap().clone())
    }

    #[test]
    fn every_style_of_every_reading() {
        let mut count = 0;
        for row in rows().into_iter().flatten() {
            let reading = row["katakana"].as_str().unwrap();
            let made = romanised(reading);
            for form in row["romaji"].as_array().unwrap() {
                assert!(made.contains(&form.as_str().unwrap().to_owned()), "{form} of {reading}: {made:?}");
                count += 1;
            }
            assert_eq!(large(reading), row["large_kana"].as_str().unwrap());
        }
        assert!(count == 0 || count > 200);
    }

    #[test]
    fn styles_meet_under_one_key() {
        for row in rows().into_iter().flatten() {
            let key = row["key"].as_str().unwrap();
            for form in row["romaji"].as_array().unwrap() {
                let plain: String = form.as_str().unwrap().nfd().filter(char::is_ascii).collect();
                assert_eq!(romaji_key(&plain), key, "{form}");
            }
            assert!(romanised(row["katakana"].as_str().unwrap()).iter().any(|f| romaji_key(f) == key));
        }
        assert_ne!(romaji_key("yamada"), romaji_key("yamamoto"));
    }

    #[test]
    fn what_is_no_reading_has_no_letters() {
        assert!(romanised("山田").is_empty());
        assert!(is_kana("ﾔﾏﾀﾞ") && is_kana("さとー") && !is_kana("山だ") && !is_kana(""));
        for (a, b) in [("サトー", "サトウ"), ("オオノ", "オノ"), ("チヅル", "チズル"), ("ユウコ", "ユコ")]
        {
            assert_eq!(kana_key(a), kana_key(b));
        }
        assert_eq!(kana_key("オウ"), "オウ");
    }
}
