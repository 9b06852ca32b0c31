//! Encapsulated Pixel Data: the streams of frames that are masked or cleared are written anew, those of all others stay by
//! reference (PS3.5 A.4).

use super::{Asked, Found, MaskError, MaskLimits, Masked, Rect, Store, fill, look, plain, unused};
use crate::bytes::joined;
use crate::coded::{RECOMPRESSED, geometry};
use tokumei_codecs::{Codec, Fill, Geometry, Limits, Photometric};
use tokumei_dicom::codestream::{clean_frame, replace_frames};
use tokumei_dicom::{ErrorKind, Piece};

/// Retired syntaxes of progressive JPEG, whose frames leave as sequential ones.
const PROGRESSIVE: [&str; 2] = ["1.2.840.10008.1.2.4.53", "1.2.840.10008.1.2.4.55"];
const BASELINE: &str = "1.2.840.10008.1.2.4.50";
const EXTENDED: &str = "1.2.840.10008.1.2.4.51";
/// What the transfer syntaxes of JPEG XL begin with.
const JPEG_XL: &str = "1.2.840.10008.1.2.4.11";

pub(super) fn mask(asked: &Asked<'_>, limits: &MaskLimits, store: &mut Store<'_>) -> Result<Masked, MaskError> {
    let frames = asked.frames();
    let syntax = asked.ds.form().transfer_syntax.as_str();
    // A JPEG in JPEG XL has to come back to be cleaned, and what stands behind other streams of it to go, if nothing is masked
    // too.
    let given_back = syntax.starts_with(JPEG_XL) && asked.request.masks.is_empty();
    if frames.is_empty() && !given_back && !asked.request.clear {
        return Err(MaskError::Outside);
    }
    if asked.image.geometry.frame_bytes().is_none_or(|n| n > limits.frame_bytes) {
        return Err(MaskError::Read(ErrorKind::TooLarge));
    }
    let mut coder = Coder::new(asked, syntax, limits)?;
    coder.whole |= frames.len() as u64 != asked.image.geometry.frames && coder.renames(&frames, limits)?;
    let mut areas = vec![None; asked.request.masks.len()];
    let mut changed = 0;
    let replace = |number: u64, pieces: &[Piece]| -> Result<Option<Vec<Piece>>, MaskError> {
        let masked = frames.binary_search(&number).is_ok();
        let cleared = coder.cleared(pieces)?;
        changed += u64::from(masked || cleared.is_some());
        let stream = match cleared {
            Some(stream) if !masked && !coder.whole => return Ok(Some(vec![store(stream)])),
            None if !masked && !coder.whole => return coder.ended(pieces),
            Some(stream) => stream,
            None => coder.stream(pieces)?,
        };
        let (masks, rects): (Vec<usize>, Vec<Rect>) = if masked { asked.on(number).unzip() } else { <_>::default() };
        let (stream, touched) = coder.frame(stream, &rects)?;
        for (mask, rect) in masks.into_iter().zip(touched) {
            if let Some(area) = areas.get_mut(mask) {
                *area = Some(area.map_or(rect, |area| around(area, rect)));
            }
        }
        Ok(Some(vec![store(stream)]))
    };
    let cleaned = replace_frames(asked.ds, asked.source, asked.index, syntax, &limits.reading, replace)?;
    // Of a JPEG in JPEG XL all frames are others now.
    let unknown = cleaned.unknown && syntax != RECOMPRESSED && !asked.request.clear;
    if unknown && look::frames(asked, limits)? == Found::Overlay {
        return Err(MaskError::Overlay);
    }
    let value = match cleaned.value {
        None if asked.request.clear => as_it_is(asked)?,
        // What was replaced was at least the masked frames, so there is a new value.
        value => value.ok_or(MaskError::Outside)?,
    };
    Ok(Masked {
        value,
        offset_table: cleaned.offset_table,
        frames: changed,
        areas,
        photometric: coder.photometric.and_then(term),
        transfer_syntax: coder.transfer_syntax,
        cleared: asked.request.clear,
    })
}

/// The value where there was nothing to clear, with its delimiter.
fn as_it_is(asked: &Asked<'_>) -> Result<Vec<Piece>, MaskError> {
    let node = asked.ds.node(asked.index).ok_or(MaskError::NoImage)?;
    let len = node.end.checked_sub(node.value).ok_or(MaskError::NoImage)?;
    Ok(vec![Piece::Range { offset: node.value, len }])
}

/// Masks one frame after the other, and remembers what the data set has to say of them.
struct Coder<'a> {
    asked: &'a Asked<'a>,
    syntax: &'a str,
    geometry: Geometry,
    fill: Fill,
    limits: Limits,
    /// Masked frames need another transfer syntax or Photometric Interpretation, so that all are written anew: the header
    /// can say one thing of all frames only.
    whole: bool,
    coded: u64,
    photometric: Option<Photometric>,
    transfer_syntax: Option<&'static str>,
}

impl<'a> Coder<'a> {
    fn new(asked: &'a Asked<'a>, syntax: &'a str, limits: &MaskLimits) -> Result<Self, MaskError> {
        // Streams of other numbers of samples have no colours that a codec could know.
        if !plain::is_plain(syntax) && !matches!(asked.image.geometry.samples, 1 | 3) {
            return Err(MaskError::Form);
        }
        let black = fill::black(asked.ds, asked.image, false).ok();
        let fill = match black.as_deref() {
            Some([level]) => {
                let place = asked.image.high_bit + 1 - asked.image.stored;
                Fill::Level(i32::try_from(*level << place).map_err(|_| MaskError::Form)?)
            }
            _ => Fill::Black,
        };
        Ok(Self {
            asked,
            syntax,
            geometry: geometry(asked.image).ok_or(MaskError::Form)?,
            fill,
            limits: Limits { frame_bytes: limits.frame_bytes },
            whole: syntax == RECOMPRESSED || PROGRESSIVE.contains(&syntax),
            coded: 0,
            photometric: None,
            transfer_syntax: None,
        })
    }

    /// True where the first of these frames, once masked, has another Photometric Interpretation.
    fn renames(&self, frames: &[u64], limits: &MaskLimits) -> Result<bool, MaskError> {
        let Some(number) = frames.first().and_then(|n| u32::try_from(*n).ok()) else { return Ok(false) };
        if plain::is_plain(self.syntax) {
            return Ok(false);
        }
        let Asked { ds, source, index, .. } = *self.asked;
        let pieces = clean_frame(ds, source, index, self.syntax, &limits.reading, number)?;
        let stream = joined(ds, source, &pieces, self.limits.frame_bytes).map_err(MaskError::Read)?;
        let codec = Codec::of(self.syntax, &stream)?;
        let rects = self.asked.rects(u64::from(number));
        let masked = tokumei_codecs::mask(codec, &stream, &self.geometry, &rects, self.fill, self.limits)?;
        Ok(masked.photometric.is_some())
    }

    /// The stream of a frame.
    fn stream(&self, pieces: &[Piece]) -> Result<Vec<u8>, MaskError> {
        joined(self.asked.ds, self.asked.source, pieces, self.limits.frame_bytes).map_err(MaskError::Read)
    }

    /// The stream of a frame without what belongs to no sample; none where it holds nothing of that, or nobody asked. What a
    /// lossy coding puts there stands for nothing by itself.
    fn cleared(&self, pieces: &[Piece]) -> Result<Option<Vec<u8>>, MaskError> {
        if !self.asked.request.clear {
            return Ok(None);
        }
        let stream = self.stream(pieces)?;
        if plain::is_plain(self.syntax) {
            return plain::cleared(self.asked, self.syntax, stream);
        }
        let codec = Codec::of(self.syntax, &stream)?;
        let mut frame = tokumei_codecs::decode(codec, &stream, &self.geometry, self.limits)?;
        if !unused::clear(self.asked.ds, self.asked.image, &mut frame)? {
            return Ok(None);
        }
        if look::is_lossy(self.syntax, codec) {
            return Err(MaskError::Form);
        }
        Ok(Some(tokumei_codecs::recode(codec, &stream, &self.geometry, &frame, self.limits)?))
    }

    /// A stream of JPEG XL without what follows it; none where nothing does, and of other codings.
    fn ended(&self, pieces: &[Piece]) -> Result<Option<Vec<Piece>>, MaskError> {
        if !self.syntax.starts_with(JPEG_XL) {
            return Ok(None);
        }
        let stream = self.stream(pieces)?;
        let end = tokumei_codecs::end(Codec::JpegXl, &stream, self.limits)?;
        Ok(look::is_followed(&stream, end).then(|| first(pieces, end as u64)))
    }

    /// The new stream, and what each of the rectangles is grown to.
    fn frame(&mut self, stream: Vec<u8>, rects: &[Rect]) -> Result<(Vec<u8>, Vec<Rect>), MaskError> {
        if plain::is_plain(self.syntax) {
            return plain::mask(self.asked, self.syntax, stream, rects);
        }
        let codec = Codec::of(self.syntax, &stream)?;
        let masked = tokumei_codecs::mask(codec, &stream, &self.geometry, rects, self.fill, self.limits)?;
        // A sequential stream among progressive ones needs no other by itself.
        let sequential = codec == Codec::JpegDct && PROGRESSIVE.contains(&self.syntax);
        let transfer_syntax = masked.transfer_syntax.or(sequential.then_some(EXTENDED));
        self.transfer_syntax = match self.coded {
            0 => transfer_syntax,
            _ => common(self.transfer_syntax, transfer_syntax)?,
        };
        if self.coded > 0 && self.photometric != masked.photometric {
            return Err(MaskError::Form);
        }
        self.coded += 1;
        self.photometric = masked.photometric;
        Ok((masked.stream, masked.touched))
    }
}

/// The first bytes of pieces.
fn first(pieces: &[Piece], mut len: u64) -> Vec<Piece> {
    let mut cut = |piece: &Piece| {
        let kept = piece.len().min(len);
        len -= kept;
        match piece {
            Piece::Range { offset, .. } => Piece::Range { offset: *offset, len: kept },
            Piece::Bytes(bytes) => {
                Piece::Bytes(bytes.iter().take(usize::try_from(kept).unwrap_or(0)).copied().collect())
            }
        }
    };
    pieces.iter().map(&mut cut).collect()
}

/// The transfer syntax that two frames can have: decoders of JPEG Extended read baseline streams too (T.81 4.10).
fn common(one: Option<&'static str>, other: Option<&'static str>) -> Result<Option<&'static str>, MaskError> {
    match (one, other) {
        _ if one == other => Ok(one),
        (Some(BASELINE | EXTENDED), Some(BASELINE | EXTENDED)) => Ok(Some(EXTENDED)),
        _ => Err(MaskError::Form),
    }
}

/// The smallest rectangle around two.
fn around(one: Rect, other: Rect) -> Rect {
    let (x, y) = (one.x.min(other.x), one.y.min(other.y));
    let right = (one.x + one.width).max(other.x + other.width);
    let bottom = (one.y + one.height).max(other.y + other.height);
    Rect { x, y, width: right - x, height: bottom - y }
}

/// The defined term (PS3.3 C.7.6.3.1.2).
const fn term(photometric: Photometric) -> Option<&'static str> {
    Some(match photometric {
        Photometric::Monochrome1 => "MONOCHROME1",
        Photometric::Monochrome2 => "MONOCHROME2",
        Photometric::Palette => "PALETTE COLOR",
        Photometric::Rgb => "RGB",
        Photometric::YbrFull => "YBR_FULL",
        Photometric::YbrFull422 => "YBR_FULL_422",
        Photometric::YbrRct => "YBR_RCT",
        Photometric::YbrIct => "YBR_ICT",
        Photometric::Other => return None,
    })
}
