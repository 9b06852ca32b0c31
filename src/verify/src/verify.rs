//! The judgement of one instance.

use crate::bytes::Bytes;
use crate::entry::{Entry, TOP, path, trim};
use crate::expected::Expected;
use crate::hunt::{Sought, Stretch};
use crate::identity::Identities;
use crate::lexicon::{Spellings, uids};
use crate::load::{Loaded, Section};
use crate::others::{Others, line};
use crate::pixels::{Look, look};
use crate::policy::VerifyPolicy;
use crate::pseudonym::Secrets;
use crate::reader;
use crate::rules::Rules;
use crate::skim::{Ending, Pixel};
use crate::table::Tables;
use crate::texts::Texts;
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
    others: Mutex<Others>,
    texts: Mutex<Texts>,
}

impl Verifier {
    /// A verifier for one policy, key and namespace.
    pub fn new(policy: VerifyPolicy, key: &[u8; 32], namespace: &str) -> Self {
        Self {
            tables: Tables::new(&policy),
            secrets: Secrets::new(key),
            namespace: namespace.to_owned(),
            spellings: Mutex::default(),
            others: Mutex::default(),
            texts: Mutex::default(),
            policy,
        }
    }

    /// What the header of `source` says about who and where, as text of one line for [`learn`](Self::learn); empty where it
    /// cannot be read.
    pub fn identities(&self, source: &dyn Bytes) -> String {
        let read = Loaded::read(source, &self.policy.limits);
        read.map_or_else(|_| String::new(), |src| line(&Identities::values_of(&src, &self.policy, &self.tables)))
    }

    /// Learns what other files of a patient say, all their lines one after the other, by the number that
    /// [`verify_among`](Self::verify_among) is given. Few are remembered.
    pub fn learn(&self, number: u32, lines: &str) {
        self.others.lock().unwrap_or_else(PoisonError::into_inner).learn(number, lines);
    }

    /// Judges `output`, which was made from `source`.
    pub fn verify(&self, source: &dyn Bytes, output: &dyn Bytes) -> Verdict {
        self.verify_among(source, output, None)
    }

    /// The same; `others`: the number of what other files of the patient say.
    pub fn verify_among(&self, source: &dyn Bytes, output: &dyn Bytes, others: Option<u32>) -> Verdict {
        match self.judge(source, output, others) {
            Ok(read_by) => Verdict::Ok { read_by },
            Err(hit) => Verdict::Hit(hit),
        }
    }

    fn judge(&self, source: &dyn Bytes, output: &dyn Bytes, others: Option<u32>) -> Result<ReadBy, Hit> {
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
        self.instance_of(&out, &expected)?;
        let patient = top(&out, &lists, 0x0010_0020);
        let rules = Rules::new(self, &identities, &expected, patient, out.form.big)?;
        let mut stretches = Vec::new();
        for (section, entries) in out.sections.iter().zip(&lists) {
            let skip = rules
                .check(entries, &section.bytes)
                .map_err(|(detail, i)| Hit { detail, tag_path: Some(path(entries, i)) })?;
            stretches.push(Stretch { section, entries, skip });
        }
        let pixels = looks(&out, output, &lists)?;
        let charsets = charsets(&stretches);
        let texts: Vec<&[u8]> = out.sections.iter().map(|s| s.bytes.as_slice()).collect();
        let values = self.spellings.lock().unwrap_or_else(PoisonError::into_inner).lexicons(&identities, &texts);
        let uids = uids(&identities);
        let own = Sought { values: &values, uids: Some(&uids), charsets: &charsets, tell: Detail::Identity };
        let mut seen = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        search(&own, &out, output, &stretches, &pixels, &mut seen)?;
        if let Some(number) = others {
            let values = self.others.lock().unwrap_or_else(PoisonError::into_inner).get(number);
            let values = [values.ok_or(Detail::OtherFilesUnknown)?];
            let others = Sought { values: &values, uids: None, charsets: &charsets, tell: Detail::OtherFile };
            search(&others, &out, output, &stretches, &pixels, &mut seen)?;
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

    /// The file meta information names the instance that the data set is.
    fn instance_of(&self, out: &Loaded, expected: &Expected) -> Result<(), Hit> {
        let instance = out.head.value(0x0003);
        let ours =
            core::str::from_utf8(instance).is_ok_and(|u| expected.uids.contains(u) || self.policy.has("rtn_uids"));
        if ours { Ok(()) } else { Err(Hit { detail: Detail::Uid, tag_path: Some("0002,0003".to_owned()) }) }
    }
}

/// Pixel data of each stretch, and what of it has to be searched.
fn looks(out: &Loaded, output: &dyn Bytes, lists: &[Vec<Entry>]) -> Result<Vec<(Pixel, Look)>, Hit> {
    let data = out.data(output);
    let all = lists.first().map_or(&[][..], Vec::as_slice);
    let first = out.sections.first().map_or(&[][..], |s| &s.bytes);
    let mut found = Vec::new();
    for pixel in out.sections.iter().filter_map(|s| s.pixel) {
        found.push((pixel, look(&data, &pixel, all, first, out.form)?));
    }
    Ok(found)
}

/// Searches all that leaves.
fn search(
    sought: &Sought<'_>,
    out: &Loaded,
    output: &dyn Bytes,
    stretches: &[Stretch<'_>],
    pixels: &[(Pixel, Look)],
    texts: &mut Texts,
) -> Result<(), Hit> {
    let instance: Vec<(usize, usize)> =
        out.head.meta.iter().filter(|m| m.element == 3).map(|m| (m.at, m.at + m.len)).collect();
    sought.head(&out.head.bytes, &instance)?;
    stretches.iter().try_for_each(|s| sought.stretch(s, texts))?;
    let data = out.data(output);
    pixels.iter().try_for_each(|(pixel, found)| sought.pixels(&data, pixel, found))
}

/// Terms of (0008,0005), wherever they stand.
fn charsets(stretches: &[Stretch<'_>]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for s in stretches {
        for e in s.entries.iter().filter(|e| e.tag == 0x0008_0005) {
            for term in e.value(&s.section.bytes).split(|b| *b == b'\\') {
                let term = String::from_utf8_lossy(trim(term));
                if !out.iter().any(|t| *t == term) {
                    out.push(term.into_owned());
                }
            }
        }
    }
    out
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
