//! The second step, real C: its clauses.

use super::*;

// One row a line: this is read as a table.
#[rustfmt::skip]
pub(super) static CLAUSES: &[Clause] = &[
    // What exists: the language.
    clause("c.attributes", "attributes of gcc's manual that real projects use: effect, or a warning", Script("c-attributes"), &[("checks", AtLeast(40.0))]),
    clause("c.extensions", "statement expressions, typeof, label values, nested functions, VLAs, empty structs…", Script("c-extensions"), &[("checks", AtLeast(30.0))]),
    clause("c.types", "__int128, long double, _Complex, _Float128, _Thread_local, _Atomic, vectors", Script("c-types"), &[("checks", AtLeast(20.0))]),
    clause("c.builtins", "__builtin_*, __atomic_*, __sync_*: folded, passed on, equal to gcc", Script("c-builtins"), &[("checks", AtLeast(40.0))]),
    clause("c.asm", "inline asm: constraints, modifiers, clobbers, names, flags, goto; file level; unknown named", Script("c-asm"), &[("checks", AtLeast(30.0))]),
    clause("c.intrinsics", "the vector instructions' headers: every intrinsic as gcc's, on random operands", Script("c-intrinsics"), &[("intrinsics", AtLeast(580.0))]),
    clause("c.pragmas", "#pragma pack once push_macro weak redefine_extname GCC; __has_*, _Pragma", Script("c-pragmas"), &[("checks", AtLeast(10.0))]),
    // Identity and the driver.
    clause("cc.identity", "36 of the 39 behaviours that build systems ask for", Script("cc-identity"), &[("behaviours", AtLeast(36.0))]),
    clause("cc.flag-shapes", "the 143 shapes of flags that projects give", Script("cc-flag-shapes"), &[("shapes", AtLeast(143.0))]),
    clause("cc.hardening", "dpkg-buildflags' set compiles; hardening is honoured, warned about or refused", Script("cc-hardening"), &[]),
    clause("cc.tools", "ccache hits, make -j2, valgrind, perf", Script("cc-tools"), &[]),
    clause("cc.musl", "--target=x86_64-linux-musl with the distribution's musl, static and dynamic", Script("cc-musl"), &[]),
    clause("cc.many", "build-exe and several -c inputs in parallel; same bytes as one by one", Script("cc-many"), &[]),
    clause("rt.runtime", "128-bit, _Float128, _Complex, atomics by kit's own runtime, compiled on demand", Script("rt-runtime"), &[]),
    // Diagnostics.
    clause("c.warnings", "-Wall -Wextra of the front end's own knowledge, -Werror=, -Wno-, colour, fix-its", Script("c-warnings"), &[("checks", AtLeast(40.0))]),
    clause("c.wrong-programs", "60 wrong programs against clang: place, at most two errors a mistake, fix-its", Test("driver", "wrong_programs"), &[("wrong programs", AtLeast(60.0)), ("most errors for one mistake", AtMost(2.0)), ("fix-its of clang's percent", AtLeast(50.0))]),
    // 1 Programs.
    clause("programs.bzip2", "make, its own tests", Check(|kit| program(kit, "bzip2", false)), &[]),
    clause("programs.lz4", "make, its own tests", Check(|kit| program(kit, "lz4", false)), &[]),
    clause("programs.zstd", "make, its own tests", Check(|kit| program(kit, "zstd", false)), &[]),
    clause("programs.xz", "configure, make check", Check(|kit| program(kit, "xz", false)), &[]),
    clause("programs.libpng", "configure, make check", Check(|kit| program(kit, "libpng", false)), &[]),
    clause("programs.expat", "configure, make check", Check(|kit| program(kit, "expat", false)), &[]),
    clause("programs.cjson", "cmake, its own tests", Check(|kit| program(kit, "cjson", false)), &[]),
    clause("programs.jansson", "configure, make check", Check(|kit| program(kit, "jansson", false)), &[]),
    clause("programs.pcre2", "configure, make check", Check(|kit| program(kit, "pcre2", false)), &[]),
    clause("programs.tinycc", "compiles itself and passes tests2", Check(|kit| program(kit, "tinycc", false)), &[]),
    clause("programs.quickjs", "make, its own tests", Check(|kit| program(kit, "quickjs", false)), &[]),
    clause("programs.jq", "with oniguruma, its own tests", Check(|kit| program(kit, "jq", false)), &[]),
    clause("programs.redis", "builds, starts, answers", Check(|kit| program(kit, "redis", false)), &[]),
    clause("programs.musl", "C by kit, a static program on it", Check(|kit| program(kit, "musl", false)), &[]),
    // 2 and 3 Breadth.
    clause("breadth.torture", "gcc 14.2's c-torture/execute, at least 96 % of cases tried", Check(|kit| torture(kit, 96.0)), &[]),
    clause("breadth.compile", "gcc 14.2's c-torture/compile, at least 97 %", Check(|kit| torture_compile(kit, 97.0)), &[]),
    clause("breadth.tests2", "tcc's tests2 at least 91 of 95, pp at least 19 of 22", Check(|kit| tests2(kit, 91, 19)), &[]),
    clause("breadth.csmith", "1,000 random programs equal to gcc (recorded)", Results, &[("csmith.equal", AtLeast(1000.0)), ("csmith.different", AtMost(0.0)), ("csmith.interpreted", AtLeast(900.0))]),
    // 4 ABI and layout.
    clause("codegen.abi-fuzz", "20,000 random functions, kit and gcc calling each other both ways (recorded)", Results, &[("abi.functions", AtLeast(20_000.0)), ("abi.different", AtMost(0.0))]),
    clause("c.layout-fuzz", "20,000 random structs laid out as gcc does", Test("kit", "layouts"), &[("structs", AtLeast(20_000.0)), ("different", AtMost(0.0))]),
    // 5 Debugging.
    clause("debug.gdb", "60 gdb transcripts", Test("driver", "gdb"), &[("transcripts", AtLeast(60.0))]),
    // 6 Figures.
    clause("figures.compile", "sqlite3.c, Lua, hdr.c, hello.c in instructions", Results, &[("compile.sqlite3.minstr", AtMost(415.0)), ("compile.lua.per-tcc", AtMost(0.85)), ("compile.lua-one-call.per-tcc", AtMost(0.5)), ("compile.hdr.minstr", AtMost(48.0)), ("compile.hello.minstr", AtMost(3.6))]),
    clause("figures.peers", "at most 0.15x gcc and clang; wall time of sqlite3.c at most tcc's; -g beside tcc -g", Results, &[("compile.sqlite3.per-gcc", AtMost(0.15)), ("compile.sqlite3.per-clang", AtMost(0.15)), ("compile.lua.per-gcc", AtMost(0.15)), ("compile.hello.per-gcc", AtMost(0.15)), ("compile.sqlite3.wall-per-tcc", AtMost(1.0)), ("compile.sqlite3-g.per-tcc-g", Present)]),
    clause("figures.memory", "peak memory of sqlite3.c at most 32 MB", Results, &[("memory.sqlite3.mb", AtMost(32.0))]),
    clause("figures.kernels", "22 kernels: geometric mean at least 0.50 of gcc -O2's speed", Results, &[("kernels.per-gcc-O2", AtLeast(0.5))]),
    clause("figures.run", "kit run of hello at most 1.5x tcc -run, of sqlite with a query at most 1.1x", Results, &[("run.hello.per-tcc", AtMost(1.5)), ("run.sqlite.per-tcc", AtMost(1.1))]),
    clause("figures.link", "links of Lua and sqlite at most 1.2x wild and mold", Results, &[("link.lua.per-mold", AtMost(1.2)), ("link.sqlite.per-mold", AtMost(1.2)), ("link.lua.per-wild", AtMost(1.2)), ("link.sqlite.per-wild", AtMost(1.2))]),
    // 8 Fuzz.
    clause("fuzz.mutants", "100,000 seeded mutants of sources, objects, archives (recorded)", Results, &[("fuzz.mutants", AtLeast(100_000.0)), ("fuzz.failures", AtMost(0.0))]),
    clause("fuzz.bombs", "nesting of 10^5, macro bombs, recursive includes end in an error with a place", Script("bombs"), &[("checks", AtLeast(12.0))]),
];
