//! Which rule decided an action: a stable id and the section it stands in. Words for people belong to the page.

use super::e1_1::{Code, OptionColumn, Source};

/// The rule behind one action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleSource {
    /// A row of Table E.1-1, by its basic code.
    E11Basic(Code),
    /// A row of Table E.1-1, by an option's column.
    E11Option(OptionColumn, Code),
    /// The Type in the instance's IOD.
    IodType,
    /// The rule by VR for attributes that the table does not name.
    ByVr,
    /// A text of the list of technical texts, and its value passed.
    TechnicalText,
    /// Known to carry identity though the table does not name it.
    Outside,
    /// Private attributes go.
    Private,
    /// A private attribute listed as safe.
    SafePrivate,
    /// A private attribute that the policy allows.
    AllowedPrivate,
    /// A UID, by value and attribute.
    Uid,
    /// A date or time, shifted.
    Date,
    /// The patient's pseudonym.
    Pseudonym,
    /// An identifier that stays joinable as a code.
    Linkage,
    /// An age at the cap.
    AgeCap,
    /// File meta information and preamble, written anew.
    Meta,
    /// Groups that go whole.
    Group,
    /// Attributes that state the de-identification.
    Conformance,
    /// An override of the policy.
    Policy,
    /// Metadata in a code stream, or bytes beyond the image.
    CodeStream,
    /// The value does not decode or does not parse.
    Unreadable,
}

impl RuleSource {
    /// Every rule once; those of Table E.1-1 by code and by option.
    pub fn all() -> impl Iterator<Item = Self> {
        core::iter::successors(Some(Self::E11Basic(Code::X)), |rule| rule.next())
    }

    fn next(self) -> Option<Self> {
        let option = |column| Self::E11Option(column, Code::K);
        let after = |column| OptionColumn::ALL.into_iter().skip_while(move |c| *c != column).nth(1);
        Some(match self {
            Self::E11Basic(code) => match code {
                Code::X => Self::E11Basic(Code::Z),
                Code::Z => Self::E11Basic(Code::D),
                Code::D => Self::E11Basic(Code::U),
                Code::U => Self::E11Basic(Code::XZ),
                Code::XZ => Self::E11Basic(Code::XD),
                Code::XD => Self::E11Basic(Code::ZD),
                Code::ZD => Self::E11Basic(Code::XZD),
                Code::XZD => Self::E11Basic(Code::XZUStar),
                // K and C stand in the columns of options alone.
                Code::XZUStar | Code::K | Code::C => option(OptionColumn::ALL[0]),
            },
            Self::E11Option(column, _) => after(column).map_or(Self::IodType, option),
            Self::IodType => Self::ByVr,
            Self::ByVr => Self::TechnicalText,
            Self::TechnicalText => Self::Outside,
            Self::Outside => Self::Private,
            Self::Private => Self::SafePrivate,
            Self::SafePrivate => Self::AllowedPrivate,
            Self::AllowedPrivate => Self::Uid,
            Self::Uid => Self::Date,
            Self::Date => Self::Pseudonym,
            Self::Pseudonym => Self::Linkage,
            Self::Linkage => Self::AgeCap,
            Self::AgeCap => Self::Meta,
            Self::Meta => Self::Group,
            Self::Group => Self::Conformance,
            Self::Conformance => Self::Policy,
            Self::Policy => Self::CodeStream,
            Self::CodeStream => Self::Unreadable,
            Self::Unreadable => return None,
        })
    }

    /// From a row's effective code.
    pub const fn of_row(code: Code, source: Source) -> Self {
        match source {
            Source::Basic => Self::E11Basic(code),
            Source::Option(column) => Self::E11Option(column, code),
        }
    }

    /// Stable id, kebab-case.
    pub const fn id(self) -> &'static str {
        match self {
            Self::E11Basic(_) => "table-basic",
            Self::E11Option(column, _) => match column {
                OptionColumn::RtnSafePrivate => "option-safe-private",
                OptionColumn::RtnUids => "option-uids",
                OptionColumn::RtnDeviceId => "option-device-id",
                OptionColumn::RtnInstitutionId => "option-institution-id",
                OptionColumn::RtnPatientChars => "option-patient-chars",
                OptionColumn::RtnLongFullDates => "option-full-dates",
                OptionColumn::RtnLongModifiedDates => "option-modified-dates",
                OptionColumn::CleanDescriptors => "option-descriptors",
                OptionColumn::CleanStructuredContent => "option-structured-content",
                OptionColumn::CleanGraphics => "option-graphics",
            },
            Self::IodType => "iod-type",
            Self::ByVr => "by-vr",
            Self::TechnicalText => "technical-text",
            Self::Outside => "outside-table",
            Self::Private => "private",
            Self::SafePrivate => "safe-private",
            Self::AllowedPrivate => "allowed-private",
            Self::Uid => "uid",
            Self::Date => "date",
            Self::Pseudonym => "pseudonym",
            Self::Linkage => "linkage",
            Self::AgeCap => "age-cap",
            Self::Meta => "file-meta",
            Self::Group => "group",
            Self::Conformance => "conformance",
            Self::Policy => "policy",
            Self::CodeStream => "code-stream",
            Self::Unreadable => "unreadable",
        }
    }

    /// The column that decided, where an option did.
    pub const fn option(self) -> Option<OptionColumn> {
        match self {
            Self::E11Option(column, _) => Some(column),
            _ => None,
        }
    }

    /// Section of the standard, or of what else the rule rests on.
    pub const fn section(self) -> &'static str {
        match self {
            Self::E11Basic(_) | Self::Private => "PS3.15 Table E.1-1",
            Self::E11Option(column, _) => column.section(),
            Self::IodType => "PS3.15 E.1.1 step 2 note 1",
            Self::ByVr | Self::TechnicalText | Self::Unreadable => "PS3.15 E.3.5 note 3",
            Self::Outside => "PS3.15 E.1.1 note 1",
            Self::SafePrivate => "PS3.15 Table E.3.10-1",
            Self::AllowedPrivate => "PS3.15 E.3.10",
            Self::Uid => "PS3.15 E.1.1 step 5",
            Self::Date => "PS3.15 E.3.6",
            Self::Pseudonym | Self::Linkage => "PS3.15 E.1.1 step 2 note 3",
            Self::AgeCap => "45 CFR 164.514(b)(2)(i)(C)",
            Self::Meta => "PS3.15 E.1.1 step 7",
            Self::Group => "PS3.15 E.1.1 notes 1 and 8",
            Self::Conformance => "PS3.15 E.1.1 step 6",
            Self::Policy => "tokumei.policy/1",
            Self::CodeStream => "PS3.5 8.2",
        }
    }
}
