//! What the writer makes, as readelf, llvm-dwarfdump, gdb and our own reader see it: two functions assembled by hand
//! with everything that the debug model can say.

use arch_x86_64::{ARCH, relocs};
use base::source::Included;
use base::{FileId, Id, IdVec, Pos, SourceMap};
use dwarf::symbolize::{Sections, Symbolizer};
use dwarf::{FrameKind, FrameWriter, UnitFacts, UnitWriter};
use ir::debug::{
    DebugInfo, DebugType, Encoding, FuncDebug, GlobalVar, LocalVar, Member, Qualifier, Scope, ScopeData, TypeData,
    VarHome,
};
use mc::rows::{FuncRows, LineRow, Place, UnwindOp, UnwindRow};
use obj::build::{ObjectBuilder, SectionSpec};
use obj::{AtomId, Binding, Object, RelocTarget, SectionFlags, SymId, SymbolKind};
use std::path::{Path, PathBuf};
use std::process::Command;

const SOURCE: &str = "\
struct point { int x; int y; unsigned low : 3, high : 5; union { long l; char c[2][3]; }; };
enum color { RED, GREEN = -5 };
int result; static __thread long tls = 7; const char *text = 0; int (*handler)(int, ...) = 0;
struct point origin; enum color color = GREEN;
int add(int a, int b)
{
  struct point p; int sum = a + b;
  p.x = sum;
  { int inner = sum * 2;
    p.y = inner; }
  return p.x;
}
int main(void)
{
  result = add(3, 4);
  return 0;
}
";

/// Position of the `n`th occurrence (from 0) of `text` in the source.
fn pos(sources: &SourceMap, file: FileId, text: &str, n: usize) -> Pos {
    let (at, _) = SOURCE.match_indices(text).nth(n).unwrap_or_else(|| panic!("{text} is not in the source"));
    sources.start(file).offset(at as u32)
}

struct Types {
    info: DebugInfo,
    int: DebugType,
    long: DebugType,
    point: DebugType,
    color: DebugType,
    text: DebugType,
    handler: DebugType,
    add: DebugType,
    main: DebugType,
}

fn types(sources: &SourceMap, file: FileId) -> Types {
    let mut info = DebugInfo::default();
    let mut base = |name: &str, size, encoding| info.types.push(TypeData::Base { name: name.into(), size, encoding });
    let int = base("int", 4, Encoding::Signed);
    let long = base("long int", 8, Encoding::Signed);
    let unsigned = base("unsigned int", 4, Encoding::Unsigned);
    let char = base("char", 1, Encoding::SignedChar);
    // Nothing refers to it: it must not be written.
    base("unused", 2, Encoding::Unsigned);
    let types = &mut info.types;
    let row = types.push(TypeData::Array { element: char, count: Some(3), size: 3 });
    let matrix = types.push(TypeData::Array { element: row, count: Some(2), size: 6 });
    let member = |name: &str, ty, offset| Member {
        name: name.into(),
        ty,
        offset,
        bit_size: 0,
        bit_offset: 0,
        pos: pos(sources, file, name, 0),
    };
    let union = types.push(TypeData::Record {
        name: "".into(),
        union: true,
        size: 8,
        align: 8,
        members: Some(vec![member("l", long, 0), member("c", matrix, 0)]),
        pos: pos(sources, file, "union", 0),
    });
    let bits = |name: &str, bit_offset, bit_size| Member { bit_offset, bit_size, ..member(name, unsigned, 8) };
    let point = types.push(TypeData::Record {
        name: "point".into(),
        union: false,
        size: 24,
        align: 8,
        members: Some(vec![
            member("x", int, 0),
            member("y", int, 4),
            bits("low", 64, 3),
            bits("high", 67, 5),
            Member { name: "".into(), ..member("union", union, 16) },
        ]),
        pos: pos(sources, file, "struct point", 0),
    });
    let color = types.push(TypeData::Enum {
        name: "color".into(),
        size: 4,
        signed: true,
        items: Some(vec![("RED".into(), 0), ("GREEN".into(), -5)]),
        pos: pos(sources, file, "enum", 0),
    });
    let const_char = types.push(TypeData::Qualified(Qualifier::Const, char));
    let text = types.push(TypeData::Pointer(const_char));
    let function =
        |params: Vec<DebugType>, variadic| TypeData::Function { ret: int, params, variadic, prototyped: true };
    let variadic = types.push(function(vec![int], true));
    let handler = types.push(TypeData::Pointer(variadic));
    let add = types.push(function(vec![int, int], false));
    let main = types.push(function(vec![], false));
    Types { info, int, long, point, color, text, handler, add, main }
}

/// push %rbp; mov %rsp,%rbp; …; pop %rbp; ret
fn unwind(size: u32) -> Vec<UnwindRow> {
    let row = |offset, op| UnwindRow { offset, op };
    vec![
        row(1, UnwindOp::DefCfaOffset { offset: 16 }),
        row(1, UnwindOp::Offset { reg: 6, offset: -16 }),
        row(4, UnwindOp::DefCfaRegister { reg: 6 }),
        row(size - 1, UnwindOp::DefCfa { reg: 7, offset: 8 }),
    ]
}

fn function(builder: &mut ObjectBuilder, name: &[u8], code: &[u8]) -> (SymId, AtomId) {
    let text = builder.section(SectionSpec::progbits(b".text", SectionFlags::ALLOC.with(SectionFlags::EXEC)), 0x90);
    let atom = builder.add_atom(text, 16, code);
    let sym = builder.add_symbol(name, Binding::Global, SymbolKind::Function);
    builder.define(sym, atom, 0, code.len() as u64);
    (sym, atom)
}

const ADD: &[u8] = &[
    0x55, 0x48, 0x89, 0xe5, // 0: push %rbp; mov %rsp,%rbp
    0x89, 0x7d, 0xdc, 0x89, 0x75, 0xd8, // 4: a at -0x24(%rbp), b at -0x28
    0x8b, 0x55, 0xdc, 0x8b, 0x45, 0xd8, 0x01, 0xd0, 0x89, 0x45, 0xfc, // 10: sum = a + b, at -4
    0x8b, 0x45, 0xfc, 0x89, 0x45, 0xe0, // 21: p.x = sum; p at -0x20
    0x8b, 0x45, 0xfc, 0x01, 0xc0, 0x89, 0x45, 0xf8, // 27: inner = sum * 2, at -8
    0x8b, 0x45, 0xf8, 0x89, 0x45, 0xe4, // 35: p.y = inner
    0x8b, 0x45, 0xe0, // 41: return p.x
    0x5d, 0xc3, // 44
];
const MAIN: &[u8] = &[
    0x55, 0x48, 0x89, 0xe5, // 0
    0xbe, 4, 0, 0, 0, 0xbf, 3, 0, 0, 0, 0xe8, 0, 0, 0, 0, // 4: add(3, 4)
    0x89, 0x05, 0, 0, 0, 0, // 19: result =
    0x31, 0xc0, 0x5d, 0xc3, // 25: return 0
];

/// The object, as code generation would make it.
fn object(directory: &str, frame_kind: FrameKind) -> Object<'static> {
    let mut sources = SourceMap::new();
    let included = Included { from: Pos::NONE, system: false };
    let file = sources.add("test.c".into(), SOURCE.into(), included).unwrap();
    let at = |text: &str, n| pos(&sources, file, text, n);
    let mut types = types(&sources, file);
    let mut builder = ObjectBuilder::new();
    let facts = UnitFacts { file_name: "test.c", directory, producer: "kit 0", language: dwarf::consts::DW_LANG_C11 };
    let (add, add_atom) = function(&mut builder, b"add", ADD);
    let (main, main_atom) = function(&mut builder, b"main", MAIN);
    let mut symbols: IdVec<ir::Symbol, SymId> = IdVec::new();
    let writable = SectionFlags::ALLOC.with(SectionFlags::WRITE);
    let globals: [(&str, DebugType, u64, &[u8], bool); 6] = [
        ("result", types.int, 4, &[], true),
        ("tls", types.long, 8, &[7, 0, 0, 0, 0, 0, 0, 0], false),
        ("text", types.text, 8, &[], true),
        ("handler", types.handler, 8, &[], true),
        ("origin", types.point, 24, &[], true),
        ("color", types.color, 4, &[0xfb, 0xff, 0xff, 0xff], true),
    ];
    for (name, ty, size, bytes, external) in globals {
        let binding = if external { Binding::Global } else { Binding::Local };
        let tls = name == "tls";
        let sym = builder.add_symbol(name.as_bytes(), binding, if tls { SymbolKind::Tls } else { SymbolKind::Object });
        let atom = if tls {
            let spec = SectionSpec::progbits(b".tdata", writable.with(SectionFlags::TLS));
            let section = builder.section(spec, 0);
            builder.add_atom(section, 8, bytes)
        } else if bytes.is_empty() {
            let section = builder.section(SectionSpec::nobits(b".bss", writable), 0);
            builder.add_zero_atom(section, 8, size)
        } else {
            let section = builder.section(SectionSpec::progbits(b".data", writable), 0);
            builder.add_atom(section, 8, bytes)
        };
        builder.define(sym, atom, 0, size);
        let symbol = symbols.push(sym);
        let pos = at(name, 0);
        types.info.globals.push(GlobalVar { name: name.into(), ty, symbol, external, tls, pos });
    }
    builder.add_reloc(main_atom, 15, relocs::R_X86_64_PLT32, RelocTarget::symbol(add), -4);
    builder.add_reloc(
        main_atom,
        21,
        relocs::R_X86_64_PC32,
        RelocTarget::symbol(symbols[ir::Symbol::from_index(0)]),
        -4,
    );

    let mut unit = UnitWriter::new(&mut builder, &ARCH, &facts);
    let initial = [UnwindOp::DefCfa { reg: 7, offset: 8 }, UnwindOp::Offset { reg: 16, offset: -8 }];
    let mut frames = FrameWriter::new(&mut builder, &ARCH, frame_kind, &initial);
    let line = |offset, pos| LineRow { offset, pos, flags: LineRow::IS_STMT };
    let add_rows = FuncRows {
        symbol: add,
        atom: add_atom,
        size: ADD.len() as u32,
        lines: vec![
            line(0, at("{", 3)),
            LineRow { offset: 10, pos: at("a + b", 0), flags: LineRow::IS_STMT | LineRow::PROLOGUE_END },
            line(21, at("p.x =", 0)),
            line(27, at("sum * 2", 0)),
            line(35, at("p.y", 0)),
            line(41, at("return p.x", 0)),
            LineRow { offset: 44, pos: at("}\nint main", 0), flags: LineRow::IS_STMT | LineRow::EPILOGUE_BEGIN },
        ],
        unwind: unwind(ADD.len() as u32),
        places: [-52, -56, -48, -20, -24].map(Place::Frame).to_vec(),
        scopes: vec![(0, 46), (27, 41)],
    };
    let body = ScopeData { parent: Scope::NONE, first: 0, end: 0 };
    let inner = ScopeData { parent: Scope::from_index(0), ..body };
    let (outer_id, inner_id) = (Scope::from_index(0), Scope::from_index(1));
    let var = |name: &str, ty, scope, slot, param, n| LocalVar {
        name: name.into(),
        ty,
        scope,
        home: VarHome::Slot(ir::Slot::from_index(slot)),
        param,
        pos: at(name, n),
    };
    let add_debug = FuncDebug {
        name: "add".into(),
        ty: types.add,
        external: true,
        pos: at("add(int", 0),
        open: at("add(int", 0),
        end: at("}\nint main", 0),
        scopes: [body, inner].into_iter().collect(),
        vars: vec![
            var("a", types.int, outer_id, 0, true, 0),
            var("b", types.int, outer_id, 1, true, 0),
            var("p", types.point, outer_id, 2, false, 0),
            var("sum", types.int, outer_id, 3, false, 0),
            var("inner", types.int, inner_id, 4, false, 0),
        ],
    };
    let main_rows = FuncRows {
        symbol: main,
        atom: main_atom,
        size: MAIN.len() as u32,
        lines: vec![
            line(0, at("{\n  result", 0)),
            line(4, at("result = add", 0)),
            line(25, at("return 0", 0)),
            line(27, at("}\n", 2)),
        ],
        unwind: unwind(MAIN.len() as u32),
        places: vec![],
        scopes: vec![(0, 29)],
    };
    let main_debug = FuncDebug {
        name: "main".into(),
        ty: types.main,
        external: true,
        pos: at("main", 0),
        open: at("main", 0),
        end: at("}\n", 2),
        scopes: [body].into_iter().collect(),
        vars: vec![],
    };
    // Only declared: nothing may come to need it.
    let missing = builder.add_symbol(b"missing", Binding::Global, SymbolKind::Object);
    let missing_symbol = symbols.push(missing);
    let pos = at("text", 0);
    let missing_var =
        GlobalVar { name: "missing".into(), ty: types.int, symbol: missing_symbol, external: true, tls: false, pos };
    types.info.globals.push(missing_var);
    let missing_local =
        LocalVar { name: "missing_local".into(), home: VarHome::Static(missing_symbol), ..add_debug.vars[3].clone() };
    let static_local = LocalVar {
        name: "static_local".into(),
        home: VarHome::Static(ir::Symbol::from_index(5)),
        ty: types.color,
        ..missing_local.clone()
    };
    let add_debug =
        FuncDebug { vars: [add_debug.vars.clone(), vec![missing_local, static_local]].concat(), ..add_debug };
    let symbol_of = |symbol: ir::Symbol| symbols.get(symbol).copied();
    for (debug, rows) in [(&add_debug, &add_rows), (&main_debug, &main_rows)] {
        unit.function(&sources, &types.info, debug, rows, &symbol_of);
        frames.function(rows);
    }
    unit.finish(&mut builder, &sources, &types.info, &symbol_of);
    frames.finish(&mut builder);
    fmt_elf::notes::add_notes(&mut builder, &fmt_elf::notes::Notes::default());
    builder.finish()
}

/// A directory with source, object and program; removed when dropped.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, frame_kind: FrameKind) -> Scratch {
        let dir = std::env::temp_dir().join(format!("dwarf-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        std::fs::write(dir.join("test.c"), SOURCE).unwrap();
        let object = object(dir.to_str().unwrap(), frame_kind);
        std::fs::write(dir.join("test.o"), fmt_elf::write_object(&object, &ARCH, Default::default())).unwrap();
        run(Command::new("gcc").args(["test.o", "-o", "test"]).current_dir(&dir));
        Scratch(dir)
    }
    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|e| panic!("{command:?}: {e}"));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {text}{complaints}");
    text
}

fn is_installed(tool: &str) -> bool {
    let found = Command::new(tool).arg("--version").output().is_ok();
    if !found {
        eprintln!("skipped: no {tool}");
        assert!(std::env::var_os("KIT_CI").is_none(), "{tool} is missing");
    }
    found
}

/// The frame section of an object.
fn frame_section(bytes: &[u8], name: &[u8]) -> (Vec<u8>, Vec<(u32, i64)>) {
    let object = fmt_elf::read_object(bytes, &ARCH).unwrap();
    let section = object.sections.iter().find(|section| *section.name == *name).unwrap();
    let relocs = object.atom_relocs(section.atoms.start).iter().map(|reloc| (reloc.offset, reloc.addend));
    (section.data.to_vec(), relocs.collect())
}

#[test]
fn frame_tables_are_byte_for_byte_those_of_gnu_as() {
    // Functions of which the rows need every width of advance, and every kind of rule.
    let sizes = [29, 400, 70_000, 5];
    let rows = |size: u32| -> Vec<(UnwindRow, String)> {
        let row = |offset, op, text: &str| (UnwindRow { offset, op }, text.to_string());
        let mut rows = vec![row(1, UnwindOp::DefCfaOffset { offset: 16 }, ".cfi_def_cfa_offset 16")];
        if size > 10 {
            rows.push(row(1, UnwindOp::Offset { reg: 6, offset: -16 }, ".cfi_offset 6, -16"));
            rows.push(row(4, UnwindOp::DefCfaRegister { reg: 6 }, ".cfi_def_cfa_register 6"));
            rows.push(row(5, UnwindOp::RememberState, ".cfi_remember_state"));
            rows.push(row(size / 2, UnwindOp::Restore { reg: 6 }, ".cfi_restore 6"));
            rows.push(row(size / 2, UnwindOp::DefCfa { reg: 7, offset: 8 }, ".cfi_def_cfa 7, 8"));
            rows.push(row(size - 2, UnwindOp::RestoreState, ".cfi_restore_state"));
            rows.push(row(size - 1, UnwindOp::SameValue { reg: 3 }, ".cfi_same_value 3"));
            rows.push(row(size - 1, UnwindOp::Undefined { reg: 12 }, ".cfi_undefined 12"));
        }
        rows
    };
    let dir = std::env::temp_dir().join(format!("dwarf-cfi-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    let cases = [(FrameKind::EhFrame, ".eh_frame"), (FrameKind::DebugFrame, ".debug_frame")];
    for (kind, name) in cases {
        let mut builder = ObjectBuilder::new();
        let initial = [UnwindOp::DefCfa { reg: 7, offset: 8 }, UnwindOp::Offset { reg: 16, offset: -8 }];
        let text = builder.section(SectionSpec::progbits(b".text", SectionFlags::ALLOC.with(SectionFlags::EXEC)), 0);
        let mut frames = FrameWriter::new(&mut builder, &ARCH, kind, &initial);
        let mut source = format!(".cfi_sections {name}\n");
        for size in sizes {
            let atom = builder.add_atom(text, 1, &vec![0x90; size as usize]);
            source.push_str(".cfi_startproc\n");
            let (mut at, mut list) = (0, Vec::new());
            for (row, directive) in rows(size) {
                source.push_str(&format!(".skip {}, 0x90\n{directive}\n", row.offset - at));
                at = row.offset;
                list.push(row);
            }
            source.push_str(&format!(".skip {}, 0x90\n.cfi_endproc\n", size - at));
            frames.entry(atom, 0, u64::from(size), &list);
        }
        frames.finish(&mut builder);
        let ours =
            fmt_elf::write_object(&builder.finish(), &ARCH, fmt_elf::WriteOptions { atoms: false, merge_names: false });
        std::fs::write(dir.join("a.s"), source).unwrap();
        run(Command::new("as").args(["a.s", "-o", "a.o"]).current_dir(&dir));
        let theirs = std::fs::read(dir.join("a.o")).unwrap();
        assert_eq!(frame_section(&ours, name.as_bytes()), frame_section(&theirs, name.as_bytes()), "{name}");
    }
    std::fs::remove_dir_all(&dir).unwrap();
}

#[test]
fn readers_find_nothing_wrong() {
    for (name, kind) in [("eh", FrameKind::EhFrame), ("debug", FrameKind::DebugFrame)] {
        let scratch = Scratch::new(name, kind);
        let dump = |file: &Path| {
            let output = Command::new("readelf")
                .arg("--debug-dump=info,abbrev,decodedline,Ranges,frames")
                .arg(file)
                .output()
                .unwrap();
            assert_eq!(String::from_utf8_lossy(&output.stderr), "");
            String::from_utf8_lossy(&output.stdout).into_owned()
        };
        let text = dump(&scratch.path("test"));
        assert!(text.contains("DW_AT_name        : inner") && !text.contains("unused"), "{text}");
        assert!(text.contains("DW_CFA_def_cfa: r7 (rsp) ofs 8"));
        if is_installed("llvm-dwarfdump") {
            let verdict = run(Command::new("llvm-dwarfdump").arg("--verify").arg(scratch.path("test.o")));
            assert!(verdict.contains("No errors."), "{verdict}");
            run(Command::new("llvm-dwarfdump").arg("--verify").arg(scratch.path("test")));
        }
    }
}

#[test]
fn gdb_shows_what_the_source_says() {
    if !is_installed("gdb") {
        return;
    }
    let scratch = Scratch::new("gdb", FrameKind::EhFrame);
    let commands = [
        "set confirm off",
        "set print thread-events off",
        "set debuginfod enabled off",
        "break add",
        "run",
        "info args",
        "next",
        "next",
        "print sum",
        "next",
        "print inner",
        "print static_local",
        "next",
        "print p.x",
        "print p.y",
        "set var sum = 99",
        "print sum",
        "backtrace",
        "ptype struct point",
        "ptype handler",
        "ptype add",
        "print color",
        "print tls",
        "print origin",
        "whatis text",
        "info symbol add",
        "info line 9",
        "finish",
        "up",
        "info locals",
        "break test.c:16",
        "continue",
        "print result",
        "continue",
    ];
    let mut gdb = Command::new("gdb");
    gdb.args(["-nx", "-batch", "-q"]).env("LC_ALL", "C");
    for command in commands {
        gdb.args(["-ex", command]);
    }
    let text = run(gdb.arg("./test").current_dir(&scratch.0));
    for expected in [
        "Breakpoint 1, add (a=3, b=4) at test.c:7",
        "a = 3\nb = 4\n",
        "$1 = 7\n",
        "$2 = 14\n",
        "$3 = GREEN\n",
        "$4 = 7\n",
        "$5 = 14\n",
        "$6 = 99\n",
        "#1  0x",
        "in main () at test.c:15",
        "    unsigned int low : 3;\n    unsigned int high : 5;\n    union {\n        long l;\n        char c[2][3];\n    };\n",
        "type = int (*)(int, ...)",
        "type = int (int, int)",
        "= GREEN\n",
        "= 7\n",
        "{x = 0, y = 0, low = 0, high = 0, {l = 0, c = {",
        "type = const char *",
        "Line 9 of \"test.c\" starts at address",
        "Value returned is $",
        "Breakpoint 2, main () at test.c:16",
        "exited normally",
    ] {
        assert!(text.contains(expected), "{expected:?} is not in:\n{text}");
    }
}

#[test]
fn addresses_become_functions_and_lines() {
    let scratch = Scratch::new("symbolize", FrameKind::EhFrame);
    let bytes = std::fs::read(scratch.path("test")).unwrap();
    let program = fmt_elf::read_program(&bytes).unwrap();
    let address = |name: &[u8]| program.symbols.iter().find(|sym| *sym.name == *name).unwrap().value;
    let symbolizer = Symbolizer::of_program(&program);
    let show = |address| {
        let frames = symbolizer.frames(address);
        let texts = frames.iter().map(|f| {
            let file = f.file.map_or("?".into(), |file| file.as_given());
            format!("{} {file}:{}", f.function().unwrap_or("?".into()), f.line)
        });
        texts.collect::<Vec<_>>().join(" < ")
    };
    assert_eq!(show(address(b"add")), "add test.c:6");
    assert_eq!(show(address(b"add") + 36), "add test.c:10");
    assert_eq!(show(address(b"main") + 20), "main test.c:15");
    assert_eq!(show(0), "");
    let function = |address| program.function_at(address).map(|(symbol, offset)| (symbol.name.to_vec(), offset));
    assert_eq!(function(address(b"main") + 20), Some((b"main".to_vec(), 20)));
    assert_eq!(function(address(b"_start") + 1), Some((b"_start".to_vec(), 1)));
    assert_eq!(function(0), None);
}

#[test]
fn inlined_calls_are_named() {
    let scratch = Scratch::new("inlined", FrameKind::EhFrame);
    let text = "volatile int x;\nstatic inline __attribute__((always_inline)) void deep(int n) {\n  x = n / x;\n}\n\
        static inline __attribute__((always_inline)) void mid(int n) {\n  deep(n + 1);\n}\n\
        int main(int argc, char **argv) {\n  x = 1; mid(argc);\n  return 0;\n}\n";
    std::fs::write(scratch.path("inlined.c"), text).unwrap();
    for flags in [["-gdwarf-5", "-O2"], ["-gdwarf-4", "-O1"]] {
        run(Command::new("gcc").args(flags).args(["inlined.c", "-o", "inlined"]).current_dir(&scratch.0));
        let bytes = std::fs::read(scratch.path("inlined")).unwrap();
        let program = fmt_elf::read_program(&bytes).unwrap();
        let main = program.symbols.iter().find(|sym| *sym.name == *b"main").unwrap();
        let symbolizer = Symbolizer::of_program(&program);
        let found =
            (main.value..main.value + main.size).map(|at| symbolizer.frames(at)).find(|frames| frames.len() == 3);
        let frames = found.expect("the division is inlined twice");
        let lines: Vec<_> = frames.iter().map(|f| (f.name.unwrap(), f.line, f.inlined)).collect();
        let wanted: [(&[u8], u32, bool); 3] = [(b"deep", 3, true), (b"mid", 6, true), (b"main", 9, false)];
        assert_eq!(lines, wanted);
    }
}

#[test]
fn damaged_debug_sections_do_no_harm() {
    let scratch = Scratch::new("damaged", FrameKind::EhFrame);
    let bytes = std::fs::read(scratch.path("test")).unwrap();
    let program = fmt_elf::read_program(&bytes).unwrap();
    let main = program.symbols.iter().find(|sym| *sym.name == *b"main").unwrap().value;
    let names = [".debug_info", ".debug_abbrev", ".debug_line", ".debug_rnglists"];
    let good = names.map(|name| program.section(name.as_bytes()).unwrap().data.to_vec());
    let mut state = 0x1234_5678_9abc_def1u64;
    let mut random = |limit: usize| {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        (state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11) as usize % limit
    };
    for _ in 0..3000 {
        let mut sections = good.clone();
        for _ in 0..1 + random(3) {
            let section = &mut sections[random(4)];
            let at = random(section.len());
            match random(8) {
                0 => section.truncate(at.max(1)),
                1 => section[at] = 0xff,
                _ => section[at] = random(256) as u8,
            }
        }
        let find = |name: &str| match names.iter().position(|known| *known == name) {
            Some(idx) => &sections[idx][..],
            None => &[],
        };
        let symbolizer = Symbolizer::new(Sections::find(find));
        let frames = symbolizer.frames(main + 5);
        frames.iter().filter_map(|frame| frame.file).for_each(|file| file.push_path(&mut Vec::new()));
    }
}
