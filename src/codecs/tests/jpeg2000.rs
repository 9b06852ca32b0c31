//! JPEG 2000 and HTJ2K against the vectors of independent encoders and decoders.
#![allow(clippy::unwrap_used, clippy::panic)]

mod streams;

use streams::{RECTS, Vector, all, vectors};
use tokumei_codecs::{Codec, Fill, Geometry, Limits, Photometric, mask};

#[test]
fn all_vectors_are_exact() {
    all(&["j2k_", "htj2k_"], 25).iter().for_each(Vector::check_samples);
}

#[test]
fn masks_are_constant_and_the_rest_is_untouched() {
    for vector in vectors(&["j2k_", "htj2k_"]) {
        let stream = vector.check_mask(&RECTS).stream;
        // No library names itself in a comment of the main header.
        let head = stream.windows(2).take_while(|pair| *pair != [0xFF, 0x90]);
        assert!(head.into_iter().all(|pair| pair != [0xFF, 0x64]), "{}", vector.name);
    }
}

/// Streams of other encoders are masked block by block where they are reversible: size, tiles, layers, order of packets and
/// the style of blocks stay as they were, and a stream that was cut short stays short.
#[test]
fn reversible_streams_keep_their_form() {
    let style = |stream: &[u8]| {
        let at = stream.windows(4).position(|marker| marker[..3] == [0xFF, 0x52, 0]).unwrap();
        stream[2..at + 2 + usize::from(stream[at + 3])].to_vec()
    };
    for (name, grows) in
        [("tiles64_g12", 0), ("layers3_g12", 0), ("rpcl_prec_g12s", 0), ("cprl_sop_eph_rgb", 1), ("lossyrate_g12", 30)]
    {
        for vector in vectors(&[&format!("j2k_{name}")]) {
            let stream = vector.check_mask(&RECTS[..1]).stream;
            assert_eq!(style(&stream), style(&vector.stream), "{name}");
            assert!(stream.len() * 100 <= vector.stream.len() * (100 + grows), "{name}: {}", stream.len());
        }
    }
    // The wavelet 9/7 is for the other way.
    for vector in vectors(&["j2k_g12_irr", "j2k_ict_layers_rgb"]) {
        assert!(style(&vector.check_mask(&RECTS[..1]).stream) != style(&vector.stream), "{}", vector.name);
    }
}

#[test]
fn hidden_text_goes() {
    streams::check_hidden(&["hid_j2k", "hid_jp2", "j2k_comment"], 5);
}

/// The irreversible colour transform becomes the reversible one, and the data set has to say so.
#[test]
fn photometric_interpretation_follows_the_colour_transform() {
    let said = |name: &str, codec: Codec, photometric: Photometric| {
        let vector = vectors(&[name]).pop()?;
        let geometry = Geometry { photometric, ..vector.geometry };
        Some(mask(codec, &vector.stream, &geometry, &RECTS, Fill::Black, Limits::default()).unwrap().photometric)
    };
    let high = Codec::HtJ2k { rpcl: false };
    for (name, codec, before, after) in [
        ("j2k_rgb8_ict", Codec::Jpeg2000, Photometric::YbrIct, Some(Photometric::YbrRct)),
        ("j2k_rgb8_rct", Codec::Jpeg2000, Photometric::YbrRct, None),
        ("j2k_g8u", Codec::Jpeg2000, Photometric::Monochrome1, None),
        ("htj2k_rgb8", high, Photometric::YbrRct, None),
        ("j2k_rgb8_ict", high, Photometric::YbrIct, Some(Photometric::YbrRct)),
    ] {
        let Some(photometric) = said(name, codec, before) else { return };
        assert_eq!(photometric, after, "{name}");
    }
}

/// PS3.5 10.18.1: progression by resolution, a table of tile-part lengths that are right, a small last resolution.
#[test]
fn rpcl_keeps_its_duties() {
    for mut vector in vectors(&["htj2k_g16u", "htj2k_rgb8", "j2k_tiles64_g12", "j2k_g12s"]) {
        vector.codec = Codec::HtJ2k { rpcl: true };
        let stream = vector.check_mask(&[]).stream;
        let marker = |code: u8| stream.windows(2).position(|pair| pair == [0xFF, code]);
        let style = marker(0x52).unwrap();
        assert_eq!(stream[style + 5], 2, "{}: RPCL", vector.name);
        let levels = stream[style + 9];
        let side = vector.geometry.rows.min(vector.geometry.columns);
        assert!(side.div_ceil(1 << levels) <= 64, "{}", vector.name);
        let (table, part) = (marker(0x55).unwrap(), marker(0x90).unwrap());
        assert!(table < part && marker(0x64).is_none(), "{}", vector.name);
        // One tile-part: the table's only length is its Psot.
        let length = &stream[part + 6..part + 10];
        assert_eq!(&stream[part - 4..part], length, "{}", vector.name);
        let length = u32::from_be_bytes(length.try_into().unwrap()) as usize;
        assert_eq!(part + length + 2, stream.len(), "{}", vector.name);
    }
}

#[test]
fn damage_is_refused() {
    for vector in vectors(&["j2k_", "htj2k_"]) {
        vector.check_limits();
        vector.check_damage(80);
    }
}
