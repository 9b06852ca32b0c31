//! Previews of frames, for a person's eyes only: nothing drawn here is ever written back.
//!
//! Frames are decoded by dicom-pixeldata where it is known to be exact; where it is not, or does not know the coding,
//! there is no preview and a reason says so. It is given one frame, cleaned and checked, and the few attributes that it
//! needs, never a file.
#![cfg_attr(not(test), deny(unused_crate_dependencies))]

mod decode;
mod image;
mod jpeg;
mod preview;
mod render;

pub use preview::{NoPreview, Preview, preview};
