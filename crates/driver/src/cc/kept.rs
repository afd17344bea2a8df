//! The objects that `kit build-exe --incremental` keeps beside the output, so that an unchanged source is not compiled again.
//!
//! `<output>.kobj/` holds for each source an object and a record: hash of the options and of kit's own build, everything the
//! compiler asked the file system for (with the hash of what it read, and the places where it found nothing), its messages,
//! and the identity of the object. Nothing is guessed from `#include` lines: the record is made where files are read. Both files
//! are replaced by rename, the object first: killed between them, the record names an object that is not there, and the
//! source is compiled. `docs/decisions/0031-objects-that-build-exe-keeps.md` says why.

use base::bytes::get_u64;
use base::hash::{content_id, hash64};
use base::io::{FileBytes, FileStat, ImageIo, InputSource, IoError};
use kit::compile::CompileRequest;
use kit::linker::session::TICK_NS;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Raised whenever a record changes its meaning.
const SCHEMA: u64 = 1;

/// The kept objects of one output.
pub struct Kept {
    dir: PathBuf,
    build: u64,
    boot: u128,
    /// When this build began.
    now_ns: i64,
    /// Files that were asked for already: sources share most of their headers.
    stats: Mutex<HashMap<PathBuf, Option<FileStat>>>,
    compiled: AtomicUsize,
}

/// An object that is as it would be made now.
pub struct Found {
    pub object: PathBuf,
    pub messages: String,
}

/// What is known of one path.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Seen {
    /// `None` where nothing was found.
    stat: Option<FileStat>,
    /// Hash of its bytes, if they were read.
    content: Option<u128>,
    /// Its times were older than the clock's tick, so that a later change shows in them.
    settled: bool,
}

/// Passes questions on and notes the answers.
pub struct Recorder<'i> {
    inner: &'i dyn InputSource,
    seen: Mutex<BTreeMap<PathBuf, Seen>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<'i> Recorder<'i> {
    pub fn new(inner: &'i dyn InputSource) -> Recorder<'i> {
        Recorder { inner, seen: Mutex::default() }
    }

    fn note(&self, path: &Path, stat: Option<FileStat>, content: Option<u128>) {
        let mut seen = locked(&self.seen);
        let old = seen.get(path).and_then(|old| old.content);
        seen.insert(path.to_path_buf(), Seen { stat, content: content.or(old), settled: false });
    }
}

impl InputSource for Recorder<'_> {
    fn stat(&self, path: &Path) -> Result<FileStat, IoError> {
        let result = self.inner.stat(path);
        self.note(path, result.as_ref().ok().copied(), None);
        result
    }

    fn read(&self, path: &Path) -> Result<FileBytes, IoError> {
        // Asked before it is read: a change in between shows in the times.
        let stat = self.inner.stat(path);
        let result = self.inner.read(path);
        let content = result.as_ref().ok().map(|bytes| content_id(bytes).0);
        self.note(path, stat.ok(), content);
        result
    }

    fn read_into(&self, path: &Path, out: &mut Vec<u8>) -> Result<FileStat, IoError> {
        let start = out.len();
        let result = self.inner.read_into(path, out);
        let content = result.as_ref().ok().map(|_| content_id(&out[start..]).0);
        self.note(path, result.as_ref().ok().copied(), content);
        result
    }

    fn read_if_file(&self, path: &Path, out: &mut Vec<u8>) -> Result<Option<FileStat>, IoError> {
        let start = out.len();
        let result = self.inner.read_if_file(path, out);
        let stat = result.as_ref().ok().copied().flatten();
        let content = stat.map(|_| content_id(&out[start..]).0);
        self.note(path, stat, content);
        result
    }
}

/// One compilation as it is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Record {
    options: u128,
    boot: u128,
    object: FileStat,
    content: u128,
    /// The messages were made for a terminal.
    color: bool,
    messages: String,
    seen: Vec<(PathBuf, Seen)>,
}

impl Kept {
    /// The objects kept for `output`.
    pub fn open(output: &Path) -> Result<Kept, IoError> {
        let mut dir = output.as_os_str().to_owned();
        dir.push(".kobj");
        let dir = PathBuf::from(dir);
        std::fs::create_dir_all(&dir).map_err(|error| IoError::new(&dir, "create", &error))?;
        Ok(Kept {
            dir,
            build: sys::machine::program_id(),
            boot: sys::machine::boot_id(),
            now_ns: sys::machine::now_ns(),
            stats: Mutex::default(),
            compiled: AtomicUsize::new(0),
        })
    }

    /// Two builds of one output come one after the other: waits, and holds the others off until the value is dropped.
    pub fn lock(&self) -> Result<Box<dyn std::any::Any>, IoError> {
        ImageIo::lock(&sys::Host, &self.dir)
    }

    /// How many sources were compiled.
    pub fn n_compiled(&self) -> usize {
        self.compiled.load(Ordering::Relaxed)
    }

    /// Hash of everything that is no file. The time of day is left out unless the user set it, as `make` leaves it out.
    fn options(&self, request: &CompileRequest) -> u128 {
        let mut c = request.c.clone();
        if std::env::var_os("SOURCE_DATE_EPOCH").is_none() {
            c.time = None;
        }
        let CompileRequest { target, code, goal, .. } = request;
        // The debug forms have every field, so a new option cannot be forgotten.
        let text = format!("{SCHEMA} {} {} {goal:?}\n{c:?}\n{code:?}", self.build, target.triple);
        content_id(text.as_bytes()).0
    }

    fn paths(&self, source: &str) -> (PathBuf, PathBuf) {
        let name = source.rsplit('/').next().unwrap_or(source);
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let name = format!("{stem}-{:016x}", hash64(source.as_bytes()));
        (self.dir.join(format!("{name}.o")), self.dir.join(format!("{name}.kod")))
    }

    fn stat(&self, path: &Path) -> Option<FileStat> {
        if let Some(&known) = locked(&self.stats).get(path) {
            return known;
        }
        let stat = InputSource::stat(&sys::Host, path).ok();
        locked(&self.stats).insert(path.to_path_buf(), stat);
        stat
    }

    /// The object of an earlier build, if it is what this compilation would make.
    pub fn find(&self, request: &CompileRequest, color: bool) -> Option<Found> {
        let (object, path) = self.paths(&request.c.file);
        let mut record = Record::decode(&sys::Host.read(&path).ok()?)?;
        let same_messages = record.messages.is_empty() || record.color == color;
        if record.options != self.options(request) || !same_messages {
            return None;
        }
        if !same_file(&InputSource::stat(&sys::Host, &object).ok()?, &record.object) {
            return None;
        }
        let mut stale = false;
        if record.boot != self.boot {
            // Nothing is synced: after a crash of the machine a file may have its size and not its bytes.
            if content_id(&sys::Host.read(&object).ok()?).0 != record.content {
                return None;
            }
            record.boot = self.boot;
            stale = true;
        }
        for (path, seen) in &mut record.seen {
            let now = self.check(path, seen)?;
            stale |= now != *seen;
            *seen = now;
        }
        if stale {
            // Only saves the next build some reading.
            let _ = sys::write_output(&path, &record.encode(), 0o666);
        }
        Some(Found { object, messages: record.messages })
    }

    /// What is known of a path now, if it is in effect what it was.
    fn check(&self, path: &Path, seen: &Seen) -> Option<Seen> {
        let now = self.stat(path);
        let (then, now) = match (seen.stat, now) {
            (None, None) => return Some(*seen),
            (Some(then), Some(now)) => (then, now),
            _ => return None,
        };
        let Some(content) = seen.content else {
            // It was only asked for: that it is there, and what kind of file.
            return (then.mode >> 12 == now.mode >> 12).then_some(*seen);
        };
        if seen.settled && same_file(&then, &now) {
            return Some(*seen);
        }
        let same = content_id(&sys::Host.read(path).ok()?).0 == content;
        same.then_some(Seen { stat: Some(now), settled: self.settled(&now), ..*seen })
    }

    fn settled(&self, stat: &FileStat) -> bool {
        stat.ctime_ns.max(stat.mtime_ns).saturating_add(TICK_NS) < self.now_ns
    }

    /// Notes that a source is compiled.
    pub fn count(&self) {
        self.compiled.fetch_add(1, Ordering::Relaxed);
    }

    /// Keeps a new object; where it is.
    pub fn keep(
        &self,
        request: &CompileRequest,
        recorder: &Recorder<'_>,
        bytes: &[u8],
        messages: &str,
        color: bool,
    ) -> Result<PathBuf, IoError> {
        let (object, path) = self.paths(&request.c.file);
        // A file that stays as it is need not be looked at by the link.
        let same = sys::Host.read(&object).is_ok_and(|old| *old == *bytes);
        if !same {
            sys::write_output(&object, bytes, 0o666)?;
        }
        let mut seen: Vec<(PathBuf, Seen)> = locked(&recorder.seen).clone().into_iter().collect();
        for (_, seen) in &mut seen {
            seen.settled = seen.stat.is_none_or(|stat| self.settled(&stat));
        }
        let record = Record {
            options: self.options(request),
            boot: self.boot,
            object: InputSource::stat(&sys::Host, &object)?,
            content: content_id(bytes).0,
            color,
            messages: messages.to_string(),
            seen,
        };
        sys::write_output(&path, &record.encode(), 0o666)?;
        Ok(object)
    }
}

/// The same version of the same file; another name of it makes no other version.
fn same_file(a: &FileStat, b: &FileStat) -> bool {
    FileStat { n_links: 0, ..*a } == FileStat { n_links: 0, ..*b }
}

fn put_stat(out: &mut Vec<u8>, stat: &FileStat) {
    let FileStat { device, inode, size, mtime_ns, ctime_ns, mode, n_links } = *stat;
    for field in [device, inode, size, mtime_ns as u64, ctime_ns as u64, u64::from(mode), u64::from(n_links)] {
        out.extend_from_slice(&field.to_le_bytes());
    }
}

fn put_text(out: &mut Vec<u8>, text: &[u8]) {
    out.extend_from_slice(&(text.len() as u64).to_le_bytes());
    out.extend_from_slice(text);
}

impl Record {
    /// Fields one after the other, and a hash of them all.
    fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for id in [self.options, self.boot, self.content] {
            out.extend_from_slice(&id.to_le_bytes());
        }
        put_stat(&mut out, &self.object);
        out.extend_from_slice(&u64::from(self.color).to_le_bytes());
        put_text(&mut out, self.messages.as_bytes());
        for (path, seen) in &self.seen {
            let flags = [seen.stat.is_some(), seen.content.is_some(), seen.settled];
            let flags = flags.iter().fold(0, |all, &flag| all << 1 | u64::from(flag));
            out.extend_from_slice(&flags.to_le_bytes());
            put_text(&mut out, path.as_os_str().as_encoded_bytes());
            put_stat(&mut out, &seen.stat.unwrap_or_default());
            out.extend_from_slice(&seen.content.unwrap_or_default().to_le_bytes());
        }
        let id = content_id(&out).0;
        out.extend_from_slice(&id.to_le_bytes());
        out
    }

    /// `None` for anything that is not a whole record.
    fn decode(bytes: &[u8]) -> Option<Record> {
        let (body, id) = bytes.split_last_chunk::<16>()?;
        if content_id(body).0.to_le_bytes() != *id {
            return None;
        }
        let mut at = Reader { bytes: body, at: 0 };
        let (options, boot, content) = (at.id()?, at.id()?, at.id()?);
        let object = at.stat()?;
        let color = at.number()? != 0;
        let messages = String::from_utf8(at.text()?.to_vec()).ok()?;
        let mut seen = Vec::new();
        while at.at < body.len() {
            let flags = at.number()?;
            let path = PathBuf::from(std::str::from_utf8(at.text()?).ok()?);
            let (stat, content) = (at.stat()?, at.id()?);
            let entry = Seen {
                stat: Some(stat).filter(|_| flags & 4 != 0),
                content: Some(content).filter(|_| flags & 2 != 0),
                settled: flags & 1 != 0,
            };
            seen.push((path, entry));
        }
        Some(Record { options, boot, object, content, color, messages, seen })
    }
}

/// A position in a record.
struct Reader<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Reader<'b> {
    fn number(&mut self) -> Option<u64> {
        let value = get_u64(self.bytes, self.at)?;
        self.at += 8;
        Some(value)
    }

    fn id(&mut self) -> Option<u128> {
        let low = self.number()?;
        Some(u128::from(self.number()?) << 64 | u128::from(low))
    }

    fn text(&mut self) -> Option<&'b [u8]> {
        let len = usize::try_from(self.number()?).ok()?;
        let text = self.bytes.get(self.at..self.at.checked_add(len)?)?;
        self.at += len;
        Some(text)
    }

    fn stat(&mut self) -> Option<FileStat> {
        Some(FileStat {
            device: self.number()?,
            inode: self.number()?,
            size: self.number()?,
            mtime_ns: self.number()? as i64,
            ctime_ns: self.number()? as i64,
            mode: u32::try_from(self.number()?).ok()?,
            n_links: u32::try_from(self.number()?).ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_come_back_whole_or_not_at_all() {
        let stat = FileStat { device: 1, inode: 2, size: 3, mtime_ns: -4, ctime_ns: 5, mode: 0o100_644, n_links: 1 };
        let seen = vec![
            (PathBuf::from("a.h"), Seen { stat: Some(stat), content: Some(7), settled: true }),
            (PathBuf::from("none.h"), Seen { stat: None, content: None, settled: true }),
            (PathBuf::from("dir"), Seen { stat: Some(stat), content: None, settled: false }),
        ];
        let messages = "a warning\n".into();
        let record = Record { options: 1 << 100, boot: 2, object: stat, content: 3, color: true, messages, seen };
        let bytes = record.encode();
        assert_eq!(Record::decode(&bytes), Some(record));
        for at in 0..bytes.len() {
            assert_eq!(Record::decode(&bytes[..at]), None);
            let mut bad = bytes.clone();
            bad[at] ^= 0x10;
            assert_eq!(Record::decode(&bad), None);
        }
    }
}
