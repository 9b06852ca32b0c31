//! Tab separated tables: a head line, then one row a line; no quoting.

use std::{fs, io, path::Path};

/// One table.
pub(super) struct Table {
    name: String,
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Reads `dir/name.tsv`.
    pub(super) fn read(dir: &Path, name: &str) -> io::Result<Self> {
        let text = fs::read_to_string(dir.join(format!("{name}.tsv")))?;
        let cells = |line: &str| line.split('\t').map(str::to_owned).collect::<Vec<_>>();
        let mut lines = text.lines();
        let head = cells(lines.next().unwrap_or_default());
        let rows = lines.filter(|l| !l.is_empty()).map(cells).collect();
        Ok(Self { name: name.to_owned(), head, rows })
    }

    /// Its rows, from line 2 on.
    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().enumerate().map(|(i, cells)| Row { table: self, line: i + 2, cells })
    }
}

/// One row.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    table: &'a Table,
    line: usize,
    cells: &'a [String],
}

impl<'a> Row<'a> {
    /// The cell of a column; empty where the row is shorter.
    pub(super) fn get(&self, column: &str) -> io::Result<&'a str> {
        let index = self.table.head.iter().position(|h| h == column);
        let index = index.ok_or_else(|| self.wrong(&format!("no column {column}")))?;
        Ok(self.cells.get(index).map_or("", String::as_str))
    }

    /// A tag, `gggg,eeee`, as the Rust expression `Tag(0x.., 0x..)`, which sorts like the tag.
    pub(super) fn tag(&self) -> io::Result<String> {
        tag(self.get("tag")?).ok_or_else(|| self.wrong("not a tag"))
    }

    /// An error that names table and line.
    pub(super) fn wrong(&self, what: &str) -> io::Error {
        io::Error::other(format!("{}.tsv line {}: {what}", self.table.name, self.line))
    }
}

/// `gggg,eeee` as the Rust expression `Tag(0x.., 0x..)`.
pub(super) fn tag(text: &str) -> Option<String> {
    let (group, element) = text.split_once(',')?;
    let hex = |s: &str| (s.len() == 4 && u16::from_str_radix(s, 16).is_ok()).then(|| s.to_ascii_uppercase());
    Some(format!("Tag(0x{}, 0x{})", hex(group)?, hex(element)?))
}
