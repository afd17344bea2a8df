//! A second front end, for tests only: a small language over the public [`ir::Builder`] alone. It keeps the builder's
//! interface honest: what is awkward here is awkward for everyone.
//!
//! ```text
//! extern fn printf(format: *byte, ...) -> int;
//! struct Pair { a: int; b: long; }
//! fn swap(p: Pair) -> Pair { var q: Pair; q.a = p.b as int; q.b = p.a as long; return q; }
//! ```
//!
//! Types: `byte` (unsigned), `int`, `long`, `double`, `*T`, `[N]T`, structures, `fn(x: T, …) -> T` behind a pointer. Names
//! are declared before use. Code is made in one pass while parsing: no tree, as a streaming compiler would do it.

use base::Pos;
use ir::func::{CallFlags, ParamHome};
use ir::module::{Linkage, MemDesc, SymbolDecl, SymbolKind, UnitOptions};
use ir::ops::{Cond, FCond, Op};
use ir::types::{Ext, Layout, Leaf, Param, Signature};
use ir::{Builder, DataDef, Func, FunctionSink, MemId, Module, SigId, Slot, Symbol, Ty, Value};
use std::collections::HashMap;

/// Errors are text: the line and what is wrong there.
type Result<T> = std::result::Result<T, String>;

/// Compiles a program into `sink`.
pub fn compile(text: &str, sink: &mut dyn FunctionSink) -> Result<()> {
    let options = UnitOptions { file_name: "mini".into(), unwind_tables: true, ..UnitOptions::default() };
    let mut module = Module::new(options);
    let mut unit = Unit {
        text,
        at: 0,
        start: 0,
        token: "",
        sink,
        structs: Vec::new(),
        names: HashMap::new(),
        locals: Vec::new(),
        ret: Type::Void,
    };
    unit.advance()?;
    let mut func = Func::new(Symbol(0), SigId(0));
    while !unit.token.is_empty() {
        unit.item(&mut module, &mut func)?;
    }
    unit.sink.finish(&module);
    Ok(())
}

/// Marks of more than one character.
const MARKS: [&str; 10] = ["...", "->", "<=", ">=", "==", "!=", "&&", "||", "<<", ">>"];

/// Of two operands' types the later one is computed in, but nothing below `int`.
#[derive(Clone, PartialEq, PartialOrd, Debug)]
enum Type {
    Void,
    Byte,
    Int,
    Long,
    Pointer(Box<Type>),
    Double,
    Array(Box<Type>, u64),
    Struct(usize),
    Function(Box<Prototype>),
}

#[derive(Clone, PartialEq, PartialOrd, Debug)]
struct Prototype {
    params: Vec<Type>,
    ret: Type,
    variadic: bool,
}

struct Struct {
    name: String,
    /// Name, type, offset.
    members: Vec<(String, Type, u64)>,
    size: u64,
    align: u32,
}

/// What an expression gives.
#[derive(Clone, Copy)]
enum Operand {
    Value(Value),
    Slot(Slot),
    /// Something at an address and an offset.
    At(Value, i32),
    Function(Symbol),
}

/// An expression's result and its type.
type Typed = (Operand, Type);

struct Unit<'a> {
    text: &'a str,
    /// Behind the token.
    at: usize,
    /// Of the token.
    start: usize,
    /// Empty at the end.
    token: &'a str,
    sink: &'a mut dyn FunctionSink,
    structs: Vec<Struct>,
    /// At file level.
    names: HashMap<String, (Symbol, Type)>,
    locals: Vec<(String, Slot, Type)>,
    /// What the function being compiled returns.
    ret: Type,
}

impl<'a> Unit<'a> {
    fn error<T>(&self, message: impl Into<String>) -> Result<T> {
        let line = self.text[..self.start].matches('\n').count() + 1;
        Err(format!("line {line}: {}", message.into()))
    }

    fn advance(&mut self) -> Result<()> {
        let rest = self.text[self.at..].trim_start();
        let skipped = self.text.len() - self.at - rest.len();
        self.start = self.at + skipped;
        if rest.starts_with("//") {
            self.at = self.start + rest.find('\n').unwrap_or(rest.len());
            return self.advance();
        }
        let run = |accept: fn(char) -> bool| rest.find(|c| !accept(c)).unwrap_or(rest.len());
        let len = match rest.chars().next() {
            None => 0,
            Some('a'..='z' | 'A'..='Z' | '_') => run(|c| c.is_ascii_alphanumeric() || c == '_'),
            Some('0'..='9') => run(|c| c.is_ascii_digit() || c == '.'),
            Some('"') => rest[1..].find('"').map_or(rest.len(), |end| end + 2),
            Some(c) => MARKS.iter().find(|mark| rest.starts_with(**mark)).map_or(c.len_utf8(), |mark| mark.len()),
        };
        self.at = self.start + len;
        self.token = &rest[..len];
        Ok(())
    }

    /// The token, of any kind; goes on to the next.
    fn take(&mut self) -> Result<&'a str> {
        let token = self.token;
        self.advance()?;
        Ok(token)
    }

    fn eat(&mut self, word: &str) -> Result<bool> {
        let found = self.token == word;
        if found {
            self.advance()?;
        }
        Ok(found)
    }

    fn expect(&mut self, word: &str) -> Result<()> {
        if self.eat(word)? { Ok(()) } else { self.error(format!("expected `{word}`, found `{}`", self.token)) }
    }

    fn name(&mut self) -> Result<String> {
        let word = self.take()?;
        let is_name = word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        if is_name { Ok(word.into()) } else { self.error(format!("`{word}` is not a name")) }
    }

    fn number(&mut self) -> Result<i64> {
        let number = self.take()?.parse();
        number.or_else(|_| self.error("expected a number"))
    }

    fn type_name(&mut self) -> Result<Type> {
        if self.eat("*")? {
            return Ok(Type::Pointer(Box::new(self.type_name()?)));
        }
        if self.eat("[")? {
            let n = self.number()?;
            self.expect("]")?;
            return Ok(Type::Array(Box::new(self.type_name()?), n as u64));
        }
        if self.eat("fn")? {
            let (prototype, _) = self.prototype()?;
            return Ok(Type::Function(Box::new(prototype)));
        }
        let name = self.name()?;
        Ok(match name.as_str() {
            "void" => Type::Void,
            "byte" => Type::Byte,
            "int" => Type::Int,
            "long" => Type::Long,
            "double" => Type::Double,
            _ => match self.structs.iter().position(|s| s.name == name) {
                Some(idx) => Type::Struct(idx),
                None => return self.error(format!("there is no type `{name}`")),
            },
        })
    }

    /// `name: T`
    fn declarator(&mut self) -> Result<(String, Type)> {
        let name = self.name()?;
        self.expect(":")?;
        Ok((name, self.type_name()?))
    }

    /// `(a: T, b: T, ...) -> T` and the parameters' names.
    fn prototype(&mut self) -> Result<(Prototype, Vec<String>)> {
        let (mut params, mut names, mut variadic) = (Vec::new(), Vec::new(), false);
        self.expect("(")?;
        while !self.eat(")")? {
            if self.eat("...")? {
                variadic = true;
            } else {
                let (name, ty) = self.declarator()?;
                names.push(name);
                params.push(ty);
            }
            let _ = self.eat(",")?;
        }
        let ret = if self.eat("->")? { self.type_name()? } else { Type::Void };
        Ok((Prototype { params, ret, variadic }, names))
    }

    fn scalar(&self, ty: &Type) -> Option<Ty> {
        match ty {
            Type::Byte => Some(Ty::I8),
            Type::Int => Some(Ty::I32),
            Type::Long => Some(Ty::I64),
            Type::Double => Some(Ty::F64),
            Type::Pointer(_) => Some(Ty::Ptr),
            Type::Void | Type::Array(..) | Type::Struct(_) | Type::Function(_) => None,
        }
    }

    /// Size and alignment.
    fn size(&self, ty: &Type) -> (u64, u32) {
        match ty {
            Type::Void | Type::Function(_) => (1, 1),
            Type::Array(element, n) => {
                let (size, align) = self.size(element);
                (size * n, align)
            }
            Type::Struct(idx) => (self.structs[*idx].size, self.structs[*idx].align),
            scalar => {
                let size = self.scalar(scalar).map_or(1, Ty::size);
                (size.into(), size)
            }
        }
    }

    fn leaves(&self, ty: &Type, offset: u64, leaves: &mut Vec<Leaf>) {
        match ty {
            Type::Array(element, n) => {
                let size = self.size(element).0;
                (0..*n).for_each(|idx| self.leaves(element, offset + idx * size, leaves));
            }
            Type::Struct(idx) => {
                for (_, ty, at) in &self.structs[*idx].members {
                    self.leaves(ty, offset + at, leaves);
                }
            }
            scalar => leaves.extend(self.scalar(scalar).map(|ty| Leaf { offset: offset as u32, ty })),
        }
    }

    fn param(&self, module: &mut Module, ty: &Type) -> Param {
        match ty {
            Type::Void => Param::scalar(Ty::Void),
            Type::Byte => Param::Scalar { ty: Ty::I8, ext: Ext::Zero },
            _ if self.scalar(ty).is_some() => Param::scalar(self.scalar(ty).unwrap_or(Ty::Void)),
            _ => {
                let (size, align) = self.size(ty);
                let mut leaves = Vec::new();
                self.leaves(ty, 0, &mut leaves);
                Param::Aggregate(module.intern_layout(Layout::new(size, align, leaves)))
            }
        }
    }

    fn sig(&self, module: &mut Module, prototype: &Prototype) -> SigId {
        let params = prototype.params.iter().map(|ty| self.param(module, ty)).collect();
        let ret = self.param(module, &prototype.ret);
        module.intern_sig(Signature { ret, params, variadic: prototype.variadic, unprototyped: false })
    }

    fn mem(&self, module: &mut Module, ty: &Type) -> MemId {
        module.intern_mem(MemDesc::plain(self.size(ty).1))
    }

    fn item(&mut self, module: &mut Module, func: &mut Func) -> Result<()> {
        if self.eat("struct")? {
            self.structure()
        } else if self.eat("var")? {
            self.global(module)
        } else {
            let _ = self.eat("extern")?;
            self.expect("fn")?;
            self.function(module, func)
        }
    }

    fn structure(&mut self) -> Result<()> {
        let name = self.name()?;
        // It may point to itself.
        self.structs.push(Struct { name, members: Vec::new(), size: 0, align: 1 });
        let idx = self.structs.len() - 1;
        self.expect("{")?;
        while !self.eat("}")? {
            let (name, ty) = self.declarator()?;
            self.expect(";")?;
            let (size, align) = self.size(&ty);
            let this = &mut self.structs[idx];
            let offset = this.size.next_multiple_of(align.into());
            this.size = offset + size;
            this.align = this.align.max(align);
            this.members.push((name, ty, offset));
        }
        let this = &mut self.structs[idx];
        this.size = this.size.next_multiple_of(this.align.into());
        Ok(())
    }

    fn global(&mut self, module: &mut Module) -> Result<()> {
        let (name, ty) = self.declarator()?;
        let value = if self.eat("=")? { self.number()? } else { 0 };
        self.expect(";")?;
        let (size, align) = self.size(&ty);
        let bytes = value.to_le_bytes()[..size.min(8) as usize].to_vec();
        let data = DataDef { symbol: Symbol(0), align, size, bytes, relocs: Vec::new(), read_only: false, merge: 0 };
        let symbol = self.data(module, &name, Linkage::Global, data);
        self.names.insert(name, (symbol, ty));
        Ok(())
    }

    fn data(&mut self, module: &mut Module, name: &str, linkage: Linkage, mut data: DataDef) -> Symbol {
        data.symbol = module.declare(SymbolDecl::new(name.as_bytes(), SymbolKind::Data, linkage));
        let symbol = data.symbol;
        module.symbols.change(symbol, |decl| decl.defined = true);
        self.sink.data(module, data);
        symbol
    }

    fn function(&mut self, module: &mut Module, func: &mut Func) -> Result<()> {
        let name = self.name()?;
        let (prototype, names) = self.prototype()?;
        let symbol = match self.names.get(&name) {
            Some(known) => known.0,
            None => module.declare(SymbolDecl::new(name.as_bytes(), SymbolKind::Function, Linkage::Global)),
        };
        let ty = Type::Function(Box::new(prototype.clone()));
        self.names.insert(name, (symbol, ty));
        if self.eat(";")? {
            return Ok(());
        }
        module.symbols.change(symbol, |decl| decl.defined = true);
        let sig = self.sig(module, &prototype);
        func.reset(symbol, sig);
        self.ret = prototype.ret.clone();
        self.locals.clear();
        let mut builder = Builder::new(module, func);
        let b = &mut builder;
        self.params(b, &prototype, names);
        self.block(b)?;
        if !b.is_ended() {
            b.ret(Ty::Void, None);
        }
        self.sink.function(module, func);
        Ok(())
    }

    /// Homes of parameters, then their values (before anything else), then the slots that scalars live in.
    fn params(&mut self, b: &mut Builder<'_>, prototype: &Prototype, names: Vec<String>) {
        let mut values = Vec::new();
        for (idx, (ty, name)) in prototype.params.iter().zip(names).enumerate() {
            let slot = self.slot(b, ty);
            match self.scalar(ty) {
                Some(scalar) => {
                    b.param_home(ParamHome::Value);
                    values.push((slot, b.param(scalar, idx as u32)));
                }
                None => b.param_home(ParamHome::Slot(slot)),
            }
            self.locals.push((name, slot, ty.clone()));
        }
        for (slot, value) in values {
            b.slot_set(slot, value);
        }
    }

    /// A variable or temporary.
    fn slot(&self, b: &mut Builder<'_>, ty: &Type) -> Slot {
        let (size, align) = self.size(ty);
        b.slot(size, align, self.scalar(ty).unwrap_or(Ty::Void))
    }

    fn block(&mut self, b: &mut Builder<'_>) -> Result<()> {
        self.expect("{")?;
        let n_locals = self.locals.len();
        while !self.eat("}")? {
            if b.is_ended() {
                // What follows is unreachable, but must be code.
                let unreachable = b.block();
                b.start(unreachable);
            }
            b.set_pos(Pos(self.start as u32 + 1));
            self.statement(b)?;
        }
        self.locals.truncate(n_locals);
        Ok(())
    }

    fn statement(&mut self, b: &mut Builder<'_>) -> Result<()> {
        if self.eat("var")? {
            let (name, ty) = self.declarator()?;
            let slot = self.slot(b, &ty);
            if self.eat("=")? {
                let value = self.expression(b, 0)?;
                self.assign(b, (Operand::Slot(slot), ty.clone()), value)?;
            }
            self.locals.push((name, slot, ty));
            return self.expect(";");
        }
        if self.eat("if")? {
            return self.if_statement(b);
        }
        if self.eat("while")? {
            return self.while_statement(b);
        }
        if self.eat("return")? {
            if self.eat(";")? {
                b.ret(Ty::Void, None);
                return Ok(());
            }
            let value = self.expression(b, 0)?;
            let ret = self.ret.clone();
            let scalar = self.scalar(&ret);
            let value = match scalar {
                Some(_) => self.converted(b, value, &ret)?,
                None => self.address(b, value)?,
            };
            b.ret(scalar.unwrap_or(Ty::Ptr), Some(value));
            return self.expect(";");
        }
        let target = self.expression(b, 0)?;
        if self.eat("=")? {
            let value = self.expression(b, 0)?;
            self.assign(b, target, value)?;
        }
        self.expect(";")
    }

    fn if_statement(&mut self, b: &mut Builder<'_>) -> Result<()> {
        let (then, other, join) = (b.block(), b.block(), b.block());
        self.condition(b, then, other)?;
        b.start(then);
        self.block(b)?;
        fall_into(b, join);
        b.start(other);
        if self.eat("else")? {
            self.block(b)?;
        }
        fall_into(b, join);
        b.start(join);
        Ok(())
    }

    fn while_statement(&mut self, b: &mut Builder<'_>) -> Result<()> {
        let (head, body, done) = (b.block(), b.block(), b.block());
        b.jump(head, &[]);
        b.enter_loop();
        b.start(head);
        self.condition(b, body, done)?;
        b.start(body);
        self.block(b)?;
        fall_into(b, head);
        b.leave_loop();
        b.start(done);
        Ok(())
    }

    fn condition(&mut self, b: &mut Builder<'_>, then: ir::Block, other: ir::Block) -> Result<()> {
        let condition = self.expression(b, 0)?;
        let truth = self.truth(b, condition)?;
        b.branch(Ty::I32, truth, then, other);
        Ok(())
    }

    fn assign(&mut self, b: &mut Builder<'_>, (place, ty): Typed, value: Typed) -> Result<()> {
        let Some(scalar) = self.scalar(&ty) else {
            if ty != value.1 {
                return self.error("the types differ");
            }
            let from = self.address(b, value)?;
            let to = self.address(b, (place, ty.clone()))?;
            let mem = self.mem(b.module, &ty);
            b.copy(to, from, self.size(&ty).0 as u32, mem);
            return Ok(());
        };
        let value = self.converted(b, value, &ty)?;
        match place {
            Operand::Slot(slot) => b.slot_set(slot, value),
            Operand::At(addr, offset) => {
                let mem = self.mem(b.module, &ty);
                b.store(scalar, addr, offset, value, mem);
            }
            Operand::Value(_) | Operand::Function(_) => return self.error("this cannot be assigned to"),
        }
        Ok(())
    }

    /// A value in hand: places are read, arrays become pointers to their first element.
    fn value(&mut self, b: &mut Builder<'_>, typed: Typed) -> Result<(Value, Type)> {
        let (operand, ty) = typed;
        match (operand, self.scalar(&ty)) {
            (Operand::Value(value), _) => Ok((value, ty)),
            (Operand::Slot(slot), Some(_)) => Ok((b.slot_get(slot), ty)),
            (Operand::At(addr, offset), Some(scalar)) => {
                let mem = self.mem(b.module, &ty);
                Ok((b.load(scalar, addr, offset, mem), ty))
            }
            _ => {
                let addr = self.address(b, (operand, ty.clone()))?;
                let to = if let Type::Array(element, _) = ty { *element } else { ty };
                Ok((addr, Type::Pointer(Box::new(to))))
            }
        }
    }

    fn address(&mut self, b: &mut Builder<'_>, (operand, _): Typed) -> Result<Value> {
        Ok(match operand {
            Operand::Slot(slot) => b.slot_addr(slot, 0),
            Operand::At(addr, 0) => addr,
            Operand::At(addr, offset) => {
                let offset = b.iconst(Ty::I64, offset.into());
                b.binary(Op::Add, Ty::Ptr, addr, offset)
            }
            Operand::Function(symbol) => b.sym_addr(symbol, 0),
            Operand::Value(_) => return self.error("this has no address"),
        })
    }

    fn converted(&mut self, b: &mut Builder<'_>, typed: Typed, to: &Type) -> Result<Value> {
        let (value, from) = self.value(b, typed)?;
        let (Some(a), Some(z)) = (self.scalar(&from), self.scalar(to)) else {
            return self.error(format!("{from:?} cannot become {to:?}"));
        };
        let op = match (a, z) {
            _ if a == z => return Ok(value),
            (Ty::F64, _) => Op::FptoS,
            (_, Ty::F64) => Op::StoFp,
            _ if a.size() > z.size() => Op::Trunc,
            _ if a.size() == z.size() => Op::Bitcast,
            (Ty::I8, _) => Op::Zext,
            _ => Op::Sext,
        };
        Ok(b.unary(op, z, value))
    }

    fn truth(&mut self, b: &mut Builder<'_>, typed: Typed) -> Result<Value> {
        let zero = b.iconst(Ty::I32, 0);
        let (truth, _) = self.binary(b, "!=", typed, (Operand::Value(zero), Type::Int))?;
        self.converted(b, (truth, Type::Int), &Type::Int)
    }

    fn expression(&mut self, b: &mut Builder<'_>, level: u8) -> Result<Typed> {
        let mut left = self.unary(b)?;
        loop {
            let mark = self.token;
            let Some(&(_, binds, ..)) = OPERATORS.iter().find(|row| row.0 == mark && row.1 > level) else { break };
            self.advance()?;
            left = match mark {
                "&&" | "||" => self.short_circuit(b, left, mark == "&&", binds)?,
                _ => {
                    // The left side is read before the right side is run.
                    let (value, ty) = self.value(b, left)?;
                    let right = self.expression(b, binds)?;
                    self.binary(b, mark, (Operand::Value(value), ty), right)?
                }
            };
        }
        Ok(left)
    }

    fn short_circuit(&mut self, b: &mut Builder<'_>, left: Typed, and: bool, binds: u8) -> Result<Typed> {
        let (right, short, join) = (b.block(), b.block(), b.block());
        let truth = self.truth(b, left)?;
        let (then, other) = if and { (right, short) } else { (short, right) };
        b.branch(Ty::I32, truth, then, other);
        // A branch passes no arguments: the known result needs a block of its own.
        b.start(short);
        let known = b.iconst(Ty::I32, i64::from(!and));
        b.jump(join, &[known]);
        b.start(right);
        let other = self.expression(b, binds)?;
        let truth = self.truth(b, other)?;
        b.jump(join, &[truth]);
        b.start(join);
        Ok((Operand::Value(b.block_param(Ty::I32)), Type::Int))
    }

    fn binary(&mut self, b: &mut Builder<'_>, mark: &str, left: Typed, right: Typed) -> Result<Typed> {
        let ((x, x_ty), (y, y_ty)) = (self.value(b, left)?, self.value(b, right)?);
        let x_value = (Operand::Value(x), x_ty.clone());
        if let (Type::Pointer(to), "+" | "-") = (&x_ty, mark)
            && !matches!(y_ty, Type::Pointer(_))
        {
            let idx = self.converted(b, (Operand::Value(y), y_ty), &Type::Long)?;
            let size = b.iconst(Ty::I64, self.size(to).0 as i64);
            let offset = b.binary(Op::Mul, Ty::I64, idx, size);
            let op = if mark == "+" { Op::Add } else { Op::Sub };
            return Ok((Operand::Value(b.binary(op, Ty::Ptr, x, offset)), x_ty));
        }
        let mut common = Type::Int;
        for ty in [&x_ty, &y_ty] {
            if *ty > common {
                common = ty.clone();
            }
        }
        let x = self.converted(b, x_value, &common)?;
        let y = self.converted(b, (Operand::Value(y), y_ty), &common)?;
        let ty = self.scalar(&common).unwrap_or(Ty::I32);
        let row = OPERATORS.iter().find(|row| row.0 == mark);
        if let Some((int, float)) = row.and_then(|row| row.4) {
            let value = if ty == Ty::F64 { b.fcmp(float, ty, x, y) } else { b.icmp(int, ty, x, y) };
            return Ok((Operand::Value(value), Type::Int));
        }
        let op = row.and_then(|row| if ty == Ty::F64 { row.3 } else { row.2 }).filter(|_| ty != Ty::Ptr);
        let Some(op) = op else { return self.error(format!("`{mark}` is not for these")) };
        Ok((Operand::Value(b.binary(op, ty, x, y)), common))
    }

    fn unary(&mut self, b: &mut Builder<'_>) -> Result<Typed> {
        if self.eat("-")? {
            let operand = self.unary(b)?;
            let zero = b.iconst(Ty::I32, 0);
            return self.binary(b, "-", (Operand::Value(zero), Type::Int), operand);
        }
        if self.eat("*")? {
            let operand = self.unary(b)?;
            return self.pointee(b, operand);
        }
        if self.eat("&")? {
            let operand = self.unary(b)?;
            let ty = Type::Pointer(Box::new(operand.1.clone()));
            let addr = self.address(b, operand)?;
            return Ok((Operand::Value(addr), ty));
        }
        let mut operand = self.primary(b)?;
        loop {
            if self.eat("(")? {
                operand = self.call(b, operand)?;
            } else if self.eat("[")? {
                let base = self.value(b, operand)?;
                let idx = self.expression(b, 0)?;
                self.expect("]")?;
                let element = self.binary(b, "+", (Operand::Value(base.0), base.1), idx)?;
                operand = self.pointee(b, element)?;
            } else if self.eat(".")? {
                operand = self.member(b, operand)?;
            } else if self.eat("as")? {
                let ty = self.type_name()?;
                operand = (Operand::Value(self.converted(b, operand, &ty)?), ty);
            } else {
                return Ok(operand);
            }
        }
    }

    fn pointee(&mut self, b: &mut Builder<'_>, pointer: Typed) -> Result<Typed> {
        match self.value(b, pointer)? {
            (value, Type::Pointer(to)) => Ok((Operand::At(value, 0), *to)),
            (_, ty) => self.error(format!("{ty:?} points to nothing")),
        }
    }

    /// A member of a structure, or of what a pointer points to.
    fn member(&mut self, b: &mut Builder<'_>, operand: Typed) -> Result<Typed> {
        let name = self.name()?;
        let is_pointer = matches!(operand.1, Type::Pointer(_));
        let operand = if is_pointer { self.pointee(b, operand)? } else { operand };
        let Type::Struct(idx) = operand.1 else { return self.error(format!("{:?} has no members", operand.1)) };
        let addr = self.address(b, operand)?;
        let found = self.structs[idx].members.iter().find(|member| member.0 == name).cloned();
        let Some((_, ty, at)) = found else { return self.error(format!("there is no member `{name}`")) };
        Ok((Operand::At(addr, at as i32), ty))
    }

    fn call(&mut self, b: &mut Builder<'_>, callee: Typed) -> Result<Typed> {
        let (callee, prototype) = match callee {
            (Operand::Function(symbol), Type::Function(prototype)) => (Ok(symbol), prototype),
            other => {
                let callee = self.pointee(b, other)?;
                let Type::Function(prototype) = callee.1.clone() else { return self.error("this is no function") };
                (Err(self.address(b, callee)?), prototype)
            }
        };
        let sig = self.sig(b.module, &prototype);
        let ret = self.scalar(&prototype.ret);
        let mut args = Vec::new();
        let mut result = None;
        if ret.is_none() && prototype.ret != Type::Void {
            let slot = self.slot(b, &prototype.ret);
            args.push(b.slot_addr(slot, 0));
            result = Some(slot);
        }
        let mut idx = 0;
        while !self.eat(")")? {
            let arg = self.expression(b, 0)?;
            args.push(match prototype.params.get(idx) {
                Some(ty) if self.scalar(ty).is_some() => self.converted(b, arg, ty)?,
                Some(_) => self.address(b, arg)?,
                None if !prototype.variadic => return self.error("too many arguments"),
                None if arg.1 == Type::Byte => self.converted(b, arg, &Type::Int)?,
                None => self.value(b, arg)?.0,
            });
            idx += 1;
            let _ = self.eat(",")?;
        }
        if idx < prototype.params.len() {
            return self.error("too few arguments");
        }
        let (ty, flags) = (ret.unwrap_or(Ty::Void), CallFlags::default());
        let value = match callee {
            Ok(symbol) => b.call(symbol, sig, ty, &args, flags),
            Err(addr) => b.call_indirect(addr, sig, ty, &args, flags),
        };
        Ok((result.map_or(Operand::Value(value), Operand::Slot), prototype.ret))
    }

    fn primary(&mut self, b: &mut Builder<'_>) -> Result<Typed> {
        let token = self.take()?;
        match token.as_bytes().first() {
            Some(b'0'..=b'9') => {
                let Ok(n) = token.parse() else {
                    let x = token.parse().or_else(|_| self.error(format!("`{token}` is not a number")))?;
                    return Ok((Operand::Value(b.f64const(x)), Type::Double));
                };
                let is_int = i32::try_from(n).is_ok();
                let (ty, scalar) = if is_int { (Type::Int, Ty::I32) } else { (Type::Long, Ty::I64) };
                Ok((Operand::Value(b.iconst(scalar, n)), ty))
            }
            Some(b'"') => {
                let mut bytes = token.trim_matches('"').replace("\\n", "\n").into_bytes();
                bytes.push(0);
                let name = format!(".str{}", b.module.symbols.len());
                let (symbol, size) = (Symbol(0), bytes.len() as u64);
                let data = DataDef { symbol, align: 1, size, bytes, relocs: Vec::new(), read_only: true, merge: 1 };
                let symbol = self.data(b.module, &name, Linkage::Local, data);
                Ok((Operand::Value(b.sym_addr(symbol, 0)), Type::Pointer(Box::new(Type::Byte))))
            }
            Some(b'(') => {
                let inner = self.expression(b, 0)?;
                self.expect(")")?;
                Ok(inner)
            }
            _ => {
                if let Some((_, slot, ty)) = self.locals.iter().rev().find(|local| local.0 == token) {
                    return Ok((Operand::Slot(*slot), ty.clone()));
                }
                let Some((symbol, ty)) = self.names.get(token).cloned() else {
                    return self.error(format!("there is no `{token}`"));
                };
                match ty {
                    Type::Function(_) => Ok((Operand::Function(symbol), ty)),
                    _ => Ok((Operand::At(b.sym_addr(symbol, 0), 0), ty)),
                }
            }
        }
    }
}

/// Goes on to `block`, unless control does not get here.
fn fall_into(b: &mut Builder<'_>, block: ir::Block) {
    if !b.is_ended() {
        b.jump(block, &[]);
    }
}

/// Operators, how tightly they bind, what they are for integers, for `double`, as comparisons.
type Operator = (&'static str, u8, Option<Op>, Option<Op>, Option<(Cond, FCond)>);
const OPERATORS: [Operator; 18] = [
    ("||", 1, None, None, None),
    ("&&", 2, None, None, None),
    ("==", 3, None, None, Some((Cond::Eq, FCond::Eq))),
    ("!=", 3, None, None, Some((Cond::Ne, FCond::Ne))),
    ("<=", 3, None, None, Some((Cond::Sle, FCond::Le))),
    (">=", 3, None, None, Some((Cond::Sge, FCond::Ge))),
    ("<", 3, None, None, Some((Cond::Slt, FCond::Lt))),
    (">", 3, None, None, Some((Cond::Sgt, FCond::Gt))),
    ("|", 4, Some(Op::Or), None, None),
    ("^", 4, Some(Op::Xor), None, None),
    ("&", 5, Some(Op::And), None, None),
    ("<<", 6, Some(Op::Shl), None, None),
    (">>", 6, Some(Op::AShr), None, None),
    ("+", 7, Some(Op::Add), Some(Op::Fadd), None),
    ("-", 7, Some(Op::Sub), Some(Op::Fsub), None),
    ("*", 8, Some(Op::Mul), Some(Op::Fmul), None),
    ("/", 8, Some(Op::SDiv), Some(Op::Fdiv), None),
    ("%", 8, Some(Op::SRem), None, None),
];
