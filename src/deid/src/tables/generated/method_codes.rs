//! Made by `cargo xtask generate` from `src/deid/data/deid_method_codes.tsv`. Do not edit.

use crate::tables::e1_1::OptionColumn;
use crate::tables::method_codes::MethodCode;

pub(in crate::tables) static CODES: [MethodCode; 13] = [
    MethodCode { code: "113100", meaning: "Basic Application Confidentiality Profile", option: None },
    MethodCode { code: "113101", meaning: "Clean Pixel Data Option", option: None },
    MethodCode { code: "113102", meaning: "Clean Recognizable Visual Features Option", option: None },
    MethodCode { code: "113103", meaning: "Clean Graphics Option", option: Some(OptionColumn::CleanGraphics) },
    MethodCode { code: "113104", meaning: "Clean Structured Content Option", option: Some(OptionColumn::CleanStructuredContent) },
    MethodCode { code: "113105", meaning: "Clean Descriptors Option", option: Some(OptionColumn::CleanDescriptors) },
    MethodCode { code: "113106", meaning: "Retain Longitudinal Temporal Information Full Dates Option", option: Some(OptionColumn::RtnLongFullDates) },
    MethodCode { code: "113107", meaning: "Retain Longitudinal Temporal Information Modified Dates Option", option: Some(OptionColumn::RtnLongModifiedDates) },
    MethodCode { code: "113108", meaning: "Retain Patient Characteristics Option", option: Some(OptionColumn::RtnPatientChars) },
    MethodCode { code: "113109", meaning: "Retain Device Identity Option", option: Some(OptionColumn::RtnDeviceId) },
    MethodCode { code: "113110", meaning: "Retain UIDs Option", option: Some(OptionColumn::RtnUids) },
    MethodCode { code: "113111", meaning: "Retain Safe Private Option", option: Some(OptionColumn::RtnSafePrivate) },
    MethodCode { code: "113112", meaning: "Retain Institution Identity Option", option: Some(OptionColumn::RtnInstitutionId) },
];
