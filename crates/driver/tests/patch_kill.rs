//! A patch that is killed: whatever was written last, the output is the old program, the new one, or cannot be executed,
//! and the next link makes the new one.
//!
//! In this process a file system stands between the link and the real one and dies at its n-th change, half way through
//! it; from outside the program is killed for real, at every system call that writes.

mod patching;

use base::io::{FileBytes, FileStat, ImageFile, ImageIo, InputSource, IoError};
use patching::{Kind, Project, Random, change_a_number, is_patched};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many changes are still made; the one after them is made by half, and nothing after that.
#[derive(Clone)]
struct Life(Arc<AtomicUsize>);

impl Life {
    fn of(changes: usize) -> Life {
        Life(Arc::new(AtomicUsize::new(changes)))
    }

    fn dead(&self) -> IoError {
        IoError::new(Path::new("killed"), "write", &std::io::Error::other("killed"))
    }

    /// `Ok(true)`: go on; `Ok(false)`: do half of it and die.
    fn spend(&self) -> Result<bool, IoError> {
        match self.0.load(Ordering::Relaxed) {
            0 => Err(self.dead()),
            1 => {
                self.0.store(0, Ordering::Relaxed);
                Ok(false)
            }
            left => {
                self.0.store(left - 1, Ordering::Relaxed);
                Ok(true)
            }
        }
    }

    fn change(&self, act: impl FnOnce() -> Result<(), IoError>) -> Result<(), IoError> {
        if self.spend()? { act() } else { Err(self.dead()) }
    }
}

struct Mortal {
    host: sys::Host,
    life: Life,
}

impl InputSource for Mortal {
    fn stat(&self, path: &Path) -> Result<FileStat, IoError> {
        InputSource::stat(&self.host, path)
    }
    fn read(&self, path: &Path) -> Result<FileBytes, IoError> {
        self.host.read(path)
    }
    fn read_into(&self, path: &Path, out: &mut Vec<u8>) -> Result<FileStat, IoError> {
        self.host.read_into(path, out)
    }
}

impl ImageIo for Mortal {
    fn open_rw(&self, path: &Path) -> Result<Box<dyn ImageFile>, IoError> {
        let file = self.host.open_rw(path)?;
        Ok(Box::new(MortalFile { file, life: self.life.clone() }))
    }
    fn create_beside(&self, path: &Path, mode: u32) -> Result<(Box<dyn ImageFile>, PathBuf), IoError> {
        let (file, temp) = self.host.create_beside(path, mode)?;
        Ok((Box::new(MortalFile { file, life: self.life.clone() }), temp))
    }
    fn rename(&self, from: &Path, to: &Path) -> Result<(), IoError> {
        self.life.change(|| self.host.rename(from, to))
    }
    fn remove(&self, path: &Path) -> Result<(), IoError> {
        self.life.change(|| self.host.remove(path))
    }
    fn stat(&self, path: &Path) -> Result<FileStat, IoError> {
        ImageIo::stat(&self.host, path)
    }
    fn lock(&self, path: &Path) -> Result<Box<dyn std::any::Any>, IoError> {
        self.host.lock(path)
    }
}

struct MortalFile {
    file: Box<dyn ImageFile>,
    life: Life,
}

impl ImageFile for MortalFile {
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), IoError> {
        self.file.read_at(offset, buf)
    }
    fn write_at(&self, offset: u64, bytes: &[u8]) -> Result<(), IoError> {
        if self.life.spend()? {
            return self.file.write_at(offset, bytes);
        }
        self.file.write_at(offset, &bytes[..bytes.len() / 2])?;
        Err(self.life.dead())
    }
    fn len(&self) -> Result<u64, IoError> {
        self.file.len()
    }
    fn set_len(&self, len: u64) -> Result<(), IoError> {
        self.life.change(|| self.file.set_len(len))
    }
    fn stat(&self) -> Result<FileStat, IoError> {
        self.file.stat()
    }
    fn set_mode(&self, mode: u32) -> Result<(), IoError> {
        self.life.change(|| self.file.set_mode(mode))
    }
}

/// What became of a killed link.
struct Scene {
    project: Project,
    random: Random,
    /// What the program printed before the edit.
    old: String,
    points: usize,
    wrong: Vec<String>,
    /// Links as the killed link would have; says how.
    relink: fn(&Project) -> String,
}

impl Scene {
    fn new(dir: &Path, kind: Kind, seed: u64, relink: fn(&Project) -> String) -> Scene {
        let mut random = Random(seed);
        let project = Project::new(dir, kind, 4, &mut random);
        relink(&project);
        let old = project.expected();
        Scene { project, random, old, points: 0, wrong: Vec::new(), relink }
    }

    fn edit(&mut self) {
        self.old = self.project.expected();
        change_a_number(&mut self.project, 0, &mut self.random);
    }

    /// The rule, and the next link.
    fn judge(&mut self, what: &str) {
        let new = self.project.expected();
        let mode = fs::metadata(self.project.output()).map_or(0, |meta| meta.permissions().mode());
        if mode & 0o111 != 0 {
            let got = self.project.run();
            if got.as_deref() != Ok(&self.old) && got.as_deref() != Ok(&new) {
                self.wrong.push(format!("{what}: it runs and prints {got:?}"));
            }
        } else if self.project.run().is_ok() {
            self.wrong.push(format!("{what}: it runs without execute bits"));
        }
        let outcome = (self.relink)(&self.project);
        let got = self.project.run();
        if got.as_deref() != Ok(&new) {
            self.wrong.push(format!("{what}: after the next link ({outcome}) it prints {got:?}"));
        }
    }
}

/// Kills a link after every number of changes until one ends by itself.
fn kill_inside(scene: &mut Scene, before: impl Fn(&Project) -> Option<std::process::Child>) {
    for changes in 1.. {
        scene.edit();
        let running = before(&scene.project);
        let mortal = Mortal { host: sys::Host, life: Life::of(changes) };
        let done = scene.project.link_on(&mortal, false);
        if let Some(mut child) = running {
            child.kill().expect("a running program");
            child.wait().expect("it ends");
        }
        if let Ok(done) = done {
            assert!(is_patched(&done.outcome), "{}", done.outcome);
            scene.judge("alive");
            return;
        }
        scene.points += 1;
        scene.judge(&format!("change {changes}"));
        assert!(changes < 200, "a patch makes fewer changes");
    }
}

fn report(scenes: &[&Scene]) {
    let points: usize = scenes.iter().map(|scene| scene.points).sum();
    let wrong: Vec<&String> = scenes.iter().flat_map(|scene| &scene.wrong).collect();
    println!("figure: kill points {points}");
    println!("figure: wrong {}", wrong.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn killed_at_every_write() {
    let dir = sys::TempDir::new().expect("a directory");
    let inside = |project: &Project| project.link(false).outcome.to_string();
    let mut plain = Scene::new(&dir.path().join("plain"), Kind::Pie, 0x5eed_0011, inside);
    kill_inside(&mut plain, |_| None);
    // A running program keeps its bytes: a copy is patched.
    let mut busy = Scene::new(&dir.path().join("busy"), Kind::Pie, 0x5eed_0012, inside);
    kill_inside(&mut busy, |project| {
        let mut command = Command::new(project.output());
        Some(command.arg("wait").stdin(Stdio::piped()).stdout(Stdio::null()).spawn().expect("it starts"))
    });
    let mut fixed = Scene::new(&dir.path().join("fixed"), Kind::Fixed, 0x5eed_0013, inside);
    kill_inside(&mut fixed, |_| None);
    let mut outside = Scene::new(&dir.path().join("outside"), Kind::Pie, 0x5eed_0014, Project::kit_ld);
    kill_outside(&mut outside);
    report(&[&plain, &busy, &fixed, &outside]);
}

/// A second name of the output keeps the bytes that it had.
#[test]
fn another_name_keeps_its_bytes() {
    let dir = sys::TempDir::new().expect("a directory");
    let mut scene = Scene::new(dir.path(), Kind::Pie, 0x5eed_0015, |project| project.link(false).outcome.to_string());
    let second = scene.project.dir.join("second-name");
    fs::hard_link(scene.project.output(), &second).expect("a second name");
    let before = fs::read(&second).expect("it is there");
    scene.edit();
    scene.judge("second name");
    assert!(scene.wrong.is_empty(), "{:?}", scene.wrong);
    assert_eq!(fs::read(&second).expect("it is there"), before);
}

/// The same from outside: `SIGKILL` on entry to the n-th call of each kind.
fn kill_outside(scene: &mut Scene) {
    for call in ["pwrite64", "fchmod", "rename", "unlink", "ftruncate"] {
        for nth in 1..100 {
            scene.edit();
            let inject = format!("inject={call}:signal=KILL:when={nth}");
            let mut command = Command::new("strace");
            command.args(["-f", "-qq", "-e", &format!("trace={call}"), "-e", &inject, "-o", "/dev/null"]);
            command
                .arg(env!("CARGO_BIN_EXE_kit"))
                .arg("ld")
                .args(scene.project.words())
                .current_dir(&scene.project.dir);
            let output = command.output().expect("strace starts");
            if output.status.success() {
                let text = String::from_utf8_lossy(&output.stderr);
                assert!(text.contains("PATCHED"), "{text}");
                scene.judge("alive");
                break;
            }
            scene.points += 1;
            scene.judge(&format!("{call} {nth}"));
        }
    }
}
