//! Archives of objects: `!<arch>` and `!<thin>`, GNU and BSD member names, 32- and 64-bit symbol index.
//!
//! Reading borrows: opening looks at the first members only (index, long names), a link then takes members by the
//! offsets that the index gives. Writing is what GNU `ar` does in deterministic mode (`D`): no times, no owners.
//! `ar(5)`; the GNU layout as documented in binutils' `bfd/archive.c` file comment.

use crate::{ReadError, ReadErrorKind};
use std::borrow::Cow;

const MAGIC: &[u8; 8] = b"!<arch>\n";
const THIN_MAGIC: &[u8; 8] = b"!<thin>\n";
const HEADER_SIZE: usize = 60;
/// Names up to this length stand in the header itself (GNU).
const MAX_SHORT_NAME: usize = 15;

type Result<T> = std::result::Result<T, ReadError>;

fn err<T>(offset: usize) -> Result<T> {
    Err(ReadError::new(ReadErrorKind::Archive, offset as u64))
}

/// True when `bytes` begin as an archive does.
pub fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC) || bytes.starts_with(THIN_MAGIC)
}

/// An opened archive.
#[derive(Clone, Debug)]
pub struct Archive<'a> {
    bytes: &'a [u8],
    /// Members are other files, named by path.
    pub thin: bool,
    index: Index<'a>,
    long_names: &'a [u8],
    /// Offset of the first member that is not bookkeeping.
    first: usize,
}

/// The symbol index: big-endian count, member offsets, names.
#[derive(Clone, Copy, Debug, Default)]
struct Index<'a> {
    offsets: &'a [u8],
    names: &'a [u8],
    /// Bytes of an offset: 4 or 8; 0 when the archive has no index.
    width: usize,
}

/// One member of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member<'a> {
    /// File name; in a thin archive the path, relative to the archive's directory.
    pub name: Cow<'a, [u8]>,
    /// The member's bytes; empty in a thin archive.
    pub data: &'a [u8],
    /// Size in bytes, also in a thin archive.
    pub size: u64,
    /// Offset of its header in the archive: what the symbol index refers to.
    pub offset: u64,
    /// In a thin archive: the member lies in the archive at `name`, at this offset.
    pub origin: Option<u64>,
    pub mtime: u64,
    pub uid: u32,
    pub gid: u32,
    pub mode: u32,
}

impl<'a> Archive<'a> {
    /// Opens an archive.
    ///
    /// # Errors
    /// `Magic` when it is no archive, `Archive` when its bookkeeping is malformed.
    pub fn parse(bytes: &'a [u8]) -> Result<Archive<'a>> {
        let thin = bytes.starts_with(THIN_MAGIC);
        if !is_archive(bytes) {
            return Err(ReadError::new(ReadErrorKind::Magic, 0));
        }
        let mut archive = Archive { bytes, thin, index: Index::default(), long_names: &[], first: MAGIC.len() };
        while archive.first < bytes.len() {
            let at = archive.first;
            let header = Header::read(bytes, at)?;
            let is_long_names = header.name == b"//";
            let is_index = matches!(header.name, b"/" | b"/SYM64/") || header.name.starts_with(b"__.SYMDEF");
            let is_bsd_index = bsd_name(bytes, &header, at)?.is_some_and(|(name, _)| name.starts_with(b"__.SYMDEF"));
            if !is_long_names && !is_index && !is_bsd_index {
                break;
            }
            let Some(data) = header.data(bytes, at) else { return err(at) };
            match header.name {
                b"//" => archive.long_names = data,
                b"/" => archive.index = read_index(data, 4, at)?,
                b"/SYM64/" => archive.index = read_index(data, 8, at)?,
                // The BSD index refers to members in the host's byte order; who needs one makes it from the members.
                _ => {}
            }
            archive.first = next_offset(at, header.size);
        }
        Ok(archive)
    }

    /// True when the archive has a symbol index.
    pub fn has_index(&self) -> bool {
        self.index.width != 0
    }

    /// Bytes of the names in the symbol index, the filling behind the last among them.
    pub fn index_names_size(&self) -> usize {
        self.index.names.len()
    }

    /// The symbol index: names and the offsets of the members that define them, in the order of the file.
    pub fn index(&self) -> impl Iterator<Item = (&'a [u8], u64)> + use<'a> {
        let Index { offsets, names, width } = self.index;
        let offsets = offsets.chunks_exact(width.max(1)).map(big_endian);
        names.split(|&byte| byte == 0).zip(offsets)
    }

    /// The member whose header stands at `offset`.
    ///
    /// # Errors
    /// When there is none, or it is malformed.
    pub fn member_at(&self, offset: u64) -> Result<Member<'a>> {
        let at = usize::try_from(offset).unwrap_or(usize::MAX);
        let header = Header::read(self.bytes, at)?;
        let mut data_start = at + HEADER_SIZE;
        let mut size = header.size;
        let mut origin = None;
        let name = if let Some((name, rest)) = bsd_name(self.bytes, &header, at)? {
            data_start += name.len() + rest;
            size -= (name.len() + rest) as u64;
            name
        } else if header.name.len() > 1 && header.name[0] == b'/' && header.name[1].is_ascii_digit() {
            // GNU ar leaves a slash in the last column when the name has exactly 15 characters.
            let field = trim(header.name[1..].strip_suffix(b"/").unwrap_or(&header.name[1..]));
            let mut parts = field.splitn(2, |&byte| byte == b':');
            let Some(start) = parts.next().and_then(decimal) else { return err(at) };
            origin = match parts.next() {
                Some(text) => Some(decimal(text).ok_or(ReadError::new(ReadErrorKind::Archive, offset))?),
                None => None,
            };
            self.long_name(start, at)?
        } else {
            header.name.strip_suffix(b"/").unwrap_or(header.name)
        };
        let data = if self.thin {
            &[]
        } else {
            let end = usize::try_from(size).ok().and_then(|size| data_start.checked_add(size));
            match end.and_then(|end| self.bytes.get(data_start..end)) {
                Some(data) => data,
                None => return err(at),
            }
        };
        let Header { mtime, uid, gid, mode, .. } = header;
        Ok(Member { name: Cow::Borrowed(name), data, size, offset, origin, mtime, uid, gid, mode })
    }

    /// All members, in order. Stops after the first malformed one.
    pub fn members(&self) -> Members<'_, 'a> {
        Members { archive: self, at: self.first }
    }

    fn long_name(&self, start: u64, at: usize) -> Result<&'a [u8]> {
        let Some(tail) = usize::try_from(start).ok().and_then(|start| self.long_names.get(start..)) else {
            return err(at);
        };
        // GNU ends names with "/\n", System V with NUL.
        let len = tail.iter().position(|&byte| byte == b'\n' || byte == 0).unwrap_or(tail.len());
        Ok(tail[..len].strip_suffix(b"/").unwrap_or(&tail[..len]))
    }
}

/// Iterator over the members of an archive.
pub struct Members<'m, 'a> {
    archive: &'m Archive<'a>,
    at: usize,
}

impl<'a> Iterator for Members<'_, 'a> {
    type Item = Result<Member<'a>>;

    fn next(&mut self) -> Option<Result<Member<'a>>> {
        let bytes = self.archive.bytes;
        if self.at >= bytes.len() || &bytes[self.at..] == b"\n" {
            return None;
        }
        let at = self.at;
        let member = self.archive.member_at(at as u64);
        self.at = match &member {
            Err(_) => bytes.len(),
            Ok(_) if self.archive.thin => at + HEADER_SIZE,
            Ok(_) => Header::read(bytes, at).map_or(bytes.len(), |header| next_offset(at, header.size)),
        };
        Some(member)
    }
}

/// `ar_hdr`, decoded.
struct Header<'a> {
    /// Without the spaces that fill the field.
    name: &'a [u8],
    mtime: u64,
    uid: u32,
    gid: u32,
    mode: u32,
    size: u64,
}

impl<'a> Header<'a> {
    fn read(bytes: &'a [u8], at: usize) -> Result<Header<'a>> {
        let Some(header) = bytes.get(at..).and_then(|tail| tail.get(..HEADER_SIZE)) else { return err(at) };
        if &header[58..] != b"`\n" {
            return err(at);
        }
        let number = |range: std::ops::Range<usize>| decimal(trim(&header[range])).unwrap_or(0);
        let mode = trim(&header[40..48]).iter().fold(0u32, |mode, &digit| match digit {
            b'0'..=b'7' => mode.wrapping_mul(8).wrapping_add(u32::from(digit - b'0')),
            _ => mode,
        });
        let Some(size) = decimal(trim(&header[48..58])) else { return err(at + 48) };
        Ok(Header {
            name: trim(&header[..16]),
            mtime: number(16..28),
            uid: number(28..34) as u32,
            gid: number(34..40) as u32,
            mode,
            size,
        })
    }

    fn data(&self, bytes: &'a [u8], at: usize) -> Option<&'a [u8]> {
        let start = at + HEADER_SIZE;
        bytes.get(start..start.checked_add(usize::try_from(self.size).ok()?)?)
    }
}

/// The name that stands before the data (`#1/len`), and how many NULs fill it.
fn bsd_name<'a>(bytes: &'a [u8], header: &Header<'_>, at: usize) -> Result<Option<(&'a [u8], usize)>> {
    let Some(len) = header.name.strip_prefix(b"#1/") else { return Ok(None) };
    let start = at + HEADER_SIZE;
    let name = decimal(len)
        .filter(|&len| len <= header.size)
        .and_then(|len| bytes.get(start..start.checked_add(usize::try_from(len).ok()?)?));
    let Some(field) = name else { return err(at) };
    let len = field.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
    Ok(Some((&field[..len], field.len() - len)))
}

fn read_index(data: &[u8], width: usize, at: usize) -> Result<Index<'_>> {
    let Some((count, rest)) = data.split_at_checked(width) else { return err(at) };
    let size = usize::try_from(big_endian(count)).ok().and_then(|count| count.checked_mul(width));
    match size.and_then(|size| rest.split_at_checked(size)) {
        Some((offsets, names)) => Ok(Index { offsets, names, width }),
        None => err(at),
    }
}

fn big_endian(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |value, &byte| value << 8 | u64::from(byte))
}

fn trim(field: &[u8]) -> &[u8] {
    let len = field.iter().rposition(|&byte| byte != b' ').map_or(0, |last| last + 1);
    &field[..len]
}

fn decimal(text: &[u8]) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    text.iter().try_fold(0u64, |value, &digit| {
        if !digit.is_ascii_digit() {
            return None;
        }
        value.checked_mul(10)?.checked_add(u64::from(digit - b'0'))
    })
}

/// Offset of the header after the one at `at`; members begin at even offsets.
fn next_offset(at: usize, size: u64) -> usize {
    let end = (at as u64 + HEADER_SIZE as u64).saturating_add(size);
    usize::try_from(end.saturating_add(end & 1)).unwrap_or(usize::MAX)
}

/// A member to be written.
#[derive(Clone, Debug)]
pub struct NewMember<'a> {
    /// File name without directory; in a thin archive the path.
    pub name: Cow<'a, [u8]>,
    pub data: Cow<'a, [u8]>,
    pub mtime: u64,
    pub uid: u32,
    pub gid: u32,
    pub mode: u32,
}

impl<'a> NewMember<'a> {
    /// A member as deterministic archives have it: no time, no owner, `rw-r--r--`.
    pub fn new(name: impl Into<Cow<'a, [u8]>>, data: impl Into<Cow<'a, [u8]>>) -> NewMember<'a> {
        NewMember { name: name.into(), data: data.into(), mtime: 0, uid: 0, gid: 0, mode: 0o644 }
    }
}

/// How an archive is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ArchiveOptions {
    pub thin: bool,
    /// Make a symbol index.
    pub index: bool,
    /// Make it with 64-bit offsets even where 32 bits are enough.
    pub index64: bool,
}

impl Default for ArchiveOptions {
    fn default() -> Self {
        ArchiveOptions { thin: false, index: true, index64: false }
    }
}

/// Names that a member defines for the index, in the order of its symbol table; empty for what is no object.
pub type DefinedNames<'f> = dyn Fn(&[u8]) -> Vec<Vec<u8>> + 'f;

/// Members in the order in which they will stand. The operations of `ar`, on bytes.
#[derive(Clone, Debug, Default)]
pub struct ArchiveBuilder<'a> {
    pub members: Vec<NewMember<'a>>,
}

impl<'a> ArchiveBuilder<'a> {
    pub fn new() -> ArchiveBuilder<'a> {
        ArchiveBuilder::default()
    }

    /// The members of an archive that is not thin.
    ///
    /// # Errors
    /// When it is malformed; `Unsupported` when it is thin, as its members' bytes are elsewhere.
    pub fn from_archive(archive: &Archive<'a>) -> Result<ArchiveBuilder<'a>> {
        if archive.thin {
            return Err(ReadError::new(ReadErrorKind::Unsupported, 0));
        }
        let members = archive.members().map(|member| {
            let Member { name, data, mtime, uid, gid, mode, .. } = member?;
            Ok(NewMember { name, data: Cow::Borrowed(data), mtime, uid, gid, mode })
        });
        Ok(ArchiveBuilder { members: members.collect::<Result<Vec<_>>>()? })
    }

    /// Replaces the first member of that name, or appends. True when one was replaced.
    pub fn replace(&mut self, member: NewMember<'a>) -> bool {
        match self.members.iter_mut().find(|old| old.name == member.name) {
            Some(old) => {
                *old = member;
                true
            }
            None => {
                self.members.push(member);
                false
            }
        }
    }

    /// Removes the first member of that name. True when there was one.
    pub fn delete(&mut self, name: &[u8]) -> bool {
        let found = self.members.iter().position(|member| *member.name == *name);
        found.map(|idx| self.members.remove(idx)).is_some()
    }

    /// The archive's bytes.
    pub fn write(&self, options: ArchiveOptions, defined_names: &DefinedNames<'_>) -> Vec<u8> {
        let (long_names, fields) = self.name_fields(options.thin);
        let index: Vec<(usize, Vec<u8>)> = if options.index {
            let per_member = self.members.iter().enumerate();
            per_member.flat_map(|(at, member)| defined_names(&member.data).into_iter().map(move |n| (at, n))).collect()
        } else {
            Vec::new()
        };
        let body_size: usize = self.members.iter().map(|member| HEADER_SIZE + member.data.len() + 1).sum();
        let long_names_size = if long_names.is_empty() { 0 } else { HEADER_SIZE + long_names.len() };
        let names_size: usize = index.iter().map(|(_, name)| name.len() + 1).sum();
        let index_size = |width: usize| {
            let size = width * (1 + index.len()) + names_size;
            if width == 8 { size.next_multiple_of(8) } else { size.next_multiple_of(2) }
        };
        let wide = options.index64 || MAGIC.len() + index_size(8) + long_names_size + body_size > u32::MAX as usize;
        let width = if wide { 8 } else { 4 };
        let has_index = options.index && !index.is_empty();
        let index_total = if has_index { HEADER_SIZE + index_size(width) } else { 0 };
        let mut out = Vec::with_capacity(MAGIC.len() + index_total + long_names_size + body_size);
        out.extend_from_slice(if options.thin { THIN_MAGIC } else { MAGIC });
        if has_index {
            let offsets = self.member_offsets(MAGIC.len() + index_total + long_names_size, options.thin);
            let name = if wide { &b"/SYM64/"[..] } else { b"/" };
            push_header(&mut out, name, Some([0, 0, 0, 0]), index_size(width) as u64);
            let end = out.len() + index_size(width);
            let mut push = |value: u64| out.extend_from_slice(&value.to_be_bytes()[8 - width..]);
            push(index.len() as u64);
            for (member, _) in &index {
                push(offsets[*member]);
            }
            for (_, name) in &index {
                out.extend_from_slice(name);
                out.push(0);
            }
            out.resize(end, 0);
        }
        if !long_names.is_empty() {
            push_header(&mut out, b"//", None, long_names.len() as u64);
            out.extend_from_slice(&long_names);
        }
        for (member, field) in self.members.iter().zip(&fields) {
            let facts = [member.mtime, u64::from(member.uid), u64::from(member.gid), u64::from(member.mode)];
            push_header(&mut out, field, Some(facts), member.data.len() as u64);
            if !options.thin {
                out.extend_from_slice(&member.data);
                if out.len() % 2 != 0 {
                    out.push(b'\n');
                }
            }
        }
        out
    }

    /// The table of long names, and what goes into each member's name field.
    fn name_fields(&self, thin: bool) -> (Vec<u8>, Vec<Vec<u8>>) {
        let mut table = Vec::new();
        let mut fields = Vec::with_capacity(self.members.len());
        for member in &self.members {
            if member.name.len() <= MAX_SHORT_NAME && !thin {
                fields.push([&*member.name, b"/"].concat());
            } else {
                fields.push(format!("/{}", table.len()).into_bytes());
                table.extend_from_slice(&member.name);
                table.extend_from_slice(b"/\n");
            }
        }
        if table.len() % 2 != 0 {
            table.push(b'\n');
        }
        (table, fields)
    }

    fn member_offsets(&self, first: usize, thin: bool) -> Vec<u64> {
        let mut at = first;
        let offsets = self.members.iter().map(|member| {
            let offset = at;
            at = if thin { at + HEADER_SIZE } else { next_offset(at, member.data.len() as u64) };
            offset as u64
        });
        offsets.collect()
    }
}

/// `facts` are time, user, group, mode; the header of the long names has none.
fn push_header(out: &mut Vec<u8>, name: &[u8], facts: Option<[u64; 4]>, size: u64) {
    let start = out.len();
    let mut field = |text: &[u8], end: usize| {
        out.extend_from_slice(text);
        out.resize(start + end, b' ');
    };
    field(name, 16);
    match facts {
        Some([mtime, uid, gid, mode]) => {
            field(mtime.to_string().as_bytes(), 28);
            field(uid.to_string().as_bytes(), 34);
            field(gid.to_string().as_bytes(), 40);
            field(format!("{mode:o}").as_bytes(), 48);
        }
        None => field(b"", 48),
    }
    field(size.to_string().as_bytes(), 58);
    out.extend_from_slice(b"`\n");
}

/// The line that `ar tv` prints for a member, without the line feed: `rw-r--r-- 0/0   1234 Jan  1 00:00 1970 a.o`.
pub fn verbose_line(member: &Member<'_>) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mode: String = (0..9)
        .rev()
        .zip("rwxrwxrwx".chars())
        .map(|(bit, letter)| if member.mode >> bit & 1 == 1 { letter } else { '-' })
        .collect();
    let (year, month, day) = civil_date(member.mtime / 86400);
    let minutes = member.mtime / 60 % (24 * 60);
    format!(
        "{mode} {}/{} {:6} {} {day:2} {:02}:{:02} {year} {}",
        member.uid,
        member.gid,
        member.size,
        MONTHS[month],
        minutes / 60,
        minutes % 60,
        String::from_utf8_lossy(&member.name)
    )
}

/// Year, month (0 is January) and day of a day counted from 1 January 1970, in UTC.
fn civil_date(mut days: u64) -> (u64, usize, u64) {
    let mut year = 1970;
    // Whole cycles of 400 years first, so that an absurd time ends soon.
    year += days / 146_097 * 400;
    days %= 146_097;
    let is_leap = |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    loop {
        let len = 365 + u64::from(is_leap(year));
        if days < len {
            break;
        }
        days -= len;
        year += 1;
    }
    let lengths = [31, 28 + u64::from(is_leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 0;
    while days >= lengths[month] {
        days -= lengths[month];
        month += 1;
    }
    (year, month, days + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(options: ArchiveOptions) -> Vec<u8> {
        let mut builder = ArchiveBuilder::new();
        builder.replace(NewMember::new(&b"a.o"[..], &b"odd"[..]));
        builder.replace(NewMember::new(&b"a_name_longer_than_fifteen.o"[..], &b"even"[..]));
        builder.replace(NewMember::new(&b"exactly15chars."[..], &b""[..]));
        builder.write(options, &|data| if data == b"even" { vec![b"f".to_vec(), b"g".to_vec()] } else { vec![] })
    }

    #[test]
    fn what_was_written_is_read() {
        for index64 in [false, true] {
            let bytes = sample(ArchiveOptions { index64, ..Default::default() });
            let archive = Archive::parse(&bytes).unwrap();
            let members: Vec<_> = archive.members().map(Result::unwrap).collect();
            let names: Vec<_> = members.iter().map(|m| String::from_utf8_lossy(&m.name)).collect();
            assert_eq!(names, ["a.o", "a_name_longer_than_fifteen.o", "exactly15chars."]);
            assert_eq!(members[0].data, b"odd");
            let index: Vec<_> = archive.index().collect();
            assert_eq!(index, [(&b"f"[..], members[1].offset), (b"g", members[1].offset)]);
            assert_eq!(archive.member_at(index[0].1).unwrap(), members[1]);
        }
    }

    #[test]
    fn operations_replace_and_delete() {
        let bytes = sample(ArchiveOptions::default());
        let mut builder = ArchiveBuilder::from_archive(&Archive::parse(&bytes).unwrap()).unwrap();
        assert!(builder.replace(NewMember::new(&b"a.o"[..], &b"new"[..])));
        assert!(builder.delete(b"exactly15chars.") && !builder.delete(b"absent"));
        let bytes = builder.write(ArchiveOptions::default(), &|_| Vec::new());
        let archive = Archive::parse(&bytes).unwrap();
        assert!(!archive.has_index());
        let members: Vec<_> = archive.members().map(Result::unwrap).collect();
        assert_eq!((members.len(), members[0].data), (2, &b"new"[..]));
    }

    #[test]
    fn bsd_names_are_read() {
        let mut bytes = MAGIC.to_vec();
        push_header(&mut bytes, b"#1/12", Some([1, 2, 3, 0o600]), 16);
        bytes.extend_from_slice(b"long name\0\0\0data");
        push_header(&mut bytes, b"plain", Some([0, 0, 0, 0o644]), 1);
        bytes.extend_from_slice(b"x\n");
        let archive = Archive::parse(&bytes).unwrap();
        let members: Vec<_> = archive.members().map(Result::unwrap).collect();
        assert_eq!((&*members[0].name, members[0].data, members[0].size), (&b"long name"[..], &b"data"[..], 4));
        assert_eq!((&*members[1].name, members[1].data), (&b"plain"[..], &b"x"[..]));
    }

    #[test]
    fn dates_are_civil() {
        assert_eq!(civil_date(0), (1970, 0, 1));
        assert_eq!(civil_date(11_016), (2000, 1, 29));
        assert_eq!(civil_date(20_000), (2024, 9, 4));
        let _ = civil_date(u64::MAX / 86400);
    }

    #[test]
    fn mutated_archives_do_no_harm() {
        let samples = [
            sample(ArchiveOptions::default()),
            sample(ArchiveOptions { index64: true, ..Default::default() }),
            sample(ArchiveOptions { thin: true, ..Default::default() }),
        ];
        let mut state = 0x9e37_79b9_7f4a_7c15u64;
        let mut random = |limit: usize| {
            state ^= state >> 12;
            state ^= state << 25;
            state ^= state >> 27;
            (state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11) as usize % limit
        };
        let digits = b"0123456789/ #:\n`\xff\0";
        for round in 0..20_000 {
            let mut bytes = samples[round % 3].clone();
            for _ in 0..1 + random(4) {
                let at = 8 + random(bytes.len() - 8);
                match random(10) {
                    0 => bytes.truncate(at.max(9)),
                    1 => bytes[at] = random(256) as u8,
                    _ => bytes[at] = digits[random(digits.len())],
                }
            }
            let Ok(archive) = Archive::parse(&bytes) else { continue };
            assert!(archive.members().count() <= bytes.len() / HEADER_SIZE + 1);
            for (_, offset) in archive.index().take(100) {
                let _ = archive.member_at(offset);
            }
        }
    }
}
