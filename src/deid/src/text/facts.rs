//! What the headers of a patient's instances say about people and places, as a lexicon is built from.

/// Identifying values, decoded. Holds identity: no `Debug`.
#[derive(Default, Clone, PartialEq, Eq)]
pub struct Facts {
    /// PN values with all their component groups (`Yamada^Hanako=山田^花子=やまだ^はなこ`): patient, other names,
    /// relatives, physicians, operators.
    pub names: Vec<String>,
    /// Patient IDs, other IDs, accession, study, order and admission numbers.
    pub ids: Vec<String>,
    /// Birth dates in any form that [`date::read`](super::date::read) knows.
    pub birth_dates: Vec<String>,
    /// Addresses.
    pub addresses: Vec<String>,
    /// Telephone and fax numbers, postal codes.
    pub numbers: Vec<String>,
    /// Occupations.
    pub occupations: Vec<String>,
    /// Institutions and their short names; stations.
    pub places: Vec<String>,
    /// Departments: words that every hospital has say nothing and stay.
    pub departments: Vec<String>,
}
