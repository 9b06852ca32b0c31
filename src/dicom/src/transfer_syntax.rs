//! Transfer syntaxes (PS3.5 10 and Annex A; PS3.6 Table A-1).

use crate::node::Encoding;

/// Implicit VR Little Endian (PS3.5 A.1).
pub const IMPLICIT_LE: &str = "1.2.840.10008.1.2";
/// Explicit VR Little Endian (PS3.5 A.2).
pub const EXPLICIT_LE: &str = "1.2.840.10008.1.2.1";
/// Explicit VR Big Endian, retired (PS3.5 A.3 of 2016b).
pub const EXPLICIT_BE: &str = "1.2.840.10008.1.2.2";
/// Deflated Explicit VR Little Endian (PS3.5 A.5).
pub const DEFLATED: &str = "1.2.840.10008.1.2.1.99";

/// True where Pixel Data is a sequence of fragments (PS3.5 A.4): encapsulated uncompressed, every JPEG family and
/// video, RLE, deflated frames.
pub fn is_encapsulated(uid: &str) -> bool {
    match uid.strip_prefix("1.2.840.10008.1.2.") {
        Some("1.98" | "5" | "8.1") => true,
        Some("4.94" | "4.95" | "4.204" | "4.205") | None => false,
        Some(rest) => rest.starts_with("4."),
    }
}

/// True where the whole data set is deflated.
pub fn is_deflated(uid: &str) -> bool {
    matches!(uid, DEFLATED | "1.2.840.10008.1.2.4.95" | "1.2.840.10008.1.2.4.205")
}

/// How elements are written under a transfer syntax; `None` when the transfer syntax is not known.
pub fn encoding(uid: &str) -> Option<Encoding> {
    match uid {
        IMPLICIT_LE => Some(Encoding::ImplicitLe),
        EXPLICIT_BE => Some(Encoding::ExplicitBe),
        EXPLICIT_LE | "1.2.840.10008.1.2.4.94" | "1.2.840.10008.1.2.4.204" => Some(Encoding::ExplicitLe),
        _ if is_deflated(uid) || is_encapsulated(uid) => Some(Encoding::ExplicitLe),
        _ => None,
    }
}

/// The native transfer syntax of an encoding.
pub(crate) const fn native(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::ImplicitLe => IMPLICIT_LE,
        Encoding::ExplicitLe => EXPLICIT_LE,
        Encoding::ExplicitBe => EXPLICIT_BE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encapsulated_syntaxes() {
        for uid in ["1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.201", "1.2.840.10008.1.2.5", "1.2.840.10008.1.2.8.1"]
        {
            assert!(is_encapsulated(uid));
            assert_eq!(encoding(uid), Some(Encoding::ExplicitLe));
        }
        assert!(is_encapsulated("1.2.840.10008.1.2.1.98"));
        for uid in [IMPLICIT_LE, EXPLICIT_LE, EXPLICIT_BE, DEFLATED, "1.2.840.10008.1.2.4.94"] {
            assert!(!is_encapsulated(uid));
            assert!(encoding(uid).is_some());
        }
        assert_eq!(encoding("1.2.840.10008.1.2.6.1"), None);
        assert_eq!(encoding("1.2.3"), None);
    }
}
