//! The fuzz targets of JPEG 2000 and JPEG XL, over their vectors as they are and with bytes changed.

#[allow(dead_code)]
#[path = "../../../fuzz/codecs.rs"]
mod fuzz;
mod streams;

#[test]
fn jpeg2000() {
    for vector in streams::vectors(&[
        "j2k_g8s",
        "j2k_rgb8_ict",
        "htj2k_g16s",
        "htj2k_rgb8",
        "j2k_tiles64",
        "j2k_layers3_g12",
        "j2k_lossyrate_g12",
        "j2k_cprl_sop",
    ]) {
        // The last byte chooses what is written.
        for last in 0..3 {
            fuzz::jpeg2000(&[&vector.stream[..], &[last]].concat());
        }
        for seed in 0_u32..120 {
            let last = seed.to_le_bytes()[0] % 3;
            fuzz::jpeg2000(&[streams::mutated(&vector.stream, seed), vec![last]].concat());
        }
    }
}

#[cfg(feature = "jxl")]
#[test]
fn jxl() {
    for vector in streams::vectors(&["jxl_"]) {
        fuzz::jxl(&vector.stream);
        for seed in 0..40 {
            fuzz::jxl(&streams::mutated(&vector.stream, seed));
        }
    }
}
