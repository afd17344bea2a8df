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

/// The name nearest to `goal`, if one is near enough.
pub fn nearest<'n>(goal: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let near = names.map(|name| (distance(goal, name, cutoff(goal.len(), name.len())), name));
    near.filter(|(distance, name)| *distance <= cutoff(goal.len(), name.len())).min().map(|(_, name)| name)
}

/// What gcc says about a name that a header of the C library declares.
pub(crate) fn header_note(name: &str, header: &str) -> String {
    format!("‘{name}’ is defined in header ‘{header}’; did you forget to ‘#include {header}’?")
}

/// The header that declares `name`, a type, macro or object of the C library whose header is easily forgotten.
pub(crate) fn header_of(name: &[u8]) -> Option<&'static str> {
    HEADERS.iter().find(|row| row.1.iter().any(|known| known.as_bytes() == name)).map(|row| row.0)
}

/// Headers and what is looked for in them (functions have rows of their own, in `builtins`).
static HEADERS: &[(&str, &[&str])] = &[
    ("<assert.h>", &["assert"]),
    ("<errno.h>", &["errno", "EDOM", "EILSEQ", "ERANGE"]),
    (
        "<float.h>",
        &["DBL_DIG", "DBL_EPSILON", "DBL_MAX", "DBL_MIN", "FLT_EPSILON", "FLT_MAX", "FLT_MIN", "LDBL_MAX", "LDBL_MIN"],
    ),
    ("<inttypes.h>", &["imaxdiv_t"]),
    (
        "<limits.h>",
        &[
            "CHAR_BIT",
            "CHAR_MAX",
            "CHAR_MIN",
            "INT_MAX",
            "INT_MIN",
            "LLONG_MAX",
            "LLONG_MIN",
            "LONG_MAX",
            "LONG_MIN",
            "PATH_MAX",
            "SCHAR_MAX",
            "SCHAR_MIN",
            "SHRT_MAX",
            "SHRT_MIN",
            "UCHAR_MAX",
            "UINT_MAX",
            "ULLONG_MAX",
            "ULONG_MAX",
            "USHRT_MAX",
        ],
    ),
    ("<locale.h>", &["LC_ALL"]),
    ("<math.h>", &["HUGE_VAL", "INFINITY", "M_PI", "NAN"]),
    ("<setjmp.h>", &["jmp_buf"]),
    (
        "<signal.h>",
        &["SIGABRT", "SIGFPE", "SIGILL", "SIGINT", "SIGSEGV", "SIGTERM", "SIG_DFL", "SIG_IGN", "sig_atomic_t"],
    ),
    ("<stdarg.h>", &["va_list", "va_start", "va_arg", "va_end", "va_copy"]),
    ("<stdbool.h>", &["bool", "true", "false"]),
    ("<stddef.h>", &["NULL", "offsetof", "ptrdiff_t", "size_t", "wchar_t", "max_align_t"]),
    (
        "<stdint.h>",
        &[
            "int8_t",
            "int16_t",
            "int32_t",
            "int64_t",
            "intmax_t",
            "intptr_t",
            "uint8_t",
            "uint16_t",
            "uint32_t",
            "uint64_t",
            "uintmax_t",
            "uintptr_t",
            "INT8_MAX",
            "INT16_MAX",
            "INT32_MAX",
            "INT64_MAX",
            "INTPTR_MAX",
            "PTRDIFF_MAX",
            "SIZE_MAX",
            "UINT8_MAX",
            "UINT16_MAX",
            "UINT32_MAX",
            "UINT64_MAX",
            "UINTPTR_MAX",
        ],
    ),
    (
        "<stdio.h>",
        &[
            "BUFSIZ",
            "EOF",
            "FILE",
            "FILENAME_MAX",
            "SEEK_CUR",
            "SEEK_END",
            "SEEK_SET",
            "fopen",
            "fpos_t",
            "getchar",
            "stderr",
            "stdin",
            "stdout",
        ],
    ),
    ("<stdlib.h>", &["EXIT_FAILURE", "EXIT_SUCCESS", "RAND_MAX", "div_t", "ldiv_t"]),
    ("<time.h>", &["CLOCKS_PER_SEC", "clock_t", "time_t"]),
];

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
