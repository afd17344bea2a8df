//! What a link complains about. One error may be several lines: the fact first, then where it was seen.

use std::fmt;

/// The kind of a [`LinkError`], for callers that count or filter; the text says the rest.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ErrorKind {
    /// The world failed: a file is missing or cannot be read.
    Io,
    /// An input's bytes are wrong.
    Input,
    /// A script or option does not parse.
    Script,
    Undefined,
    Duplicate,
    /// Uses that do not go together: thread-local and not, a hidden symbol that a library wants.
    Mismatch,
    /// A relocation that this output cannot have.
    Relocation,
    /// A value that does not fit its field.
    Range,
    /// Not yet supported; never wrong output instead.
    Unsupported,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LinkError {
    pub kind: ErrorKind,
    pub text: String,
}

impl LinkError {
    pub fn new(kind: ErrorKind, text: impl Into<String>) -> LinkError {
        LinkError { kind, text: text.into() }
    }
}

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for LinkError {}

/// A name as messages show it.
pub(crate) fn show(name: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(name)
}

/// The candidate that is nearest to a misspelt name: one edit away, or two for longer names.
pub(crate) fn similar<'n>(name: &[u8], candidates: impl Iterator<Item = &'n [u8]>) -> Option<&'n [u8]> {
    let limit = if name.len() >= 8 { 2 } else { 1 };
    if name.len() < 4 {
        return None;
    }
    let near = candidates.filter(|c| c.len().abs_diff(name.len()) <= limit && c.first() == name.first());
    let rated = near.filter_map(|c| edit_distance(name, c, limit).map(|distance| (distance, c)));
    rated.min().map(|(_, c)| c)
}

/// Insertions, deletions and replacements between two names, `None` beyond `limit`.
fn edit_distance(a: &[u8], b: &[u8], limit: usize) -> Option<usize> {
    if a.len() > 128 || b.len() > 128 {
        return None;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, &x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, &y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    Some(row[b.len()]).filter(|&distance| distance <= limit)
}

#[cfg(test)]
mod tests {
    use super::similar;

    #[test]
    fn a_misspelt_name_has_a_neighbour() {
        let names = [&b"printf"[..], b"sprintf", b"puts"];
        assert_eq!(similar(b"prinft", names.into_iter()), None);
        assert_eq!(similar(b"print", names.into_iter()), Some(&b"printf"[..]));
    }
}
