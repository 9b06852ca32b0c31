//! Hangul syllables (Unicode 3.12): their letters follow from their code points.

const SYLLABLES: u32 = 0xAC00;
const LEADS: u32 = 0x1100;
const VOWELS: u32 = 0x1161;
/// The tail of a syllable that has none.
const TAILS: u32 = 0x11A7;
const LEAD_COUNT: u32 = 19;
const VOWEL_COUNT: u32 = 21;
const TAIL_COUNT: u32 = 28;

/// Place of a character in a range.
fn place(c: char, first: u32, count: u32) -> Option<u32> {
    u32::from(c).checked_sub(first).filter(|&place| place < count)
}

/// Adds the letters of a syllable; of any other character itself.
pub(super) fn decompose(c: char, out: &mut Vec<char>) {
    let Some(syllable) = place(c, SYLLABLES, LEAD_COUNT * VOWEL_COUNT * TAIL_COUNT) else { return out.push(c) };
    let (pair, tail) = (syllable / TAIL_COUNT, syllable % TAIL_COUNT);
    let letters = [LEADS + pair / VOWEL_COUNT, VOWELS + pair % VOWEL_COUNT, TAILS + tail];
    out.extend(letters.into_iter().take(if tail == 0 { 2 } else { 3 }).filter_map(char::from_u32));
}

/// The syllable of two letters, or of a syllable without tail and a tail.
pub(super) fn compose(first: char, last: char) -> Option<char> {
    let syllable = if let Some(lead) = place(first, LEADS, LEAD_COUNT) {
        (lead * VOWEL_COUNT + place(last, VOWELS, VOWEL_COUNT)?) * TAIL_COUNT
    } else {
        let pair = place(first, SYLLABLES, LEAD_COUNT * VOWEL_COUNT * TAIL_COUNT).filter(|s| s % TAIL_COUNT == 0)?;
        pair + place(last, TAILS, TAIL_COUNT).filter(|&tail| tail != 0)?
    };
    char::from_u32(SYLLABLES + syllable)
}
