//! Writes a stream again around new entropy-coded data.

use super::stream::{Part, Stream};

/// A scan to be written.
pub(crate) struct WrittenScan {
    /// Body of its SOS segment.
    pub(crate) header: Vec<u8>,
    /// Body of a DHT segment of its own; `None`: the stream's definitions stay.
    pub(crate) tables: Option<Vec<u8>>,
    /// Entropy-coded data.
    pub(crate) data: Vec<u8>,
}

/// Writes what a decoder needs, JFIF, Adobe and the scans: one for each of the stream or, of a progressive stream, all
/// at the place of its first.
pub(crate) fn write(stream: &Stream<'_>, scans: &[WrittenScan]) -> Vec<u8> {
    let progressive = stream.frame.code == 0xC2;
    let own_tables = scans.iter().any(|scan| scan.tables.is_some());
    let mut out = vec![0xFF, 0xD8];
    if let Some(jfif) = &stream.colours.jfif {
        segment(&mut out, 0xE0, jfif);
    }
    if let Some(adobe) = &stream.colours.adobe {
        segment(&mut out, 0xEE, adobe);
    }
    for part in &stream.parts {
        match part {
            Part::Restart(body) => segment(&mut out, 0xDD, body),
            Part::Tables { code: 0xC4, .. } if own_tables => {}
            Part::Tables { code, definitions } => {
                if let Some(body) = stream.tables.used(definitions) {
                    segment(&mut out, *code, &body);
                }
            }
            Part::Frame(body) => segment(&mut out, if progressive { 0xC1 } else { stream.frame.code }, body),
            Part::Scan(..) if progressive => {
                for written in scans {
                    scan(&mut out, written);
                }
                break;
            }
            Part::Scan(number) => {
                if let Some(written) = scans.get(*number) {
                    scan(&mut out, written);
                }
            }
        }
    }
    out.extend([0xFF, 0xD9]);
    out
}

fn scan(out: &mut Vec<u8>, scan: &WrittenScan) {
    if let Some(tables) = &scan.tables {
        segment(out, 0xC4, tables);
    }
    segment(out, 0xDA, &scan.header);
    out.extend_from_slice(&scan.data);
}

/// A marker segment; bodies come from segments or are a few tables, so that their length has two bytes.
fn segment(out: &mut Vec<u8>, code: u8, body: &[u8]) {
    out.extend([0xFF, code]);
    out.extend(u16::try_from(body.len() + 2).unwrap_or(2).to_be_bytes());
    out.extend_from_slice(body);
}
