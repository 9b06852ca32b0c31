//! Identities of a source header, taken by this crate alone: by a walk over its elements, and by looking for known
//! tags anywhere in its bytes, so that a structure that hides an element hides nothing.

use crate::date;
use crate::entry::trim;
use crate::kinds::{Kind, TAGS, is_structural_uid, kind_of};
use crate::load::{Loaded, Section};
use crate::policy::{Descriptors, VerifyPolicy};
use crate::skim::{u16_at, u32_at};
use crate::table::{Effective, Tables};
use std::collections::HashSet;
use std::sync::LazyLock;

/// What a source's header says about who and where.
#[derive(Default)]
pub struct Identities<'a> {
    /// Values with their kinds, padding taken off; multi-valued ones whole.
    pub values: HashSet<(Kind, &'a [u8])>,
    /// Instance UIDs.
    pub uids: HashSet<&'a [u8]>,
    /// Everything in the header that may be a UID, for the recomputation of the output's.
    pub uid_like: HashSet<&'a [u8]>,
    /// Days since 1970-01-01 of every date in the header.
    pub days: HashSet<i64>,
    /// Years and months of dates that give no day (PS3.5 6.2, DT): `YYYY` or `YYYYMM`.
    pub partial: HashSet<&'a [u8]>,
    /// Terms of (0008,0005).
    pub charsets: Vec<String>,
    /// Values of Patient ID, however often it stands there.
    pub patient_ids: HashSet<&'a [u8]>,
    /// Values of Study Instance UID.
    pub studies: HashSet<&'a [u8]>,
    /// Values of Accession Number, Study ID, Device Serial Number with the name of their field.
    pub coded: HashSet<(&'static str, &'a [u8])>,
}

/// Groups of the known tags, a bit for each.
static GROUPS: LazyLock<[u64; 1024]> = LazyLock::new(|| {
    let mut groups = [0; 1024];
    for (tag, _) in TAGS {
        let group = (tag >> 16) as usize;
        groups[group >> 6 & 1023] |= 1 << (group & 63);
    }
    groups
});

/// A value longer than this is no name and no number.
const LONGEST: usize = 1024;

impl<'a> Identities<'a> {
    /// Takes them from `source`.
    pub fn of(source: &'a Loaded, policy: &VerifyPolicy, tables: &Tables) -> Self {
        let mut out = Self::values_of(source, policy, tables);
        source.sections.iter().for_each(|s| out.runs(&s.bytes));
        out
    }

    /// Takes what can be searched for; what is only needed to recompute what the engine generated is left out.
    pub fn values_of(source: &'a Loaded, policy: &VerifyPolicy, tables: &Tables) -> Self {
        let mut out = Self::default();
        let takes = Takes { policy, tables };
        for section in &source.sections {
            for e in &section.entries {
                out.element(e.tag, e.vr, e.value(&section.bytes), &takes);
            }
            out.carve(section, source.form.big, &takes);
        }
        for element in [0x0016u16, 0x0017, 0x0018] {
            let value = source.head.value(element);
            if !value.is_empty() {
                out.values.insert((Kind::Place, value));
            }
        }
        let media = source.head.value(0x0003);
        if !media.is_empty() {
            if !policy.has("rtn_uids") {
                out.uids.insert(media);
            }
            out.uid_like.insert(media);
        }
        out.uids.retain(|u| !core::str::from_utf8(u).is_ok_and(|t| tables.well_known(t)));
        out
    }

    fn element(&mut self, tag: u32, vr: [u8; 2], value: &'a [u8], takes: &Takes<'_>) {
        let value = trim(value);
        if value.is_empty() {
            return;
        }
        match (tag, &vr) {
            (0x0008_0005, _) => self
                .charsets
                .extend(value.split(|b| *b == b'\\').map(|t| String::from_utf8_lossy(trim(t)).into_owned())),
            (0x0010_0020, _) => {
                self.patient_ids.insert(value);
            }
            (0x0020_000D, _) => {
                self.studies.insert(value);
            }
            (_, b"DA" | b"DT") => self.partial.extend(value.split(|b| *b == b'\\').filter_map(date::partial)),
            _ => {}
        }
        if let Some(field) =
            [(0x0008_0050, "accession"), (0x0020_0010, "study-id"), (0x0018_1000, "device")].iter().find(|f| f.0 == tag)
        {
            self.coded.insert((field.1, value));
        }
        let kind = match &vr {
            b"UI" => {
                let values = value.split(|b| *b == b'\\').map(trim).filter(|v| !v.is_empty());
                values.clone().for_each(|v| {
                    self.uid_like.insert(v);
                });
                if !is_structural_uid(tag) && takes.removes(tag, Kind::Uid) {
                    self.uids.extend(values);
                }
                None
            }
            b"PN" => Some(Kind::Name),
            b"DA" | b"DT" => Some(Kind::Date),
            _ => kind_of(tag),
        };
        match kind.filter(|k| value.len() <= LONGEST && takes.removes(tag, *k)) {
            // Times differ from slice to slice, their days do not.
            Some(Kind::Date) => {
                let days = value.split(|b| *b == b'\\').map(trim).filter(|v| date::day(v).is_some());
                self.values.extend(days.map(|v| (Kind::Date, v.get(..date::length(v)).unwrap_or(v))));
            }
            Some(kind) => {
                self.values.insert((kind, value));
            }
            None => {}
        }
    }

    /// Known tags anywhere in the bytes, in explicit and implicit form, at any alignment.
    fn carve(&mut self, section: &'a Section, big: bool, takes: &Takes<'_>) {
        let (bytes, groups) = (section.bytes.as_slice(), &*GROUPS);
        for at in 0..bytes.len().saturating_sub(8) {
            let group = usize::from(u16_at(bytes, at, big));
            if groups[group >> 6 & 1023] >> (group & 63) & 1 == 0 {
                continue;
            }
            let tag = u32::from(u16_at(bytes, at, big)) << 16 | u32::from(u16_at(bytes, at + 2, big));
            let Some(kind) = kind_of(tag) else { continue };
            let Some(value) = carved_value(bytes, at, big) else { continue };
            let vr = match kind {
                Kind::Name => *b"PN",
                Kind::Date => *b"DA",
                _ => *b"LO",
            };
            self.element(tag, vr, value, takes);
        }
    }

    /// Runs of digits and points: what may be a UID, and what may be a date.
    fn runs(&mut self, bytes: &'a [u8]) {
        let in_run = |b: &u8| b.is_ascii_digit() || *b == b'.';
        let mut rest = bytes;
        while let Some(start) = rest.iter().position(in_run) {
            rest = rest.get(start..).unwrap_or(&[]);
            let len = rest.iter().position(|b| !in_run(b)).unwrap_or(rest.len());
            let (run, after) = rest.split_at(len);
            rest = after;
            if run.len() < 3 {
                continue;
            }
            if let Some(day) = date::day(run) {
                self.days.insert(day);
            }
            if run.len() <= 66 && run.iter().position(|b| *b == b'.') != run.iter().rposition(|b| *b == b'.') {
                self.uid_like.insert(run);
                // The group number of a following element may look like one more digit.
                self.uid_like.insert(run.get(..run.len() - 1).unwrap_or(run));
            }
        }
    }
}

/// Which attributes' values are identities under the policy in force.
struct Takes<'p> {
    policy: &'p VerifyPolicy,
    tables: &'p Tables,
}

impl Takes<'_> {
    fn removes(&self, tag: u32, kind: Kind) -> bool {
        match (self.tables.action(tag), kind) {
            (Effective::Keep, _) => false,
            (_, Kind::Uid) => !self.policy.has("rtn_uids"),
            // The day of a full date stays everywhere, or nowhere.
            (Effective::Unlisted, Kind::Date) => !self.policy.has("rtn_long_full_dates"),
            (Effective::Clean, Kind::Text) => self.policy.descriptors == Descriptors::Remove,
            _ => true,
        }
    }
}

fn carved_value(bytes: &[u8], at: usize, big: bool) -> Option<&[u8]> {
    let vr = bytes.get(at + 4..at + 6)?;
    let (start, len) = if vr.iter().all(u8::is_ascii_uppercase) {
        if matches!(vr, b"UT" | b"UC" | b"UN" | b"UR" | b"OB") {
            (at + 12, u32_at(bytes, at + 8, big) as usize)
        } else {
            (at + 8, usize::from(u16_at(bytes, at + 6, big)))
        }
    } else {
        (at + 8, u32_at(bytes, at + 4, big) as usize)
    };
    if len == 0 || len > LONGEST {
        return None;
    }
    let value = bytes.get(start..start.checked_add(len)?)?;
    let readable = |b: &u8| *b >= 0x20 && *b != 0x7F || matches!(b, 0x1B | b'\r' | b'\n' | b'\t' | 0x0C);
    trim(value).iter().all(readable).then_some(value)
}
