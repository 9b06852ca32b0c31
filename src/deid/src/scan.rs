//! From a file to its row of the index: what it is and whose (design 4.2). Reads the header, never the pixels.
//! Faults of the data stand in the row; nothing here fails.

use crate::devices::{Findings, Found};
use crate::json::fill::{object, words};
use crate::patient::{self, PatientStatus};
use crate::profile::Profile;
use crate::values::{self, tags, top_ascii, top_integer, top_text, top_u16};
use serde::{Deserialize, Serialize};
use tokumei_dicom::{DataSet, read};
use tokumei_dicom::{Error, ErrorKind, Source, Tag};

const MEDIA_STORAGE_DIRECTORY: &str = "1.2.840.10008.1.3.10";
const DIRECTORY_RECORDS: Tag = Tag(0x0004, 0x1220);

/// First bytes of pictures and films: JPEG, PNG, TIFF, GIF, AVI, JPEG 2000, MPEG, BMP.
const PICTURES: [&[u8]; 18] = [
    b"\xFF\xD8\xFF",
    b"\x89PNG\r\n\x1A\n",
    b"II*\0",
    b"MM\0*",
    b"II+\0",
    b"MM\0+",
    b"II\xBC\x01",
    b"GIF8",
    b"RIFF",
    b"\0\0\0\x0CjP  ",
    b"\xFF\x4F\xFF\x51",
    b"\0\0\0\x0CJXL ",
    b"\xFF\x0A",
    b"\0\0\x01\xBA",
    b"\0\0\x01\xB3",
    b"\x1A\x45\xDF\xA3",
    b"ZISRAWFILE",
    b"BM",
];

/// Kinds of the first box of films and pictures of the ISO base form and of `QuickTime`, after its length.
const BOXES: [&[u8]; 4] = [b"ftyp", b"moov", b"mdat", b"wide"];

/// First bytes of a ZIP: with members, without, one of several parts.
const ZIPS: [&[u8]; 3] = [b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"];

/// Bytes before the first member's name (APPNOTE.TXT 4.3.7).
const ZIP_LOCAL_HEADER: usize = 30;

/// Names of the first member of programs (JAR) and documents (Office Open XML, `OpenDocument`, EPUB) that are ZIPs
/// underneath: viewers on hospital discs are full of them, and no image is in them.
const ZIPPED_FORMATS: [&[u8]; 4] = [b"META-INF/", b"[Content_Types].xml", b"_rels/.rels", b"mimetype"];

/// What a file is, by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileKind {
    /// A DICOM instance, readable or not.
    Dicom,
    /// The index of a disc.
    Dicomdir,
    /// Anything else.
    NotDicom,
    /// A picture or film that is not DICOM.
    NotDicomImage,
    /// No bytes.
    EmptyFile,
    /// An archive; its members are files of their own.
    Container,
}

words!(FileKind {
    Dicom: "dicom",
    Dicomdir: "dicomdir",
    NotDicom: "not-dicom",
    NotDicomImage: "not-dicom-image",
    EmptyFile: "empty-file",
    Container: "container"
});

/// One file of the index. It holds original identifiers: it stays in memory and has no `Debug`.
#[allow(clippy::struct_excessive_bools, reason = "facts that do not depend on each other")]
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ScanRow {
    /// What it is.
    pub kind: FileKind,
    /// Reason code, where the file cannot be used.
    pub reason: Option<String>,
    /// The place of the fault.
    pub tag: Option<String>,
    /// Length in bytes.
    pub bytes: u64,
    /// SHA-256 of all bytes, hex; asked for by `needs_digest`.
    #[serde(default)]
    pub digest: Option<String>,
    /// The transfer syntax that is true.
    pub transfer_syntax: Option<String>,
    /// SOP Class UID.
    pub sop_class: Option<String>,
    /// Original SOP Instance UID.
    pub sop_instance: Option<String>,
    /// Original Study Instance UID.
    pub study: Option<String>,
    /// Original Series Instance UID.
    pub series: Option<String>,
    /// Original Frame of Reference UID.
    pub frame_of_reference: Option<String>,
    /// Original Concatenation UID.
    pub concatenation: Option<String>,
    /// Modality.
    pub modality: Option<String>,
    /// Image Type, for whole slides.
    #[serde(default)]
    pub image_type: Option<String>,
    /// Canonical Patient ID, or empty.
    pub patient: String,
    /// Whether the Patient ID can be used.
    pub patient_status: PatientStatus,
    /// Namespace; none where the policy's map does not say.
    pub namespace: Option<String>,
    /// Patient's Birth Date as it stands.
    pub birth_date: Option<String>,
    /// Patient's Sex as it stands.
    pub sex: Option<String>,
    /// Rows of a frame.
    pub rows: Option<u16>,
    /// Columns of a frame.
    pub columns: Option<u16>,
    /// Number of frames.
    pub frames: Option<i64>,
    /// Series Number.
    pub series_number: Option<i64>,
    /// Instance Number.
    pub instance_number: Option<i64>,
    /// Areas that rules of the policy make black.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub masks: Vec<Found>,
    /// Nothing that identifies stands outside these areas.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub masks_complete: bool,
    /// A rule says that a person has to look at the pixels.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub hold: bool,
    /// Specimen Label in Image (0048,0010) says that the picture shows the label of its slide.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub label_in_image: bool,
    /// This key and policy have made it.
    pub own_output: bool,
    /// Original values for the person at the screen alone.
    pub screen: Screen,
}

object!(ScanRow, Pass, Self::of(FileKind::Dicom, None, 0),
needs {
    kind: "kind", bytes: "bytes", patient: "patient", patient_status: "patientStatus", own_output: "ownOutput",
    screen: "screen",
}
has {
    reason: "reason", tag: "tag", digest: "digest", transfer_syntax: "transferSyntax", sop_class: "sopClass",
    sop_instance: "sopInstance", study: "study", series: "series", frame_of_reference: "frameOfReference",
    concatenation: "concatenation", modality: "modality", image_type: "imageType", namespace: "namespace",
    birth_date: "birthDate", sex: "sex", rows: "rows", columns: "columns", frames: "frames",
    series_number: "seriesNumber", instance_number: "instanceNumber", masks: "masks",
    masks_complete: "masksComplete", hold: "hold", label_in_image: "labelInImage",
});

/// Original values that the page shows and never stores.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Screen {
    /// Patient's Name.
    pub patient_name: Option<String>,
    /// Patient ID.
    pub patient_id: Option<String>,
    /// Patient's Birth Date.
    pub birth_date: Option<String>,
    /// Patient's Sex.
    pub sex: Option<String>,
    /// Study Date.
    pub study_date: Option<String>,
    /// Study Description.
    pub study_description: Option<String>,
    /// Accession Number.
    pub accession: Option<String>,
    /// Series Description.
    pub series_description: Option<String>,
    /// Body Part Examined.
    pub body_part: Option<String>,
    /// Maker and model.
    pub device: Option<String>,
    /// Manufacturer.
    pub maker: Option<String>,
    /// Manufacturer's Model Name.
    pub model: Option<String>,
}

object!(Screen, Pass, Self::default(),
needs {} has {
    patient_name: "patientName", patient_id: "patientId", birth_date: "birthDate", sex: "sex",
    study_date: "studyDate", study_description: "studyDescription", accession: "accession",
    series_description: "seriesDescription", body_part: "bodyPart", device: "device",
    maker: "maker", model: "model",
});

impl ScanRow {
    fn of(kind: FileKind, reason: Option<&str>, bytes: u64) -> Self {
        Self {
            kind,
            reason: reason.map(str::to_owned),
            tag: None,
            bytes,
            digest: None,
            transfer_syntax: None,
            sop_class: None,
            sop_instance: None,
            study: None,
            series: None,
            frame_of_reference: None,
            concatenation: None,
            modality: None,
            image_type: None,
            label_in_image: false,
            patient: String::new(),
            patient_status: PatientStatus::Missing,
            namespace: None,
            birth_date: None,
            sex: None,
            rows: None,
            columns: None,
            frames: None,
            series_number: None,
            instance_number: None,
            masks: Vec::new(),
            masks_complete: false,
            hold: false,
            own_output: false,
            screen: Screen::default(),
        }
    }
}

/// Reads a file into its row. `path`: relative, with `/`, for the policy's map of namespaces.
pub fn scan(profile: &Profile, source: &dyn Source, path: &str) -> ScanRow {
    let bytes = source.len();
    if source.is_empty() {
        return ScanRow::of(FileKind::EmptyFile, Some("empty-file"), 0);
    }
    if let Some(kind) = foreign(source) {
        let reason = match kind {
            FileKind::Container => "container",
            FileKind::NotDicom => "not-dicom",
            _ => "not-dicom-image",
        };
        return ScanRow::of(kind, Some(reason), bytes);
    }
    match read::parse(source, &profile.policy().limits.reading()) {
        Ok(ds) if is_directory(&ds) => ScanRow::of(FileKind::Dicomdir, Some("dicomdir"), bytes),
        Ok(ds) => instance(profile, &ds, bytes, path),
        Err(error) => fault(&error, bytes),
    }
}

fn fault(error: &Error, bytes: u64) -> ScanRow {
    let kind = match error.kind {
        ErrorKind::NotDicom => FileKind::NotDicom,
        ErrorKind::Empty => FileKind::EmptyFile,
        _ => FileKind::Dicom,
    };
    let mut row = ScanRow::of(kind, Some(error.kind.code()), bytes);
    row.tag = values::shown(error.path.as_ref());
    row
}

fn is_directory(ds: &DataSet) -> bool {
    ds.form().media_sop_class.as_deref() == Some(MEDIA_STORAGE_DIRECTORY)
        || top_ascii(ds, tags::SOP_CLASS).as_deref() == Some(MEDIA_STORAGE_DIRECTORY)
        || (ds.find(None, DIRECTORY_RECORDS).is_some() && ds.find(None, tags::SOP_CLASS).is_none())
}

/// Pictures, films and archives by their first bytes. A Part 10 file whose preamble looks like TIFF is DICOM.
fn foreign(source: &dyn Source) -> Option<FileKind> {
    let mut head = [0u8; 132];
    let n = usize::try_from(source.len()).unwrap_or(usize::MAX).min(head.len());
    source.read_at(0, head.get_mut(..n)?).ok()?;
    if head.ends_with(b"DICM") {
        return None;
    }
    if BOXES.iter().any(|kind| head.get(4..8) == Some(*kind)) || PICTURES.iter().any(|magic| head.starts_with(magic)) {
        return Some(FileKind::NotDicomImage);
    }
    if !ZIPS.iter().any(|magic| head.starts_with(magic)) {
        return None;
    }
    let first = head.get(ZIP_LOCAL_HEADER..)?;
    let other = ZIPPED_FORMATS.iter().any(|name| first.starts_with(name));
    Some(if other { FileKind::NotDicom } else { FileKind::Container })
}

fn instance(profile: &Profile, ds: &DataSet, bytes: u64, path: &str) -> ScanRow {
    let id = patient::patient_id(ds, profile.policy());
    let mut row = ScanRow::of(FileKind::Dicom, None, bytes);
    row.transfer_syntax = Some(ds.form().transfer_syntax.clone());
    row.sop_class = top_ascii(ds, tags::SOP_CLASS);
    row.sop_instance = top_ascii(ds, tags::SOP_INSTANCE);
    row.study = top_ascii(ds, tags::STUDY_UID);
    row.series = top_ascii(ds, tags::SERIES_UID);
    row.frame_of_reference = top_ascii(ds, tags::FRAME_OF_REFERENCE);
    row.concatenation = top_ascii(ds, tags::CONCATENATION_UID);
    row.modality = top_ascii(ds, tags::MODALITY);
    row.image_type = top_ascii(ds, tags::IMAGE_TYPE);
    row.label_in_image = top_ascii(ds, tags::LABEL_IN_IMAGE).is_some_and(|says| says.eq_ignore_ascii_case("YES"));
    row.patient = id.canonical;
    row.patient_status = id.status;
    row.namespace = patient::namespace(ds, profile.policy(), profile.namespace(), path);
    row.birth_date = top_ascii(ds, tags::BIRTH_DATE);
    row.sex = top_ascii(ds, tags::SEX);
    row.rows = top_u16(ds, tags::ROWS);
    row.columns = top_u16(ds, tags::COLUMNS);
    row.frames = top_integer(ds, tags::NUMBER_OF_FRAMES);
    row.series_number = top_integer(ds, tags::SERIES_NUMBER);
    row.instance_number = top_integer(ds, tags::INSTANCE_NUMBER);
    Findings { areas: row.masks, complete: row.masks_complete, hold: row.hold } = profile.devices().found(ds);
    row.own_output = profile.is_own_output(ds);
    row.screen = screen(ds, id.original);
    row
}

fn screen(ds: &DataSet, patient_id: String) -> Screen {
    let maker = top_text(ds, tags::MANUFACTURER);
    let model = top_text(ds, tags::MODEL_NAME);
    Screen {
        patient_name: top_text(ds, tags::PATIENT_NAME),
        patient_id: (!patient_id.is_empty()).then_some(patient_id),
        birth_date: top_text(ds, tags::BIRTH_DATE),
        sex: top_text(ds, tags::SEX),
        study_date: top_text(ds, tags::STUDY_DATE),
        study_description: top_text(ds, tags::STUDY_DESCRIPTION),
        accession: top_text(ds, tags::ACCESSION_NUMBER),
        series_description: top_text(ds, tags::SERIES_DESCRIPTION),
        body_part: top_text(ds, tags::BODY_PART),
        device: match (&maker, &model) {
            (Some(maker), Some(model)) => Some(format!("{maker} {model}")),
            (maker, model) => maker.as_ref().or(model.as_ref()).cloned(),
        },
        maker,
        model,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::ScanRow;
    use crate::json::{from_node, read};

    /// Every member, none as it is by default.
    const ROW: &str = r#"{"kind":"not-dicom","reason":"a","tag":"b","bytes":1,"digest":"c","transferSyntax":"d",
        "sopClass":"e","sopInstance":"f","study":"g","series":"h","frameOfReference":"i","concatenation":"j",
        "modality":"k","imageType":"l","patient":"m","patientStatus":"unreadable","namespace":"n","birthDate":"o",
        "sex":"p","rows":2,"columns":3,"frames":4,"seriesNumber":-5,"instanceNumber":6,
        "masks":[{"x":7,"y":8,"w":9,"h":10,"by":"region"}],"masksComplete":true,"hold":true,"labelInImage":true,"ownOutput":true,
        "screen":{"patientName":"q","patientId":"r","birthDate":"s","sex":"t","studyDate":"u","studyDescription":"v",
            "accession":"w","seriesDescription":"x","bodyPart":"y","device":"z","maker":"aa","model":"ab"}}"#;

    #[test]
    fn rows_are_read_as_serde_reads_them() {
        let ours: ScanRow = from_node(&read(ROW).unwrap()).unwrap();
        let theirs: ScanRow = serde_json::from_str(ROW).unwrap();
        let text = |row: &ScanRow| serde_json::to_string(row).unwrap();
        assert_eq!(text(&ours), text(&theirs));
        assert_eq!(text(&ours), ROW.replace(['\n', ' '], ""));
    }
}
