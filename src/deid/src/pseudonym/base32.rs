//! Crockford's base 32.

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The first `5 * chars` bits of `data`, most significant first. Missing bits count as zeros.
pub(super) fn encode(data: &[u8], chars: usize) -> String {
    let mut out = String::with_capacity(chars);
    let mut bytes = data.iter();
    let (mut held, mut bits) = (0u32, 0u32);
    for _ in 0..chars {
        if bits < 5 {
            held = (held << 8) | u32::from(bytes.next().copied().unwrap_or(0));
            bits += 8;
        }
        bits -= 5;
        let five = (held >> bits) & 31;
        out.push(char::from(ALPHABET.get(five as usize).copied().unwrap_or(b'0')));
        held &= (1 << bits) - 1;
    }
    out
}
