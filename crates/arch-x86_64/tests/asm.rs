//! Inline assembly in both register sinks: values that outlive a statement, operands of every place, jumps out of it.

mod common;

const HEAD: &str = "unit \"t\" fixed opt 0
sig sig0 (i64, i64) -> i64
sig sig1 (f64, i32) -> f64
mem m0 align_log2 3
symbol g0 \"f\" function global defined
symbol g1 \"g\" function global defined
symbol g2 \"h\" function global defined
symbol g3 \"cell\" data global
";

#[test]
fn operands_and_what_lives_across_a_statement() {
    let body = r#"
func @f sig0 { params value, value
  slot s0 8 align 8 i64 slot s1 8 align 8 i64 weight 100
  asm a0 "addq %1, %0\0a\09imulq %[by], %0\0a\09movl $5, %%ebx\0a\09movl $6, %%r12d\0a\09incq %4\0a\09addq $1, %5" pos 1
    out s0 "=&r" size 8
    in "r" size 8
    in "r" size 8 name "by"
    in "0" size 8
    out_at "+m" size 8
    out_at "+m" size 8
    clobber "rbx" clobber "r12" clobber "cc"
  b0: v0 = param.i64 0 v1 = param.i64 1 set.i64 s1, v1 v3 = add.i64 v0, v1
    v4 = sym_addr.ptr @cell, 8 v5 = load.ptr v4, 0 m0 v6 = sym_addr.ptr @cell, 0
    asm a0, (v0, v1, v3, v5, v6)
    v8 = get.i64 s0 v9 = sub.i64 v8, v3 v10 = get.i64 s1 v11 = iconst.i64 1000 v12 = mul.i64 v10, v11 v13 = add.i64 v9, v12
    ret.i64 v13 }
func @g sig0 { params value, value
  asm a0 "testq %0, %0\0a\09jz %l2\0a\09cmpq %1, %0\0a\09je %l[same]" pos 1 in "r" size 8 in "ri" size 8 clobber "cc" to b2 "zero" to b3 "same"
  b0: v0 = param.i64 0 v1 = param.i64 1 v2 = mul.i64 v1, v1 asm_goto a0, (v0, v1), b1
  b1: ret.i64 v2
  b2: v5 = iconst.i64 -1 ret.i64 v5
  b3: v7 = iconst.i64 -2 ret.i64 v7 }
func @h sig1 { params value, value
  slot s0 8 align 8 f64 slot s1 4 align 4 i32 slot s2 8 align 8 f64
  asm a0 "addsd %0, %0\0a\09cmpl $3, %3" pos 1 out s0 "+x" size 8 out s1 "=@ccg" size 4 in "0" size 8 in "rm" size 4
  asm a1 "fsqrt" pos 1 out s2 "=t" size 8 in "0" size 8
  b0: v0 = param.f64 0 v1 = param.i32 1 asm a0, (v0, v1)
    v3 = get.f64 s0 asm a1, (v3) v5 = get.f64 s2 v6 = get.i32 s1 v7 = stofp.f64 v6 v8 = fadd.f64 v5, v7 v9 = fadd.f64 v8, v0 ret.f64 v9 }
finish
"#;
    let driver = "#include <stdio.h>
        long inner = 10; struct { long n; long *p; } cell = { 1, &inner };
        long f(long, long), g(long, long); double h(double, int);
        int main(void) {
            long first = f(3, 4); printf(\"%ld %ld %ld\\n\", first, inner, cell.n);
            printf(\"%ld %ld %ld\\n\", g(0, 3), g(3, 3), g(2, 3));
            printf(\"%g %g\\n\", h(8, 3), h(8, 4)); return 0; }";
    let printed = common::run("asm", &format!("{HEAD}{body}"), driver, &["-no-pie"]);
    assert_eq!(printed, "4033 11 2\n-1 -2 9\n12 13\n");
}

/// What cannot be met is told, with the statement's place.
#[test]
fn what_cannot_be_met_is_told() {
    let table = [
        ("asm a0 \"\" pos 7 in \"i\" size 8", "impossible constraint in ‘asm’"),
        ("asm a0 \"\" pos 7 in \"a\" size 8 clobber \"eax\"", "‘asm’ operand has impossible constraints"),
        ("asm a0 \"\" pos 7 in \"5\" size 8", "matching constraint references invalid operand number"),
        ("asm a0 \"\" pos 7 in \"r\" size 8 clobber \"xyz\"", "unknown register name ‘xyz’ in ‘asm’"),
        ("asm a0 \"\" pos 7 in \"r\" size 8 clobber \"rbp\"", "‘rbp’ cannot be used in ‘asm’ here"),
        ("asm a0 \"%1\" pos 7 in \"r\" size 8", "invalid ‘asm’: operand number out of range"),
        ("asm a0 \"%[x]\" pos 7 in \"r\" size 8", "undefined named operand ‘x’"),
        ("asm a0 \"foo\" pos 7 in \"r\" size 8", "no such instruction: ‘foo’"),
        ("asm a0 \".data\" pos 7 in \"r\" size 8", "an asm statement must end in the section that it begins in"),
    ];
    for (asm, message) in table {
        let text = format!(
            "{HEAD} func @f sig0 {{ params value, value {asm}
            b0: v0 = param.i64 0 v1 = param.i64 1 asm a0, (v0) ret.i64 v0 }} finish"
        );
        for spill in [false, true] {
            assert_eq!(common::compile(&text, spill).map(drop), Err(message.to_string()), "{asm}");
        }
    }
}
