//! Types of attributes in IODs (PS3.3), where the action depends on them: the composite codes of Table E.1-1, the rows
//! where plain X or Z would break an IOD, and text attributes that the table does not name.

use super::generated::iod as generated;
use tokumei_dicom::Tag;

/// An IOD of PS3.3, by its number in the generated list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Iod(pub(super) u8);

impl Iod {
    /// Its key, such as `ct-image`.
    pub fn key(self) -> &'static str {
        generated::IODS.get(usize::from(self.0)).copied().unwrap_or_default()
    }

    /// The IOD of a key.
    pub fn from_key(key: &str) -> Option<Self> {
        generated::IODS.binary_search(&key).ok().and_then(|i| u8::try_from(i).ok()).map(Self)
    }
}

/// Type of an attribute (PS3.5 7.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// Required with a value.
    One,
    /// Required with a value under a condition.
    OneC,
    /// Required, may be empty.
    Two,
    /// Required under a condition, may be empty.
    TwoC,
    /// Optional.
    Three,
}

/// The action that keeps the IOD legal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LegalAction {
    /// Remove.
    X,
    /// Empty.
    Z,
    /// Z, but the Type asks for a value: a dummy; of a sequence the items stay with new UIDs.
    ZDummy,
    /// Dummy.
    D,
    /// The sequence stays, UIDs inside are new.
    U,
}

/// What an IOD says of an attribute at one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TypeRow {
    /// Strictest Type of the modules that define it.
    pub attribute_type: Type,
    /// Action after resolving the code.
    pub legal_action: LegalAction,
}

/// Of `iod_types.tsv`.
pub(super) struct TypeEntry {
    pub(super) tag: Tag,
    pub(super) path: u16,
    pub(super) iods: u16,
    pub(super) row: TypeRow,
}

/// Of `unlisted_text_types.tsv`.
pub(super) struct UnlistedEntry {
    pub(super) tag: Tag,
    pub(super) path: u16,
    pub(super) row: TypeRow,
}

/// Stands in generated paths for the sequences of functional groups.
pub(super) const FUNCTIONAL_GROUPS: Tag = Tag(0xFFFE, 0x0000);

/// Shared, Per-Frame and Current Frame Functional Groups Sequence.
const fn is_functional_groups(tag: Tag) -> bool {
    matches!(tag, Tag(0x5200, 0x9229 | 0x9230) | Tag(0x0006, 0x0001))
}

fn path_is(index: u16, path: &[Tag]) -> bool {
    let Some(listed) = generated::PATHS.get(usize::from(index)) else { return false };
    listed.len() == path.len()
        && listed.iter().zip(path).all(|(&a, &b)| a == b || a == FUNCTIONAL_GROUPS && is_functional_groups(b))
}

fn in_set(index: u16, iod: Iod) -> bool {
    let word = generated::SETS.get(usize::from(index)).and_then(|set| set.get(usize::from(iod.0 / 64)));
    word.is_some_and(|w| w & (1 << (iod.0 % 64)) != 0)
}

/// What the IOD says of an attribute of Table E.1-1. `path`: the sequences around it from the outside in. `None`: Type 3
/// there or not of this IOD there; then the row's basic code holds, X for composite codes (PS3.15 E.1.1 note 13).
pub fn types(tag: Tag, path: &[Tag], iod: Iod) -> Option<TypeRow> {
    let start = generated::TYPES.partition_point(|e| e.tag < tag);
    let of_tag = generated::TYPES.iter().skip(start).take_while(|e| e.tag == tag);
    of_tag.into_iter().find(|e| path_is(e.path, path) && in_set(e.iods, iod)).map(|e| e.row)
}

/// Every place where some IOD says something of an attribute of Table E.1-1, and what; functional groups stand as one
/// sequence of their kind.
pub fn places(tag: Tag) -> impl Iterator<Item = (Vec<Tag>, TypeRow)> {
    let start = generated::TYPES.partition_point(|e| e.tag < tag);
    let of_tag = generated::TYPES.iter().skip(start).take_while(move |e| e.tag == tag);
    of_tag.map(|entry| {
        let path = generated::PATHS.get(usize::from(entry.path)).copied().unwrap_or_default();
        let real = |&tag: &Tag| if tag == FUNCTIONAL_GROUPS { Tag(0x5200, 0x9229) } else { tag };
        (path.iter().map(real).collect(), entry.row)
    })
}

/// What some IOD asks of a text attribute that Table E.1-1 does not name: Z or D where removing it would break an IOD.
pub fn unlisted(tag: Tag, path: &[Tag]) -> Option<TypeRow> {
    let start = generated::UNLISTED.partition_point(|e| e.tag < tag);
    let of_tag = generated::UNLISTED.iter().skip(start).take_while(|e| e.tag == tag);
    of_tag.into_iter().find(|e| path_is(e.path, path)).map(|e| e.row)
}
