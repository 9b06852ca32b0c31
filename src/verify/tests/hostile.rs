//! Damaged and hostile files on either side: an answer every time, in little time and memory.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod common;

use common::{Pair, Random, files, mutated, shared};
use std::time::{Duration, Instant};
use tokumei_verify::{Detail, Verdict};

fn timed(pair: &Pair, source: &[u8], output: &[u8], what: &str) -> Verdict {
    let started = Instant::now();
    let verdict = pair.verifier.verify(&source, &output);
    assert!(started.elapsed() < Duration::from_secs(10), "{what}");
    verdict
}

#[test]
fn mutations_are_answered() {
    let Some(root) = shared() else { return };
    let pair = Pair::shipped("headers-only");
    let mut random = Random::new();
    let mut count = 0;
    for path in files(&root.join("corpus")).into_iter().step_by(7) {
        let source = std::fs::read(&path).unwrap();
        if source.len() > 64 << 10 {
            continue;
        }
        let Some(output) = pair.output(&source, "a") else { continue };
        let head = output
            .windows(4)
            .position(|w| w == [8, 0, 5, 0] || w == [8, 0, 8, 0] || w == [8, 0, 0x16, 0])
            .unwrap_or(400);
        for _ in 0..8 {
            let (a, b) = (mutated(&source, 132, &mut random), mutated(&output, head, &mut random));
            timed(&pair, &source, &b, "output");
            timed(&pair, &a, &output, "source");
            timed(&pair, &a, &b, "both");
            count += 3;
        }
    }
    println!("{count} mutations");
    assert!(count > 1000);
}

/// A file with the head of a clean output and `data` as its data set, beside its source.
fn with_data_set(data: &[u8]) -> Option<(Pair, Vec<u8>, Vec<u8>)> {
    let root = shared()?;
    let pair = Pair::shipped("headers-only");
    let source = std::fs::read(root.join("corpus/real/pydicom/CT_small.dcm")).unwrap();
    let output = pair.output(&source, "a").unwrap();
    let start = output.windows(6).position(|w| w == b"\x08\0\x05\0CS").unwrap();
    let mut bytes = output[..start].to_vec();
    bytes.extend_from_slice(data);
    Some((pair, source, bytes))
}

#[test]
fn nesting_and_claims_are_bounded() {
    let nested: Vec<u8> = b"\x08\0\x15\x11SQ\0\0\xFF\xFF\xFF\xFF\xFE\xFF\0\xE0\xFF\xFF\xFF\xFF".repeat(20_000);
    let claim = b"\x08\0\x05\0CS\x0A\0ISO_IR 100\x29\0\x10\x10OB\0\0\xF0\xFF\xFF\xFFabc".to_vec();
    let implicit_claim = b"\x08\0\x05\0\x0A\0\0\0ISO_IR 100\x29\0\x10\x10\xF0\xFF\xFF\xFFabc".to_vec();
    let many: Vec<u8> = b"\x08\0\x05\0CS\0\0".repeat(1_100_000);
    for (what, data) in [("nested", nested), ("claim", claim), ("implicit claim", implicit_claim), ("many", many)] {
        let Some((pair, source, bytes)) = with_data_set(&data) else { return };
        assert!(matches!(timed(&pair, &source, &bytes, what), Verdict::Hit(_)), "{what}");
        // As a source it gives no identities, but an answer.
        timed(&pair, &bytes, &pair.output(&source, "a").unwrap(), what);
    }
    let peak = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = peak
        .lines()
        .find_map(|l| l.strip_prefix("VmHWM:"))
        .and_then(|l| l.trim().trim_end_matches(" kB").parse::<u64>().ok());
    assert!(peak.is_none_or(|kb| kb < 1 << 20), "{peak:?} kB");
}

#[test]
fn a_bomb_of_deflate_is_refused() {
    use std::io::Write;
    let Some(root) = shared() else { return };
    let pair = Pair::shipped("headers-only");
    let source = std::fs::read(root.join("corpus/real/orthanc-tests/1.2.840.10008.1.2.1.99.dcm")).unwrap();
    let output = pair.output(&source, "a").unwrap();
    let meta = u32::from_le_bytes(output[140..144].try_into().unwrap()) as usize + 144;
    let mut packer = flate2::write::DeflateEncoder::new(output[..meta].to_vec(), flate2::Compression::best());
    let zeros = vec![0u8; 1 << 20];
    (0..300).for_each(|_| packer.write_all(&zeros).unwrap());
    let bomb = packer.finish().unwrap();
    let verdict = timed(&pair, &source, &bomb, "bomb");
    assert!(matches!(verdict, Verdict::Hit(ref h) if h.detail == Detail::TooLarge), "{verdict:?}");
}

#[test]
fn a_source_that_fails_is_no_pass() {
    struct Broken(Vec<u8>);
    impl tokumei_verify::Bytes for Broken {
        fn len(&self) -> u64 {
            self.0.len() as u64
        }
        fn read_at(&self, _: u64, _: &mut [u8]) -> Result<(), tokumei_verify::Unreadable> {
            Err(tokumei_verify::Unreadable)
        }
    }
    let Some((pair, source, _)) = with_data_set(b"") else { return };
    let output = pair.output(&source, "a").unwrap();
    for verdict in
        [pair.verifier.verify(&Broken(source.clone()), &output), pair.verifier.verify(&source, &Broken(output.clone()))]
    {
        assert!(matches!(verdict, Verdict::Hit(h) if h.code() == "source-unreadable"));
    }
}
