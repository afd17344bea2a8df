//! The output of `-E`.
use super::Pp;
use crate::token::Tok;

/// Placeholder shape: one line of tokens each.
pub fn print(pp: &mut Pp<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    loop {
        let token = pp.next();
        if token.kind == Tok::Eof {
            return out;
        }
        if token.kind == Tok::Pragma {
            continue;
        }
        out.extend_from_slice(pp.spelling(&token));
        out.push(b'\n');
    }
}
