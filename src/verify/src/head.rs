//! Preamble and file meta information (PS3.10 7.1): what an output must have, and where a source's data set begins.

use crate::bytes::{Bytes, range};
use crate::entry::trim;
use crate::skim::{u16_at, u32_at};
use crate::{IMPLEMENTATION_CLASS, Unreadable};

/// One element of group 0002.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetaElement {
    /// Element number.
    pub element: u16,
    /// First byte of its value in the file.
    pub at: usize,
    /// Bytes of its value.
    pub len: usize,
}

/// What stands before the data set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Head {
    /// All bytes before the data set.
    pub bytes: Vec<u8>,
    /// 128 bytes and `DICM` were there.
    pub part10: bool,
    /// Group 0002.
    pub meta: Vec<MetaElement>,
    /// Group 0002 ended where an element of another group begins.
    pub sound: bool,
}

/// File meta information beyond this is not one.
const LARGEST: u64 = 1 << 20;

impl Head {
    /// Reads it leniently: without preamble, without `DICM`, without any of it.
    pub fn read(source: &dyn Bytes) -> Result<Self, Unreadable> {
        let mut bytes = range(source, 0, 4096)?;
        let mut head = Self::parse(&bytes);
        if !head.sound && source.len() > bytes.len() as u64 {
            bytes = range(source, 0, LARGEST)?;
            head = Self::parse(&bytes);
        }
        let end = head.meta.last().map_or(if head.part10 { 132 } else { 0 }, |m| m.at + m.len);
        bytes.truncate(end);
        head.bytes = bytes;
        Ok(head)
    }

    fn parse(bytes: &[u8]) -> Self {
        let part10 = bytes.get(128..132) == Some(b"DICM");
        let mut at = if part10 { 132 } else { 0 };
        if bytes.get(..4) == Some(b"DICM") {
            at = 4;
        }
        let mut head = Self { part10, ..Self::default() };
        while u16_at(bytes, at, false) == 2 && bytes.len() >= at + 8 {
            let vr = bytes.get(at + 4..at + 6).unwrap_or(&[]);
            let long = matches!(vr, b"OB" | b"UN" | b"UT" | b"UC" | b"OW" | b"SQ");
            let (value, len) = match vr {
                v if v.iter().all(u8::is_ascii_uppercase) && long => (at + 12, u32_at(bytes, at + 8, false)),
                v if v.iter().all(u8::is_ascii_uppercase) => (at + 8, u32::from(u16_at(bytes, at + 6, false))),
                _ => (at + 8, u32_at(bytes, at + 4, false)),
            };
            let Some(end) = value.checked_add(len as usize).filter(|e| *e <= bytes.len()) else { return head };
            head.meta.push(MetaElement { element: u16_at(bytes, at + 2, false), at: value, len: len as usize });
            at = end;
        }
        head.sound = at < bytes.len();
        head
    }

    /// Offset of the data set.
    pub fn data_set(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// The trimmed value of (0002,`element`).
    pub fn value(&self, element: u16) -> &[u8] {
        self.meta
            .iter()
            .find(|m| m.element == element)
            .map_or(&[], |m| trim(self.bytes.get(m.at..m.at + m.len).unwrap_or(&[])))
    }

    /// True for 128 zero bytes, `DICM`, and group 0002 with the elements that we write and no other (PS3.15 E.1.1 step 7).
    pub fn is_ours(&self) -> bool {
        let allowed = [0x0000, 0x0001, 0x0002, 0x0003, 0x0010, 0x0012, 0x0013];
        self.part10
            && self.sound
            && self.bytes.get(..128).is_some_and(|p| p.iter().all(|b| *b == 0))
            && !self.meta.is_empty()
            && self.meta.iter().all(|m| allowed.contains(&m.element))
            && self.value(0x0012) == IMPLEMENTATION_CLASS.as_bytes()
    }
}
