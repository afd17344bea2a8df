//! The first step, the spine: its clauses.

use super::*;

// One row a line: this is read as a table.
#[rustfmt::skip]
pub(super) static CLAUSES: &[Clause] = &[
    // House.
    clause("house.tidy", "crate edges, headers, no plug-in named in generic crates", Check(house_tidy), &[]),
    clause("house.pages", "README, ARCHITECTURE, decisions, dependencies, status, licences, .ci/run", Check(house_pages), &[]),
    clause("house.first-command", "the README's first command runs a C program", Check(first_command), &[]),
    // The driver and the tools.
    clause("cc.flags", "every option from one table; unknown -f and -m are errors, -Wno- silent; -S later", Script("cc-flags"), &[("checks", AtLeast(100.0))]),
    clause("cc.inputs-kept", "an output that is an input is refused, under any name and by every tool", Script("cc-inputs-kept"), &[]),
    clause("cc.environment", "CPATH, C_INCLUDE_PATH, LIBRARY_PATH, SOURCE_DATE_EPOCH, TMPDIR as gcc", Script("cc-environment"), &[]),
    clause("cc.queries", "--version -v -dumpmachine -dumpversion -print-*", Script("cc-queries"), &[("checks", AtLeast(20.0))]),
    clause("cc.dependencies", "-M -MM -MD -MMD -MF -MT -MQ -MP -Wp,-MD as gcc writes them", Script("cc-dependencies"), &[("checks", AtLeast(11.0))]),
    clause("cc.inputs", ".s and .S by the system's as; C, objects, archives, shared objects in one link", Script("cc-assembly"), &[]),
    clause("cc.no-gcc-files", "a dynamic PIE program without any file of gcc's", Script("cc-no-gcc-files"), &[]),
    clause("tools.objects", "kit cpp, ld, ar, nm, objdump; notes; objects that other tools read", Script("objects"), &[]),
    clause("tools.install", "kit install, argv[0], kit doctor", Script("install"), &[]),
    // The C front end and the IR.
    clause("c.language", "C11 and K&R, modes of code, errors with caret and notes, many in a run", Script("cc-language"), &[]),
    clause("c.wrong-programs", "30 wrong programs with golden first lines, at most two errors a mistake", Test("driver", "wrong_programs"), &[("wrong programs", AtLeast(30.0)), ("most errors for one mistake", AtMost(2.0))]),
    clause("c.rewind", "the front end's state rewinds at every external declaration", Test("lang-c", "rewind"), &[]),
    clause("ir.text", "text form, parser, verifier, round trip", Units("ir", "text::"), &[]),
    clause("ir.interpreter", "the interpreter runs every operation", Units("ir", "interp::"), &[]),
    clause("ir.second-front-end", "a test-only front end of at most 800 lines over the public IR", Test("testkit", "second_front_end"), &[("front end lines", AtMost(800.0))]),
    clause("codegen.sinks", "register sink and spill-everything sink agree on the corpus", Test("kit", "sinks"), &[]),
    clause("codegen.abi", "SysV: scalars, aggregates, varargs, long double, both ways with gcc", Test("kit", "abi"), &[]),
    // Objects and linking.
    clause("obj.round-trip", "read(write(o)) == o", Test("fmt-elf", "round_trip"), &[]),
    clause("link.kinds", "dynamic PIE, non-PIE, static, static-PIE, shared; TLS, IFUNC, versions; messages", Script("link-kinds"), &[]),
    clause("link.against-gnu-ld", "60 cases against GNU ld, with a throwing g++ program and a rustc program", Test("driver", "link_cases"), &[("link cases", AtLeast(60.0))]),
    // The first patch.
    clause("patch.outcomes", "UNCHANGED, PATCHED, full with a reason; kit's and gcc's objects, archives, -g", Script("patch"), &[]),
    clause("patch.work", "no unchanged input opened; bytes do not grow from 100 to 1,000 units (strace)", Test("driver", "patch_work"), &[("unchanged inputs opened", AtMost(0.0)), ("growth of bytes", AtMost(1.05))]),
    clause("patch.kill", "killed at every write: old, new or not executable, and relinks", Test("driver", "patch_kill"), &[("kill points", AtLeast(10.0)), ("wrong", AtMost(0.0))]),
    clause("patch.audit", "500 seeded random edits audited, none wrong; corruption is seen", Test("driver", "patch_audit"), &[("edits", AtLeast(500.0)), ("wrong", AtMost(0.0))]),
    // Running, debugging, embedding.
    clause("run.program", "kit run and build-exe: a program runs as a program, faults are told", Script("run"), &[]),
    clause("debug.gdb", "25 gdb transcripts", Test("driver", "gdb"), &[("transcripts", AtLeast(25.0))]),
    clause("library.example", "a 30-line example: a C string, linked in memory, called", Check(library_example), &[]),
    clause("library.sessions", "two sessions in two threads", Test("kit", "two_sessions"), &[]),
    // 1 Programs.
    clause("programs.lua", "Lua 5.4 by its makefile, a broad script as with gcc", Check(|kit| program(kit, "lua", false)), &[]),
    clause("programs.sqlite", "sqlite3 amalgamation: SQL script, speedtest1 with verification", Check(|kit| program(kit, "sqlite", false)), &[]),
    clause("programs.zlib", "zlib: configure, make, example, minigzip, shared library", Check(|kit| program(kit, "zlib", false)), &[]),
    clause("programs.lua-mixed", "every other unit by gcc, both ways, linked by kit and GNU ld", Check(|kit| program(kit, "lua", true)), &[]),
    clause("programs.sqlite-mixed", "every other unit by gcc, both ways, linked by kit and GNU ld", Check(|kit| program(kit, "sqlite", true)), &[]),
    clause("programs.zlib-mixed", "every other unit by gcc, both ways, linked by kit and GNU ld", Check(|kit| program(kit, "zlib", true)), &[]),
    // 2 Breadth.
    clause("breadth.torture", "gcc 14.2's c-torture/execute, at least 80 % of cases tried", Check(|kit| torture(kit, 80.0)), &[]),
    clause("breadth.tests2", "tcc's tests2, at least 80 of 95", Check(|kit| tests2(kit, 80, 0)), &[]),
    clause("breadth.csmith", "100 random programs drawn from the commit's hash equal to gcc", Check(|kit| csmith(kit, 100)), &[]),
    // 3 One path.
    clause("path.text", "every function of the corpus through IR text gives the same bytes", Test("kit", "one_path"), &[("functions", AtLeast(1000.0)), ("different", AtMost(0.0))]),
    clause("path.interpreter", "the interpreter agrees with machine code on csmith and tests2", Test("kit", "interp_agrees"), &[("programs agreeing", AtLeast(100.0)), ("programs differing", AtMost(0.0))]),
    clause("path.edges", "lang-c has no edge to codegen, mc or any architecture", Check(lang_c_edges), &[]),
    // 6 Fuzz and a failing world.
    clause("fuzz.c", "lexer, preprocessor, parser: errors, never a panic, bounded", Test("lang-c", "fuzz"), &[("tests", AtLeast(1.0))]),
    clause("fuzz.ir", "IR text", Test("ir", "fuzz"), &[("tests", AtLeast(1.0))]),
    clause("fuzz.elf", "ELF reader", Test("fmt-elf", "fuzz"), &[("tests", AtLeast(1.0))]),
    clause("fuzz.archive", "archive reader", Units("obj", "archive::tests::mutated_archives"), &[("tests", AtLeast(1.0))]),
    clause("world.outputs", "outputs, missing inputs, EPIPE: clear messages, nothing lost, no partial file", Script("outputs"), &[]),
    clause("world.files", "every failing file operation", Test("sys", "files"), &[]),
    clause("rt.headers", "freestanding headers equal to gcc's in names, values and types", Test("rt", "headers"), &[]),
    // 7 Figures.
    clause("figures.compile", "-c -O0 of sqlite3.c and Lua: at most 1.3x tcc, 0.15x gcc", Results, &[("compile.sqlite3.per-tcc", AtMost(1.3)), ("compile.sqlite3.per-gcc", AtMost(0.15)), ("compile.lua.per-tcc", AtMost(1.3)), ("compile.lua.per-gcc", AtMost(0.15))]),
    clause("figures.phases", "instructions per token by phase beside the budget", Results, &[("compile.sqlite3.per-token", Present)]),
    clause("figures.run", "kit run hello against tcc -run", Results, &[("run.hello.per-tcc", Present)]),
    clause("figures.link", "links of Lua and sqlite against mold and wild", Results, &[("link.lua.per-mold", Present), ("link.sqlite.per-mold", Present), ("link.lua.per-wild", Present), ("link.sqlite.per-wild", Present)]),
    clause("figures.patch", "one-function patch against full link at 100 and 1,000 units", Results, &[("patch.100.per-full", Present), ("patch.1000.per-full", Present)]),
    clause("figures.size", "peak memory, binary size", Results, &[("memory.sqlite3.mb", Present), ("binary.mb", Present)]),
    clause("figures.version", "kit --version takes at most 0.5 M instructions", Results, &[("version.instructions", AtMost(500_000.0))]),
];
