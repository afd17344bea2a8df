//! Symbols that the link itself defines: boundaries of sections and of the image, and `--defsym` expressions.
//!
//! Which names exist is the format's table ([`crate::Format::edges`]); they are defined only where somebody refers to
//! them and nobody else defines them. `__start_X`/`__stop_X` exist for every output section whose name is a C identifier.

use crate::Link;
use crate::symbols::{Def, GlobalFlags, GlobalId};
use obj::Visibility;

/// Where a boundary symbol stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Edge {
    /// Start and end of an output section; both are equal when there is none.
    StartOf(&'static str),
    EndOf(&'static str),
    /// The same for a section named by its symbol.
    NamedStart(Vec<u8>),
    NamedEnd(Vec<u8>),
    /// The first byte of the image (its headers).
    ImageStart,
    /// End of code, of initialized data, of everything.
    TextEnd,
    DataEnd,
    ImageEnd,
    /// Start of zero-filled data.
    BssStart,
    /// Where GOT-relative values count from.
    GotBase,
    /// First and last run-time relocation of indirect functions, in programs that apply them themselves.
    IndirectRelocsStart,
    IndirectRelocsEnd,
    /// Start of the module's thread-local block.
    TlsStart,
    /// Another symbol and a distance.
    Symbol {
        target: GlobalId,
        addend: u64,
    },
}

/// One row of a format's table.
pub struct EdgeRow {
    pub name: &'static str,
    pub edge: Edge,
    /// Only this module sees it.
    pub hidden: bool,
    /// Programs have it even if nobody refers to it.
    pub always: bool,
}

/// Defines the boundary names that are wanted.
pub(crate) fn define(link: &mut Link<'_>) {
    for row in link.format.edges() {
        if row.always && !link.options.is_shared() {
            let id = link.globals.intern_name(row.name.as_bytes());
            link.globals[id].flags.set(GlobalFlags::REF_REGULAR);
        }
        if let Some(id) = link.globals.find_name(row.name.as_bytes()) {
            define_one(link, id, row.edge.clone(), if row.hidden { Visibility::Hidden } else { Visibility::Default });
        }
    }
    for id in link.globals.items.ids() {
        let global = &link.globals[id];
        if global.def != Def::Undefined || !global.name.starts_with(b"__st") {
            continue;
        }
        let edge = if let Some(name) = global.name.strip_prefix(b"__start_") {
            Edge::NamedStart(name.to_vec())
        } else if let Some(name) = global.name.strip_prefix(b"__stop_") {
            Edge::NamedEnd(name.to_vec())
        } else {
            continue;
        };
        let (Edge::NamedStart(name) | Edge::NamedEnd(name)) = &edge else { continue };
        let exists = link.objects.iter().any(|input| {
            input.object.sections.enumerated().any(|(id, s)| *s.name == **name && input.fates[id].is_live())
        });
        if exists && is_c_identifier(name) {
            define_one(link, id, edge, Visibility::Protected);
        }
    }
}

fn define_one(link: &mut Link<'_>, id: GlobalId, edge: Edge, visibility: Visibility) {
    let n_edges = link.edges.len() as u32;
    let global = &mut link.globals[id];
    // A definition in a shared library does not count: these are this image's own boundaries.
    if global.is_defined_here() || !global.is(GlobalFlags::REF_REGULAR) {
        return;
    }
    global.def = Def::Edge(n_edges);
    global.visibility = global.visibility.max(visibility);
    global.flags.set(GlobalFlags::LINKER_MADE);
    link.edges.push(edge);
}

fn is_c_identifier(name: &[u8]) -> bool {
    !name.is_empty() && !name[0].is_ascii_digit() && name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_')
}

/// Value of a boundary, when all addresses are known.
pub(crate) fn value(link: &Link<'_>, edge: &Edge) -> u64 {
    let bounds = |name: &[u8]| {
        let section = link.sections.iter().find(|section| section.name == name && section.in_image);
        section.map_or((link.image_base(), link.image_base()), |s| (s.address, s.address + s.size))
    };
    let last_end = |wanted: &dyn Fn(&crate::place::OutSection) -> bool| {
        let sections = link.sections.iter().filter(|s| s.in_image && s.is_alloc() && !s.is_tls_zero() && wanted(s));
        sections.map(|s| s.address + s.size).max().unwrap_or(link.image_base())
    };
    match edge {
        Edge::StartOf(name) => bounds(name.as_bytes()).0,
        Edge::EndOf(name) => bounds(name.as_bytes()).1,
        Edge::NamedStart(name) => bounds(name).0,
        Edge::NamedEnd(name) => bounds(name).1,
        Edge::ImageStart => link.image_base(),
        Edge::TextEnd => last_end(&|s| s.is_exec()),
        Edge::DataEnd => last_end(&|s| s.is_write() && !s.is_zero()),
        Edge::ImageEnd => last_end(&|_| true),
        Edge::BssStart => {
            let zero = link.sections.iter().filter(|s| s.in_image && s.is_alloc() && s.is_zero() && !s.is_tls_zero());
            zero.map(|s| s.address).min().unwrap_or_else(|| last_end(&|s| s.is_write() && !s.is_zero()))
        }
        Edge::TlsStart => link.tls.address,
        Edge::GotBase => link.got_base(),
        Edge::IndirectRelocsStart => link.slots.indirect_bounds(link).0,
        Edge::IndirectRelocsEnd => link.slots.indirect_bounds(link).1,
        Edge::Symbol { target, addend } => crate::place::global_value(link, *target).wrapping_add(*addend),
    }
}

/// `[symbol] [+|-] number`, as `--defsym` takes it.
pub(crate) fn parse_expression(text: &str) -> Result<(Option<String>, u64), String> {
    let text = text.trim();
    let number = |text: &str| -> Option<u64> {
        let text = text.trim();
        match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
            Some(hex) => u64::from_str_radix(hex, 16).ok(),
            None => text.parse().ok(),
        }
    };
    if let Some(value) = number(text) {
        return Ok((None, value));
    }
    let split = text[1.min(text.len())..].find(['+', '-']).map(|at| at + 1);
    let (name, addend) = match split {
        Some(at) => {
            let value = number(&text[at + 1..]).ok_or("only `symbol`, `number` and `symbol+number` are supported")?;
            (&text[..at], if text.as_bytes()[at] == b'-' { value.wrapping_neg() } else { value })
        }
        None => (text, 0),
    };
    let name = name.trim();
    let ok = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'$'));
    if name.is_empty() || !ok {
        return Err("only `symbol`, `number` and `symbol+number` are supported".into());
    }
    Ok((Some(name.to_string()), addend))
}

#[cfg(test)]
mod tests {
    use super::parse_expression;

    #[test]
    fn expressions_are_a_symbol_and_a_number() {
        assert_eq!(parse_expression("0x10"), Ok((None, 16)));
        assert_eq!(parse_expression("foo"), Ok((Some("foo".into()), 0)));
        assert_eq!(parse_expression("foo + 4"), Ok((Some("foo".into()), 4)));
        assert_eq!(parse_expression("foo-1"), Ok((Some("foo".into()), u64::MAX)));
        assert!(parse_expression("foo*2").is_err());
    }
}
