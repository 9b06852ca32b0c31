//! Reason codes: why a file has its verdict, and what stops a run.
//! Made by `cargo xtask generate` from `src/deid/data/reasons.tsv`, which holds the words in Japanese and English. Do not edit.

use serde::{Serialize, Serializer};

/// Verdict that a reason goes with, or `Run` for what stops a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Leaves with its pixels unchanged.
    Pass,
    /// Leaves with text masked.
    Masked,
    /// Leaves with the face removed.
    Defaced,
    /// Held until a person decides.
    Review,
    /// Does not leave.
    Refused,
    /// The patient opted out.
    Excluded,
    /// No image, or nothing new.
    Skipped,
    /// Of the run, not of a file.
    Run,
}

/// A reason with its stable code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// No text or face is expected, or none was found.
    Clean,
    /// Text in the picture was found and blacked out.
    TextMasked,
    /// The fixed areas of this device were blacked out.
    DeviceRuleMasked,
    /// The areas that a file of masks names were blacked out.
    MaskFileMasked,
    /// The face was removed.
    FaceRemoved,
    /// A head study without a face.
    FaceAbsent,
    /// The operator found no identity in the picture.
    DecidedPass,
    /// The operator chose the areas to black out.
    DecidedMasked,
    /// The operator checked the result of face removal.
    DecidedDefaced,
    /// Something looks like text but could not be read.
    TextUnread,
    /// Text was found, but this device has no rule yet.
    TextFoundNewDevice,
    /// Text lies over the body; a mask would hide it too.
    TextOverAnatomy,
    /// The place of the text changes within the clip.
    TextMoving,
    /// There may be handwriting.
    Handwriting,
    /// A screen capture: it often holds tables or names.
    SecondaryCapture,
    /// It could not be judged whether a face is visible.
    FaceUncertain,
    /// The scan ends in the middle of the face.
    FacePartial,
    /// Face removal may touch the brain.
    FaceBrainTouched,
    /// Some attached text cannot be read and policy would keep it.
    TextUndecodable,
    /// The patient resembles a person on the opt-out list.
    OptoutPossibleMatch,
    /// The waiting time after the notice is not over.
    OptoutWait,
    /// One study holds images of more than one patient.
    PatientsMixed,
    /// Same patient ID, but another name or birth date.
    IdentityMismatch,
    /// Text is left after masking.
    TextLeft,
    /// Identity of this patient was still found in the result.
    IdentityInOutput,
    /// A name, number or place that other files of this patient hold was found in the result.
    IdentityFromOtherFile,
    /// The face can still be seen after removal.
    FaceLeft,
    /// Video format: text cannot be masked.
    VideoUnsupported,
    /// This kind of compression cannot be processed.
    TransferSyntaxUnsupported,
    /// A document such as a PDF is embedded.
    DocumentEmbedded,
    /// Unknown kind of data.
    SopClassUnknown,
    /// The policy does not release this kind.
    SopClassRefused,
    /// The report holds free text.
    ReportFreeText,
    /// The file is cut short.
    Truncated,
    /// The file is damaged and cannot be read.
    Damaged,
    /// The data are nested too deeply.
    NestingTooDeep,
    /// It exceeds a size limit.
    TooLarge,
    /// The picture does not match its stated size.
    PixelMismatch,
    /// Slices cannot be ordered, so the face cannot be removed.
    GeometryBroken,
    /// Held together with another series of the same head.
    FaceLinkMissing,
    /// Two different images share one number (UID).
    UidConflict,
    /// It did not finish in time.
    Timeout,
    /// A fault occurred. Other images are not affected.
    EngineFault,
    /// The source file can no longer be read.
    SourceUnreadable,
    /// The destination did not accept it.
    RejectedByDestination,
    /// The operator decided not to release it.
    DecidedRefuse,
    /// The patient is on the opt-out list.
    OptedOut,
    /// Not a DICOM file.
    NotDicom,
    /// This is a CD index, not an image.
    Dicomdir,
    /// An exact copy of an image already read.
    Duplicate,
    /// Receipt was confirmed in an earlier run.
    AlreadyDelivered,
    /// An empty file.
    EmptyFile,
    /// The key is missing. Nothing was processed.
    KeyMissing,
    /// This key belongs to another project. Nothing was processed.
    KeyMismatch,
    /// No opt-out list is loaded.
    OptoutListMissing,
    /// The opt-out list is out of date.
    OptoutListStale,
    /// A row of the opt-out list cannot be read.
    OptoutListBroken,
    /// The policy file has an error.
    PolicyInvalid,
    /// The file of masks has an error. Nothing was processed.
    MasksInvalid,
    /// The destination cannot be reached. Nothing is lost.
    DestinationUnreachable,
    /// The destination refuses the connection. No image was sent.
    DestinationAuth,
    /// The disk is full.
    DiskFull,
    /// That place cannot be written to.
    WriteDenied,
    /// Text in the picture has not been checked.
    TextNotChecked,
    /// It has not been checked whether a face can be seen.
    FaceNotChecked,
    /// The settings do not say which hospital this image belongs to.
    NamespaceUnknown,
    /// This image has no patient ID, but others of its examination do.
    PatientIdMissing,
    /// The characters of the patient ID cannot be read.
    PatientIdUnreadable,
    /// The destination has another image under the same number.
    ConflictAtDestination,
    /// The file changed after it was read.
    SourceChanged,
    /// This is a ZIP file. The images in it were checked.
    Container,
    /// This image was already processed with this key.
    OwnOutput,
    /// The pixels hold an overlay.
    OverlayInPixels,
    /// This picture is not DICOM.
    NotDicomImage,
    /// What this ZIP holds is too large.
    ZipTooLarge,
    /// This ZIP is damaged.
    ZipDamaged,
    /// This ZIP is protected with a password.
    ZipEncrypted,
    /// A ZIP inside a ZIP is not opened.
    ZipNested,
    /// This kind of ZIP cannot be opened.
    ZipUnsupported,
    /// This destination is not in the settings. Nothing was sent.
    DestinationNotAllowed,
    /// Held together with another part of the same image.
    PartHeld,
    /// It holds annotations or other content that has not been cleaned.
    ContentNotCleaned,
    /// A picture of the label of a slide.
    SlideLabel,
    /// The run was stopped before its turn.
    Stopped,
    /// It is larger than the destination accepts.
    TooLargeForDestination,
    /// The settings of the destination do not fit, so nothing more is sent. What arrived stays there.
    DestinationMisconfigured,
    /// Another tab is running.
    SecondRun,
    /// The policy leaves documents of this kind out.
    DocumentDropped,
    /// There is no safe way to black out areas, or to clear an overlay, in this form of picture.
    PixelsNotMaskable,
    /// The area to black out lies outside the picture.
    MaskOutsideImage,
    /// The blacked out picture could not be proven right.
    MaskNotProven,
    /// The policy leaves pictures of a slide's label out.
    SlideDropped,
}

impl Reason {
    /// All, in the order of the table.
    pub const ALL: [Self; 92] = [
        Self::Clean,
        Self::TextMasked,
        Self::DeviceRuleMasked,
        Self::MaskFileMasked,
        Self::FaceRemoved,
        Self::FaceAbsent,
        Self::DecidedPass,
        Self::DecidedMasked,
        Self::DecidedDefaced,
        Self::TextUnread,
        Self::TextFoundNewDevice,
        Self::TextOverAnatomy,
        Self::TextMoving,
        Self::Handwriting,
        Self::SecondaryCapture,
        Self::FaceUncertain,
        Self::FacePartial,
        Self::FaceBrainTouched,
        Self::TextUndecodable,
        Self::OptoutPossibleMatch,
        Self::OptoutWait,
        Self::PatientsMixed,
        Self::IdentityMismatch,
        Self::TextLeft,
        Self::IdentityInOutput,
        Self::IdentityFromOtherFile,
        Self::FaceLeft,
        Self::VideoUnsupported,
        Self::TransferSyntaxUnsupported,
        Self::DocumentEmbedded,
        Self::SopClassUnknown,
        Self::SopClassRefused,
        Self::ReportFreeText,
        Self::Truncated,
        Self::Damaged,
        Self::NestingTooDeep,
        Self::TooLarge,
        Self::PixelMismatch,
        Self::GeometryBroken,
        Self::FaceLinkMissing,
        Self::UidConflict,
        Self::Timeout,
        Self::EngineFault,
        Self::SourceUnreadable,
        Self::RejectedByDestination,
        Self::DecidedRefuse,
        Self::OptedOut,
        Self::NotDicom,
        Self::Dicomdir,
        Self::Duplicate,
        Self::AlreadyDelivered,
        Self::EmptyFile,
        Self::KeyMissing,
        Self::KeyMismatch,
        Self::OptoutListMissing,
        Self::OptoutListStale,
        Self::OptoutListBroken,
        Self::PolicyInvalid,
        Self::MasksInvalid,
        Self::DestinationUnreachable,
        Self::DestinationAuth,
        Self::DiskFull,
        Self::WriteDenied,
        Self::TextNotChecked,
        Self::FaceNotChecked,
        Self::NamespaceUnknown,
        Self::PatientIdMissing,
        Self::PatientIdUnreadable,
        Self::ConflictAtDestination,
        Self::SourceChanged,
        Self::Container,
        Self::OwnOutput,
        Self::OverlayInPixels,
        Self::NotDicomImage,
        Self::ZipTooLarge,
        Self::ZipDamaged,
        Self::ZipEncrypted,
        Self::ZipNested,
        Self::ZipUnsupported,
        Self::DestinationNotAllowed,
        Self::PartHeld,
        Self::ContentNotCleaned,
        Self::SlideLabel,
        Self::Stopped,
        Self::TooLargeForDestination,
        Self::DestinationMisconfigured,
        Self::SecondRun,
        Self::DocumentDropped,
        Self::PixelsNotMaskable,
        Self::MaskOutsideImage,
        Self::MaskNotProven,
        Self::SlideDropped,
    ];

    /// Stable code, kebab-case.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::TextMasked => "text-masked",
            Self::DeviceRuleMasked => "device-rule-masked",
            Self::MaskFileMasked => "mask-file-masked",
            Self::FaceRemoved => "face-removed",
            Self::FaceAbsent => "face-absent",
            Self::DecidedPass => "decided-pass",
            Self::DecidedMasked => "decided-masked",
            Self::DecidedDefaced => "decided-defaced",
            Self::TextUnread => "text-unread",
            Self::TextFoundNewDevice => "text-found-new-device",
            Self::TextOverAnatomy => "text-over-anatomy",
            Self::TextMoving => "text-moving",
            Self::Handwriting => "handwriting",
            Self::SecondaryCapture => "secondary-capture",
            Self::FaceUncertain => "face-uncertain",
            Self::FacePartial => "face-partial",
            Self::FaceBrainTouched => "face-brain-touched",
            Self::TextUndecodable => "text-undecodable",
            Self::OptoutPossibleMatch => "optout-possible-match",
            Self::OptoutWait => "optout-wait",
            Self::PatientsMixed => "patients-mixed",
            Self::IdentityMismatch => "identity-mismatch",
            Self::TextLeft => "text-left",
            Self::IdentityInOutput => "identity-in-output",
            Self::IdentityFromOtherFile => "identity-from-other-file",
            Self::FaceLeft => "face-left",
            Self::VideoUnsupported => "video-unsupported",
            Self::TransferSyntaxUnsupported => "transfer-syntax-unsupported",
            Self::DocumentEmbedded => "document-embedded",
            Self::SopClassUnknown => "sop-class-unknown",
            Self::SopClassRefused => "sop-class-refused",
            Self::ReportFreeText => "report-free-text",
            Self::Truncated => "truncated",
            Self::Damaged => "damaged",
            Self::NestingTooDeep => "nesting-too-deep",
            Self::TooLarge => "too-large",
            Self::PixelMismatch => "pixel-mismatch",
            Self::GeometryBroken => "geometry-broken",
            Self::FaceLinkMissing => "face-link-missing",
            Self::UidConflict => "uid-conflict",
            Self::Timeout => "timeout",
            Self::EngineFault => "engine-fault",
            Self::SourceUnreadable => "source-unreadable",
            Self::RejectedByDestination => "rejected-by-destination",
            Self::DecidedRefuse => "decided-refuse",
            Self::OptedOut => "opted-out",
            Self::NotDicom => "not-dicom",
            Self::Dicomdir => "dicomdir",
            Self::Duplicate => "duplicate",
            Self::AlreadyDelivered => "already-delivered",
            Self::EmptyFile => "empty-file",
            Self::KeyMissing => "key-missing",
            Self::KeyMismatch => "key-mismatch",
            Self::OptoutListMissing => "optout-list-missing",
            Self::OptoutListStale => "optout-list-stale",
            Self::OptoutListBroken => "optout-list-broken",
            Self::PolicyInvalid => "policy-invalid",
            Self::MasksInvalid => "masks-invalid",
            Self::DestinationUnreachable => "destination-unreachable",
            Self::DestinationAuth => "destination-auth",
            Self::DiskFull => "disk-full",
            Self::WriteDenied => "write-denied",
            Self::TextNotChecked => "text-not-checked",
            Self::FaceNotChecked => "face-not-checked",
            Self::NamespaceUnknown => "namespace-unknown",
            Self::PatientIdMissing => "patient-id-missing",
            Self::PatientIdUnreadable => "patient-id-unreadable",
            Self::ConflictAtDestination => "conflict-at-destination",
            Self::SourceChanged => "source-changed",
            Self::Container => "container",
            Self::OwnOutput => "own-output",
            Self::OverlayInPixels => "overlay-in-pixels",
            Self::NotDicomImage => "not-dicom-image",
            Self::ZipTooLarge => "zip-too-large",
            Self::ZipDamaged => "zip-damaged",
            Self::ZipEncrypted => "zip-encrypted",
            Self::ZipNested => "zip-nested",
            Self::ZipUnsupported => "zip-unsupported",
            Self::DestinationNotAllowed => "destination-not-allowed",
            Self::PartHeld => "part-held",
            Self::ContentNotCleaned => "content-not-cleaned",
            Self::SlideLabel => "slide-label",
            Self::Stopped => "stopped",
            Self::TooLargeForDestination => "too-large-for-destination",
            Self::DestinationMisconfigured => "destination-misconfigured",
            Self::SecondRun => "second-run",
            Self::DocumentDropped => "document-dropped",
            Self::PixelsNotMaskable => "pixels-not-maskable",
            Self::MaskOutsideImage => "mask-outside-image",
            Self::MaskNotProven => "mask-not-proven",
            Self::SlideDropped => "slide-dropped",
        }
    }

    /// The verdict that it goes with.
    pub const fn scope(self) -> Scope {
        match self {
            Self::FaceRemoved
            | Self::DecidedDefaced => Scope::Defaced,
            Self::OptoutWait
            | Self::OptedOut => Scope::Excluded,
            Self::TextMasked
            | Self::DeviceRuleMasked
            | Self::MaskFileMasked
            | Self::DecidedMasked => Scope::Masked,
            Self::Clean
            | Self::FaceAbsent
            | Self::DecidedPass => Scope::Pass,
            Self::TextLeft
            | Self::IdentityInOutput
            | Self::FaceLeft
            | Self::VideoUnsupported
            | Self::TransferSyntaxUnsupported
            | Self::DocumentEmbedded
            | Self::SopClassUnknown
            | Self::SopClassRefused
            | Self::ReportFreeText
            | Self::Truncated
            | Self::Damaged
            | Self::NestingTooDeep
            | Self::TooLarge
            | Self::PixelMismatch
            | Self::GeometryBroken
            | Self::Timeout
            | Self::EngineFault
            | Self::SourceUnreadable
            | Self::RejectedByDestination
            | Self::DecidedRefuse
            | Self::PatientIdUnreadable
            | Self::ConflictAtDestination
            | Self::SourceChanged
            | Self::ZipTooLarge
            | Self::ZipDamaged
            | Self::ZipEncrypted
            | Self::ZipNested
            | Self::ZipUnsupported
            | Self::SlideLabel
            | Self::Stopped
            | Self::TooLargeForDestination
            | Self::PixelsNotMaskable
            | Self::MaskOutsideImage
            | Self::MaskNotProven => Scope::Refused,
            Self::TextUnread
            | Self::TextFoundNewDevice
            | Self::TextOverAnatomy
            | Self::TextMoving
            | Self::Handwriting
            | Self::SecondaryCapture
            | Self::FaceUncertain
            | Self::FacePartial
            | Self::FaceBrainTouched
            | Self::TextUndecodable
            | Self::OptoutPossibleMatch
            | Self::PatientsMixed
            | Self::IdentityMismatch
            | Self::IdentityFromOtherFile
            | Self::FaceLinkMissing
            | Self::UidConflict
            | Self::TextNotChecked
            | Self::FaceNotChecked
            | Self::NamespaceUnknown
            | Self::PatientIdMissing
            | Self::OverlayInPixels
            | Self::PartHeld
            | Self::ContentNotCleaned => Scope::Review,
            Self::KeyMissing
            | Self::KeyMismatch
            | Self::OptoutListMissing
            | Self::OptoutListStale
            | Self::OptoutListBroken
            | Self::PolicyInvalid
            | Self::MasksInvalid
            | Self::DestinationUnreachable
            | Self::DestinationAuth
            | Self::DiskFull
            | Self::WriteDenied
            | Self::DestinationNotAllowed
            | Self::DestinationMisconfigured
            | Self::SecondRun => Scope::Run,
            Self::NotDicom
            | Self::Dicomdir
            | Self::Duplicate
            | Self::AlreadyDelivered
            | Self::EmptyFile
            | Self::Container
            | Self::OwnOutput
            | Self::NotDicomImage
            | Self::DocumentDropped
            | Self::SlideDropped => Scope::Skipped,
        }
    }

    /// The reason of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.code() == code)
    }
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}
