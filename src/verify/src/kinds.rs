//! Which attributes carry which kind of identity.

/// Kinds of identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A person's name.
    Name,
    /// A patient, study, order, device or specimen number.
    Id,
    /// An institution, department, address, station or application entity.
    Place,
    /// A telephone number or address of telecommunication.
    Phone,
    /// Text that was written about the patient.
    Text,
    /// An instance UID.
    Uid,
    /// A calendar day.
    Date,
}

/// The kind of `tag` by itself, whatever VR it is read with. Sorted by tag.
pub fn kind_of(tag: u32) -> Option<Kind> {
    TAGS.binary_search_by_key(&tag, |t| t.0).ok().and_then(|i| TAGS.get(i)).map(|t| t.1)
}

/// UIDs that name a class, a syntax or a vocabulary, never an instance: they stay (PS3.15 E.3.9).
pub fn is_structural_uid(tag: u32) -> bool {
    const STRUCTURAL: [u32; 22] = [
        0x0002_0002,
        0x0002_0010,
        0x0002_0032,
        0x0004_1510,
        0x0004_1512,
        0x0004_151A,
        0x0008_0016,
        0x0008_001A,
        0x0008_001B,
        0x0008_0062,
        0x0008_010C,
        0x0008_0117,
        0x0008_0118,
        0x0008_040E,
        0x0008_1150,
        0x0008_115A,
        0x0008_3002,
        0x0034_0003,
        0x0400_0010,
        0x0400_0510,
        0x3010_0052,
        0x3010_0053,
    ];
    STRUCTURAL.contains(&tag)
}

use Kind::{Date, Id, Name, Phone, Place, Text};

/// Attributes that are looked for anywhere in the source's header, whatever its structure.
pub const TAGS: [(u32, Kind); 133] = [
    (0x0008_0012, Date),
    (0x0008_0020, Date),
    (0x0008_0021, Date),
    (0x0008_0022, Date),
    (0x0008_0023, Date),
    (0x0008_002A, Date),
    (0x0008_0050, Id),
    (0x0008_0054, Place),
    (0x0008_0055, Place),
    (0x0008_0080, Place),
    (0x0008_0081, Place),
    (0x0008_0090, Name),
    (0x0008_0092, Place),
    (0x0008_0094, Phone),
    (0x0008_009C, Name),
    (0x0008_1000, Place),
    (0x0008_1010, Place),
    (0x0008_1040, Place),
    (0x0008_1048, Name),
    (0x0008_1050, Name),
    (0x0008_1060, Name),
    (0x0008_1070, Name),
    (0x0008_4000, Text),
    (0x0010_0010, Name),
    (0x0010_0012, Name),
    (0x0010_0020, Id),
    (0x0010_0021, Place),
    (0x0010_0030, Date),
    (0x0010_0033, Text),
    (0x0010_0034, Text),
    (0x0010_1000, Id),
    (0x0010_1001, Name),
    (0x0010_1005, Name),
    (0x0010_1040, Place),
    (0x0010_1050, Id),
    (0x0010_1060, Name),
    (0x0010_1090, Id),
    (0x0010_2154, Phone),
    (0x0010_2155, Phone),
    (0x0010_21B0, Text),
    (0x0010_2297, Name),
    (0x0010_2299, Place),
    (0x0010_4000, Text),
    (0x0012_0031, Place),
    (0x0012_0040, Id),
    (0x0012_0042, Id),
    (0x0012_0060, Place),
    (0x0012_0081, Place),
    (0x0012_0082, Id),
    (0x0016_004D, Name),
    (0x0016_0051, Id),
    (0x0018_1000, Id),
    (0x0018_1004, Id),
    (0x0018_1005, Id),
    (0x0018_1007, Id),
    (0x0018_1008, Id),
    (0x0018_1009, Id),
    (0x0018_1010, Id),
    (0x0018_1011, Id),
    (0x0018_4000, Text),
    (0x0018_700A, Id),
    (0x0018_9367, Id),
    (0x0018_9371, Id),
    (0x0020_0010, Id),
    (0x0020_4000, Text),
    (0x0032_0012, Place),
    (0x0032_1020, Place),
    (0x0032_1021, Place),
    (0x0032_1032, Name),
    (0x0032_1033, Place),
    (0x0032_4000, Text),
    (0x0038_0010, Id),
    (0x0038_0011, Place),
    (0x0038_001E, Place),
    (0x0038_0020, Date),
    (0x0038_0060, Id),
    (0x0038_0061, Place),
    (0x0038_0300, Place),
    (0x0038_0400, Place),
    (0x0038_4000, Text),
    (0x0040_0001, Place),
    (0x0040_0002, Date),
    (0x0040_0006, Name),
    (0x0040_0009, Id),
    (0x0040_0010, Place),
    (0x0040_0011, Place),
    (0x0040_0241, Place),
    (0x0040_0242, Place),
    (0x0040_0243, Place),
    (0x0040_0244, Date),
    (0x0040_0253, Id),
    (0x0040_050A, Id),
    (0x0040_0512, Id),
    (0x0040_0551, Id),
    (0x0040_06FA, Id),
    (0x0040_1001, Id),
    (0x0040_1005, Place),
    (0x0040_1010, Name),
    (0x0040_1102, Place),
    (0x0040_1103, Phone),
    (0x0040_1104, Phone),
    (0x0040_1400, Text),
    (0x0040_2004, Date),
    (0x0040_2008, Name),
    (0x0040_2009, Place),
    (0x0040_2010, Phone),
    (0x0040_2011, Phone),
    (0x0040_2016, Id),
    (0x0040_2017, Id),
    (0x0040_2400, Text),
    (0x0040_4036, Place),
    (0x0040_4037, Name),
    (0x0040_A027, Place),
    (0x0040_A075, Name),
    (0x0040_A123, Name),
    (0x0050_001B, Id),
    (0x0070_0084, Name),
    (0x0074_1234, Place),
    (0x0074_1236, Place),
    (0x2100_0070, Place),
    (0x2100_0140, Place),
    (0x2200_0002, Text),
    (0x2200_0005, Id),
    (0x3008_0105, Id),
    (0x300A_00B2, Place),
    (0x300E_0008, Name),
    (0x3010_001B, Id),
    (0x3010_0043, Id),
    (0x4000_0010, Text),
    (0x4008_0040, Id),
    (0x4008_0114, Name),
    (0x4008_011A, Place),
    (0x4008_0200, Id),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_sorted() {
        assert!(TAGS.windows(2).all(|w| w[0].0 < w[1].0));
        assert_eq!(kind_of(0x0010_0010), Some(Name));
        assert_eq!(kind_of(0x0028_0010), None);
    }
}
