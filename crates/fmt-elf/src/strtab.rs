//! String tables in which a string that ends another one stands in its end (gABI, "String Table": offsets may point into the
//! middle), laid out as binutils does: by the first mention, whatever stands in others left out.

/// The table of `names`, and the offset of each. The empty name is at 0.
pub(crate) fn merged(names: &[&[u8]]) -> (Vec<u8>, Vec<u32>) {
    let mut order: Vec<(u64, u32)> = names.iter().enumerate().map(|(at, name)| (last_bytes(name), at as u32)).collect();
    // By their ends, backwards: what ends another stands right before it, or before others that it ends, too. Of equal ones the
    // first mention is last.
    order.sort_unstable_by(|a, b| {
        let longer = || names[a.1 as usize].iter().rev().cmp(names[b.1 as usize].iter().rev());
        a.0.cmp(&b.0).then_with(longer).then(b.1.cmp(&a.1))
    });
    let mut host: Vec<u32> = vec![0; names.len()];
    let mut kept = None;
    for &(_, at) in order.iter().rev() {
        let is_end = |of: &u32| names[*of as usize].ends_with(names[at as usize]);
        let of = kept.filter(is_end).unwrap_or(at);
        (host[at as usize], kept) = (of, Some(of));
    }
    let mut bytes = vec![0];
    let mut offsets = vec![0; names.len()];
    for (at, name) in names.iter().enumerate() {
        if host[at] as usize == at && !name.is_empty() {
            offsets[at] = bytes.len() as u32;
            bytes.extend_from_slice(name);
            bytes.push(0);
        }
    }
    for (at, name) in names.iter().enumerate() {
        let of = host[at] as usize;
        if of != at && !name.is_empty() {
            offsets[at] = offsets[of] + (names[of].len() - name.len()) as u32;
        }
    }
    (bytes, offsets)
}

/// The last eight bytes, the last of all as the highest: most names differ there.
fn last_bytes(name: &[u8]) -> u64 {
    name.iter().rev().take(8).enumerate().fold(0, |key, (at, &byte)| key | u64::from(byte) << (56 - 8 * at))
}

#[cfg(test)]
mod tests {
    use super::merged;

    #[test]
    fn ends_share_what_they_end() {
        let names = [&b"main"[..], b"x", b"domain", b"", b"aaaaaaaaaaax", b"x", b"in", b"bmain"];
        let (bytes, offsets) = merged(&names);
        assert_eq!(bytes, b"\0domain\0aaaaaaaaaaax\0bmain\0");
        for (name, offset) in names.iter().zip(offsets) {
            let at = offset as usize;
            assert_eq!(&bytes[at..at + name.len()], *name);
            assert_eq!(bytes[at + name.len()], 0);
        }
    }
}
