//! Whole units in text form: symbols, data, position independence, thread-local variables, labels, the stack, atomics;
//! compiled by both sinks, linked by gcc with a C driver in every way of linking, and run.

mod common;

const UNIT: &str = r#"
section sec0 ".mine"
sig sig0 () -> i32
sig sig1 (ptr) -> i32
sig sig2 (ptr, i32) -> i32 variadic
sig sig3 (i64) -> i64
sig sig4 () -> ptr
sig sig5 (i32) -> i32
sig sig6 (ptr, i32) -> i32
mem m0 align_log2 2
mem m1 align_log2 3
mem m2 align_log2 2 order seq_cst
symbol g0 "report" function global defined
symbol g1 "puts" function global
symbol g2 "printf" function global
symbol g3 "" data local defined
symbol g4 ".LC900" data local defined
symbol g5 "counter" data global defined
symbol g6 "zeroed" data local defined
symbol g7 "pointers" data global defined
symbol g8 "their_number" data global
symbol g9 "maybe" function weak
symbol g10 "ours_tls" tls global defined
symbol g11 "local_tls" tls local defined
symbol g12 "their_tls" tls global
symbol g13 "tentative" data common defined
symbol g14 "also_report" function global defined alias g0
symbol g15 "hidden_number" data global hidden defined
symbol g16 "jump" function global defined
symbol g17 ".Lone" label local defined
symbol g18 ".Ltwo" label local defined
symbol g19 "targets" data local defined
symbol g20 "stack" function global defined
symbol g21 "atomics" function global defined
symbol g22 "big_copy" function global defined
symbol g23 "mine" data global defined in sec0
symbol g24 "sum_tls" function global defined
symbol g25 "offsets" data local defined
symbol g26 "tls_bss" tls local defined
symbol g27 "aligned" function global defined
data g3 size 6 align 1 read_only merge 1 {
  "hello\00"
}
data g4 size 9 align 1 read_only merge 1 {
  "%d %d %d\00"
}
data g5 size 4 align 4 {
  "\05\00\00\00"
}
data g6 size 40 align 16 {
}
data g7 size 24 align 8 read_only {
  at 0: g5 addend 0 size 8
  at 8: g8 addend 4 size 8
  at 16: g3 addend 1 size 8
}
data g10 size 4 align 4 {
  "\07\00\00\00"
}
data g11 size 4 align 4 {
  "\08\00\00\00"
}
data g26 size 4 align 4 {
}
common g13 size 8 align 8
data g15 size 4 align 4 {
  "\0b\00\00\00"
}
data g23 size 4 align 4 {
  "\0d\00\00\00"
}
func g0 sig0 {
b0:
  v0 = sym_addr.ptr g3, 0
  v1 = call.i32 g1, (v0), sig1
  v2 = sym_addr.ptr g4, 0
  v3 = sym_addr.ptr g5, 0
  v4 = load.i32 v3, 0 m0
  v5 = sym_addr.ptr g7, 0
  v6 = load.ptr v5, 8 m1
  v7 = load.i32 v6, 0 m0
  v8 = sym_addr.ptr g7, 16
  v9 = load.ptr v8, 0 m1
  v10 = load.i8 v9, 0 m0
  v11 = zext.i32 v10
  v12 = call.i32 g2, (v2, v4, v7, v11), sig2
  v13 = sym_addr.ptr g9, 0
  v14 = iconst.ptr 0
  v15 = icmp.ptr ne v13, v14
  v16 = sym_addr.ptr g15, 0
  v17 = load.i32 v16, 0 m0
  v18 = add.i32 v15, v17
  v19 = sym_addr.ptr g13, 4
  store.i32 v19, v18, 0 m0
  v21 = load.i32 v19, 0 m0
  v22 = sym_addr.ptr g6, 12
  store.i32 v22, v21, 4 m0
  v24 = load.i32 v22, 4 m0
  v25 = sym_addr.ptr g8, 0
  v26 = load.i32 v25, 4 m0
  v27 = add.i32 v24, v26
  v28 = sym_addr.ptr g23, 0
  v29 = load.i32 v28, 0 m0
  v30 = add.i32 v27, v29
  ret.i32 v30
}
func g24 sig0 {
b0:
  v0 = sym_addr.ptr g10, 0
  v1 = load.i32 v0, 0 m0
  v2 = sym_addr.ptr g11, 0
  v3 = load.i32 v2, 0 m0
  v4 = sym_addr.ptr g12, 0
  v5 = load.i32 v4, 0 m0
  v6 = add.i32 v1, v3
  v7 = add.i32 v6, v5
  v8 = sym_addr.ptr g26, 0
  store.i32 v8, v7, 0 m0
  v10 = load.i32 v8, 0 m0
  v11 = iconst.i32 3
  v12 = add.i32 v10, v11
  v13 = sym_addr.ptr g11, 0
  store.i32 v13, v12, 0 m0
  ret.i32 v12
}
func g16 sig5 {
  params value
b0:
  v0 = param.i32 0
  v1 = sext.i64 v0
  v2 = iconst.i64 8
  v3 = mul.i64 v1, v2
  v4 = sym_addr.ptr g19, 0
  v5 = add.ptr v4, v3
  v6 = load.ptr v5, 0 m1
  jump_indirect.ptr v6
b1: label g17
  v8 = iconst.i32 100
  ret.i32 v8
b2: label g18
  v10 = sym_addr.ptr g25, 0
  v11 = load.i32 v10, 0 m0
  v12 = iconst.i32 0
  v13 = icmp.i32 sgt v11, v12
  ret.i32 v13
}
data g19 size 16 align 8 {
  at 0: g17 addend 0 size 8
  at 8: g18 addend 0 size 8
}
data g25 size 4 align 4 read_only {
  "\00\00\00\00"
  at 0: g18 addend 0 size 4 minus g17
}
func g20 sig3 dynamic_stack {
  params value
  slot s0 8 align 8 i64 weight 4
b0:
  v0 = param.i64 0
  set.i64 s0, v0
  v2 = stack_save.ptr
  v3 = get.i64 s0
  v4 = alloca.ptr v3, 64
  v5 = get.i64 s0
  store.i64 v4, v5, 0 m1
  v7 = bitcast.i64 v4
  v8 = iconst.i64 63
  v9 = and.i64 v7, v8
  v10 = load.i64 v4, 0 m1
  stack_restore v2
  v12 = add.i64 v9, v10
  ret.i64 v12
}
func g27 sig0 {
  slot s0 4 align 64 i32 weight 2 taken
b0:
  v0 = slot_addr.ptr s0, 0
  v1 = bitcast.i64 v0
  v2 = iconst.i64 63
  v3 = and.i64 v1, v2
  v4 = trunc.i32 v3
  ret.i32 v4
}
func g21 sig6 {
  params value, value
b0:
  v0 = param.ptr 0
  v1 = param.i32 1
  v2 = atomic_rmw.i32 v0, v1, add m2
  v3 = atomic_rmw.i32 v0, v1, sub m2
  v4 = atomic_rmw.i32 v0, v1, xor m2
  v5 = atomic_rmw.i32 v0, v1, nand m2
  v6 = atomic_rmw.i32 v0, v1, and m2
  v7 = atomic_rmw.i32 v0, v3, xchg m2
  v8 = atomic_cmpxchg.i32 v0, (v3, v1) m2
  fence seq_cst
  store.i32 v0, v8, 4 m2
  v11 = iconst.i32 3
  v12 = mul.i32 v2, v11
  v13 = add.i32 v12, v3
  v14 = mul.i32 v13, v11
  v15 = add.i32 v14, v4
  v16 = mul.i32 v15, v11
  v17 = add.i32 v16, v5
  v18 = mul.i32 v17, v11
  v19 = add.i32 v18, v6
  v20 = mul.i32 v19, v11
  v21 = add.i32 v20, v7
  ret.i32 v21
}
func g22 sig1 {
  params value
  slot s0 600 align 16 void weight 1 taken
b0:
  v0 = param.ptr 0
  v1 = slot_addr.ptr s0, 0
  fill v1, 7, 600 m1
  copy v1, v0, 300 m1
  copy v0, v1, 600 m1
  v5 = load.i32 v0, 296 m0
  ret.i32 v5
}
finish
"#;

const DRIVER: &str = r#"
#include <stdio.h>
#include <string.h>
int their_number[2] = {41, 42};
__thread int their_tls = 9;
int report(void), also_report(void), sum_tls(void), jump(int), atomics(int *, int), big_copy(char *), aligned(void);
long stack(long);
extern int counter, *pointers[];
extern long tentative;
int main(void) {
  setvbuf(stdout, 0, _IONBF, 0);
  int r = report();
  printf("\n%d %d\n", r, also_report == report);
  int a = sum_tls(), b = sum_tls();
  printf("%d %d\n", a, b);
  int j = jump(0);
  printf("%d %d\n", j, jump(1));
  printf("%ld %d\n", stack(1000), aligned());
  int x[2] = {12, 0};
  int v = atomics(x, 10);
  printf("%d %d %d\n", v, x[0], x[1]);
  static char area[600];
  for (int i = 0; i < 600; i++) area[i] = i;
  int c = big_copy(area);
  printf("%d %d %d\n", c, area[299], area[300]);
  printf("%d %ld\n", *pointers[0], tentative >> 32);
  return 0;
}
"#;

const EXPECTED: &str = "hello\n5 42 101\n66 1\n27 46\n100 1\n1000 0\n3690 10 22\n-1748117461 43 7\n5 11\n";

fn expected() -> String {
    // The atomics' result is computed as C would.
    let (mut at, by, mut olds) = (12i32, 10i32, Vec::new());
    let mut step = |new: &dyn Fn(i32) -> i32| {
        let old = at;
        olds.push(old);
        at = new(old);
        old
    };
    step(&|v| v + by);
    let third = step(&|v| v - by);
    step(&|v| v ^ by);
    step(&|v| !(v & by));
    step(&|v| v & by);
    step(&|_| third);
    let folded = olds[1..].iter().fold(olds[0], |sum, &old| sum * 3 + old);
    EXPECTED.replace("3690 10 22", &format!("{folded} {by} {third}")).replace("-1748117461", &{
        let bytes = [296u32 as u8, 297u32 as u8, 298u32 as u8, 299u32 as u8];
        i32::from_le_bytes(bytes).to_string()
    })
}

#[test]
fn units_work_in_every_way_of_linking() {
    for (name, options, flags) in [
        ("fixed", "fixed opt 0 unwind_tables", &["-no-pie"][..]),
        ("static", "fixed opt 0 unwind_tables", &["-no-pie", "-static"]),
        ("pie", "pie opt 0 unwind_tables", &["-pie"]),
        ("pic", "pic opt 0 unwind_tables", &["-pie"]),
        ("sections", "pie opt 0 function_sections data_sections unwind_tables", &["-pie", "-Wl,--gc-sections"]),
        ("no_plt", "pic opt 0 unwind_tables no_plt", &["-pie"]),
    ] {
        let text = format!("unit \"dir/unit.c\" {options}\n{UNIT}");
        let flags: Vec<&str> = flags.iter().copied().chain(["-Wl,-z,noexecstack"]).collect();
        assert_eq!(common::run(&format!("units-{name}"), &text, DRIVER, &flags), expected(), "{name}");
    }
}

#[test]
fn position_independent_code_works_in_a_shared_library() {
    let dir = common::scratch("units-shared");
    let text = format!("unit \"unit.c\" pic opt 0 unwind_tables\n{UNIT}");
    for spill in [false, true] {
        let bytes = common::compile(&text, spill).unwrap_or_else(|error| panic!("{error}"));
        std::fs::write(dir.join("unit.o"), bytes).expect("writable");
        std::fs::write(dir.join("driver.c"), DRIVER).expect("writable");
        common::tool(
            &dir,
            "gcc",
            &[
                "-shared",
                "-Wl,-z,defs,-z,noexecstack",
                "-Wl,--unresolved-symbols=ignore-all",
                "-o",
                "libunit.so",
                "unit.o",
            ],
        );
        common::tool(&dir, "gcc", &["-w", "-o", "main", "driver.c", "libunit.so", "-Wl,-rpath,$ORIGIN"]);
        assert_eq!(common::tool(&dir, "./main", &[]), expected());
    }
    std::fs::remove_dir_all(&dir).expect("removable");
}

#[test]
fn what_is_not_supported_is_an_error() {
    let text = "unit \"a.c\" pie opt 0\nsig sig0 (f16) -> f16\nsymbol g0 \"f\" function global defined\nfunc g0 sig0 {\n  params value\nb0:\n  v0 = param.f16 0\n  ret.f16 v0\n}\nfinish\n";
    let error = common::compile(text, false).expect_err("f16 has no code");
    assert!(error.contains("`f`") && error.contains("f16"), "{error}");
}
