//! Masks as JavaScript asks for them, and new Pixel Data back.

use crate::around::Area;
use crate::{Input, fault, to_js};
use js_sys::{Array, Uint8Array};
use serde::{Deserialize, Serialize};
use tokumei_dicom::codestream::OffsetTable;
use tokumei_dicom::{Limits, Piece};
use tokumei_pixels::{Found, Mask, MaskError, MaskLimits, Masked, Rect, Request};
use tokumei_source::{JsSource, range_piece};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// Where own bytes begin: beyond every data set, also an inflated one, which is longer than its file.
const OWN: u64 = 1 << 52;

/// Makes rectangles of an instance's frames constant. `request`: `{ masks: [{ frames, x, y, w, h }], clear }`, frames
/// from 0 or `"all"`; `limits`: of the policy, resolved.
///
/// Gives `{ value, own, offsetTable, photometric, transferSyntax, frames, areas, cleared }`: `value` in ranges
/// `[offset, length]`, of the source's data set or, from 2^52 on, of the bytes `own` one after the other; `areas`: of each
/// mask what became constant, `null` where it lies outside; `cleared`: no frame holds bits that belong to no sample; or
/// `{ stop: reason }`.
#[wasm_bindgen]
pub fn mask(source: &JsValue, request: JsValue, limits: JsValue) -> Result<JsValue, JsValue> {
    let input = JsSource::new(source).map(Input).map_err(|_| fault("source-unreadable"))?;
    let request: Asked = serde_wasm_bindgen::from_value(request).map_err(|_| fault("argument-invalid"))?;
    let limits: PolicyLimits = serde_wasm_bindgen::from_value(limits).map_err(|_| fault("argument-invalid"))?;
    let own = Array::new();
    let mut at = OWN;
    let mut store = |bytes: Vec<u8>| {
        let piece = Piece::Range { offset: at, len: bytes.len() as u64 };
        at += bytes.len() as u64;
        own.push(&Uint8Array::from(bytes.as_slice()));
        piece
    };
    match tokumei_pixels::mask(&input, &request.into(), &limits.into(), &mut store) {
        Ok(masked) => given(&masked, &own),
        Err(error) => to_js(&Stopped { stop: error.code() }),
    }
}

/// Looks in all frames of encapsulated Pixel Data for what only a decoder finds. Gives `{ behind }`, true where bytes follow a
/// stream that go when [`mask`] writes its frames anew; or `{ stop: reason }`.
#[wasm_bindgen]
pub fn look(source: &JsValue, limits: JsValue) -> Result<JsValue, JsValue> {
    let input = JsSource::new(source).map(Input).map_err(|_| fault("source-unreadable"))?;
    let limits: PolicyLimits = serde_wasm_bindgen::from_value(limits).map_err(|_| fault("argument-invalid"))?;
    match tokumei_pixels::look(&input, &limits.into()) {
        Ok(Found::Overlay) => to_js(&Stopped { stop: MaskError::Overlay.code() }),
        Ok(found) => to_js(&Looked { behind: found == Found::Behind }),
        Err(error) => to_js(&Stopped { stop: error.code() }),
    }
}

#[derive(Deserialize)]
struct Asked {
    masks: Vec<AskedMask>,
    clear: bool,
}

#[derive(Deserialize)]
struct AskedMask {
    frames: Frames,
    x: u32,
    y: u32,
    w: u32,
    h: u32,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Frames {
    Some(Vec<u32>),
    All(AllFrames),
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum AllFrames {
    All,
}

impl From<Asked> for Request {
    fn from(asked: Asked) -> Self {
        let mask = |m: AskedMask| Mask {
            frames: match m.frames {
                Frames::Some(frames) => Some(frames),
                Frames::All(AllFrames::All) => None,
            },
            rect: Rect { x: m.x, y: m.y, width: m.w, height: m.h },
        };
        Self { masks: asked.masks.into_iter().map(mask).collect(), clear: asked.clear }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PolicyLimits {
    nesting: u16,
    elements: u32,
    header_bytes: u64,
    text_value_bytes: u64,
    inflated_bytes: u64,
    frames: u32,
    frame_bytes: u64,
}

impl From<PolicyLimits> for MaskLimits {
    fn from(limits: PolicyLimits) -> Self {
        Self {
            reading: Limits {
                nesting: limits.nesting,
                elements: limits.elements,
                header_bytes: limits.header_bytes,
                text_value: limits.text_value_bytes,
                inflated: limits.inflated_bytes,
                frames: limits.frames,
            },
            frame_bytes: limits.frame_bytes,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Given {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    value: JsValue,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    own: JsValue,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    offset_table: JsValue,
    photometric: Option<&'static str>,
    transfer_syntax: Option<&'static str>,
    frames: u32,
    areas: Vec<Option<Area>>,
    cleared: bool,
}

#[derive(Serialize)]
struct Looked {
    behind: bool,
}

#[derive(Serialize)]
struct Stopped {
    stop: &'static str,
}

fn given(masked: &Masked, own: &Array) -> Result<JsValue, JsValue> {
    let piece = |piece: &Piece| match piece {
        Piece::Range { offset, len } => range_piece(*offset, *len),
        Piece::Bytes(bytes) => Uint8Array::from(bytes.as_slice()).into(),
    };
    let value: Array = masked.value.iter().map(piece).collect();
    let offset_table = match &masked.offset_table {
        OffsetTable::Keep => "keep".into(),
        OffsetTable::Remove => "remove".into(),
        OffsetTable::Replace { offsets, lengths } => {
            let bytes = |b: &[u8]| JsValue::from(Uint8Array::from(b));
            Array::of2(&bytes(offsets), &bytes(lengths)).into()
        }
    };
    to_js(&Given {
        value: value.into(),
        own: own.into(),
        offset_table,
        photometric: masked.photometric,
        transfer_syntax: masked.transfer_syntax,
        frames: u32::try_from(masked.frames).unwrap_or(u32::MAX),
        areas: masked.areas.iter().map(|area| area.map(Area::from)).collect(),
        cleared: masked.cleared,
    })
}
