//! Every way in which the world can fail an input or an output, and that nothing is lost or left behind when it does.

use base::io::{ImageIo, InputSource};
use std::fs;
use std::io::{ErrorKind, Read};
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc;
use sys::{Host, OutputKind, output_kind, write_output, write_output_with};

/// A directory of its own for one test, removed afterwards.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Scratch {
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(&dir).unwrap();
        Scratch(dir)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(&self.0).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn reads_small_and_large_files_alike() {
    let dir = Scratch::new("read");
    for size in [0usize, 1, 4096, 65535, 65536, 300_000] {
        let bytes: Vec<u8> = (0..size).map(|i| (i * 7 + i / 251) as u8).collect();
        let path = dir.path("in");
        fs::write(&path, &bytes).unwrap();
        assert_eq!(&*Host.read(&path).unwrap(), &bytes[..]);
        let mut text = b"before".to_vec();
        let stat = Host.read_into(&path, &mut text).unwrap();
        assert_eq!(stat.size, size as u64);
        assert_eq!(&text[..6], b"before");
        assert_eq!(&text[6..], &bytes[..]);
    }
}

#[test]
fn reads_files_that_do_not_tell_their_size() {
    let bytes = Host.read(Path::new("/proc/self/status")).unwrap();
    assert!(bytes.starts_with(b"Name:"));
    let mut text = Vec::new();
    Host.read_into(Path::new("/proc/self/status"), &mut text).unwrap();
    assert!(text.starts_with(b"Name:") && text.ends_with(b"\n"));
}

#[test]
fn a_mapping_outlives_the_name_and_its_replacement() {
    let dir = Scratch::new("mapping");
    let path = dir.path("lib.a");
    fs::write(&path, vec![b'x'; 200_000]).unwrap();
    let bytes = Host.read(&path).unwrap();
    write_output(&path, b"new", 0o666).unwrap();
    fs::remove_file(&path).unwrap();
    assert!(bytes.iter().all(|&b| b == b'x') && bytes.len() == 200_000);
}

#[test]
fn missing_input_and_directory_input_say_so() {
    let dir = Scratch::new("noinput");
    let error = Host.read(&dir.path("absent.c")).unwrap_err();
    assert!(error.is_not_found());
    assert!(error.to_string().starts_with("cannot open ") && error.to_string().ends_with("No such file or directory"));
    let mut out = b"kept".to_vec();
    let error = Host.read_into(&dir.0, &mut out).unwrap_err();
    assert_eq!(error.kind, ErrorKind::IsADirectory);
    assert_eq!(out, b"kept");
    assert_eq!(Host.read(&dir.0).unwrap_err().kind, ErrorKind::IsADirectory);
}

#[test]
fn an_output_is_replaced_whole_with_the_asked_mode() {
    let dir = Scratch::new("replace");
    let path = dir.path("a.out");
    write_output(&path, b"one", 0o777).unwrap();
    let umask = umask();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o777 & !umask);
    write_output(&path, b"two", 0o666).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o666 & !umask);
    assert_eq!(fs::read(&path).unwrap(), b"two");
    assert_eq!(dir.names(), ["a.out"]);
}

/// The umask of this process, read without changing it.
fn umask() -> u32 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|l| l.strip_prefix("Umask:")).unwrap();
    u32::from_str_radix(line.trim(), 8).unwrap()
}

#[test]
fn other_hard_links_keep_the_old_bytes() {
    let dir = Scratch::new("hardlink");
    fs::write(dir.path("a.o"), b"old").unwrap();
    fs::hard_link(dir.path("a.o"), dir.path("cached.o")).unwrap();
    write_output(&dir.path("a.o"), b"new", 0o666).unwrap();
    assert_eq!(fs::read(dir.path("cached.o")).unwrap(), b"old");
    assert_eq!(fs::read(dir.path("a.o")).unwrap(), b"new");
}

#[test]
fn a_symbolic_link_is_replaced_and_its_target_kept() {
    let dir = Scratch::new("symlink");
    fs::write(dir.path("real"), b"old").unwrap();
    symlink("real", dir.path("link")).unwrap();
    write_output(&dir.path("link"), b"new", 0o666).unwrap();
    assert_eq!(fs::read(dir.path("real")).unwrap(), b"old");
    assert_eq!(fs::read(dir.path("link")).unwrap(), b"new");
}

#[test]
fn a_running_program_is_replaced_and_runs_on() {
    let dir = Scratch::new("running");
    let path = dir.path("prog");
    // Copied by another process: a descriptor of ours, open for writing, could live on in a child of another test.
    assert!(Command::new("cp").args(["/bin/sleep".as_ref(), path.as_path()]).status().unwrap().success());
    let mut child = Command::new(&path).arg("30").spawn().unwrap();
    // In place it is refused, with a kind that a caller can act on; by rename it works.
    let refused = match Host.open_rw(&path) {
        Ok(_) => panic!("a running program was opened for writing"),
        Err(error) => error,
    };
    assert_eq!(refused.kind, ErrorKind::ExecutableFileBusy);
    write_output(&path, b"new", 0o777).unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"new");
    assert!(child.try_wait().unwrap().is_none());
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_directory_as_output_is_an_error_and_stays() {
    let dir = Scratch::new("dirout");
    let error = write_output(&dir.0, b"x", 0o666).unwrap_err();
    assert_eq!(error.kind, ErrorKind::IsADirectory);
    assert_eq!(error.to_string(), format!("cannot write {}: Is a directory", dir.0.display()));
    assert!(Host.create_beside(&dir.0, 0o777).is_err());
    assert!(dir.names().is_empty());
}

#[test]
fn a_missing_or_unwritable_directory_is_an_error() {
    let dir = Scratch::new("nodir");
    let error = write_output(&dir.path("no/such/a.o"), b"x", 0o666).unwrap_err();
    assert!(error.is_not_found());
    // Nobody, root included, makes files in /proc/self or /sys.
    for path in ["/proc/self/a.o", "/sys/a.o"] {
        let error = write_output(Path::new(path), b"x", 0o666).unwrap_err();
        assert!(error.to_string().starts_with(&format!("cannot create {path}: ")), "{error}");
        assert!(Host.create_beside(Path::new(path), 0o777).is_err());
    }
    // A parent that is a file.
    fs::write(dir.path("file"), b"").unwrap();
    assert_eq!(write_output(&dir.path("file/a.o"), b"x", 0o666).unwrap_err().kind, ErrorKind::NotADirectory);
}

#[test]
fn an_existing_output_survives_a_failing_writer() {
    let dir = Scratch::new("failing");
    let path = dir.path("a.o");
    fs::write(&path, b"precious").unwrap();
    let error = write_output_with(&path, 0o666, |out| {
        out.write_all(&[0; 200_000])?;
        Err(std::io::Error::from(ErrorKind::StorageFull))
    })
    .unwrap_err();
    assert_eq!(error.kind, ErrorKind::StorageFull);
    assert_eq!(fs::read(&path).unwrap(), b"precious");
    assert_eq!(dir.names(), ["a.o"]);
}

/// The system itself refuses to write on, half way: a file size limit, in a process of its own.
#[test]
fn an_existing_output_survives_a_full_disk() {
    if let Ok(path) = std::env::var("KIT_SYS_TEST_LIMITED") {
        let limit = libc::rlimit { rlim_cur: 1000, rlim_max: 1000 };
        // SAFETY: plain system calls in a process that does nothing else.
        unsafe {
            libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
            assert_eq!(libc::setrlimit(libc::RLIMIT_FSIZE, &limit), 0);
        }
        let error = write_output(Path::new(&path), &[1; 5000], 0o666).unwrap_err();
        assert_eq!(error.kind, ErrorKind::FileTooLarge);
        return;
    }
    let dir = Scratch::new("limited");
    let path = dir.path("a.o");
    fs::write(&path, b"precious").unwrap();
    // Into a file and not a pipe, so that the harness's own output is not what fails: it is short.
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "an_existing_output_survives_a_full_disk", "--quiet"])
        .env("KIT_SYS_TEST_LIMITED", &path)
        .stdout(std::process::Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
    assert_eq!(fs::read(&path).unwrap(), b"precious");
    assert_eq!(dir.names(), ["a.o"]);
}

#[test]
fn the_null_device_stays_a_device() {
    let null = Path::new("/dev/null");
    write_output(null, b"x", 0o777).unwrap();
    let (file, temp) = Host.create_beside(null, 0o777).unwrap();
    file.write_at(0, b"image").unwrap();
    Host.rename(&temp, null).unwrap();
    assert!(!temp.exists());
    assert!(fs::metadata(null).unwrap().file_type().is_char_device());
    assert_eq!(write_output(Path::new("/dev/full"), b"x", 0o666).unwrap_err().kind, ErrorKind::StorageFull);
}

#[test]
fn a_fifo_is_written_through() {
    let dir = Scratch::new("fifo");
    let path = dir.path("pipe");
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    let reader = {
        let path = path.clone();
        std::thread::spawn(move || {
            let mut got = Vec::new();
            fs::File::open(path).unwrap().read_to_end(&mut got).unwrap();
            got
        })
    };
    write_output(&path, b"through", 0o666).unwrap();
    assert_eq!(reader.join().unwrap(), b"through");
    assert!(fs::metadata(&path).unwrap().file_type().is_fifo());
}

#[test]
fn standard_output_means_the_open_descriptor() {
    assert_eq!(output_kind(Path::new("/dev/stdout")).unwrap(), OutputKind::Descriptor(1));
    assert_eq!(output_kind(Path::new("/dev/null")).unwrap(), OutputKind::Special);
    // A descriptor opened for appending keeps what was there.
    let dir = Scratch::new("stdout");
    let path = dir.path("log");
    fs::write(&path, b"one ").unwrap();
    let file = fs::OpenOptions::new().append(true).open(&path).unwrap();
    let by_number = format!("/dev/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&file));
    write_output(Path::new(&by_number), b"two", 0o666).unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"one two");
    assert!(write_output(Path::new("/dev/fd/987654"), b"x", 0o666).is_err());
}

#[test]
fn an_image_is_patched_in_place_and_appears_by_rename() {
    let dir = Scratch::new("image");
    let path = dir.path("a.out");
    let (file, temp) = Host.create_beside(&path, 0o600).unwrap();
    assert!(!path.exists() && temp.parent() == path.parent());
    file.set_len(10).unwrap();
    file.write_at(4, b"abc").unwrap();
    file.set_mode(0o750).unwrap();
    assert_eq!(file.len().unwrap(), 10);
    Host.rename(&temp, &path).unwrap();
    let again = Host.open_rw(&path).unwrap();
    let mut buf = [0; 3];
    again.read_at(4, &mut buf).unwrap();
    assert_eq!(&buf, b"abc");
    assert_eq!(again.read_at(9, &mut buf).unwrap_err().kind, ErrorKind::UnexpectedEof);
    let stat = again.stat().unwrap();
    assert_eq!((stat.size, stat.mode & 0o777, stat.n_links), (10, 0o750, 1));
    assert_eq!(ImageIo::stat(&Host, &path).unwrap(), stat);
    assert_eq!(fs::metadata(&path).unwrap().ino(), stat.inode);
    Host.remove(&path).unwrap();
    Host.remove(&path).unwrap();
    assert!(Host.open_rw(&path).err().unwrap().is_not_found());
    assert!(dir.names().is_empty());
}

#[test]
fn names_of_the_longest_length_work() {
    let dir = Scratch::new("longname");
    let path = dir.path(&"n".repeat(255));
    write_output(&path, b"x", 0o666).unwrap();
    let lock = Host.lock(&path).unwrap();
    drop(lock);
    assert_eq!(dir.names().len(), 1);
}

#[test]
fn a_lock_excludes_and_leaves_nothing() {
    let dir = Scratch::new("lock");
    let path = dir.path("a.out");
    let held = Host.lock(&path).unwrap();
    let (tell, hear) = mpsc::channel();
    let other = {
        let path = path.clone();
        std::thread::spawn(move || {
            let _lock = Host.lock(&path).unwrap();
            tell.send(()).unwrap();
        })
    };
    assert!(hear.recv_timeout(std::time::Duration::from_millis(50)).is_err());
    drop(held);
    hear.recv_timeout(std::time::Duration::from_secs(20)).unwrap();
    other.join().unwrap();
    assert!(dir.names().is_empty());
}

#[test]
fn a_lock_serialises_many_takers() {
    let dir = Scratch::new("locks");
    let path = dir.path("count");
    fs::write(&path, b"0").unwrap();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..25 {
                    let _lock = Host.lock(&path).unwrap();
                    let n: u32 = fs::read_to_string(&path).unwrap().parse().unwrap();
                    fs::write(&path, (n + 1).to_string()).unwrap();
                }
            });
        }
    });
    assert_eq!(fs::read_to_string(&path).unwrap(), "200");
    assert_eq!(dir.names(), ["count"]);
}
