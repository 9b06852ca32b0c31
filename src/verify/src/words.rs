//! Technical words that stand in names and numbers of phantoms and tests, and in every header: no identity alone.

/// True for at most two letters, for a word of the list, and for either with
/// up to three digits behind it (`CT1`, `PHANTOM01`). ASCII case does not count.
pub fn is_common(word: &str) -> bool {
    let bare = word.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = word.len() - bare.len();
    let upper = bare.to_ascii_uppercase();
    digits <= 3 && (upper.len() <= 2 && word.is_ascii() || WORDS.binary_search(&upper.as_str()).is_ok())
}

/// Sorted.
const WORDS: [&str; 211] = [
    "ABDOMEN", "ACQUISITION", "ADULT", "ANKLE", "ANNOTATION", "ANON", "ANONYMIZED", "ANONYMOUS", "ANONYMOUSPATIENT",
    "ANTHROPOMORPHIC", "AORTA", "ARM", "ARTERIAL", "AXIAL", "BARCO", "BASELINE", "BIOPSY", "BODY", "BRAIN", "BREAST",
    "BRUKER", "CANON", "CARDIAC", "CAROTID", "CENTER", "CENTRE", "CERVICAL", "CHEST", "CHILD", "CLINIC", "COLOR",
    "COLOUR", "COMPRESSED", "CONTRAST", "CORONAL", "CORONARY", "CRANIUM", "CTA", "DAIKON", "DATA", "DEFAULT", "DEMO",
    "DENTAL", "DEPARTMENT", "DERIVED", "DEVICE", "DICOM", "DIFFUSION", "DIGITAL", "DOE", "DOSE", "DYNAMIC", "ELBOW",
    "ELSCINT", "EMPTY", "ENDOSCOPY", "ENHANCED", "EXAM", "EXAMPLE", "EXTREMITY", "FACE", "FEMALE", "FEMUR", "FILM",
    "FOOT", "FRAME", "FUJI", "FUJIFILM", "GALLBLADDER", "GE", "HAND", "HEAD", "HEADNECK", "HEART", "HIP", "HITACHI",
    "HOLOGIC", "HOSPITAL", "HUMAN", "IMAGE", "IMAGES", "IMAGING", "IMPLICIT", "INTERNAL", "INVALID", "JAPAN", "KIDNEY",
    "KNEE", "KODAK", "KONICA", "LABEL", "LATERAL", "LEFT", "LEG", "LIVER", "LOCALIZER", "LOSSLESS", "LOSSY", "LUMBAR",
    "LUNG", "MALE", "MAMMO", "MAMMOGRAPHY", "MAYO", "MEDICAL", "MEDICAL SYSTEMS", "MINDRAY", "MODALITY", "MONOCHROME",
    "MOUSE", "MRI", "MULTIFRAME", "MYOCARDIUM", "NAME", "NECK", "NEMA", "NEURO", "NONE", "NORMAL", "NULL", "OBJECT",
    "OPERATOR", "ORIGINAL", "ORTHANC", "OTHER", "PANCREAS", "PATIENT", "PELVIS", "PERFUSION", "PET", "PETCT", "PHANTOM",
    "PHILIPS", "PHOTO", "PHYSICIAN", "PIXEL", "PLAN", "PORTABLE", "PRIMARY", "PROJECTION", "PROSTATE", "QUALITY",
    "RADIOGRAPHY", "RADIOLOGY", "RADIOTHERAPY", "RAT", "REPORT", "RESEARCH", "RIGHT", "ROUTINE", "SAGITTAL", "SAMPLE",
    "SCAN", "SCANNER", "SCOUT", "SCREEN", "SEGMENTATION", "SEQUENCE", "SERIES", "SERVICE", "SHIMADZU", "SHOULDER",
    "SIEMENS", "SKULL", "SLICE", "SPECT", "SPINE", "SPLEEN", "STANDARD", "STATION", "STRESS", "STUDY", "SUBJECT",
    "SUPINE", "SYSTEM", "SYSTEMS", "TABLE", "TECHNICIAN", "TECHNOLOGIST", "TEST", "TESTER", "TESTING", "TESTPATIENT",
    "THORACIC", "THORAX", "THREE", "THYROID", "TOMOGRAPHY", "TOOTH", "TOPOGRAM", "TORSO", "TOSHIBA", "TRUE", "TWO",
    "ULTRASOUND", "UNDEFINED", "UNIT", "UNKNOWN", "UNSPECIFIED", "UTERUS", "VENOUS", "VERSION", "VESSEL", "VIEW",
    "VOLUME", "WATER", "WHOLEBODY", "WORKSTATION", "WRIST", "XRAY", "YES",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_words() {
        assert!(WORDS.windows(2).all(|w| w[0] < w[1]));
        for w in ["CT", "Head", "PHANTOM01", "1", "mri", "unknown"] {
            assert!(is_common(w), "{w}");
        }
        for w in ["SATO", "1234", "PHANTOM123456", "YAMADA", "山田", "林"] {
            assert!(!is_common(w), "{w}");
        }
    }
}
