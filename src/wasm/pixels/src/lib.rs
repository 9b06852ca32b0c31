//! Masks and previews for JavaScript. Conversion only, no logic.
#![forbid(unsafe_code)]
#![cfg_attr(not(test), deny(unused_crate_dependencies))]

mod around;
mod mask;

use js_sys::Uint8ClampedArray;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use tokumei_dicom::{Read, Source, SourceUnreadable};
use tokumei_pixels::{Levels, Preview};
use tokumei_source::JsSource;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// A picture of one frame, counted from 0, for a person's eyes only: `{ width, height, rgba, window, inverted, grid }`, or `{ none: reason }`.
/// `levels`: `[center, width]` of a window for grey values; empty: from the smallest to the largest; none: the file's.
#[wasm_bindgen]
pub fn preview(source: &JsValue, frame: u32, levels: Option<Vec<f64>>) -> Result<JsValue, JsValue> {
    let levels = match levels.map(<[f64; 2]>::try_from) {
        None => Levels::File,
        Some(Ok([center, width])) => Levels::Window { center, width },
        Some(Err(_)) => Levels::Whole,
    };
    let input = JsSource::new(source).map(Input).map_err(|_| fault("source-unreadable"))?;
    match tokumei_pixels::preview(&input, frame, levels) {
        Ok(picture) => drawn(picture),
        Err(none) => to_js(&Absent { none: none.code() }),
    }
}

#[derive(Serialize)]
struct Drawn {
    width: u32,
    height: u32,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    rgba: JsValue,
    /// Center and width.
    window: Option<(f64, f64)>,
    /// Larger values are darker.
    inverted: bool,
    /// Columns and rows that masks grow to.
    grid: Option<(u32, u32)>,
}

#[derive(Serialize)]
struct Absent {
    none: &'static str,
}

#[derive(Serialize)]
struct Fault<'a> {
    code: &'a str,
}

fn drawn(picture: Preview) -> Result<JsValue, JsValue> {
    let Preview { width, height, rgba, window, inverted, grid } = picture;
    let rgba = Uint8ClampedArray::from(rgba.as_slice()).into();
    to_js(&Drawn { width, height, rgba, window, inverted, grid })
}

/// What is thrown: `{ code }`.
fn fault(code: &str) -> JsValue {
    to_js(&Fault { code }).unwrap_or(JsValue::NULL)
}

fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    value.serialize(&Serializer::json_compatible()).map_err(|_| JsValue::NULL)
}

/// A Blob or a reading object as previews read it.
struct Input(JsSource);

impl Source for Input {
    fn len(&self) -> u64 {
        self.0.len()
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), SourceUnreadable> {
        self.0.read_at(offset, buf).map_err(|_| SourceUnreadable)
    }

    fn read_all(&self, reads: &mut [Read<'_>]) -> Result<(), SourceUnreadable> {
        let reads = reads.iter_mut().map(|read| (read.offset, &mut *read.bytes));
        self.0.read_all(reads).map_err(|_| SourceUnreadable)
    }
}

/// Tells panics on the console, in development builds only: the text of a panic may hold data.
#[cfg(feature = "dev")]
#[wasm_bindgen(start)]
pub fn tell_panics() {
    console_error_panic_hook::set_once();
}
