//! Assembly text against GNU as: every row at every size over registers and addresses of all kinds, what has no row, and
//! directives with their relocations. Same bytes.

mod common;

use arch_x86_64::insns::{self, INSNS, Imm, InsnRow, Shape};
use arch_x86_64::insns_more::MORE;
use arch_x86_64::syntax::AttSyntax;
use asm::{Assembler, Host};
use base::Pos;
use obj::SymId;
use obj::build::ObjectBuilder;

struct Alone(ObjectBuilder);

impl Host for Alone {
    fn builder(&mut self) -> &mut ObjectBuilder {
        &mut self.0
    }

    fn symbol(&mut self, _: &[u8]) -> Option<SymId> {
        None
    }
}

/// Assembles a text to an object.
fn assemble(text: &str) -> Result<obj::Object<'static>, String> {
    let mut asm = Assembler::new(&AttSyntax);
    asm.file(text.as_bytes(), Pos(1)).map_err(|error| error.message)?;
    let mut host = Alone(ObjectBuilder::new());
    let errors = asm.finish(&mut host, &arch_x86_64::ARCH, &mut Vec::new());
    match errors.first() {
        Some(error) => Err(error.message.clone()),
        None => Ok(host.0.finish()),
    }
}

fn code(text: &str) -> Result<Vec<u8>, String> {
    let object = assemble(text)?;
    let section = object.sections.iter().find(|section| *section.name == *b".text");
    Ok(section.map_or_else(Vec::new, |section| section.data.to_vec()))
}

const SIZES: [&[&str]; 4] = [
    &["%al", "%ah", "%sil", "%bl", "%r9b", "%r12b"],
    &["%ax", "%sp", "%bp", "%si", "%r8w", "%r13w"],
    &["%eax", "%esp", "%ebp", "%ebx", "%r8d", "%r15d"],
    &["%rax", "%rsp", "%rbp", "%rcx", "%r8", "%r13"],
];
const XMMS: &[&str] = &["%xmm0", "%xmm7", "%xmm8", "%xmm15"];
const ADDRESSES: &[&str] = &[
    "(%rax)",
    "(%rsp)",
    "(%rbp)",
    "(%r12)",
    "(%r13)",
    "8(%rsp)",
    "-128(%rdi)",
    "128(%r8)",
    "(%rax,%rcx,4)",
    "1(%r13,%r12,8)",
    "0x12345(,%rbx,2)",
    "%fs:0x28",
    "%gs:8(%rax)",
    "(%ecx)",
    "16(%rip)",
];

fn registers(row: &InsnRow, size: u8) -> [&'static [&'static str]; 2] {
    let ints = |size: u8| SIZES[if size > 3 { 3 } else { size as usize }];
    let is = |flag: u16| row.flags & flag == flag;
    let rm = match row.flags & (insns::BYTE_RM | insns::WORD_RM | insns::DWORD_RM) {
        insns::BYTE_RM => 0,
        insns::WORD_RM => 1,
        insns::DWORD_RM => 2,
        _ => size,
    };
    if is(insns::XX) {
        [XMMS, XMMS]
    } else if is(insns::XI) {
        [XMMS, ints(size)]
    } else if is(insns::IX) {
        [ints(size), XMMS]
    } else {
        [ints(size), ints(rm)]
    }
}

fn mnemonic(row: &InsnRow, size: u8) -> String {
    let mut name = row.mnemonic.to_string();
    if row.flags & insns::CC != 0 {
        name += "ne";
    }
    if row.flags & insns::DQ != 0 {
        return name + if size == 3 { "q" } else { "d" };
    }
    if row.flags & insns::PLAIN == 0 {
        name += ["b", "w", "l", "q", "q"][size as usize];
    }
    name
}

fn immediates(row: &InsnRow, size: u8) -> Vec<String> {
    let list: &[i64] = match row.imm {
        Imm::No | Imm::Symbol => return vec![String::new()],
        Imm::Byte => &[1, 5, 100],
        Imm::Word => &[16, 0x1234],
        Imm::Full if size == 0 => &[1, -5],
        Imm::Full if size == 1 => &[300, -2],
        Imm::Full => &[300, 0x1234_5678, -1],
        Imm::Eight => &[0x1234_5678_9abc_def0],
    };
    list.iter().map(|value| format!("${value}, ")).collect()
}

/// `%ah` and its like cannot stand beside what needs a prefix.
fn is_possible(line: &str) -> bool {
    let high = ["%ah", "%ch", "%dh", "%bh"].iter().any(|name| line.contains(name));
    let needs_rex = line.contains("%r") || line.contains("sil") || line.contains("dil");
    !(high
        && (needs_rex && !line.contains("(%r") || line.contains("%r8") || line.contains("%r9") || line.contains("%r1")))
}

fn row_lines(row: &InsnRow, size: u8, lines: &mut Vec<String>) {
    let name = mnemonic(row, size);
    let [regs, rms] = registers(row, size);
    let cl = if row.flags & insns::BY_CL != 0 { "%cl, " } else { "" };
    let with_registers =
        !matches!(row.shape, Shape::RMem | Shape::MemR | Shape::MemD | Shape::Mem | Shape::Z | Shape::ZZ);
    let with_memory =
        matches!(row.shape, Shape::RMem | Shape::MemR | Shape::MemD | Shape::Mem | Shape::RE | Shape::ER | Shape::E);
    for imm in immediates(row, size) {
        let mut add = |operands: String| {
            let line = format!("{name} {cl}{imm}{operands}");
            let line = line.trim_end().trim_end_matches(',').to_string();
            if is_possible(&line) && !lines.contains(&line) {
                lines.push(line);
            }
        };
        if matches!(row.shape, Shape::Z | Shape::ZZ) {
            add(String::new());
        }
        if with_registers {
            for (idx, rm) in rms.iter().enumerate() {
                let reg = regs[(idx + 1) % regs.len()];
                match row.shape {
                    Shape::MR | Shape::ER | Shape::MX => {
                        add(format!("{reg}, {rm}"));
                        add(format!("{}, {rm}", regs[0]));
                    }
                    Shape::RM | Shape::RE => {
                        add(format!("{rm}, {reg}"));
                        add(format!("{rm}, {}", regs[0]));
                    }
                    _ if row.mnemonic.ends_with('*') => {}
                    _ => add(rm.to_string()),
                }
            }
        }
        if with_memory {
            for (idx, mem) in ADDRESSES.iter().enumerate() {
                let reg = regs[idx % regs.len()];
                match row.shape {
                    Shape::RMem | Shape::MemD | Shape::RE => add(format!("{mem}, {reg}")),
                    Shape::MemR | Shape::ER => add(format!("{reg}, {mem}")),
                    _ if row.mnemonic.ends_with('*') => {}
                    _ => add(mem.to_string()),
                }
            }
        }
    }
}

/// What has no row, or more than a row.
const OTHERS: &[&str] = &[
    "call *%rax",
    "call *%r11",
    "call *8(%rbx)",
    "jmp *%rdx",
    "jmp *(%rax,%rbx,8)",
    "jmp *%r12",
    "callq *(%rdi)",
    "lock addl $1, (%rdi)",
    "lock; addl $1, (%rdi)",
    "lock xaddq %rax, (%rdx)",
    "lock cmpxchgw %cx, (%rsi)",
    "lock cmpxchg16b (%rdi)",
    "lock incl 4(%rsp)",
    "lock decw (%r9)",
    "lock orb $4, (%rax)",
    "lock btsq $3, (%rax)",
    "xchg %eax, (%rcx)",
    "xchgb %al, (%rcx)",
    "xchg %rax, %rbx",
    "xchg %rbx, %rax",
    "xchg %eax, %r9d",
    "xchgw %ax, %cx",
    "xchg %ebx, %ecx",
    "xchg %eax, %eax",
    "xchg %rax, %rax",
    "rep movsb",
    "rep; movsb",
    "rep movsw",
    "rep movsl",
    "rep movsq",
    "repe cmpsb",
    "repne scasb",
    "rep stosq",
    "rep stosl",
    "rep; nop",
    "rep ret",
    "rep insb",
    "rep outsw",
    "lodsb",
    "lodsq",
    "scasl",
    "cmpsw",
    "insl",
    "outsb",
    "movsd",
    "cs nop",
    "inb %dx, %al",
    "in %dx, %eax",
    "inw %dx, %ax",
    "inb $0x80, %al",
    "outb %al, %dx",
    "outl %eax, %dx",
    "outb %al, $0x80",
    "outw %ax, $5",
    "mov %ds, %eax",
    "mov %fs, %ax",
    "mov %eax, %es",
    "mov %cr0, %rax",
    "mov %rax, %cr3",
    "mov %cr8, %r9",
    "mov %db7, %rax",
    "fld %st(2)",
    "fxch",
    "fxch %st(3)",
    "fstp %st(0)",
    "fstp %st(1)",
    "fst %st(4)",
    "ffree %st(1)",
    "fadd %st(1), %st",
    "fadd %st, %st(1)",
    "faddp",
    "faddp %st, %st(2)",
    "fsubp",
    "fsubrp",
    "fsub %st(2), %st",
    "fsubr %st, %st(2)",
    "fdivp %st, %st(1)",
    "fdivrp",
    "fmulp",
    "fmul %st(3), %st",
    "fucomi %st(1), %st",
    "fucomip %st(1), %st",
    "fcomi %st(2)",
    "fcom",
    "fucompp",
    "fcmovne %st(1), %st",
    "fnstsw %ax",
    "fstsw %ax",
    "fstcw 8(%rsp)",
    "fstenv (%rax)",
    "finit",
    "fclex",
    "fstsw (%rax)",
    "add %eax, %ebx",
    "add (%rax), %ebx",
    "add %ebx, (%rax)",
    "addl $1, (%rax)",
    "add $1, %al",
    "add $128, %eax",
    "add $-128, %rax",
    "addl $0xffffffff, %ecx",
    "addw $0xffff, %cx",
    "subq $0x80, %rsp",
    "and $~15, %rsp",
    "cmp $0, %r8",
    "test %eax, %eax",
    "test $1, %bl",
    "testb $1, (%rax)",
    "test %rax, (%rbx)",
    "test (%rbx), %rax",
    "mov $5, %eax",
    "mov $5, %rax",
    "mov $-1, %rax",
    "movq $0x80000000, %rax",
    "mov $0x123456789a, %r9",
    "movabs $1, %rax",
    "movl $5, (%rax)",
    "movq $-5, 8(%rax)",
    "movw $1, %cx",
    "movb $1, %r8b",
    "mov %al, %bl",
    "mov $1, %dil",
    "movb $'a', %al",
    "movzbl %al, %ecx",
    "movzbl (%rax), %ecx",
    "movzwl %cx, %edx",
    "movsbl %al, %eax",
    "movslq %eax, %rbx",
    "movslq (%rax), %rbx",
    "movsbq %cl, %rax",
    "movswq (%rdi), %rsi",
    "movzbw %al, %cx",
    "movzx %al, %ecx",
    "movzb %al, %ecx",
    "movsx %cx, %rdx",
    "shl %eax",
    "shl $1, %eax",
    "shl $4, %eax",
    "shl %cl, %rax",
    "sar %r9",
    "shrq $63, (%rax)",
    "sal $2, %ecx",
    "rol $8, %ax",
    "rorw $8, %cx",
    "rcll %ecx",
    "shld $3, %rax, %rbx",
    "shrd %cl, %edx, %eax",
    "shldl $5, %eax, (%rbx)",
    "imul %ecx",
    "imul %ecx, %edx",
    "imul $3, %ecx",
    "imul $300, %ecx, %edx",
    "imul $3, (%rax), %r9",
    "imulq (%rax), %rdx",
    "mul %rcx",
    "mulq (%rdx)",
    "divl %ecx",
    "idivq 8(%rsp)",
    "neg %eax",
    "notq (%rax)",
    "inc %eax",
    "decq %rcx",
    "incb (%rax)",
    "push %rax",
    "pushq %r12",
    "push $5",
    "pushq $300",
    "pushq (%rax)",
    "pop %rbx",
    "popq 8(%rsp)",
    "pushf",
    "popfq",
    "ret",
    "ret $8",
    "leave",
    "sete %al",
    "setnz (%rax)",
    "setb %r9b",
    "cmovz %eax, %ebx",
    "cmovll %eax, %ebx",
    "cmovaq (%rax), %r9",
    "cmovne %rcx, %rdx",
    "bswap %eax",
    "bswapq %r8",
    "bsf %eax, %ebx",
    "bsrq (%rax), %rbx",
    "lzcnt %eax, %ebx",
    "tzcntq %r8, %rax",
    "popcnt (%rax), %ecx",
    "bt %eax, (%rbx)",
    "btl $5, (%rbx)",
    "bts $3, %rax",
    "btr %ecx, %edx",
    "btcw $2, %ax",
    "crc32b %al, %ecx",
    "crc32q %rax, %rbx",
    "crc32l (%rax), %ecx",
    "cpuid",
    "rdtsc",
    "rdtscp",
    "xgetbv",
    "pause",
    "nop",
    "nopw 0(%rax,%rax,1)",
    "nopl (%rax)",
    "lfence",
    "mfence",
    "sfence",
    "syscall",
    "int $0x80",
    "int3",
    "hlt",
    "ud2",
    "cqto",
    "cltd",
    "cltq",
    "cwtl",
    "std",
    "cld",
    "stc",
    "lahf",
    "endbr64",
    "rdrand %eax",
    "rdseed %r9",
    "rdfsbase %rax",
    "clflush (%rax)",
    "prefetchnta 8(%rax)",
    "prefetcht0 (%rdi)",
    "prefetchw (%rax)",
    "movd %eax, %xmm1",
    "movd %xmm1, %eax",
    "movq %rax, %xmm9",
    "movq %xmm9, %rax",
    "movq %xmm1, %xmm2",
    "movq (%rax), %xmm3",
    "movq %xmm3, (%rax)",
    "movd (%rax), %xmm3",
    "movd %xmm3, (%rax)",
    "movss %xmm1, %xmm2",
    "movsd (%rax), %xmm2",
    "movsd %xmm2, (%rax)",
    "movaps %xmm1, %xmm2",
    "movups (%rax), %xmm2",
    "movdqu %xmm8, 16(%rsp)",
    "cvtsi2sd %eax, %xmm0",
    "cvtsi2sdq %rax, %xmm0",
    "cvtsi2sdl (%rax), %xmm0",
    "cvttsd2si %xmm0, %rax",
    "cvttsd2siq %xmm0, %rax",
    "pshufd $0x1b, %xmm1, %xmm2",
    "psrldq $8, %xmm1",
    "pslld $3, %xmm9",
    "pslld %xmm1, %xmm2",
    "pmovmskb %xmm3, %eax",
    "pextrw $3, %xmm1, %eax",
    "pinsrw $2, %eax, %xmm1",
    "aesenc %xmm1, %xmm2",
    "pclmulqdq $0x11, %xmm1, %xmm2",
    "palignr $8, %xmm1, %xmm9",
    "sqrtsd %xmm1, %xmm2",
    "ucomisd (%rax), %xmm1",
    "xorps %xmm0, %xmm0",
    "ldmxcsr (%rax)",
    "stmxcsr 4(%rsp)",
    "lea 8(%rax), %rbx",
    "leal (%rax,%rax,4), %ecx",
    "leaq 0(,%rax,8), %rcx",
    "lea (%eax), %ecx",
    "mov %fs:0, %rax",
    "mov %gs:(%rax), %ebx",
    "movl %eax, %fs:16",
    "mov 0x1000, %eax",
    "1: jmp 1b",
    "jne 1f; nop; 1:",
    "loop 1f; 1:",
    "jrcxz 1f; nop; 1:",
    "call 1f; 1:",
    "jmp 1f; .skip 200; 1:",
    "jz 1f; .skip 127; 1:",
    "jz 1f; .skip 128; 1:",
    ".byte 1, 2, -1; .short 3; .long 4; .quad 5",
    ".ascii \"a\\n\"; .asciz \"b\"; .string \"c\\0\"",
    ".p2align 4; nop; .p2align 4; nop",
    "jmp 1f; .p2align 4; 1: nop",
    "nop; .balign 8, 0xcc; nop",
    ".fill 3, 2, 0x1234",
    ".skip 5, 7",
    ".zero 3",
    "1: .long . - 1b, 2f - 1b; 2:",
    ".set x, 5; .byte x + 1, (x << 2) | 1",
    "x = 3; mov $x, %eax",
    ".uleb128 300, 5; .sleb128 -129",
    ".octa 0x1234567890abcdef1122334455667788",
    ".float 1.5; .double -2.25",
    "lea 1f(%rip), %rax; nop; 1:",
    "mov 1f - 2f(%rax), %ecx; 2: nop; 1:",
    "movl $(1f - 2f), %eax; 2: nop; 1:",
    "addl 8+4(%rax), %ecx",
    "bnd jmp *%rax",
    "notrack jmp *%rax",
    "data16 nop",
    "cmpq $1, 8+(%rsp)",
];

/// Our bytes and GNU as's, line by line.
#[test]
fn every_row_and_form_is_what_gnu_as_writes() {
    let mut lines: Vec<String> = OTHERS.iter().map(|line| line.to_string()).collect();
    for row in INSNS.iter().chain(MORE) {
        let text_only = row.mnemonic.contains(' ');
        let usable =
            !text_only && !matches!(row.shape, Shape::Sequence | Shape::DD | Shape::ZZ) && row.imm != Imm::Symbol;
        let plain = row.shape == Shape::ZZ && !row.mnemonic.contains('%');
        for size in (0..5).filter(|size| row.sizes & 1 << size != 0 && (usable || plain)) {
            row_lines(row, size, &mut lines);
        }
    }
    let dir = common::scratch("syntax");
    let mut text = String::new();
    for (idx, line) in lines.iter().enumerate() {
        text += &format!(".section s{idx},\"ax\",@progbits\n{line}\n");
    }
    std::fs::write(dir.join("all.s"), text).expect("writable");
    common::tool(&dir, "as", &["--64", "-o", "all.o", "all.s"]);
    let bytes = std::fs::read(dir.join("all.o")).expect("made");
    let theirs = fmt_elf::read::read_object(&bytes, &arch_x86_64::ARCH).expect("an object");
    let mut wrong = Vec::new();
    for (idx, line) in lines.iter().enumerate() {
        let name = format!("s{idx}");
        let section = theirs.sections.iter().find(|section| *section.name == *name.as_bytes()).expect("one a line");
        let ours = code(line);
        if ours.as_deref() != Ok(&*section.data) {
            wrong.push(format!("{line}: {ours:02x?}, as: {:02x?}", section.data));
        }
    }
    println!("figure: forms {}", lines.len());
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), lines.len(), wrong[..wrong.len().min(200)].join("\n"));
    std::fs::remove_dir_all(&dir).expect("removable");
}

#[test]
fn what_is_wrong_is_named() {
    let table = [
        ("frobnicate %eax", "no such instruction: ‘frobnicate’"),
        ("mov %eax", "operands do not suit ‘mov’"),
        ("mov %foo, %eax", "bad register name ‘%foo’"),
        ("addb $300, %al", "operands do not suit ‘addb’"),
        ("lea (%ax), %eax", "an address needs 64-bit registers"),
        ("jmp 5b", "backward ref to unknown label \"5:\""),
        (".frob 1", "unknown pseudo-op: `.frob'"),
        (".skip 1 nop", "junk at end of line, first unrecognized character is `n'"),
        ("a: nop; a:", "symbol `a' is already defined"),
        ("mov (%rax,%rsp), %eax", "this register cannot be an index"),
        ("mov 4(%rax,%rbx,3), %eax", "the scale of an address is 1, 2, 4 or 8"),
        ("loop 1f; .skip 300; 1:", "value of 300 too large for field of 1 byte"),
        (".long a + b", "invalid operands in an expression"),
        (".ascii \"x", "missing closing `\"'"),
        (".cfi_def_cfa_offset 16", "CFI instruction used without previous .cfi_startproc"),
    ];
    for (text, message) in table {
        assert_eq!(assemble(text).map(drop), Err(message.to_string()), "{text}");
    }
}
