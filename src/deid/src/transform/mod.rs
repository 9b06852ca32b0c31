//! From an instance to what may leave of it (design 4.4): header rules as edits, spliced; pixels by reference.
//!
//! Only the instance, the policy, the key and the namespace decide bytes. What no rule can judge stops the instance
//! with a reason; nothing unknown passes.

mod action;
mod by_vr;
mod changes;
mod charset;
pub(crate) mod cleaner;
mod cleaning;
mod codes;
mod colour;
mod context;
pub(crate) mod date;
mod document;
mod dummy;
mod formats;
mod identity;
mod labels;
mod lexicon;
mod marks;
mod nested;
mod outcome;
mod pairs;
mod patient_values;
mod pixels;
mod private;
mod proof;
mod samples;
mod settled;
mod spelled;
mod structure;
mod structured;
mod table;
mod uid;
mod walk;
mod waveform;

pub use action::{ActionCounts, Letter};
pub use changes::{Change, changes};
pub use outcome::{Checked, Outcome};
pub use samples::PendingSamples;
pub use settled::{NewPixels, Settled};

use crate::patient::{self, PatientId, PatientStatus};
use crate::profile::{IMPLEMENTATION_CLASS, Profile, VERSION};
use crate::pseudonym::patient_message;
use crate::reasons::Reason;
use crate::tables::sop_class::{self, SopClass};
use crate::values::{ascii, tags, top_ascii};
use context::{Context, Whose};
use document::Document;
use lexicon::Lexicon;
use proof::Proof;
use tokumei_dicom::codestream::native;
use tokumei_dicom::{DataSet, Edit, Edits, Head, NewMeta, Piece, Source, Tag, TagPath, read, splice};
use walk::Walked;

/// Spectra, which lie by rows and columns as pixels do.
const SPECTROSCOPY_DATA: Tag = Tag(0x5600, 0x0020);

/// Why an instance does not leave now, and where.
pub(crate) struct Stop {
    pub(crate) reason: Reason,
    pub(crate) tag: Option<String>,
}

impl Stop {
    fn at(reason: Reason, tag: Tag) -> Self {
        Self { reason, tag: Some(TagPath::from(tag).to_string()) }
    }
}

impl Context<'_> {
    pub(crate) fn stop(&self, reason: Reason, index: u32) -> Stop {
        Stop { reason, tag: Some(self.ds.path(index).to_string()) }
    }
}

/// De-identifies one instance. `namespace`: of its scan row.
pub fn transform(profile: &Profile, source: &dyn Source, namespace: &str) -> Outcome {
    match transform_header(profile, source, namespace, Settled::default()) {
        (outcome, Some(samples)) => samples.settle(source, outcome),
        (outcome, None) => outcome,
    }
}

/// De-identifies one instance but for the look at its samples: where some are given back, nothing may leave before they
/// were all looked at.
pub fn transform_header(
    profile: &Profile,
    source: &dyn Source,
    namespace: &str,
    settled: Settled,
) -> (Outcome, Option<PendingSamples>) {
    let limits = profile.policy().limits.reading();
    let result =
        read::parse(source, &limits).map_err(Stop::from).and_then(|ds| whole(profile, source, &ds, namespace, settled));
    result.unwrap_or_else(|stop| (Outcome::stopped(stop.reason, stop.tag), None))
}

fn whole(
    profile: &Profile,
    source: &dyn Source,
    ds: &DataSet,
    namespace: &str,
    settled: Settled,
) -> Result<(Outcome, Option<PendingSamples>), Stop> {
    let identity = Identity::of(profile, ds)?;
    let mut context = identity.context(profile, source, ds, namespace)?;
    context.settled = settled;
    let walked = decided(&mut context)?;
    if context.only_decoders_tell && !context.settled.looked {
        let Stop { reason, tag } = Stop::at(Reason::OverlayInPixels, Tag::PIXEL_DATA);
        return Ok((Outcome { to_look_at: true, ..Outcome::stopped(reason, tag) }, None));
    }
    let uid = |tag| new_uid(ds, &walked.edits, tag);
    let instance = uid(tags::SOP_INSTANCE).ok_or_else(|| Stop::at(Reason::Damaged, tags::SOP_INSTANCE))?;
    let new_syntax = context.settled.pixels.as_ref().and_then(|p| p.transfer_syntax.clone());
    let transfer_syntax = new_syntax.unwrap_or_else(|| ds.form().transfer_syntax.clone());
    let head = Head::Rebuild(NewMeta {
        sop_class: identity.class.uid.to_owned(),
        sop_instance: instance.clone(),
        transfer_syntax: transfer_syntax.clone(),
        implementation_class: IMPLEMENTATION_CLASS.to_owned(),
        implementation_version: implementation_version(),
    });
    let pieces = splice::splice(ds, source, &walked.edits, &head)?;
    let samples = pending(&mut context, &pieces)?;
    let outcome = Outcome {
        verdict: context.settled.reason.scope(),
        reason: context.settled.reason,
        tag: None,
        to_look_at: false,
        bytes_out: Some(pieces.iter().map(Piece::len).sum()),
        pieces,
        sop_class: Some(identity.class.uid.to_owned()),
        modality: top_ascii(ds, tags::MODALITY).filter(|m| by_vr::is_code(m)),
        transfer_syntax: Some(transfer_syntax),
        patient: Some(context.pseudonym.clone()),
        study: uid(tags::STUDY_UID),
        series: uid(tags::SERIES_UID),
        instance: Some(instance),
        frame_of_reference: uid(tags::FRAME_OF_REFERENCE),
        actions: context.counts,
        checked: Checked { text: context.settled.text, face: false },
        date_shift_days: profile.policy().shifts_dates().then_some(context.shift_days),
        patient_id_original: Some(identity.patient.original),
        namespace: Some(namespace.to_owned()),
        uids: context.into_uids(),
    };
    Ok((outcome, samples))
}

/// Implementation Version Name (0002,0013).
fn implementation_version() -> String {
    format!("TOKUMEI_{VERSION}")
}

/// The samples that are still to be looked at. What was copied or deflated is small enough to be looked at now.
fn pending(context: &mut Context, pieces: &[Piece]) -> Result<Option<PendingSamples>, Stop> {
    let Some(check) = context.samples.take() else { return Ok(None) };
    let first = context.settled.pixels.as_ref().and_then(|p| p.value.first());
    if !context.ds.form().deflated
        && let Some(pending) = PendingSamples::new(check, pieces, first)
    {
        return Ok(Some(pending));
    }
    let hidden = native::unused_bits(context.ds, context.source)?;
    if hidden { Err(Stop::at(Reason::OverlayInPixels, Tag::PIXEL_DATA)) } else { Ok(None) }
}

/// A UID of the top level as it leaves.
fn new_uid(ds: &DataSet, edits: &Edits, tag: Tag) -> Option<String> {
    let index = ds.find(None, tag)?;
    match edits.get(index) {
        Some(Edit::Value(bytes)) => ascii(bytes).filter(|u| !u.is_empty()).map(str::to_owned),
        Some(_) => None,
        None => top_ascii(ds, tag),
    }
}

/// What an instance must say of itself before anything can be done.
struct Identity {
    class: &'static SopClass,
    patient: PatientId,
    study: String,
}

impl Identity {
    fn of(profile: &Profile, ds: &DataSet) -> Result<Self, Stop> {
        let needed = |tag| {
            let one = top_ascii(ds, tag).filter(|u| !u.contains('\\'));
            one.ok_or_else(|| Stop::at(Reason::Damaged, tag))
        };
        let class = needed(tags::SOP_CLASS)?;
        let class = sop_class::find(&class).ok_or_else(|| Stop::at(Reason::SopClassUnknown, tags::SOP_CLASS))?;
        needed(tags::SOP_INSTANCE)?;
        needed(tags::SERIES_UID)?;
        let study = needed(tags::STUDY_UID)?;
        let patient = patient::patient_id(ds, profile.policy());
        if patient.status == PatientStatus::Unreadable {
            return Err(Stop::at(Reason::PatientIdUnreadable, tags::PATIENT_ID));
        }
        Ok(Self { class, patient, study })
    }

    fn context<'a>(
        &self,
        profile: &'a Profile,
        source: &'a dyn Source,
        ds: &'a DataSet,
        namespace: &'a str,
    ) -> Result<Context<'a>, Stop> {
        let message = patient_message(namespace, &self.patient.canonical, &self.study);
        let rule = profile.policy().patient.dates.to_rule();
        let whose = Whose {
            iod: self.class.iod,
            namespace,
            pseudonym: profile.keys().patient_pseudonym(&message),
            shift_days: profile.keys().date_shift_days(&message, &rule),
        };
        let too_large = || Stop { reason: Reason::TooLarge, tag: None };
        let lexicon = Lexicon::of(ds).ok_or_else(too_large)?;
        let document = Document::of(profile, self.class, ds, source)?;
        let cleaning = match profile.cleaner() {
            Some(cleaner) => {
                let limits = profile.policy().limits.reading();
                let mut said = identity::Values::new();
                document.iter().try_for_each(|document| document::collect(document.text(), &limits, &mut said))?;
                let found = identity::facts(ds, &limits, said).ok_or_else(too_large)?;
                Some(cleaner.of(found.facts, found.whole, profile.policy().shifts_dates().then_some(whose.shift_days)))
            }
            None => None,
        };
        let mut context = Context::new(profile, source, ds, whose, lexicon, cleaning);
        context.proof = Proof::of(profile, self.class);
        context.document = document;
        Ok(context)
    }
}

/// True for a picture that ends before its pixels. What has none by design has no rows either, but for spectra.
fn is_cut_off(ds: &DataSet) -> bool {
    let rows = ds.find(None, tags::ROWS).and_then(|i| ds.node(i));
    rows.is_some_and(|n| &n.vr == b"US") && ds.find(None, SPECTROSCOPY_DATA).is_none()
}

/// All edits of an instance. Its steps stay functions of their own, as those of the walk do.
fn decided(context: &mut Context) -> Result<Walked, Stop> {
    let mut walked = walk::walk(context)?;
    context.proof.settle()?;
    if let [first, others @ ..] = walked.pixel_data.clone().as_slice() {
        if let Some(&second) = others.first() {
            return Err(context.stop(Reason::PixelMismatch, second));
        }
        match context.settled.pixels.take() {
            Some(new) => {
                settled::replace(context, &mut walked.edits, *first, &new)?;
                context.settled.pixels = Some(new);
            }
            None => pixels::edit(context, &mut walked.edits, *first).map(|_| ())?,
        }
    } else if is_cut_off(context.ds) {
        return Err(Stop::at(Reason::Truncated, Tag::PIXEL_DATA));
    } else {
        pixels::drop_offset_tables(context, &mut walked.edits);
    }
    pairs::drop_widowed(context.ds, &mut walked);
    structure::prune(context.ds, &mut walked);
    charset::widen(context, &mut walked)?;
    marks::write(context, &mut walked.edits);
    settled::write(context, &mut walked.edits);
    Ok(walked)
}
