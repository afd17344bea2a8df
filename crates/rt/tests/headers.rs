//! The headers against gcc's own: the same program compiled twice by gcc, once with its headers and once with ours, has
//! the same macros with the same values, the same types and sizes. Tools that are missing are an error: the set-up
//! script installs gcc.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn work(name: &str) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    fs::create_dir_all(&dir).unwrap();
    dir
}

/// gcc with its own headers, or with ours in their place.
fn gcc(ours: Option<&Path>, args: &[&str]) -> Output {
    let mut command = Command::new("gcc");
    if let Some(dir) = ours {
        command.arg("-nostdinc").arg("-isystem").arg(dir);
        command.args(["-isystem", "/usr/include/x86_64-linux-gnu", "-isystem", "/usr/include"]);
    }
    command.args(args).output().expect("gcc")
}

/// Our headers as files. Written from the embedded table, not read from the source tree: the table is what ships.
fn installed(dir: &Path) -> PathBuf {
    let include = dir.join("include");
    fs::create_dir_all(&include).unwrap();
    for own in ["x86_64", "kit"] {
        fs::create_dir_all(include.join(own)).unwrap();
    }
    for header in rt::HEADERS {
        fs::write(include.join(header.name), header.text).unwrap();
    }
    include
}

#[test]
fn the_table_is_ordered_and_complete() {
    assert!(rt::HEADERS.windows(2).all(|pair| pair[0].name < pair[1].name));
    let names = |dir: &str| {
        fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("include").join(dir)).unwrap().filter_map(|entry| {
            let entry = entry.unwrap();
            entry.file_type().unwrap().is_file().then(|| entry.file_name().into_string().unwrap())
        })
    };
    let mut on_disk: Vec<String> = names("").collect();
    for own in ["x86_64", "kit"] {
        on_disk.extend(names(own).map(|name| format!("{own}/{name}")));
    }
    on_disk.sort();
    assert_eq!(on_disk, rt::HEADERS.iter().map(|h| h.name).collect::<Vec<_>>());
    assert!(rt::header("stddef.h").unwrap().ends_with(b"#endif\n"));
    assert!(rt::header("stdio.h").is_none());
}

/// The names of the macros that an inclusion of `header` defines beyond what the compiler predefines, without those in
/// the implementation's name space.
fn macro_names(ours: Option<&Path>, header: &str, flags: &[&str], dir: &Path) -> Vec<String> {
    let source = dir.join("names.c");
    fs::write(&source, format!("#include <{header}>\n")).unwrap();
    let mut args = flags.to_vec();
    args.extend(["-E", "-dM", source.to_str().unwrap()]);
    let output = gcc(ours, &args);
    assert!(output.status.success(), "{header} {flags:?}: {}", String::from_utf8_lossy(&output.stderr));
    let mut names: Vec<String> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .filter_map(|line| line.strip_prefix("#define ")?.split([' ', '(']).next().map(str::to_owned))
        .filter(|name| !name.starts_with('_') && name != "unix" && name != "linux")
        .collect();
    names.sort();
    names
}

const MODES: &[&[&str]] = &[
    &["-std=gnu17"],
    &["-std=c89"],
    &["-std=gnu89"],
    &["-std=c99"],
    &["-std=c11"],
    &["-std=c2x"],
    &["-std=gnu2x"],
    &["-std=gnu17", "-D_GNU_SOURCE"],
    &["-std=gnu17", "-funsigned-char"],
    &["-std=gnu17", "-ffreestanding"],
    &["-std=c11", "-ffreestanding"],
];

#[test]
fn macros_have_the_names_and_values_of_gccs() {
    let dir = work("macros");
    let include = installed(&dir);
    let mut compared = 0;
    for mode in MODES {
        // gcc's <unwind.h> brings headers along, and the others stand for themselves.
        let apart = ["varargs.h", "stdatomic.h", "unwind.h"];
        let is_compared = |name: &&str| !apart.contains(name) && !name.contains('/');
        for header in rt::HEADERS.iter().map(|h| h.name).filter(is_compared) {
            let mut theirs = macro_names(None, header, mode, &dir);
            let ours = macro_names(Some(&include), header, mode, &dir);
            // gcc 12 offers C23's decimal and TS 18661-3 types there, which have no counterpart in our target.
            theirs.retain(|n| !n.starts_with("DEC") || n == "DECIMAL_DIG");
            theirs.retain(|n| !n.starts_with("FLT_EVAL_METHOD_") && !n.contains("_SNAN"));
            // gcc 12 knows the first drafts of C23 only.
            let late = ["unreachable", "INFINITY", "NAN"];
            let known = |n: &&String| !late.contains(&n.as_str());
            assert_eq!(
                ours.iter().filter(known).collect::<Vec<_>>(),
                theirs.iter().filter(known).collect::<Vec<_>>(),
                "<{header}> {mode:?}"
            );
            compared += compare_values(&include, header, mode, &ours, &dir);
        }
    }
    assert!(compared > 1400, "only {compared} values were compared");
    fs::remove_dir_all(dir).unwrap();
}

/// Object-like macros that are constants: value and type under both sets of headers.
fn compare_values(include: &Path, header: &str, mode: &[&str], names: &[String], dir: &Path) -> usize {
    const FUNCTION_LIKE: &[&str] = &[
        "va_start",
        "va_arg",
        "va_end",
        "va_copy",
        "offsetof",
        "alignas",
        "alignof",
        "noreturn",
        "unreachable",
        "bool",
    ];
    if header == "iso646.h" {
        return 0;
    }
    let values: Vec<&String> =
        names.iter().filter(|n| !FUNCTION_LIKE.contains(&n.as_str()) && !n.ends_with("_C")).collect();
    let mut text = format!("#include <{header}>\nint printf(const char *, ...);\nint main(void) {{\n");
    for name in &values {
        // The type counts as much as the value: size, class (integer, pointer, real), signedness.
        text.push_str(&format!(
            "  printf(\"{name} %d %d %La\\n\", (int)sizeof({name}), __builtin_classify_type({name}), \
             (long double)__builtin_choose_expr(__builtin_classify_type({name}) == 5, 0, {name}));\n"
        ));
        text.push_str(&format!(
            "  printf(\"{name} signed %d\\n\", (int)((__typeof__({name}))-1 < (__typeof__({name}))0));\n"
        ));
    }
    text.push_str("  return 0;\n}\n");
    let answer = |ours| {
        let (source, program) = (dir.join("values.c"), dir.join("values"));
        fs::write(&source, &text).unwrap();
        let mut args = mode.to_vec();
        args.extend(["-w", "-o", program.to_str().unwrap(), source.to_str().unwrap()]);
        let output = gcc(ours, &args);
        assert!(output.status.success(), "<{header}> {mode:?}: {}", String::from_utf8_lossy(&output.stderr));
        let run = Command::new(&program).output().unwrap();
        assert!(run.status.success());
        String::from_utf8(run.stdout).unwrap()
    };
    // gcc 12 knows drafts of C23 only: no infinity in <float.h>, and a `true` of type _Bool where C23 has a keyword.
    if mode.iter().any(|flag| flag.ends_with("2x")) && ["float.h", "stdbool.h"].contains(&header) {
        return 0;
    }
    let (ours, theirs) = (answer(Some(include)), answer(None));
    assert_eq!(ours, theirs, "<{header}> {mode:?}");
    values.len()
}

/// A program in which every type and function-like macro does its work.
const USES: &str = r#"
#include <stddef.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdalign.h>
#include <stdnoreturn.h>
#include <iso646.h>
#include <limits.h>
#include <float.h>
#include <stdint.h>
#include <stdio.h>
#include <wchar.h>
#include <stdlib.h>
#include <inttypes.h>
struct s { char c; alignas(16) int i; double d[3]; };
static int sum(int n, ...) {
  va_list a, b; int t = 0, i;
  va_start(a, n); va_copy(b, a);
  for (i = 0; i < n; i++) t += va_arg(a, int);
  for (i = 0; i < n; i++) t = t * 3 + va_arg(b, int);
  va_end(a); va_end(b);
  return t;
}
static noreturn void stop(void) { exit(sum(3, 1, 2, 3) == 180 and not false ? 0 : 1); }
int main(void) {
  printf("%zu %zu %zu %zu\n", offsetof(struct s, i), offsetof(struct s, d[2]), sizeof(struct s), alignof(struct s));
  printf("%zu %zu %zu %zu %zu\n", sizeof(size_t), sizeof(ptrdiff_t), sizeof(wchar_t), sizeof(wint_t), sizeof(va_list));
  printf("%zu %zu %d %d\n", sizeof(max_align_t), alignof(max_align_t), (wchar_t)-1 < 0, (wint_t)-1 < 0);
  printf("%zu %zu %zu %zu\n", sizeof(int_fast16_t), sizeof(intmax_t), sizeof(uintptr_t), sizeof(int_least8_t));
  printf("%d %d %s %" PRIu64 "\n", MB_LEN_MAX, PATH_MAX, NULL == 0 ? "null" : "", UINT64_C(18446744073709551615));
  bool b = 7; printf("%d %zu\n", b, sizeof b);
  stop();
}
"#;

#[test]
fn every_type_and_macro_does_its_work() {
    let dir = work("uses");
    let include = installed(&dir);
    let mut answers = BTreeMap::new();
    for (who, ours) in [("gcc", None), ("kit", Some(include.as_path()))] {
        let (source, program) = (dir.join("uses.c"), dir.join("uses"));
        fs::write(&source, USES).unwrap();
        let args = ["-Wall", "-Werror", "-Wsystem-headers", "-o", program.to_str().unwrap(), source.to_str().unwrap()];
        // gcc's own headers are not clean under -Wsystem-headers, ours are.
        let output = gcc(ours, if ours.is_some() { &args[..] } else { &args[3..] });
        assert!(output.status.success(), "{who}: {}", String::from_utf8_lossy(&output.stderr));
        let run = Command::new(&program).output().unwrap();
        assert!(run.status.success(), "{who}");
        answers.insert(who, run.stdout);
    }
    assert_eq!(answers["gcc"], answers["kit"]);
    fs::remove_dir_all(dir).unwrap();
}

/// What a libc asks for one by one, in any order, alone or after everything.
#[test]
fn partial_requests_give_exactly_what_was_asked() {
    let dir = work("partial");
    let include = installed(&dir);
    let compiles = |text: &str| {
        let source = dir.join("partial.c");
        fs::write(&source, text).unwrap();
        gcc(Some(&include), &["-fsyntax-only", source.to_str().unwrap()]).status.success()
    };
    let rows = [
        ("stddef.h", "__need_size_t", "size_t x;"),
        ("stddef.h", "__need_ptrdiff_t", "ptrdiff_t x;"),
        ("stddef.h", "__need_wchar_t", "wchar_t x;"),
        ("stddef.h", "__need_wint_t", "wint_t x;"),
        ("stddef.h", "__need_NULL", "void *x = NULL;"),
        ("stdarg.h", "__need___va_list", "__gnuc_va_list x;"),
    ];
    for (header, need, use_it) in rows {
        assert!(compiles(&format!("#define {need}\n#include <{header}>\n{use_it}\n")), "{need}");
        assert!(compiles(&format!("#define {need}\n#include <{header}>\n#ifdef {need}\n#error still asked\n#endif\n")));
        for (_, other, not_asked) in rows.iter().filter(|row| row.1 != need && row.0 == header) {
            assert!(!compiles(&format!("#define {need}\n#include <{header}>\n{not_asked}\n")), "{need} gave {other}");
        }
        let all =
            "size_t a; ptrdiff_t b; wchar_t c; void *d = NULL; struct s { int i; }; int e = offsetof(struct s, i);";
        assert!(
            compiles(&format!("#define {need}\n#include <{header}>\n#include <stddef.h>\n{all}\n")),
            "{need} first"
        );
        assert!(compiles(&format!("#include <stddef.h>\n#define {need}\n#include <{header}>\n{all}\n")), "{need} last");
    }
    assert!(!compiles("#define __need___va_list\n#include <stdarg.h>\nva_list x;\n"));
    assert!(compiles("#include <stdio.h>\n#include <stdarg.h>\nva_list x;\n"));
    // The libc's half may be found first.
    assert!(compiles("#include_next <limits.h>\nint x = INT_MAX, y = PATH_MAX;\n"));
    let source = dir.join("first.c");
    fs::write(&source, "#include <limits.h>\nint x = INT_MAX, y = PATH_MAX; long long z = LLONG_MAX;\n").unwrap();
    let swapped = Command::new("gcc")
        .args(["-nostdinc", "-isystem", "/usr/include/x86_64-linux-gnu", "-isystem", "/usr/include", "-isystem"])
        .arg(&include)
        .arg("-fsyntax-only")
        .arg(&source)
        .status()
        .unwrap();
    assert!(swapped.success());
    fs::remove_dir_all(dir).unwrap();
}

const ATOMICS: &str = r#"
#include <stdatomic.h>
#include <stdio.h>
struct pair { long a, b; };
int main(void) {
  atomic_int i = 5; _Atomic struct pair p; atomic_flag f = ATOMIC_FLAG_INIT; _Atomic(const char *) s; atomic_bool t;
  const _Atomic long c = 9;
  struct pair v = { 1, 2 };
  atomic_init(&p, v); atomic_init(&s, "text"); atomic_init(&t, 3);
  v = atomic_load(&p); v.a++;
  atomic_store(&p, v);
  int want = 5, got = atomic_compare_exchange_strong(&i, &want, 8), again = atomic_compare_exchange_strong(&i, &want, 9);
  printf("%d %d %d %ld\n", got, again, want, atomic_load(&p).a);
  printf("%d %d %d\n", atomic_fetch_add(&i, 2), atomic_fetch_sub_explicit(&i, 1, memory_order_relaxed), atomic_load(&i));
  printf("%d %d %d\n", atomic_fetch_or(&i, 64), atomic_fetch_xor(&i, 3), atomic_fetch_and(&i, 0xf0));
  printf("%d %d\n", atomic_flag_test_and_set(&f), atomic_flag_test_and_set(&f)); atomic_flag_clear(&f);
  printf("%s %d %ld %d\n", atomic_exchange(&s, "other"), atomic_load(&t), atomic_load_explicit(&c, memory_order_acquire), i);
  while (!atomic_compare_exchange_weak(&i, &want, 1)) ;
  atomic_thread_fence(memory_order_seq_cst); atomic_signal_fence(memory_order_acquire);
  printf("%d %d %d\n", (int)sizeof(atomic_flag), atomic_is_lock_free(&i), ATOMIC_POINTER_LOCK_FREE);
  return kill_dependency(i) - 1;
}
"#;

#[test]
fn atomics_behave_as_with_gccs_header() {
    let dir = work("atomics");
    let include = installed(&dir);
    let mut answers = Vec::new();
    for ours in [None, Some(include.as_path())] {
        let (source, program) = (dir.join("atomics.c"), dir.join("atomics"));
        fs::write(&source, ATOMICS).unwrap();
        let output = gcc(ours, &["-o", program.to_str().unwrap(), source.to_str().unwrap(), "-latomic"]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let run = Command::new(&program).output().unwrap();
        assert!(run.status.success());
        answers.push(String::from_utf8(run.stdout).unwrap());
    }
    assert_eq!(answers[0], answers[1]);
    fs::remove_dir_all(dir).unwrap();
}
