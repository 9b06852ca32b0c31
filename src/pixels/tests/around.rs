//! Screen captures drawn here: what stands around their image is found, in every frame, and nothing is said of others.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use dicom_core as _;
use dicom_object as _;
use dicom_pixeldata as _;
use flate2 as _;
use proptest as _;
use serde_json as _;
use sha2 as _;
use tokumei_codecs as _;
use tokumei_dicom as _;
use tokumei_pixels::{NoPreview, Rect, around};

const COLUMNS: u32 = 320;
const ROWS: u32 = 240;

/// A grey screen of one flat level, drawn on.
struct Screen(Vec<u8>);

impl Screen {
    fn new(level: u8) -> Self {
        Self(vec![level; (COLUMNS * ROWS) as usize])
    }

    fn draw(mut self, at: Rect, level: impl Fn(u32, u32) -> u8) -> Self {
        for (y, x) in (at.y..at.y + at.height).flat_map(|y| (at.x..at.x + at.width).map(move |x| (y, x))) {
            self.0[(y * COLUMNS + x) as usize] = level(x, y);
        }
        self
    }

    /// An image: no two neighbours are alike.
    fn image(self, at: Rect) -> Self {
        self.draw(at, |x, y| u8::try_from(40 + (x * 37 + y * 59 + x * y % 11) % 150).unwrap())
    }

    fn bar(self, at: Rect, level: u8) -> Self {
        self.draw(at, |_, _| level)
    }

    /// Strokes as of letters, 12 pixels high.
    fn text(self, x: u32, y: u32) -> Self {
        (0..10).fold(self, |screen, i| {
            let stroke = rect(x + i * 9, y, 2, 12);
            screen.bar(stroke, 255).bar(rect(x + i * 9, y + 5, 6, 2), 255)
        })
    }
}

const fn rect(x: u32, y: u32, width: u32, height: u32) -> Rect {
    Rect { x, y, width, height }
}

fn element(tag: (u16, u16), vr: [u8; 2], value: &[u8]) -> Vec<u8> {
    let len = u32::try_from(value.len()).unwrap().to_le_bytes();
    let len = if matches!(&vr, b"OB" | b"SQ") { [&[0, 0][..], &len].concat() } else { len[..2].to_vec() };
    [&tag.0.to_le_bytes()[..], &tag.1.to_le_bytes(), &vr, &len, value].concat()
}

/// An instance of the screens, with an ultrasound region where one is given: its first and last column and row.
fn instance(screens: &[Screen], region: Option<[u32; 4]>) -> Vec<u8> {
    let meta = element((2, 0x10), *b"UI", b"1.2.840.10008.1.2.1\0");
    let us = |tag: u16, n: u32| element((0x28, tag), *b"US", &u16::try_from(n).unwrap().to_le_bytes());
    let region = region.map(|edges| {
        let edges: Vec<u8> = [0x6018, 0x601A, 0x601C, 0x601E]
            .into_iter()
            .zip(edges)
            .flat_map(|(tag, edge)| element((0x18, tag), *b"UL", &edge.to_le_bytes()))
            .collect();
        let len = u32::try_from(edges.len()).unwrap().to_le_bytes();
        element((0x18, 0x6011), *b"SQ", &[&[0xFE, 0xFF, 0, 0xE0][..], &len, &edges].concat())
    });
    let frames = format!("{:<2}", screens.len());
    let pixels: Vec<u8> = screens.iter().flat_map(|s| s.0.iter().copied()).collect();
    [
        vec![0; 128],
        b"DICM".to_vec(),
        element((2, 0), *b"UL", &u32::try_from(meta.len()).unwrap().to_le_bytes()),
        meta,
        region.unwrap_or_default(),
        us(2, 1),
        element((0x28, 4), *b"CS", b"MONOCHROME2 "),
        element((0x28, 8), *b"IS", frames.as_bytes()),
        us(0x10, ROWS),
        us(0x11, COLUMNS),
        us(0x100, 8),
        us(0x101, 8),
        us(0x102, 7),
        us(0x103, 0),
        element((0x7FE0, 0x10), *b"OB", &pixels),
    ]
    .concat()
}

#[test]
fn bars_around_an_image_are_outside_and_only_written_ones_hold_text() {
    let screen = Screen::new(0).text(10, 8).image(rect(60, 40, 160, 160)).text(226, 100).text(70, 215);
    let found = around(&instance(&[screen], None), &[0]).unwrap();
    let [top, left, right, bottom] =
        [rect(0, 0, 320, 40), rect(0, 40, 60, 160), rect(220, 40, 100, 160), rect(0, 200, 320, 40)];
    assert_eq!(found.outside, [top, left, right, bottom]);
    assert_eq!(found.written, [top, right, bottom]);
}

#[test]
fn a_bar_of_another_colour_is_no_image() {
    let screen = Screen::new(0).bar(rect(0, 0, 320, 30), 90).text(10, 8).image(rect(0, 30, 320, 210));
    let found = around(&instance(&[screen], None), &[0]).unwrap();
    assert_eq!((&found.outside, &found.written), (&vec![rect(0, 0, 320, 30)], &vec![rect(0, 0, 320, 30)]));
}

#[test]
fn text_beside_the_image_is_no_image_and_two_images_are() {
    let lines = (0..8).fold(Screen::new(0), |screen, i| screen.text(4, 40 + i * 18));
    let screen = lines.image(rect(110, 30, 90, 180)).image(rect(210, 30, 100, 180));
    let found = around(&instance(&[screen], None), &[0]).unwrap();
    assert!(found.outside.contains(&rect(0, 30, 110, 180)), "{:?}", found.outside);
    assert!(found.outside.iter().all(|r| r.y == 0 || r.y == 210 || r.x + r.width <= 110 || r.x >= 310));
}

#[test]
fn every_frame_keeps_its_image() {
    let of = |x: u32| Screen::new(0).text(10, 8).image(rect(x, 40, 120, 160));
    let file = instance(&[of(40), of(100), of(160)], None);
    let outside = |frames: &[u32]| around(&file, frames).unwrap().outside;
    assert_eq!(outside(&[0])[2], rect(160, 40, 160, 160));
    assert_eq!(outside(&[2])[1], rect(0, 40, 160, 160));
    assert_eq!(outside(&[0, 1, 2])[1..3], [rect(0, 40, 40, 160), rect(280, 40, 40, 160)]);
    assert_eq!(around(&file, &[3]), Err(NoPreview::NoSuchFrame));
}

#[test]
fn nothing_is_said_where_no_image_stands_out() {
    for screen in [Screen::new(7), Screen::new(0).text(10, 8), Screen::new(0).image(rect(0, 0, COLUMNS, ROWS))] {
        assert_eq!(around(&instance(&[screen], None), &[0]), Ok(tokumei_pixels::Around::default()));
    }
}

#[test]
fn ultrasound_regions_say_it_themselves() {
    let screen = || Screen::new(0).image(rect(60, 40, 200, 160));
    let found = around(&instance(&[screen()], Some([10, 20, 309, 239])), &[0]).unwrap();
    assert_eq!(found.outside, [rect(0, 0, 320, 20), rect(0, 20, 10, 220), rect(310, 20, 10, 220)]);
    assert_eq!(found.written, found.outside);
    // A region that cannot be so says nothing.
    let found = around(&instance(&[screen()], Some([10, 20, 9, 239])), &[0]).unwrap();
    assert_eq!(found.outside[0], rect(0, 0, 320, 40));
}
