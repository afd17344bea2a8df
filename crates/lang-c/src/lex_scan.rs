//! Wide scans over source text: sixteen bytes a step.
//!
//! Every text ends in [`base::source::TEXT_PADDING`] zero bytes, so a scan may look a whole step past the end; a zero
//! byte stops each of them, or there is nothing to be found among them. On machines with SSE2 in their baseline a step is a handful of vector operations; elsewhere
//! the same functions run over two words with the classic zero-byte trick. Measured on sqlite3.c: a byte loop in
//! comments costs 10 % of preprocessing, in skipped groups 8 %.

/// Bytes that one step looks at.
const STEP: usize = 16;

/// The sixteen bytes from `at` on. The padding sees to it that they are there.
#[inline(always)]
pub(crate) fn step(text: &[u8], at: usize) -> &[u8; STEP] {
    text[at..].first_chunk().expect("every text is padded")
}

#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
#[allow(unsafe_code)]
mod wide {
    use std::arch::x86_64::*;

    /// Sixteen bytes.
    pub type Chunk = __m128i;

    #[inline(always)]
    pub fn load(bytes: &[u8; super::STEP]) -> Chunk {
        // SAFETY: the module is compiled only where SSE2 is in the baseline; the sixteen bytes read are those borrowed, and
        // may lie anywhere.
        unsafe { _mm_loadu_si128(bytes.as_ptr().cast()) }
    }

    /// One bit a byte: equal to `byte`.
    #[inline(always)]
    pub fn eq(chunk: Chunk, byte: u8) -> u32 {
        // SAFETY: as in `load`.
        unsafe { _mm_movemask_epi8(_mm_cmpeq_epi8(chunk, _mm_set1_epi8(byte as i8))) as u32 }
    }

    /// One bit a byte: a letter, a digit, `_` or `$`. Of bytes from 128 some may stand inside an identifier, which `lex` sees to.
    #[inline(always)]
    pub fn ident(chunk: Chunk) -> u32 {
        // SAFETY: as in `load`.
        unsafe {
            let folded = _mm_or_si128(chunk, _mm_set1_epi8(0x20));
            let alpha = _mm_and_si128(
                _mm_cmpgt_epi8(folded, _mm_set1_epi8(b'a' as i8 - 1)),
                _mm_cmplt_epi8(folded, _mm_set1_epi8(b'z' as i8 + 1)),
            );
            let digit = _mm_and_si128(
                _mm_cmpgt_epi8(chunk, _mm_set1_epi8(b'0' as i8 - 1)),
                _mm_cmplt_epi8(chunk, _mm_set1_epi8(b'9' as i8 + 1)),
            );
            let other = _mm_or_si128(
                _mm_cmpeq_epi8(chunk, _mm_set1_epi8(b'_' as i8)),
                _mm_cmpeq_epi8(chunk, _mm_set1_epi8(b'$' as i8)),
            );
            _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(alpha, digit), other)) as u32
        }
    }

    /// One bit a byte: a letter, a digit or `_`.
    #[inline(always)]
    pub fn word(chunk: Chunk) -> u32 {
        // SAFETY: as in `load`.
        unsafe {
            // Moved up so that the last of the range is the greatest signed byte: one compare does for both ends.
            let letters = _mm_add_epi8(_mm_or_si128(chunk, _mm_set1_epi8(0x20)), _mm_set1_epi8(0x7f - b'z' as i8));
            let digits = _mm_add_epi8(chunk, _mm_set1_epi8(0x7f - b'9' as i8));
            let letters = _mm_cmpgt_epi8(letters, _mm_set1_epi8(0x7f - 26));
            let digits = _mm_cmpgt_epi8(digits, _mm_set1_epi8(0x7f - 10));
            let line = _mm_cmpeq_epi8(chunk, _mm_set1_epi8(b'_' as i8));
            _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(letters, digits), line)) as u32
        }
    }

    /// One bit a byte: newline, slash, quote, apostrophe, backslash or zero.
    #[inline(always)]
    pub fn skip_stops(chunk: Chunk) -> u32 {
        eq_any(chunk, [b'\n', 0, b'"', b'\'', b'/', b'\\'])
    }

    /// One bit a byte: `#`, slash, quote, apostrophe or percent sign.
    #[inline(always)]
    pub fn hash_stops(chunk: Chunk) -> u32 {
        eq_any(chunk, [b'#', b'"', b'\'', b'/', b'%'])
    }

    /// One bit a byte: newline, slash, quote, apostrophe, backslash, zero, `#`, percent sign or `V`.
    #[inline(always)]
    pub fn body_stops(chunk: Chunk) -> u32 {
        eq_any(chunk, [b'\n', 0, b'"', b'\'', b'/', b'\\', b'#', b'%', b'V'])
    }

    /// Is there a slash in one of the two?
    #[inline(always)]
    pub fn any_slash(a: Chunk, b: Chunk) -> bool {
        // SAFETY: as in `load`.
        unsafe {
            let slash = _mm_set1_epi8(b'/' as i8);
            _mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(a, slash), _mm_cmpeq_epi8(b, slash))) != 0
        }
    }

    #[inline(always)]
    fn eq_any<const N: usize>(chunk: Chunk, bytes: [u8; N]) -> u32 {
        // SAFETY: as in `load`.
        unsafe {
            let none = _mm_setzero_si128();
            let all = bytes
                .iter()
                .fold(none, |found, &byte| _mm_or_si128(found, _mm_cmpeq_epi8(chunk, _mm_set1_epi8(byte as i8))));
            _mm_movemask_epi8(all) as u32
        }
    }

    /// Newlines in `n_steps` (at most 255) steps from `at` on: one byte lane counts each column.
    #[inline(always)]
    pub fn count_newlines(text: &[u8], at: usize, n_steps: usize) -> u32 {
        let (steps, _) = text[at..at + n_steps * super::STEP].as_chunks();
        // SAFETY: as in `load`.
        unsafe {
            let newline = _mm_set1_epi8(b'\n' as i8);
            let mut lanes = _mm_setzero_si128();
            for step in steps {
                lanes = _mm_sub_epi8(lanes, _mm_cmpeq_epi8(load(step), newline));
            }
            let sums = _mm_sad_epu8(lanes, _mm_setzero_si128());
            (_mm_cvtsi128_si64(sums) + _mm_cvtsi128_si64(_mm_unpackhi_epi64(sums, sums))) as u32
        }
    }
}

#[cfg(not(all(target_arch = "x86_64", target_feature = "sse2")))]
use portable as wide;

/// The same without vector instructions; tests compare the two.
#[cfg(any(test, not(all(target_arch = "x86_64", target_feature = "sse2"))))]
mod portable {
    pub type Chunk = [u8; 16];

    #[inline(always)]
    pub fn load(bytes: &[u8; super::STEP]) -> Chunk {
        *bytes
    }

    #[inline(always)]
    fn mask(chunk: Chunk, test: impl Fn(u8) -> bool) -> u32 {
        chunk.iter().enumerate().fold(0, |bits, (at, &byte)| bits | (u32::from(test(byte)) << at))
    }

    #[inline(always)]
    pub fn eq(chunk: Chunk, byte: u8) -> u32 {
        mask(chunk, |b| b == byte)
    }

    #[inline(always)]
    pub fn ident(chunk: Chunk) -> u32 {
        mask(chunk, |b| b.is_ascii_alphanumeric() || b == b'_' || b == b'$')
    }

    #[inline(always)]
    pub fn word(chunk: Chunk) -> u32 {
        mask(chunk, |b| b.is_ascii_alphanumeric() || b == b'_')
    }

    #[inline(always)]
    pub fn skip_stops(chunk: Chunk) -> u32 {
        mask(chunk, |b| matches!(b, b'\n' | 0 | b'"' | b'\'' | b'/' | b'\\'))
    }

    #[inline(always)]
    pub fn hash_stops(chunk: Chunk) -> u32 {
        mask(chunk, |b| matches!(b, b'#' | b'"' | b'\'' | b'/' | b'%'))
    }

    #[inline(always)]
    pub fn body_stops(chunk: Chunk) -> u32 {
        mask(chunk, |b| matches!(b, b'\n' | 0 | b'"' | b'\'' | b'/' | b'\\' | b'#' | b'%' | b'V'))
    }

    #[inline(always)]
    pub fn any_slash(a: Chunk, b: Chunk) -> bool {
        a.iter().chain(&b).any(|b| *b == b'/')
    }

    pub fn count_newlines(text: &[u8], at: usize, n_steps: usize) -> u32 {
        text[at..at + n_steps * super::STEP].iter().map(|&b| u32::from(b == b'\n')).sum()
    }
}

/// Number of letters, digits and underscores that `bytes` begins with.
#[inline(always)]
pub(crate) fn word_len(bytes: &[u8; STEP]) -> usize {
    (!wide::word(wide::load(bytes)) | 0x1_0000).trailing_zeros() as usize
}

/// Number of letters, digits and underscores from `at` on.
#[inline]
pub(crate) fn long_word_len(text: &[u8], at: usize) -> usize {
    let mut len = 0;
    loop {
        let more = word_len(step(text, at + len));
        len += more;
        if more < STEP {
            return len;
        }
    }
}

/// Offset of the next byte from `at` on that is no blank.
#[inline(always)]
pub(crate) fn blanks_end(text: &[u8], mut at: usize) -> usize {
    loop {
        let stops = wide::eq(wide::load(step(text, at)), b' ') ^ 0xffff;
        if stops != 0 {
            return at + stops.trailing_zeros() as usize;
        }
        at += STEP;
    }
}

/// Number of ASCII identifier bytes from `at` on.
pub(crate) fn ident_len(text: &[u8], at: usize) -> usize {
    let mut len = 0;
    loop {
        let stops = !wide::ident(wide::load(step(text, at + len))) & 0xffff;
        if stops != 0 {
            return len + stops.trailing_zeros() as usize;
        }
        len += STEP;
    }
}

/// Offset of the next newline or zero byte from `at` on.
#[inline]
pub(crate) fn line_end(text: &[u8], mut at: usize) -> usize {
    loop {
        let chunk = wide::load(step(text, at));
        let stops = wide::eq(chunk, b'\n') | wide::eq(chunk, 0);
        if stops != 0 {
            return at + stops.trailing_zeros() as usize;
        }
        at += STEP;
    }
}

/// Offset of the next slash from `at` on.
#[inline]
pub(crate) fn slash(text: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let two: &[u8; 2 * STEP] = text.get(at..)?.first_chunk()?;
        let (first, second) = (wide::load(step(two, 0)), wide::load(step(two, STEP)));
        if wide::any_slash(first, second) {
            let stops = wide::eq(first, b'/') | wide::eq(second, b'/') << STEP;
            return Some(at + stops.trailing_zeros() as usize);
        }
        at += 2 * STEP;
    }
}

/// Offset of the next byte from `at` on that may begin a directive, a comment or a literal.
#[inline]
pub(crate) fn hash_stop(text: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let stops = wide::hash_stops(wide::load(text.get(at..)?.first_chunk()?));
        if stops != 0 {
            return Some(at + stops.trailing_zeros() as usize);
        }
        at += STEP;
    }
}

/// Offset of the next byte that matters in a literal: newline, slash, quote, apostrophe, backslash, zero.
#[inline]
pub(crate) fn skip_stop(text: &[u8], mut at: usize) -> usize {
    loop {
        let stops = wide::skip_stops(wide::load(step(text, at)));
        if stops != 0 {
            return at + stops.trailing_zeros() as usize;
        }
        at += STEP;
    }
}

/// Offset of the next byte that matters in the body of a definition: those of [`skip_stop`], `#`, the percent sign, and the
/// first letter of `VA_ARGS`.
#[inline]
pub(crate) fn body_stop(text: &[u8], mut at: usize) -> usize {
    loop {
        let stops = wide::body_stops(wide::load(step(text, at)));
        if stops != 0 {
            return at + stops.trailing_zeros() as usize;
        }
        at += STEP;
    }
}

/// Newlines in `text[from..to]`; `text` is padded.
pub(crate) fn count_newlines(text: &[u8], from: usize, to: usize) -> u32 {
    let mut at = from;
    let mut count = 0;
    while at + STEP <= to {
        let n_steps = ((to - at) / STEP).min(255);
        count += wide::count_newlines(text, at, n_steps);
        at += n_steps * STEP;
    }
    count + text[at..to].iter().map(|&b| u32::from(b == b'\n')).sum::<u32>()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn padded(text: &str) -> Vec<u8> {
        let mut bytes = text.as_bytes().to_vec();
        bytes.resize(bytes.len() + 64, 0);
        bytes
    }

    #[test]
    fn scans_stop_where_a_byte_loop_would() {
        let text = padded("abc_$9é_a_rather_long_identifier+x\n/* * ** *\\ */ \"q\" 'c'\nend");
        for at in 0..text.len() - 64 {
            let ident = text[at..].iter().take_while(|b| b.is_ascii_alphanumeric() || b"_$".contains(b)).count();
            assert_eq!(ident_len(&text, at), ident);
            let word = text[at..].iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
            assert_eq!(long_word_len(&text, at), word);
            assert_eq!(word_len(step(&text, at)), word.min(STEP));
            let blanks = text[at..].iter().take_while(|b| **b == b' ').count();
            assert_eq!(blanks_end(&text, at), at + blanks);
            let line = text[at..].iter().take_while(|b| **b != b'\n' && **b != 0).count();
            assert_eq!(line_end(&text, at), at + line);
            let stop = text[at..].iter().take_while(|b| !b"\n\0/\"'\\".contains(b)).count();
            assert_eq!(skip_stop(&text, at), at + stop);
            for to in at..text.len() - 64 {
                let lines = text[at..to].iter().filter(|b| **b == b'\n').count();
                assert_eq!(count_newlines(&text, at, to) as usize, lines);
            }
        }
    }

    #[test]
    fn both_ways_to_look_at_sixteen_bytes_agree() {
        let all: Vec<u8> = (0..=255u8).chain(0..=255).collect();
        for at in 0..256 {
            let (vector, plain) = (wide::load(step(&all, at)), portable::load(step(&all, at)));
            assert_eq!(wide::ident(vector), portable::ident(plain));
            assert_eq!(wide::word(vector), portable::word(plain));
            assert_eq!(wide::skip_stops(vector), portable::skip_stops(plain));
            assert_eq!(wide::hash_stops(vector), portable::hash_stops(plain));
            assert_eq!(wide::body_stops(vector), portable::body_stops(plain));
            assert_eq!(wide::eq(vector, b'*'), portable::eq(plain, b'*'));
            assert_eq!(wide::any_slash(vector, vector), portable::any_slash(plain, plain));
            assert_eq!(wide::count_newlines(&all, at, 3), portable::count_newlines(&all, at, 3));
        }
    }

    #[test]
    fn slashes_are_found_wherever_they_fall() {
        for n in 0..70 {
            let text = padded(&format!("{}/", "x".repeat(n)));
            assert_eq!(slash(&text, 0), Some(n));
            assert_eq!(slash(&text, n + 1), None);
            assert_eq!(hash_stop(&text, 0), Some(n));
            assert_eq!(hash_stop(&text, n + 1), None);
        }
    }
}
