//! What is known of CDA Release 2: its elements with what is done to each, words of its structure, code systems and
//! templates that bodies of standards keep.

/// What is done to an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// A role, a person or a thing: its elements are walked; its identifiers are masked.
    Entity,
    /// An act, a section or the document: its elements are walked; its identifiers become new.
    Act,
    /// Stays with the attributes of its structure; its elements are walked.
    Structure,
    /// A code of a registered system.
    Code,
    /// A characteristic of the patient, coded.
    Characteristic,
    /// A code of HL7 without a system.
    Word,
    /// An identifier.
    Identifier,
    /// A template, or the type of all documents.
    Template,
    TypeId,
    /// What names, tells where or how to reach somebody.
    Masked,
    /// A time, or times.
    Time,
    /// The patient's birth.
    Birth,
    /// Text that is cleaned.
    Text,
    /// Narrative of a section.
    Narrative,
    /// A number, with its unit.
    Amount,
    /// What its type says.
    Value,
    /// Another document, or a picture.
    Refused,
}

use Rule::{
    Act, Amount, Birth, Characteristic, Code, Entity, Identifier, Masked, Narrative, Refused, Structure, Template,
    Text, Time, TypeId, Value, Word,
};

/// Elements of CDA.
const ELEMENTS: [(&str, Rule); 135] = [
    ("ClinicalDocument", Act),
    ("act", Act),
    ("addr", Masked),
    ("administrationUnitCode", Code),
    ("administrativeGenderCode", Characteristic),
    ("approachSiteCode", Code),
    ("assignedAuthor", Entity),
    ("assignedAuthoringDevice", Entity),
    ("assignedCustodian", Entity),
    ("assignedEntity", Entity),
    ("assignedPerson", Entity),
    ("associatedEntity", Entity),
    ("associatedPerson", Entity),
    ("authenticator", Structure),
    ("author", Structure),
    ("authorization", Structure),
    ("awarenessCode", Code),
    ("birthTime", Birth),
    ("center", Time),
    ("code", Code),
    ("component", Structure),
    ("componentOf", Structure),
    ("confidentialityCode", Code),
    ("consent", Act),
    ("consumable", Structure),
    ("copyTime", Time),
    ("criterion", Act),
    ("custodian", Structure),
    ("dataEnterer", Structure),
    ("dischargeDispositionCode", Code),
    ("documentationOf", Structure),
    ("doseCheckQuantity", Amount),
    ("doseQuantity", Amount),
    ("effectiveTime", Time),
    ("encompassingEncounter", Act),
    ("encounter", Act),
    ("encounterParticipant", Structure),
    ("entry", Structure),
    ("entryRelationship", Structure),
    ("ethnicGroupCode", Characteristic),
    ("expectedUseTime", Time),
    ("externalAct", Act),
    ("externalDocument", Act),
    ("externalObservation", Act),
    ("externalProcedure", Act),
    ("functionCode", Code),
    ("healthCareFacility", Entity),
    ("high", Time),
    ("id", Identifier),
    ("inFulfillmentOf", Structure),
    ("independentInd", Word),
    ("informant", Structure),
    ("informationRecipient", Structure),
    ("intendedRecipient", Entity),
    ("interpretationCode", Code),
    ("languageCode", Word),
    ("legalAuthenticator", Structure),
    ("location", Structure),
    ("low", Time),
    ("manufacturedLabeledDrug", Entity),
    ("manufacturedMaterial", Entity),
    ("manufacturedProduct", Entity),
    ("manufacturerOrganization", Entity),
    ("maxDoseQuantity", Amount),
    ("methodCode", Code),
    ("name", Masked),
    ("nonXMLBody", Refused),
    ("numerator", Amount),
    ("denominator", Amount),
    ("observation", Act),
    ("observationMedia", Refused),
    ("observationRange", Act),
    ("order", Act),
    ("organizer", Act),
    ("parentDocument", Act),
    ("participant", Structure),
    ("participantRole", Entity),
    ("patient", Entity),
    ("patientRole", Entity),
    ("performer", Structure),
    ("period", Amount),
    ("phase", Time),
    ("playingDevice", Entity),
    ("playingEntity", Entity),
    ("precondition", Structure),
    ("priorityCode", Code),
    ("procedure", Act),
    ("product", Structure),
    ("providerOrganization", Entity),
    ("quantity", Amount),
    ("raceCode", Characteristic),
    ("rateQuantity", Amount),
    ("realmCode", Word),
    ("receivedOrganization", Entity),
    ("recordTarget", Structure),
    ("reference", Structure),
    ("referenceRange", Structure),
    ("regionOfInterest", Act),
    ("relatedDocument", Structure),
    ("relatedEntity", Entity),
    ("relatedPerson", Entity),
    ("relatedSubject", Entity),
    ("repeatNumber", Amount),
    ("representedCustodianOrganization", Entity),
    ("representedOrganization", Entity),
    ("responsibleParty", Structure),
    ("routeCode", Code),
    ("scopingEntity", Entity),
    ("scopingOrganization", Entity),
    ("section", Act),
    ("sequenceNumber", Amount),
    ("serviceEvent", Act),
    ("serviceProviderOrganization", Entity),
    ("setId", Identifier),
    ("signatureCode", Word),
    ("specimen", Structure),
    ("specimenPlayingEntity", Entity),
    ("specimenRole", Entity),
    ("standardIndustryClassCode", Code),
    ("statusCode", Word),
    ("structuredBody", Structure),
    ("subject", Structure),
    ("substanceAdministration", Act),
    ("supply", Act),
    ("targetSiteCode", Code),
    ("telecom", Masked),
    ("templateId", Template),
    ("text", Narrative),
    ("time", Time),
    ("title", Text),
    ("translation", Code),
    ("typeId", TypeId),
    ("value", Value),
    ("versionNumber", Amount),
    ("width", Amount),
];

/// What is done to an element, with its name; `None`: it is left out.
pub(super) fn rule(name: &str) -> Option<(&'static str, Rule)> {
    ELEMENTS.iter().find(|(known, _)| *known == name).copied()
}

/// Attributes of the structure, whose values are words of it.
pub(super) const STRUCTURAL: [&str; 12] = [
    "classCode",
    "moodCode",
    "typeCode",
    "determinerCode",
    "contextControlCode",
    "contextConductionInd",
    "negationInd",
    "inversionInd",
    "institutionSpecified",
    "independentInd",
    "operator",
    "nullFlavor",
];

/// Words of HL7's vocabularies that stand there, each between blanks: classes, moods, types, determiners, flavors of null,
/// status, signatures.
const WORDS: &str = " true false \
    ACCT ACT ADMM ASSIGNED BATTERY CASE CATEGORY CITIZEN CLUSTER CONC COND CONS CONTRACT CTTEVENT DEV DGIMG DIETSUP \
    DISPACT DOC DOCBODY DOCCLIN DOCSECT EHR ENC ENT ENTRY EXPR FOLDER GUAR HCFAC INC INFRM INVSTG ISDLOC LIV MANU MAT MMAT \
    MPROT NURSE OBS OBSCOR OBSSER OPEQ ORG ORGANIZER PAT PCPR PHYS PLC POLICY PROC PROV PRS PSN QUAL REG RETR ROIBND ROIOVL \
    ROL SBADM SDLOC SPCOBS SPEC SPECCOLLECT SPLY STORE STOR SUBST SUBSTANCE TPA TRNS VERIF WORK WRTE ECON NOK AGNT ALRG \
    EVN INT RQO PRP PRMS DEF APT ARQ GOL EVN.CRT OPT \
    COMP RCT AUT AUTHEN CST INF PRCP TRC LA FLFS XFRM RPLC APND SUBJ REFR SPRT RSON CAUS MFST GEVL SAS DRIV PRF PPRF SPRF LOC \
    CSM PRD SPC REF REFV PRCN RESP DIS ADM ATND CON CALLBCK HLD IND VRF XCRPT ELNK OTH NOT DIR ORG DST DON TPA BBY CALLBCK COV \
    DEST SBJ RESPROV REFT REFB PPRF ESC TRANS RECV ENTRYREL \
    ACCESS ACCM ACSN ACTI ACTM ACTN ADJUD ADTV ALQT ALRT ANM BASE BIRTHPL CACT CAREGIVER CASESBJ CDALVLONE CER CHEM CIT \
    CITY CLNTRL CNOD CNTRCT COLR COMPAR COMPOSITION CONT CONTREG COUNTRY COUNTY COVPTY CRINV CRSPNSR DIET DSDLOC EMP \
    EXTRACT FCNTRCT FLVR FOOD GEN GRIC GUARD HCE HLTHCHRT HOLD IACT IDENT INFO INGR INST INVE INVSBJ ISLT LIC LIST LOCE \
    MBR MIC MIL MNT MODDV NAT NLIV OUTB OWN PART PAYEE PAYOR PLNT POLHOLD PROVINCE PRSV PUB RESBJ RET REV RGPR RGRP \
    SGNOFF SPCTRT SPNSR STATE STBL STC STD SUBS SUBY TERR THER TOPIC UNDWRT XACT PERM PERMRQ SLOT ARR AUTH BEN CHRG CIND \
    COST COVBY CREDIT CTRLV DEBIT DEP DIST ELOC EXPL GOAL IRCP ITEMSLOC LIMIT MITGT MTCH NAME NRD OBJC OBJF OCCR OPTN \
    OREF OUTC PERT PREV RCV RDV RISK RML SCH SEQL SPRTBND SUCC SUMM TRIG UPDT VIA VRXCRPT WIT \
    INSTANCE KIND QUANTIFIED_KIND OP AP AN ON \
    NI INV DER NINF PINF UNC MSK NA UNK ASKU NAV NASK QS TRC NP \
    I E A H P S X \
    completed active aborted cancelled held new suspended normal nullified obsolete ";

/// True for a word of HL7's vocabularies.
pub(super) fn is_word(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphabetic() || matches!(b, b'_' | b'.');
    !text.is_empty() && text.bytes().all(plain) && WORDS.split(' ').any(|word| word == text)
}

/// Code systems that bodies of standards keep, by their OIDs: whole, or everything below one that ends in a point.
const SYSTEMS: [&str; 40] = [
    // HL7 Version 3 and 2, DICOM.
    "2.16.840.1.113883.5.",
    "2.16.840.1.113883.12.",
    "2.16.840.1.113883.18.",
    "1.2.840.10008.2.",
    "1.2.840.10008.6.1.",
    // LOINC, SNOMED CT, UCUM, ICD-10, ICD-10-CM, ICD-10-PCS, ICD-9-CM and its procedures, ICD-O, CPT, HCPCS.
    "2.16.840.1.113883.6.1",
    "2.16.840.1.113883.6.96",
    "2.16.840.1.113883.6.8",
    "2.16.840.1.113883.6.3",
    "2.16.840.1.113883.6.90",
    "2.16.840.1.113883.6.4",
    "2.16.840.1.113883.6.103",
    "2.16.840.1.113883.6.104",
    "2.16.840.1.113883.6.42",
    "2.16.840.1.113883.6.43",
    "2.16.840.1.113883.6.12",
    "2.16.840.1.113883.6.14",
    // RxNorm, NDC, UNII, NDF-RT, CVX, ATC, MedDRA, MeSH, FMA, RadLex, NCI Thesaurus, UMLS, LOINC parts, BARI.
    "2.16.840.1.113883.6.88",
    "2.16.840.1.113883.6.69",
    "2.16.840.1.113883.4.9",
    "2.16.840.1.113883.4.209",
    "2.16.840.1.113883.3.26.1.5",
    "2.16.840.1.113883.6.59",
    "2.16.840.1.113883.6.73",
    "2.16.840.1.113883.6.163",
    "2.16.840.1.113883.6.177",
    "2.16.840.1.113883.6.119",
    "2.16.840.1.113883.6.256",
    "2.16.840.1.113883.3.26.1.1",
    "2.16.840.1.113883.3.26.1.2",
    "2.16.840.1.113883.6.86",
    "2.16.840.1.113883.6.24",
    // Race and ethnicity, provider taxonomy, languages, countries.
    "2.16.840.1.113883.6.238",
    "2.16.840.1.113883.6.101",
    "2.16.840.1.113883.6.121",
    "2.16.840.1.113883.6.100",
    "1.0.3166.1.",
    // Japan: masters of MEDIS (diseases, drugs, laboratory), JJ1017, tables of the Ministry of Health.
    "1.2.392.200119.4.",
    "1.2.392.200119.5.",
    "1.2.392.100495.20.2.",
];

/// Arcs below which bodies of standards keep their templates: HL7 and its affiliates, IHE, DICOM.
const TEMPLATES: [&str; 4] =
    ["2.16.840.1.113883.10.", "2.16.840.1.113883.3.27.", "1.3.6.1.4.1.19376.1.", "1.2.840.10008."];

fn is_below(oid: &str, arcs: &[&str]) -> bool {
    arcs.iter().any(|arc| if arc.ends_with('.') { oid.starts_with(arc) } else { oid == *arc })
}

/// True for a code system that a body of standards keeps.
pub(super) fn is_registered(system: &str) -> bool {
    super::uid::is_valid(system) && is_below(system, &SYSTEMS)
}

/// True for a template that a body of standards keeps.
pub(super) fn is_template(root: &str) -> bool {
    super::uid::is_valid(root) && is_below(root, &TEMPLATES)
}

/// Elements of the narrative that stay (CDA Release 2, 4.3.5): those that set text apart.
const BLOCKS: [&str; 12] =
    ["paragraph", "list", "item", "caption", "table", "thead", "tbody", "tfoot", "tr", "td", "th", "colgroup"];
/// Elements of the narrative inside of a line: their text is part of it.
const INLINE: [&str; 7] = ["content", "sub", "sup", "footnote", "footnoteRef", "linkHtml", "br"];

/// How an element of the narrative stands there.
pub(super) enum Line {
    /// It sets text apart.
    Block(&'static str),
    /// Its text goes on.
    Inline,
}

/// What an element of the narrative is; `None`: it is left out.
pub(super) fn line(name: &str) -> Option<Line> {
    let block = BLOCKS.iter().find(|known| **known == name).map(|known| Line::Block(known));
    block.or_else(|| INLINE.contains(&name).then_some(Line::Inline))
}

#[cfg(test)]
mod tests {
    use super::{ELEMENTS, is_registered, is_template, is_word, line, rule};

    #[test]
    fn elements_stand_once() {
        for (at, (name, _)) in ELEMENTS.iter().enumerate() {
            assert!(ELEMENTS.iter().skip(at + 1).all(|(other, _)| other != name), "{name}");
            assert!(rule(name).is_some());
        }
        assert!(rule("birthplace").is_none() && rule("yamada").is_none() && line("script").is_none());
    }

    #[test]
    fn words_are_those_of_the_vocabularies() {
        assert!(is_word("OBS") && is_word("completed") && is_word("EVN.CRT"));
        for other in ["", " ", "YAMADA", "OBS EVN", "obs"] {
            assert!(!is_word(other), "{other}");
        }
    }

    #[test]
    fn systems_are_whole_or_below() {
        assert!(is_registered("2.16.840.1.113883.6.1") && is_registered("2.16.840.1.113883.5.25"));
        assert!(!is_registered("2.16.840.1.113883.6.11") && !is_registered("1.2.392.100495.20.3.51.11312345"));
        assert!(is_template("2.16.840.1.113883.10.20.22.2.1") && !is_template("2.16.840.1.113883.3.999.1"));
    }
}
