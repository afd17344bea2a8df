//! Directives for messages and listings, and those that only other formats have.

use crate::cursor::Cursor;
use crate::directive::{Outcome, number};
use crate::symbols::Severity;
use crate::unit::Assembler;

/// What has no effect on an object.
pub(crate) fn ignored(_: &mut Assembler, line: &mut Cursor, _: u32) -> Outcome {
    line.finish();
    Ok(())
}

pub(crate) const ERR: u32 = 0;
pub(crate) const ERROR: u32 = 1;
pub(crate) const WARNING: u32 = 2;

/// `.err`, `.error "TEXT"`, `.warning "TEXT"`
pub(crate) fn message(asm: &mut Assembler, line: &mut Cursor, what: u32) -> Outcome {
    if what == ERR {
        return Err(".err encountered".into());
    }
    let text = if line.is_end() {
        format!(".{} directive invoked in source file", if what == ERROR { "error" } else { "warning" })
    } else {
        String::from_utf8_lossy(&line.string()?).into_owned()
    };
    if what == ERROR {
        return Err(text);
    }
    asm.tables.warn(text);
    Ok(())
}

pub(crate) fn print(asm: &mut Assembler, line: &mut Cursor, _: u32) -> Outcome {
    let text = String::from_utf8_lossy(&line.string()?).into_owned();
    let loc = asm.tables.loc;
    asm.tables.say(Severity::Info, loc, text);
    Ok(())
}

/// `.fail VALUE`: below 500 it is an error, else a warning.
pub(crate) fn fail(asm: &mut Assembler, line: &mut Cursor, _: u32) -> Outcome {
    let value = number(asm, line)?;
    if value >= 500 {
        asm.tables.warn(format!(".fail {value} encountered"));
        return Ok(());
    }
    Err(format!(".fail {value} encountered"))
}

pub(crate) fn stray(asm: &mut Assembler, line: &mut Cursor, repeat: u32) -> Outcome {
    line.finish();
    asm.tables.warn(match repeat {
        1 => ".endr encountered without preceding .rept, .irp, or .irpc",
        _ => ".endm encountered without preceding .macro",
    });
    Ok(())
}

/// `.purgem NAMES`
pub(crate) fn purge(asm: &mut Assembler, line: &mut Cursor, _: u32) -> Outcome {
    loop {
        let name = line.word().ok_or("expected the name of a macro")?;
        if !asm.macros.remove(name) {
            let name = String::from_utf8_lossy(name);
            asm.tables.warn(format!("Attempt to purge non-existing macro `{name}'"));
        }
        if !line.eat(b',') {
            return Ok(());
        }
    }
}

pub(crate) fn alternate(asm: &mut Assembler, _: &mut Cursor, on: u32) -> Outcome {
    asm.macros.alternate = on == 1;
    Ok(())
}

pub(crate) fn mri(asm: &mut Assembler, line: &mut Cursor, _: u32) -> Outcome {
    match number(asm, line)? {
        0 => Ok(()),
        _ => Err("MRI mode not supported for this target".into()),
    }
}

pub(crate) fn stabs(_: &mut Assembler, line: &mut Cursor, _: u32) -> Outcome {
    line.finish();
    Err("stabs debugging information is not supported".into())
}

pub(crate) fn bundle(_: &mut Assembler, line: &mut Cursor, _: u32) -> Outcome {
    line.finish();
    Err("bundles of instructions are not supported".into())
}

pub(crate) fn attribute(_: &mut Assembler, line: &mut Cursor, _: u32) -> Outcome {
    line.finish();
    Err("‘.gnu_attribute’ is not supported".into())
}

pub(crate) fn vtable(_: &mut Assembler, line: &mut Cursor, _: u32) -> Outcome {
    line.finish();
    Err("tables of virtual functions cannot be marked".into())
}

/// `.reloc OFFSET, KIND[, EXPRESSION]`
pub(crate) fn reloc(asm: &mut Assembler, line: &mut Cursor, _: u32) -> Outcome {
    let offset = asm.expr(line)?;
    line.expect(b',')?;
    let name = line.run(|b| b.is_ascii_alphanumeric() || b == b'_');
    if name.is_empty() {
        return Err("missing reloc type".into());
    }
    let value = if line.eat(b',') { asm.expr(line)? } else { crate::Expr::number(0) };
    let (piece, loc) = (asm.tables.piece, asm.tables.loc);
    if piece == crate::symbols::HOME {
        return Err("‘.reloc’ cannot stand within a function".into());
    }
    let name = String::from_utf8_lossy(name).into_owned();
    asm.relocs.push(Reloc { piece, offset, name, value, loc });
    Ok(())
}

/// What `.reloc` asks for.
pub(crate) struct Reloc {
    pub piece: u32,
    /// Where it stands: a place, or an offset in the section.
    pub offset: crate::Expr,
    pub name: String,
    pub value: crate::Expr,
    pub loc: crate::symbols::Loc,
}
