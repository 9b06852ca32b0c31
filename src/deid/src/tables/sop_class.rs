//! SOP Classes and what identity their instances can carry besides header attributes. Project judgement, not a standard.

use super::generated::sop_class as generated;
use super::iod::Iod;

/// Encapsulated CDA Storage (PS3.4 B.5).
pub(crate) const CDA: &str = "1.2.840.10008.5.1.4.1.1.104.2";

/// How often a class carries a risk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Never known.
    None,
    /// Sometimes.
    Low,
    /// Usually.
    High,
}

/// Verdict before looking at the instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClassVerdict {
    /// Header rules suffice.
    Pass,
    /// Burned-in text has to be looked for.
    Text,
    /// A face may be in it.
    Deface,
    /// Both.
    TextDeface,
    /// A person decides.
    Review,
    /// It does not leave.
    Refuse,
}

/// Content besides pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Contents(pub(super) u8);

impl Contents {
    pub(super) const FREE_TEXT: u8 = 1;
    pub(super) const DOCUMENT: u8 = 2;
    pub(super) const WAVEFORM: u8 = 4;
    pub(super) const GRAPHICS: u8 = 8;
    pub(super) const VIDEO: u8 = 16;
    pub(super) const REFERENCES: u8 = 32;
    pub(super) const RAW: u8 = 64;

    const fn has(self, bit: u8) -> bool {
        self.0 & bit != 0
    }

    /// Free text, such as a report's.
    pub const fn free_text(self) -> bool {
        self.has(Self::FREE_TEXT)
    }

    /// An encapsulated document.
    pub const fn document(self) -> bool {
        self.has(Self::DOCUMENT)
    }

    /// A waveform or sound.
    pub const fn waveform(self) -> bool {
        self.has(Self::WAVEFORM)
    }

    /// Graphics, annotations, presentation.
    pub const fn graphics(self) -> bool {
        self.has(Self::GRAPHICS)
    }

    /// Video.
    pub const fn video(self) -> bool {
        self.has(Self::VIDEO)
    }

    /// No image: it refers to other instances.
    pub const fn references(self) -> bool {
        self.has(Self::REFERENCES)
    }

    /// Raw data.
    pub const fn raw(self) -> bool {
        self.has(Self::RAW)
    }
}

/// One SOP Class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SopClass {
    /// UID.
    pub uid: &'static str,
    /// Category, as policies name it.
    pub category: &'static str,
    /// Its IOD, where PS3.3 has one.
    pub iod: Option<Iod>,
    /// Text in pixels.
    pub burned_in_text: Level,
    /// Faces.
    pub face: Level,
    /// Other content.
    pub contents: Contents,
    /// Verdict before looking at the instance.
    pub verdict: ClassVerdict,
}

impl SopClass {
    /// Name (PS3.6).
    pub fn name(&self) -> &'static str {
        let place = generated::CLASSES.binary_search_by_key(&self.uid, |c| c.uid).ok();
        place.and_then(|place| generated::NAMES.get(place)).copied().unwrap_or_default()
    }
}

/// The class of a UID. `None`: unknown, refused.
pub fn find(uid: &str) -> Option<&'static SopClass> {
    generated::CLASSES.binary_search_by_key(&uid, |c| c.uid).ok().and_then(|i| generated::CLASSES.get(i))
}

/// All, in the order of UIDs as text.
pub fn all() -> &'static [SopClass] {
    &generated::CLASSES
}

/// True where a policy may name the category.
pub fn is_category(name: &str) -> bool {
    generated::CLASSES.iter().any(|c| c.category == name)
}
