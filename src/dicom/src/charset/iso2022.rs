//! Code extension (PS3.5 6.1.2.3 to 6.1.2.5): a state machine over one value.

use super::{Undecodable, term::Term};

pub(super) fn decode(bytes: &[u8], first: Term, extensions: u32, vr: [u8; 2]) -> Result<String, Undecodable> {
    let _ = (bytes, first, extensions, vr);
    Err(Undecodable)
}
