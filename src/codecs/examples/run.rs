//! `run JOBS.json`: masks and decodes streams for judges that are not ours.
//!
//! Jobs are `[{stream, transferSyntax, geometry:{rows, columns, samples, allocated, stored, signed, photometric}, rects:
//! [[x, y, width, height]], out}]`. For each, `out` becomes the masked stream and `out.raw` the decoded samples of the
//! source (32-bit little endian); a line of JSON says `{touched, transferSyntax, photometric, bits}` or `{error}`.
#![allow(clippy::print_stdout)]

use serde_json::{Value, json};
use std::error::Error;
use tokumei_codecs::{Codec, CodecError, Fill, Geometry, Limits, Photometric, Rect, decode, mask};

fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args().nth(1).ok_or("usage: run JOBS.json")?;
    let jobs: Vec<Value> = serde_json::from_slice(&std::fs::read(file)?)?;
    for job in &jobs {
        let done = run(job)?.unwrap_or_else(|error| json!({ "error": error.code() }));
        println!("{done}");
    }
    Ok(())
}

fn run(job: &Value) -> Result<Result<Value, CodecError>, Box<dyn Error>> {
    let text = |key: &str| job.get(key).and_then(Value::as_str).ok_or("a job lacks a text");
    let (stream, out) = (std::fs::read(text("stream")?)?, text("out")?);
    let geometry = geometry(job.get("geometry").ok_or("a job lacks a geometry")?)?;
    let rects = rects(job.get("rects"));
    let limits = Limits::default();
    let codec = match Codec::of(text("transferSyntax")?, &stream) {
        Ok(codec) => codec,
        Err(error) => return Ok(Err(error)),
    };
    let done = decode(codec, &stream, &geometry, limits)
        .and_then(|frame| Ok((frame, mask(codec, &stream, &geometry, &rects, Fill::Black, limits)?)));
    let (frame, masked) = match done {
        Ok(done) => done,
        Err(error) => return Ok(Err(error)),
    };
    std::fs::write(out, &masked.stream)?;
    let raw: Vec<u8> = frame.samples.iter().flat_map(|s| s.to_le_bytes()).collect();
    std::fs::write(format!("{out}.raw"), raw)?;
    let touched: Vec<[u32; 4]> = masked.touched.iter().map(|r| [r.x, r.y, r.width, r.height]).collect();
    Ok(Ok(json!({
        "codec": format!("{codec:?}"),
        "touched": touched,
        "transferSyntax": masked.transfer_syntax,
        "photometric": masked.photometric.map(|p| format!("{p:?}")),
        "bits": frame.bits,
    })))
}

fn geometry(json: &Value) -> Result<Geometry, Box<dyn Error>> {
    let number = |key: &str| json.get(key).and_then(Value::as_u64).ok_or("a geometry lacks a number");
    let small = |key: &str| number(key).map(|n| u8::try_from(n).unwrap_or(u8::MAX));
    let photometric = json.get("photometric").and_then(Value::as_str).unwrap_or_default();
    Ok(Geometry {
        rows: u32::try_from(number("rows")?)?,
        columns: u32::try_from(number("columns")?)?,
        samples_per_pixel: small("samples")?,
        bits_allocated: small("allocated")?,
        bits_stored: small("stored")?,
        signed: number("signed")? == 1,
        photometric: Photometric::of(photometric),
    })
}

fn rects(json: Option<&Value>) -> Vec<Rect> {
    let numbers = |rect: &Value| -> Option<Vec<u32>> {
        rect.as_array()?.iter().map(|n| n.as_u64().and_then(|n| u32::try_from(n).ok())).collect()
    };
    let rect = |numbers: Vec<u32>| match numbers.as_slice() {
        [x, y, width, height] => Some(Rect { x: *x, y: *y, width: *width, height: *height }),
        _ => None,
    };
    let all = json.and_then(Value::as_array).into_iter().flatten();
    all.filter_map(numbers).filter_map(rect).collect()
}
