//! A file in memory as far as it is header: everything but the samples, with its elements in a list.

use crate::Unreadable;
use crate::bytes::{Bytes, Held};
use crate::entry::Entry;
use crate::head::Head;
use crate::policy::VerifyLimits;
use crate::skim::{Ending, Form, Pixel, form_of, skim};
use crate::unfold::unfold;
use flate2::read::DeflateDecoder;
use std::io::Read;

/// Deflated Explicit VR Little Endian (PS3.5 A.5): the data set is one deflate stream.
const DEFLATED: &[u8] = b"1.2.840.10008.1.2.1.99";
const BIG_ENDIAN: &[u8] = b"1.2.840.10008.1.2.2";
/// Stretches between pixel data; more of them is no image.
const MOST_SECTIONS: usize = 4;

/// A stretch of header bytes: from the start or from the end of pixel data to the next pixel data or the end.
pub struct Section {
    /// Its bytes, the header of the pixel data that ends it included.
    pub bytes: Vec<u8>,
    /// Its elements by this crate's own walk.
    pub entries: Vec<Entry>,
    /// Where that walk ended.
    pub ending: Ending,
    /// Pixel data that follows; offsets count in the data set.
    pub pixel: Option<Pixel>,
}

/// A file as loaded.
pub struct Loaded {
    /// Preamble and file meta information.
    pub head: Head,
    /// How elements are written.
    pub form: Form,
    /// Stretches of header.
    pub sections: Vec<Section>,
    /// The inflated data set, where it was deflated.
    pub inflated: Option<Vec<u8>>,
    /// Bytes after the deflate stream that belong to nothing.
    pub after_deflate: u64,
    /// Pixel data whose end could not be found, or a limit that stopped the walk.
    pub incomplete: bool,
}

/// Bytes of a source from an offset on.
pub struct Rest<'a> {
    source: &'a dyn Bytes,
    start: u64,
}

impl Bytes for Rest<'_> {
    fn len(&self) -> u64 {
        self.source.len().saturating_sub(self.start)
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), Unreadable> {
        self.source.read_at(self.start.checked_add(offset).ok_or(Unreadable)?, buf)
    }
}

impl Loaded {
    /// Loads `source`.
    pub fn read(source: &dyn Bytes, limits: &VerifyLimits) -> Result<Self, Unreadable> {
        let head = Head::read(source)?;
        let start = head.data_set();
        let mut loaded = Self {
            form: Form { explicit: true, big: false },
            sections: Vec::new(),
            inflated: None,
            after_deflate: 0,
            incomplete: false,
            head,
        };
        if loaded.head.value(0x0010) == DEFLATED {
            loaded.inflate(source, start, limits)?;
        }
        let inflated = loaded.inflated.take();
        match &inflated {
            Some(data) => loaded.walk(data, limits)?,
            None => loaded.walk(&Rest { source, start }, limits)?,
        }
        loaded.inflated = inflated;
        Ok(loaded)
    }

    /// The data set's bytes: the file after its head, or what was inflated.
    pub fn data<'a>(&'a self, source: &'a dyn Bytes) -> Rest<'a> {
        match &self.inflated {
            Some(data) => Rest { source: data, start: 0 },
            None => Rest { source, start: self.head.data_set() },
        }
    }

    fn inflate(&mut self, source: &dyn Bytes, start: u64, limits: &VerifyLimits) -> Result<(), Unreadable> {
        if source.len().saturating_sub(start) > limits.inflated {
            self.incomplete = true;
            return Ok(());
        }
        let packed = crate::bytes::range(source, start, limits.inflated)?;
        let mut out = Vec::new();
        let mut decoder = DeflateDecoder::new(packed.as_slice());
        let read = decoder.by_ref().take(limits.inflated + 1).read_to_end(&mut out);
        self.incomplete = read.is_err() || out.len() as u64 > limits.inflated;
        // One byte of padding makes the file even (PS3.5 A.5).
        let used = decoder.total_in();
        let rest = packed.get(usize::try_from(used).unwrap_or(usize::MAX)..).unwrap_or(&[]);
        self.after_deflate =
            if rest.iter().all(|b| *b == 0) { (rest.len() as u64).saturating_sub(1) } else { rest.len() as u64 };
        self.inflated = Some(out);
        Ok(())
    }

    fn walk(&mut self, data: &dyn Bytes, limits: &VerifyLimits) -> Result<(), Unreadable> {
        let mut start = 0;
        while self.sections.len() < MOST_SECTIONS {
            let mut held = Held::new(data, start, limits.header_bytes);
            if start == 0 {
                self.form = form_of(&mut held, self.head.value(0x0010) == BIG_ENDIAN);
            }
            let (entries, ending) = skim(&mut held, self.form, limits);
            let (end, pixel) = match ending {
                Ending::Unreadable => return Err(Unreadable),
                Ending::Pixel(p) => (p.at, Some(Pixel { at: p.at + start, ..p })),
                Ending::End => (held.total(), None),
                Ending::Broken { limit, .. } => {
                    // The rest is searched as it is, as far as the limit goes.
                    let rest = held.total().min(limits.header_bytes);
                    self.incomplete |= limit || rest < held.total();
                    if held.hold(rest).is_err() {
                        return Err(Unreadable);
                    }
                    (rest, None)
                }
            };
            let bytes = held.into_bytes(end);
            let entries = unfold(entries, &bytes, limits);
            self.sections.push(Section { bytes, entries, ending, pixel });
            match pixel.map(|p| (p, pixel_end(data, &p))) {
                Some((_, Some(end))) if end < data.len() => start = end,
                Some((_, None)) => {
                    self.incomplete = true;
                    return Ok(());
                }
                _ => return Ok(()),
            }
        }
        self.incomplete = true;
        Ok(())
    }
}

/// Offset after pixel data; `None` where fragments do not end (PS3.5 A.4).
fn pixel_end(data: &dyn Bytes, pixel: &Pixel) -> Option<u64> {
    match pixel.len {
        Some(len) => Some(pixel.at.saturating_add(len)),
        None => Fragments::new(data, pixel.at).find_map(|f| match f {
            Fragment::End(at) => Some(Some(at)),
            Fragment::Lost => Some(None),
            Fragment::Item { .. } => None,
        })?,
    }
}

/// One item of encapsulated Pixel Data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fragment {
    /// A fragment, or the Basic Offset Table as the first.
    Item {
        /// First byte.
        at: u64,
        /// Bytes.
        len: u64,
    },
    /// The delimiter; offset after it.
    End(u64),
    /// No item and no delimiter where one must be.
    Lost,
}

/// The items of encapsulated Pixel Data, one header read at a time.
pub struct Fragments<'a> {
    data: &'a dyn Bytes,
    at: Option<u64>,
}

impl<'a> Fragments<'a> {
    /// Items from `at` on.
    pub fn new(data: &'a dyn Bytes, at: u64) -> Self {
        Self { data, at: Some(at) }
    }
}

impl Iterator for Fragments<'_> {
    type Item = Fragment;

    fn next(&mut self) -> Option<Fragment> {
        let at = self.at.take()?;
        let mut h = [0; 8];
        if at.checked_add(8).is_none_or(|e| e > self.data.len()) || self.data.read_at(at, &mut h).is_err() {
            return Some(Fragment::Lost);
        }
        let len = u64::from(u32::from_le_bytes([h[4], h[5], h[6], h[7]]));
        match &h[..4] {
            [0xFE, 0xFF, 0x00, 0xE0] if at + 8 + len <= self.data.len() => {
                self.at = Some(at + 8 + len);
                Some(Fragment::Item { at: at + 8, len })
            }
            [0xFE, 0xFF, 0xDD, 0xE0] => Some(Fragment::End(at + 8)),
            _ => Some(Fragment::Lost),
        }
    }
}
