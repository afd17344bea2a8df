//! Tokens as the parser sees them: 16 bytes, after preprocessing.
//!
//! Identifiers are interned once, in the lexer; a keyword is a name whose tag in [`base::Names`] says so. A literal keeps
//! its spelling in the source space: the parser asks the preprocessor for it and converts it.

use base::Pos;

/// One token. Kept at 16 bytes: macro bodies and arguments are vectors of these.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Token {
    pub kind: Tok,
    pub flags: TokenFlags,
    /// Spare; the preprocessor's own (parameter number in a macro body).
    pub aux: u16,
    /// The [`base::Name`] of an identifier or keyword; of a number with [`TokenFlags::DECIMAL`] what it is worth; for other
    /// literals something that only the preprocessor reads.
    pub value: u32,
    /// Where it is spelled. For a token out of a macro body this lies in the macro's definition.
    pub pos: Pos,
    /// Which macro expansion it came out of; 0 for none. The preprocessor keeps one record per expansion (macro, place
    /// of use, enclosing expansion), from which diagnostics get their notes and the place the user sees.
    pub expansion: u32,
}

const _: () = assert!(size_of::<Token>() == 16);

impl Token {
    /// Length of the spelling of a literal, which is where the token is.
    pub(crate) fn spelled_len(&self) -> u32 {
        if self.flags.has(TokenFlags::DECIMAL) { self.value.checked_ilog10().unwrap_or(0) + 1 } else { self.value }
    }

    /// A literal whose spelling stands in no file: `value` says where the preprocessor keeps it.
    pub(crate) fn spelled_aside(self, value: u32) -> Token {
        let flags = TokenFlags((self.flags.0 & !TokenFlags::DECIMAL.0) | TokenFlags::UNCLEAN.0);
        Token { value, flags, ..self }
    }
}

/// Flag bits of a [`Token`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct TokenFlags(pub u8);

impl TokenFlags {
    /// White space (or a newline within a macro argument) stands before it: for `#` and `-E`.
    pub const SPACE: TokenFlags = TokenFlags(1);
    /// First token of its line: for directives and `-E`.
    pub const LINE_START: TokenFlags = TokenFlags(2);
    /// An identifier that is never to be expanded again (C11 6.10.3.4p2).
    pub const NO_EXPAND: TokenFlags = TokenFlags(4);
    /// Spelled as a digraph or with a line splice in it: its bytes are not the token's text.
    pub const UNCLEAN: TokenFlags = TokenFlags(8);
    /// Comes from a system header.
    pub const SYSTEM: TokenFlags = TokenFlags(16);
    /// A number of at most nine decimal digits that does not begin with a zero, unless that is all.
    pub const DECIMAL: TokenFlags = TokenFlags(32);

    pub const fn has(self, other: TokenFlags) -> bool {
        self.0 & other.0 != 0
    }

    #[must_use]
    pub const fn with(self, other: TokenFlags) -> TokenFlags {
        TokenFlags(self.0 | other.0)
    }
}

macro_rules! tokens {
    ($($(#[$meta:meta])* $name:ident $text:literal,)+ ; keywords $($kw:ident $($spelling:literal)|+,)+) => {
        /// Token kinds. Punctuators and keywords each have their own, so that the parser switches on one byte.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Tok { $($(#[$meta])* $name,)+ $($kw,)+ }

        impl Tok {
            /// How the kind is named in messages: the spelling of a punctuator or keyword, a phrase otherwise.
            pub fn text(self) -> &'static str {
                match self { $(Tok::$name => $text,)+ $(Tok::$kw => [$($spelling),+][0],)+ }
            }

            /// Kinds by number, for the low byte of a name's tag. 0 is [`Tok::Identifier`]: a name without a tag.
            pub(crate) const KINDS: [Tok; 256] = {
                let all = [$(Tok::$name,)+ $(Tok::$kw,)+];
                let mut kinds = [Tok::Identifier; 256];
                let mut idx = 1;
                while idx < all.len() {
                    kinds[idx] = all[idx];
                    idx += 1;
                }
                kinds
            };

            /// True for identifiers and keywords: what the preprocessor calls an identifier.
            #[inline]
            pub fn is_name(self) -> bool {
                self >= Tok::Identifier
            }
        }

        /// Every spelling of every keyword. Which of them a dialect has, `pp` decides when it interns them.
        pub const KEYWORDS: &[(&str, Tok)] = &[$($(($spelling, Tok::$kw),)+)+];
    };
}

tokens! {
    Eof "end of input",
    /// A directive's end; never leaves the preprocessor.
    Newline "newline",
    /// A preprocessing number (C11 6.4.8), not yet converted.
    Number "number",
    /// A character constant with its prefix.
    Char "character constant",
    /// A string literal with its prefix; adjacent ones are joined by the parser.
    Str "string literal",
    /// A `#pragma` that the parser must see in order (`pack`, `weak`, …); the preprocessor keeps its tokens.
    Pragma "#pragma",
    /// A byte that starts no token (C11 6.4p1, the last line of preprocessing-token).
    Other "stray character",
    LParen "(", RParen ")", LBracket "[", RBracket "]", LBrace "{", RBrace "}",
    Dot ".", Arrow "->", PlusPlus "++", MinusMinus "--", Amp "&", Star "*", Plus "+", Minus "-", Tilde "~", Bang "!",
    Slash "/", Percent "%", Shl "<<", Shr ">>", Lt "<", Gt ">", Le "<=", Ge ">=", EqEq "==", Ne "!=", Caret "^", Pipe "|",
    AmpAmp "&&", PipePipe "||", Question "?", Colon ":", Semi ";", Ellipsis "...", Eq "=", StarEq "*=", SlashEq "/=",
    PercentEq "%=", PlusEq "+=", MinusEq "-=", ShlEq "<<=", ShrEq ">>=", AmpEq "&=", CaretEq "^=", PipeEq "|=", Comma ",",
    Hash "#", HashHash "##", ColonColon "::",
    /// Next to the keywords: see [`Tok::is_name`].
    Identifier "identifier", ;
    keywords
    KwAuto "auto", KwBreak "break", KwCase "case", KwChar "char", KwConst "const" | "__const" | "__const__",
    KwContinue "continue", KwDefault "default", KwDo "do", KwDouble "double", KwElse "else", KwEnum "enum",
    KwExtern "extern", KwFloat "float", KwFor "for", KwGoto "goto", KwIf "if",
    KwInline "inline" | "__inline" | "__inline__", KwInt "int", KwLong "long", KwRegister "register",
    KwRestrict "restrict" | "__restrict" | "__restrict__", KwReturn "return", KwShort "short",
    KwSigned "signed" | "__signed" | "__signed__", KwSizeof "sizeof", KwStatic "static", KwStruct "struct",
    KwSwitch "switch", KwTypedef "typedef", KwUnion "union", KwUnsigned "unsigned", KwVoid "void",
    KwVolatile "volatile" | "__volatile" | "__volatile__", KwWhile "while",
    KwAlignas "_Alignas", KwAlignof "_Alignof" | "__alignof" | "__alignof__", KwAtomic "_Atomic", KwBool "_Bool",
    KwComplex "_Complex" | "__complex" | "__complex__", KwGeneric "_Generic", KwImaginary "_Imaginary",
    KwNoreturn "_Noreturn", KwStaticAssert "_Static_assert", KwThreadLocal "_Thread_local" | "__thread",
    KwAsm "asm" | "__asm" | "__asm__", KwAttribute "__attribute__" | "__attribute", KwTypeof "typeof" | "__typeof" | "__typeof__",
    KwExtension "__extension__", KwLabel "__label__", KwAutoType "__auto_type", KwReal "__real__" | "__real",
    KwImag "__imag__" | "__imag", KwInt128 "__int128" | "__int128_t", KwUInt128 "__uint128_t", KwFloat128 "_Float128" | "__float128",
    KwFloat16 "_Float16", KwFloat32 "_Float32", KwFloat64 "_Float64", KwFloat32x "_Float32x", KwFloat64x "_Float64x",
    KwBuiltinVaArg "__builtin_va_arg", KwBuiltinOffsetof "__builtin_offsetof",
    KwBuiltinTypesCompatible "__builtin_types_compatible_p", KwBuiltinChooseExpr "__builtin_choose_expr",
    KwBuiltinConvertVector "__builtin_convertvector",
}
