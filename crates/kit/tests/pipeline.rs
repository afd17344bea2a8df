//! Code generation beside the front end makes the object that code generation on its thread makes, and says the same about
//! what it cannot compile.

mod common;

use common::TARGET;
use kit::compile::{CodeOptions, CompileRequest, Compiled, Goal, compile};
use kit::pipeline::Processors;
use lang_c::options::Options;
use std::fmt::Write;
use std::sync::Arc;
use testkit::tools::TempDir;

/// Functions of everything that a module has tables for: what a function refers to is declared before, behind and between
/// functions, so that code generation sees the module differently at each.
fn large_unit(n_functions: usize) -> String {
    let mut text = String::from(
        "typedef struct { long a, b, c; double d; } Big;\n\
         static int later(int, int);\n\
         int tentative, shared_array[100];\n\
         static _Thread_local int per_thread;\n\
         extern _Thread_local int foreign_thread;\n\
         int taken(const char *, ...);\n\
         static inline int waits(int a) { return a * 3 + later(a, a); }\n\
         static int never(int a) { return a; }\n",
    );
    for n in 0..n_functions {
        let _ = writeln!(
            text,
            "static int table{n}[] = {{ {n}, {n} + 1 }}, *const to{n} = &table{n}[1];\n\
             static Big make{n}(Big b, double f, long double q) {{\n\
                 b.a += {n}; b.d *= f + {n}.25; b.b = q * 2.5L + {n}; per_thread += b.a; return b;\n\
             }}\n\
             int function{n}(int a, unsigned long *p, Big *big) {{\n\
                 static void *const targets[] = {{ &&one, &&two }};\n\
                 __int128 wide = ((__int128)0x0123456789abcdef << 64) + {n};\n\
                 int sum = a; if (a > 9) goto *targets[a & 1];\n\
                 for (int i = 0; i < a; i++) {{\n\
                     switch (i + {n} % 5) {{ case 0: sum += 1; case 1: sum += 2; break; case 2: sum *= 3; break; case 3: sum--;\n\
                         break; case 4: sum ^= {n}; break; case 6: taken(\"text {n} %d\", sum); break; default: sum += to{n}[-1]; }}\n\
                     p[i] += sum + tentative + shared_array[i];\n\
                 }}\n\
                 one: *big = make{n}(*big, sum, sum); foreign_thread++;\n\
                 two: sum += (int)(wide >> 64) + later(sum, {n}); sum += waits(sum);\n\
                 __asm__ volatile (\"nop # %0\" : \"+r\" (sum)); return sum;\n\
             }}"
        );
        if n == n_functions / 2 {
            text.push_str("static int later(int a, int b) { return a - b; }\nint alias_of(int) __attribute__((alias(\"plain\")));\n");
            text.push_str("__asm__(\".globl mark\\n.data\\nmark: .long function0\\n.text\");\n");
            text.push_str("__attribute__((constructor)) static void starts(void) { tentative = 4; }\n");
        }
    }
    text.push_str("int plain(int a) { return a; }\nint tentative = 7;\n");
    text
}

fn request(dir: &TempDir, text: &str, code: CodeOptions, processors: Option<Arc<Processors>>) -> CompileRequest {
    let path = dir.write("unit.c", text).expect("the unit can be written");
    let mut c = Options::new(path.to_str().expect("a UTF-8 path"));
    c.no_warnings = true;
    CompileRequest { target: TARGET, c, code, goal: Goal::Object, processors }
}

fn said(made: &Compiled) -> Vec<String> {
    made.diags.diags.iter().map(|diag| format!("{:?}", diag)).collect()
}

#[test]
fn the_object_is_the_same_beside_the_front_end() {
    let dir = TempDir::new("pipeline").expect("a directory");
    let text = large_unit(300);
    let codes = [
        CodeOptions { pie: 2, unwind_tables: true, ..CodeOptions::default() },
        CodeOptions { pic: 2, debug: true, unwind_tables: true, ..CodeOptions::default() },
        CodeOptions { common: true, function_sections: true, data_sections: true, ..CodeOptions::default() },
    ];
    for code in codes {
        let alone = compile(&request(&dir, &text, code.clone(), None), &sys::Host);
        assert_eq!(said(&alone), Vec::<String>::new());
        assert!(alone.object.is_some());
        for (n_processors, n_threads) in [(1, 1), (2, 2), (64, 2)] {
            let processors = Processors::of(n_processors);
            let _busy = processors.enter();
            let made = compile(&request(&dir, &text, code.clone(), Some(processors.clone())), &sys::Host);
            assert_eq!(made.threads, n_threads, "of {n_processors} processors");
            assert!(made.object == alone.object, "{n_processors} processors, {code:?}");
        }
    }
}

#[test]
fn a_small_unit_stays_on_its_thread() {
    let dir = TempDir::new("pipeline").expect("a directory");
    let made = compile(&request(&dir, &large_unit(3), CodeOptions::default(), Some(Processors::of(2))), &sys::Host);
    assert!(made.object.is_some());
    assert_eq!(made.threads, 1);
}

#[test]
fn a_processor_is_used_once_and_given_back() {
    let dir = TempDir::new("pipeline").expect("a directory");
    let (text, processors) = (large_unit(300), Processors::of(2));
    let make = || compile(&request(&dir, &text, CodeOptions::default(), Some(processors.clone())), &sys::Host).threads;
    let busy = [processors.enter(), processors.enter()];
    assert_eq!(make(), 1);
    drop(busy);
    assert_eq!(make(), 2);
    assert_eq!(make(), 2);
}

#[test]
fn what_cannot_be_compiled_is_said_alike() {
    let dir = TempDir::new("pipeline").expect("a directory");
    // Of code generation, of the assembler and of the front end, when a thread is long at work.
    let errors = [
        "int wrong(int a) { __asm__(\"nonsense %0\" : \"+r\" (a)); return a; }\n",
        "__asm__(\".nonsense\");\n",
        "int wrong(int a) { return a +; }\n",
        "int plain(int a);\nint plain(int a) { return b; }\n",
    ];
    for error in errors {
        let text = large_unit(300) + error + &large_unit(0);
        let alone = compile(&request(&dir, &text, CodeOptions::default(), None), &sys::Host);
        let beside = compile(&request(&dir, &text, CodeOptions::default(), Some(Processors::of(2))), &sys::Host);
        assert_eq!(beside.threads, 2, "{error}");
        assert!(!said(&alone).is_empty(), "{error}");
        assert_eq!(said(&alone), said(&beside));
        assert!(alone.object.is_none() && beside.object.is_none());
    }
}
