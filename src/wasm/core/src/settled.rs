//! What the pixel stages and a person have settled, as JavaScript tells it.

use crate::convert::fault;
use js_sys::{Array, Reflect, Uint8Array};
use tokumei_deid::reasons::Reason;
use tokumei_deid::transform::{NewPixels, Settled};
use tokumei_dicom::Piece;
use tokumei_dicom::codestream::OffsetTable;
use wasm_bindgen::{JsCast, JsValue};

/// `null`, or `{ reason, text, looked, pixels }`; `pixels`: `null`, or what the module of pixels gives for a mask.
pub fn settled(value: &JsValue) -> Result<Settled, JsValue> {
    if value.is_null() || value.is_undefined() {
        return Ok(Settled::default());
    }
    let pixels = member(value, "pixels")?;
    Ok(Settled {
        reason: member(value, "reason")?.as_string().and_then(|code| Reason::from_code(&code)).ok_or_else(invalid)?,
        text: member(value, "text")?.as_bool().ok_or_else(invalid)?,
        looked: member(value, "looked")?.is_truthy(),
        pixels: if pixels.is_null() || pixels.is_undefined() { None } else { Some(new_pixels(&pixels)?) },
    })
}

fn new_pixels(value: &JsValue) -> Result<NewPixels, JsValue> {
    let pieces: Array = member(value, "value")?.dyn_into().map_err(|_| invalid())?;
    let pieces: Option<Vec<Piece>> = pieces.iter().map(piece).collect();
    Ok(NewPixels {
        value: pieces.ok_or_else(invalid)?,
        offset_table: offset_table(&member(value, "offsetTable")?)?,
        photometric: member(value, "photometric")?.as_string(),
        transfer_syntax: member(value, "transferSyntax")?.as_string(),
        masked: member(value, "frames")?.as_f64().is_some_and(|frames| frames > 0.0),
        cleared: member(value, "cleared")?.is_truthy(),
    })
}

/// A `Uint8Array`, or `[offset, length]`.
fn piece(value: JsValue) -> Option<Piece> {
    match value.dyn_into::<Uint8Array>() {
        Ok(bytes) => Some(Piece::Bytes(bytes.to_vec())),
        Err(range) => {
            let range: Array = range.dyn_into().ok()?;
            Some(Piece::Range { offset: number(&range.get(0))?, len: number(&range.get(1))? })
        }
    }
}

/// A safe integer that is not negative.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn number(value: &JsValue) -> Option<u64> {
    value.as_f64().filter(|n| (0.0..9_007_199_254_740_992.0).contains(n) && n.fract() == 0.0).map(|n| n as u64)
}

/// `"keep"`, `"remove"`, or `[offsets, lengths]`.
fn offset_table(value: &JsValue) -> Result<OffsetTable, JsValue> {
    match value.as_string().as_deref() {
        Some("keep") => Ok(OffsetTable::Keep),
        Some("remove") => Ok(OffsetTable::Remove),
        _ => {
            let bytes = |index| {
                let tables: &Array = value.dyn_ref()?;
                Some(tables.get(index).dyn_into::<Uint8Array>().ok()?.to_vec())
            };
            let tables = bytes(0).zip(bytes(1)).ok_or_else(invalid)?;
            Ok(OffsetTable::Replace { offsets: tables.0, lengths: tables.1 })
        }
    }
}

fn member(value: &JsValue, name: &str) -> Result<JsValue, JsValue> {
    Reflect::get(value, &name.into()).map_err(|_| invalid())
}

fn invalid() -> JsValue {
    fault("argument-invalid")
}
