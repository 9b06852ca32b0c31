//! A quick lenient walk by lengths: it finds where a header ends, holds exactly that, and lists its elements.
//! No recursion, nothing allocated by a claimed length.

use crate::bytes::{Held, Missing};
use crate::entry::{Entry, TOP, vr_of};
use crate::policy::VerifyLimits;

/// How elements are written (PS3.5 A).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    /// Explicit VR.
    pub explicit: bool,
    /// Big endian (retired).
    pub big: bool,
}

/// Pixel Data at the top of the data set; offsets count from the start of the walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pixel {
    /// (7FE0,0008), (7FE0,0009) or (7FE0,0010).
    pub tag: u32,
    /// First byte of the value.
    pub at: u64,
    /// Bytes of a native value; `None`: fragments (PS3.5 A.4).
    pub len: Option<u64>,
}

/// Where a walk ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// At Pixel Data.
    Pixel(Pixel),
    /// At the end of the source.
    End,
    /// It made no sense from here on, or passed a limit.
    Broken {
        /// Offset of the element that made none.
        at: u64,
        /// It would have, but a limit forbids it.
        limit: bool,
    },
    /// The source could not be read.
    Unreadable,
}

struct Frame {
    end: u64,
    form: Form,
    /// `Some`: a sequence, with its entry and the number of its next item. `None`: an item.
    sequence: Option<(u32, u32)>,
    parent: u32,
    item: u32,
    scope: u32,
}

struct Header {
    tag: u32,
    vr: [u8; 2],
    value: u64,
    len: u32,
}

const UNDEFINED: u32 = u32::MAX;
const ITEM: u32 = 0xFFFE_E000;
const ITEM_END: u32 = 0xFFFE_E00D;
const SEQUENCE_END: u32 = 0xFFFE_E0DD;

/// Walks `held` from its start.
pub fn skim(held: &mut Held<'_>, form: Form, limits: &VerifyLimits) -> (Vec<Entry>, Ending) {
    let mut walk = Walk { form, pos: 0, entries: Vec::new(), frames: Vec::new(), scopes: 0 };
    let ending = loop {
        match walk.step(held, limits) {
            Ok(None) => {}
            Ok(Some(ending)) => break ending,
            Err(Missing::Unreadable) => break Ending::Unreadable,
            Err(Missing::End) => break Ending::Broken { at: walk.pos, limit: false },
            Err(Missing::Limit) => break Ending::Broken { at: walk.pos, limit: true },
        }
    };
    (walk.entries, ending)
}

struct Walk {
    form: Form,
    pos: u64,
    entries: Vec<Entry>,
    frames: Vec<Frame>,
    scopes: u32,
}

impl Walk {
    /// Takes one header. `Some`: the walk is over.
    fn step(&mut self, held: &mut Held<'_>, limits: &VerifyLimits) -> Result<Option<Ending>, Missing> {
        while self.frames.last().is_some_and(|f| f.end <= self.pos) {
            self.frames.pop();
        }
        if self.pos == held.total() {
            return Ok(Some(Ending::End));
        }
        let passed = self.entries.len() as u64 >= u64::from(limits.elements) || self.scopes >= limits.elements;
        if passed || self.frames.len() > 2 * usize::from(limits.nesting) {
            return Err(Missing::Limit);
        }
        if self.frames.last().is_some_and(|f| f.sequence.is_some()) { self.item(held) } else { self.element(held) }
    }

    fn item(&mut self, held: &mut Held<'_>) -> Result<Option<Ending>, Missing> {
        let (tag, len) = self.short_header(held)?;
        let Some(frame) = self.frames.last_mut() else { return Err(Missing::End) };
        self.pos += 8;
        match (tag, frame.sequence.as_mut()) {
            (ITEM, Some((entry, next))) => {
                let item = Frame {
                    end: end_of(self.pos, len).min(frame.end),
                    form: frame.form,
                    sequence: None,
                    parent: *entry,
                    item: *next,
                    scope: self.scopes + 1,
                };
                *next += 1;
                self.scopes += 1;
                self.frames.push(item);
                Ok(None)
            }
            (SEQUENCE_END, _) => {
                self.frames.pop();
                Ok(None)
            }
            _ => {
                self.pos -= 8;
                Err(Missing::End)
            }
        }
    }

    fn element(&mut self, held: &mut Held<'_>) -> Result<Option<Ending>, Missing> {
        let header = self.header(held)?;
        match header.tag {
            ITEM_END => {
                self.frames.pop();
                self.pos += 8;
                return Ok(None);
            }
            SEQUENCE_END => {
                // A delimiter too many: closes the item it stands in, and its sequence.
                self.frames.pop();
                self.frames.pop();
                self.pos += 8;
                return Ok(None);
            }
            ITEM => return Err(Missing::End),
            _ => {}
        }
        if self.frames.is_empty() && matches!(header.tag, 0x7FE0_0008..=0x7FE0_0010) {
            held.hold(header.value)?;
            let len = (header.len != UNDEFINED).then_some(u64::from(header.len));
            return Ok(Some(Ending::Pixel(Pixel { tag: header.tag, at: header.value, len })));
        }
        if header.tag == 0x7FE0_0010 && header.len == UNDEFINED {
            return self.nested_fragments(held, header.value);
        }
        let form = self.form();
        let (parent, item, scope) = self.frames.last().map_or((TOP, 0, 0), |f| (f.parent, f.item, f.scope));
        let at = usize::try_from(header.value).map_err(|_| Missing::Limit)?;
        let mut entry = Entry { tag: header.tag, vr: header.vr, at, len: 0, parent, item, scope };
        if header.vr == *b"SQ" || header.len == UNDEFINED {
            entry.vr = *b"SQ";
            let index = u32::try_from(self.entries.len()).map_err(|_| Missing::Limit)?;
            let around = self.frames.last().map_or(u64::MAX, |f| f.end);
            // UN of undefined length holds implicit VR little endian, whatever is around it (PS3.5 6.2.2).
            let form = if header.vr == *b"UN" { Form { explicit: false, big: false } } else { form };
            let end = end_of(header.value, header.len).min(around);
            self.frames.push(Frame { end, form, sequence: Some((index, 0)), parent: index, item: 0, scope: 0 });
            self.pos = header.value;
        } else {
            let end = header.value + u64::from(header.len);
            let there = held.hold(end);
            let len = u64::from(header.len).min(held.total().saturating_sub(header.value));
            entry.len = usize::try_from(len).map_err(|_| Missing::Limit)?;
            if there == Err(Missing::End) {
                held.hold(header.value + len)?;
                self.entries.push(entry);
            }
            there?;
            self.pos = end;
        }
        self.entries.push(entry);
        Ok(None)
    }

    /// Steps over encapsulated pixel data inside an item, as icons have it.
    fn nested_fragments(&mut self, held: &mut Held<'_>, value: u64) -> Result<Option<Ending>, Missing> {
        self.pos = value;
        loop {
            let (tag, len) = self.short_header(held)?;
            self.pos += 8;
            match tag {
                ITEM if len != UNDEFINED => self.pos += u64::from(len),
                SEQUENCE_END => return Ok(None),
                _ => return Err(Missing::End),
            }
        }
    }

    fn short_header(&self, held: &mut Held<'_>) -> Result<(u32, u32), Missing> {
        let big = self.form().big;
        let h = held.get(self.pos, 8)?;
        Ok((tag_at(h, big), u32_at(h, 4, big)))
    }

    /// How elements are written where the walk is.
    fn form(&self) -> Form {
        self.frames.last().map_or(self.form, |f| f.form)
    }

    fn header(&self, held: &mut Held<'_>) -> Result<Header, Missing> {
        let Form { explicit, big } = self.form();
        let h = held.get(self.pos, 8)?;
        let tag = tag_at(h, big);
        let vr = [h.get(4).copied().unwrap_or(0), h.get(5).copied().unwrap_or(0)];
        let (short, whole) = (u32::from(u16_at(h, 6, big)), u32_at(h, 4, big));
        let implicit = || Header { tag, vr: vr_of(tag), value: self.pos + 8, len: whole };
        if tag >> 16 == 0xFFFE || !explicit {
            return Ok(implicit());
        }
        let long_form = |held: &mut Held<'_>| {
            held.get(self.pos + 8, 4).map(|l| Header { tag, vr, value: self.pos + 12, len: u32_at(l, 0, big) })
        };
        if matches!(
            &vr,
            b"OB" | b"OD" | b"OF" | b"OL" | b"OV" | b"OW" | b"SQ" | b"SV" | b"UC" | b"UN" | b"UR" | b"UT" | b"UV"
        ) {
            return long_form(held);
        }
        let short_form = Header { tag, vr, value: self.pos + 8, len: short };
        if is_known_short(vr) {
            return Ok(short_form);
        }
        // No VR of the standard: the length is where an element follows it (PS3.5 7.1.2).
        let forms = [Some(short_form), long_form(held).ok(), Some(implicit())];
        let fits = |f: &Header, held: &mut Held<'_>| follows(held, f.value + u64::from(f.len), tag, big);
        let mut fitting = forms.into_iter().flatten().filter(|f| fits(f, held));
        let found = fitting.next().ok_or(Missing::End)?;
        Ok(Header { vr: vr_of(tag), ..found })
    }
}

/// True where the file ends at `at`, or a later tag or a delimiter with a VR or a length that can be stands there.
fn follows(held: &mut Held<'_>, at: u64, tag: u32, big: bool) -> bool {
    if at == held.total() {
        return true;
    }
    let Ok(h) = held.get(at, 8) else { return false };
    let next = tag_at(h, big);
    let vr = h.get(4..6).is_some_and(|v| v.iter().all(u8::is_ascii_uppercase));
    next >> 16 == 0xFFFE || (next > tag && vr)
}

fn is_known_short(vr: [u8; 2]) -> bool {
    matches!(
        &vr,
        b"AE"
            | b"AS"
            | b"AT"
            | b"CS"
            | b"DA"
            | b"DS"
            | b"DT"
            | b"FD"
            | b"FL"
            | b"IS"
            | b"LO"
            | b"LT"
            | b"PN"
            | b"SH"
            | b"SL"
            | b"SS"
            | b"ST"
            | b"TM"
            | b"UI"
            | b"UL"
            | b"US"
    )
}

fn end_of(start: u64, len: u32) -> u64 {
    if len == UNDEFINED { u64::MAX } else { start.saturating_add(u64::from(len)) }
}

fn tag_at(h: &[u8], big: bool) -> u32 {
    u32::from(u16_at(h, 0, big)) << 16 | u32::from(u16_at(h, 2, big))
}

/// A 16-bit number at `i`; 0 beyond the end.
pub fn u16_at(b: &[u8], i: usize, big: bool) -> u16 {
    let pair = [b.get(i).copied().unwrap_or(0), b.get(i + 1).copied().unwrap_or(0)];
    if big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
}

/// A 32-bit number at `i`; 0 beyond the end.
pub fn u32_at(b: &[u8], i: usize, big: bool) -> u32 {
    let (first, second) = (u32::from(u16_at(b, i, big)), u32::from(u16_at(b, i + 2, big)));
    if big { first << 16 | second } else { second << 16 | first }
}

/// How the data set at the start of `held` is written, whatever its transfer syntax says.
pub fn form_of(held: &mut Held<'_>, declared_big: bool) -> Form {
    let h = held.get(0, 6).map(<[u8]>::to_vec).unwrap_or_default();
    let explicit = h.get(4..6).is_some_and(|v| v.iter().all(u8::is_ascii_uppercase));
    let looks_big = h.first() == Some(&0) && h.get(1).is_some_and(|b| *b != 0);
    Form { explicit, big: explicit && (declared_big || looks_big) && h.first() == Some(&0) }
}
