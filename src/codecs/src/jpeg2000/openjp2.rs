//! openjp2, as it is used here: naked code streams, one layer, reversible.

use super::header::{self, Header};
use crate::{CodecError, Frame, Result};
use openjp2::{Codec, OPJ_CLRSPC_GRAY, OPJ_CLRSPC_SRGB, OPJ_CODEC_J2K};
use openjp2::{opj_cparameters, opj_dparameters, opj_image, opj_image_comptparm};

/// Decodes a code stream whose header was read. Whatever ends early is refused (strict mode).
pub fn read(stream: &[u8], header: &Header) -> Result<Frame> {
    read_reduced(stream, header, 0)
}

/// Decodes a code stream to a smaller resolution, so many decompositions less; `header` is of that. All packets are looked
/// at, the blocks of larger resolutions are not.
pub fn read_reduced(stream: &[u8], header: &Header, less: u8) -> Result<Frame> {
    let mut source = tokumei_openjp2::reader(stream);
    let mut codec = Codec::new_decoder(OPJ_CODEC_J2K).ok_or(CodecError::Damaged)?;
    let mut parameters = opj_dparameters { cp_reduce: u32::from(less), ..opj_dparameters::default() };
    done(codec.setup_decoder(&mut parameters))?;
    done(codec.decoder_set_strict_mode(1))?;
    let mut image = codec.read_header(&mut source).ok_or(CodecError::Damaged)?;
    let count = image.comps().map_or(0, <[_]>::len);
    if count != usize::from(header.components) {
        return Err(CodecError::Damaged);
    }
    done(codec.decode(&mut source, &mut image))?;
    done(codec.end_decompress(&mut source))?;
    frame(&image, header)
}

fn frame(image: &opj_image, header: &Header) -> Result<Frame> {
    let pixels = (header.rows as usize).checked_mul(header.columns as usize).ok_or(CodecError::TooLarge)?;
    let stride = usize::from(header.components);
    let planes = image.comps().filter(|planes| planes.len() == stride).ok_or(CodecError::Damaged)?;
    let mut samples = vec![0; pixels.checked_mul(stride).ok_or(CodecError::TooLarge)?];
    for (index, plane) in planes.iter().enumerate() {
        let same = (plane.w, plane.h, plane.prec) == (header.columns, header.rows, u32::from(header.bits));
        let data = plane.data().filter(|data| same && data.len() == pixels).ok_or(CodecError::Damaged)?;
        samples.iter_mut().skip(index).step_by(stride).zip(data).for_each(|(sample, value)| *sample = *value);
    }
    Ok(Frame {
        rows: header.rows,
        columns: header.columns,
        components: header.components,
        bits: header.bits,
        signed: header.signed,
        samples,
    })
}

/// Writes a frame reversibly and proves it.
pub fn write_proven(frame: &Frame, transform: bool) -> Result<Vec<u8>> {
    let stream = write(frame, transform)?;
    if super::proven(&stream, frame) { Ok(stream) } else { Err(CodecError::NotProven) }
}

/// Writes a frame reversibly, with the reversible colour transform if asked for.
// The parameters have a destructor, so they can't be made of parts.
#[allow(clippy::field_reassign_with_default)]
fn write(frame: &Frame, transform: bool) -> Result<Vec<u8>> {
    let mut image = image(frame)?;
    let mut parameters = opj_cparameters::default();
    parameters.tcp_numlayers = 1;
    parameters.cp_disto_alloc = 1;
    parameters.numresolution = i32::try_from(levels(frame)).unwrap_or(0) + 1;
    parameters.tcp_mct = i8::from(transform);
    // Without one the library writes its own.
    parameters.set_comment("");
    let mut codec = Codec::new_encoder(OPJ_CODEC_J2K).ok_or(CodecError::NotProven)?;
    let (mut target, output) = tokumei_openjp2::writer();
    let steps = done(codec.setup_encoder(&mut parameters, &mut image))
        .and_then(|()| done(codec.start_compress(&mut image, &mut target)))
        .and_then(|()| done(codec.encode(&mut target)))
        .and_then(|()| done(codec.end_compress(&mut target)));
    steps.and_then(|()| target.flush().map_err(|_| CodecError::NotProven)).map_err(|_| CodecError::NotProven)?;
    header::without_comments(&output.take())
}

/// Decompositions: five, as everybody writes, or as many as the shorter side has room for.
pub fn levels(frame: &Frame) -> u32 {
    frame.rows.min(frame.columns).max(1).ilog2().min(5)
}

fn image(frame: &Frame) -> Result<Box<opj_image>> {
    let part = opj_image_comptparm {
        dx: 1,
        dy: 1,
        w: frame.columns,
        h: frame.rows,
        x0: 0,
        y0: 0,
        prec: u32::from(frame.bits),
        bpp: u32::from(frame.bits),
        sgnd: u32::from(frame.signed),
    };
    let stride = usize::from(frame.components);
    let space = if stride == 1 { OPJ_CLRSPC_GRAY } else { OPJ_CLRSPC_SRGB };
    let mut image = opj_image::create(&vec![part; stride], space).ok_or(CodecError::TooLarge)?;
    (image.x1, image.y1) = (frame.columns, frame.rows);
    for (index, plane) in image.comps_data_mut_iter().into_iter().flatten().enumerate() {
        let from = frame.samples.iter().skip(index).step_by(stride);
        plane.iter_mut().zip(from).for_each(|(into, sample)| *into = *sample);
    }
    Ok(image)
}

fn done(result: i32) -> Result<()> {
    if result == 1 { Ok(()) } else { Err(CodecError::Damaged) }
}
