//! Unicode general categories that canonical IDs drop or refuse (Unicode 16, `DerivedGeneralCategory.txt`).

/// Cf, format characters: first and last of each range, in order.
const FORMAT: [(u32, u32); 21] = [
    (0xAD, 0xAD),
    (0x600, 0x605),
    (0x61C, 0x61C),
    (0x6DD, 0x6DD),
    (0x70F, 0x70F),
    (0x890, 0x891),
    (0x8E2, 0x8E2),
    (0x180E, 0x180E),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x2064),
    (0x2066, 0x206F),
    (0xFEFF, 0xFEFF),
    (0xFFF9, 0xFFFB),
    (0x110BD, 0x110BD),
    (0x110CD, 0x110CD),
    (0x13430, 0x1343F),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0001, 0xE0001),
    (0xE0020, 0xE007F),
];

/// Cc or Cf.
pub(super) fn is_control_or_format(c: char) -> bool {
    let code = c as u32;
    c.is_control()
        || FORMAT
            .binary_search_by(|&(first, last)| {
                if last < code {
                    core::cmp::Ordering::Less
                } else if first > code {
                    core::cmp::Ordering::Greater
                } else {
                    core::cmp::Ordering::Equal
                }
            })
            .is_ok()
}

/// Co. (Cs, surrogates, cannot be a `char`.)
pub(super) fn is_private_or_surrogate(c: char) -> bool {
    matches!(c as u32, 0xE000..=0xF8FF | 0xF_0000..=0xF_FFFD | 0x10_0000..=0x10_FFFD)
}
