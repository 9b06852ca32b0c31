//! Frames: masked, looked at for what hides in them, and drawn as previews.
//!
//! [`mask`] makes rectangles constant and leaves everything else byte for byte. Previews are for a person's eyes only:
//! nothing drawn is ever written back. Their frames are decoded by dicom-pixeldata where it is known to be exact, else by
//! our own codecs; where neither is, there is no preview and a reason says so. dicom-pixeldata is given one frame, cleaned
//! and checked, and the few attributes that it needs, never a file.
#![cfg_attr(not(test), deny(unused_crate_dependencies))]

mod bytes;
mod coded;
mod content;
mod decode;
mod image;
mod jpeg;
mod mask;
mod native;
mod palette;
mod preview;
mod render;
mod retired;

pub use content::{Around, around};
pub use mask::{Found, Mask, MaskError, MaskLimits, Masked, Request, Store, look, mask};
pub use preview::{Levels, NoPreview, Preview, preview};
pub use tokumei_codecs::Rect;
