//! Objects with static storage: initialisers evaluated to bytes and addresses.

use crate::ast::{Init, InitItem, NodeId, NodeOp};
use crate::consts;
use crate::lower::facts::{is_complex, pointee};
use crate::lower::{State, Tree};
use crate::types::{DeclId, FieldId, LabelId, QualTy, Quals, StrId, TypeData};
use base::Pos;
use base::ids::Id;
use ir::module::{DataDef, DataReloc, Module, Symbol};

/// The contents of an object. Bytes beyond `bytes` are zero.
pub(crate) struct Image {
    pub bytes: Vec<u8>,
    /// In order of offset.
    pub relocs: Vec<DataReloc>,
}

/// A constant expression's value.
#[derive(Clone, Copy)]
enum Const {
    /// Little-endian.
    Bits([u8; 16]),
    Address {
        symbol: Symbol,
        addend: i64,
    },
    /// Distance of two labels.
    Difference {
        symbol: Symbol,
        base: Symbol,
        addend: i64,
    },
}

impl Const {
    fn int(value: i64) -> Const {
        Const::Bits(i128::from(value).to_le_bytes())
    }

    fn as_int(self) -> Option<i64> {
        self.as_wide().map(|value| value as i64)
    }

    fn as_wide(self) -> Option<i128> {
        match self {
            Const::Bits(bytes) => Some(i128::from_le_bytes(bytes)),
            _ => None,
        }
    }

    fn plus(self, bytes: i64) -> Const {
        match self {
            Const::Bits(bits) => Const::Bits(i128::from_le_bytes(bits).wrapping_add(i128::from(bytes)).to_le_bytes()),
            Const::Address { symbol, addend } => Const::Address { symbol, addend: addend.wrapping_add(bytes) },
            Const::Difference { symbol, base, addend } => {
                Const::Difference { symbol, base, addend: addend.wrapping_add(bytes) }
            }
        }
    }
}

/// An object with an initialiser may have this many bytes, as they are made in memory; one without is only counted.
const MAX_INITIALISED: u64 = 1 << 31;

impl State {
    /// Lowers the definitions of objects that came with an external declaration.
    pub(crate) fn static_data(&mut self, module: &mut Module, tree: Tree<'_>) {
        for &(decl, init) in &tree.ast.static_inits {
            self.define_object(module, tree, decl, init);
        }
    }

    /// Defines object `decl` with initialiser number `init`, or zero when that is `u32::MAX`.
    pub(crate) fn define_object(&mut self, module: &mut Module, tree: Tree<'_>, decl: DeclId, init: u32) {
        let data = &tree.unit.decls[decl];
        let symbol = self.symbol(module, tree, decl);
        let fact = self.facts.fact(tree.types, data.ty);
        let natural = self.object_align(tree, decl);
        let mut size = fact.size;
        let mut image = Image { bytes: Vec::new(), relocs: Vec::new() };
        if let Some(init) = tree.ast.inits.get(init as usize) {
            if let TypeData::Record(id) = tree.types.get(data.ty)
                && tree.types.records[id].flexible
            {
                size = size.max(init.size);
            }
            if size > MAX_INITIALISED {
                let what = format!("initialized object of {size} bytes is larger than {MAX_INITIALISED}");
                self.errors.push((data.pos, what));
            } else if let Some(made) = self.image(module, tree, init, size, false) {
                image = made;
            }
        }
        module.symbols.change(symbol, |decl| decl.defined = true);
        self.set_defined(decl);
        let read_only = is_const(tree, data.ty);
        let Image { bytes, relocs } = image;
        let def = DataDef { symbol, align: natural, size, bytes, relocs, read_only, merge: 0 };
        // A function's own data follows it, as it may hold addresses of its labels.
        if self.in_function {
            self.own_data.push(def);
        } else {
            self.unit_data.push(def);
        }
        self.describe_global(module, tree, decl, symbol);
    }

    /// Alignment of an object in bytes.
    pub(crate) fn object_align(&mut self, tree: Tree<'_>, decl: DeclId) -> u32 {
        let data = &tree.unit.decls[decl];
        self.facts.fact(tree.types, data.ty).align().max(data.align)
    }

    /// The contents that `init` gives an object of `size` bytes. With `plain`, `None` when they are not all numbers;
    /// else what is not constant is reported and left zero.
    pub(crate) fn image(
        &mut self,
        module: &mut Module,
        tree: Tree<'_>,
        init: &Init,
        size: u64,
        plain: bool,
    ) -> Option<Image> {
        let mut image = Image { bytes: Vec::new(), relocs: Vec::new() };
        if plain && !self.all_numbers(tree, init) {
            return None;
        }
        self.items(module, tree, init, 0, size, &mut image);
        if !image.relocs.is_sorted_by_key(|reloc| reloc.offset) {
            image.relocs.sort_by_key(|reloc| reloc.offset);
        }
        if image.relocs.is_empty() && image.bytes.iter().all(|&byte| byte == 0) {
            image.bytes = Vec::new();
        }
        Some(image)
    }

    /// Every item is a number or a string.
    fn all_numbers(&self, tree: Tree<'_>, init: &Init) -> bool {
        let items = &tree.ast.init_items[init.first as usize..(init.first + init.n) as usize];
        items.iter().all(|item| {
            matches!(
                tree.ast.nodes[item.value].op,
                NodeOp::IntConst | NodeOp::WideConst | NodeOp::FloatConst | NodeOp::Str
            )
        })
    }

    fn items(&mut self, module: &mut Module, tree: Tree<'_>, init: &Init, at: u64, size: u64, image: &mut Image) {
        for idx in init.first..init.first + init.n {
            let item = tree.ast.init_items[idx as usize];
            self.item(module, tree, &item, at, size, image);
        }
    }

    fn item(&mut self, module: &mut Module, tree: Tree<'_>, item: &InitItem, at: u64, size: u64, image: &mut Image) {
        let node = &tree.ast.nodes[item.value];
        let start = (at + item.offset) as usize;
        // What most items are.
        if node.op == NodeOp::IntConst && item.width == 0 && item.size <= 8 && !tree.types.layout.big_endian {
            return image.put(start, item.size as usize, node.int_value());
        }
        if item.width != 0 {
            let Some(value) = self.constant(module, tree, item.value).and_then(Const::as_wide) else {
                return self.not_constant(node.pos);
            };
            let low_width = item.width.min(64);
            put_bits(image, start, item.bit, low_width, value as u64);
            return put_bits(image, start + 8, item.bit, item.width - low_width, (value >> 64) as u64);
        }
        if node.op == NodeOp::Str {
            let bytes = &tree.unit.strings[StrId(node.a)].bytes;
            let n = bytes.len().min(item.size as usize);
            image.room(start, n);
            image.bytes[start..start + n].copy_from_slice(&bytes[..n]);
            if n < item.size as usize {
                image.clear_tail(start + n, item.size as usize - n);
            }
            return;
        }
        if is_complex(tree.types.get(node.ty)) {
            return self.complex_item(tree, item, start, image);
        }
        if self.facts.fact(tree.types, node.ty).is_aggregate() {
            return self.aggregate_item(module, tree, item, at, size, image);
        }
        let Some(value) = self.constant(module, tree, item.value) else { return self.not_constant(node.pos) };
        let n = item.size as usize;
        image.room(start, n);
        match value {
            Const::Bits(bits) => {
                let mut bits = bits;
                let n = n.min(16);
                if tree.types.layout.big_endian {
                    bits[..n].reverse();
                }
                image.bytes[start..start + n].copy_from_slice(&bits[..n]);
            }
            Const::Address { symbol, addend } if n == 8 || n == 4 => {
                let reloc =
                    DataReloc { offset: start as u64, target: symbol, addend, size: n as u8, base: Symbol::NONE };
                image.add(reloc);
            }
            Const::Difference { symbol, base, addend } if n == 8 || n == 4 => {
                image.add(DataReloc { offset: start as u64, target: symbol, addend, size: n as u8, base });
            }
            _ => self.not_constant(node.pos),
        }
    }

    /// A complex constant: its two parts.
    fn complex_item(&mut self, tree: Tree<'_>, item: &InitItem, start: usize, image: &mut Image) {
        let (re, im) = match consts::evaluate(tree.ast, tree.types, item.value) {
            Some(consts::Const::Complex(re, im)) => (re.0, im.0),
            Some(consts::Const::ComplexInt(re, im)) => (re.to_le_bytes(), im.to_le_bytes()),
            _ => return self.not_constant(tree.ast.nodes[item.value].pos),
        };
        let n = (item.size / 2) as usize;
        image.room(start, 2 * n);
        for (mut bytes, at) in [(re, start), (im, start + n)] {
            let n = n.min(16);
            if tree.types.layout.big_endian {
                bytes[..n].reverse();
            }
            image.bytes[at..at + n].copy_from_slice(&bytes[..n]);
        }
    }

    /// An aggregate copied from a constant compound literal of the same declaration.
    fn aggregate_item(
        &mut self,
        module: &mut Module,
        tree: Tree<'_>,
        item: &InitItem,
        at: u64,
        size: u64,
        image: &mut Image,
    ) {
        let mut node = &tree.ast.nodes[item.value];
        while matches!(node.op, NodeOp::Load | NodeOp::NopCast) {
            node = &tree.ast.nodes[NodeId(node.a)];
        }
        let pos = node.pos;
        if node.op == NodeOp::Decl
            && let Some(&(_, init)) = tree.ast.static_inits.iter().find(|found| found.0 == DeclId(node.a))
        {
            image.room((at + item.offset) as usize, item.size as usize);
            if let Some(init) = tree.ast.inits.get(init as usize) {
                self.items(module, tree, init, at + item.offset, size, image);
            }
            return;
        }
        self.not_constant(pos);
    }

    #[cold]
    fn not_constant(&mut self, pos: Pos) {
        self.errors.push((pos, "initializer element is not constant".into()));
    }

    /// The value of constant expression `id`.
    fn constant(&mut self, module: &mut Module, tree: Tree<'_>, id: NodeId) -> Option<Const> {
        let node = &tree.ast.nodes[id];
        match node.op {
            NodeOp::IntConst => Some(Const::int(node.int_value())),
            NodeOp::WideConst => Some(Const::Bits(tree.ast.wides[node.a as usize].to_le_bytes())),
            NodeOp::FloatConst => Some(Const::Bits(tree.ast.floats[node.a as usize].0)),
            NodeOp::LabelAddr => Some(Const::Address { symbol: *self.labels.get(LabelId(node.a))?, addend: 0 }),
            NodeOp::AddrOf | NodeOp::Decay | NodeOp::FunctionDecay => self.constant_place(module, tree, NodeId(node.a)),
            NodeOp::PtrCast | NodeOp::NopCast | NodeOp::PtrToInt | NodeOp::IntToPtr | NodeOp::IntCast => {
                self.constant(module, tree, NodeId(node.a))
            }
            NodeOp::PtrAdd | NodeOp::PtrSub => {
                let pointer = self.constant(module, tree, NodeId(node.a))?;
                let count = self.constant(module, tree, NodeId(node.b))?.as_int()?;
                let to = pointee(&tree, node.ty);
                let bytes = count.wrapping_mul(self.facts.fact(tree.types, to).size as i64);
                Some(pointer.plus(if node.op == NodeOp::PtrSub { bytes.wrapping_neg() } else { bytes }))
            }
            NodeOp::Add => {
                let (a, b) = self.operands(module, tree, id)?;
                match (a.as_int(), b.as_int()) {
                    (_, Some(b)) => Some(a.plus(b)),
                    (Some(a), None) => Some(b.plus(a)),
                    (None, None) => None,
                }
            }
            NodeOp::Sub | NodeOp::PtrDiff => {
                let (a, b) = self.operands(module, tree, id)?;
                match (a, b) {
                    (_, Const::Bits(_)) => Some(a.plus(b.as_int()?.wrapping_neg())),
                    (Const::Address { symbol, addend }, Const::Address { symbol: base, addend: less }) => {
                        let addend = addend.wrapping_sub(less);
                        if symbol == base {
                            let to = pointee(&tree, tree.ast.nodes[NodeId(node.a)].ty);
                            let of = if node.op == NodeOp::PtrDiff { self.facts.fact(tree.types, to).size } else { 1 };
                            return Some(Const::int(addend / (of.max(1) as i64)));
                        }
                        Some(Const::Difference { symbol, base, addend })
                    }
                    _ => None,
                }
            }
            NodeOp::BoolCast => match self.constant(module, tree, NodeId(node.a))? {
                Const::Bits(bits) => Some(Const::int(i64::from(bits != [0; 16]))),
                _ => Some(Const::int(1)),
            },
            NodeOp::Comma => self.constant(module, tree, NodeId(node.b)),
            // A part of a complex constant.
            NodeOp::ComplexCast | NodeOp::ComplexPartRvalue => match consts::evaluate(tree.ast, tree.types, id)? {
                consts::Const::Float(bits) => Some(Const::Bits(bits.0)),
                consts::Const::Int(value) => Some(Const::Bits(value.to_le_bytes())),
                _ => None,
            },
            _ => None,
        }
    }

    fn operands(&mut self, module: &mut Module, tree: Tree<'_>, id: NodeId) -> Option<(Const, Const)> {
        let node = &tree.ast.nodes[id];
        let a = self.constant(module, tree, NodeId(node.a))?;
        Some((a, self.constant(module, tree, NodeId(node.b))?))
    }

    /// The address of a constant lvalue or function.
    fn constant_place(&mut self, module: &mut Module, tree: Tree<'_>, id: NodeId) -> Option<Const> {
        let node = &tree.ast.nodes[id];
        match node.op {
            // A nested function has an address only while its parent runs.
            NodeOp::Decl if tree.unit.decls[DeclId(node.a)].nested != 0 => None,
            NodeOp::Decl => Some(Const::Address { symbol: self.symbol(module, tree, DeclId(node.a)), addend: 0 }),
            NodeOp::Str => Some(Const::Address { symbol: self.string(module, tree, StrId(node.a)), addend: 0 }),
            NodeOp::Deref => self.constant(module, tree, NodeId(node.a)),
            NodeOp::Member => {
                let offset = tree.types.fields[FieldId(node.b)].offset;
                Some(self.constant_place(module, tree, NodeId(node.a))?.plus(offset as i64))
            }
            NodeOp::ComplexPart => {
                let size = self.facts.fact(tree.types, node.ty).size as i64;
                Some(self.constant_place(module, tree, NodeId(node.a))?.plus(size * i64::from(node.aux)))
            }
            _ => None,
        }
    }
}

impl Image {
    /// Adds an address, where it belongs: designators may come back to what lies before others.
    fn add(&mut self, reloc: DataReloc) {
        let at = match self.relocs.last() {
            Some(last) if last.offset > reloc.offset => {
                self.relocs.partition_point(|known| known.offset < reloc.offset)
            }
            _ => self.relocs.len(),
        };
        self.relocs.insert(at, reloc);
    }

    /// Writes the low `n` bytes, at most 8, of `value` at `at`.
    #[inline]
    fn put(&mut self, at: usize, n: usize, value: i64) {
        if at != self.bytes.len() {
            self.room(at, n);
            return self.bytes[at..at + n].copy_from_slice(&value.to_le_bytes()[..n]);
        }
        self.forget(at, n);
        self.bytes.extend_from_slice(&value.to_le_bytes());
        self.bytes.truncate(at + n);
    }

    /// Makes room for `n` bytes at `at`, which are about to be written: what was there is forgotten.
    fn room(&mut self, at: usize, n: usize) {
        if self.bytes.len() < at + n {
            self.bytes.resize(at + n, 0);
        }
        self.forget(at, n);
    }

    fn clear_tail(&mut self, at: usize, n: usize) {
        let end = (at + n).min(self.bytes.len());
        if at < end {
            self.bytes[at..end].fill(0);
        }
        self.forget(at, n);
    }

    /// Drops addresses that later items override.
    #[inline]
    fn forget(&mut self, at: usize, n: usize) {
        if self.relocs.last().is_some_and(|last| last.offset as usize + usize::from(last.size) > at) {
            self.forget_overlapping(at, n);
        }
    }

    #[cold]
    fn forget_overlapping(&mut self, at: usize, n: usize) {
        let overlaps = |reloc: &DataReloc| {
            let start = reloc.offset as usize;
            start < at + n && at < start + usize::from(reloc.size)
        };
        self.relocs.retain(|reloc| !overlaps(reloc));
    }
}

/// Stores the low `width` bits, at most 64, of `value` from bit `bit` of byte `at` on.
fn put_bits(image: &mut Image, at: usize, bit: u8, width: u8, value: u64) {
    if width == 0 {
        return;
    }
    let n = (usize::from(bit) + usize::from(width)).div_ceil(8);
    if image.bytes.len() < at + n {
        image.bytes.resize(at + n, 0);
    }
    let mask = if width >= 64 { u64::MAX } else { (1u64 << width) - 1 };
    let (mask, value) = (u128::from(mask) << bit, u128::from(value & mask) << bit);
    for idx in 0..n {
        let byte = &mut image.bytes[at + idx];
        *byte = *byte & !((mask >> (8 * idx)) as u8) | (value >> (8 * idx)) as u8;
    }
}

/// Objects of type `ty` may lie in read-only memory.
pub(crate) fn is_const(tree: Tree<'_>, ty: QualTy) -> bool {
    let ty = tree.types.canon(ty);
    if ty.quals().has(Quals::VOLATILE) {
        return false;
    }
    match tree.types.get(ty) {
        TypeData::Array { element, .. } => ty.quals().has(Quals::CONST) || is_const(tree, element),
        _ => ty.quals().has(Quals::CONST),
    }
}
