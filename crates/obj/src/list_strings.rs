//! The text of `strings`: what of a file reads as text. POSIX.1-2017 `strings`, GNU strings 2.40's encodings.

use std::io::Write;

/// How characters stand in the file.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Encoding {
    /// Bytes below 128.
    #[default]
    SevenBits,
    EightBits,
    /// 16 or 32 bits, the higher byte first or last.
    Big16,
    Little16,
    Big32,
    Little32,
}

impl Encoding {
    /// In bytes.
    fn size(self) -> usize {
        match self {
            Encoding::SevenBits | Encoding::EightBits => 1,
            Encoding::Big16 | Encoding::Little16 => 2,
            Encoding::Big32 | Encoding::Little32 => 4,
        }
    }

    fn decode(self, bytes: &[u8]) -> u32 {
        match *bytes {
            [one] => u32::from(one),
            [one, two] if self == Encoding::Big16 => u32::from(one) << 8 | u32::from(two),
            [one, two] => u32::from(two) << 8 | u32::from(one),
            [a, b, c, d] if self == Encoding::Big32 => u32::from_be_bytes([a, b, c, d]),
            [a, b, c, d] => u32::from_le_bytes([a, b, c, d]),
            _ => 0,
        }
    }
}

/// In which base the places of strings are shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Radix {
    Octal,
    Decimal,
    Hexadecimal,
}

/// What counts as a string, and how it is shown.
#[derive(Clone, Debug)]
pub struct Options {
    /// In characters.
    pub shortest: usize,
    pub encoding: Encoding,
    /// Line feeds and their like belong to strings; else tabulators alone.
    pub all_whitespace: bool,
    pub place: Option<Radix>,
    /// The file's name in front of every string.
    pub print_file_name: bool,
    /// What stands behind every string.
    pub separator: Option<String>,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            shortest: 4,
            encoding: Encoding::default(),
            all_whitespace: false,
            place: None,
            print_file_name: false,
            separator: None,
        }
    }
}

impl Options {
    fn is_text(&self, char: u32) -> bool {
        match char {
            0x20..=0x7e | 0x09 => true,
            0x0a..=0x0d => self.all_whitespace,
            0x80..=0xff => self.encoding == Encoding::EightBits,
            _ => false,
        }
    }
}

/// Shows the strings in `bytes`, which begin at `start` of the file `name`.
pub fn list(bytes: &[u8], start: u64, name: &str, options: &Options, out: &mut Vec<u8>) {
    let size = options.encoding.size();
    let mut text_bytes = [false; 256];
    for (byte, is_text) in text_bytes.iter_mut().enumerate() {
        *is_text = options.is_text(byte as u32);
    }
    let mut at = 0;
    let mut run = Vec::new();
    while at + size <= bytes.len() {
        let first = at;
        run.clear();
        while let Some(unit) = bytes.get(at..at + size) {
            let char = options.encoding.decode(unit);
            if char > 0xff || !text_bytes[char as usize] {
                break;
            }
            run.push(char as u8);
            at += size;
        }
        if run.len() >= options.shortest.max(1) {
            if options.print_file_name {
                let _ = write!(out, "{name}: ");
            }
            let place = start.wrapping_add(first as u64);
            let _ = match options.place {
                Some(Radix::Octal) => write!(out, "{place:7o} "),
                Some(Radix::Decimal) => write!(out, "{place:7} "),
                Some(Radix::Hexadecimal) => write!(out, "{place:7x} "),
                None => Ok(()),
            };
            out.extend_from_slice(&run);
            out.extend_from_slice(options.separator.as_ref().map_or(b"\n", |text| text.as_bytes()));
        }
        // A wide character may begin at any byte of what is none.
        at += 1;
    }
}
