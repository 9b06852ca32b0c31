//! Writes the numbers that `src/dicom/src/packed.rs` reads.

/// LEB128.
pub(super) fn pack(mut number: u32, out: &mut Vec<u8>) {
    while number > 0x7F {
        out.extend(u8::try_from(number & 0x7F).map(|bits| bits | 0x80));
        number >>= 7;
    }
    out.extend(u8::try_from(number));
}

/// A signed number, folded.
pub(super) fn pack_signed(number: i32, out: &mut Vec<u8>) {
    pack((number << 1 ^ number >> 31).cast_unsigned(), out);
}
