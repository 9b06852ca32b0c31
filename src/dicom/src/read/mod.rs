//! Reading: form of the file, then the elements, leniently and by ranges.

mod inflate;

use crate::{DataSet, ErrorKind, Limits, Result, Source};

/// Reads the whole header; big values stay in the source. Goes on after Pixel Data.
pub fn parse(source: &dyn Source, limits: &Limits) -> Result<DataSet> {
    let _ = (source, limits);
    Err(ErrorKind::NotDicom.into())
}

/// Reads a held value of defined length as the items of a sequence, without their VR (a private sequence that reads
/// as UN). Node 0 of the result is the sequence; spliced with `Head::Keep` it yields the new value.
pub fn items_in_value(value: &[u8], limits: &Limits) -> Result<DataSet> {
    let _ = (value, limits);
    Err(ErrorKind::NotDicom.into())
}
