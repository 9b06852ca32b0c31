//! What the rules of one instance share.

use super::action::ActionCounts;
use super::cleaner::Cleaning;
use super::codes::Remembered;
use super::document::Document;
use super::lexicon::Lexicon;
use super::proof::Proof;
use super::settled::Settled;
use super::structured::Items;
use super::walk::Named;
use crate::profile::Profile;
use crate::tables::iod::Iod;
use crate::values::decoded;
use std::collections::BTreeMap;
use tokumei_dicom::codestream::native::SampleCheck;
use tokumei_dicom::{DataSet, Source, Tag};

/// What the rules of one instance share. Holds identity: no `Debug`.
pub(crate) struct Context<'a> {
    pub(crate) profile: &'a Profile,
    pub(crate) source: &'a dyn Source,
    pub(crate) ds: &'a DataSet,
    pub(crate) iod: Option<Iod>,
    pub(crate) namespace: &'a str,
    pub(crate) pseudonym: String,
    pub(crate) shift_days: i32,
    pub(crate) lexicon: Lexicon,
    /// How text is cleaned, where the policy has it cleaned.
    pub(crate) cleaning: Option<Cleaning>,
    /// What became of cleaned values that are more than ASCII.
    pub(crate) cleaned: Cleaned,
    pub(crate) counts: ActionCounts,
    /// The last code item, and whether its scheme is a registered one.
    pub(crate) registered: Option<(u32, bool)>,
    /// What the tables say of tags in items.
    pub(crate) named: Vec<Option<Named>>,
    /// Codes and meanings that stay.
    pub(crate) codes: Remembered<'a>,
    /// Content items around the place.
    pub(crate) items: Items,
    /// Whether all text is known to be harmless, where that is asked.
    pub(crate) proof: Proof,
    /// The document that is cleaned.
    pub(crate) document: Option<Document>,
    /// What is known of its pixels.
    pub(crate) settled: Settled,
    /// Samples that must still be looked at before anything leaves.
    pub(crate) samples: Option<SampleCheck>,
    /// Only decoding its frames tells whether more than samples stands in their code streams.
    pub(crate) only_decoders_tell: bool,
    /// Sequences around that were read out of bytes.
    pub(crate) nested: u16,
    uids: BTreeMap<String, String>,
    stacks: BTreeMap<String, usize>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(
        profile: &'a Profile,
        source: &'a dyn Source,
        ds: &'a DataSet,
        whose: Whose<'a>,
        lexicon: Lexicon,
        cleaning: Option<Cleaning>,
    ) -> Self {
        Self {
            profile,
            source,
            ds,
            iod: whose.iod,
            namespace: whose.namespace,
            pseudonym: whose.pseudonym,
            shift_days: whose.shift_days,
            lexicon,
            cleaning,
            cleaned: Cleaned::default(),
            counts: ActionCounts::default(),
            registered: None,
            named: Vec::new(),
            codes: Remembered::default(),
            items: Items::default(),
            proof: Proof::default(),
            document: None,
            settled: Settled::default(),
            samples: None,
            only_decoders_tell: false,
            nested: 0,
            uids: BTreeMap::new(),
            stacks: BTreeMap::new(),
        }
    }

    /// The new UID of an original one; each is made once and noted for the mapping.
    pub(crate) fn new_uid(&mut self, original: &str) -> String {
        if let Some(known) = self.uids.get(original) {
            return known.clone();
        }
        let new = self.profile.uid(original);
        self.uids.insert(original.to_owned(), new.clone());
        new
    }

    /// The number of a stack, a graphic layer or a tracked object, by its name.
    pub(crate) fn stack(&mut self, name: String) -> usize {
        let next = self.stacks.len();
        *self.stacks.entry(name).or_insert(next)
    }

    /// Takes what the parts of one instance share from another part.
    pub(crate) fn take_shared(&mut self, other: &mut Context) {
        self.uids = core::mem::take(&mut other.uids);
        self.counts = core::mem::take(&mut other.counts);
        self.stacks = core::mem::take(&mut other.stacks);
        self.proof = core::mem::take(&mut other.proof);
    }

    /// The UIDs that were changed, in the order of the originals.
    pub(crate) fn into_uids(self) -> Vec<(String, String)> {
        self.uids.into_iter().collect()
    }

    /// Held bytes of a value; empty where it is by reference.
    pub(crate) fn bytes(&self, index: u32) -> &'a [u8] {
        self.ds.value(index).unwrap_or_default()
    }

    /// Text of a value under a VR; `None` where it does not decode.
    pub(crate) fn text(&self, index: u32, vr: [u8; 2]) -> Option<String> {
        decoded(self.ds, index, self.bytes(index), vr)
    }
}

/// New values that are more than ASCII, by node; should the character set have to change, they are written anew.
#[derive(Default)]
pub(crate) struct Cleaned {
    pub(crate) texts: BTreeMap<u32, String>,
    /// The declared character set cannot hold all of them.
    pub(crate) outgrown: bool,
}

/// Whose instance it is and of which IOD.
pub(crate) struct Whose<'a> {
    pub(crate) iod: Option<Iod>,
    pub(crate) namespace: &'a str,
    pub(crate) pseudonym: String,
    pub(crate) shift_days: i32,
}

/// The place of an element while it is looked at.
pub(crate) struct Place<'p> {
    pub(crate) index: u32,
    pub(crate) tag: Tag,
    /// Sequences around it from the outside in.
    pub(crate) path: &'p [Tag],
    /// The item around it.
    pub(crate) parent: Option<u32>,
}
