//! Lists of texts, one a line, sorted by their bytes: as a list of pointers each would weigh twice.

use std::sync::OnceLock;

pub(super) struct Lines {
    text: &'static str,
    list: OnceLock<Vec<&'static str>>,
}

impl Lines {
    pub(super) const fn new(text: &'static str) -> Self {
        Self { text, list: OnceLock::new() }
    }

    pub(super) fn contains(&self, line: &str) -> bool {
        self.list().binary_search(&line).is_ok()
    }

    fn list(&self) -> &[&'static str] {
        self.list.get_or_init(|| self.text.lines().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;
    use crate::tables::generated::uids::{DICOM, OTHER};

    #[test]
    fn lists_are_sorted() {
        for text in [DICOM, OTHER, include_str!("../../data/technical_words.txt")] {
            let list = Lines::new(text);
            assert!(list.list().is_sorted_by(|a, b| a < b));
        }
    }

    #[test]
    fn finds_whole_lines() {
        let list = Lines::new("a\nab\nb\n");
        assert!(["a", "ab", "b"].iter().all(|line| list.contains(line)));
        assert!(!["", "c", "a\nab"].iter().any(|line| list.contains(line)));
    }
}
