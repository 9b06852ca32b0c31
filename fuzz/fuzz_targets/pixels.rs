#![no_main]

#[path = "../pixels.rs"]
mod pixels;

libfuzzer_sys::fuzz_target!(|data: &[u8]| pixels::pixels(data));
