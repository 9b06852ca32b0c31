//! The fuzz targets over the corpus, with the same mutations every time, on a stable toolchain.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod common;
#[path = "../../../fuzz/targets.rs"]
mod targets;

use common::{Random, files, mutated, shared};

const LARGEST: usize = 64 << 10;

fn replay(target: fn(&[u8]), every: usize, mutations: usize) {
    let Some(root) = shared() else { return };
    let mut random = Random::new();
    let mut count = 0;
    for (n, path) in files(&root.join("corpus")).into_iter().enumerate() {
        let bytes = std::fs::read(&path).unwrap();
        if bytes.len() > LARGEST {
            continue;
        }
        target(&bytes);
        count += 1;
        if n % every == 0 {
            for _ in 0..mutations {
                target(&mutated(&bytes, 0, &mut random));
                count += 1;
            }
        }
    }
    println!("{count} inputs");
    assert!(count > 600);
}

#[test]
fn tokenizer() {
    replay(targets::tokenizer, 1, 16);
}

#[test]
fn charset() {
    replay(targets::charset, 2, 3);
}

#[test]
fn splice() {
    replay(targets::splice, 1, 12);
}

#[test]
fn profile() {
    replay(targets::profile, 2, 4);
}

#[test]
fn cleaner() {
    replay(targets::cleaner, 64, 2);
}

#[test]
fn document() {
    replay(targets::document, 16, 2);
}

#[test]
fn structured() {
    replay(targets::structured, 2, 8);
}

#[test]
fn verify() {
    replay(targets::verify, 3, 3);
}
