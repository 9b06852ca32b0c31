//! Made by `cargo xtask generate` from `src/deid/data/phi_outside.tsv`. Do not edit.

use crate::tables::outside::OutsideAction;
use tokumei_dicom::Tag;

pub(in crate::tables) static ACTIONS: [(Tag, OutsideAction); 1] = [
    (Tag(0x0028, 0x2000), OutsideAction::ColourProfile),
];
