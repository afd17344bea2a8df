//! Directives against GNU as: sections, bytes, relocations and symbols of the same text are the same. And mutants of the same
//! texts: errors, never a panic.

use kit::assemble::{AsmOptions, AssembleRequest, assemble};
use kit::plugins::TARGETS;
use obj::{Object, RelocTargetKind, SymbolDef};
use testkit::rng::Rng;
use testkit::tools::{TempDir, have};

/// A text for each group of directives.
#[rustfmt::skip]
static TEXTS: &[(&str, &str)] = &[
    ("data", ".data\n.byte 1,-1,'a\n.2byte 3\n.short -4\n.hword 5\n.value 6\n.word 7\n.long 8\n.int 9\n.4byte 10\n.quad -11\n.8byte 12\n.dc.b 1\n.dc.w 2\n.dc.l 3\n.dc.a 4\n.dc 5"),
    ("octa", ".data\n.octa 0x0123456789abcdef0123456789abcdef, -1, 5\n.quad 18446744073709551615"),
    ("strings", ".data\n.ascii \"a\\n\\101\\x41\\\\\\\"\", \"b\"\n.asciz \"c\"\n.string \"d\", \"e\"\n.string8 \"f\"\n.string16 \"gh\"\n.string32 \"i\"\n.string64 \"j\""),
    ("floats", ".data\n.float 1.5, -3e10, 0f2.5\n.single 0.1\n.double 1e300, 0d1.25, 0.1\n.tfloat 1.5\n.float 0x:3f800000\n.dc.s 1.0\n.dc.d 2.0"),
    ("space", ".data\n.zero 3\n.skip 4, 1\n.space 100, 2\n.fill 3, 2, 0x1234\n.fill 2, 8, -1\n.fill 5\n.ds.w 3\n.dcb.b 3, 7\n.dcb.l 2, 9\n.dcb.s 2, 1.0"),
    ("symbolic space", "a: jmp b\n.skip d-c, 0x90\n.fill d-c, 2, 0x1234\nb: ret\nc: jmp e\n.skip 200\nd: nop\ne: jmp a\n.skip 0-((d-c) > 0)"),
    ("alignment", "nop\n.p2align 4\nnop\n.p2align 4,,10\nnop\n.balign 8, 0xcc\nnop\n.p2align 5, 0x90\n.align 4\nret\n.p2align 4,,15\nret\n.data\n.byte 1\n.p2align 3\n.short 1\n.balignw 8, 0x1234\n.long 1\n.balignl 16, 0x12345678\n.byte 1\n.balign 16, 7, 3\n.byte 2"),
    ("branches across alignments", "a: jmp c\n.skip 110\n.p2align 4\nb: jmp a\njne c\n.skip 100\n.p2align 4,,7\nc: jmp b\njle a\n.skip 126\nd: jmp c"),
    ("org", "a: nop\n.org a+16, 0x90\nb: nop\n. = b + 8\nnop\n.org 40"),
    ("leb128", ".data\n.uleb128 0, 127, 128, 300, 0xffffffffffffffff\n.sleb128 -1, 63, 64, -65, 1000\n.uleb128 d-c\n.text\nc: jmp d\n.skip 130\nd: ret"),
    ("expressions", "a: .long b-a, (b-a)*2, 1==1, 1&&2, 1||0, 3<4, !0, !5, ~1, 5-3-1, 1<<3+1, 6/2*3, 7|8^1&3, 2+3*4, -7/2, -7%3, 'a, 1!3\nb: .quad c-b, -(c-b), .-b\n.long a-b+c-a\n0: nop\n1: nop\n.byte 1b-0b, 1f-0b\n1: .quad a, b+4, x, x-., c-a\nc: .long .-a"),
    ("local labels", "1: jmp 1f\n2: jmp 1b\n1: jmp 2b\njmp 3f\n3: nop\n10: jmp 10b"),
    ("set", "a = 5\n.set b, 7\n.equ c, a + b\n.long a, b, c, x\nx = 1\nx = 2\n.long x\n.equiv d, 9\n.eqv e, f + 1\nf: .long d, e\ng == f + 3\n.long g\nh = f + 4\n.long h\n.globl k\nk = f\n.type k, @function"),
    ("symbols", ".globl a, b\n.weak w, wu\n.hidden h\n.internal i\n.protected p\n.local l\na: b: w: h: i: p: l: nop\n.type a, @function\n.type b, %object\n.type w, STT_FUNC\n.type h, \"object\"\n.type i, @notype\n.type p, @gnu_indirect_function\n.size a, .-a\n.size b, 4\n.globl u\n.hidden hu\n.type tu, @function\n.quad a, w, h, l, u, p"),
    ("commons", ".comm a, 8, 4\n.comm b, 100\n.comm b2, 3\n.lcomm c, 5\n.local d\n.comm d, 16, 16\n.bss\n.byte 0\n.long 0"),
    ("unique and tls", ".section .tdata,\"awT\",@progbits\nt: .long 1\n.section .tbss,\"awT\",@nobits\nu: .zero 8\n.type v, @gnu_unique_object\n.data\nv: .long 1\n.quad t@dtpoff"),
    ("symver", ".symver f, f@@V2\n.symver f, g@V1\n.symver u, u@V1\nf: call u\n.globl f\n.type f, @function\n.size f, 1"),
    ("weakref", ".weakref a, b\ncall a\n.weakref c, d\ncall c\ncall d"),
    ("sections", ".text\nnop\n.data\n.byte 1\n.section .rodata\n.byte 2\n.section foo,\"aw\",@progbits\n.byte 3\n.pushsection bar,\"ax\"\nnop\n.popsection\n.byte 4\n.previous\n.byte 5\n.section .x,\"aMS\",@progbits,1\n.string \"a\"\n.section .y,\"aM\",@progbits,8\n.quad 1\n.section n,\"\",@note\n.long 1\n.section .init_array,\"aw\"\n.quad 0\n.section z,\"e\"\n.byte 1\n.section r,\"awR\"\n.byte 1"),
    ("groups", ".section a,\"axG\",@progbits,g,comdat\nnop\n.section b,\"awG\",@progbits,g,comdat\n.quad x\n.section c,\"axG\",@progbits,h\nh: nop\n.section d,\"aw?\"\n.byte 1"),
    ("linked and unique", ".section a,\"awo\",@progbits,.text\n.quad 1\n.section b,\"aw\",@progbits,unique,3\n.byte 1\n.section b,\"aw\",@progbits,unique,4\n.byte 2\n.section b,\"aw\",@progbits,unique,3\n.byte 3"),
    ("subsections", ".text 1\na: jmp c\n.text 0\nb: jmp a\n.subsection 2\nc: jmp b\n.p2align 3\n.data 1\n.byte 1\n.data\n.byte 2"),
    ("struct", ".struct 8\na: .skip 4\nb: .zero 2\nc:\n.text\n.long a, b, c"),
    ("conditions", "a = 3\n.if a == 3\n.byte 1\n.else\n.byte 2\n.endif\n.if a > 5\n.byte 3\n.elseif a == 3\n.byte 4\n.if 0\n.byte 9\n.endif\n.else\n.byte 5\n.endif\n.ifdef a\n.byte 6\n.endif\n.ifndef q\n.byte 7\n.endif\n.ifb\n.byte 8\n.endif\n.ifnb x\n.byte 9\n.endif\n.ifc a , a\n.byte 10\n.endif\n.ifnc b, a\n.byte 11\n.endif\n.ifeqs \"x\", \"x\"\n.byte 12\n.endif\n.ifnes \"x\", \"y\"\n.byte 13\n.endif\n.ifeq 0\n.byte 14\n.endif\n.ifge -1\n.byte 15\n.endif\n.iflt -1\n.byte 16\n.endif\n.ifle 0\n.byte 17\n.endif\n.ifgt 1\n.byte 18\n.endif\n.ifne 1\n.byte 19\n.endif"),
    ("macros", ".macro sum from=0, to=5\n.long \\from\n.if \\to-\\from\nsum \"(\\from+1)\",\\to\n.endif\n.endm\nsum 0,5\nsum to=2\n.macro m a:req, b=7, c:vararg\n.byte \\a, \\b\n.ascii \"\\c\"\n.endm\nm 1\nm 1,2\nm 1, 2, x, y z\nm b=3, a=4\n.macro lab\nl\\@: .byte 0\n.endm\nlab\nlab\n.macro cat a b\n\\a\\()\\b: .byte 1\n.endm\ncat x y\n.macro outer\n.macro inner x\n.byte \\x\n.endm\n.endm\nouter\ninner 9\n.purgem inner\n.macro ex n\n.byte 1\n.if \\n\n.exitm\n.endif\n.byte 2\n.endm\nex 0\nex 1"),
    ("repetition", ".rept 3\n.byte 1\n.endr\n.irp x, 1, 2, 3\n.byte \\x\n.endr\n.irpc c, 123\n.byte \\c\n.endr\n.irp a,5\n.irp b,6,7\n.byte \\a, \\b\n.endr\n.endr\n.rept 0\n.byte 9\n.endr"),
    ("altmacro", ".altmacro\n.macro m a, b\nLOCAL l\nl: .byte a, b\n.byte . - l\n.endm\nm 1, 2\nm %(1+2), <4>\n.macro s x\n.ascii \"&x\"\n.endm\ns abc\n.noaltmacro\n.byte 1"),
    ("unwind", "f: .cfi_startproc\n.cfi_personality 0x9b, DW.ref.p\n.cfi_lsda 0x1b, .Ll\npush %rbp\n.cfi_def_cfa_offset 16\n.cfi_offset 6, -16\nmov %rsp, %rbp\n.cfi_def_cfa_register %rbp\n.cfi_remember_state\npop %rbp\n.cfi_restore 6\n.cfi_def_cfa 7, 8\nret\n.cfi_restore_state\nnop\n.cfi_adjust_cfa_offset 8\nnop\n.cfi_rel_offset rbx, 0\n.skip 300\n.cfi_escape 0x2e, 0x10\nnop\n.cfi_undefined 3\n.cfi_same_value 12\n.cfi_register 3, 12\n.cfi_val_offset 13, -24\n.cfi_endproc\ng: .cfi_startproc\n.cfi_signal_frame\nnop\n.cfi_endproc\nh: .cfi_startproc simple\nnop\n.cfi_return_column 3\n.cfi_endproc\ni: .cfi_startproc\n.cfi_def_cfa_offset 16\njmp i2\n.skip 200\ni2: .cfi_def_cfa_offset 24\nret\n.cfi_endproc\n.section .gcc_except_table,\"a\"\n.Ll: .byte 0"),
    ("unwind for debuggers", ".cfi_sections .debug_frame\nf: .cfi_startproc\nnop\n.cfi_def_cfa_offset 16\nret\n.cfi_endproc"),
    ("lines", ".file \"t.c\"\n.file 1 \"t.c\"\n.file 2 \"d/u.h\"\n.loc 1 3 5\nnop\n.loc 2 4 5 is_stmt 0\nnop\n.loc 1 5 1 is_stmt 1 view .LV2\n.loc 1 6 2 prologue_end view .LV3\nnop\n.skip 300\n.loc 1 100 2 discriminator 3\nnop\n.section .text.b,\"ax\"\n.loc 1 7 2 epilogue_begin basic_block isa 2\nnop\n.text\n.loc 1 2000 3\nret\n.data\n.uleb128 .LV2, .LV3\n.section .debug_info,\"\",@progbits\n.byte 1"),
    ("lines of version 5", ".file 0 \"/tmp/d\" \"t.c\"\n.file 1 \"t.c\"\n.file 2 \"/usr/include/x.h\"\n.loc 1 1 1\nnop\n.loc 2 9 1\n.p2align 4\nnop\n.section .debug_info,\"\",@progbits\n.byte 1"),
    ("order of private symbols", "a: lea .La(%rip), %rax\nb: lea .Lb(%rip), %rax\nc: lea .Lb(%rip), %rax\nd: movq .Lc(%rip), %rax\ne: mov $.Ld+1, %eax\nf: .long .Ld-.\ng: .section .q,\"ax\"\nlea .La(%rip), %rax\nlea .Le(%rip), %rax\n.text\nlea .Lf(%rip), %rax\nh: .type .Ld, @object\ni: .section .r,\"aMS\",@progbits,1\n.La: .string \"a\"\n.Lb: .string \"b\"\n.Lc: .string \"c\"\n.Ld: .string \"d\"\n.Le: .string \"e\"\n.Lf: .string \"f\"\nj:"),
    ("order of private symbols in Intel syntax", ".intel_syntax noprefix\na: mov rax, QWORD PTR .La[rip]\nb: lea rax, .Lb[rip]\nc: mov eax, OFFSET FLAT:.Lc+1\nd: mov rax, QWORD PTR x@GOTPCREL[rip]\ne: cmp QWORD PTR [rip+.Ld], 1\nf: .section .r,\"aMS\",@progbits,1\n.La: .string \"a\"\n.Lb: .string \"b\"\n.Lc: .string \"c\"\n.Ld: .string \"d\"\ng:"),
    ("order of symbols", ".globl z\n.section .foo,\"ax\"\na: call y@PLT\nmov x@GOTPCREL(%rip), %rax\n.text\nmov $a+1, %eax\nb: .data\n.quad b, w\n.section .bar\nc: z: .quad c+4\nd = 5\n.quad d\nd = 6\n.section g,\"axG\",@progbits,sig,comdat\ne: call f\n.section h,\"aG\",@progbits,e2,comdat\ne2: .quad .bar"),
    ("lines of line 0", ".file 1 \"t.c\"\n.loc 1 3 5\nnop\n.loc 1 0 7\nnop\n.loc 1 4 2 prologue_end\nnop\n.loc 1 0 2 is_stmt 0\nret\n.section .debug_info,\"\",@progbits\n.byte 1"),
    ("checksums of files", ".file 0 \"/d\" \"t.c\" md5 0x0123456789abcdeffedcba9876543210\n.file 1 \"u\" \"t.h\" md5 0x00112233445566778899aabbccddeeff\n.loc 0 1 1\nnop\n.loc 1 1 1\nret\n.section .debug_info,\"\",@progbits\n.byte 1"),
    ("relocations", "call x\ncall x@PLT\njmp x\njne x\njmp x@PLT\nlea x(%rip), %rax\nmov $x, %eax\nmov x, %eax\nlea .Ls(%rip), %rax\nmov $.Ls+1, %eax\nl: call g\njmp g\ncall l\n.globl g\ng: ret\n.section .str,\"aMS\",@progbits,1\n.Ls: .string \"a\"\n.data\n.quad x, l, g, .Ls, .Ls+1, x-., l-., x@GOTOFF\n.long x@GOTPCREL, x@PLT, x-.\n.byte x\n.short l"),
    ("reloc", "nop\n.reloc ., R_X86_64_NONE, x\n.reloc 0, R_X86_64_32, y+4\nl: .long 0\n.reloc l, R_X86_64_PC32, l\n.reloc l+2, BFD_RELOC_16, 5"),
    ("notes", ".ident \"me\"\n.ident \"you\"\n.version \"01\"\n.section .note.GNU-stack,\"\",@progbits"),
    ("comments", "nop # one\n/* two\n three */ nop; nop /* four */ ; nop\n# 7 \"x.c\"\n// five\n  / six\n\"quoted sym\": nop\n.quad \"quoted sym\"\n#APP\nnop\n#NO_APP"),
    ("nops", ".nops 4\n.nops 13\n.nops 9, 3\n.nop\n"),
];

fn ours(text: &str) -> Result<Vec<u8>, String> {
    let options = AsmOptions { directory: "/tmp".into(), ..AsmOptions::default() };
    let files = vec![("t.s".to_string(), text.as_bytes())];
    let out = assemble(&AssembleRequest { target: &TARGETS[0], options, compress: false, files }, &sys::Host);
    out.object.ok_or(out.report)
}

/// Everything that counts, in an order of its own.
fn normal(object: &Object) -> Vec<String> {
    let mut lines = Vec::new();
    let name_of = |section: obj::SectionId| String::from_utf8_lossy(&object.sections[section].name).into_owned();
    for section in &object.sections {
        let name = String::from_utf8_lossy(&section.name).into_owned();
        let (kind, flags) = (section.kind, section.flags.0);
        lines.push(format!(
            "{name} {kind:?} {flags:x} align {} entry {} size {} {:02x?}",
            section.align, section.entry_size, section.size, section.data
        ));
        let mut relocs = Vec::new();
        for atom in object.atoms.range(section.atoms.clone()) {
            for reloc in &object.relocs[atom.relocs.start as usize..atom.relocs.end as usize] {
                let target = match reloc.target.kind() {
                    RelocTargetKind::Symbol(sym) => String::from_utf8_lossy(object.symbol_name(sym)).into_owned(),
                    RelocTargetKind::Atom(atom) => name_of(object.atoms[atom].section),
                };
                relocs.push(format!("  {name}+{:x} {:?} {target} {:+}", reloc.offset, reloc.kind, reloc.addend));
            }
        }
        relocs.sort();
        lines.append(&mut relocs);
    }
    let mut symbols = Vec::new();
    for (id, symbol) in object.symbols.enumerated() {
        let place = match symbol.def {
            SymbolDef::Atom(atom) => name_of(object.atoms[atom].section),
            other => format!("{other:?}"),
        };
        let name = String::from_utf8_lossy(object.symbol_name(id)).into_owned();
        if name.is_empty() && symbol.value == 0 {
            // Address 0, which GNU as has a symbol for.
            continue;
        }
        symbols.push(format!(
            "{name} {place}+{:x} {:?} {:?} {:?} {}",
            symbol.value, symbol.binding, symbol.kind, symbol.visibility, symbol.size
        ));
    }
    let order: Vec<&str> = symbols.iter().map(|symbol| symbol.split(' ').next().unwrap_or_default()).collect();
    let order = format!("order of symbols {order:?}");
    symbols.sort();
    lines.append(&mut symbols);
    lines.push(order);
    for group in &object.groups {
        let members: Vec<String> = group.sections.iter().map(|&section| name_of(section)).collect();
        lines.push(format!("group {} {members:?}", group.comdat));
    }
    lines
}

#[test]
fn every_directive_gives_what_gnu_as_gives() {
    if !have("as") {
        println!("skipped: no GNU as");
        return;
    }
    let dir = TempDir::new("assemble").expect("a folder");
    let mut wrong = Vec::new();
    for (name, text) in TEXTS {
        let text = format!("{text}\n");
        let (source, object) = (dir.write("t.s", &text).expect("writable"), dir.file("t.o"));
        let status =
            std::process::Command::new("as").arg("--64").arg("-o").arg(&object).arg(&source).output().expect("as");
        let said = String::from_utf8_lossy(&status.stderr).into_owned();
        assert!(status.status.success(), "{name}: GNU as: {said}");
        let theirs = std::fs::read(&object).expect("made");
        match ours(&text) {
            Err(report) => wrong.push(format!("{name}: {report}")),
            Ok(bytes) => {
                let read =
                    |bytes: &[u8]| normal(&fmt_elf::read::read_object(bytes, TARGETS[0].arch).expect("an object"));
                let (ours, theirs) = (read(&bytes), read(&theirs));
                let differing: Vec<String> = theirs
                    .iter()
                    .filter(|line| !ours.contains(line))
                    .map(|line| format!("  as:  {line}"))
                    .chain(ours.iter().filter(|line| !theirs.contains(line)).map(|line| format!("  kit: {line}")))
                    .collect();
                if !differing.is_empty() || ours.len() != theirs.len() {
                    wrong.push(format!("{name}:\n{}", differing.join("\n")));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), TEXTS.len(), wrong.join("\n"));
}

#[test]
fn what_is_wrong_is_said_as_gnu_as_says_it() {
    let table = [
        (".bad", "t.s:1: Error: unknown pseudo-op: `.bad'\n"),
        ("a: nop\na: nop", "t.s:2: Error: symbol `a' is already defined\n"),
        (".long 1 2", "t.s:1: Error: junk at end of line, first unrecognized character is `2'\n"),
        (".endif", "t.s:1: Error: \".endif\" without \".if\"\n"),
        (".error \"x\"\n.err", "t.s:1: Error: x\nt.s:2: Error: .err encountered\n"),
        (
            ".macro m x\n.bad \\x\n.endm\n\nm 1",
            "t.s:2: Error: unknown pseudo-op: `.bad'\nt.s:5:  Info: macro invoked from here\n",
        ),
        (".byte 300", "t.s:1: Warning: value 0x12c truncated to 0x2c\n"),
        (".cfi_endproc", "t.s:1: Error: .cfi_endproc without corresponding .cfi_startproc\n"),
        (".balign 3", "t.s:1: Error: alignment not a power of 2\n"),
        ("# 10 \"x.c\"\n.bad", "x.c:10: Error: unknown pseudo-op: `.bad'\n"),
    ];
    for (text, wanted) in table {
        let files = vec![("t.s".to_string(), text.as_bytes())];
        let request = AssembleRequest { target: &TARGETS[0], options: AsmOptions::default(), compress: false, files };
        let out = assemble(&request, &sys::Host);
        let name = wanted.split(':').next().unwrap_or("");
        assert_eq!(out.report, format!("{name}: Assembler messages:\n{wanted}"), "{text}");
    }
}

#[test]
fn atoms_that_text_tells_are_those_of_the_object() {
    let text = "\t.text\n\t.p2align 4\n.Lb0:\nf:\tcall g\n\tjmp .L1\n.L1:\tlea .Ls(%rip), %rax\n\tret\n.Le0:\n\t.p2align 4\n.Lb1:\n\
        g:\tjmp .L3\n\tcall f\n.L3:\tret\n.Le1:\n\t.section .rodata\n.Lb2:\n.Ls:\t.string \"x\"\n.Le2:\n.Lb3:\n.Lt:\t.byte 1\n.Le3:\n\
        \t.section .kit.atoms,\"e\",@progbits\n\t.ascii \"kitcuts1\"\n\t.uleb128 .Le0-.Lb0, 4\n\t.uleb128 .Le1-.Lb1, 4\n\
        \t.uleb128 .Le2-.Lb2, 0\n\t.uleb128 .Le3-.Lb3, 0\n";
    let bytes = ours(text).expect("an object");
    let object = fmt_elf::read::read_object(&bytes, TARGETS[0].arch).expect("an object");
    let sizes: Vec<u64> = object.atoms.iter().map(|atom| atom.size).collect();
    // Beside the four that are told, the empty sections of data.
    assert_eq!(sizes.iter().filter(|&&size| size != 0).copied().collect::<Vec<_>>(), [15, 8, 2, 1]);
    let relocs: usize = object.relocs.len();
    assert_eq!(relocs, 3, "both calls, and the string");
}

#[test]
fn mutants_give_errors_and_no_panic() {
    let mut rng = Rng::new(5);
    let bytes: &[u8] = b"\0\n;\"'#$%@().,:=-+*/<>!&|\\ 09aZ\xff";
    for round in 0..1500 {
        let mut text = TEXTS[round % TEXTS.len()].1.as_bytes().to_vec();
        for _ in 0..1 + rng.below(4) {
            let at = rng.below(text.len().max(1)).min(text.len().saturating_sub(1));
            match rng.below(5) {
                0 if !text.is_empty() => text[at] = *rng.pick(bytes),
                1 if !text.is_empty() => {
                    text.remove(at);
                }
                2 => text.insert(at, *rng.pick(bytes)),
                3 => {
                    let other = TEXTS[rng.below(TEXTS.len())].1.as_bytes();
                    let from = rng.below(other.len());
                    let len = rng.below(40).min(other.len() - from);
                    text.splice(at..at, other[from..from + len].iter().copied());
                }
                _ => text.truncate(at),
            }
        }
        // `.include` and `.incbin` are not among the texts: nothing is read.
        let files = vec![("t.s".to_string(), &text[..])];
        let request = AssembleRequest { target: &TARGETS[0], options: AsmOptions::default(), compress: false, files };
        let out = assemble(&request, &sys::Host);
        assert!(out.object.is_some() == (out.n_errors == 0), "{}", String::from_utf8_lossy(&text));
    }
}
