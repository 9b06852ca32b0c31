//! Which context a decision has (T.800 D.3), as tables over what stands around a sample.

/// The band of a block, by what decides about contexts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Orientation {
    /// LL and LH.
    Low,
    Hl,
    Hh,
}

/// Contexts of refinement (T.800 table D.4): nothing around, something around, not the first refinement.
pub const REFINED: [usize; 3] = [14, 15, 16];

/// By the nine samples of a neighbourhood row by row, the sample itself in their middle.
pub type Significance = [u8; 512];

/// Contexts of significance (T.800 table D.1).
pub const fn significance(orientation: Orientation) -> &'static Significance {
    const LOW: Significance = table(Orientation::Low);
    const HL: Significance = table(Orientation::Hl);
    const HH: Significance = table(Orientation::Hh);
    match orientation {
        Orientation::Low => &LOW,
        Orientation::Hl => &HL,
        Orientation::Hh => &HH,
    }
}

const fn table(orientation: Orientation) -> Significance {
    let mut table = [0; 512];
    let mut near = 0;
    while near < 512 {
        let across = (near >> 3 & 1) + (near >> 5 & 1);
        let down = (near >> 1 & 1) + (near >> 7 & 1);
        let diagonal = (near & 1) + (near >> 2 & 1) + (near >> 6 & 1) + (near >> 8 & 1);
        table[near] = match orientation {
            Orientation::Low => sided(across, down, diagonal),
            Orientation::Hl => sided(down, across, diagonal),
            Orientation::Hh => diagonal_first(across + down, diagonal),
        };
        near += 1;
    }
    table
}

const fn sided(along: usize, over: usize, diagonal: usize) -> u8 {
    match (along, over, diagonal) {
        (2, _, _) => 8,
        (1, 1.., _) => 7,
        (1, 0, 1..) => 6,
        (1, 0, 0) => 5,
        (_, 2, _) => 4,
        (_, 1, _) => 3,
        (_, _, 2..) => 2,
        (_, _, 1) => 1,
        _ => 0,
    }
}

const fn diagonal_first(sides: usize, diagonal: usize) -> u8 {
    match (diagonal, sides) {
        (3.., _) => 8,
        (2, 1..) => 7,
        (2, 0) => 6,
        (1, 2..) => 5,
        (1, 1) => 4,
        (1, 0) => 3,
        (_, 2..) => 2,
        (_, 1) => 1,
        _ => 0,
    }
}

/// Contexts of signs (T.800 tables D.2 and D.3), and whether the decision is turned round. By the samples left, right,
/// above, below: four bits that they are not zero, four more that they are negative.
pub const SIGNS: [(u8, bool); 256] = {
    let mut table = [(0, false); 256];
    let mut near = 0;
    while near < 256 {
        let across = sign(near, 0) + sign(near, 1);
        let down = sign(near, 2) + sign(near, 3);
        // Both count as one at the most.
        let (across, down) = (across.signum(), down.signum());
        let turned = across < 0 || across == 0 && down < 0;
        let down = if turned { -down } else { down };
        table[near] = match (across, down) {
            (0, 0) => (9, false),
            (0, _) => (10, turned),
            (_, -1) => (11, turned),
            (_, 0) => (12, turned),
            _ => (13, turned),
        };
        near += 1;
    }
    table
};

const fn sign(near: usize, at: usize) -> i32 {
    match (near >> at & 1, near >> (at + 4) & 1) {
        (0, _) => 0,
        (_, 0) => 1,
        _ => -1,
    }
}
