//! The judgement of one instance.

use crate::bytes::{Bytes, range};
use crate::entry::{Entry, TOP, path, trim};
use crate::expected::Expected;
use crate::identity::Identities;
use crate::kinds::Kind;
use crate::lexicon::{Lexicon, Spellings, uids};
use crate::load::{Loaded, Section};
use crate::pixels::{Look, look};
use crate::policy::VerifyPolicy;
use crate::pseudonym::Secrets;
use crate::reader;
use crate::rules::Rules;
use crate::search::{Patterns, Weigh, stands_alone};
use crate::skim::{Ending, Pixel};
use crate::table::Tables;
use crate::unfold::unfold;
use crate::verdict::{Detail, Hit, ReadBy, Verdict};
use std::sync::{Mutex, PoisonError};

/// Judges the instances of one run.
pub struct Verifier {
    pub(crate) policy: VerifyPolicy,
    pub(crate) tables: Tables,
    secrets: Secrets,
    namespace: String,
    spellings: Mutex<Spellings>,
}

/// What one instance is searched for.
struct Sought {
    values: Lexicon,
    uids: Patterns<Kind>,
}

impl Sought {
    /// The first accepted hit: its offset and kind.
    fn find(&self, bytes: &[u8], accept: impl Fn(usize, usize, Weigh, Kind) -> bool) -> Option<(usize, Kind)> {
        self.values.patterns.find(bytes, &accept).or_else(|| self.uids.find(bytes, &accept))
    }
}

/// Bytes of pixel data that are searched at once.
const CHUNK: u64 = 1 << 20;
/// The longest pattern that may lie across two chunks.
const OVERLAP: u64 = 4096;
/// In a binary value longer than this, a hit needs six bytes: shorter ones turn up by chance.
const NOISE: usize = 4096;

impl Verifier {
    /// A verifier for one policy, key and namespace.
    pub fn new(policy: VerifyPolicy, key: &[u8; 32], namespace: &str) -> Self {
        Self {
            tables: Tables::new(&policy),
            secrets: Secrets::new(key),
            namespace: namespace.to_owned(),
            spellings: Mutex::default(),
            policy,
        }
    }

    /// Judges `output`, which was made from `source`.
    pub fn verify(&self, source: &dyn Bytes, output: &dyn Bytes) -> Verdict {
        match self.judge(source, output) {
            Ok(read_by) => Verdict::Ok { read_by },
            Err(hit) => Verdict::Hit(hit),
        }
    }

    fn judge(&self, source: &dyn Bytes, output: &dyn Bytes) -> Result<ReadBy, Hit> {
        let limits = &self.policy.limits;
        let out = Loaded::read(output, limits)?;
        if !out.head.is_ours() {
            return Err(Detail::Head.into());
        }
        if out.incomplete {
            return Err(Detail::TooLarge.into());
        }
        if out.after_deflate > 0 {
            return Err(Detail::Trailing.into());
        }
        let src = Loaded::read(source, limits)?;
        let (read_by, lists) = self.read(&out, output, &src, source)?;
        let identities = Identities::of(&src, &self.policy, &self.tables);
        let expected = Expected::of(&identities, &self.secrets, &self.policy, &self.namespace);
        marked(&out, &lists)?;
        let patient = top(&out, &lists, 0x0010_0020);
        let rules = Rules::new(self, &identities, &expected, patient, out.form.big)?;
        let texts: Vec<&[u8]> = out.sections.iter().map(|s| s.bytes.as_slice()).collect();
        let mut spellings = self.spellings.lock().unwrap_or_else(PoisonError::into_inner);
        let sought = Sought { values: spellings.lexicon(&identities, &texts), uids: uids(&identities) };
        drop(spellings);
        self.head(&out, &expected, &sought)?;
        for (section, entries) in out.sections.iter().zip(&lists) {
            let skip = rules
                .check(entries, &section.bytes)
                .map_err(|(detail, i)| Hit { detail, tag_path: Some(path(entries, i)) })?;
            search(section, entries, &skip, &sought)?;
        }
        let data = out.data(output);
        let all: Vec<Entry> = lists.first().cloned().unwrap_or_default();
        let first = out.sections.first().map_or(&[][..], |s| &s.bytes);
        for pixel in out.sections.iter().filter_map(|s| s.pixel) {
            let found = look(&data, &pixel, &all, first, out.form)?;
            search_pixels(&data, &pixel, found, &sought)?;
        }
        Ok(read_by)
    }

    /// The elements of each section by the other reader, or by our own walk where that reader opens neither file.
    fn read(
        &self,
        out: &Loaded,
        output: &dyn Bytes,
        src: &Loaded,
        source: &dyn Bytes,
    ) -> Result<(ReadBy, Vec<Vec<Entry>>), Hit> {
        let limits = &self.policy.limits;
        let elements = |s: &Section| Some(unfold(reader::elements(s, out.form, limits)?, &s.bytes, limits));
        let lists: Option<Vec<Vec<Entry>>> = out.sections.iter().map(elements).collect();
        if let Some(lists) = lists.filter(|_| reader::opens(out, output)) {
            return Ok((ReadBy::DicomObject, lists));
        }
        let input_walks = src.sections.first().is_some_and(|s| reader::elements(s, src.form, limits).is_some());
        if input_walks && !src.incomplete && reader::opens(src, source) {
            return Err(Detail::Unopened.into());
        }
        if out.sections.iter().any(|s| matches!(s.ending, Ending::Broken { .. })) {
            return Err(Detail::Trailing.into());
        }
        Ok((ReadBy::Search, out.sections.iter().map(|s| s.entries.clone()).collect()))
    }

    fn head(&self, out: &Loaded, expected: &Expected, sought: &Sought) -> Result<(), Hit> {
        let instance = out.head.value(0x0003);
        let ours =
            core::str::from_utf8(instance).is_ok_and(|u| expected.uids.contains(u) || self.policy.has("rtn_uids"));
        if !ours {
            return Err(Hit { detail: Detail::Uid, tag_path: Some("0002,0003".to_owned()) });
        }
        let skip: Vec<(usize, usize)> =
            out.head.meta.iter().filter(|m| m.element == 3).map(|m| (m.at, m.at + m.len)).collect();
        let bytes = &out.head.bytes;
        match sought.find(bytes, |at, len, w, _| outside(&skip, at, len) && stands_alone(bytes, at, len, w)) {
            Some((_, kind)) => Err(Detail::Identity(kind).into()),
            None => Ok(()),
        }
    }
}

/// Patient Identity Removed (0012,0062) is YES (PS3.15 E.1.1 step 6).
fn marked(out: &Loaded, lists: &[Vec<Entry>]) -> Result<(), Hit> {
    if top(out, lists, 0x0012_0062) == b"YES" {
        return Ok(());
    }
    Err(Hit { detail: Detail::NotMarked, tag_path: Some("0012,0062".to_owned()) })
}

/// The trimmed value of a top-level element, wherever it stands.
fn top<'a>(out: &'a Loaded, lists: &[Vec<Entry>], tag: u32) -> &'a [u8] {
    let found = out
        .sections
        .iter()
        .zip(lists)
        .find_map(|(s, l)| l.iter().find(|e| e.parent == TOP && e.tag == tag).map(|e| e.value(&s.bytes)));
    found.map_or(&[], trim)
}

/// True where a hit touches no stretch that is skipped.
fn outside(skip: &[(usize, usize)], at: usize, len: usize) -> bool {
    let after = skip.partition_point(|s| s.1 <= at);
    skip.get(after).is_none_or(|s| s.0 >= at + len)
}

/// The element that holds offset `at`.
fn holder(entries: &[Entry], at: usize) -> Option<usize> {
    let after = entries.partition_point(|e| e.at <= at);
    after.checked_sub(1).filter(|i| entries.get(*i).is_some_and(|e| at < e.at + e.len))
}

/// Searches a stretch of header.
fn search(section: &Section, entries: &[Entry], skip: &[(usize, usize)], sought: &Sought) -> Result<(), Hit> {
    let bytes = section.bytes.as_slice();
    let accept = |at: usize, len: usize, w, _: Kind| {
        let noise =
            len < 6 && holder(entries, at).and_then(|i| entries.get(i)).is_none_or(|e| !e.is_text() && e.len > NOISE);
        outside(skip, at, len) && stands_alone(bytes, at, len, w) && !noise && !chance(entries, at, len, w)
    };
    let hit = |at: usize, kind| Hit {
        detail: Detail::Identity(kind),
        tag_path: holder(entries, at).map(|i| path(entries, i)),
    };
    if let Some((at, kind)) = sought.find(bytes, accept) {
        return Err(hit(at, kind));
    }
    let tokens_of_source = &sought.values.tokens;
    if tokens_of_source.is_empty() {
        return Ok(());
    }
    for e in entries.iter().filter(|e| matches!(&e.vr, b"LO" | b"SH" | b"ST" | b"LT" | b"UT" | b"UC" | b"PN")) {
        let lower = e.value(bytes).to_ascii_lowercase();
        let mut tokens = lower.split(|b| b.is_ascii() && !b.is_ascii_alphanumeric());
        if says_nothing(e, entries, &lower) {
            continue;
        }
        if outside(skip, e.at, e.len) && tokens.any(|t| t.len() >= 2 && tokens_of_source.contains(t)) {
            return Err(hit(e.at, Kind::Name));
        }
    }
    Ok(())
}

/// Six or seven digits in a text of numbers: counts and measures meet them by chance.
fn chance(entries: &[Entry], at: usize, len: usize, w: Weigh) -> bool {
    let number = || holder(entries, at).and_then(|i| entries.get(i)).is_some_and(|e| matches!(&e.vr, b"IS" | b"DS"));
    w == Weigh::Number && len < 8 && number()
}

/// Our own statement of the method in words and codes, and a maker's name of one word (which hospitals also write as
/// station or operator): words in them are no tokens. Longer patterns count there too.
fn says_nothing(e: &Entry, entries: &[Entry], value: &[u8]) -> bool {
    let around = entries.get(e.parent as usize).map_or(0, |p| p.tag);
    matches!((e.tag, around), (0x0012_0063, _) | (_, 0x0012_0064))
        || (e.tag == 0x0008_0070 && trim(value).iter().all(u8::is_ascii_alphanumeric))
}

fn search_pixels(data: &dyn Bytes, pixel: &Pixel, found: Look, sought: &Sought) -> Result<(), Hit> {
    let hit = |detail| Hit { detail, tag_path: Some(format!("{:04X},{:04X}", pixel.tag >> 16, pixel.tag & 0xFFFF)) };
    let held = |bytes: &[u8]| sought.find(bytes, |at, len, w, _| len >= 6 && stands_alone(bytes, at, len, w));
    match found {
        Look::Fine => Ok(()),
        Look::Text => Err(hit(Detail::CodeStream)),
        Look::Surplus => Err(hit(Detail::PixelSurplus)),
        Look::Search(bytes) => held(&bytes).map_or(Ok(()), |(_, kind)| Err(hit(Detail::Identity(kind)))),
        Look::SearchAll => {
            let end = pixel.len.map_or(data.len(), |l| pixel.at.saturating_add(l).min(data.len()));
            let mut at = pixel.at;
            while at < end {
                let bytes = range(data, at, (CHUNK + OVERLAP).min(end - at))?;
                if let Some((_, kind)) = held(&bytes) {
                    return Err(hit(Detail::Identity(kind)));
                }
                at += CHUNK;
            }
            Ok(())
        }
    }
}
