//! What the fuzz target of the pixels does with its bytes: an instance. `src/pixels/tests` runs the same over the corpus
//! on a stable toolchain.
//!
//! Panics on a broken promise; errors of the data are answers.

use tokumei_dicom::{Limits, Piece, read};
use tokumei_pixels::{Levels, Mask, MaskLimits, Rect, Request, around, look, mask, preview};

/// Small, so that no input needs much memory or time.
const FRAME_BYTES: u64 = 16 << 20;
/// Where own bytes begin: beyond every data set.
const OWN: u64 = 1 << 52;

/// Its frames are masked, drawn, and looked at for what hides in them and what stands around them; what is masked has the length that it says.
pub fn pixels(data: &[u8]) {
    let source = data.to_vec();
    let reading =
        Limits { elements: 20_000, header_bytes: 4 << 20, inflated: 4 << 20, frames: 64, ..Limits::default() };
    let rect = Rect { x: 18, y: 10, width: 32, height: 17 };
    // The input chooses what is asked.
    let choice = data.last().copied().unwrap_or(0);
    let frames = (choice & 1 == 0).then(|| vec![0, 2, 7]);
    let request = Request { masks: vec![Mask { frames, rect }], clear: choice & 2 != 0 };
    let (mut own, mut count) = (0_u64, 0_u64);
    let mut store = |bytes: Vec<u8>| {
        let piece = Piece::Range { offset: OWN + own, len: bytes.len() as u64 };
        own += bytes.len() as u64;
        count += 1;
        piece
    };
    let limits = MaskLimits { reading, frame_bytes: FRAME_BYTES };
    let masked = mask(&source, &request, &limits, &mut store);
    if let (Ok(masked), Ok(ds)) = (masked, read::parse(&source, &reading)) {
        assert!(count > 0 || masked.frames == 0, "masked without a byte of its own");
        for piece in &masked.value {
            let Piece::Range { offset, len } = piece else { continue };
            let end = if *offset < OWN { if ds.form().deflated { OWN } else { data.len() as u64 } } else { OWN + own };
            assert!(offset + len <= end, "a piece leaves the data");
        }
    }
    for frame in [0, 1] {
        if let Ok(drawn) = preview(&source, frame, Levels::File) {
            assert!(drawn.rgba.len() == drawn.width as usize * drawn.height as usize * 4, "a picture of another size");
        }
    }
    let _ = around(&source, &[0]);
    let _ = look(&source, &limits);
}
