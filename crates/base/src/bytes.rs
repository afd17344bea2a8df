//! Byte-level helpers: alignment, little-endian access that cannot panic, LEB128.

/// `value` rounded up to a multiple of `align`, a power of two. Saturates instead of wrapping.
#[inline]
pub const fn align_up(value: u64, align: u64) -> u64 {
    debug_assert!(align.is_power_of_two());
    match value.checked_add(align - 1) {
        Some(sum) => sum & !(align - 1),
        None => !(align - 1),
    }
}

macro_rules! accessors {
    ($($get:ident $put:ident $ty:ty;)+) => {$(
        /// The little-endian value at `offset`, or `None` when it does not lie within `bytes`.
        #[inline]
        pub fn $get(bytes: &[u8], offset: usize) -> Option<$ty> {
            let end = offset.checked_add(size_of::<$ty>())?;
            Some(<$ty>::from_le_bytes(bytes.get(offset..end)?.try_into().ok()?))
        }

        /// Stores `value` little-endian at `offset`, which must lie within `bytes`.
        #[inline]
        pub fn $put(bytes: &mut [u8], offset: usize, value: $ty) {
            bytes[offset..offset + size_of::<$ty>()].copy_from_slice(&value.to_le_bytes());
        }
    )+};
}

accessors! {
    get_u16 put_u16 u16;
    get_u32 put_u32 u32;
    get_u64 put_u64 u64;
}

/// The bytes up to the next NUL at `offset`, without it; `None` when there is no NUL.
pub fn get_c_str(bytes: &[u8], offset: usize) -> Option<&[u8]> {
    let tail = bytes.get(offset..)?;
    let len = tail.iter().position(|&b| b == 0)?;
    Some(&tail[..len])
}

/// Appends `value` as unsigned LEB128.
#[inline]
pub fn push_uleb128(out: &mut Vec<u8>, value: u64) {
    if value < 0x80 { out.push(value as u8) } else { push_long_uleb128(out, value) }
}

fn push_long_uleb128(out: &mut Vec<u8>, mut value: u64) {
    loop {
        let low = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

/// Appends `value` as signed LEB128.
pub fn push_sleb128(out: &mut Vec<u8>, mut value: i64) {
    loop {
        let low = (value & 0x7f) as u8;
        value >>= 7;
        if (value == 0 && low & 0x40 == 0) || (value == -1 && low & 0x40 != 0) {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

/// Reads unsigned LEB128 at `*offset` and moves past it; `None` when it is cut off or does not fit 64 bits.
pub fn read_uleb128(bytes: &[u8], offset: &mut usize) -> Option<u64> {
    let mut value = 0u64;
    let mut shift = 0;
    loop {
        let byte = *bytes.get(*offset)?;
        *offset += 1;
        let low = u64::from(byte & 0x7f);
        if shift >= 64 || (shift == 63 && low > 1) {
            return None;
        }
        value |= low << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
        shift += 7;
    }
}

/// Reads signed LEB128 at `*offset` and moves past it; `None` when it is cut off or longer than 10 bytes.
pub fn read_sleb128(bytes: &[u8], offset: &mut usize) -> Option<i64> {
    let mut value = 0i64;
    let mut shift = 0;
    loop {
        let byte = *bytes.get(*offset)?;
        *offset += 1;
        if shift >= 64 {
            return None;
        }
        value |= i64::from(byte & 0x7f) << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            if shift < 64 && byte & 0x40 != 0 {
                value |= -1i64 << shift;
            }
            return Some(value);
        }
    }
}

/// Offset of the first `byte` in `bytes`, eight bytes a step.
#[inline]
pub fn find_byte(bytes: &[u8], byte: u8) -> Option<usize> {
    const LOW: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let wanted = LOW * u64::from(byte);
    let mut chunks = bytes.chunks_exact(8);
    let mut at = 0;
    for chunk in &mut chunks {
        let word = u64::from_le_bytes([chunk[0], chunk[1], chunk[2], chunk[3], chunk[4], chunk[5], chunk[6], chunk[7]])
            ^ wanted;
        // The lowest bit set marks the first zero byte of `word` (higher ones may be false).
        let zeros = word.wrapping_sub(LOW) & !word & HIGH;
        if zeros != 0 {
            return Some(at + (zeros.trailing_zeros() / 8) as usize);
        }
        at += 8;
    }
    chunks.remainder().iter().position(|&b| b == byte).map(|offset| at + offset)
}

/// Gives each place at which `byte` stands in `bytes`, in order.
pub fn each_place(bytes: &[u8], byte: u8, mut found: impl FnMut(usize)) {
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    let wanted = u64::from(byte) * 0x0101_0101_0101_0101;
    let (words, rest) = bytes.as_chunks::<8>();
    let mut at = 0usize;
    for word in words {
        let word = u64::from_le_bytes(*word) ^ wanted;
        // The high bit of every byte of `word` that is zero, and no other bit.
        let mut zeros = !((word & LOW).wrapping_add(LOW) | word | LOW);
        while zeros != 0 {
            found(at.wrapping_add((zeros.trailing_zeros() / 8) as usize));
            zeros &= zeros.wrapping_sub(1);
        }
        at = at.wrapping_add(8);
    }
    let from = words.len() * 8;
    for (at, _) in rest.iter().enumerate().filter(|&(_, &b)| b == byte) {
        found(from + at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leb128_reads_what_it_wrote() {
        for value in [0, 1, 63, 64, 127, 128, -1, -64, -65, -128, i64::MAX, i64::MIN] {
            let mut out = Vec::new();
            push_sleb128(&mut out, value);
            let mut at = 0;
            assert_eq!(read_sleb128(&out, &mut at), Some(value));
            assert_eq!(at, out.len());
            out.clear();
            push_uleb128(&mut out, value as u64);
            at = 0;
            assert_eq!(read_uleb128(&out, &mut at), Some(value as u64));
        }
        assert_eq!(read_uleb128(&[0x80, 0x80], &mut 0), None);
        assert_eq!(read_uleb128(&[0xff; 11], &mut 0), None);
    }

    #[test]
    fn reads_outside_are_none() {
        assert_eq!(get_u32(&[1, 2, 3], 0), None);
        assert_eq!(get_u64(&[0; 8], usize::MAX), None);
        assert_eq!(get_c_str(b"ab", 0), None);
        assert_eq!(get_c_str(b"ab\0", 1), Some(&b"b"[..]));
    }

    #[test]
    fn bytes_are_found_where_they_stand() {
        let text = b"\x0b\n\x0a\x00\x80\xff some longer text, long enough\nfor steps";
        for at in 0..text.len() {
            let plain = text[at..].iter().position(|&b| b == b'\n');
            assert_eq!(find_byte(&text[at..], b'\n'), plain);
        }
        assert_eq!(find_byte(b"", b'x'), None);
    }
}
