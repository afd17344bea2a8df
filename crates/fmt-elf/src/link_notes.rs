//! Notes that a link makes: program properties merged from all inputs, and the build id.
//!
//! Linux ABI extensions ("Program Property"); psABI 5.1.2 for the processor's own types, whose ranges come from the
//! architecture.

use base::bytes::{align_up, get_u32};
use link::Link;
use std::collections::BTreeMap;

const NT_GNU_PROPERTY_TYPE_0: u32 = 5;
const NT_GNU_BUILD_ID: u32 = 3;
const GNU_PROPERTY_STACK_SIZE: u32 = 1;
const GNU_PROPERTY_NO_COPY_ON_PROTECTED: u32 = 2;
/// GNU_PROPERTY_UINT32_AND_LO.. and _OR_LO.., of every processor.
const GENERIC_AND: (u32, u32) = (0xb000_0000, 0xb000_7fff);
const GENERIC_OR: (u32, u32) = (0xb000_8000, 0xb000_ffff);

fn within(ranges: &[(u32, u32)], kind: u32) -> bool {
    ranges.iter().any(|&(low, high)| (low..=high).contains(&kind))
}

/// The four-byte properties of one object.
fn properties_of(note: &[u8], out: &mut BTreeMap<u32, u32>) {
    let mut at = 0;
    while let (Some(name), Some(desc), Some(kind)) = (get_u32(note, at), get_u32(note, at + 4), get_u32(note, at + 8)) {
        let start = at + 12 + align_up(u64::from(name), 4) as usize;
        let Some(body) = note.get(start..start.saturating_add(desc as usize)) else { return };
        if kind == NT_GNU_PROPERTY_TYPE_0 && note.get(at + 12..at + 16) == Some(b"GNU\0") {
            let mut p = 0;
            while let (Some(kind), Some(len)) = (get_u32(body, p), get_u32(body, p + 4)) {
                if len == 4
                    && let Some(value) = get_u32(body, p + 8)
                {
                    *out.entry(kind).or_insert(0) |= value;
                }
                p += 8 + align_up(u64::from(len), 8) as usize;
            }
        }
        at = align_up((start + desc as usize) as u64, 8) as usize;
    }
}

/// The merged property note, or nothing when no property is left.
pub(crate) fn properties(link: &Link<'_>) -> Vec<u8> {
    let arch = link.arch;
    let mut all: Vec<BTreeMap<u32, u32>> = Vec::new();
    for input in link.objects.iter() {
        let mut own = BTreeMap::new();
        for section in input.object.sections.iter().filter(|s| *s.name == *b".note.gnu.property") {
            properties_of(&section.data, &mut own);
        }
        all.push(own);
    }
    let mut merged: BTreeMap<u32, u32> = BTreeMap::new();
    let kinds: std::collections::BTreeSet<u32> = all.iter().flat_map(|own| own.keys().copied()).collect();
    for kind in kinds {
        let values = all.iter().map(|own| own.get(&kind).copied());
        let everywhere = all.iter().all(|own| own.contains_key(&kind));
        let or = values.clone().flatten().fold(0, |all, value| all | value);
        let value = if kind == GNU_PROPERTY_STACK_SIZE || kind == GNU_PROPERTY_NO_COPY_ON_PROTECTED {
            continue;
        } else if within(arch.properties_and, kind) || within(&[GENERIC_AND], kind) {
            let mut and = values.map(|value| value.unwrap_or(0)).fold(u32::MAX, |all, value| all & value);
            if !link.slots.plt.is_empty() || !link.slots.direct.is_empty() {
                and = arch.plt_breaks.iter().filter(|row| row.0 == kind).fold(and, |all, row| all & !row.1);
            }
            and
        } else if within(arch.properties_or, kind)
            || within(&[GENERIC_OR], kind)
            || within(arch.properties_or_and, kind) && everywhere
        {
            or
        } else {
            0
        };
        if value != 0 {
            merged.insert(kind, value);
        }
    }
    if merged.is_empty() {
        return Vec::new();
    }
    let mut out = Vec::new();
    for word in [4, 16 * merged.len() as u32, NT_GNU_PROPERTY_TYPE_0] {
        out.extend_from_slice(&word.to_le_bytes());
    }
    out.extend_from_slice(b"GNU\0");
    for (kind, value) in merged {
        for word in [kind, 4, value, 0] {
            out.extend_from_slice(&word.to_le_bytes());
        }
    }
    out
}

/// The build-id note with `len` bytes of zeros for the id.
pub(crate) fn build_id(len: usize) -> Vec<u8> {
    let mut out = Vec::new();
    for word in [4, len as u32, NT_GNU_BUILD_ID] {
        out.extend_from_slice(&word.to_le_bytes());
    }
    out.extend_from_slice(b"GNU\0");
    out.resize(16 + len, 0);
    out
}

/// An id of `len` bytes from the image's bytes.
pub(crate) fn hash_image(image: &[u8], len: usize) -> Vec<u8> {
    let first = base::hash::content_id(image).0.to_be_bytes();
    let second = base::hash::content_id(&first).0.to_be_bytes();
    first.iter().chain(&second).copied().chain(std::iter::repeat(0)).take(len).collect()
}
