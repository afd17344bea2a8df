//! A link that remembers: with `incremental`, the output is left alone when nothing changed, patched when the change is
//! provably local, and linked in full otherwise, always with a reason.
//!
//! **The gate.** The state beside the output (`<out>.kls`) says what the output was made from: options, the list of
//! inputs, and the identity of every file that the link read or looked for in vain. Identities are compared by
//! inequality, never by age; a file that changed within the same clock tick as the link is hashed. The hashes of
//! identities form a tree, so that finding the changed inputs among a thousand reads a few hundred bytes.
//!
//! **The crash rule.** Before the first byte is written the state's header says so, and the output loses its execute bits;
//! both come back at the end. Killed anywhere, the output is the old image, the new one, or not executable, and the next
//! link, seeing the header, is a full one, which replaces the output by rename. Nothing needs `fsync`: a state that was
//! written before the machine was restarted is not believed.
//!
//! A program that is running, or has other names, keeps its bytes: a copy is patched and renamed over it.

use crate::audit;
use crate::error::{ErrorKind, LinkError};
use crate::facets::{ArchLink, Format};
use crate::files::{Files, Input, InputWhat};
use crate::options::{Options, OutputKind};
use crate::patch::{self, Reason, Writes};
use crate::patch_restore::{Frame, one_file};
use crate::state::{
    FAN, HeaderRec, IndexRec, InputKind, InputRec, NodeRec, ObjectRec, Phase, RacyRec, Region, State, StateBuilder,
    output_fields, tree,
};
use crate::state_write::{self, LeafFile, archive_index, parse_archive};
use crate::{Image, prepare};
use base::hash::{ContentHasher, content_id};
use base::io::{FileBytes, FileStat, ImageFile, ImageIo, InputSource, IoError};
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

pub use crate::state::Counters;

/// What the host knows and a library cannot: part of what a state is checked against.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Machine {
    /// Identity of this build of kit.
    pub build: u64,
    /// Identity of the machine's current run.
    pub boot: u128,
    /// When this link began, in nanoseconds since the epoch.
    pub now_ns: i64,
    /// What relative paths start from.
    pub directory: PathBuf,
}

/// One link into a file.
pub struct Request<'r> {
    pub options: &'r Options,
    pub inputs: &'r [Input],
    pub output: &'r Path,
    /// Compare a patched output with a full link of the same inputs.
    pub audit: bool,
    pub machine: &'r Machine,
}

/// How the output came about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Made from nothing; with the reason when a patch was wanted.
    Full(Option<String>),
    /// Nothing changed, and nothing was written.
    Unchanged(Counters),
    Patched(Counters),
}

/// What a finished link tells.
pub struct Done {
    pub outcome: Outcome,
    pub warnings: Vec<String>,
    /// The map, when asked for and linked in full.
    pub map: Option<String>,
    /// Names of the files that took part, in order; empty unless linked in full.
    pub inputs: Vec<String>,
}

/// Where the world is reached.
#[derive(Clone, Copy)]
pub struct World<'w> {
    pub source: &'w dyn InputSource,
    pub io: &'w dyn ImageIo,
}

/// Times of files are taken from a clock that ticks at most this much behind the one that `now_ns` comes from.
pub const TICK_NS: i64 = 20_000_000;

/// The state's path: the output's with `.kls` appended.
pub fn state_path(output: &Path) -> PathBuf {
    let mut name = output.as_os_str().to_owned();
    name.push(".kls");
    PathBuf::from(name)
}

/// Links, by patching if the options say so and it is possible.
pub fn link_to_file(
    request: &Request<'_>,
    world: World<'_>,
    format: &dyn Format,
    arch: &'static ArchLink,
    want_map: bool,
) -> Result<Done, Vec<LinkError>> {
    let link = Session { request, world, format, arch };
    if !request.options.incremental {
        return link.full(None, want_map);
    }
    if !is_file(world.io.stat(request.output)) {
        return link.full(Some("the output is not a file".into()), want_map);
    }
    // Held to the end: two links of one output come one after the other.
    let _lock = world.io.lock(request.output).map_err(|error| io_error(&error))?;
    let reason = match if want_map { Err("a map is wanted".into()) } else { link.attempt() } {
        Ok(outcome) => {
            if request.audit && matches!(outcome, Outcome::Patched(_)) {
                let findings = link.audit()?;
                if !findings.is_empty() {
                    let text = |finding| LinkError::new(ErrorKind::Mismatch, format!("audit: {finding}"));
                    return Err(findings.into_iter().take(request.options.error_limit.max(1)).map(text).collect());
                }
            }
            return Ok(Done { outcome, warnings: Vec::new(), map: None, inputs: Vec::new() });
        }
        Err(reason) => reason,
    };
    link.full(Some(reason), want_map)
}

/// Holds the output, as it is now, against a full link of the inputs: what differs, in words.
pub fn audit(
    request: &Request<'_>,
    world: World<'_>,
    format: &dyn Format,
    arch: &'static ArchLink,
) -> Result<Vec<String>, Vec<LinkError>> {
    Session { request, world, format, arch }.audit()
}

/// A regular file, or nothing yet.
fn is_file(stat: Result<FileStat, IoError>) -> bool {
    stat.map_or(true, |stat| stat.mode & 0o170_000 == 0o100_000)
}

fn io_error(error: &IoError) -> Vec<LinkError> {
    vec![LinkError::new(ErrorKind::Io, error.to_string())]
}

/// Why nothing is remembered of a link.
fn unknowable(options: &Options, inputs: &[Input]) -> Option<&'static str> {
    let object = |input: &Input| matches!(input.what, InputWhat::Object { .. });
    match () {
        () if inputs.iter().any(object) => Some("an input was never a file"),
        () if options.print_gc_sections => Some("--print-gc-sections wants to know"),
        () => None,
    }
}

/// A file whose identity is part of the link.
struct Leaf {
    path: Option<PathBuf>,
    explicit: bool,
    stat: Option<FileStat>,
    hash: u64,
}

impl Leaf {
    fn of_path(source: &dyn InputSource, path: &Path, explicit: bool) -> Leaf {
        let stat = source.stat(path).ok();
        let mut hasher = ContentHasher::new();
        if let Some(FileStat { device, inode, size, mtime_ns, ctime_ns, mode, .. }) = stat {
            for field in [1, device, inode, size, mtime_ns as u64, ctime_ns as u64, u64::from(mode)] {
                hasher.update_u64(field);
            }
        }
        Leaf { path: Some(path.to_path_buf()), explicit, stat, hash: hasher.finish().0 as u64 }
    }

    fn of_bytes(bytes: &[u8]) -> Leaf {
        Leaf { path: None, explicit: true, stat: None, hash: content_id(bytes).0 as u64 }
    }

    /// Its times may not tell a change that comes right after them.
    fn is_racy(&self, now_ns: i64) -> bool {
        self.stat.is_some_and(|stat| stat.ctime_ns.max(stat.mtime_ns).saturating_add(TICK_NS) >= now_ns)
    }
}

struct Session<'r> {
    request: &'r Request<'r>,
    world: World<'r>,
    format: &'r dyn Format,
    arch: &'static ArchLink,
}

impl Session<'_> {
    /// Hash of everything that is no file: options and the directory that paths start from.
    fn options_id(&self) -> u128 {
        // The debug form has every field, so a new option cannot be forgotten. Threads make no difference.
        let options = Options { threads: 0, ..self.request.options.clone() };
        content_id(format!("{options:?}\n{:?}", self.request.machine.directory).as_bytes()).0
    }

    /// Hash of the list of inputs, without their contents.
    fn inputs_id(&self) -> u128 {
        let mut hasher = ContentHasher::new();
        for input in self.request.inputs {
            let (tag, name): (u64, &[u8]) = match &input.what {
                InputWhat::Path(path) => (0, path.as_os_str().as_encoded_bytes()),
                InputWhat::Library(name) => (1, name.as_bytes()),
                InputWhat::Bytes { name, .. } | InputWhat::Lazy { name, .. } => (2, name.as_bytes()),
                InputWhat::Object { name, .. } => (3, name.as_bytes()),
                InputWhat::GroupStart => (4, b""),
                InputWhat::GroupEnd => (5, b""),
            };
            let flags = [input.as_needed, input.whole_archive, input.prefer_static];
            hasher.update_u64(flags.iter().fold(tag, |all, &flag| all << 1 | u64::from(flag)));
            hasher.update_u64(name.len() as u64);
            hasher.update(name);
        }
        hasher.finish().0
    }

    /// Identities of the inputs that the command line names, then of the paths in `found`.
    fn leaves(&self, found: &[PathBuf]) -> Vec<Leaf> {
        let source = self.world.source;
        let explicit = self.request.inputs.iter().filter_map(|input| match &input.what {
            InputWhat::Path(path) => Some(Leaf::of_path(source, path, true)),
            InputWhat::Bytes { bytes, .. } | InputWhat::Lazy { bytes, .. } => Some(Leaf::of_bytes(bytes)),
            InputWhat::Library(_) | InputWhat::Object { .. } | InputWhat::GroupStart | InputWhat::GroupEnd => None,
        });
        let found = found.iter().map(|path| Leaf::of_path(source, path, false));
        explicit.chain(found).collect()
    }

    /// The bytes that the command line brings for leaf `idx`, if it brings them.
    fn bytes_of(&self, idx: usize) -> Option<FileBytes> {
        let named = self.request.inputs.iter().filter_map(|input| match &input.what {
            InputWhat::Path(_) => Some(None),
            InputWhat::Bytes { bytes, .. } | InputWhat::Lazy { bytes, .. } => Some(Some(bytes)),
            _ => None,
        });
        named.into_iter().nth(idx).flatten().cloned()
    }

    fn open_files(&self) -> Result<Files, Vec<LinkError>> {
        let Request { inputs, options, .. } = *self.request;
        let mut files = Files::open(self.world.source, inputs, options, self.format)?;
        files.open_indirect(self.world.source, options, self.format, self.arch.arch);
        Ok(files)
    }

    fn full(&self, reason: Option<String>, want_map: bool) -> Result<Done, Vec<LinkError>> {
        let request = self.request;
        let patchable = request.options.incremental
            && unknowable(request.options, request.inputs).is_none()
            && is_file(self.world.io.stat(request.output));
        // Identities from before the first byte was read: if they are the same at the end, nobody wrote meanwhile.
        let before: Vec<u64> = match patchable {
            true => self.leaves(&[]).iter().map(|leaf| leaf.hash).collect(),
            false => Vec::new(),
        };
        let files = self.open_files()?;
        let image = prepare(&files, request.options, self.format, self.arch)?;
        let mut warnings = image.warnings().to_vec();
        let mut bytes = vec![0; image.size() as usize];
        image.write_into(&mut bytes)?;
        let state = match patchable {
            true => match self.state_of(&image, &files, &before) {
                Ok(state) => Some(state),
                Err(why) => {
                    warnings.push(format!("the next link cannot patch: {why}"));
                    None
                }
            },
            false => None,
        };
        self.replace(&bytes).map_err(|error| io_error(&error))?;
        drop(bytes);
        if let Some((header, builder)) = state
            && let Err(error) = self.write_state(header, builder)
        {
            // The output is whole; a state of an earlier output is not believed, as it names another file.
            warnings.push(format!("the next link cannot patch: {error}"));
        }
        Ok(Done {
            outcome: Outcome::Full(reason),
            warnings,
            map: want_map.then(|| crate::map::text(&image.link)),
            inputs: files.list.iter().map(|file| file.name.clone()).collect(),
        })
    }

    /// Puts a finished image in place of the output.
    fn replace(&self, bytes: &[u8]) -> Result<(), IoError> {
        let (io, output) = (self.world.io, self.request.output);
        let mode = if self.request.options.output == OutputKind::Relocatable { 0o666 } else { 0o777 };
        let (file, temp) = io.create_beside(output, mode)?;
        let written = file.write_at(0, bytes).and_then(|()| io.rename(&temp, output));
        written.inspect_err(|_| {
            // The temporary file is ours; that it cannot be removed adds nothing to the first error.
            let _ = io.remove(&temp);
        })
    }

    /// What the next link has to know, apart from the identity that the output will have.
    fn state_of(&self, image: &Image<'_>, files: &Files, before: &[u64]) -> Result<(HeaderRec, StateBuilder), String> {
        let explicit: HashSet<&Path> = self.request.inputs.iter().filter_map(|input| path_of(&input.what)).collect();
        let opened = files.list.iter().filter_map(|file| file.path.as_deref());
        let also = opened.filter(|path| !explicit.contains(path));
        let found: Vec<PathBuf> = also.map(Path::to_path_buf).chain(files.absent.iter().cloned()).collect();
        let leaves = self.leaves(&found);
        if leaves.iter().zip(before).any(|(leaf, before)| leaf.hash != *before) {
            return Err("an input was written meanwhile".into());
        }
        let by_path: HashMap<&Path, usize> =
            files.list.iter().enumerate().filter_map(|(idx, file)| Some((file.path.as_deref()?, idx))).collect();
        let mut unnamed = files.list.iter().enumerate().filter(|(_, file)| file.path.is_none()).map(|(idx, _)| idx);
        let leaf_files: Vec<LeafFile> = leaves
            .iter()
            .map(|leaf| LeafFile {
                file: match &leaf.path {
                    Some(path) => by_path.get(path.as_path()).copied(),
                    None => unnamed.next(),
                },
                explicit: leaf.explicit,
            })
            .collect();
        let mut builder = StateBuilder::new(encode_paths(&found));
        let mut racy = Vec::new();
        for (idx, (leaf, file)) in leaves.iter().zip(&leaf_files).enumerate() {
            if leaf.is_racy(self.request.machine.now_ns) {
                // The bytes that took part: a change after they were read shows against them.
                let content = file.file.map_or(0, |file| content_id(&files.list[file].bytes).0);
                racy.push(RacyRec { input: idx as u32, content });
            }
        }
        let n_racy = racy.len() as u32;
        racy.resize(leaves.len(), RacyRec { input: 0, content: 0 });
        for record in racy {
            builder.push(Region::Racy, record);
        }
        let hashes: Vec<u64> = leaves.iter().map(|leaf| leaf.hash).collect();
        let (nodes, _) = tree(&hashes);
        for &hash in &nodes {
            builder.push(Region::Tree, NodeRec { hash });
        }
        let mut header = state_write::build(image, &leaf_files, &mut builder)?;
        header.build = self.request.machine.build;
        header.boot = self.request.machine.boot;
        header.options = self.options_id();
        header.inputs = self.inputs_id();
        header.root = nodes.last().copied().unwrap_or(0);
        header.n_leaves = leaves.len() as u32;
        header.n_racy = n_racy;
        Ok((header, builder))
    }

    /// Writes a new state for the output that is now in place.
    fn write_state(&self, mut header: HeaderRec, builder: StateBuilder) -> Result<(), IoError> {
        let (io, path) = (self.world.io, state_path(self.request.output));
        header.output = output_fields(&io.stat(self.request.output)?);
        header.phase = Phase::CLEAN;
        let bytes = builder.finish(&mut header);
        let (file, temp) = io.create_beside(&path, 0o666)?;
        let written = file.write_at(0, &bytes).and_then(|()| io.rename(&temp, &path));
        written.inspect_err(|_| {
            let _ = io.remove(&temp);
        })
    }

    /// Leaves the output alone or patches it; the error is the reason why neither is possible.
    fn attempt(&self) -> Result<Outcome, Reason> {
        let request = self.request;
        if let Some(why) = unknowable(request.options, request.inputs) {
            return Err(why.into());
        }
        let mut counters = Counters::default();
        let mut state = self.open_state()?;
        let found = decode_paths(&state.found()?).ok_or("the state of the previous link is damaged")?;
        let leaves = self.leaves(&found);
        counters.inputs_checked = leaves.len() as u64;
        if leaves.len() != state.header.n_leaves as usize {
            return Err("the list of files has changed".into());
        }
        let hashes: Vec<u64> = leaves.iter().map(|leaf| leaf.hash).collect();
        let (nodes, levels) = tree(&hashes);
        let mut changed = differing(&state, &nodes, &levels)?;
        let verified = self.check_racy(&state, &leaves, &mut changed, &mut counters)?;
        let mut writes = Writes::default();
        let mut racy = verified;
        for &idx in &changed {
            let bytes = self.input(&mut state, idx, &leaves[idx], &mut writes, &mut counters)?;
            if leaves[idx].is_racy(request.machine.now_ns) {
                racy.push(RacyRec { input: idx as u32, content: content_id(&bytes).0 });
            }
        }
        self.remember(&mut state, &changed, racy, &nodes, &levels)?;
        if writes.ranges.is_empty() {
            if !state.writes.is_empty() {
                state
                    .flush(&mut counters)
                    .and_then(|()| state.write_header(&mut counters))
                    .map_err(|e| e.to_string())?;
            }
            state.count_reads(&mut counters);
            return Ok(Outcome::Unchanged(counters));
        }
        if request.options.output == OutputKind::Relocatable {
            return Err("relocatable outputs are linked in full".into());
        }
        let size = state.header.output[2];
        let outside = |(offset, bytes): &(u64, Vec<u8>)| offset.saturating_add(bytes.len() as u64) > size;
        let id_end = state.header.build_id[0].saturating_add(state.header.build_id[1]);
        if writes.ranges.iter().any(outside) || id_end > size || state.header.build_id[1] > 64 {
            return Err("the state of the previous link is damaged".into());
        }
        self.commit(&mut state, &writes, &mut counters).map_err(|error| error.to_string())?;
        state.count_reads(&mut counters);
        Ok(Outcome::Patched(counters))
    }

    /// Opens the state and holds it against this link and the output.
    fn open_state(&self) -> Result<State, Reason> {
        let (io, request) = (self.world.io, self.request);
        let path = state_path(request.output);
        let file = io.open_rw(&path).map_err(|error| match error.is_not_found() {
            true => "there is no state of a previous link".to_string(),
            false => error.to_string(),
        })?;
        let state = State::open(file)?;
        let header = &state.header;
        let output = io.stat(request.output).map_err(|_| "there is no output of a previous link")?;
        let gates = [
            (header.phase == Phase::CLEAN, "the previous link was interrupted"),
            (header.build == request.machine.build, "the state is another kit's"),
            (header.boot == request.machine.boot, "the machine was restarted"),
            (header.options == self.options_id(), "the options have changed"),
            (header.inputs == self.inputs_id(), "the list of inputs has changed"),
            (header.output == output_fields(&output), "the output was changed by someone else"),
        ];
        match gates.iter().find(|(holds, _)| !holds) {
            Some((_, reason)) => Err((*reason).into()),
            None => Ok(state),
        }
    }

    /// Hashes the inputs whose times could not tell a change last time. Those that are as they were and old enough by now
    /// are returned: they need no hash next time.
    fn check_racy(
        &self,
        state: &State,
        leaves: &[Leaf],
        changed: &mut Vec<usize>,
        counters: &mut Counters,
    ) -> Result<Vec<RacyRec>, Reason> {
        let mut still = Vec::new();
        for racy in state.records::<RacyRec>(Region::Racy, 0, u64::from(state.header.n_racy))? {
            let idx = racy.input as usize;
            let Some(leaf) = leaves.get(idx) else { return Err("the state of the previous link is damaged".into()) };
            if changed.contains(&idx) {
                continue;
            }
            if let (Some(path), Some(stat)) = (&leaf.path, leaf.stat) {
                let bytes = self.world.source.read(path).map_err(|error| error.to_string())?;
                counters.inputs_opened += 1;
                counters.bytes_read += stat.size;
                if content_id(&bytes).0 != racy.content {
                    changed.push(idx);
                    continue;
                }
            }
            if leaf.is_racy(self.request.machine.now_ns) {
                still.push(racy);
            }
        }
        changed.sort_unstable();
        Ok(still)
    }

    /// What becomes of a changed input; returns the bytes that were looked at.
    fn input(
        &self,
        state: &mut State,
        idx: usize,
        leaf: &Leaf,
        writes: &mut Writes,
        counters: &mut Counters,
    ) -> Result<FileBytes, Reason> {
        let name = leaf.path.as_deref().map_or("an input".into(), |path| path.display().to_string());
        let record: InputRec = state.record(Region::Inputs, idx as u64)?;
        if record.kind == InputKind::WHOLE {
            return Err(format!("{name} has changed"));
        }
        let bytes = match &leaf.path {
            Some(path) => {
                let bytes = self.world.source.read(path).map_err(|error| error.to_string())?;
                counters.inputs_opened += 1;
                counters.bytes_read += bytes.len() as u64;
                // What was read is what was asked for, or someone is writing it right now.
                if Leaf::of_path(self.world.source, path, true).hash != leaf.hash {
                    return Err(format!("{name} is being written"));
                }
                bytes
            }
            None => self.bytes_of(idx).ok_or("an input is gone")?,
        };
        let numbers: Vec<IndexRec> =
            state.records(Region::InputObjects, u64::from(record.first), u64::from(record.count))?;
        let files = one_file(&name);
        let frame = Frame { options: self.request.options, format: self.format, arch: self.arch, files: &files };
        match record.kind {
            InputKind::OBJECT => {
                for number in numbers {
                    patch::object(&frame, state, number.value, &name, &bytes, writes, counters)?;
                }
            }
            InputKind::ARCHIVE => {
                let archive = parse_archive(&bytes)?;
                if archive_index(&archive)? != record.index {
                    return Err(format!("{name}: its members or their symbols have changed"));
                }
                let members: HashMap<(u64, u32), &[u8]> = state_write::members(&archive).into_iter().collect();
                for number in numbers {
                    let object: ObjectRec = state.record(Region::Objects, u64::from(number.value))?;
                    let member = members.get(&(object.member, object.occurrence));
                    let member = member.ok_or_else(|| format!("{name}: a member is gone"))?;
                    patch::object(&frame, state, number.value, &name, member, writes, counters)?;
                }
            }
            _ => return Err("the state of the previous link is damaged".into()),
        }
        Ok(bytes)
    }

    /// Notes the identities that the changed inputs have now.
    fn remember(
        &self,
        state: &mut State,
        changed: &[usize],
        racy: Vec<RacyRec>,
        nodes: &[u64],
        levels: &[usize],
    ) -> Result<(), Reason> {
        if !changed.is_empty() || racy.len() != state.header.n_racy as usize {
            state.header.n_racy = racy.len() as u32;
            for (idx, record) in racy.into_iter().enumerate() {
                state.set(Region::Racy, idx as u64, record)?;
            }
            // Even without a record to write the header has news.
            state.writes.push((0, Vec::new()));
        }
        let mut touched = HashSet::new();
        for &idx in changed {
            let mut idx = idx;
            for &level in levels {
                touched.insert(level + idx);
                idx /= FAN;
            }
        }
        let mut touched: Vec<usize> = touched.into_iter().collect();
        touched.sort_unstable();
        for at in touched {
            state.set(Region::Tree, at as u64, NodeRec { hash: nodes[at] })?;
        }
        state.header.root = nodes.last().copied().unwrap_or(0);
        state.header.generation += 1;
        Ok(())
    }

    /// Makes the writes, by the crash rule.
    fn commit(&self, state: &mut State, writes: &Writes, counters: &mut Counters) -> Result<(), IoError> {
        let (io, output) = (self.world.io, self.request.output);
        let stat = io.stat(output)?;
        let busy = |error: &IoError| error.kind == std::io::ErrorKind::ExecutableFileBusy;
        let in_place = match io.open_rw(output) {
            // The mapping of a library that someone has loaded changes with its file.
            Ok(file) if stat.n_links <= 1 && !self.request.options.is_shared() => Some(file),
            Ok(_) => None,
            Err(error) if busy(&error) => None,
            Err(error) => return Err(error),
        };
        state.header.phase = Phase::WRITING;
        state.write_header(counters)?;
        let [id_at, id_len] = state.header.build_id;
        let write = |file: &dyn ImageFile, counters: &mut Counters| {
            let mut id = vec![0; id_len as usize];
            file.read_at(id_at, &mut id)?;
            counters.bytes_read += id_len;
            let id = (id_at, new_build_id(&id, writes));
            writes.ranges.iter().chain([&id]).try_for_each(|(offset, bytes)| {
                counters.bytes_written += bytes.len() as u64;
                if bytes.is_empty() { Ok(()) } else { file.write_at(*offset, bytes) }
            })
        };
        let mode = stat.mode & 0o7777;
        match in_place {
            Some(file) => {
                file.set_mode(mode & !0o111)?;
                write(&*file, counters)?;
                state.flush(counters)?;
                file.set_mode(mode)?;
            }
            None => {
                let (twin, temp) = io.create_beside(output, 0o600)?;
                let bytes = self.world.source.read(output)?;
                counters.bytes_read += bytes.len() as u64;
                counters.bytes_written += bytes.len() as u64;
                let done = twin
                    .write_at(0, &bytes)
                    .and_then(|()| write(&*twin, counters))
                    .and_then(|()| twin.set_mode(mode))
                    .and_then(|()| io.rename(&temp, output));
                if let Err(error) = done {
                    let _ = io.remove(&temp);
                    return Err(error);
                }
                state.flush(counters)?;
            }
        }
        state.header.output = output_fields(&io.stat(output)?);
        state.header.phase = Phase::CLEAN;
        state.write_header(counters)
    }

    /// Links the same inputs in full, in memory, and holds the patched output against it.
    fn audit(&self) -> Result<Vec<String>, Vec<LinkError>> {
        let request = self.request;
        let files = self.open_files()?;
        let image = prepare(&files, request.options, self.format, self.arch)?;
        let patched = self.world.source.read(request.output).map_err(|error| io_error(&error))?;
        let file = self.world.io.open_rw(&state_path(request.output)).map_err(|error| io_error(&error))?;
        let state = State::open(file).map_err(|why| vec![LinkError::new(ErrorKind::Input, why.to_string())])?;
        audit::compare(&image, &state, &patched)
    }
}

/// A patched image's id: a hash of the id it had and of what is written, so that it costs no look at the rest.
fn new_build_id(old: &[u8], writes: &Writes) -> Vec<u8> {
    let mut hasher = ContentHasher::new();
    hasher.update(old);
    for (offset, bytes) in &writes.ranges {
        hasher.update_u64(*offset);
        hasher.update(bytes);
    }
    let mut seed = hasher.finish().0;
    let mut id = old.to_vec();
    for chunk in id.chunks_mut(16) {
        chunk.copy_from_slice(&seed.to_be_bytes()[..chunk.len()]);
        seed = content_id(&seed.to_be_bytes()).0;
    }
    id
}

fn path_of(what: &InputWhat) -> Option<&Path> {
    match what {
        InputWhat::Path(path) => Some(path),
        _ => None,
    }
}

/// Paths as the state keeps them: each followed by a NUL.
fn encode_paths(paths: &[PathBuf]) -> Vec<u8> {
    let each = paths.iter().map(|path| path.as_os_str().as_encoded_bytes());
    each.flat_map(|bytes| bytes.iter().copied().chain([0])).collect()
}

fn decode_paths(bytes: &[u8]) -> Option<Vec<PathBuf>> {
    let text = std::str::from_utf8(bytes).ok()?;
    Some(text.split_terminator('\0').map(PathBuf::from).collect())
}

/// Leaves that differ from what the state's tree says, found from the root down.
fn differing(state: &State, nodes: &[u64], levels: &[usize]) -> Result<Vec<usize>, Reason> {
    if nodes.last().copied().unwrap_or(0) == state.header.root {
        return Ok(Vec::new());
    }
    if state.count(Region::Tree) != nodes.len() as u64 {
        return Err("the list of files has changed".into());
    }
    let mut suspects = vec![0];
    for depth in (0..levels.len()).rev() {
        let start = levels[depth];
        let end = levels.get(depth + 1).copied().unwrap_or(nodes.len());
        if depth + 1 == levels.len() {
            // The root was compared already.
            continue;
        }
        let mut next = Vec::new();
        for parent in suspects {
            let first = start + parent * FAN;
            let last = (first + FAN).min(end);
            let left: Vec<NodeRec> = state.records(Region::Tree, first as u64, (last - first) as u64)?;
            let differ = left.iter().zip(first..last).filter(|(left, at)| left.hash != nodes[*at]);
            next.extend(differ.map(|(_, at)| at - start));
        }
        suspects = next;
    }
    if suspects.is_empty() {
        return Err("the state of the previous link is damaged".into());
    }
    Ok(suspects)
}
