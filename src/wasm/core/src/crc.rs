//! CRC-32 of bytes as they stream by, for members of a ZIP (APPNOTE.TXT 4.4.7).
//!
//! The tables are made at first use: as data of the module, as crc32fast has them, they would weigh 16 kB.

use crate::steps::Steps;
use js_sys::Uint8Array;
use std::sync::OnceLock;
use wasm_bindgen::prelude::wasm_bindgen;

/// The polynomial of IEEE 802.3, its bits reversed.
const POLYNOMIAL: u32 = 0xEDB8_8320;
/// Bytes taken at once.
const SLICE: usize = 16;

/// A running CRC-32.
#[wasm_bindgen]
pub struct Crc32 {
    state: u32,
    steps: Steps,
}

#[wasm_bindgen]
impl Crc32 {
    /// Begins.
    #[wasm_bindgen(constructor)]
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self { state: 0, steps: Steps::new() }
    }

    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &Uint8Array) {
        let Self { state, steps } = self;
        steps.each(bytes, |part| *state = update(*state, part));
    }

    /// The value of all bytes so far.
    pub fn value(&self) -> u32 {
        self.state
    }
}

/// For each byte what it adds to the CRC when 0 to 15 bytes follow it.
type Tables = [[u32; 256]; SLICE];

fn tables() -> &'static Tables {
    static TABLES: OnceLock<Box<Tables>> = OnceLock::new();
    TABLES.get_or_init(|| {
        let mut tables = Box::new([[0; 256]; SLICE]);
        for (byte, entry) in (0..).zip(&mut tables[0]) {
            *entry = (0..8).fold(byte, |crc: u32, _| (crc >> 1) ^ (if crc & 1 == 1 { POLYNOMIAL } else { 0 }));
        }
        let first = tables[0];
        let mut last = first;
        for table in tables.iter_mut().skip(1) {
            for (entry, before) in table.iter_mut().zip(last) {
                *entry = (before >> 8) ^ first[usize::from(before.to_le_bytes()[0])];
            }
            last = *table;
        }
        tables
    })
}

fn update(crc: u32, bytes: &[u8]) -> u32 {
    let tables = tables();
    let entry = |followed: usize, byte: u8| tables[followed][usize::from(byte)];
    let (slices, rest) = bytes.as_chunks::<SLICE>();
    let mut state = !crc;
    for &[a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] in slices {
        let [s, t, u, v] = state.to_le_bytes();
        // Written out: as a loop it takes twice the time.
        state = entry(15, a ^ s) ^ entry(14, b ^ t) ^ entry(13, c ^ u) ^ entry(12, d ^ v);
        state ^= entry(11, e) ^ entry(10, f) ^ entry(9, g) ^ entry(8, h);
        state ^= entry(7, i) ^ entry(6, j) ^ entry(5, k) ^ entry(4, l);
        state ^= entry(3, m) ^ entry(2, n) ^ entry(1, o) ^ entry(0, p);
    }
    for &byte in rest {
        state = (state >> 8) ^ tables[0][usize::from(state.to_le_bytes()[0] ^ byte)];
    }
    !state
}

#[cfg(test)]
mod tests {
    use super::update;

    #[test]
    fn known_values() {
        assert_eq!(update(0, b""), 0);
        assert_eq!(update(0, b"123456789"), 0xCBF4_3926);
        assert_eq!(update(0, b"The quick brown fox jumps over the lazy dog"), 0x414F_A339);
    }

    #[test]
    fn cuts_change_nothing() {
        let bytes: Vec<u8> = (0..200_u8).map(|n| n.wrapping_mul(37)).collect();
        let whole = bytes.iter().fold(0, |crc, byte| update(crc, &[*byte]));
        for cut in 0..bytes.len() {
            let (first, second) = bytes.split_at(cut);
            assert_eq!(update(update(0, first), second), whole, "{cut}");
        }
    }
}
