//! Table E.1-1 of PS3.15 (2026c): the action on each attribute in the Basic Profile and under each option.

use super::generated::e1_1 as generated;
use crate::json::fill::words;
use serde::{Deserialize, Serialize};
use tokumei_dicom::Tag;

/// Action codes (PS3.15 Table E.1-1a).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub enum Code {
    /// Remove; a sequence goes with all its items.
    X,
    /// Empty, or a dummy.
    Z,
    /// Non-empty dummy.
    D,
    /// Unchanged; for a sequence: the profile applies to every item.
    K,
    /// Replaced by what is known to be free of identity.
    C,
    /// New UID.
    U,
    /// X/Z by Type: X where Type 3, Z where Type 2.
    XZ,
    /// X/D by Type: X where Type 3, D where Type 1.
    XD,
    /// Z/D by Type: Z where Type 2, D where Type 1.
    ZD,
    /// X/Z/D by Type.
    XZD,
    /// X/Z/U* by Type: where Type 1 the sequence stays and the UIDs inside are new.
    XZUStar,
}

impl Code {
    /// True where the Type in the IOD decides ([`super::iod`]).
    pub const fn is_composite(self) -> bool {
        matches!(self, Self::XZ | Self::XD | Self::ZD | Self::XZD | Self::XZUStar)
    }

    /// As the standard writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::X => "X",
            Self::Z => "Z",
            Self::D => "D",
            Self::K => "K",
            Self::C => "C",
            Self::U => "U",
            Self::XZ => "X/Z",
            Self::XD => "X/D",
            Self::ZD => "Z/D",
            Self::XZD => "X/Z/D",
            Self::XZUStar => "X/Z/U*",
        }
    }
}

/// The option columns, in the table's order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum OptionColumn {
    /// Retain Safe Private (E.3.10).
    RtnSafePrivate,
    /// Retain UIDs (E.3.9).
    RtnUids,
    /// Retain Device Identity (E.3.8).
    RtnDeviceId,
    /// Retain Institution Identity (E.3.11).
    RtnInstitutionId,
    /// Retain Patient Characteristics (E.3.7).
    RtnPatientChars,
    /// Retain Longitudinal Temporal Information with Full Dates (E.3.6).
    RtnLongFullDates,
    /// Retain Longitudinal Temporal Information with Modified Dates (E.3.6).
    RtnLongModifiedDates,
    /// Clean Descriptors (E.3.5).
    CleanDescriptors,
    /// Clean Structured Content (E.3.4).
    CleanStructuredContent,
    /// Clean Graphics (E.3.3).
    CleanGraphics,
}

words!(OptionColumn {
    RtnSafePrivate: "rtn_safe_private",
    RtnUids: "rtn_uids",
    RtnDeviceId: "rtn_device_id",
    RtnInstitutionId: "rtn_institution_id",
    RtnPatientChars: "rtn_patient_chars",
    RtnLongFullDates: "rtn_long_full_dates",
    RtnLongModifiedDates: "rtn_long_modified_dates",
    CleanDescriptors: "clean_descriptors",
    CleanStructuredContent: "clean_structured_content",
    CleanGraphics: "clean_graphics"
});

impl OptionColumn {
    /// All, in the table's order.
    pub const ALL: [Self; 10] = [
        Self::RtnSafePrivate,
        Self::RtnUids,
        Self::RtnDeviceId,
        Self::RtnInstitutionId,
        Self::RtnPatientChars,
        Self::RtnLongFullDates,
        Self::RtnLongModifiedDates,
        Self::CleanDescriptors,
        Self::CleanStructuredContent,
        Self::CleanGraphics,
    ];

    /// Name of the column in `table_e1_1.tsv` and in policies.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RtnSafePrivate => "rtn_safe_private",
            Self::RtnUids => "rtn_uids",
            Self::RtnDeviceId => "rtn_device_id",
            Self::RtnInstitutionId => "rtn_institution_id",
            Self::RtnPatientChars => "rtn_patient_chars",
            Self::RtnLongFullDates => "rtn_long_full_dates",
            Self::RtnLongModifiedDates => "rtn_long_modified_dates",
            Self::CleanDescriptors => "clean_descriptors",
            Self::CleanStructuredContent => "clean_structured_content",
            Self::CleanGraphics => "clean_graphics",
        }
    }

    /// The section that describes the option.
    pub const fn section(self) -> &'static str {
        match self {
            Self::RtnSafePrivate => "PS3.15 E.3.10",
            Self::RtnUids => "PS3.15 E.3.9",
            Self::RtnDeviceId => "PS3.15 E.3.8",
            Self::RtnInstitutionId => "PS3.15 E.3.11",
            Self::RtnPatientChars => "PS3.15 E.3.7",
            Self::RtnLongFullDates | Self::RtnLongModifiedDates => "PS3.15 E.3.6",
            Self::CleanDescriptors => "PS3.15 E.3.5",
            Self::CleanStructuredContent => "PS3.15 E.3.4",
            Self::CleanGraphics => "PS3.15 E.3.3",
        }
    }

    const fn bit(self) -> u16 {
        1 << self as u16
    }
}

const TEXT_CLEANING: u16 = 1 << 15;
const NEEDS_TEXT_CLEANING: u16 = OptionColumn::RtnDeviceId.bit() | OptionColumn::RtnPatientChars.bit();

/// The options that are really applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OptionSet(u16);

impl OptionSet {
    /// None: the Basic Profile.
    pub const NONE: Self = Self(0);

    /// Adds one.
    #[must_use]
    pub const fn with(self, column: OptionColumn) -> Self {
        Self(self.0 | column.bit())
    }

    /// Takes one away.
    #[must_use]
    pub const fn without(self, column: OptionColumn) -> Self {
        Self(self.0 & !column.bit())
    }

    /// Text can be cleaned, so a C of a retaining option (AE titles, allergies and the like) can be done.
    #[must_use]
    pub const fn with_text_cleaning(self) -> Self {
        Self(self.0 | TEXT_CLEANING)
    }

    /// True where text can be cleaned.
    pub const fn cleans_text(self) -> bool {
        self.0 & TEXT_CLEANING != 0
    }

    /// True where the option is applied.
    pub const fn contains(self, column: OptionColumn) -> bool {
        self.0 & column.bit() != 0
    }
}

impl FromIterator<OptionColumn> for OptionSet {
    fn from_iter<I: IntoIterator<Item = OptionColumn>>(columns: I) -> Self {
        columns.into_iter().fold(Self::NONE, Self::with)
    }
}

/// What decided a row's action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The Basic Profile's column.
    Basic,
    /// An option's column.
    Option(OptionColumn),
}

/// One row. Option columns hold K, C or nothing, so two sets of columns say it all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Tag; of a pattern row the lowest that it names.
    pub tag: Tag,
    /// VR; of `OB or OW` the latter, of pattern rows that name no VR `UN`.
    pub vr: [u8; 2],
    /// Code of the Basic Profile.
    pub basic: Code,
    /// Columns that say K.
    pub(super) keep: u16,
    /// Columns that say C.
    pub(super) clean: u16,
    /// A text that names or numbers a person, a thing or a place.
    pub names: bool,
}

impl Row {
    /// Keyword (PS3.6); of pattern rows `CurveGroup`, `OverlayData`, `OverlayComments`, `PrivateAttributes`.
    pub fn keyword(&self) -> &'static str {
        match self.tag {
            Tag(0x5000, _) => "CurveGroup",
            Tag(0x6000, 0x3000) => "OverlayData",
            Tag(0x6000, _) => "OverlayComments",
            tag if tag.is_private() => "PrivateAttributes",
            tag => {
                let place = generated::ROWS.binary_search_by_key(&tag, |r| r.tag).ok();
                place.and_then(|place| generated::KEYWORDS.get(place)).copied().unwrap_or_default()
            }
        }
    }

    /// The code in one option's column.
    pub const fn option(&self, column: OptionColumn) -> Option<Code> {
        if self.clean & column.bit() != 0 {
            Some(Code::C)
        } else if self.keep & column.bit() != 0 {
            Some(Code::K)
        } else {
            None
        }
    }

    /// The action under the options applied, and what decided it. An option beats the profile; where options disagree
    /// the more careful wins: C before K, and the profile's own code before K where a C asks for cleaning of text that
    /// the policy does not do. Of several that agree the last column is named: cleaning before retaining.
    pub fn effective(&self, options: OptionSet) -> (Code, Source) {
        effective(self.basic, self.keep, self.clean, options)
    }
}

/// [`Row::effective`] of any row with such columns.
pub(super) fn effective(basic: Code, keep: u16, clean: u16, options: OptionSet) -> (Code, Source) {
    let last = |columns: u16| OptionColumn::ALL.into_iter().rev().find(|c| columns & c.bit() != 0).map(Source::Option);
    let clean = clean & options.0;
    if clean != 0 {
        let done = if options.cleans_text() { clean } else { clean & !NEEDS_TEXT_CLEANING };
        return last(done).map_or((basic, Source::Basic), |source| (Code::C, source));
    }
    last(keep & options.0).map_or((basic, Source::Basic), |source| (Code::K, source))
}

/// The row that names a tag, pattern rows included: curves (even groups 5000 to 501E), overlay data and comments (even
/// groups 6000 to 601E), private attributes (odd groups).
pub fn row(tag: Tag) -> Option<&'static Row> {
    if tag.is_private() {
        return Some(&generated::PRIVATE);
    }
    match tag {
        Tag(0x5000..=0x501E, _) => Some(&generated::CURVES),
        Tag(0x6000..=0x601E, 0x3000) => Some(&generated::OVERLAY_DATA),
        Tag(0x6000..=0x601E, 0x4000) => Some(&generated::OVERLAY_COMMENTS),
        _ => generated::ROWS.binary_search_by_key(&tag, |r| r.tag).ok().and_then(|i| generated::ROWS.get(i)),
    }
}

/// All exact rows in the order of tags, then the four pattern rows.
pub fn rows() -> impl Iterator<Item = &'static Row> {
    let patterns = [&generated::CURVES, &generated::OVERLAY_DATA, &generated::OVERLAY_COMMENTS, &generated::PRIVATE];
    generated::ROWS.iter().chain(patterns)
}
