//! What is done with documents that instances wrap.

use serde::{Deserialize, Serialize};

/// Documents that instances wrap (PS3.15 E.1.1 note 15), by their kind. None leaves as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DocumentRule {
    /// PDF.
    #[serde(default)]
    pub pdf: Wrapped,
    /// HL7 CDA.
    #[serde(default)]
    pub cda: WrappedCda,
    /// 3D models and their materials: STL, OBJ, MTL.
    #[serde(default)]
    pub model: Wrapped,
}

/// What is done with a document that nothing cleans.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Wrapped {
    /// Its instance is refused, and somebody is told.
    #[default]
    Refuse,
    /// Its instance is left out on purpose: skipped and counted, nobody has to do anything.
    Drop,
}

/// What is done with a CDA document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum WrappedCda {
    /// Its instance is refused, and somebody is told.
    #[default]
    Refuse,
    /// Its instance is left out on purpose: skipped and counted, nobody has to do anything.
    Drop,
    /// It is written anew: structure, codes of registered systems, amounts and cleaned text stay. One that is not
    /// understood is refused.
    Clean,
}
