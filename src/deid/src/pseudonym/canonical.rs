//! The canonical form of a Patient ID: what the same person's ID becomes however it was typed.
//!
//! Images, linked tables and opt-out lists share this form, so it is a part of the scheme `tokumei/1`.

use super::category::{is_control_or_format, is_private_or_surrogate};
use super::nfkc::nfkc;
use crate::json::fill::words;
use serde::{Deserialize, Serialize};

/// An ID that holds private use characters (gaiji) or replacement characters: it never makes a pseudonym.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undecodable;

impl core::fmt::Display for Undecodable {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("patient-id-unreadable")
    }
}

impl core::error::Error for Undecodable {}

/// What happens to leading zeros of all-digit IDs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum LeadingZeros {
    /// They count.
    #[default]
    Keep,
    /// They go.
    Strip,
    /// They go, then the ID is filled with zeros to a fixed width.
    Pad,
}

words!(LeadingZeros { Keep: "keep", Strip: "strip", Pad: "pad" });

/// How one hospital's IDs are written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IdRule {
    /// What happens to leading zeros.
    pub leading_zeros: LeadingZeros,
    /// Digits, where [`LeadingZeros::Pad`].
    pub pad: usize,
    /// Characters that this hospital's IDs carry without meaning, such as `-*`.
    pub drop: String,
}

/// `White_Space` of Unicode without 1C to 1F, which are controls that no ID means.
fn is_white_space(c: char) -> bool {
    matches!(
        c,
        '\t' | '\n' | '\u{b}' | '\u{c}' | '\r' | ' ' | '\u{85}' | '\u{a0}' | '\u{1680}' | '\u{2000}'
            ..='\u{200a}' | '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
    )
}

fn is_dash(c: char) -> bool {
    matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// The canonical form: NFKC; dashes to `-`; characters of `drop` and of the general categories Cc and Cf dropped;
/// white space dropped at the ends and folded inside; upper case; leading zeros by rule.
pub fn canonical_id(text: &str, rule: &IdRule) -> Result<String, Undecodable> {
    let normal = nfkc(text);
    if normal.iter().any(|&c| c == '\u{fffd}' || is_private_or_surrogate(c)) {
        return Err(Undecodable);
    }
    let folded = fold(&normal, &rule.drop).to_uppercase();
    Ok(match rule.leading_zeros {
        LeadingZeros::Keep => folded,
        _ if folded.is_empty() || !folded.bytes().all(|b| b.is_ascii_digit()) => folded,
        zeros => {
            let digits = match folded.trim_start_matches('0') {
                "" => "0",
                rest => rest,
            };
            match zeros {
                LeadingZeros::Pad => format!("{digits:0>width$}", width = rule.pad),
                _ => digits.to_owned(),
            }
        }
    })
}

fn fold(normal: &[char], drop: &str) -> String {
    let digit_at = |i: Option<usize>| i.and_then(|i| normal.get(i)).is_some_and(char::is_ascii_digit);
    let mut out = String::with_capacity(normal.len());
    let mut gap = false;
    for (i, &c) in normal.iter().enumerate() {
        let long_vowel = c == '\u{30fc}' && digit_at(i.checked_sub(1)) && digit_at(i.checked_add(1));
        let c = if long_vowel || is_dash(c) { '-' } else { c };
        if drop.contains(c) {
            continue;
        }
        if is_white_space(c) {
            gap = !out.is_empty();
        } else if !is_control_or_format(c) {
            if gap {
                out.push(' ');
                gap = false;
            }
            out.push(c);
        }
    }
    out
}

/// The loose form, only for finding IDs that may be the same person's: the canonical form with zeros kept, without
/// spaces, hyphens, underscore, full stop, slash, `#`, `*` and brackets, and without leading zeros when all digits.
/// Never the input of a pseudonym.
pub fn loose_id(canonical_keep: &str) -> String {
    let bare: String = canonical_keep.chars().filter(|c| !" -_./#*()[]".contains(*c)).collect();
    if !bare.is_empty() && bare.bytes().all(|b| b.is_ascii_digit()) {
        match bare.trim_start_matches('0') {
            "" => "0".to_owned(),
            rest => rest.to_owned(),
        }
    } else {
        bare
    }
}

/// True where a canonical ID stands for nobody: empty, zeros, six or more equal digits, words such as `TEST`, or an
/// entry of the policy's own list (`patient.id.dummies`, compared in canonical form).
pub fn is_dummy_id(canonical: &str, policy_dummies: &[String]) -> bool {
    const WORDS: [&str; 9] =
        ["UNKNOWN", "ANONYMOUS", "ANONYMIZED", "ANON", "NONE", "不明", "氏名不詳", "匿名", "患者不明"];
    let loose = loose_id(canonical);
    let mut bytes = loose.bytes();
    let equal_digits = |first: u8| first.is_ascii_digit() && loose.bytes().all(|b| b == first);
    loose.is_empty()
        || loose == "0"
        || bytes.next().is_some_and(|first| loose.len() >= 6 && equal_digits(first))
        || is_test_word(&loose)
        || WORDS.contains(&canonical)
        || policy_dummies.iter().any(|d| canonical_id(d, &IdRule::default()).is_ok_and(|d| d == canonical))
}

/// `TEST` alone or followed by digits: a name that merely begins so is not one.
fn is_test_word(loose: &str) -> bool {
    loose.strip_prefix("TEST").is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()))
}
