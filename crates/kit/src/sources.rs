//! The source beside the instructions: `objdump -S` and `-l`, in GNU objdump's text.
//!
//! Before each instruction stands what is new there: the function when it is another one, file and line when they are
//! others, and of the source file the lines from the last one shown (at most five) up to the one at hand. What is shown
//! depends on what was shown before, so this is a machine that is fed in the order of the listing; the places come from
//! [`Module`]. Where the next answer can be another one is known beforehand, and until then it is not asked again.

use crate::symbols::{Call, Module};
use base::io::{FileBytes, InputSource};
use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Write;
use std::path::Path;

/// What is shown, and how.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Function, file and line.
    pub lines: bool,
    /// The source's lines.
    pub source: bool,
    /// In front of each line of source.
    pub comment: Option<Vec<u8>>,
    /// In front of absolute paths, after `strip` of their directories were left out.
    pub prefix: Option<Vec<u8>>,
    pub strip: usize,
    /// Also where inlined code was called, at every instruction.
    pub inlines: bool,
    /// The first lines of a file are those from its beginning.
    pub from_start: bool,
    /// Where else sources may be, by their last names.
    pub directories: Vec<String>,
}

/// How a function's name is shown, where it is shown in another way.
pub type Demangle<'d> = dyn Fn(&[u8]) -> Option<Vec<u8>> + 'd;

/// Lines before the one at hand.
const CONTEXT: u32 = 5;

/// The source beside one file's code.
pub struct Sources<'s> {
    module: &'s Module<'s>,
    options: &'s Options,
    source: &'s dyn InputSource,
    demangle: Option<&'s Demangle<'s>>,
    /// By the name that is shown; what cannot be read is not shown.
    files: HashMap<Vec<u8>, Option<Text>>,
    function: Option<Vec<u8>>,
    line: Option<u32>,
    discriminator: u32,
}

/// A source file and what was shown of it.
struct Text {
    bytes: FileBytes,
    /// Where its lines begin and end; what stands behind the last line's end is none.
    lines: Vec<(u32, u32)>,
    last: u32,
    most: u32,
    fresh: bool,
}

impl<'s> Sources<'s> {
    pub fn new(
        module: &'s Module<'s>,
        options: &'s Options,
        source: &'s dyn InputSource,
        demangle: Option<&'s Demangle<'s>>,
    ) -> Sources<'s> {
        let (files, function, line) = (HashMap::new(), None, None);
        Sources { module, options, source, demangle, files, function, line, discriminator: 0 }
    }

    /// Writes what belongs before the instruction at this offset of a section. The offset up to which nothing is new.
    pub fn before(&mut self, section: usize, offset: u64, out: &mut Vec<u8>) -> u64 {
        if let Some(place) = self.module.find_in(section, offset, true) {
            self.show(&place.calls, out);
        }
        match self.options.inlines {
            true => offset + 1,
            false => self.module.same_until(section, offset).max(offset + 1),
        }
    }

    fn show(&mut self, calls: &[Call<'_>], out: &mut Vec<u8>) {
        let Some(call) = calls.first() else { return };
        let file = path_of(call).map(|path| self.relocated(path));
        let function = call.function.as_deref().filter(|name| !name.is_empty());
        let new_function = function.filter(|name| self.function.as_deref() != Some(*name));
        let (line, discriminator) = (call.frame.line, call.frame.discriminator);
        if self.options.lines {
            if let Some(name) = new_function {
                self.function_line(name, out);
                self.line = None;
            }
            if line > 0 && (self.line != Some(line) || discriminator != self.discriminator) {
                out.extend_from_slice(file.as_deref().unwrap_or(b"???"));
                push(out, format_args!(":{line}"));
                if discriminator > 0 {
                    push(out, format_args!(" (discriminator {discriminator})"));
                }
                out.push(b'\n');
            }
            if self.options.inlines {
                calls.iter().skip(1).for_each(|call| self.inliner(call, out));
            }
        }
        if self.options.source
            && line > 0
            && let Some(file) = file
        {
            self.quote(file, line, out);
        }
        if let Some(name) = new_function {
            self.function = Some(name.to_vec());
        }
        if line > 0 {
            self.line = Some(line);
        }
        self.discriminator = discriminator;
    }

    fn function_line(&self, name: &[u8], out: &mut Vec<u8>) {
        // Names that were taken apart have their arguments with them.
        match self.demangle.and_then(|demangle| demangle(name)) {
            Some(plain) => out.extend_from_slice(&plain),
            None => {
                out.extend_from_slice(name);
                out.extend_from_slice(b"()");
            }
        }
        out.extend_from_slice(b":\n");
    }

    fn inliner(&self, call: &Call<'_>, out: &mut Vec<u8>) {
        let name = call.function.as_deref().unwrap_or_default();
        out.extend_from_slice(b"inlined by ");
        out.extend_from_slice(&path_of(call).unwrap_or_default());
        // These names GNU shows as they are.
        push(out, format_args!(":{} (", call.frame.line));
        out.extend_from_slice(name);
        out.extend_from_slice(b")\n");
    }

    /// A path below another root.
    fn relocated(&self, path: Vec<u8>) -> Vec<u8> {
        let Some(prefix) = self.options.prefix.as_ref().filter(|_| path.first() == Some(&b'/')) else { return path };
        let mut rest = &path[..];
        for _ in 0..self.options.strip {
            match rest.iter().skip(1).position(|&byte| byte == b'/') {
                Some(at) => rest = &rest[at + 1..],
                None => break,
            }
        }
        [&prefix[..], rest].concat()
    }

    fn quote(&mut self, path: Vec<u8>, line: u32, out: &mut Vec<u8>) {
        let Sources { files, source, options, .. } = self;
        let text = files.entry(path).or_insert_with_key(|path| Text::read(path, *source, &options.directories));
        let Some(text) = text.as_mut().filter(|text| text.last != line) else { return };
        let mut first = match line.checked_sub(CONTEXT) {
            _ if options.from_start && text.fresh => 1,
            Some(first) => first,
            None => 1,
        };
        if !(options.from_start && text.fresh) && text.most >= first {
            first = if text.most < line { text.most + 1 } else { line };
        }
        for number in first.max(1)..=line {
            text.print(number, options.comment.as_deref(), out);
        }
        text.most = text.most.max(line);
        text.last = line;
        text.fresh = false;
    }
}

/// Where debug information, or the symbols, have it.
fn path_of(call: &Call<'_>) -> Option<Vec<u8>> {
    match (&call.frame.file, &call.file) {
        (Some(file), _) => {
            let mut path = Vec::new();
            file.push_path(&mut path);
            Some(path)
        }
        (None, Some(file)) => Some(file.clone()),
        (None, None) => None,
    }
    .filter(|path| !path.is_empty())
}

impl Text {
    fn read(path: &[u8], source: &dyn InputSource, directories: &[String]) -> Option<Text> {
        let name: Cow<'_, str> = String::from_utf8_lossy(path);
        let last = name.rsplit('/').next().unwrap_or(&name);
        let elsewhere = || directories.iter().find_map(|dir| source.read(&Path::new(dir).join(last)).ok());
        let bytes = source.read(Path::new(&*name)).ok().or_else(elsewhere)?;
        // Places are 32 bits; sources of more than 4 GiB are none.
        let lines = if u32::try_from(bytes.len()).is_ok() { line_places(&bytes) } else { Vec::new() };
        Some(Text { bytes, lines, last: 0, most: 0, fresh: true })
    }

    fn print(&self, number: u32, comment: Option<&[u8]>, out: &mut Vec<u8>) {
        let Some(&(start, end)) = self.lines.get(number as usize - 1) else { return };
        out.extend_from_slice(comment.unwrap_or_default());
        out.extend_from_slice(self.bytes.get(start as usize..end as usize).unwrap_or_default());
        out.push(b'\n');
    }
}

/// Lines end in a line feed, a carriage return, or both in either order.
fn line_places(bytes: &[u8]) -> Vec<(u32, u32)> {
    let mut lines = Vec::new();
    let (mut start, mut at) = (0, 0);
    while at < bytes.len() {
        let byte = bytes[at];
        at += 1;
        if byte != b'\n' && byte != b'\r' {
            continue;
        }
        lines.push((start as u32, at as u32 - 1));
        let other = if byte == b'\n' { b'\r' } else { b'\n' };
        at += usize::from(bytes.get(at) == Some(&other));
        start = at;
    }
    lines
}

fn push(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    // Writing into memory does not fail.
    let _ = out.write_fmt(text);
}

#[cfg(test)]
mod tests {
    use super::line_places;

    #[test]
    fn lines_end_in_any_way() {
        assert_eq!(line_places(b"a\nb\r\nc\rd\n\re"), [(0, 1), (2, 3), (5, 6), (7, 8)]);
        assert_eq!(line_places(b""), []);
    }
}
