//! Native frames of every form, masked and compared sample by sample with a reading of PS3.5 8.1 that is written here.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::ptr_arg)]

mod instances;

use dicom_core as _;
use dicom_object as _;
use dicom_pixeldata as _;
use flate2 as _;
use instances::{LIMITS, containers};
use proptest::prelude::*;
use sha2 as _;
use tokumei_dicom::Piece;
use tokumei_pixels::{Mask, MaskError, MaskLimits, Rect, Request, mask};

/// A native image of two frames.
#[derive(Clone, Copy)]
struct Form {
    photometric: &'static str,
    samples: u16,
    allocated: u16,
    stored: u16,
    signed: bool,
    planar: bool,
    big: bool,
    vr: [u8; 2],
    /// Values of a black pixel.
    black: &'static [i64],
}

const FRAMES: u64 = 2;
const ROWS: u64 = 7;
const COLUMNS: u64 = 10;

const fn form(photometric: &'static str, samples: u16, allocated: u16, stored: u16, black: &'static [i64]) -> Form {
    Form { photometric, samples, allocated, stored, signed: false, planar: false, big: false, vr: *b"OW", black }
}

fn forms() -> Vec<Form> {
    let plain = [
        form("MONOCHROME2", 1, 8, 8, &[0]),
        form("MONOCHROME1", 1, 8, 8, &[255]),
        form("MONOCHROME2", 1, 16, 12, &[0]),
        form("MONOCHROME1", 1, 16, 12, &[4095]),
        Form { signed: true, ..form("MONOCHROME2", 1, 16, 12, &[-2048]) },
        Form { signed: true, ..form("MONOCHROME1", 1, 16, 16, &[32767]) },
        form("MONOCHROME1", 1, 32, 32, &[0xFFFF_FFFF]),
        form("MONOCHROME2", 1, 1, 1, &[0]),
        form("MONOCHROME1", 1, 1, 1, &[1]),
        form("RGB", 3, 8, 8, &[0, 0, 0]),
        Form { planar: true, ..form("RGB", 3, 8, 8, &[0, 0, 0]) },
        form("RGB", 3, 16, 16, &[0, 0, 0]),
        form("YBR_FULL", 3, 8, 8, &[0, 128, 128]),
        Form { planar: true, ..form("YBR_FULL", 3, 8, 8, &[0, 128, 128]) },
        form("YBR_FULL", 3, 16, 12, &[0, 2048, 2048]),
        form("YBR_FULL_422", 3, 8, 8, &[0, 0, 128, 128]),
        form("YBR_PARTIAL_422", 3, 8, 8, &[16, 16, 128, 128]),
        form("HSV", 3, 8, 8, &[0, 0, 0]),
        form("ARGB", 4, 8, 8, &[0, 0, 0, 0]),
        form("CMYK", 4, 8, 8, &[0, 0, 0, 255]),
        Form { planar: true, ..form("CMYK", 4, 16, 12, &[0, 0, 0, 4095]) },
    ];
    let big = plain.map(|f| Form { big: true, ..f });
    let bytes = big.iter().filter(|f| f.allocated == 8).map(|f| Form { vr: *b"OB", ..*f });
    plain.into_iter().chain(big).chain(bytes).collect()
}

impl Form {
    fn is_422(&self) -> bool {
        self.photometric.ends_with("422")
    }

    fn bits(&self) -> u64 {
        let samples = if self.is_422() { 2 } else { u64::from(self.samples) };
        ROWS * COLUMNS * samples * u64::from(self.allocated)
    }

    /// Bit of a sample in the value, as if no bytes were swapped. `c`: sample of the pixel, or of the pair in 4:2:2.
    fn bit(&self, frame: u64, y: u64, x: u64, c: u64) -> u64 {
        let cell = u64::from(self.allocated);
        let samples = u64::from(self.samples);
        let sample = if self.is_422() {
            (y * COLUMNS + x / 2 * 2) * 2 + c
        } else if self.planar {
            (c * ROWS + y) * COLUMNS + x
        } else {
            (y * COLUMNS + x) * samples + c
        };
        frame * self.bits() + sample * cell
    }

    fn read(&self, value: &[u8], bit: u64) -> i64 {
        let byte = |at: u64| {
            let swapped = self.big && self.allocated <= 8 && &self.vr == b"OW";
            value[usize::try_from(if swapped { at ^ 1 } else { at }).unwrap()]
        };
        if self.allocated == 1 {
            return i64::from(byte(bit / 8) >> (bit % 8) & 1);
        }
        let mut bytes: Vec<u8> = (0..u64::from(self.allocated / 8)).map(|i| byte(bit / 8 + i)).collect();
        if !self.big {
            bytes.reverse();
        }
        let cell = bytes.iter().fold(0_i64, |n, b| n << 8 | i64::from(*b));
        let high = 1_i64 << (self.stored - 1);
        let cell = cell & (high * 2 - 1);
        if self.signed && cell >= high { cell - high * 2 } else { cell }
    }

    fn file(&self, pixels: &[u8]) -> Vec<u8> {
        let mut meta = Vec::new();
        let syntax = if self.big { "1.2.840.10008.1.2.2\0" } else { "1.2.840.10008.1.2.1\0" };
        element(&mut meta, (2, 0x10), *b"UI", syntax.as_bytes(), false);
        let mut out = vec![0; 128];
        out.extend(b"DICM");
        let len = u32::try_from(meta.len()).unwrap().to_le_bytes();
        element(&mut out, (2, 0), *b"UL", &len, false);
        out.extend(meta);
        let number = |n: u16| if self.big { n.to_be_bytes() } else { n.to_le_bytes() };
        let photometric = format!("{:<16}", self.photometric);
        let us = |tag: u16, n: u16| ((0x28, tag), *b"US", number(n).to_vec());
        for (tag, vr, value) in [
            us(2, self.samples),
            ((0x28, 4), *b"CS", photometric.into_bytes()),
            us(6, u16::from(self.planar)),
            ((0x28, 8), *b"IS", b"2 ".to_vec()),
            us(0x10, u16::try_from(ROWS).unwrap()),
            us(0x11, u16::try_from(COLUMNS).unwrap()),
            us(0x100, self.allocated),
            us(0x101, self.stored),
            us(0x102, self.stored - 1),
            us(0x103, u16::from(self.signed)),
            ((0x7FE0, 0x10), self.vr, pixels.to_vec()),
        ] {
            element(&mut out, tag, vr, &value, self.big);
        }
        out
    }
}

fn element(out: &mut Vec<u8>, tag: (u16, u16), vr: [u8; 2], value: &[u8], big: bool) {
    let word = |n: u16| if big { n.to_be_bytes() } else { n.to_le_bytes() };
    out.extend(word(tag.0));
    out.extend(word(tag.1));
    out.extend(vr);
    if matches!(&vr, b"OB" | b"OW" | b"OF" | b"OD") {
        let len = u32::try_from(value.len()).unwrap();
        out.extend([0, 0]);
        out.extend(if big { len.to_be_bytes() } else { len.to_le_bytes() });
    } else {
        out.extend(word(u16::try_from(value.len()).unwrap()));
    }
    out.extend(value);
}

/// Bytes that differ from their neighbours and from every fill.
fn noise(len: usize) -> Vec<u8> {
    (0..len).map(|i| u8::try_from((i * 89 + i / 7 * 13 + 7) % 251).unwrap()).collect()
}

/// The masked value, and how many bytes of it are not the file's own.
fn masked(file: &Vec<u8>, request: &Request) -> Result<(Vec<u8>, usize), MaskError> {
    let mut own: Vec<Vec<u8>> = Vec::new();
    let base = file.len() as u64 + 1;
    let mut store = |bytes: Vec<u8>| {
        let offset = base + own.iter().map(|b| b.len() as u64).sum::<u64>();
        let len = bytes.len() as u64;
        own.push(bytes);
        Piece::Range { offset, len }
    };
    let masked = mask(file, request, &LIMITS, &mut store)?;
    let own = own.concat();
    let mut value = Vec::new();
    for piece in masked.value {
        let Piece::Range { offset, len } = piece else { panic!("bytes in a piece") };
        let (from, at) = if offset >= base { (&own, offset - base) } else { (file, offset) };
        let at = usize::try_from(at).unwrap();
        value.extend(&from[at..at + usize::try_from(len).unwrap()]);
    }
    Ok((value, own.len()))
}

fn rect(x: u32, y: u32, width: u32, height: u32) -> Rect {
    Rect { x, y, width, height }
}

fn holds(rect: Rect, x: u64, y: u64) -> bool {
    let within = |at: u32, len: u32, n: u64| (u64::from(at)..u64::from(at) + u64::from(len)).contains(&n);
    within(rect.x, rect.width, x) && within(rect.y, rect.height, y)
}

#[test]
fn every_form_is_black_inside_and_untouched_outside() {
    let cases: [&[(Option<u32>, Rect)]; 6] = [
        &[(None, rect(3, 2, 4, 3))],
        &[(Some(1), rect(0, 0, 10, 2)), (Some(1), rect(8, 1, 9, 99))],
        &[(Some(0), rect(9, 6, 1, 1))],
        &[(None, rect(0, 6, 3, 1)), (None, rect(0, 0, 1, 1))],
        &[(None, rect(0, 0, 10, 7))],
        &[(Some(0), rect(2, 2, 4, 4)), (Some(0), rect(4, 4, 4, 3)), (Some(7), rect(0, 0, 9, 9))],
    ];
    let mut seen = 0;
    for form in forms() {
        let len = usize::try_from((form.bits() * FRAMES).div_ceil(8)).unwrap();
        let pixels = noise(len + len % 2);
        let file = form.file(&pixels);
        for masks in cases {
            let request = Request {
                masks: masks.iter().map(|(f, rect)| Mask { frames: f.map(|f| vec![f]), rect: *rect }).collect(),
                ..Request::default()
            };
            let (value, _) = masked(&file, &request).unwrap();
            let name = format!("{} {} {:?} big {}", form.photometric, form.allocated, form.vr, form.big);
            assert!(value.len() == len || value.len() == len + len % 2, "{name}");
            for frame in 0..FRAMES {
                for (y, x) in (0..ROWS).flat_map(|y| (0..COLUMNS).map(move |x| (y, x))) {
                    let on =
                        |x: u64| masks.iter().any(|(f, r)| f.is_none_or(|f| u64::from(f) == frame) && holds(*r, x, y));
                    // Of two pixels that share chroma both are masked.
                    let inside = if form.is_422() { on(x / 2 * 2) || on(x / 2 * 2 + 1) } else { on(x) };
                    for (c, black) in (0..).zip(form.black) {
                        let bit = form.bit(frame, y, x, c);
                        let wanted = if inside { *black } else { form.read(&pixels, bit) };
                        assert_eq!(form.read(&value, bit), wanted, "{name} frame {frame} x {x} y {y} c {c}");
                        seen += 1;
                    }
                }
            }
        }
    }
    assert!(seen > 50_000, "{seen}");
}

/// Samples of Float and Double Float Pixel Data are zero inside.
#[test]
fn floats_are_zero_inside_and_untouched_outside() {
    for (element, vr, bits) in [(0x08, b"OF", 32_u16), (0x09, b"OD", 64)] {
        for big in [false, true] {
            let form = Form { vr: *vr, big, ..form("MONOCHROME2", 1, bits, bits, &[]) };
            let cell = usize::from(bits / 8);
            let pixels = noise(140 * cell);
            let mut file = form.file(&pixels);
            let at = file.len() - pixels.len() - 12;
            let tag = if big { [0x7F, 0xE0, 0, element] } else { [0xE0, 0x7F, element, 0] };
            file[at..at + 4].copy_from_slice(&tag);
            let request =
                Request { masks: vec![Mask { frames: Some(vec![1]), rect: rect(2, 1, 3, 2) }], ..Request::default() };
            let (value, _) = masked(&file, &request).unwrap();
            for (i, (new, old)) in value.chunks(cell).zip(pixels.chunks(cell)).enumerate() {
                let (x, y) = (i % 10, i % 70 / 10);
                let inside = i >= 70 && (2..5).contains(&x) && (1..3).contains(&y);
                assert_eq!(new, if inside { &[0; 8][..cell] } else { old }, "{bits} {i}");
            }
        }
    }
}

#[test]
fn what_became_constant_is_told_for_each_mask() {
    let all = [rect(3, 2, 4, 3), rect(9, 6, 9, 9), rect(10, 0, 1, 1), rect(2, 0, 2, 1)];
    for (photometric, samples, grown) in [("MONOCHROME2", 1, rect(3, 2, 4, 3)), ("YBR_FULL_422", 3, rect(2, 2, 6, 3))] {
        let form = form(photometric, samples, 8, 8, &[]);
        let file = form.file(&noise(usize::try_from(form.bits() * FRAMES / 8).unwrap()));
        let masks = all.map(|rect| Mask { frames: Some(vec![1]), rect }).to_vec();
        let mut store = |bytes: Vec<u8>| Piece::Bytes(bytes);
        let edge = if samples == 1 { rect(9, 6, 1, 1) } else { rect(8, 6, 2, 1) };
        let masked = mask(&file, &Request { masks, clear: false }, &LIMITS, &mut store).unwrap();
        assert_eq!(masked.areas, [Some(grown), Some(edge), None, Some(rect(2, 0, 2, 1))]);
    }
}

#[test]
fn bits_beside_the_samples_stay() {
    let form = form("MONOCHROME2", 1, 16, 12, &[0]);
    let pixels = noise(280);
    let request = Request { masks: vec![Mask { frames: Some(vec![0]), rect: rect(2, 2, 3, 2) }], ..Request::default() };
    let (value, own) = masked(&form.file(&pixels), &request).unwrap();
    let changed: Vec<usize> = (0..280).filter(|&i| value[i] != pixels[i]).collect();
    assert!(changed.iter().all(|i| (44..70).contains(i)) && !changed.is_empty());
    assert!(own < 30, "{own}");
}

#[test]
fn what_lies_outside_or_has_no_safe_way_is_an_error() {
    let form = form("MONOCHROME2", 1, 8, 8, &[0]);
    let request = |frames: Option<Vec<u32>>, rect| Request { masks: vec![Mask { frames, rect }], ..Request::default() };
    let file = form.file(&noise(140));
    let outside = [(None, rect(10, 0, 4, 4)), (None, rect(0, 0, 0, 3)), (Some(vec![2]), rect(0, 0, 1, 1))];
    for (frames, rect) in outside {
        assert_eq!(masked(&file, &request(frames, rect)).unwrap_err(), MaskError::Outside);
    }
    let all = request(None, rect(0, 0, 2, 2));
    assert_eq!(masked(&file, &Request::default()).unwrap_err(), MaskError::Outside);
    let other = |photometric| Form { photometric, samples: 3, ..form };
    for odd in [other("YBR_PARTIAL_420"), other("CIELAB"), other("CMYK")] {
        assert_eq!(masked(&odd.file(&noise(560)), &all).unwrap_err(), MaskError::Form);
    }
    assert_eq!(
        masked(&Form { allocated: 24, stored: 24, ..form }.file(&noise(560)), &all).unwrap_err(),
        MaskError::Form
    );
    // Fewer samples than the header says.
    assert_eq!(masked(&form.file(&noise(100)), &all).unwrap_err(), MaskError::NoImage);
}

#[test]
fn bits_that_belong_to_no_sample_are_cleared() {
    for (signed, big) in [(false, false), (false, true), (true, false), (true, true)] {
        let form = Form { signed, big, ..form("MONOCHROME2", 1, 16, 12, &[]) };
        let cell = |n: u16| if big { n.to_be_bytes() } else { n.to_le_bytes() };
        let mut pixels: Vec<u8> = (0..140_u16).flat_map(|i| cell(i * 29 % 0x1000)).collect();
        // One in the first frame, with a sign that is not extended; one in the second where the sign is.
        pixels[6..8].copy_from_slice(&cell(0x7812));
        pixels[200..202].copy_from_slice(&cell(0xFFFE));
        let request = Request { masks: vec![Mask { frames: Some(vec![1]), rect: rect(0, 0, 2, 1) }], clear: true };
        let (value, _) = masked(&form.file(&pixels), &request).unwrap();
        for i in 0..140 {
            let at = i * 2..i * 2 + 2;
            let wanted = match i {
                3 => cell(0x0812),
                100 if !signed => cell(0x0FFE),
                70 | 71 => cell(if signed { 0xF800 } else { 0 }),
                _ => pixels[at.clone()].try_into().unwrap(),
            };
            assert_eq!(value[at], wanted, "{i} signed {signed} big {big}");
        }
    }
    // Nothing to clear: everything stays by reference.
    let form = form("MONOCHROME2", 1, 8, 8, &[0]);
    let pixels = noise(140);
    let request = Request { masks: vec![], clear: true };
    assert_eq!(masked(&form.file(&pixels), &request), Ok((pixels, 0)));
    // Cells that nobody clears are never said to be clear.
    let wide = self::form("MONOCHROME2", 1, 64, 16, &[0]);
    assert_eq!(masked(&wide.file(&noise(8 * 140)), &request).unwrap_err(), MaskError::Form);
}

/// What the store holds for each frame that was written anew.
fn written(file: &Vec<u8>, request: &Request) -> Result<(usize, Vec<Piece>), MaskError> {
    let mut count = 0;
    let mut store = |bytes: Vec<u8>| {
        count += 1;
        Piece::Range { offset: file.len() as u64 + 1, len: bytes.len() as u64 }
    };
    let limits = MaskLimits { frame_bytes: 64 << 20, ..LIMITS };
    let masked = mask(file, request, &limits, &mut store)?;
    Ok((count, masked.value))
}

#[test]
fn only_masked_frames_of_containers_are_written_anew() {
    let mut seen = 0;
    for (name, file) in containers() {
        let request = |frames| Request { masks: vec![Mask { frames, rect: rect(3, 2, 4, 3) }], clear: false };
        let all = written(&file, &request(None));
        if name.starts_with("c_jxl") && cfg!(not(feature = "jxl")) {
            assert_eq!(all.unwrap_err().code(), "pixels-not-maskable", "{name}");
            continue;
        }
        let cleared = written(&file, &Request { clear: true, ..request(None) });
        assert_eq!(cleared, all, "{name}: nothing to clear");
        let (frames, _) = all.unwrap_or_else(|e| panic!("{name}: {e}"));
        let (first, value) = written(&file, &request(Some(vec![0]))).unwrap();
        assert!(first == 1 || first == frames, "{name}");
        if frames > 1 && first == 1 {
            let kept = value.iter().filter(|p| matches!(p, Piece::Range { offset, .. } if *offset < file.len() as u64));
            assert!(kept.count() > 0, "{name}");
            seen += 1;
        }
    }
    assert!(seen > 0 || containers().is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    /// Damaged files end in a mask or a reason.
    #[test]
    fn damaged_files_end(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        clear in any::<bool>(),
    ) {
        let all = containers();
        if let Some((_, bytes)) = all.get(which.index(all.len().max(1))) {
            let mut bytes = bytes.clone();
            for (at, to) in changes {
                let at = at.index(bytes.len());
                bytes[at] = to;
            }
            let masks = vec![Mask { frames: None, rect: rect(0, 0, 9, 9) }];
            let _ = written(&bytes, &Request { masks, clear });
        }
    }
}
