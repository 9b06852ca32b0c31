//! What stands around the image of a frame, for JavaScript.

use crate::{Absent, Input, fault, to_js};
use serde::Serialize;
use tokumei_pixels::{Around, Rect};
use tokumei_source::JsSource;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// What stands around the image that these frames, counted from 0, have in common: `{ outside, written }`, both
/// `[{ x, y, w, h }]`, `written` those in which anything is written; or `{ none: reason }`. A proposal for a person.
#[wasm_bindgen]
pub fn around(source: &JsValue, frames: &[u32]) -> Result<JsValue, JsValue> {
    let input = JsSource::new(source).map(Input).map_err(|_| fault("source-unreadable"))?;
    match tokumei_pixels::around(&input, frames) {
        Ok(Around { outside, written }) => to_js(&Found { outside: areas(&outside), written: areas(&written) }),
        Err(none) => to_js(&Absent { none: none.code() }),
    }
}

#[derive(Serialize)]
struct Found {
    outside: Vec<Area>,
    written: Vec<Area>,
}

#[derive(Serialize)]
pub(crate) struct Area {
    x: u32,
    y: u32,
    w: u32,
    h: u32,
}

impl From<Rect> for Area {
    fn from(rect: Rect) -> Self {
        Self { x: rect.x, y: rect.y, w: rect.width, h: rect.height }
    }
}

fn areas(rects: &[Rect]) -> Vec<Area> {
    rects.iter().map(|rect| (*rect).into()).collect()
}
