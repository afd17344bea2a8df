//! The gate: what is not provably local is linked in full, with a reason; and a state that lies is never believed.

mod patching;

use kit::link::LinkOutcome;
use kit::linker::session::state_path;
use kit::linker::{Input, InputWhat};
use patching::{Kind, Project, Random, change_a_number, is_patched};
use std::fs;
use std::path::Path;
use std::process::Command;

struct Scene {
    /// Removes the directory at the end.
    _dir: sys::TempDir,
    project: Project,
    random: Random,
}

fn scene(seed: u64) -> Scene {
    let dir = sys::TempDir::new().expect("a directory");
    let mut random = Random(seed);
    let project = Project::new(dir.path(), Kind::Pie, 3, &mut random);
    project.link(false);
    Scene { _dir: dir, project, random }
}

impl Scene {
    /// Links; the program must be right and the link full, for a reason that has `words`.
    fn full(&self, words: &str) {
        let outcome = self.project.link(false).outcome;
        let LinkOutcome::Full(Some(reason)) = &outcome else { panic!("{words}: {outcome}") };
        assert!(reason.contains(words), "{words}: {reason}");
        self.right();
    }

    fn right(&self) {
        assert_eq!(self.project.run().as_deref(), Ok(&*self.project.expected()));
    }

    fn compile(&self, source: &str, object: &str) {
        fs::write(self.project.dir.join("extra.c"), source).expect("a source");
        let mut gcc = Command::new("gcc");
        gcc.args(["-w", "-O1", "-fPIC", "-c", "extra.c", "-o", object]).current_dir(&self.project.dir);
        assert!(gcc.status().expect("gcc starts").success());
    }
}

#[test]
fn what_is_not_local_is_linked_in_full_with_a_reason() {
    let mut scene = scene(0x5eed_0021);
    let project = &mut scene.project;
    assert!(matches!(project.link(false).outcome, LinkOutcome::Unchanged(_)));
    // An object changes its symbols.
    let function = project.units[0].functions[0].clone();
    project.units[0].functions.push(function);
    project.compile(&[0], true);
    scene.full("its sections or symbols have changed");
    // Code outgrows its slot.
    let steps = scene.project.units[0].functions[0].steps.clone();
    scene.project.units[0].functions[0].steps = steps.iter().cycle().take(40).copied().collect();
    scene.project.compile(&[0], false);
    scene.full("bytes and its place");
    // Somebody strips the output.
    let strip = Command::new("strip").arg("-g").arg(scene.project.output()).status();
    assert!(strip.expect("strip starts").success());
    scene.full("changed by someone else");
    // The state is gone, or the output.
    fs::remove_file(state_path(&scene.project.output())).expect("there is a state");
    scene.full("no state");
    fs::remove_file(scene.project.output()).expect("there is an output");
    scene.full("no output");
    // Other code for the same symbols, that wants an entry in the GOT.
    assert!(is_patched(&{
        change_a_number(&mut scene.project, 1, &mut scene.random);
        scene.project.link(true).outcome
    }));
    scene.right();
}

#[test]
fn another_command_or_kit_or_run_of_the_machine_is_another_link() {
    let scene = scene(0x5eed_0022);
    let mut request = scene.project.request(false);
    let link = |request: &kit::link::LinkRequest| {
        let done = kit::link::link_to_file(request, &sys::Host, patching::target());
        done.map(|done| done.outcome.to_string()).map_err(|errors| errors[0].to_string()).expect("it links")
    };
    request.options.export_dynamic = true;
    assert!(link(&request).contains("options have changed"));
    assert_eq!(link(&request), "UNCHANGED");
    let extra = scene.project.dir.join("extra.o");
    scene.compile("int extra;", "extra.o");
    request.inputs.push(Input::path(&extra));
    assert!(link(&request).contains("list of inputs has changed"));
    request.machine.build += 1;
    assert!(link(&request).contains("another kit's"));
    request.machine.boot ^= 1;
    assert!(link(&request).contains("restarted"));
    request.machine.directory = Path::new("/").to_path_buf();
    assert!(link(&request).contains("options have changed"));
    request.options.gc_sections = true;
    assert!(link(&request).contains("options have changed"));
    assert_eq!(link(&request), "UNCHANGED");
    scene.right();
}

#[test]
fn a_library_that_appears_earlier_on_the_path_is_seen() {
    let scene = scene(0x5eed_0023);
    let mut request = scene.project.request(false);
    let early = scene.project.dir.join("early");
    fs::create_dir(&early).expect("a directory");
    request.options.library_paths.insert(0, early.clone());
    let link = |request: &kit::link::LinkRequest| {
        let done = kit::link::link_to_file(request, &sys::Host, patching::target());
        done.map(|done| done.outcome.to_string()).map_err(|errors| errors[0].to_string())
    };
    link(&request).expect("it links");
    assert_eq!(link(&request).as_deref(), Ok("UNCHANGED"));
    scene.compile("int unused_here;", "early.o");
    let archive = early.join("libm.a");
    let ar = Command::new("ar").arg("rcs").arg(&archive).arg(scene.project.dir.join("early.o")).status();
    assert!(ar.expect("ar starts").success());
    let said = link(&request).expect("it links");
    let uses_math = request.inputs.iter().any(|input| matches!(&input.what, InputWhat::Library(name) if name == "m"));
    assert_eq!(said.contains("libm.a has changed"), uses_math, "{said}");
    let shadow = early.join("libc.a");
    fs::copy(&archive, &shadow).expect("a copy");
    let said = link(&request);
    assert!(said.is_err() || said.as_ref().is_ok_and(|said| said.contains("libc.a has changed")), "{said:?}");
}

/// A change within the same tick of the clock, with the same size, is no secret.
#[test]
fn a_change_that_leaves_no_trace_in_the_time_stamp_is_seen() {
    let mut scene = scene(0x5eed_0024);
    for _ in 0..20 {
        change_a_number(&mut scene.project, 0, &mut scene.random);
        scene.project.link(true);
        scene.right();
    }
}

/// Entries of tables that a change needs for the first time.
#[test]
fn a_new_entry_of_a_table_is_a_reason() {
    let scene = scene(0x5eed_0025);
    // The symbols stay the same and where they are, only how one is reached differs: `keep` goes through the GOT, so that
    // the assembler names `_GLOBAL_OFFSET_TABLE_` in every version.
    let body = |how: &str| {
        format!(
            "int puts(const char *); extern char **environ; long keep(void) {{ return (long)&environ; }}\n\
                 int say(void) {{ return puts(\"x\"); }}\nvoid *how(void) {{ return {how}; }}\n"
        )
    };
    scene.compile(&body("(void *)0"), "extra.o");
    let mut request = scene.project.request(true);
    request.inputs.push(Input::path(scene.project.dir.join("extra.o")));
    let link = || {
        let done = kit::link::link_to_file(&request, &sys::Host, patching::target());
        done.map(|done| done.outcome.to_string()).map_err(|errors| errors[0].to_string()).expect("it links")
    };
    link();
    scene.compile(&body("(void *)puts"), "extra.o");
    let said = link();
    assert!(said.contains("needs a new entry"), "puts was only called: {said}");
    scene.compile(&body("(void *)&environ"), "extra.o");
    assert!(link().starts_with("PATCHED"), "environ has what it takes");
}

/// Damage of the state leads to a full link, or to none where nothing depends on it; never to a wrong program.
#[test]
fn a_damaged_state_is_not_believed() {
    let mut scene = scene(0x5eed_0026);
    let path = state_path(&scene.project.output());
    let (mut full, mut patched) = (0, 0);
    for round in 0..120 {
        change_a_number(&mut scene.project, round % 3, &mut scene.random);
        let mut bytes = fs::read(&path).expect("there is a state");
        match scene.random.below(4) {
            0 => bytes.truncate(scene.random.below(bytes.len())),
            1 => {
                let (from, to) = (scene.random.below(bytes.len()), scene.random.below(bytes.len()));
                let len = scene.random.below(400).min(bytes.len() - from.max(to));
                bytes.copy_within(from..from + len, to);
            }
            _ => {
                for _ in 0..1 + scene.random.below(200) {
                    let at = scene.random.below(bytes.len());
                    bytes[at] ^= 1 << scene.random.below(8);
                }
            }
        }
        fs::write(&path, &bytes).expect("the state");
        let outcome = scene.project.link(false).outcome;
        match is_patched(&outcome) {
            true => patched += 1,
            false => full += 1,
        }
        scene.right();
    }
    println!("figure: damaged states {}", full + patched);
    assert!(full > 40 && patched > 5, "{full} full, {patched} patched");
}

/// Outputs of other kinds come out as without the option.
#[test]
fn a_device_as_output_is_written_through() {
    let scene = scene(0x5eed_0027);
    let mut request = scene.project.request(false);
    request.output = "/dev/null".into();
    let done =
        kit::link::link_to_file(&request, &sys::Host, patching::target()).map_err(|errors| errors[0].to_string());
    assert!(done.is_ok_and(|done| done.outcome.to_string().contains("not a file")));
    assert!(!Path::new("/dev/null.kls").exists());
}

/// Inputs that come as bytes are compared as bytes.
#[test]
fn bytes_in_memory_are_inputs_too() {
    let mut scene = scene(0x5eed_0028);
    let link = |scene: &Scene| {
        let mut request = scene.project.request(true);
        let bytes = fs::read(scene.project.dir.join("u0.o")).expect("an object");
        for input in &mut request.inputs {
            if matches!(&input.what, InputWhat::Path(path) if path.ends_with("u0.o")) {
                let bytes = base::io::FileBytes::from_vec(bytes.clone());
                input.what = InputWhat::Bytes { name: "u0.o".into(), bytes };
            }
        }
        let done = kit::link::link_to_file(&request, &sys::Host, patching::target());
        done.map(|done| done.outcome).map_err(|errors| errors[0].to_string()).expect("it links")
    };
    link(&scene);
    assert!(matches!(link(&scene), LinkOutcome::Unchanged(_)));
    change_a_number(&mut scene.project, 0, &mut scene.random);
    assert!(is_patched(&link(&scene)));
    scene.right();
    assert!(matches!(link(&scene), LinkOutcome::Unchanged(_)));
}

/// What `--gc-sections` keeps is what is referred to: a reference that comes or goes asks for a full link.
#[test]
fn what_is_collected_is_decided_by_full_links() {
    let scene = scene(0x5eed_0029);
    let body = |how: &str, dead: u32| {
        format!(
            "unsigned spare(void) {{ return {dead}u; }}\nunsigned other(void);\n\
             unsigned f0_0(unsigned, int);\nunsigned entry(void) {{ return {how}; }}\n"
        )
    };
    let compile = |how: &str, dead: u32| {
        scene.compile(&format!("#pragma GCC optimize (\"function-sections\")\n{}", body(how, dead)), "extra.o");
    };
    let mut request = scene.project.request(true);
    request.options.gc_sections = true;
    request.options.undefined.push("entry".into());
    request.inputs.push(Input::path(scene.project.dir.join("extra.o")));
    let link = || {
        let done = kit::link::link_to_file(&request, &sys::Host, patching::target());
        done.map(|done| done.outcome.to_string()).map_err(|errors| errors[0].to_string()).expect("it links")
    };
    compile("f0_0(1, 3)", 1);
    link();
    assert_eq!(link(), "UNCHANGED");
    compile("f0_0(2, 3)", 1);
    assert!(link().starts_with("PATCHED"));
    compile("f0_0(2, 3) + spare()", 1);
    let said = link();
    assert!(said.contains("gc-sections") || said.contains("its place"), "{said}");
    scene.right();
}

/// Outputs that are not patched are left alone all the same when nothing changed.
#[test]
fn relocatable_outputs_are_remembered() {
    let scene = scene(0x5eed_002a);
    scene.compile("int extra;", "extra.o");
    let mut request = scene.project.request(false);
    request.options.output = kit::linker::options::OutputKind::Relocatable;
    request.options.interpreter = None;
    request.output = scene.project.dir.join("combined.o");
    request.inputs =
        vec![Input::path(scene.project.dir.join("extra.o")), Input::path(scene.project.dir.join("main.o"))];
    let link = || {
        let done = kit::link::link_to_file(&request, &sys::Host, patching::target());
        done.map(|done| done.outcome.to_string()).map_err(|errors| errors[0].to_string()).expect("it links")
    };
    assert!(link().contains("no state"));
    assert_eq!(link(), "UNCHANGED");
    scene.compile("int extra = 1;", "extra.o");
    assert!(link().contains("extra.o has changed"));
}
