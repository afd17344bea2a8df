//! A [`LoadImage`] as bytes without sections: raw memory, Intel Hex, Motorola S-records, Verilog memory text. Line
//! lengths, the choice of record kinds and line ends are those of GNU objcopy 2.40, so that programmers' scripts see
//! the files they know. Intel's "Hexadecimal Object File Format Specification" (1988); IEEE 1364 `$readmemh`.

use crate::copy::{LoadImage, Piece};

/// A format of this file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FlatFormat {
    Binary,
    IntelHex,
    SRecord,
    Verilog,
}

/// The formats by the names that binutils give them.
pub static FLAT_FORMATS: &[(&str, FlatFormat)] = &[
    ("binary", FlatFormat::Binary),
    ("ihex", FlatFormat::IntelHex),
    ("srec", FlatFormat::SRecord),
    ("verilog", FlatFormat::Verilog),
];

/// How an image is written.
#[derive(Clone, Debug)]
pub struct FlatOptions {
    /// What stands between pieces; without it nothing is said of the gaps (raw memory has zeros there).
    pub gap_fill: Option<u8>,
    /// The image is filled up to this address.
    pub pad_to: Option<u64>,
    /// Bytes of data in an S-record.
    pub record_len: usize,
    /// S-records of 32-bit addresses only.
    pub force_s3: bool,
    /// Bytes of a word of Verilog memory: 1, 2, 4, 8 or 16.
    pub word_bytes: usize,
    /// What an S-record file says its name is.
    pub name: Vec<u8>,
}

impl Default for FlatOptions {
    fn default() -> Self {
        FlatOptions { gap_fill: None, pad_to: None, record_len: 16, force_s3: false, word_bytes: 1, name: Vec::new() }
    }
}

/// No raw file is made larger than this: an address that is far away would fill the disk.
const MAX_BINARY: u64 = 1 << 32;
/// Bytes of data in a line of Intel Hex and Verilog.
const CHUNK: usize = 16;

/// The bytes of `image` in `format`.
///
/// # Errors
/// When the format cannot express an address, or the result would be absurdly large.
pub fn write_flat(image: &LoadImage, format: FlatFormat, options: &FlatOptions) -> Result<Vec<u8>, String> {
    let pieces = filled(image, options)?;
    match format {
        FlatFormat::Binary => binary(&pieces),
        FlatFormat::IntelHex => intel_hex(&pieces, image.entry),
        FlatFormat::SRecord => s_records(&pieces, image.entry, options),
        FlatFormat::Verilog => verilog(&pieces, options),
    }
}

/// The pieces by address, with the gaps filled that are to be filled.
fn filled(image: &LoadImage, options: &FlatOptions) -> Result<Vec<Piece>, String> {
    let mut pieces = image.pieces.clone();
    pieces.sort_by_key(|piece| piece.address);
    let fill = options.gap_fill.unwrap_or(0);
    let extend = |piece: &mut Piece, to: u64| {
        let Some(len) = to.checked_sub(piece.address).filter(|&len| len > piece.bytes.len() as u64) else {
            return Ok(());
        };
        if len > MAX_BINARY {
            return Err(format!("filling up to {to:#x} would take {len} bytes"));
        }
        piece.bytes.resize(len as usize, fill);
        Ok(())
    };
    if options.gap_fill.is_some() {
        for at in 1..pieces.len() {
            let next = pieces[at].address;
            extend(&mut pieces[at - 1], next)?;
        }
    }
    if let (Some(to), Some(last)) = (options.pad_to, pieces.last_mut()) {
        extend(last, to)?;
    }
    Ok(pieces)
}

fn binary(pieces: &[Piece]) -> Result<Vec<u8>, String> {
    let Some(low) = pieces.first().map(|piece| piece.address) else { return Ok(Vec::new()) };
    let end = |piece: &Piece| (piece.address - low).saturating_add(piece.bytes.len() as u64);
    let size = pieces.iter().map(end).max().unwrap_or(0);
    if size > MAX_BINARY {
        return Err(format!("the sections lie {size:#x} bytes apart: too much for a raw file"));
    }
    let mut out = vec![0; size as usize];
    for piece in pieces {
        let at = (piece.address - low) as usize;
        out[at..at + piece.bytes.len()].copy_from_slice(&piece.bytes);
    }
    Ok(out)
}

fn push_hex(out: &mut Vec<u8>, byte: u8) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    out.push(DIGITS[usize::from(byte >> 4)]);
    out.push(DIGITS[usize::from(byte & 15)]);
}

fn intel_hex(pieces: &[Piece], entry: u64) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    let mut record = |kind: u8, address: u16, data: &[u8]| {
        out.push(b':');
        let head = [data.len() as u8, (address >> 8) as u8, address as u8, kind];
        let sum = head.iter().chain(data).fold(0u8, |sum, &byte| sum.wrapping_add(byte));
        for &byte in head.iter().chain(data).chain(&[sum.wrapping_neg()]) {
            push_hex(&mut out, byte);
        }
        out.extend_from_slice(b"\r\n");
    };
    // What the last record of an upper address said: a segment, or the high half of a linear address.
    let (mut segment, mut high) = (0u64, 0u64);
    for piece in pieces {
        let mut at = piece.address;
        let mut rest = &piece.bytes[..];
        while !rest.is_empty() {
            if at > segment + high + 0xffff {
                if at <= 0xf_ffff {
                    segment = at & 0xf_0000;
                    record(2, 0, &[(segment >> 12) as u8, (segment >> 4) as u8]);
                } else {
                    if segment != 0 {
                        record(2, 0, &[0, 0]);
                        segment = 0;
                    }
                    high = at & 0xffff_0000;
                    if at > 0xffff_ffff {
                        return Err(format!("address {at:#x} is out of range for an Intel Hex file"));
                    }
                    record(4, 0, &[(high >> 24) as u8, (high >> 16) as u8]);
                }
            }
            let low = at - (segment + high);
            // A record does not cross 64 KiB.
            let now = rest.len().min(CHUNK).min((0x1_0000 - low) as usize);
            record(0, low as u16, &rest[..now]);
            rest = &rest[now..];
            at = at.wrapping_add(now as u64);
        }
    }
    if entry > 0xffff_ffff {
        return Err(format!("entry address {entry:#x} is out of range for an Intel Hex file"));
    }
    if entry > 0xf_ffff {
        record(5, 0, &(entry as u32).to_be_bytes());
    } else if entry != 0 {
        record(3, 0, &[((entry & 0xf_0000) >> 12) as u8, 0, (entry >> 8) as u8, entry as u8]);
    }
    record(1, 0, &[]);
    Ok(out)
}

fn s_records(pieces: &[Piece], entry: u64, options: &FlatOptions) -> Result<Vec<u8>, String> {
    let last = |piece: &Piece| piece.address.saturating_add(piece.bytes.len() as u64 - 1);
    let highest = pieces.iter().map(last).max().unwrap_or(0);
    let kind: u8 = match highest {
        0..=0xffff if !options.force_s3 => 1,
        0..=0xff_ffff if !options.force_s3 => 2,
        0..=0xffff_ffff => 3,
        _ => return Err(format!("address {highest:#x} is out of range for an S-record file")),
    };
    let mut out = Vec::new();
    let mut record = |kind: u8, address: u64, data: &[u8]| {
        let address_bytes = match kind {
            3 | 7 => 4,
            2 | 8 => 3,
            _ => 2,
        };
        let address = (address as u32).to_be_bytes();
        let address = &address[4 - address_bytes..];
        let len = (address_bytes + data.len() + 1) as u8;
        let sum = address.iter().chain(data).fold(len, |sum, &byte| sum.wrapping_add(byte));
        out.extend_from_slice(&[b'S', b'0' + kind]);
        for &byte in [len].iter().chain(address).chain(data).chain(&[!sum]) {
            push_hex(&mut out, byte);
        }
        out.extend_from_slice(b"\r\n");
    };
    record(0, 0, &options.name[..options.name.len().min(40)]);
    // Length, address and checksum have to fit beside the data.
    let chunk = options.record_len.clamp(1, 255 - usize::from(kind) - 2);
    for piece in pieces {
        for (at, data) in piece.bytes.chunks(chunk).enumerate() {
            record(kind, piece.address + (at * chunk) as u64, data);
        }
    }
    record(10 - kind, entry, &[]);
    Ok(out)
}

fn verilog(pieces: &[Piece], options: &FlatOptions) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    let width = options.word_bytes.max(1);
    for piece in pieces {
        if piece.address % width as u64 != 0 {
            let name = String::from_utf8_lossy(&piece.name);
            return Err(format!("address {:#x} of section {name} is no multiple of the word size", piece.address));
        }
        let address = piece.address / width as u64;
        let text = if address > 0xffff_ffff { format!("@{address:016X}\r\n") } else { format!("@{address:08X}\r\n") };
        out.extend_from_slice(text.as_bytes());
        for line in piece.bytes.chunks(CHUNK) {
            for (at, word) in line.chunks(width).enumerate() {
                if at > 0 {
                    out.push(b' ');
                }
                // The machine's low byte comes first in memory and last in a number.
                word.iter().rev().for_each(|&byte| push_hex(&mut out, byte));
            }
            out.extend_from_slice(b"\r\n");
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image() -> LoadImage {
        let piece = |address, bytes: &[u8]| Piece { name: Vec::new(), address, bytes: bytes.to_vec() };
        LoadImage { pieces: vec![piece(0x108, b"cd"), piece(0x100, b"ab")], entry: 0x100, ..LoadImage::default() }
    }

    #[test]
    fn raw_memory_has_its_gaps() {
        let plain = write_flat(&image(), FlatFormat::Binary, &FlatOptions::default());
        assert_eq!(plain.unwrap(), b"ab\0\0\0\0\0\0cd");
        let options = FlatOptions { gap_fill: Some(b'-'), pad_to: Some(0x10c), ..FlatOptions::default() };
        assert_eq!(write_flat(&image(), FlatFormat::Binary, &options).unwrap(), b"ab------cd--");
        let mut far = image();
        far.pieces[0].address = u64::MAX - 1;
        assert!(write_flat(&far, FlatFormat::Binary, &FlatOptions::default()).is_err());
    }

    #[test]
    fn records_have_their_sums() {
        let hex = write_flat(&image(), FlatFormat::IntelHex, &FlatOptions::default()).unwrap();
        let wanted = ":0201000061623A\r\n:0201080063642E\r\n:0400000300000100F8\r\n:00000001FF\r\n";
        assert_eq!(String::from_utf8(hex).unwrap(), wanted);
        let options = FlatOptions { name: b"x".to_vec(), ..FlatOptions::default() };
        let text = String::from_utf8(write_flat(&image(), FlatFormat::SRecord, &options).unwrap()).unwrap();
        assert_eq!(text, "S00400007883\r\nS1050100616236\r\nS105010863642A\r\nS9030100FB\r\n");
    }
}
