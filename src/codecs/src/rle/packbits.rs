//! Runs of one segment (PS3.5 G.3).

/// Bytes of one run at most.
const LONGEST: usize = 128;

/// Unpacks a segment up to `count` bytes; `None` when it ends before. What follows is padding or seen by no decoder.
pub(crate) fn unpack(segment: &[u8], count: usize) -> Option<Vec<u8>> {
    // Two bytes give 128 at most: no claim of a size is believed before the bytes are there.
    if segment.len().saturating_mul(LONGEST / 2) < count {
        return None;
    }
    let mut out = Vec::with_capacity(count);
    let mut rest = segment;
    while out.len() < count {
        let (control, after) = rest.split_first()?;
        let control = usize::from(*control);
        let room = count - out.len();
        rest = match control {
            0..LONGEST => {
                let (literal, next) = after.split_at_checked(control + 1)?;
                out.extend_from_slice(literal.get(..room).unwrap_or(literal));
                next
            }
            LONGEST => after,
            _ => {
                let (byte, next) = after.split_first()?;
                out.resize(out.len() + room.min(257 - control), *byte);
                next
            }
        };
    }
    Some(out)
}

/// Packs bytes: runs of three and more are repeated, the rest is literal.
pub(crate) fn pack(row: &[u8], out: &mut Vec<u8>) {
    let mut rest = row;
    while let Some(first) = rest.first() {
        let run = rest.iter().take(LONGEST).take_while(|b| *b == first).count();
        let taken = if run >= 2 { run } else { literals(rest) };
        let (run_or_literals, next) = rest.split_at_checked(taken).unwrap_or((rest, &[]));
        if run >= 2 {
            out.extend([u8::try_from(257 - run).unwrap_or(0x81), *first]);
        } else {
            out.push(u8::try_from(taken.saturating_sub(1)).unwrap_or(0x7F));
            out.extend_from_slice(run_or_literals);
        }
        rest = next;
    }
}

/// Bytes up to the next run of three.
fn literals(bytes: &[u8]) -> usize {
    let run = bytes.windows(3).take(LONGEST).position(|w| matches!(w, [a, b, c] if a == b && b == c));
    run.unwrap_or(bytes.len()).clamp(1, LONGEST).min(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Odd mixtures, and rows at the limits of a run.
    #[test]
    fn runs_come_back() {
        let mut rows: Vec<Vec<u8>> = vec![
            vec![0xAA, 0xAA, 0xAA, 0x80, 0x00, 0x2A, 0xAA, 0xAA, 0xAA, 0xAA, 0x80, 0x00, 0x2A, 0x22],
            vec![1],
            (0..=255).collect(),
            vec![],
        ];
        for n in [2, 3, 127, 128, 129, 130, 256, 257] {
            rows.push(vec![7; n]);
            rows.push((0..n).map(|i| u8::try_from(i % 251).unwrap_or(0)).collect());
            rows.push((0..n).map(|i| u8::try_from(i / 2 % 251).unwrap_or(0)).collect());
        }
        for row in rows {
            let mut packed = Vec::new();
            pack(&row, &mut packed);
            assert_eq!(unpack(&packed, row.len()).as_deref(), Some(row.as_slice()));
            assert!(packed.len() <= row.len() + row.len().div_ceil(LONGEST));
        }
    }

    #[test]
    fn the_standards_example() {
        assert_eq!(unpack(&[0xFE, 9, 0x80, 1, 5, 6, 0], 5), Some(vec![9, 9, 9, 5, 6]));
        assert_eq!(unpack(&[0xFE, 9, 0x80, 1, 5], 5), None);
        assert_eq!(unpack(&[0x81, 0], usize::MAX), None);
        let mut packed = Vec::new();
        pack(&[1, 2, 3, 3, 3, 3], &mut packed);
        assert_eq!(packed, [1, 1, 2, 0xFD, 3]);
    }
}
