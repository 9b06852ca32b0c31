#![no_main]

#[allow(dead_code)]
#[path = "../codecs.rs"]
mod codecs;

libfuzzer_sys::fuzz_target!(|data: &[u8]| codecs::jxl(data));
