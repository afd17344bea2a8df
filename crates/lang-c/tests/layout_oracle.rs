//! Record layout against gcc: generated structures and unions, their sizes, alignments, offsets and bit positions.
//!
//! Seeded and bounded. Where gcc is missing the test is counted as skipped, which CI turns into a failure.

mod common;

use base::ids::Id;
use lang_c::parse::{ParseOptions, Parser};
use lang_c::pp::Pp;
use lang_c::types::{FieldId, RecordId};
use std::fmt::Write;
use std::process::Command;

struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % limit
    }
}

const SCALARS: &[&str] = &[
    "char",
    "signed char",
    "unsigned char",
    "short",
    "unsigned short",
    "int",
    "unsigned",
    "long",
    "unsigned long long",
    "float",
    "double",
    "long double",
    "char *",
    "_Bool",
    "__int128",
    "enum e",
    "_Complex float",
];
const BIT_TYPES: &[(&str, u64)] = &[
    ("int", 32),
    ("unsigned", 32),
    ("short", 16),
    ("unsigned char", 8),
    ("long", 64),
    ("unsigned long long", 64),
    ("_Bool", 1),
    ("char", 8),
    ("enum e", 32),
];

/// The text of `n` records named `s0`, `s1`, …; member names are unique in each.
fn generate(n: u64) -> String {
    let mut random = Random(0x1234_5678_9abc_def1);
    let mut text = String::from("enum e { A, B };\n");
    for number in 0..n {
        let pack = random.below(6) == 0;
        if pack {
            let _ = writeln!(text, "#pragma pack(push, {})", 1 << random.below(4));
        }
        let word = if random.below(5) == 0 { "union" } else { "struct" };
        let _ = write!(text, "{word} s{number} {{ ");
        for member in 0..1 + random.below(8) {
            match random.below(10) {
                0..=3 => {
                    let (ty, bits) = BIT_TYPES[random.below(BIT_TYPES.len() as u64) as usize];
                    let width = random.below(bits + 1);
                    let name = if width == 0 || random.below(8) == 0 { String::new() } else { format!("m{member}") };
                    let packed = if random.below(10) == 0 { " __attribute__((packed))" } else { "" };
                    let _ = write!(text, "{ty} {name}:{width}{packed}; ");
                }
                4 if number > 0 => {
                    let other = random.below(number);
                    let _ = write!(text, "TAG{other} m{member}; ");
                }
                5 => {
                    let ty = SCALARS[random.below(SCALARS.len() as u64) as usize];
                    let _ = write!(text, "{ty} m{member}[{}]; ", random.below(5));
                }
                6 => {
                    let ty = SCALARS[random.below(SCALARS.len() as u64) as usize];
                    let what = if random.below(2) == 0 {
                        "packed".into()
                    } else {
                        format!("aligned({})", 1 << random.below(6))
                    };
                    let _ = write!(text, "{ty} m{member} __attribute__(({what})); ");
                }
                _ => {
                    let ty = SCALARS[random.below(SCALARS.len() as u64) as usize];
                    let _ = write!(text, "{ty} m{member}; ");
                }
            }
        }
        text.push('}');
        match random.below(8) {
            0 => text.push_str(" __attribute__((packed))"),
            1 => {
                let _ = write!(text, " __attribute__((aligned({})))", 1 << random.below(6));
            }
            _ => {}
        }
        text.push_str(";\n");
        let _ = writeln!(text, "typedef {word} s{number} TAG{number};");
        if pack {
            text.push_str("#pragma pack(pop)\n");
        }
    }
    text
}

/// For every record a line: size, alignment, then of every named member its offset, or its first bit.
fn ours(text: &str, program: &mut String) -> Vec<String> {
    let files = common::Files { text: Some(text.as_bytes().to_vec()) };
    let mut parser = Parser::new(Pp::new(common::options("t.c"), &files), &common::LAYOUT, ParseOptions::default());
    while parser.next_external().is_some() {}
    let mut lines = Vec::new();
    for idx in 0..parser.types.records.len() {
        let record = parser.types.records[RecordId::from_index(idx)].clone();
        let tag = String::from_utf8_lossy(parser.pp.names.text(record.tag)).into_owned();
        if !tag.starts_with('s') {
            continue;
        }
        let word = if record.union { "union" } else { "struct" };
        let mut line = format!("{tag} {} {}", record.size, record.align);
        let _ = write!(program, "{{ {word} {tag} x; printf(\"{tag} %zu %zu\", sizeof x, _Alignof({word} {tag}));");
        for at in record.fields {
            let field = parser.types.fields[FieldId(at)];
            if field.name.is_none() {
                continue;
            }
            let name = String::from_utf8_lossy(parser.pp.names.text(field.name)).into_owned();
            if field.is_bit_field() {
                let _ = write!(line, " {}", field.offset * 8 + u64::from(field.bit));
                let _ = write!(program, "memset(&x, 0, sizeof x); x.{name} = 1; printf(\" %d\", first(&x, sizeof x));");
            } else {
                let _ = write!(line, " {}", field.offset);
                let _ = write!(program, "printf(\" %zu\", __builtin_offsetof({word} {tag}, {name}));");
            }
        }
        program.push_str("puts(\"\"); }\n");
        lines.push(line);
    }
    lines
}

#[test]
fn generated_records_lie_as_gcc_lays_them() {
    let text = generate(400);
    let mut body = String::new();
    let lines = ours(&text, &mut body);
    assert_eq!(lines.len(), 400);
    let program = format!(
        "#include <stdio.h>\n#include <string.h>\n{text}\nstatic int first(void *p, int n) {{ unsigned char *b = p; for (int i = 0; i < n * 8; i++) \
         if (b[i / 8] >> i % 8 & 1) return i; return -1; }}\nint main(void) {{\n{body}return 0; }}\n"
    );
    let dir = std::env::temp_dir().join(format!("layout-oracle-{}", std::process::id()));
    std::fs::create_dir_all(&dir).expect("a temporary directory");
    let (source, binary) = (dir.join("t.c"), dir.join("t"));
    std::fs::write(&source, program).expect("written");
    let status = Command::new("gcc").args(["-w", "-O0", "-o"]).arg(&binary).arg(&source).status();
    let Ok(status) = status else {
        eprintln!("SKIPPED: gcc is not installed");
        return;
    };
    assert!(status.success(), "gcc takes the generated program");
    let output = Command::new(&binary).output().expect("it runs");
    let theirs = String::from_utf8(output.stdout).expect("text");
    let mut wrong = 0;
    for (ours, theirs) in lines.iter().zip(theirs.lines()) {
        if ours != theirs {
            wrong += 1;
            let tag = ours.split(' ').next().unwrap_or("");
            let definition = text.lines().find(|l| l.contains(&format!(" {tag} {{"))).unwrap_or("");
            eprintln!("ours {ours}\ngcc  {theirs}\n{definition}");
        }
    }
    std::fs::remove_dir_all(&dir).expect("removed");
    assert_eq!(wrong, 0);
}
