//! Scheme `tokumei/1`, computed a second time (design 6): what we generated is recomputed, not believed.

use crate::policy::{DateSteps, IdRule, LeadingZeros};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use unicode_normalization::UnicodeNormalization;

type HmacSha256 = Hmac<Sha256>;

const SALT: &[u8] = b"tokumei/1";
const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// One keyed function a purpose.
pub struct Secrets {
    patient: HmacSha256,
    uid: HmacSha256,
    date: HmacSha256,
    code: HmacSha256,
}

impl Secrets {
    /// Derives the purposes from the project's key.
    pub fn new(key: &[u8; 32]) -> Self {
        Self {
            patient: purpose(key, b"patient"),
            uid: purpose(key, b"uid"),
            date: purpose(key, b"date"),
            code: purpose(key, b"code"),
        }
    }

    /// 20 characters for a patient message.
    pub fn patient(&self, message: &[u8]) -> String {
        base32(&mac(&self.patient, &[message]), 20)
    }

    /// Days to add to this patient's dates; negative.
    pub fn shift_days(&self, message: &[u8], steps: &DateSteps) -> i64 {
        let n = mac(&self.date, &[message]).iter().take(8).fold(0u64, |n, b| n << 8 | u64::from(*b));
        let span = u64::from(steps.max_steps.saturating_sub(steps.min_steps)) + 1;
        let taken = u64::from(steps.min_steps) + n % span;
        // Far beyond the calendar in any case; the bound keeps sums of days within their type.
        -i64::from(steps.step_days).saturating_mul(i64::try_from(taken).unwrap_or(0)).min(1_000_000_000)
    }

    /// The new UID of an original one without its padding.
    pub fn uid(&self, original: &[u8], generation: &str) -> String {
        let parts: [&[u8]; 3] = [original, b"\x1f", generation.as_bytes()];
        let used = if generation.is_empty() { 1 } else { 3 };
        let digest = mac(&self.uid, parts.get(..used).unwrap_or(&[]));
        let mut n = digest.iter().take(16).fold(0u128, |n, b| n << 8 | u128::from(*b));
        // RFC 9562: version 8 in the upper half of byte 6, variant 10 in the top bits of byte 8.
        n = n & !(0xF << 76) | 0x8 << 76;
        n = n & !(0x3 << 62) | 0x2 << 62;
        format!("2.25.{n}")
    }

    /// 16 characters for another identifier.
    pub fn code(&self, namespace: &str, field: &str, canonical: &str) -> String {
        base32(&mac(&self.code, &[namespace.as_bytes(), b"\x1f", field.as_bytes(), b"\x1f", canonical.as_bytes()]), 16)
    }
}

fn purpose(key: &[u8; 32], info: &[u8]) -> HmacSha256 {
    let mut out = [0u8; 32];
    // 32 bytes are a legal length for one block of HKDF, and every length is a legal HMAC key.
    let _ = Hkdf::<Sha256>::new(Some(SALT), key).expand(info, &mut out);
    HmacSha256::new(&out_key(&out))
}

fn out_key(bytes: &[u8; 32]) -> hmac::digest::Key<HmacSha256> {
    let mut key = hmac::digest::Key::<HmacSha256>::default();
    key.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    key
}

fn mac(keyed: &HmacSha256, parts: &[&[u8]]) -> [u8; 32] {
    let mut m = keyed.clone();
    for part in parts {
        m.update(part);
    }
    m.finalize().into_bytes().into()
}

fn base32(digest: &[u8; 32], chars: usize) -> String {
    let bit = |i: usize| digest.get(i / 8).map_or(0, |b| usize::from(b >> (7 - i % 8) & 1));
    (0..chars)
        .filter_map(|c| CROCKFORD.get((0..5).fold(0, |n, b| n << 1 | bit(c * 5 + b))))
        .map(|b| char::from(*b))
        .collect()
}

/// The message of a patient: namespace and canonical ID, or the study where there is no usable ID.
pub fn patient_message(namespace: &str, id: &str, study: &[u8]) -> Vec<u8> {
    let mut out = namespace.as_bytes().to_vec();
    out.push(0x1F);
    if id.is_empty() {
        out.push(0x1E);
        out.extend_from_slice(study);
    } else {
        out.extend_from_slice(id.as_bytes());
    }
    out
}

/// The canonical form of an ID; `None` where it holds private use or replacement characters.
pub fn canonical_id(text: &str, rule: &IdRule) -> Option<String> {
    let chars: Vec<char> = text.nfkc().collect();
    if chars.iter().any(|c| is_private_use(*c) || *c == '\u{FFFD}') {
        return None;
    }
    let digit_at = |i: Option<usize>| i.and_then(|i| chars.get(i)).is_some_and(char::is_ascii_digit);
    let mut folded = String::with_capacity(chars.len());
    for (i, &c) in chars.iter().enumerate() {
        let long_vowel_as_dash = c == '\u{30FC}' && digit_at(i.checked_sub(1)) && digit_at(i.checked_add(1));
        let c = if long_vowel_as_dash || matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}') { '-' } else { c };
        if rule.drop.contains(c) {
            continue;
        }
        if is_white_space(c) {
            folded.push(' ');
        } else if !c.is_control() && !is_format(c) {
            folded.push(c);
        }
    }
    let words: Vec<&str> = folded.split(' ').filter(|w| !w.is_empty()).collect();
    let id = words.join(" ").to_uppercase();
    if rule.leading_zeros == LeadingZeros::Keep || id.is_empty() || !id.bytes().all(|b| b.is_ascii_digit()) {
        return Some(id);
    }
    let stripped = id.trim_start_matches('0');
    let stripped = if stripped.is_empty() { "0" } else { stripped };
    Some(match rule.leading_zeros {
        LeadingZeros::Pad => format!("{stripped:0>width$}", width = rule.pad.min(64) as usize),
        _ => stripped.to_owned(),
    })
}

fn is_private_use(c: char) -> bool {
    matches!(u32::from(c), 0xE000..=0xF8FF | 0xF_0000..=0x10_FFFF)
}

fn is_white_space(c: char) -> bool {
    // U+001C to U+001F are controls here, unlike in `char::is_whitespace` of some languages.
    c.is_whitespace()
}

/// General category Cf.
fn is_format(c: char) -> bool {
    matches!(u32::from(c),
        0xAD | 0x0600..=0x0605 | 0x061C | 0x06DD | 0x070F | 0x0890..=0x0891 | 0x08E2 | 0x180E | 0x200B..=0x200F
        | 0x202A..=0x202E | 0x2060..=0x2064 | 0x2066..=0x206F | 0xFEFF | 0xFFF9..=0xFFFB | 0x1_10BD | 0x1_10CD
        | 0x1_3430..=0x1_343F | 0x1_BCA0..=0x1_BCA3 | 0x1_D173..=0x1_D17A | 0xE_0001 | 0xE_0020..=0xE_007F)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
    use super::*;

    fn key(first: u8) -> [u8; 32] {
        core::array::from_fn(|i| first + u8::try_from(i).unwrap())
    }

    #[test]
    fn vectors_of_the_scheme() {
        let s = Secrets::new(&key(0));
        let m = patient_message("", "12345678", b"");
        let shared = crate::tests::shared("vectors/pseudonym_vectors.json");
        let Some(text) = shared else { return };
        let text = String::from_utf8(text).unwrap();
        // The values are looked up as text: this crate has no JSON reader and needs none.
        for expected in
            [s.patient(&m), s.uid(b"1.2.3.4", ""), s.uid(b"1.2.3.4", "2"), s.code("", "accession", "A20240501-001")]
        {
            assert!(text.contains(&format!("\"{expected}\"")), "{expected}");
        }
        let steps = DateSteps::default();
        assert!(
            text.contains(&format!("\"date_shift_days\": {}", s.shift_days(&m, &steps)))
                || text.contains(&format!("\"date_shift_days\":{}", s.shift_days(&m, &steps)))
        );
        let no_id = patient_message("1312345", "", b"1.2.840.113619.2.55.3.604688119.969.1268071029.320");
        assert!(text.contains(&s.patient(&no_id)));
    }

    #[test]
    fn canonical_forms() {
        let keep = IdRule::default();
        let strip = IdRule { leading_zeros: LeadingZeros::Strip, drop: "-*".into(), ..IdRule::default() };
        for (text, rule, id) in [
            ("１２３４５６７８", &keep, "12345678"),
            (" 12345678 ", &keep, "12345678"),
            ("ａｂｃ－０００１", &keep, "ABC-0001"),
            ("12\u{1c}34", &keep, "1234"),
            ("12ー34", &keep, "12-34"),
            ("サー1", &keep, "サー1"),
            ("1\u{3000}1", &keep, "1 1"),
            ("*0012-3*", &strip, "123"),
            ("0000", &strip, "0"),
        ] {
            assert_eq!(canonical_id(text, rule).as_deref(), Some(id), "{text}");
        }
        assert_eq!(canonical_id("12\u{E000}", &keep), None);
    }
}
