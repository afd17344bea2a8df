//! The parser: tokens in, one checked external declaration out.
//!
//! Recursive descent, precedence climbing for binary operators, one pass: what is parsed is typed, converted, folded and
//! pushed as nodes at once (`check`). Names are found by one array read per look-up: every [`Name`] has a row of cells
//! (ordinary identifier, tag, label, entity with linkage); a trail remembers overwritten cells, and leaving a scope undoes
//! it down to its mark. A state of the whole parser is the lengths of its tables and of its trails: [`Parser::mark`].
//!
//! Errors: one message per mistake. A syntax error sets [`Parser::recovering`], which silences further ones until a
//! statement or declaration ends; a semantic error leaves a poison node that everything accepts. Nesting is counted.
//!
//! Reading order: this file (state, tokens, scopes), `external` (declarations at file level, functions), `specifiers`,
//! `record`, `declarator`, `statement`, `expression`, `initializer`.

mod asm;
pub(crate) use asm::{allows_memory, allows_value};
mod attribute;
pub(crate) mod declarator;
mod expression;
mod external;
mod initializer;
mod label;
mod literal;
mod local;
mod nested;
mod record;
mod recover;
pub(crate) mod specifiers;
mod statement;

use crate::ast::{Ast, DeclData, Node, NodeId, NodeOp, UnitTables, Visibility};
use crate::builtins;
use crate::pp::Pp;
use crate::token::{Tok, Token, TokenFlags};
use crate::types::{Basic, DeclId, EnumData, EnumId, FieldId, QualTy, RecordData, RecordId, Types};
use crate::warnings::{Warning, hook};
use base::ids::Id;
use base::source::FileId;
use base::{Diag, Name, Pos, Span};

pub use external::Mark;

/// What the parser must be told beyond the preprocessor's options.
#[derive(Clone, Copy, Debug)]
pub struct ParseOptions {
    /// `-fvisibility=`.
    pub visibility: Visibility,
    /// `-fshort-enums`.
    pub short_enums: bool,
    /// `-fcommon`: tentative definitions become common symbols.
    pub common: bool,
    /// `-fpack-struct`: the `#pragma pack` in force at the start, in bytes; 0 for none.
    pub pack: u32,
}

impl Default for ParseOptions {
    fn default() -> ParseOptions {
        ParseOptions { visibility: Visibility::Default, short_enums: false, common: false, pack: 0 }
    }
}

/// Expressions, statements, declarators, braces and types inside one another.
const MAX_NESTING: u32 = 400;
/// Operators that may stand in one full expression: `a + a + …` is a tree as deep as it is long.
const MAX_OPERATORS: u32 = 10_000;

/// Bytes of a source whose tables get their memory at once, and of each of those tables at least.
const GREAT_SOURCE: usize = 1 << 20;
const OWN_PAGES: usize = 1 << 17;

/// Members that the parser remembers where they are.
pub(crate) const FIELD_CACHE: usize = 256;

/// A member of a record itself, as found before.
#[derive(Clone, Copy)]
pub(crate) struct KnownField {
    /// The record's type, as it was named, without qualifiers.
    pub of: QualTy,
    pub name: Name,
    pub field: FieldId,
    pub ty: QualTy,
}

impl KnownField {
    pub(crate) const NONE: KnownField =
        KnownField { of: Basic::Error.qual(), name: Name::NONE, field: FieldId::NONE, ty: Basic::Error.qual() };
}

/// Name spaces (6.2.3), and the entity with linkage that a name has anywhere in the unit (6.2.2).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(crate) enum Space {
    Ordinary,
    Tag,
    Label,
    Linked,
}

/// What a name means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(crate) enum Meaning {
    Nothing,
    Typedef,
    Decl,
    Local,
    EnumConst,
    Builtin,
    Record,
    Enum,
    Label,
    /// Declared with an error: uses are silent.
    Poison,
}

/// One meaning of one name: 8 bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Cell {
    /// Id of the meaning's kind.
    pub value: u32,
    pub depth: u16,
    pub meaning: Meaning,
}

impl Cell {
    pub(crate) const NOTHING: Cell = Cell { value: 0, depth: 0, meaning: Meaning::Nothing };
}

const _: () = assert!(size_of::<Cell>() == 8);

/// A cell as it was.
#[derive(Clone, Copy)]
struct Undo {
    name: Name,
    space: Space,
    old: Cell,
}

/// Something of the unit's tables as it was, for [`Parser::rewind`].
enum UnitUndo {
    Linked(Name, Cell),
    Used(DeclId),
    Mentioned(DeclId),
    Decl(DeclId, Box<DeclData>),
    Record(RecordId, Box<RecordData>),
    Enum(EnumId, EnumData),
}

/// An enumeration constant.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EnumConst {
    pub value: i128,
    pub ty: QualTy,
    /// The enumeration that declares it.
    pub of: EnumId,
    pub pos: Pos,
}

/// Where something stands: position and macro expansion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Loc {
    pub pos: Pos,
    pub expansion: u32,
}

impl Loc {
    pub(crate) const fn at(pos: Pos) -> Loc {
        Loc { pos, expansion: 0 }
    }
}

/// The function being parsed.
pub(crate) struct Function {
    pub decl: DeclId,
    pub ret: QualTy,
    pub name: Name,
    /// Open loops; `continue` needs one.
    pub loops: u32,
    /// Open loops and switches; `break` needs one.
    pub breakables: u32,
    pub switches: Vec<OpenSwitch>,
    pub calls_returns_twice: bool,
    pub noreturn: bool,
    /// `__func__`, made at its first use.
    pub name_decl: DeclId,
    pub scope: u32,
}

pub(crate) struct OpenSwitch {
    pub number: u32,
    pub ty: QualTy,
    /// Case ranges sorted by low value, with their positions: duplicates are found by binary search.
    pub seen: Vec<(i128, i128, Pos)>,
    pub default_pos: Pos,
}

/// The parser of one translation unit.
pub struct Parser<'a> {
    pub pp: Pp<'a>,
    pub types: Types,
    pub unit: UnitTables,
    pub ast: Ast,
    pub(crate) options: ParseOptions,
    pub(crate) tok: Token,
    /// Where the two tokens stand that were at hand when tokens were made ready: see [`Parser::previous`].
    before_ready: [Loc; 2],
    cells: Vec<[Cell; 4]>,
    trail: Vec<Undo>,
    unit_trail: Vec<UnitUndo>,
    pub(crate) depth: u16,
    nesting: u32,
    /// A syntax error was reported and no place to go on was found yet.
    pub(crate) recovering: bool,
    /// Nesting was too deep: nothing more is said.
    gave_up: bool,
    /// In `sizeof`, `typeof`, …: nothing counts as used.
    pub(crate) unevaluated: u32,
    pub(crate) enum_consts: Vec<EnumConst>,
    pub(crate) function: Option<Function>,
    /// The expression that stood in the last parentheses.
    pub(crate) last_paren: NodeId,
    /// Where nodes are spelled that come out of macros, ascending by node; kept only while something asks for it.
    pub(crate) origins: Vec<(NodeId, Loc)>,
    /// `sizeof` expressions of the statement at hand, for what is checked about calls.
    pub(crate) sizeofs: Vec<crate::lint::SizeofOperand>,
    /// Typedef names declared in the function at hand that nothing has used yet.
    pub(crate) local_typedefs: Vec<(crate::types::TyId, Name, Loc)>,
    /// Source pieces of string literals, kept while calls are checked.
    pub(crate) string_pieces: Vec<(crate::types::StrId, Token)>,
    /// An `if` with an `else` ended the last statement, without braces around it.
    pub(crate) ambiguous_else: bool,
    /// Warnings about functions that are given only when something uses them.
    pub(crate) pending_lints: Vec<crate::lint::flow::Pending>,
    /// Locals declared `register`, in order.
    pub(crate) registers: Vec<crate::types::LocalId>,
    /// The assignment operator being checked, for messages.
    pub(crate) assign_loc: Option<Loc>,
    /// Statements of the open blocks.
    pub(crate) statements: Vec<u32>,
    /// Arguments and other lists being collected.
    pub(crate) words: Vec<u32>,
    pub(crate) params: Vec<declarator::Param>,
    pub(crate) param_types: Vec<QualTy>,
    pub(crate) declarator_ops: Vec<declarator::Op>,
    /// The name being declared, for messages about its type.
    pub(crate) declared: (Name, Loc),
    pub(crate) field_specs: Vec<crate::types::FieldSpec>,
    pub(crate) path: Vec<crate::types::FieldId>,
    /// Attributes asked for last, by name.
    attribute_cache: [(Name, crate::attributes::Kind); attribute::ATTRIBUTE_CACHE],
    /// Members found last, by type and name.
    pub(crate) field_cache: [KnownField; FIELD_CACHE],
    pub(crate) bytes: Vec<u8>,
    /// `#pragma pack` in force; what was pushed, as a list that only grows: each entry names the one below it.
    pub(crate) pack: u32,
    pub(crate) packs: Vec<attribute::PushedPack>,
    /// Number + 1 of the entry on top; 0 for none.
    pub(crate) pack_top: u32,
    /// `#pragma GCC visibility push`, a list like that of `packs`, and the number + 1 of its top.
    pub(crate) visibilities: Vec<attribute::PushedVisibility>,
    pub(crate) visibility_top: u32,
    pub(crate) va_list: QualTy,
    /// `alloca`, which no library has: its calls are the builtin of this number, however it is declared.
    pub(crate) alloca: (Name, u32),
    /// Undeclared names reported in this function.
    pub(crate) undeclared: Vec<Name>,
    /// Headers that notes have asked for.
    pub(crate) headers_named: Vec<&'static str>,
    /// Number of the function at hand: see [`crate::ast::Nested`].
    pub(crate) current: u32,
    /// The last of several words that make a type: where it is told that they do not.
    pub(crate) last_word: Loc,
    /// Operators of the full expression at hand so far, with those of what it stands in.
    pub(crate) operators: u32,
    /// The label that comes next is an item of its block, not the body of a statement.
    pub(crate) label_is_item: bool,
    /// Length of the last array parameter that became a pointer for its qualifiers: `int a[const n++]`.
    pub(crate) qualified_len: Option<NodeId>,
    pub(crate) known: KnownNames,
    /// Expansion of the last token asked for a place, and the place.
    last_place: (u32, Pos),
    pub(crate) tentative: Vec<DeclId>,
    /// `#pragma weak` for names not declared yet.
    pub(crate) weak_names: Vec<Name>,
    /// `#pragma redefine_extname` for names not declared yet.
    pub(crate) renamed: Vec<(Name, Name)>,
    /// Items of the initialiser at hand stand here until it is whole.
    pub(crate) pending_items: Vec<crate::ast::InitItem>,
    pub(crate) init: initializer::InitState,
}

/// Names the parser itself asks for.
#[derive(Clone, Copy)]
pub(crate) struct KnownNames {
    pub main: Name,
    pub func: [Name; 3],
}

impl<'a> Parser<'a> {
    /// A parser in front of the first token. `pp` has read nothing yet.
    pub fn new(mut pp: Pp<'a>, layout: &'static target::DataLayout, options: ParseOptions) -> Parser<'a> {
        let mut types = Types::new(layout);
        if pp.options().unsigned_char {
            types.set_char_signed(false);
        }
        let known = KnownNames {
            main: pp.names.intern(b"main"),
            func: [b"__func__".as_slice(), b"__FUNCTION__", b"__PRETTY_FUNCTION__"].map(|t| pp.names.intern(t)),
        };
        let start =
            Token { kind: Tok::Eof, flags: TokenFlags::default(), aux: 0, value: 0, pos: Pos::NONE, expansion: 0 };
        let mut parser = Parser {
            pp,
            types,
            unit: UnitTables::default(),
            ast: Ast::default(),
            options,
            tok: start,
            before_ready: [Loc::at(Pos::NONE); 2],
            cells: Vec::new(),
            trail: Vec::new(),
            unit_trail: Vec::new(),
            depth: 0,
            nesting: 0,
            recovering: false,
            gave_up: false,
            unevaluated: 0,
            enum_consts: Vec::new(),
            function: None,
            assign_loc: None,
            last_paren: NodeId::NONE,
            origins: Vec::new(),
            sizeofs: Vec::new(),
            local_typedefs: Vec::new(),
            string_pieces: Vec::new(),
            ambiguous_else: false,
            pending_lints: Vec::new(),
            registers: Vec::new(),
            statements: Vec::new(),
            words: Vec::new(),
            params: Vec::new(),
            param_types: Vec::new(),
            declarator_ops: Vec::new(),
            declared: (Name::NONE, Loc::at(Pos::NONE)),
            field_specs: Vec::new(),
            path: Vec::new(),
            attribute_cache: [(Name::NONE, crate::attributes::Kind::Ignored); attribute::ATTRIBUTE_CACHE],
            field_cache: [KnownField::NONE; FIELD_CACHE],
            bytes: Vec::new(),
            pack: options.pack,
            packs: Vec::new(),
            pack_top: 0,
            visibilities: Vec::new(),
            visibility_top: 0,
            va_list: Basic::Error.qual(),
            alloca: (Name::NONE, 0),
            undeclared: Vec::new(),
            headers_named: Vec::new(),
            current: 0,
            last_word: Loc { pos: Pos::NONE, expansion: 0 },
            operators: 0,
            label_is_item: false,
            qualified_len: None,
            known,
            last_place: (0, Pos::NONE),
            tentative: Vec::new(),
            weak_names: Vec::new(),
            renamed: Vec::new(),
            pending_items: Vec::new(),
            init: initializer::InitState::default(),
        };
        builtins::declare(&mut parser);
        parser.reserve();
        parser.bump();
        parser
    }

    /// A great source gets the memory of its tables at once: what grows bit by bit is copied each time until its memory
    /// is pages of its own, which the system moves.
    fn reserve(&mut self) {
        let map = &self.pp.map;
        let n_bytes = (0..map.n_files()).map(|file| map.text(FileId(file as u32)).len()).max().unwrap_or(0);
        if n_bytes < GREAT_SOURCE {
            return;
        }
        // As amalgamated libraries are: a new name in 500 bytes.
        let n_names = (n_bytes / 512).min(1 << 20);
        self.pp.names.reserve(n_names);
        self.cells.reserve(n_names);
        self.types.reserve(OWN_PAGES);
        self.unit.decls.reserve(OWN_PAGES / size_of::<DeclData>());
        self.unit.strings.reserve(OWN_PAGES / size_of::<crate::ast::StrData>());
        self.unit_trail.reserve(OWN_PAGES / size_of::<UnitUndo>());
        self.trail.reserve(OWN_PAGES / size_of::<Undo>());
        self.ast.nodes.reserve(OWN_PAGES / size_of::<Node>());
        self.ast.lists.reserve(OWN_PAGES / size_of::<u32>());
        self.ast.init_items.reserve(OWN_PAGES / size_of::<crate::ast::InitItem>());
        self.pending_items.reserve(OWN_PAGES / size_of::<crate::ast::InitItem>());
    }

    // ---- Tokens ----

    /// Goes on to the next token.
    #[inline(always)]
    pub(crate) fn bump(&mut self) {
        if !self.pp.is_ready() {
            self.fetch();
        }
        self.take();
    }

    /// The same when the next token is [ready](Pp::is_ready).
    #[inline(always)]
    pub(crate) fn bump_ready(&mut self) {
        self.take();
    }

    #[inline(always)]
    fn take(&mut self) {
        // Copied before it is taken, so that it goes from one place to the other and nowhere else.
        self.tok = self.pp.peek_ready();
        self.pp.take_ready();
    }

    /// As [`Parser::fetch`], while the token at hand stays at hand.
    #[inline(never)]
    fn fetch_ahead(&mut self) {
        self.before_ready[0] = self.previous();
        self.fetch();
    }

    /// Makes a token ready that the grammar sees.
    #[inline(never)]
    fn fetch(&mut self) {
        self.before_ready[1] = self.loc();
        loop {
            self.pp.refill();
            if !matches!(self.pp.peek_ready().kind, Tok::Pragma | Tok::Other) {
                return;
            }
            let token = self.pp.take_ready();
            self.skipped(&token);
        }
    }

    /// A token that no grammar sees: a pragma, or characters that are no token of C, which are reported.
    #[cold]
    fn skipped(&mut self, token: &Token) {
        if token.kind == Tok::Pragma {
            return self.handle_pragma(token);
        }
        let text = match self.pp.spelling(token).first() {
            Some(quote @ (b'"' | b'\'')) => format!("missing terminating {} character", *quote as char),
            Some(c) if c.is_ascii_graphic() => format!("stray ‘{}’ in program", *c as char),
            Some(byte) => format!("stray ‘\\{byte:o}’ in program"),
            None => return,
        };
        self.error(Loc { pos: token.pos, expansion: token.expansion }, &text);
    }

    /// The token after the one at hand.
    #[inline]
    pub(crate) fn peek(&mut self) -> Token {
        if !self.pp.is_ready() {
            self.fetch_ahead();
        }
        self.pp.peek_ready()
    }

    /// Where the token before the one at hand is spelled.
    pub(crate) fn previous(&self) -> Loc {
        // The one at hand is the last taken, unless it was there before.
        match self.pp.taken() {
            [.., token, _] => Loc { pos: token.pos, expansion: token.expansion },
            [_] => self.before_ready[1],
            [] => self.before_ready[0],
        }
    }

    #[inline]
    pub(crate) fn at(&self, kind: Tok) -> bool {
        self.tok.kind == kind
    }

    /// Takes the token if it is of this kind.
    #[inline]
    pub(crate) fn eat(&mut self, kind: Tok) -> bool {
        if self.tok.kind == kind {
            self.bump();
            return true;
        }
        false
    }

    /// Takes a token of this kind or says what is missing.
    #[inline]
    pub(crate) fn expect(&mut self, kind: Tok) -> bool {
        if self.tok.kind == kind {
            self.bump();
            return true;
        }
        self.expected_punctuator(kind);
        false
    }

    #[cold]
    #[inline(never)]
    fn expected_punctuator(&mut self, kind: Tok) {
        let what = format!("expected ‘{}’", kind.text());
        self.missing(&what);
    }

    /// A syntax error in front of the token at hand: `what` says what was expected there. gcc shows what is missing
    /// behind the last token when the next one stands on another line.
    #[cold]
    #[inline(never)]
    pub(crate) fn missing(&mut self, what: &str) {
        let text = format!("{what} {}", self.before_token());
        let mut loc = self.loc();
        let closer = match what {
            "expected ‘;’" | "expected ‘,’ or ‘;’" | "expected ‘;’, identifier or ‘(’" => Some(";"),
            "expected ‘=’, ‘,’, ‘;’, ‘asm’ or ‘__attribute__’" if self.tok.flags.has(TokenFlags::LINE_START) => {
                Some(";")
            }
            "expected ‘)’" => Some(")"),
            "expected ‘]’" => Some("]"),
            "expected ‘}’" => Some("}"),
            "expected ‘:’" | "expected ‘:’ or ‘...’" => Some(":"),
            _ => None,
        };
        let mut mend = None;
        let previous = self.previous();
        if !self.recovering && previous.expansion == 0 && !previous.pos.is_none() {
            let end = self.end_of(previous.pos);
            // What is missing at the end of a line is missed there, whatever the next line begins with.
            let ends = closer == Some(";") && self.tok.flags.has(TokenFlags::LINE_START);
            if ends || matches!(what, "expected ‘;’" | "expected ‘)’" | "expected ‘]’" | "expected ‘}’")
            {
                loc = Loc::at(end);
            }
            mend = closer.map(|closer| (Span::at(end), closer));
        }
        let Some((place, closer)) = mend else { return self.syntax_error(loc, &text) };
        self.error_with(loc, &text, |diag| diag.fixit(place, closer));
        self.recovering = true;
    }

    /// End of the token spelled at `pos`, for messages.
    pub(crate) fn end_of(&self, pos: Pos) -> Pos {
        let text = self.pp.map.bytes(pos, 4096);
        let word = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$' | 128..);
        let len = match text.first() {
            None => 0,
            Some(b) if word(b) => text.iter().take_while(|b| word(b) || **b == b'.').count(),
            Some(&quote @ (b'"' | b'\'')) => {
                let mut at = 1;
                while at < text.len() && text[at] != quote && text[at] != b'\n' {
                    at += if text[at] == b'\\' { 2 } else { 1 };
                }
                (at + 1).min(text.len())
            }
            Some(_) => {
                let longest = KNOWN_PUNCTUATORS.iter().filter(|p| text.starts_with(p)).map(|p| p.len()).max();
                longest.unwrap_or(1)
            }
        };
        pos.offset(len as u32)
    }

    /// “before ‘x’ token”, as gcc puts it.
    #[cold]
    fn before_token(&mut self) -> String {
        let token = self.tok;
        match token.kind {
            Tok::Eof => "at end of input".into(),
            Tok::Number => "before numeric constant".into(),
            Tok::Char => "before character constant".into(),
            Tok::Str => "before string constant".into(),
            Tok::Identifier => format!("before ‘{}’", self.spelled(&token)),
            kind if kind.is_name() => format!("before ‘{}’", self.spelled(&token)),
            Tok::Other => format!("before ‘{}’", self.spelled(&token)),
            kind => format!("before ‘{}’ token", kind.text()),
        }
    }

    pub(crate) fn spelled(&self, token: &Token) -> String {
        String::from_utf8_lossy(self.pp.spelling(token)).into_owned()
    }

    // ---- Places and messages ----

    #[inline]
    pub(crate) fn loc(&self) -> Loc {
        Loc { pos: self.tok.pos, expansion: self.tok.expansion }
    }

    /// The place the user sees of the token at hand.
    #[inline]
    pub(crate) fn pos(&mut self) -> Pos {
        if self.tok.expansion == 0 { self.tok.pos } else { self.place_of(self.tok.expansion) }
    }

    /// The place the user sees of `loc`: that of the macro's use.
    pub(crate) fn user_pos(&mut self, loc: Loc) -> Pos {
        if loc.expansion == 0 { loc.pos } else { self.place_of(loc.expansion) }
    }

    /// The place the user sees of the token before the one at hand.
    pub(crate) fn prev_place(&mut self) -> Pos {
        self.user_pos(self.previous())
    }

    fn place_of(&mut self, expansion: u32) -> Pos {
        if self.last_place.0 != expansion {
            self.last_place = (expansion, self.pp.user_pos(Pos::NONE, expansion));
        }
        self.last_place.1
    }

    /// A syntax error; silent until the last one is overcome.
    #[cold]
    #[inline(never)]
    pub(crate) fn syntax_error(&mut self, loc: Loc, text: &str) {
        if !self.recovering && !self.gave_up {
            self.pp.error_at(loc.pos, loc.expansion, text);
            self.recovering = true;
        }
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn error(&mut self, loc: Loc, text: &str) {
        if !self.recovering && !self.gave_up {
            self.pp.error_at(loc.pos, loc.expansion, text);
        }
    }

    /// An error with a note about another place, such as an earlier declaration.
    #[cold]
    #[inline(never)]
    pub(crate) fn error_note(&mut self, loc: Loc, text: &str, note_pos: Pos, note: &str) {
        if !self.recovering && !self.gave_up {
            let diag = self.pp.locate(Diag::error(Span::NONE, text), loc.pos, loc.expansion);
            let diag = if note_pos.is_none() { diag } else { diag.note(Span::at(note_pos), note) };
            self.pp.report(diag);
        }
    }

    /// An error to which `dress` adds notes and mends.
    #[cold]
    #[inline(never)]
    pub(crate) fn error_with(&mut self, loc: Loc, text: &str, dress: impl FnOnce(Diag) -> Diag) {
        if !self.recovering && !self.gave_up {
            let diag = self.pp.locate(Diag::error(Span::NONE, text), loc.pos, loc.expansion);
            self.pp.report(dress(diag));
        }
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn warn(&mut self, flag: &'static str, loc: Loc, text: &str) {
        if !self.recovering && !self.gave_up {
            self.pp.warn_at(flag, loc.pos, loc.expansion, text);
        }
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn warn_note(&mut self, flag: &'static str, loc: Loc, text: &str, note_pos: Pos, note: &str) {
        if !self.recovering && !self.gave_up {
            let diag = self.pp.locate(Diag::warning(flag, Span::NONE, text), loc.pos, loc.expansion);
            let diag = if note_pos.is_none() { diag } else { diag.note(Span::at(note_pos), note) };
            let at = self.place_of_use(loc);
            self.pp.report_for(diag, at);
        }
    }

    /// A warning that is off unless asked for. What is spelled in a system header's macro is none of the user's.
    #[cold]
    #[inline(never)]
    pub(crate) fn lint(&mut self, warning: Warning, loc: Loc, text: &str) {
        self.lint_with(warning, loc, text, |diag| diag);
    }

    /// The same with a note.
    #[cold]
    #[inline(never)]
    pub(crate) fn lint_note(&mut self, warning: Warning, loc: Loc, text: &str, note_pos: Pos, note: &str) {
        self.lint_with(
            warning,
            loc,
            text,
            |diag| {
                if note_pos.is_none() { diag } else { diag.note(Span::at(note_pos), note) }
            },
        );
    }

    /// The same with notes, ranges and mends that `dress` adds.
    pub(crate) fn lint_with(&mut self, warning: Warning, loc: Loc, text: &str, dress: impl FnOnce(Diag) -> Diag) {
        if self.recovering || self.gave_up || !self.pp.is_on(warning) || self.pp.map.is_system(loc.pos) {
            return;
        }
        let diag = self.pp.locate(Diag::warning(warning.shown(), Span::NONE, text), loc.pos, loc.expansion);
        let at = self.place_of_use(loc);
        self.pp.report_for(dress(diag), at);
    }

    /// The place whose pragmas count for what is said of `loc`. What is known without its expansion and stands in a macro
    /// counts where the parser is: its function was just read.
    fn place_of_use(&self, loc: Loc) -> Pos {
        if loc.expansion == 0 && self.pp.depends_on_use(loc.pos) {
            let last = self.previous();
            return self.pp.user_pos(last.pos, last.expansion);
        }
        self.pp.user_pos(loc.pos, loc.expansion)
    }

    /// Is any warning checked at this hook (see [`crate::warnings::hook`])?
    #[inline]
    pub(crate) fn hooked(&self, hook: u16) -> bool {
        self.pp.report.hooks & hook != 0
    }

    pub(crate) fn text(&self, name: Name) -> String {
        if name.is_none() { "<anonymous>".into() } else { self.pp.names.display(name).into_owned() }
    }

    pub(crate) fn quoted(&self, ty: QualTy) -> String {
        self.types.quoted(&self.pp.names, ty)
    }

    /// Counts one level of nesting. False, after an error, when it is too deep.
    #[inline]
    pub(crate) fn enter(&mut self) -> bool {
        if self.nesting >= MAX_NESTING {
            return self.too_deep();
        }
        self.nesting += 1;
        true
    }

    #[inline]
    pub(crate) fn leave(&mut self) {
        self.nesting -= 1;
    }

    /// Counts an operator of the full expression at hand. False, after an error, when it has too many.
    #[inline]
    pub(crate) fn count_operator(&mut self) -> bool {
        // It stops far from where it would overflow.
        self.operators = self.operators.wrapping_add(1);
        self.operators <= MAX_OPERATORS || self.give_up(&format!("expression has more than {MAX_OPERATORS} operators"))
    }

    #[cold]
    fn too_deep(&mut self) -> bool {
        self.give_up(&format!("nesting level exceeds the limit of {MAX_NESTING}"))
    }

    #[cold]
    fn give_up(&mut self, text: &str) -> bool {
        if !self.gave_up {
            let loc = self.loc();
            self.recovering = false;
            self.syntax_error(loc, text);
            // Nothing sensible can follow: the rest of the unit is skipped in silence.
            self.gave_up = true;
            while !self.at(Tok::Eof) {
                self.bump();
            }
        }
        false
    }

    // ---- Nodes ----

    #[inline]
    pub(crate) fn node(&mut self, op: NodeOp, ty: QualTy, a: u32, b: u32, c: u32, pos: Pos) -> NodeId {
        self.ast.nodes.push(Node { op, aux: 0, ty, a, b, c, pos })
    }

    #[inline]
    pub(crate) fn node1(&mut self, op: NodeOp, ty: QualTy, a: NodeId, pos: Pos) -> NodeId {
        self.ast.nodes.push(Node { op, aux: 0, ty, a: a.0, b: 0, c: 0, pos })
    }

    #[inline]
    pub(crate) fn node2(&mut self, op: NodeOp, ty: QualTy, a: NodeId, b: NodeId, pos: Pos) -> NodeId {
        self.ast.nodes.push(Node { op, aux: 0, ty, a: a.0, b: b.0, c: 0, pos })
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn poison(&mut self, pos: Pos) -> NodeId {
        self.node(NodeOp::Error, Basic::Error.qual(), 0, 0, 0, pos)
    }

    #[inline]
    pub(crate) fn ty(&self, node: NodeId) -> QualTy {
        self.ast.nodes[node].ty
    }

    #[inline]
    pub(crate) fn op(&self, node: NodeId) -> NodeOp {
        self.ast.nodes[node].op
    }

    pub(crate) fn pos_of(&self, node: NodeId) -> Pos {
        self.ast.nodes[node].pos
    }

    /// Where a node is spelled, as far as that is known; else where the user sees it.
    pub(crate) fn loc_of(&self, node: NodeId) -> Loc {
        if !self.origins.is_empty()
            && let Ok(at) = self.origins.binary_search_by_key(&node, |row| row.0)
        {
            return self.origins[at].1;
        }
        Loc::at(self.ast.nodes[node].pos)
    }

    /// Remembers where a node that comes out of a macro is spelled.
    #[inline]
    pub(crate) fn spelled_at(&mut self, node: NodeId, loc: Loc) {
        if loc.expansion != 0 && self.hooked(hook::TREE | hook::EXPRESSION | hook::CALL | hook::CONVERSION) {
            self.remember_origin(node, loc);
        }
    }

    #[cold]
    #[inline(never)]
    fn remember_origin(&mut self, node: NodeId, loc: Loc) {
        // Nodes of what is not evaluated are dropped and their numbers used again.
        while self.origins.last().is_some_and(|row| row.0 >= node) {
            self.origins.pop();
        }
        self.origins.push((node, loc));
    }

    /// Moves the words collected since `from` into a list of the tree.
    #[inline]
    pub(crate) fn list_from(&mut self, from: usize) -> u32 {
        let at = self.ast.lists.len() as u32;
        self.ast.lists.push((self.words.len() - from) as u32);
        self.ast.lists.extend_from_slice(&self.words[from..]);
        self.words.truncate(from);
        at
    }

    // ---- Scopes ----

    /// The meaning of a name in a name space.
    #[inline]
    pub(crate) fn lookup(&self, space: Space, name: Name) -> Cell {
        match self.cells.get(name.index()) {
            Some(row) => row[space as usize],
            None => Cell::NOTHING,
        }
    }

    /// The meaning of an ordinary identifier. That of a builtin is made when it is first asked for.
    pub(crate) fn meaning_of(&mut self, name: Name) -> Cell {
        let cell = self.lookup(Space::Ordinary, name);
        if cell.meaning == Meaning::Nothing { self.builtin_cell(name) } else { cell }
    }

    #[inline(never)]
    fn builtin_cell(&mut self, name: Name) -> Cell {
        let Some(number) = builtins::find(self.pp.names.text(name)) else { return Cell::NOTHING };
        // For the whole unit, whatever scope is at hand.
        let cell = Cell { value: number, depth: 0, meaning: Meaning::Builtin };
        self.row(name)[Space::Ordinary as usize] = cell;
        cell
    }

    #[inline]
    fn row(&mut self, name: Name) -> &mut [Cell; 4] {
        if name.index() >= self.cells.len() {
            self.grow_cells(name.index());
        }
        &mut self.cells[name.index()]
    }

    #[cold]
    fn grow_cells(&mut self, idx: usize) {
        let len = (idx + 1).max(self.pp.names.len()) + 256;
        self.cells.resize(len, [Cell::NOTHING; 4]);
    }

    /// Gives a name a meaning in the scope at hand.
    #[inline]
    pub(crate) fn bind(&mut self, space: Space, name: Name, meaning: Meaning, value: u32) {
        let depth = self.depth;
        let row = self.row(name);
        let old = row[space as usize];
        row[space as usize] = Cell { value, depth, meaning };
        self.trail.push(Undo { name, space, old });
    }

    /// Remembers the entity with linkage of a name for the whole unit.
    pub(crate) fn link(&mut self, name: Name, decl: DeclId) {
        let row = self.row(name);
        let old = row[Space::Linked as usize];
        row[Space::Linked as usize] = Cell { value: decl.0, depth: 0, meaning: Meaning::Decl };
        self.unit_trail.push(UnitUndo::Linked(name, old));
    }

    /// Opens a scope; the result is for [`Parser::close_scope`].
    #[inline]
    pub(crate) fn open_scope(&mut self) -> usize {
        self.depth += 1;
        self.trail.len()
    }

    /// Undoes what was bound since the scope was opened.
    #[inline]
    pub(crate) fn close_scope(&mut self, mark: usize) {
        self.depth -= 1;
        while self.trail.len() > mark {
            let Some(undo) = self.trail.pop() else { break };
            self.cells[undo.name.index()][undo.space as usize] = undo.old;
        }
    }

    /// Is the meaning one of the scope at hand?
    pub(crate) fn is_here(&self, cell: Cell) -> bool {
        cell.meaning != Meaning::Nothing && cell.depth == self.depth
    }

    /// A declaration is used by something that is emitted.
    #[inline]
    pub(crate) fn mark_used(&mut self, decl: DeclId) {
        if self.unevaluated == 0 && !self.unit.decls[decl].used {
            self.unit.decls[decl].used = true;
            self.unit_trail.push(UnitUndo::Used(decl));
        }
    }

    /// A declaration's name stands in an expression, evaluated or not. A function that only calls itself is not used.
    #[cold]
    pub(crate) fn mention(&mut self, decl: DeclId) {
        if self.function.as_ref().is_none_or(|function| function.decl != decl) {
            self.unit.decls[decl].mentioned = true;
            self.unit_trail.push(UnitUndo::Mentioned(decl));
        }
    }

    /// The program names a constant of an enumeration.
    #[inline]
    pub(crate) fn mark_enum_used(&mut self, id: EnumId) {
        if !self.types.enums[id].used {
            self.save_enum(id);
            self.types.enums[id].used = true;
        }
    }

    /// Remembers a declaration as it is, before it is changed.
    pub(crate) fn save_decl(&mut self, decl: DeclId) {
        self.unit_trail.push(UnitUndo::Decl(decl, Box::new(self.unit.decls[decl].clone())));
    }

    pub(crate) fn save_record(&mut self, id: RecordId) {
        self.unit_trail.push(UnitUndo::Record(id, Box::new(self.types.records[id].clone())));
    }

    pub(crate) fn save_enum(&mut self, id: EnumId) {
        self.unit_trail.push(UnitUndo::Enum(id, self.types.enums[id]));
    }
}

static KNOWN_PUNCTUATORS: [&[u8]; 24] = [
    b"<<=", b">>=", b"...", b"->", b"++", b"--", b"<<", b">>", b"<=", b">=", b"==", b"!=", b"&&", b"||", b"*=", b"/=",
    b"%=", b"+=", b"-=", b"&=", b"^=", b"|=", b"##", b"::",
];
