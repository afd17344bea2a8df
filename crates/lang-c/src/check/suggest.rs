//! “did you mean”: the distance between two names and how much of it is worth a suggestion.

/// Largest distance at which a name of `candidate` bytes is suggested for one of `goal` bytes (a third of the longer one,
/// none for very short ones), as gcc limits it.
pub(crate) fn cutoff(goal: usize, candidate: usize) -> usize {
    let longest = goal.max(candidate);
    let shortest = goal.min(candidate);
    if longest <= 1 {
        return 0;
    }
    // Names of nearly equal length may differ by one even when they are short.
    if longest - shortest <= 1 { (longest / 3).max(1) } else { longest.div_ceil(3) }
}

/// Edit distance with adjacent swaps (Damerau, optimal string alignment); anything above `limit` counts as `limit + 1`.
pub(crate) fn distance(a: &str, b: &str, limit: usize) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len().abs_diff(b.len()) > limit || a.len() > 256 || b.len() > 256 {
        return limit + 1;
    }
    let width = b.len() + 1;
    let mut before = vec![0usize; width];
    let mut last: Vec<usize> = (0..width).collect();
    let mut row = vec![0usize; width];
    for i in 1..=a.len() {
        row[0] = i;
        for j in 1..width {
            let same = a[i - 1] == b[j - 1];
            let mut best = (last[j] + 1).min(row[j - 1] + 1).min(last[j - 1] + usize::from(!same));
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before[j - 2] + 1);
            }
            row[j] = best;
        }
        std::mem::swap(&mut before, &mut last);
        std::mem::swap(&mut last, &mut row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_edits() {
        assert_eq!(distance("printf", "printf", 3), 0);
        assert_eq!(distance("prinft", "printf", 3), 1);
        assert_eq!(distance("count", "cuont", 3), 1);
        assert_eq!(distance("abc", "xyzabc", 2), 3);
        assert!(distance("lenght", "length", cutoff(6, 6)) <= cutoff(6, 6));
    }
}
