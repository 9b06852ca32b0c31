//! Tag trees (T.800 B.10.2): numbers of a grid, coded from the smallest of all down to each.

use super::bits::{BitReader, BitWriter};

/// A tree over a grid. Nodes stand level by level, the leaves first.
pub struct TagTree {
    nodes: Vec<Node>,
    parents: Vec<usize>,
}

#[derive(Clone, Copy)]
struct Node {
    /// The number, or what it is at least while it is not known.
    value: u32,
    low: u32,
    known: bool,
}

/// Levels of a grid of `u32` sides, leaves and root counted.
const MOST_LEVELS: usize = 33;

impl TagTree {
    /// For reading.
    pub fn unknown(wide: usize, leaves: usize) -> Self {
        Self::new(wide, vec![u32::MAX; leaves])
    }

    /// For writing; numbers row by row.
    pub fn new(wide: usize, leaves: Vec<u32>) -> Self {
        let node = |value| Node { value, low: 0, known: false };
        let mut high = leaves.len().checked_div(wide).unwrap_or(0);
        let mut nodes: Vec<Node> = leaves.into_iter().map(node).collect();
        let (mut wide, mut start) = (wide, 0);
        let mut parents = Vec::new();
        while wide * high > 1 {
            let (next, half) = (nodes.len(), wide.div_ceil(2));
            nodes.resize(next + half * high.div_ceil(2), node(u32::MAX));
            for at in 0..wide * high {
                let parent = next + at / wide / 2 * half + at % wide / 2;
                nodes[parent].value = nodes[parent].value.min(nodes[start + at].value);
                parents.push(parent);
            }
            (start, wide, high) = (next, half, high.div_ceil(2));
        }
        Self { nodes, parents }
    }

    /// The nodes from a leaf to the root.
    fn path(&self, leaf: usize) -> ([usize; MOST_LEVELS], usize) {
        let mut path = [leaf; MOST_LEVELS];
        let mut count = 1;
        while let Some(&parent) = self.parents.get(path[count - 1])
            && count < MOST_LEVELS
        {
            path[count] = parent;
            count += 1;
        }
        (path, count)
    }

    /// Reads whether the number of a leaf is below another.
    pub fn read(&mut self, bits: &mut BitReader, leaf: usize, below: u32) -> Option<bool> {
        let (path, count) = self.path(leaf);
        let mut low = 0;
        for &at in path.get(..count)?.iter().rev() {
            let node = self.nodes.get_mut(at)?;
            low = node.low.max(low);
            while low < below && !node.known {
                if bits.bit()? {
                    (node.value, node.known) = (low, true);
                } else {
                    low += 1;
                }
            }
            if node.known {
                low = low.max(node.value);
            }
            node.low = low;
        }
        let node = self.nodes.get(leaf)?;
        Some(node.known && node.value < below)
    }

    /// Writes whether the number of a leaf is below another.
    pub fn write(&mut self, bits: &mut BitWriter, leaf: usize, below: u32) {
        let (path, count) = self.path(leaf);
        let mut low = 0;
        for &at in path[..count].iter().rev() {
            let node = &mut self.nodes[at];
            low = node.low.max(low);
            while low < below && !node.known {
                node.known = low >= node.value;
                bits.bit(node.known);
                low += u32::from(!node.known);
            }
            node.low = low;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn numbers_are_read_as_they_were_written() {
        for (wide, high) in [(1, 1), (3, 2), (5, 7), (1, 9)] {
            let values: Vec<u32> = (0..wide * high).map(|at| u32::try_from(at * 7 % 5).unwrap()).collect();
            let mut bits = BitWriter::default();
            let mut tree = TagTree::new(wide, values.clone());
            for below in 1..7 {
                (0..values.len()).for_each(|leaf| tree.write(&mut bits, leaf, below));
            }
            let bytes = bits.finish();
            let mut bits = BitReader::new(&bytes);
            let mut tree = TagTree::unknown(wide, values.len());
            for below in 1..7 {
                for (leaf, &value) in values.iter().enumerate() {
                    assert_eq!(tree.read(&mut bits, leaf, below), Some(value < below));
                }
            }
            assert_eq!(bits.rest(), Some(&[][..]));
        }
    }
}
