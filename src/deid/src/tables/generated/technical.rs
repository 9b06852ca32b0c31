//! Made by `cargo xtask generate` from `src/deid/data/technical_texts.tsv`. Do not edit.

use crate::tables::technical::Kind;
use tokumei_dicom::Tag;

pub(in crate::tables) static TEXTS: [(Tag, Kind); 1] = [
    (Tag(0x0008, 0x0070), Kind::Maker),
];
