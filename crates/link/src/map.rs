//! The link map (`-Map`): every output section with its members, their addresses and where they come from.

use crate::Link;
use crate::error::show;
use crate::load::ObjId;
use crate::place::MemberWhat;
use base::ids::Id;
use obj::SymbolDef;
use std::fmt::Write;

/// The map as text, in output order.
pub fn text(link: &Link<'_>) -> String {
    let mut out = String::new();
    let mut line = |text: std::fmt::Arguments<'_>| {
        out.write_fmt(text).and_then(|()| out.write_char('\n')).expect("writing to memory cannot fail");
    };
    line(format_args!("Archive member included to satisfy reference by file (symbol)\n"));
    for obj in link.objects.ids().filter(|&obj| link.objects[obj].member.is_some()) {
        line(format_args!("{}", link.object_name(obj)));
    }
    line(format_args!("\nDiscarded input sections\n"));
    for (obj, input) in link.objects.enumerated() {
        for (id, section) in input.object.sections.enumerated() {
            if !input.fates[id].is_live() && section.size > 0 {
                let name = show(&section.name);
                line(format_args!(" {name:<15} {:#018x} {:#10x} {}", 0, section.size, link.object_name(obj)));
            }
        }
    }
    line(format_args!("\nMemory map\n"));
    for id in link.ordered() {
        let section = &link.sections[id];
        let name = show(&section.name);
        line(format_args!("{name:<15} {:#018x} {:#10x}", section.address, section.size));
        for member in &section.members {
            let address = section.address + member.offset;
            match member.what {
                MemberWhat::Atom(obj, atom) => {
                    let object = &link.objects[obj].object;
                    let name = show(&object.sections[object.atoms[atom].section].name);
                    line(format_args!(" {name:<14} {address:#018x} {:#10x} {}", member.size, link.object_name(obj)));
                    for symbol in globals_of(link, obj, atom) {
                        line(format_args!(
                            "                {:#018x}                {}",
                            address + symbol.0,
                            show(symbol.1)
                        ));
                    }
                }
                MemberWhat::Frames(part) => {
                    let (obj, ..) = link.frames.parts[part as usize];
                    line(format_args!(
                        " (frames)       {address:#018x} {:#10x} {}",
                        member.size,
                        link.object_name(obj)
                    ));
                }
                MemberWhat::FramesEnd | MemberWhat::Synth(_) => {
                    line(format_args!(" (linker)       {address:#018x} {:#10x}", member.size));
                }
            }
        }
    }
    out
}

/// Global symbols of an atom by offset.
fn globals_of<'l>(link: &'l Link<'_>, obj: ObjId, atom: obj::AtomId) -> Vec<(u64, &'l [u8])> {
    let input = &link.objects[obj];
    let symbols = input.object.symbols.enumerated();
    let mut found: Vec<(u64, &[u8])> = symbols
        .filter(|(id, symbol)| symbol.def == SymbolDef::Atom(atom) && !input.globals[id.index()].is_none())
        .map(|(id, symbol)| (symbol.value, input.object.symbol_name(id)))
        .collect();
    found.sort_unstable();
    found
}
