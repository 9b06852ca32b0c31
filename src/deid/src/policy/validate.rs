//! What the types cannot say: ranges, tags, contradictions, and parts that this version cannot honour.

use super::devices;
use super::error::Fault;
use super::limits::LimitRule;
use super::patient::{NamespaceEntry, PatientRule};
use super::private::PrivateAllow;
use super::types::{AttributeRule, ClassRule, Policy};
use crate::content::Content;
use crate::pseudonym::LeadingZeros;
use crate::tables::OptionColumn::{self, RtnLongFullDates, RtnLongModifiedDates, RtnSafePrivate};
use crate::tables::sop_class::{self, ClassVerdict, SopClass};
use crate::tables::vendor_private;
use tokumei_dicom::Tag;

type Checked = Result<(), Fault>;

/// Days of a hundred years: the farthest that dates may move.
const MAX_SHIFT_DAYS: u64 = 36_525;
const MAX_LIST: usize = 10_000;
const NOT_YET: &str = "cannot be honoured by this version; leave it out";
const VRS: [&str; 34] = [
    "AE", "AS", "AT", "CS", "DA", "DS", "DT", "FD", "FL", "IS", "LO", "LT", "OB", "OD", "OF", "OL", "OV", "OW", "PN",
    "SH", "SL", "SQ", "SS", "ST", "SV", "TM", "UC", "UI", "UL", "UN", "UR", "US", "UT", "UV",
];

/// Checks a resolved policy.
pub(super) fn check(policy: &Policy) -> Checked {
    names(policy)?;
    options(policy)?;
    for rule in &policy.attributes {
        attribute(rule)?;
    }
    for allow in &policy.private.allow {
        private(policy, allow)?;
    }
    vendors(policy)?;
    patient(&policy.patient)?;
    for (class, rule) in &policy.classes {
        class_rule(policy, class, *rule)?;
    }
    others(policy)?;
    limits(&policy.limits)
}

fn fault<T>(keys: &[&str], message: impl Into<String>) -> Result<T, Fault> {
    Err(Fault::new(keys, message))
}

fn ensure(holds: bool, keys: &[&str], message: &str) -> Checked {
    if holds { Ok(()) } else { fault(keys, message) }
}

/// True for one line of text of at most `max` characters.
fn is_line(text: &str, max: usize) -> bool {
    text.chars().count() <= max && !text.chars().any(char::is_control)
}

fn names(policy: &Policy) -> Checked {
    let letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let id = &policy.id;
    let id_fits = !id.is_empty() && id.len() <= 64 && id.bytes().all(letter);
    ensure(id_fits, &["id"], "expected 1 to 64 lower case letters, digits and hyphens")?;
    let version_fits = !policy.version.is_empty() && is_line(&policy.version, 32);
    ensure(version_fits, &["version"], "expected 1 to 32 characters")?;
    for (language, text) in [("ja", &policy.title.ja), ("en", &policy.title.en)] {
        ensure(!text.is_empty() && is_line(text, 100), &["title", language], "expected 1 to 100 characters")?;
    }
    for (language, text) in [("ja", &policy.description.ja), ("en", &policy.description.en)] {
        ensure(text.chars().count() <= 2_000, &["description", language], "expected at most 2,000 characters")?;
    }
    Ok(())
}

fn options(policy: &Policy) -> Checked {
    let chosen = &policy.options;
    let count = |column| chosen.iter().filter(|&&c| c == column).count();
    ensure(OptionColumn::ALL.into_iter().all(|c| count(c) <= 1), &["options"], "an option stands twice")?;
    let both = chosen.contains(&RtnLongFullDates) && chosen.contains(&RtnLongModifiedDates);
    ensure(!both, &["options"], "rtn_long_full_dates and rtn_long_modified_dates exclude each other (PS3.15 E.3.6)")
}

/// `gggg,eeee`, four hex digits each.
pub(super) fn parse_tag(text: &str) -> Option<Tag> {
    let (group, element) = text.split_once(',')?;
    Some(Tag(hex(group, 4)?, hex(element, 4)?))
}

fn hex(text: &str, digits: usize) -> Option<u16> {
    let fits = text.len() == digits && text.bytes().all(|b| b.is_ascii_hexdigit());
    if fits { u16::from_str_radix(text, 16).ok() } else { None }
}

fn attribute(rule: &AttributeRule) -> Checked {
    let Some(tag) = parse_tag(&rule.tag) else {
        return fault(&["attributes", &rule.tag, "tag"], "expected gggg,eeee with hexadecimal digits");
    };
    let keys = ["attributes", rule.tag.as_str()];
    ensure(!tag.is_private(), &keys, "private attributes are kept by private.allow, never here")?;
    let fixed = matches!(tag.0, 0x0000 | 0x0002 | 0x0004 | 0x7FE0 | 0xFFFE)
        || tag.is_group_length()
        || matches!(tag, Tag(0x0008, 0x0005 | 0x0016) | Tag(0x0012, 0x0062..=0x0064) | Tag(0x0028, 0x0301..=0x0303));
    ensure(!fixed, &keys, "no policy may change what is done with this attribute")?;
    let path_fits = match rule.path.as_str() {
        "" | "*" => true,
        path => path.split('/').all(|step| parse_tag(step).is_some()) && path.len() <= 10 * 64,
    };
    ensure(path_fits, &["attributes", &rule.path], "expected *, an empty text, or tags gggg,eeee joined by /")
}

fn private(policy: &Policy, allow: &PrivateAllow) -> Checked {
    let keys = ["private", "allow", allow.creator.as_str()];
    ensure(policy.options.contains(&RtnSafePrivate), &["private", "allow"], "needs the option rtn_safe_private")?;
    let creator_fits =
        !allow.creator.is_empty() && is_line(&allow.creator, 64) && allow.creator.trim() == allow.creator;
    ensure(creator_fits, &keys, "creator: expected 1 to 64 characters without spaces at the ends")?;
    let group_fits = hex(&allow.group, 4).is_some_and(|g| g & 1 == 1 && g > 8 && g != 0xFFFF);
    ensure(group_fits, &keys, "group: expected an odd group from 0009 to FFFD, four hexadecimal digits")?;
    ensure(hex(&allow.element, 2).is_some(), &keys, "element: expected two hexadecimal digits")?;
    if VRS.contains(&allow.vr.as_str()) {
        Ok(())
    } else {
        fault(&keys, format!("vr: expected one of {}", VRS.join(", ")))
    }
}

fn vendors(policy: &Policy) -> Checked {
    let keys = ["private", "vendors"];
    let (named, known) = (&policy.private.vendors, vendor_private::sets());
    let chosen = named.is_empty() || policy.options.contains(&RtnSafePrivate);
    ensure(chosen, &keys, "needs the option rtn_safe_private")?;
    if named.iter().all(|name| known.contains(&name.as_str())) {
        Ok(())
    } else {
        fault(&keys, format!("expected names of sets: {}", known.join(", ")))
    }
}

fn patient(rule: &PatientRule) -> Checked {
    let id = &rule.id;
    let pads = id.leading_zeros == LeadingZeros::Pad;
    let pad_fits = if pads { (1..=64).contains(&id.pad) } else { id.pad == 0 };
    ensure(pad_fits, &["patient", "id", "pad"], "expected 1 to 64 with leadingZeros pad, else 0")?;
    let drop_fits = is_line(&id.drop, 16) && !id.drop.chars().any(char::is_alphanumeric);
    ensure(drop_fits, &["patient", "id", "drop"], "expected at most 16 characters, no letters or digits")?;
    let dummies_fit = id.dummies.len() <= MAX_LIST && id.dummies.iter().all(|d| is_line(d, 64));
    ensure(dummies_fit, &["patient", "id", "dummies"], "expected at most 10,000 IDs of at most 64 characters")?;
    let cap = rule.age_cap.0;
    ensure(cap == 0 || (1..=150).contains(&cap), &["patient", "ageCap"], "expected 0 or 1 to 150 years")?;
    let dates = &rule.dates;
    let days = u64::from(dates.max_steps).saturating_mul(u64::from(dates.step_days));
    let dates_fit = dates.min_steps >= 1 && dates.step_days >= 1 && dates.min_steps <= dates.max_steps;
    let keys = ["patient", "dates"];
    ensure(dates_fit, &keys, "expected minSteps and stepDays of at least 1, maxSteps of at least minSteps")?;
    ensure(days <= MAX_SHIFT_DAYS, &keys, "expected at most 36,525 days (maxSteps times stepDays)")?;
    let map = &rule.namespaces.map;
    ensure(map.len() <= MAX_LIST, &["patient", "namespaces", "map"], "expected at most 10,000 entries")?;
    ensure(is_namespace(&rule.namespaces.default), &["patient", "namespaces", "default"], NAMESPACE)?;
    map.iter().try_for_each(namespace)
}

const NAMESPACE: &str = "expected at most 64 characters without controls";

fn is_namespace(text: &str) -> bool {
    is_line(text, 64)
}

fn namespace(entry: &NamespaceEntry) -> Checked {
    let keys = ["patient", "namespaces", "map", entry.namespace.as_str()];
    ensure(is_namespace(&entry.namespace), &keys, NAMESPACE)?;
    let conditions = [&entry.folder, &entry.issuer, &entry.institution];
    let given = conditions.iter().any(|c| c.is_some());
    let fit = conditions.into_iter().flatten().all(|c| !c.is_empty() && is_line(c, 1_024));
    ensure(given && fit, &keys, "expected folder, issuer or institution, each 1 to 1,024 characters")
}

/// A class may always be treated more carefully; less carefully only where header rules cover its content.
fn class_rule(policy: &Policy, class: &str, rule: ClassRule) -> Checked {
    let keys = ["classes", class];
    let one = sop_class::find(class).into_iter();
    let of_category = sop_class::all().iter().filter(|c| c.category == class);
    let classes: Vec<&SopClass> = one.chain(of_category).collect();
    ensure(!classes.is_empty(), &keys, "expected a known SOP Class UID or a category of sop_class_phi_risk.tsv")?;
    let honoured = classes.iter().all(|c| is_honoured(policy, c, rule));
    ensure(honoured, &keys, "this version cannot clean what this kind holds; expected a verdict as careful as its own")
}

fn is_honoured(policy: &Policy, class: &SopClass, rule: ClassRule) -> bool {
    let own = match class.verdict {
        ClassVerdict::Pass | ClassVerdict::Text | ClassVerdict::Deface | ClassVerdict::TextDeface => 0,
        ClassVerdict::Review => 1,
        ClassVerdict::Refuse => 2,
    };
    let asked = match rule {
        ClassRule::Pass => 0,
        ClassRule::Review => 1,
        ClassRule::Refused => 2,
    };
    let contents = class.contents;
    // Reports and graphics: under the options that clean them.
    let uncleaned = Content::of(class).is_some_and(|content| !content.is_cleaned(policy.option_set()));
    // PS3.15 E.1.1 note 6: de-identification of private classes is not defined.
    let closed = contents.document() || contents.raw() || contents.video() || class.category.starts_with("private");
    let covered = !uncleaned && !closed;
    asked >= own || own == 1 && covered || policy.cleans_document(class)
}

fn others(policy: &Policy) -> Checked {
    devices::check(&policy.pixels.devices)?;
    ensure(policy.face.mode.is_none(), &["face", "mode"], NOT_YET)?;
    ensure(policy.face.bone.is_none(), &["face", "bone"], NOT_YET)?;
    ensure(policy.opt_out.max_age_days.is_none(), &["optOut", "maxAgeDays"], NOT_YET)?;
    ensure(policy.opt_out.notice_start.is_none(), &["optOut", "noticeStart"], NOT_YET)?;
    ensure(policy.opt_out.wait_days.is_none(), &["optOut", "waitDays"], NOT_YET)?;
    let key_id = &policy.key.key_id;
    let key_fits =
        key_id.is_empty() || key_id.len() == 16 && key_id.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    ensure(key_fits, &["key", "keyId"], "expected 16 lower case hexadecimal digits")?;
    ensure(is_line(&policy.uid_generation, 64), &["uidGeneration"], "expected at most 64 characters without controls")?;
    let minutes = policy.review.idle_minutes;
    ensure((1..=240).contains(&minutes), &["review", "idleMinutes"], "expected 1 to 240")?;
    let code_fits = policy.site_code.is_ascii() && is_line(&policy.site_code, 64) && !policy.site_code.contains('\\');
    ensure(code_fits, &["siteCode"], "expected at most 64 ASCII characters without backslash")?;
    let names_fit = policy.destinations.len() <= 100 && policy.destinations.iter().all(|d| is_line(d, 200));
    ensure(names_fit, &["destinations"], "expected at most 100 names of at most 200 characters")
}

fn limits(limits: &LimitRule) -> Checked {
    let ranges: [(&str, u64, u64); 12] = [
        ("nesting", u64::from(limits.nesting), 1_024),
        ("elements", u64::from(limits.elements), 100_000_000),
        ("headerBytes", limits.header_bytes, 1 << 30),
        ("textValueBytes", limits.text_value_bytes, 1 << 30),
        ("inflatedBytes", limits.inflated_bytes, 2 << 30),
        ("zipMemberBytes", limits.zip_member_bytes, 64 << 30),
        ("zipRatio", u64::from(limits.zip_ratio), 100_000),
        ("zipMembers", u64::from(limits.zip_members), 100_000_000),
        ("frames", u64::from(limits.frames), 100_000_000),
        ("frameBytes", limits.frame_bytes, 2 << 30),
        ("seconds", u64::from(limits.seconds), 86_400),
        ("secondsPerMegapixel", u64::from(limits.seconds_per_megapixel), 3_600),
    ];
    for (name, value, max) in ranges {
        if !(1..=max).contains(&value) {
            return fault(&["limits", name], format!("expected 1 to {max}"));
        }
    }
    Ok(())
}
