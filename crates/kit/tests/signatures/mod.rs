//! Random function signatures as C: types, definitions that check what they got, calls that check what came back.
//!
//! Every value is compared leaf by leaf (scalars within records; of a union one member), so that padding never counts.
//! The text is made once and compiled by either compiler; `P` puts a prefix before each function's name, so that all
//! pairs of compilers live in one program.

use std::fmt::Write;
use testkit::rng::Rng;

/// How a scalar's values are written.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Signed(u32),
    Unsigned(u32),
    Bool,
    Float,
    Pointer,
    /// Two leaves.
    Complex,
}

use Kind::{Complex, Float, Pointer, Signed, Unsigned};

/// C's name of it, its kind, whether it is what it is after promotion (and so may stand behind `...`).
static SCALARS: &[(&str, Kind, bool)] = &[
    ("int", Signed(32), true),
    ("long", Signed(64), true),
    ("double", Float, true),
    ("char", Signed(8), false),
    ("unsigned char", Unsigned(8), false),
    ("short", Signed(16), false),
    ("unsigned short", Unsigned(16), false),
    ("unsigned", Unsigned(32), true),
    ("unsigned long", Unsigned(64), true),
    ("long long", Signed(64), true),
    ("_Bool", Kind::Bool, false),
    ("float", Float, false),
    ("long double", Float, true),
    ("void *", Pointer, true),
    ("enum small", Unsigned(2), true),
    ("float _Complex", Complex, true),
    ("double _Complex", Complex, true),
    ("long double _Complex", Complex, true),
    ("signed char", Signed(8), false),
    ("long long", Signed(64), true),
    ("unsigned long long", Unsigned(64), true),
    ("__int128", Signed(128), true),
    ("unsigned __int128", Unsigned(128), true),
    ("function", Pointer, true),
    ("enum large", Signed(64), true),
    ("low_long", Signed(64), true),
];

/// Rows of [`SCALARS`] that may be bit-fields.
const BIT_SCALARS: &[usize] = &[0, 1, 3, 4, 5, 6, 7, 8, 10, 14, 18, 19, 20, 21, 22];

#[derive(Clone)]
enum Type {
    Void,
    Scalar(usize),
    Record(usize),
}

enum Member {
    Plain(Type),
    Array(Type, usize),
    /// Row of [`SCALARS`] and width.
    Bits(usize, u32),
    /// Text without a value: an empty member, the end of a storage unit, unnamed bits, an open array.
    Nothing(&'static str),
}

struct Record {
    is_union: bool,
    /// Aligned to 16 bytes and perhaps no wider: an `aligned` record, a union with a `long double`, a 128-bit integer, what
    /// holds them.
    wide: bool,
    members: Vec<Member>,
}

struct Signature {
    ret: Type,
    params: Vec<Type>,
    /// Arguments behind `...`.
    more: Option<Vec<Type>>,
}

/// A scalar within a value: how it is reached, and the literal that belongs there.
type Leaf = (String, String);

/// The texts of a program: `header` belongs before the others.
pub struct Texts {
    pub header: String,
    pub definitions: String,
    pub calls: String,
}

struct Gen {
    rng: Rng,
    records: Vec<Record>,
    header: String,
}

/// `n` functions over random types.
pub fn generate(seed: u64, n: usize) -> Texts {
    let header = "#include <stdarg.h>\nvoid fail(const char *unit, int function, const char *what);\n\
                  extern int broken; void *guard(void *);\n\
                  typedef int (*function)(int, double);\n\
                  typedef long low_long __attribute__((aligned(4)));\n\
                  enum small { NONE, ONE, TWO, THREE };\n\
                  enum large { LEAST = -0x7fffffffffffffff - 1, MOST = 0x7fffffffffffffff };\n"
        .to_owned();
    let mut generator = Gen { rng: Rng::new(seed), records: Vec::new(), header };
    for _ in 0..n / 3 {
        generator.record();
    }
    let (mut definitions, mut calls, mut all) = (String::new(), String::new(), String::new());
    for function in 0..n {
        let signature = generator.signature();
        let prototype = generator.prototype(&signature, function);
        let _ = writeln!(generator.header, "{prototype};");
        generator.function(&signature, function, &prototype, &mut definitions, &mut calls);
        let _ = writeln!(all, "call{function}();");
    }
    let _ = write!(calls, "void P(calls)(void) {{\n{all}}}\n");
    Texts { header: generator.header, definitions, calls }
}

impl Gen {
    fn scalar(&mut self) -> usize {
        // The first rows more often.
        let n = if self.rng.one_in(3) { 3 } else { SCALARS.len() };
        self.rng.below(n)
    }

    fn ty(&mut self) -> Type {
        if self.rng.one_in(2) || self.records.is_empty() {
            return Type::Scalar(self.scalar());
        }
        Type::Record(self.rng.below(self.records.len()))
    }

    /// Makes a structure or union, and writes its definition.
    fn record(&mut self) {
        let is_union = self.rng.one_in(5);
        // Small ones travel in registers and are worth more.
        let n_members = if self.rng.one_in(4) { 1 + self.rng.below(8) } else { 1 + self.rng.below(3) };
        let mut members = Vec::new();
        for _ in 0..n_members {
            let member = match self.rng.below(10) {
                0 => self.bits(),
                1 if self.rng.one_in(2) => {
                    let texts =
                        ["int : 0;", "long : 0;", "struct { } e;", "char o[0];", "unsigned : 5;", "double z[0];"];
                    Member::Nothing(texts[self.rng.below(texts.len())])
                }
                1 | 2 => Member::Array(Type::Scalar(self.scalar()), 1 + self.rng.below(4)),
                3 | 4 => Member::Plain(self.ty()),
                _ => Member::Plain(Type::Scalar(self.scalar())),
            };
            members.push(member);
        }
        // A record of unnamed bits alone is an integer to gcc where a register is free and nothing at all on the stack.
        let has_bits = members.iter().any(|member| matches!(member, Member::Nothing(text) if text.ends_with(": 5;")));
        let is_bare = members.iter().all(|member| matches!(member, Member::Nothing(_)));
        if is_bare && (has_bits || !self.rng.one_in(4)) {
            members.push(Member::Plain(Type::Scalar(0)));
        }
        let named = members.iter().any(|member| !matches!(member, Member::Nothing(_)));
        if !is_union && named && self.rng.one_in(20) {
            members.push(Member::Nothing("short open[];"));
        }
        let mut nothings = 0;
        let attributes: Vec<&str> = members
            .iter()
            .map(|_| match self.rng.below(40) {
                0 => " __attribute__((packed))",
                1 => " __attribute__((aligned(8)))",
                2 => " __attribute__((aligned(16)))",
                _ => "",
            })
            .collect();
        let mut text = String::from(if is_union { "union" } else { "struct" });
        let attribute = match self.rng.below(24) {
            0 | 1 => " __attribute__((packed))",
            2 => " __attribute__((aligned(16)))",
            3 => " __attribute__((aligned(32)))",
            4 => " __attribute__((packed, aligned(4)))",
            _ => "",
        };
        let _ = write!(text, "{attribute} r{} {{ ", self.records.len());
        for (at, member) in members.iter().enumerate() {
            let more = attributes[at];
            let _ = match member {
                Member::Plain(ty) => write!(text, "{} m{at}{more}; ", self.name(ty)),
                Member::Array(ty, n) => write!(text, "{} m{at}[{n}]{more}; ", self.name(ty)),
                Member::Bits(scalar, width) => write!(text, "{} m{at} : {width}{more}; ", SCALARS[*scalar].0),
                Member::Nothing(bare) => {
                    nothings += 1;
                    // Their names must differ too.
                    write!(
                        text,
                        "{} ",
                        bare.replace(" e;", &format!(" e{nothings};"))
                            .replace("o[", &format!("o{nothings}["))
                            .replace("z[", &format!("z{nothings}["))
                    )
                }
            };
        }
        let _ = writeln!(self.header, "{text}}};");
        let wide = members.iter().any(|member| match member {
            Member::Plain(ty) | Member::Array(ty, _) => match *ty {
                Type::Scalar(scalar) => {
                    let name = SCALARS[scalar].0;
                    is_union && name.starts_with("long double") || name.contains("__int128")
                }
                Type::Record(idx) => self.records[idx].wide,
                Type::Void => false,
            },
            Member::Bits(scalar, _) => SCALARS[*scalar].0.contains("__int128"),
            Member::Nothing(_) => false,
        });
        let wide = wide || attribute.contains("aligned") || attributes.iter().any(|text| text.contains("aligned"));
        self.records.push(Record { is_union, wide, members });
    }

    fn bits(&mut self) -> Member {
        let scalar = *self.rng.pick(BIT_SCALARS);
        match SCALARS[scalar].1 {
            Signed(bits) => Member::Bits(scalar, 2 + self.rng.below(bits as usize - 1) as u32),
            Unsigned(bits) => Member::Bits(scalar, 1 + self.rng.below(bits as usize) as u32),
            _ => Member::Bits(scalar, 1),
        }
    }

    fn name(&self, ty: &Type) -> String {
        match *ty {
            Type::Void => "void".into(),
            Type::Scalar(scalar) => SCALARS[scalar].0.into(),
            Type::Record(idx) => format!("{} r{idx}", if self.records[idx].is_union { "union" } else { "struct" }),
        }
    }

    fn signature(&mut self) -> Signature {
        let ret = match self.ty() {
            _ if self.rng.one_in(8) => Type::Void,
            ty => ty,
        };
        let n_params = if self.rng.one_in(4) { self.rng.below(16) } else { self.rng.below(6) };
        let mut params: Vec<Type> = (0..n_params).map(|_| self.ty()).collect();
        let more = self.rng.one_in(3).then(|| {
            if params.is_empty() {
                params.push(Type::Scalar(0));
            }
            let n_more = if self.rng.one_in(3) { self.rng.below(14) } else { self.rng.below(5) };
            let types: Vec<Type> = (0..n_more).map(|_| self.ty()).collect();
            let may = |ty: &Type| match *ty {
                Type::Scalar(scalar) => SCALARS[scalar].2,
                // gcc 12 reads those of two integer registers with an aligned load from a place in its register save
                // area that is not aligned, and crashes on its own calls.
                Type::Record(idx) => !self.records[idx].wide,
                Type::Void => false,
            };
            types.into_iter().filter(may).collect()
        });
        Signature { ret, params, more }
    }

    fn prototype(&self, signature: &Signature, function: usize) -> String {
        let mut params: Vec<String> =
            signature.params.iter().enumerate().map(|(at, ty)| format!("{} a{at}", self.name(ty))).collect();
        match &signature.more {
            Some(_) => params.push("...".into()),
            None if params.is_empty() => params.push("void".into()),
            None => {}
        }
        format!("{} P(f{function})({})", self.name(&signature.ret), params.join(", "))
    }

    /// Values for every scalar of a value of type `ty` that is reached by `path`.
    fn leaves(&mut self, ty: &Type, path: &str, out: &mut Vec<Leaf>) {
        match *ty {
            Type::Void => {}
            Type::Scalar(scalar) => {
                let (name, kind, _) = SCALARS[scalar];
                if kind == Complex {
                    for part in ["__real__", "__imag__"] {
                        let value = self.value("double", Float);
                        out.push((format!("{part} {path}"), value));
                    }
                } else {
                    let value = self.value(name, kind);
                    out.push((path.to_owned(), value));
                }
            }
            Type::Record(idx) => {
                let n_members = self.records[idx].members.len();
                let only = self.records[idx].is_union.then(|| self.rng.below(n_members));
                for at in (0..n_members).filter(|at| only.is_none_or(|only| only == *at)) {
                    self.member_leaves(idx, at, path, out);
                }
            }
        }
    }

    fn member_leaves(&mut self, record: usize, at: usize, path: &str, out: &mut Vec<Leaf>) {
        match &self.records[record].members[at] {
            Member::Plain(ty) => {
                let ty = ty.clone();
                self.leaves(&ty, &format!("{path}.m{at}"), out);
            }
            Member::Array(ty, n) => {
                let (ty, n) = (ty.clone(), *n);
                for idx in 0..n {
                    self.leaves(&ty, &format!("{path}.m{at}[{idx}]"), out);
                }
            }
            &Member::Bits(scalar, width) => {
                let kind = match SCALARS[scalar].1 {
                    Signed(_) => Signed(width),
                    Kind::Bool => Kind::Bool,
                    _ => Unsigned(width),
                };
                let value = self.value(SCALARS[scalar].0, kind);
                out.push((format!("{path}.m{at}"), value));
            }
            Member::Nothing(_) => {}
        }
    }

    fn value(&mut self, name: &str, kind: Kind) -> String {
        match kind {
            Signed(bits @ 65..) => {
                let (high, low) = ((self.rng.interesting(bits - 64) << (128 - bits)) as i64, self.rng.next_u64());
                format!("(({name})((__int128){}LL << 64 | {low}ULL))", (high >> (128 - bits)).max(i64::MIN + 1))
            }
            Unsigned(bits @ 65..) => {
                let (high, low) = (self.rng.interesting(bits - 64), self.rng.next_u64());
                format!("(({name})((unsigned __int128){high}ULL << 64 | {low}ULL))")
            }
            Signed(bits) => {
                let value = (self.rng.interesting(bits) << (64 - bits)) as i64 >> (64 - bits);
                format!("({name})({}LL - 1)", value.wrapping_add(1).max(i64::MIN + 2))
            }
            Unsigned(bits) => format!("({name}){}ULL", self.rng.interesting(bits)),
            Kind::Bool => format!("({name}){}", self.rng.below(2)),
            Pointer => format!("({name}){:#x}UL", self.rng.interesting(64)),
            Float | Complex => format!("({name})({}.25)", self.rng.below(200_001) as i64 - 100_000),
        }
    }

    /// Writes the definition of a function and a call of it.
    fn function(
        &mut self,
        signature: &Signature,
        function: usize,
        prototype: &str,
        definitions: &mut String,
        calls: &mut String,
    ) {
        let mut given: Vec<Leaf> = Vec::new();
        let mut names: Vec<String> = Vec::new();
        let (mut locals, mut fetch) = (String::new(), String::new());
        let more = signature.more.as_deref().unwrap_or_default();
        for (at, ty) in signature.params.iter().chain(more).enumerate() {
            let name = self.name(ty);
            let _ = writeln!(locals, "{name} a{at};");
            if at >= signature.params.len() {
                let _ = writeln!(fetch, "{name} a{at} = va_arg(list, {name});");
            }
            names.push(format!("a{at}"));
            self.leaves(ty, &format!("a{at}"), &mut given);
        }
        let mut returned = Vec::new();
        self.leaves(&signature.ret, "r", &mut returned);
        let ret = self.name(&signature.ret);
        let is_void = matches!(signature.ret, Type::Void);

        let _ = writeln!(definitions, "{prototype} {{");
        if signature.more.is_some() {
            let _ = writeln!(definitions, "va_list list; va_start(list, a{});", signature.params.len() - 1);
            let _ = writeln!(definitions, "{fetch}va_end(list);");
        }
        check(definitions, function, &given);
        // What the callee does to its copies is none of the caller's business.
        for (path, value) in &given {
            let _ = writeln!(definitions, "{path} = !{value};");
        }
        if !is_void {
            let _ = writeln!(definitions, "{ret} r;");
            set(definitions, &returned);
            let _ = writeln!(definitions, "return r;");
        }
        let _ = writeln!(definitions, "}}");

        let _ = writeln!(calls, "static void call{function}(void) {{\n{locals}");
        set(calls, &given);
        let mut callee = format!("P(f{function})");
        let guarded = !self.rng.one_in(3);
        if guarded {
            // The prototype's name becomes a pointer's.
            let pointer = prototype.replacen(&callee, "(*volatile pointer)", 1);
            let _ = writeln!(calls, "{pointer} = guard({callee});");
            callee = "pointer".into();
        }
        let result = if is_void { String::new() } else { format!("{ret} r = ") };
        let _ = writeln!(calls, "{result}{callee}({});", names.join(", "));
        if guarded {
            let _ = writeln!(calls, "if (broken) {{ broken = 0; fail(UNIT, {function}, \"a register\"); }}");
        }
        check(calls, function, &returned);
        check(calls, function, &given);
        let _ = writeln!(calls, "}}");
    }
}

fn set(out: &mut String, leaves: &[Leaf]) {
    for (path, value) in leaves {
        let _ = writeln!(out, "{path} = {value};");
    }
}

fn check(out: &mut String, function: usize, leaves: &[Leaf]) {
    for (path, value) in leaves {
        let _ = writeln!(out, "if ({path} != {value}) fail(UNIT, {function}, \"{path}\");");
    }
}
