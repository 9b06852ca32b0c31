//! What may stand in an output element by element: Table E.1-1 as applied, private blocks, generated values.

use crate::Verifier;
use crate::entry::{Entry, trim};
use crate::expected::{Expected, Patient};
use crate::identity::Identities;
use crate::kinds::{is_structural_uid, kind_of};
use crate::method::is_our_word;
use crate::policy::Descriptors;
use crate::skim::u16_at;
use crate::table::Effective;
use crate::verdict::{Detail, Hit};
use std::collections::HashMap;

/// The rules on one output.
pub struct Rules<'a> {
    verifier: &'a Verifier,
    identities: &'a Identities<'a>,
    expected: &'a Expected,
    patients: Vec<&'a Patient>,
    big: bool,
}

/// Private creators by item, group and block (PS3.5 7.8.1).
type Creators = HashMap<(u32, u16, u16), String>;

impl<'a> Rules<'a> {
    /// Rules for an output whose Patient ID is `patient_id`.
    pub fn new(
        verifier: &'a Verifier,
        identities: &'a Identities<'a>,
        expected: &'a Expected,
        patient_id: &[u8],
        big: bool,
    ) -> Result<Self, Hit> {
        let mut patients: Vec<&Patient> = expected.patients.iter().collect();
        if verifier.tables.action(0x0010_0020) != Effective::Keep && !patient_id.is_empty() {
            patients.retain(|p| p.pseudonym.as_bytes() == patient_id);
            if patients.is_empty() {
                return Err(Hit { detail: Detail::PatientId, tag_path: Some("0010,0020".to_owned()) });
            }
        }
        Ok(Self { verifier, identities, expected, patients, big })
    }

    /// Checks every element. `Ok`: the stretches of `bytes` that hold values which we generated or the policy keeps.
    pub fn check(&self, entries: &[Entry], bytes: &[u8]) -> Result<Vec<(usize, usize)>, (Detail, usize)> {
        let mut skip = Vec::new();
        let mut creators = Creators::new();
        for (i, e) in entries.iter().enumerate() {
            let filled = !e.is_sequence() || entries.get(i + 1).is_some_and(|n| n.parent as usize == i);
            self.structure(e, bytes, &mut creators).map_err(|d| (d, i))?;
            let value = e.value(bytes);
            if self.value(e, value, filled).map_err(|d| (d, i))? || is_our_word(e, entries, value) {
                skip.push((e.at, e.at + e.len));
            }
        }
        Ok(skip)
    }

    /// Groups and elements that no output has, and private blocks.
    fn structure(&self, e: &Entry, bytes: &[u8], creators: &mut Creators) -> Result<(), Detail> {
        let (group, element) = (e.group(), e.element());
        match (group, element) {
            (0x0000 | 0x0002 | 0x0004, _) => return Err(Detail::ForbiddenGroup),
            (0x5000..=0x50FF | 0x6000..=0x60FF, _) if group & 1 == 0 => return Err(Detail::ForbiddenGroup),
            (_, 0x0000) => return Err(Detail::GroupLength),
            (0xFFFC, 0xFFFC) | (0xFFFA, 0xFFFA) => return Err(Detail::ForbiddenElement),
            _ => {}
        }
        if group & 1 == 0 {
            return Ok(());
        }
        if (0x10..0x100).contains(&element) {
            let name = String::from_utf8_lossy(trim(e.value(bytes))).into_owned();
            let known = self.verifier.tables.knows_creator(&name)
                || self.verifier.policy.private_allow.iter().any(|p| p.creator == name);
            creators.insert((e.scope, group, element), name);
            return if known { Ok(()) } else { Err(Detail::Private) };
        }
        let creator = creators.get(&(e.scope, group, element >> 8)).ok_or(Detail::Private)?;
        let low = u8::try_from(element & 0xFF).unwrap_or(0);
        let allowed = self
            .verifier
            .policy
            .private_allow
            .iter()
            .any(|p| p.creator == *creator && p.group == group && p.element == low);
        if allowed || self.verifier.tables.safe_private(creator, group, low) { Ok(()) } else { Err(Detail::Private) }
    }

    /// Checks a value. `true`: it is not searched.
    fn value(&self, e: &Entry, value: &[u8], filled: bool) -> Result<bool, Detail> {
        let action = self.verifier.tables.action(e.tag);
        let trimmed = trim(value);
        if e.is_sequence() {
            // ROI Interpreter is a sequence that the IOD needs where the table removes it.
            let gone = action == Effective::Remove && filled && e.tag != 0x3006_004E;
            return if gone { Err(Detail::NotEmptied) } else { Ok(false) };
        }
        if trimmed.is_empty() {
            return Ok(false);
        }
        if e.vr == *b"AS" && !trimmed.split(|b| *b == b'\\').all(|a| self.is_age(trim(a))) {
            return Err(Detail::Age);
        }
        if action == Effective::Keep {
            return Ok(kind_of(e.tag).is_some() || matches!(&e.vr, b"UI" | b"DA" | b"DT" | b"PN"));
        }
        let mut parts = trimmed.split(|b| *b == b'\\').map(trim);
        match &e.vr {
            b"UI" => return if parts.all(|u| self.is_uid(e.tag, u)) { Ok(true) } else { Err(Detail::Uid) },
            b"DA" | b"DT" => {
                return if parts.all(|d| self.is_date(e.tag, action, d)) { Ok(true) } else { Err(Detail::Date) };
            }
            b"PN" => {
                return if parts.all(|n| n.is_empty() || self.is_dummy(e.vr, n)) {
                    Ok(true)
                } else {
                    Err(Detail::PersonName)
                };
            }
            _ => {}
        }
        let text = matches!(&e.vr, b"LO" | b"SH" | b"ST" | b"LT" | b"UT" | b"UC");
        let emptied = match action {
            Effective::Remove | Effective::Empty => true,
            // A timezone says no more than the dates that it stands beside (PS3.15 E.3.6).
            Effective::Clean if e.tag == 0x0008_0201 => false,
            Effective::Clean => (text || e.vr == *b"AE") && self.verifier.policy.descriptors == Descriptors::Remove,
            Effective::Unlisted => matches!(&e.vr, b"AE" | b"UR") && e.group() & 1 == 0,
            Effective::Keep | Effective::Uid => false,
        };
        if !emptied {
            return Ok(false);
        }
        let whole = matches!(&e.vr, b"ST" | b"LT" | b"UT" | b"UR");
        let fine = if whole {
            self.is_dummy(e.vr, trimmed)
        } else {
            trimmed.split(|b| *b == b'\\').all(|v| self.is_dummy(e.vr, trim(v)))
        };
        if fine { Ok(true) } else { Err(Detail::NotEmptied) }
    }

    /// Registered, a class's or vocabulary's, or recomputed.
    fn is_uid(&self, tag: u32, uid: &[u8]) -> bool {
        let Ok(text) = core::str::from_utf8(uid) else { return false };
        text.is_empty()
            || self.verifier.policy.has("rtn_uids")
            || self.verifier.tables.well_known(text)
            || self.expected.uids.contains(text)
            || (is_structural_uid(tag) && !self.identities.uids.contains(uid))
    }

    fn is_date(&self, tag: u32, action: Effective, value: &[u8]) -> bool {
        let policy = &self.verifier.policy;
        if value.is_empty() || value.starts_with(b"19000101") {
            return true;
        }
        let shifts = matches!(action, Effective::Clean | Effective::Unlisted) && policy.has("rtn_long_modified_dates");
        let birth = tag == 0x0010_0030 && policy.birth_date_shifted;
        let full = action == Effective::Unlisted && policy.has("rtn_long_full_dates");
        let moved = |v: &[u8]| self.patients.iter().any(|p| Expected::is_moved(self.identities, v, p.shift));
        let range = || {
            let mut ends = value.split(|b| *b == b'-');
            value.len() == 17 && ends.clone().count() == 2 && ends.all(moved)
        };
        let year = || {
            birth
                && value.ends_with(b"0101")
                && self.moved_years().any(|y| value.starts_with(format!("{y:04}").as_bytes()))
        };
        full || ((shifts || birth) && (moved(value) || range() || year()))
    }

    /// Years of the source's days, moved.
    fn moved_years(&self) -> impl Iterator<Item = i64> + '_ {
        self.patients.iter().flat_map(|p| self.identities.days.iter().map(|d| crate::date::civil(d + p.shift).0))
    }

    fn is_age(&self, value: &[u8]) -> bool {
        let years = value
            .strip_suffix(b"Y")
            .and_then(|n| core::str::from_utf8(n).ok())
            .and_then(|n| n.trim().parse::<u16>().ok());
        match (years, self.verifier.policy.age_cap) {
            (Some(y), Some(cap)) => y <= cap,
            _ => true,
        }
    }

    /// A value that says nothing: a dummy of its VR, a pseudonym, a code. Items that name other patients hold theirs.
    fn is_dummy(&self, vr: [u8; 2], value: &[u8]) -> bool {
        const DUMMIES: [&[u8]; 14] = [
            b"",
            b"ANON",
            b"ANONYMIZED",
            b"000Y",
            b"19000101",
            b"19000101000000",
            b"000000",
            b"0",
            b"1",
            b"+0000",
            b"COERCE",
            b"NONE",
            b"OTHER",
            b"urn:uuid:00000000-0000-0000-0000-000000000000",
        ];
        let text = || core::str::from_utf8(value).unwrap_or("");
        DUMMIES.contains(&value)
            || value.iter().all(|b| *b == 0)
            || self.expected.patients.iter().any(|p| p.pseudonym.as_bytes() == value)
            || self.expected.codes.contains(text())
            || (vr == *b"US" && u16_at(value, 0, self.big) == 0)
    }
}
