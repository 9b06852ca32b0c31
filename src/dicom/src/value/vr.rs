//! Properties of value representations (PS3.5 6.2, 7.1.2).

/// True for the VRs of PS3.5 6.2.
pub const fn is_known(vr: [u8; 2]) -> bool {
    is_text(vr) || is_binary(vr) || matches!(&vr, b"SQ")
}

/// True for VRs whose value is characters, UI included.
pub const fn is_text(vr: [u8; 2]) -> bool {
    matches!(
        &vr,
        b"AE"
            | b"AS"
            | b"CS"
            | b"DA"
            | b"DS"
            | b"DT"
            | b"IS"
            | b"LO"
            | b"LT"
            | b"PN"
            | b"SH"
            | b"ST"
            | b"TM"
            | b"UC"
            | b"UI"
            | b"UR"
            | b"UT"
    )
}

/// True for VRs whose value is numbers or bytes, UN included.
pub const fn is_binary(vr: [u8; 2]) -> bool {
    matches!(
        &vr,
        b"AT"
            | b"FD"
            | b"FL"
            | b"OB"
            | b"OD"
            | b"OF"
            | b"OL"
            | b"OV"
            | b"OW"
            | b"SL"
            | b"SS"
            | b"SV"
            | b"UL"
            | b"UN"
            | b"US"
            | b"UV"
    )
}

/// True for VRs that Specific Character Set (0008,0005) governs (PS3.5 6.1.2.2).
pub const fn uses_character_set(vr: [u8; 2]) -> bool {
    matches!(&vr, b"SH" | b"LO" | b"UC" | b"ST" | b"LT" | b"UT" | b"PN")
}

/// True for text VRs whose values a backslash separates; in ST, LT, UT and UR it is a character.
pub const fn is_multivalued_text(vr: [u8; 2]) -> bool {
    is_text(vr) && !matches!(&vr, b"ST" | b"LT" | b"UT" | b"UR")
}

/// The byte that makes a value even: a space in text, NUL in UI and binary values.
pub const fn padding(vr: [u8; 2]) -> u8 {
    if is_text(vr) && !matches!(&vr, b"UI") { b' ' } else { 0 }
}

/// Bytes of one number; 1 where byte order does not matter.
pub const fn unit(vr: [u8; 2]) -> usize {
    match &vr {
        b"AT" | b"OW" | b"SS" | b"US" => 2,
        b"FL" | b"OF" | b"OL" | b"SL" | b"UL" => 4,
        b"FD" | b"OD" | b"OV" | b"SV" | b"UV" => 8,
        _ => 1,
    }
}

/// True for VRs whose explicit header has two reserved bytes and a length of 32 bits (PS3.5 Table 7.1-1).
pub const fn uses_long_header(vr: [u8; 2]) -> bool {
    matches!(&vr, b"OB" | b"OD" | b"OF" | b"OL" | b"OV" | b"OW" | b"SQ" | b"SV" | b"UC" | b"UN" | b"UR" | b"UT" | b"UV")
}
