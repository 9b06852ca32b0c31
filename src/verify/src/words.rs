//! Words that are no identity alone: technical ones that stand in names and numbers of phantoms and tests and in every header,
//! and words of the language that are names too.

use std::sync::LazyLock;

/// True for at most two letters, for a word of the list, and for either with
/// up to three digits behind it (`CT1`, `PHANTOM01`). ASCII case does not count.
pub fn is_common(word: &str) -> bool {
    let bare = word.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = word.len() - bare.len();
    let upper = bare.to_ascii_uppercase();
    digits <= 3 && (upper.len() <= 2 && word.is_ascii() || WORDS.binary_search(&upper.as_str()).is_ok())
}

/// True for a word of English, or of texts about images, that may be a name too; lower case. It counts beside the rest of the
/// name or a title only.
pub fn is_weak(word: &str) -> bool {
    WEAK_WORDS.binary_search(&word).is_ok()
}

static WEAK_WORDS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let mut words: Vec<&str> = WEAK.split(' ').collect();
    words.sort_unstable();
    words
});

const WEAK: &str = "abdominal acq adc ai air an anatomical angio angiography anterior are art artery asia asl auto average axi ban \
    base bilateral black bladder blood bold bolus bone bowel bright bronchus calcium calibration can caudal \
    cerebral chin chino cine clavicle colon combined compression cone contour conversion copy cor core corrected \
    correction count cranial curved cyst dai date day decubitus delayed density depth detail direct display \
    doppler dorsal drainage dual duct dwi echo eco edge ejection emission energy epi expiration extension fast fat \
    field filter finger flair flash flexion flow fluid fluoro fmri forearm fov frontal full function functional \
    fuse fusion gastric gated gen go gradient graph gray grid han hard hepatic high histogram humerus in inferior \
    injection inspiration inversion iso isotropic joint june kan kei ken kernel kin layer lesion linear long low \
    lower lut lymph made mai man manual map marker mask mass matrix max maximum mean medial mediastinum metal min \
    mine minimum mip more motion movement mpr mra mrcp mrv multi muscle nasal native negative nerve node nodule \
    noise nose note oblique oh one open oral orbit overlay panel parallel parameter pass pediatric phase pilot \
    plain plane portal positive post posterior pre processed prone protocol pulmonary pulse quantitative radial \
    ran rare rate raw real recon reconstruction reference reformat region registration regression rei ren renal \
    respiratory rest retro rib roi rotation sag saga same sane screening segment select sequential shin sho short \
    side signal signed single sinus size soda soft son soya spin spinal spiral stack standing start static stomach \
    structure subtraction sue superior survey swi tai temporal ten thick thin tibia time tissue toe tone trace \
    tracer tracking transverse tumor turbo unsigned upper use value valve variant vein ventral ventricle vertebra \
    wave weighted white whole width window zoom";

/// Sorted.
const WORDS: [&str; 211] = [
    "ABDOMEN",
    "ACQUISITION",
    "ADULT",
    "ANKLE",
    "ANNOTATION",
    "ANON",
    "ANONYMIZED",
    "ANONYMOUS",
    "ANONYMOUSPATIENT",
    "ANTHROPOMORPHIC",
    "AORTA",
    "ARM",
    "ARTERIAL",
    "AXIAL",
    "BARCO",
    "BASELINE",
    "BIOPSY",
    "BODY",
    "BRAIN",
    "BREAST",
    "BRUKER",
    "CANON",
    "CARDIAC",
    "CAROTID",
    "CENTER",
    "CENTRE",
    "CERVICAL",
    "CHEST",
    "CHILD",
    "CLINIC",
    "COLOR",
    "COLOUR",
    "COMPRESSED",
    "CONTRAST",
    "CORONAL",
    "CORONARY",
    "CRANIUM",
    "CTA",
    "DAIKON",
    "DATA",
    "DEFAULT",
    "DEMO",
    "DENTAL",
    "DEPARTMENT",
    "DERIVED",
    "DEVICE",
    "DICOM",
    "DIFFUSION",
    "DIGITAL",
    "DOE",
    "DOSE",
    "DYNAMIC",
    "ELBOW",
    "ELSCINT",
    "EMPTY",
    "ENDOSCOPY",
    "ENHANCED",
    "EXAM",
    "EXAMPLE",
    "EXTREMITY",
    "FACE",
    "FEMALE",
    "FEMUR",
    "FILM",
    "FOOT",
    "FRAME",
    "FUJI",
    "FUJIFILM",
    "GALLBLADDER",
    "GE",
    "HAND",
    "HEAD",
    "HEADNECK",
    "HEART",
    "HIP",
    "HITACHI",
    "HOLOGIC",
    "HOSPITAL",
    "HUMAN",
    "IMAGE",
    "IMAGES",
    "IMAGING",
    "IMPLICIT",
    "INTERNAL",
    "INVALID",
    "JAPAN",
    "KIDNEY",
    "KNEE",
    "KODAK",
    "KONICA",
    "LABEL",
    "LATERAL",
    "LEFT",
    "LEG",
    "LIVER",
    "LOCALIZER",
    "LOSSLESS",
    "LOSSY",
    "LUMBAR",
    "LUNG",
    "MALE",
    "MAMMO",
    "MAMMOGRAPHY",
    "MAYO",
    "MEDICAL",
    "MEDICAL SYSTEMS",
    "MINDRAY",
    "MODALITY",
    "MONOCHROME",
    "MOUSE",
    "MRI",
    "MULTIFRAME",
    "MYOCARDIUM",
    "NAME",
    "NECK",
    "NEMA",
    "NEURO",
    "NONE",
    "NORMAL",
    "NULL",
    "OBJECT",
    "OPERATOR",
    "ORIGINAL",
    "ORTHANC",
    "OTHER",
    "PANCREAS",
    "PATIENT",
    "PELVIS",
    "PERFUSION",
    "PET",
    "PETCT",
    "PHANTOM",
    "PHILIPS",
    "PHOTO",
    "PHYSICIAN",
    "PIXEL",
    "PLAN",
    "PORTABLE",
    "PRIMARY",
    "PROJECTION",
    "PROSTATE",
    "QUALITY",
    "RADIOGRAPHY",
    "RADIOLOGY",
    "RADIOTHERAPY",
    "RAT",
    "REPORT",
    "RESEARCH",
    "RIGHT",
    "ROUTINE",
    "SAGITTAL",
    "SAMPLE",
    "SCAN",
    "SCANNER",
    "SCOUT",
    "SCREEN",
    "SEGMENTATION",
    "SEQUENCE",
    "SERIES",
    "SERVICE",
    "SHIMADZU",
    "SHOULDER",
    "SIEMENS",
    "SKULL",
    "SLICE",
    "SPECT",
    "SPINE",
    "SPLEEN",
    "STANDARD",
    "STATION",
    "STRESS",
    "STUDY",
    "SUBJECT",
    "SUPINE",
    "SYSTEM",
    "SYSTEMS",
    "TABLE",
    "TECHNICIAN",
    "TECHNOLOGIST",
    "TEST",
    "TESTER",
    "TESTING",
    "TESTPATIENT",
    "THORACIC",
    "THORAX",
    "THREE",
    "THYROID",
    "TOMOGRAPHY",
    "TOOTH",
    "TOPOGRAM",
    "TORSO",
    "TOSHIBA",
    "TRUE",
    "TWO",
    "ULTRASOUND",
    "UNDEFINED",
    "UNIT",
    "UNKNOWN",
    "UNSPECIFIED",
    "UTERUS",
    "VENOUS",
    "VERSION",
    "VESSEL",
    "VIEW",
    "VOLUME",
    "WATER",
    "WHOLEBODY",
    "WORKSTATION",
    "WRIST",
    "XRAY",
    "YES",
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
        assert!(is_weak("shin") && is_weak("overlay") && !is_weak("yamada"));
        for w in ["SATO", "1234", "PHANTOM123456", "YAMADA", "山田", "林"] {
            assert!(!is_common(w), "{w}");
        }
    }
}
