//! The way on behind an error: what is skipped, so that one mistake gives one message.

use crate::parse::Parser;
use crate::token::Tok;

impl Parser<'_> {
    /// Skips tokens to the end of the innermost open bracket, or to a `;` outside of brackets.
    #[cold]
    pub(crate) fn skip_to_end_of_nesting(&mut self) {
        let mut open = 0u32;
        loop {
            match self.tok.kind {
                Tok::Eof => return,
                Tok::LParen | Tok::LBrace | Tok::LBracket => open += 1,
                Tok::RParen | Tok::RBrace | Tok::RBracket => {
                    if open == 0 {
                        return;
                    }
                    open -= 1;
                }
                Tok::Semi if open == 0 => return,
                _ => {}
            }
            self.bump();
        }
    }

    /// Panic mode: skips to behind the next `;`, or to a `}` that closes what is open, or to a word that starts a
    /// statement on its own.
    #[cold]
    pub(crate) fn synchronize(&mut self) {
        self.recovering = false;
        let mut open = 0u32;
        loop {
            match self.tok.kind {
                Tok::Eof => return,
                Tok::Semi if open == 0 => {
                    self.bump();
                    return;
                }
                Tok::LBrace => open += 1,
                Tok::RBrace => {
                    if open == 0 {
                        return;
                    }
                    open -= 1;
                    if open == 0 {
                        self.bump();
                        self.eat(Tok::Semi);
                        return;
                    }
                }
                Tok::KwIf
                | Tok::KwWhile
                | Tok::KwFor
                | Tok::KwDo
                | Tok::KwSwitch
                | Tok::KwReturn
                | Tok::KwGoto
                | Tok::KwBreak
                | Tok::KwContinue
                    if open == 0 && self.function.is_some() =>
                {
                    return;
                }
                _ => {}
            }
            self.bump();
        }
    }
}
