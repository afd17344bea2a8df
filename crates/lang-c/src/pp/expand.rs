//! Macro replacement (C11 6.10.3.1 to 6.10.3.5) and its GNU extensions.
//!
//! A replacement is copied to `Pp::stack`, with the expansion's number in each token, and read from there; its macro is
//! disabled until it has been read. Arguments are collected once, unexpanded; they are expanded when the body asks for
//! it and only when a macro's name was seen among them, which saves one pass in nine.

use super::define::{BodyToken, Macro, MacroKind, PARAM_MASK, PASTE, STRINGIZE, VA_OPT};
use super::{Expansion, MAX_LIVE_TOKENS, MAX_NESTING, MAX_SIDE_BYTES, Pp};
use crate::lex::{Lexer, keyword_of};
use crate::token::{Tok, Token, TokenFlags};
use base::{Name, Pos};

const LEAD: u8 = TokenFlags::SPACE.0 | TokenFlags::LINE_START.0;
const UNEXPANDED: u32 = u32::MAX;

/// One argument of a call that is being replaced.
#[derive(Clone, Copy)]
pub(crate) struct Arg {
    /// Range in `Pp::arg_tokens`.
    start: u32,
    end: u32,
    /// The same after expansion; `UNEXPANDED` until it is asked for.
    full_start: u32,
    full_end: u32,
    /// The name of a macro was seen in it.
    has_macro: bool,
    /// It ends in macros that vanish and white space.
    trailing_space: bool,
    /// There was no argument at all for `...` (not even an empty one).
    missing: bool,
}

impl Arg {
    fn new(start: usize, end: usize, has_macro: bool) -> Arg {
        Arg {
            start: start as u32,
            end: end as u32,
            full_start: UNEXPANDED,
            full_end: 0,
            has_macro,
            trailing_space: false,
            missing: false,
        }
    }
}

/// A call whose arguments are being read.
struct OpenCall {
    /// The call's expansion, and that of its name, which tokens beside it came out of.
    expansion: u32,
    outer: u32,
    /// Arguments in `Pp::args` behind which a comma ends none: all but the last of a variadic macro.
    last_of_variadic: usize,
    /// How many tokens of an argument are kept: of what no parameter asks for the first, to tell it from an empty one.
    most: usize,
    /// Where the argument at hand begins in `Pp::arg_tokens`.
    start: usize,
    /// Open parentheses in it.
    depth: u32,
    has_macro: bool,
}

impl OpenCall {
    /// `token` as it stands in the argument.
    #[inline(always)]
    fn adopt(&self, mut token: Token) -> Token {
        if token.flags.has(TokenFlags::LINE_START) {
            token.flags.0 = (token.flags.0 & !LEAD) | TokenFlags::SPACE.0;
        }
        if token.expansion == self.outer {
            token.expansion = self.expansion;
        }
        Token { aux: 0, ..token }
    }

    /// Keeps more tokens of the argument.
    #[inline(always)]
    fn keep(&self, kept: &mut Vec<Token>, tokens: &[Token]) {
        let n = tokens.len().min(self.most - (kept.len() - self.start));
        kept.extend(tokens[..n].iter().map(|&token| self.adopt(token)));
    }

    /// The argument, which ends at `end`; the next begins there.
    #[inline(always)]
    fn end_arg(&mut self, end: usize) -> Arg {
        let start = std::mem::replace(&mut self.start, end);
        Arg::new(start, end, std::mem::take(&mut self.has_macro))
    }
}

/// State of one substitution.
struct Subst {
    n_params: u16,
    variadic: bool,
    expansion: u32,
    /// First argument in `Pp::args`.
    args: usize,
    /// The next token is to be pasted to the one before.
    paste: bool,
    /// Length of the stack where the left operand of the running `##` chain began: nothing below may be pasted to.
    floor: usize,
    /// Length of the stack where the replacement begins.
    base: usize,
    /// White space that stood before a parameter whose argument is empty.
    space: bool,
    /// The replacement began with an empty argument: what comes first keeps its own white space.
    lead_empty: bool,
}

impl Subst {
    fn new(mac: &Macro, expansion: u32, args: usize, base: usize) -> Subst {
        let &Macro { n_params, variadic, .. } = mac;
        Subst { n_params, variadic, expansion, args, paste: false, floor: base, base, space: false, lead_empty: false }
    }
}

impl Pp<'_> {
    /// Replaces `token`, whose macro is `idx`. `None`: the replacement is what is read next. `Some`: the token to
    /// hand out instead.
    pub(super) fn expand(&mut self, token: Token, idx: u32) -> Option<Token> {
        let mac = self.macros[idx as usize];
        if mac.disabled {
            return Some(Token { flags: token.flags.with(TokenFlags::NO_EXPAND), ..token });
        }
        match mac.kind {
            MacroKind::Object => {
                let expansion = self.new_expansion(idx, &token)?;
                let base = self.stack.len();
                if mac.has_ops {
                    self.substitute(&mut Subst::new(&mac, expansion, 0, base), mac.body, mac.body + mac.len);
                } else {
                    let body = &self.bodies[mac.body as usize..(mac.body + mac.len) as usize];
                    match body {
                        [] => {
                            self.vanished = true;
                            return None;
                        }
                        &[only] if !only.kind.is_name() || self.names.tag(Name(only.value)) <= 0xff => {
                            if only.kind.is_name() {
                                self.ask(Name(only.value), 0);
                            }
                            let flags = TokenFlags((only.flags.0 & !LEAD) | (token.flags.0 & LEAD));
                            return Some(Token { expansion, flags, aux: 0, ..only });
                        }
                        _ => {}
                    }
                    self.stack.extend(body.iter().map(|t| Token { expansion, ..*t }));
                }
                self.begin(base, idx, &token);
                None
            }
            MacroKind::Function => self.expand_call(token, idx, mac),
            MacroKind::Lazy => {
                self.materialize(idx);
                self.expand(token, idx)
            }
            MacroKind::Text | MacroKind::TextFunction => {
                self.read_body(idx);
                self.expand(token, idx)
            }
            MacroKind::Builtin => self.expand_builtin(token, idx),
            MacroKind::Poisoned => {
                if !token.flags.has(TokenFlags::NO_EXPAND) {
                    let text = format!("attempt to use poisoned \"{}\"", self.names.display(mac.name));
                    self.error_at(token.pos, token.expansion, &text);
                }
                Some(Token { flags: token.flags.with(TokenFlags::NO_EXPAND), ..token })
            }
            MacroKind::VaWord => {
                let word = self.names.display(mac.name).into_owned();
                let text = if word == "__VA_OPT__" {
                    "__VA_OPT__ can only appear in the expansion of a C2X variadic macro"
                } else {
                    "__VA_ARGS__ can only appear in the expansion of a C99 variadic macro"
                };
                self.pedwarn_at("", token.pos, token.expansion, text);
                Some(Token { flags: token.flags.with(TokenFlags::NO_EXPAND), ..token })
            }
        }
    }

    /// A number for a new expansion; `None` when there were too many (and the rest is given up).
    #[inline]
    fn new_expansion(&mut self, mac: u32, token: &Token) -> Option<u32> {
        if self.budget == 0 || self.stack.len() + self.arg_tokens.len() > MAX_LIVE_TOKENS {
            self.bomb(mac, token);
            return None;
        }
        self.budget -= 1;
        let number = self.expansions.len() as u32;
        self.expansions.push(Expansion { mac, pos: token.pos, parent: token.expansion });
        Some(number)
    }

    #[cold]
    fn bomb(&mut self, mac: u32, token: &Token) {
        let name = self.names.display(self.macros[mac as usize].name).into_owned();
        let pos = self.user_pos(token.pos, token.expansion);
        self.fatal(pos, &format!("the expansion of macro \"{name}\" is too large"));
    }

    /// Makes the replacement on the stack from `base` on the next thing read.
    #[inline]
    fn begin(&mut self, base: usize, idx: u32, name: &Token) {
        self.vanished = match self.stack.get_mut(base) {
            Some(first) => {
                first.flags.0 = (first.flags.0 & !LEAD) | (name.flags.0 & LEAD);
                false
            }
            None => true,
        };
        self.macros[idx as usize].disabled = true;
        self.push_context(base, idx, false);
    }

    /// A function-like macro: looks for the parenthesis, collects the arguments, substitutes.
    #[inline(never)]
    fn expand_call(&mut self, token: Token, idx: u32, mac: Macro) -> Option<Token> {
        if !self.take_paren() {
            return Some(token);
        }
        let n_files = self.files.len();
        let expansion = self.new_expansion(idx, &token)?;
        if self.nesting >= MAX_NESTING {
            let pos = self.user_pos(token.pos, token.expansion);
            self.fatal(pos, "macro arguments are nested too deeply");
            return None;
        }
        let args = self.args.len();
        let arg_base = self.arg_tokens.len();
        self.recorder.collecting += 1;
        let ok = self.collect_args(&token, &mac, expansion, n_files);
        self.recorder.collecting -= 1;
        let result = if ok {
            self.nesting += 1;
            let base = self.stack.len();
            let mut subst = Subst::new(&mac, expansion, args, base);
            if mac.has_ops {
                self.substitute(&mut subst, mac.body, mac.body + mac.len);
            } else {
                let body = &self.bodies[mac.body as usize..(mac.body + mac.len) as usize];
                self.stack.extend(body.iter().map(|t| Token { expansion, ..*t }));
            }
            self.nesting -= 1;
            if !self.stopped {
                let kept = self.stack.get(base).map_or(0, |first| first.flags.0 & LEAD);
                self.begin(base, idx, &token);
                if let Some(first) = self.stack.get_mut(base).filter(|_| subst.lead_empty) {
                    first.flags.0 |= kept;
                }
                self.vanished_space = self.vanished && subst.space;
            }
            None
        } else if self.stopped {
            None
        } else {
            Some(Token { flags: token.flags.with(TokenFlags::NO_EXPAND), ..token })
        };
        self.args.truncate(args);
        self.arg_tokens.truncate(arg_base);
        result
    }

    /// Takes the next token if it is `(`. What ends on the way is left; a directive is not executed, as in gcc.
    fn take_paren(&mut self) -> bool {
        while let Some(context) = self.contexts.last_mut() {
            if context.cur < context.end {
                let is = self.stack[context.cur as usize].kind == Tok::LParen;
                context.cur += u32::from(is);
                return is;
            }
            if context.barrier {
                return false;
            }
            self.pop_context();
        }
        let is = self.peek_raw().kind == Tok::LParen;
        self.raw_at += u32::from(is);
        is
    }

    /// Reads the arguments up to the closing parenthesis. False after an error.
    fn collect_args(&mut self, name: &Token, mac: &Macro, expansion: u32, n_files: usize) -> bool {
        let first = self.args.len();
        let mut call = OpenCall {
            expansion,
            outer: name.expansion,
            last_of_variadic: if mac.variadic { first + mac.n_params as usize - 1 } else { usize::MAX },
            most: if mac.has_ops { MAX_LIVE_TOKENS } else { 1 },
            start: self.arg_tokens.len(),
            depth: 0,
            has_macro: false,
        };
        let mut end_pos = self.collect_ahead(&mut call);
        while end_pos.is_none() {
            let token = self.read_raw(n_files);
            match token.kind {
                Tok::Eof | Tok::Newline => {
                    if !self.stopped {
                        let text =
                            format!("unterminated argument list invoking macro \"{}\"", self.names.display(mac.name));
                        self.error_at(name.pos, name.expansion, &text);
                    }
                    return false;
                }
                Tok::LParen => call.depth += 1,
                Tok::RParen if call.depth == 0 => {
                    end_pos = Some(token.pos);
                    break;
                }
                Tok::RParen => call.depth -= 1,
                Tok::Comma if call.depth == 0 && self.args.len() != call.last_of_variadic => {
                    self.end_arg(&mut call);
                    end_pos = self.collect_ahead(&mut call);
                    continue;
                }
                kind if kind.is_name() => {
                    let mac = self.macro_of(Name(token.value));
                    self.ask(Name(token.value), mac);
                    call.has_macro |= !token.flags.has(TokenFlags::NO_EXPAND) && mac != 0;
                }
                _ => {}
            }
            if self.arg_tokens.len() >= MAX_LIVE_TOKENS {
                self.bomb(self.expansions[expansion as usize].mac, name);
                return false;
            }
            if self.arg_tokens.len() - call.start < call.most {
                self.arg_tokens.push(call.adopt(token));
            }
            end_pos = self.collect_ahead(&mut call);
        }
        self.end_arg(&mut call);
        self.check_args(name, mac, first, end_pos.unwrap_or(Pos::NONE))
    }

    /// Takes the tokens that come next, out of one place, up to what [`Pp::read_raw`] must see, for it does the same one by
    /// one. `Some`: where the parenthesis stood that closes the call; its last argument is still open.
    #[inline]
    fn collect_ahead(&mut self, call: &mut OpenCall) -> Option<Pos> {
        let tokens = match self.contexts.last() {
            Some(context) => &self.stack[context.cur as usize..context.end as usize],
            None => &self.buffer[self.raw_at as usize..self.raw_end as usize],
        };
        if self.arg_tokens.len() + tokens.len() > MAX_LIVE_TOKENS {
            return None;
        }
        let mut close = None;
        // Where the part of the argument that is not kept yet begins.
        let mut from = 0;
        let mut n = 0;
        for token in tokens {
            match token.kind {
                Tok::LParen => call.depth += 1,
                Tok::RParen if call.depth == 0 => {
                    close = Some(token.pos);
                    break;
                }
                Tok::RParen => call.depth -= 1,
                Tok::Comma if call.depth == 0 && self.args.len() != call.last_of_variadic => {
                    call.keep(&mut self.arg_tokens, &tokens[from..n]);
                    self.args.push(call.end_arg(self.arg_tokens.len()));
                    from = n + 1;
                }
                Tok::Eof | Tok::Newline => break,
                kind if kind.is_name() => {
                    let mac = self.names.tag(Name(token.value)) >> 8;
                    if mac != 0 {
                        if self.macros[mac as usize].disabled {
                            break;
                        }
                        call.has_macro |= !token.flags.has(TokenFlags::NO_EXPAND);
                    }
                    self.recorder.ask_if_open(Name(token.value), mac);
                }
                _ if token.aux != 0 => break,
                _ => {}
            }
            n += 1;
        }
        call.keep(&mut self.arg_tokens, &tokens[from..n]);
        let n_taken = n as u32 + u32::from(close.is_some());
        match self.contexts.last_mut() {
            Some(context) => context.cur += n_taken,
            None => self.raw_at += n_taken,
        }
        close
    }

    fn end_arg(&mut self, call: &mut OpenCall) {
        self.args.push(call.end_arg(self.arg_tokens.len()));
    }

    /// Are there as many arguments as parameters (C11 6.10.3p4)? Adds what `...` may leave out.
    fn check_args(&mut self, name: &Token, mac: &Macro, first: usize, end_pos: Pos) -> bool {
        let n_params = mac.n_params as usize;
        let n_args = self.args.len() - first;
        let only_empty = n_args == 1 && self.args[first].start == self.args[first].end;
        if n_args == n_params {
            if mac.variadic && n_args == 1 && only_empty && self.options.standard.gnu {
                self.args[first].missing = true;
            }
            return true;
        }
        if n_params == 0 && only_empty {
            return true;
        }
        if mac.variadic && n_args + 1 == n_params {
            let end = self.arg_tokens.len();
            self.args.push(Arg { missing: true, ..Arg::new(end, end, false) });
            return true;
        }
        self.report_arg_count(name, mac, n_args, end_pos);
        false
    }

    #[cold]
    fn report_arg_count(&mut self, name: &Token, mac: &Macro, n_args: usize, end_pos: Pos) {
        let word = self.names.display(mac.name).into_owned();
        let n_params = mac.n_params;
        let text = if n_args < n_params as usize {
            let least = if mac.variadic { "at least " } else { "" };
            let least_params = if mac.variadic { n_params - 1 } else { n_params };
            let plural = if least_params == 1 { "" } else { "s" };
            let given = if n_args == 1 && self.args.last().is_some_and(|a| a.start == a.end) && !mac.variadic {
                // `f()` counts as one empty argument; gcc says 1 too.
                1
            } else {
                n_args
            };
            format!("macro \"{word}\" requires {least}{least_params} argument{plural}, but only {given} given")
        } else {
            format!("macro \"{word}\" passed {n_args} arguments, but takes just {n_params}")
        };
        let at = if end_pos.is_none() { name.pos } else { end_pos };
        self.error_with_definition(at, name.expansion, &text, mac);
    }

    /// Appends the body's tokens `from..to` to the stack, parameters replaced.
    fn substitute(&mut self, subst: &mut Subst, from: u32, to: u32) {
        let mut at = from;
        while at < to {
            if !subst.paste {
                // Tokens that stand for themselves, up to the next that does not.
                let rest = &self.bodies[at as usize..to as usize];
                let n = rest.iter().position(|token| token.aux != 0).unwrap_or(rest.len());
                if n > 0 {
                    let (first, expansion) = (self.stack.len(), subst.expansion);
                    self.stack.extend(rest[..n].iter().map(|token| Token { expansion, ..*token }));
                    if std::mem::take(&mut subst.space) {
                        let flags = &mut self.stack[first].flags;
                        *flags = flags.with(TokenFlags::SPACE);
                    }
                    at += n as u32;
                    continue;
                }
            }
            let body = self.bodies[at as usize];
            at += 1;
            if self.stopped {
                return;
            }
            let pasted_right = body.aux & PASTE != 0;
            if pasted_right && !subst.paste {
                subst.floor = self.stack.len();
            }
            if body.aux & VA_OPT != 0 {
                at += self.substitute_va_opt(subst, body, at);
            } else if let Some(param) = body.param() {
                self.substitute_param(subst, body, param);
            } else {
                let token = Token { expansion: subst.expansion, aux: 0, ..body };
                self.put(subst, token);
            }
            subst.paste = pasted_right;
        }
    }

    /// `__VA_OPT__ ( … )` (C23 6.10.5.1): its contents when the variable argument has tokens, else nothing. Returns
    /// the number of body tokens that belong to it.
    fn substitute_va_opt(&mut self, subst: &mut Subst, body: Token, at: u32) -> u32 {
        let n_tokens = body.value;
        let last = subst.args + subst.n_params as usize - 1;
        let (start, end) = self.expanded_arg(last);
        if start == end {
            if body.aux & STRINGIZE != 0 {
                let token = self.string_token(b"\"\"", &body, subst.expansion);
                self.put(subst, token);
            } else if body.flags.has(TokenFlags::SPACE) {
                subst.space = true;
            }
            return n_tokens;
        }
        let before = self.stack.len();
        let (floor, paste) = (subst.floor, subst.paste);
        if body.aux & STRINGIZE != 0 {
            subst.paste = false;
            self.substitute(subst, at, at + n_tokens);
            let range = (before, self.stack.len());
            let text = self.stringize_stack(range.0, range.1);
            self.stack.truncate(before);
            let token = self.string_token(&text, &body, subst.expansion);
            subst.paste = paste;
            subst.floor = floor;
            self.put(subst, token);
            return n_tokens;
        }
        self.substitute(subst, at, at + n_tokens);
        if let Some(first) = self.stack.get_mut(before)
            && !paste
        {
            first.flags.0 = (first.flags.0 & !LEAD) | (body.flags.0 & LEAD);
        }
        subst.floor = floor;
        n_tokens
    }

    fn substitute_param(&mut self, subst: &mut Subst, body: Token, param: usize) {
        let arg_idx = subst.args + param;
        let arg = self.args[arg_idx];
        if body.aux & STRINGIZE != 0 {
            let text = self.stringize_arg(arg);
            let token = self.string_token(&text, &body, subst.expansion);
            self.put(subst, token);
            return;
        }
        let as_it_is = !arg.has_macro || subst.paste || body.aux & PASTE != 0;
        let (start, end) = if as_it_is { (arg.start, arg.end) } else { self.expanded_arg(arg_idx) };
        if self.stopped {
            return;
        }
        if subst.paste
            && subst.variadic
            && param + 1 == subst.n_params as usize
            && self.stack.len() > subst.floor
            && self.stack.last().is_some_and(|t| t.kind == Tok::Comma)
        {
            // GNU: `, ## __VA_ARGS__` drops the comma when there was no argument, and pastes nothing otherwise.
            subst.paste = false;
            if arg.missing {
                self.stack.pop();
                return;
            }
        }
        if start == end {
            if !subst.paste && (body.flags.has(TokenFlags::SPACE) || self.args[arg_idx].trailing_space) {
                subst.space = true;
            }
            subst.lead_empty |= self.stack.len() == subst.base;
            return;
        }
        if self.stack.len() + (end - start) as usize > MAX_LIVE_TOKENS {
            let name = Token { pos: body.pos, expansion: subst.expansion, ..body };
            return self.bomb(self.expansions[subst.expansion as usize].mac, &name);
        }
        let tokens = &self.arg_tokens[start as usize..end as usize];
        let own = if start == arg.start { 0 } else { tokens[0].flags.0 & LEAD };
        let lead = body.flags.0 & LEAD | own;
        subst.lead_empty |= own != 0 && self.stack.len() == subst.base;
        if subst.paste {
            let mut first = tokens[0];
            first.flags.0 = (first.flags.0 & !LEAD) | lead;
            self.put(subst, first);
            self.stack.extend_from_slice(&self.arg_tokens[start as usize + 1..end as usize]);
            subst.paste = false;
        } else {
            let at = self.stack.len();
            self.stack.extend_from_slice(tokens);
            let space = if std::mem::take(&mut subst.space) { TokenFlags::SPACE.0 } else { 0 };
            let flags = &mut self.stack[at].flags.0;
            *flags = (*flags & !LEAD) | lead | space;
        }
        subst.space |= start != arg.start && self.args[arg_idx].trailing_space;
    }

    /// Appends a token, pasting it to the last one if that is due.
    fn put(&mut self, subst: &mut Subst, mut token: Token) {
        if subst.space {
            token.flags = token.flags.with(TokenFlags::SPACE);
            subst.space = false;
        }
        if subst.paste && self.stack.len() > subst.floor {
            if let Some(lhs) = self.stack.pop() {
                match self.paste(lhs, token, subst.expansion) {
                    Some(pasted) => self.stack.push(pasted),
                    None => {
                        self.stack.push(lhs);
                        self.stack.push(token);
                    }
                }
            }
            return;
        }
        self.stack.push(token);
    }

    /// The range of an argument after complete macro replacement, as if it were the rest of the file (6.10.3.1p1).
    fn expanded_arg(&mut self, idx: usize) -> (u32, u32) {
        let arg = self.args[idx];
        if !arg.has_macro {
            return (arg.start, arg.end);
        }
        if arg.full_start != UNEXPANDED {
            return (arg.full_start, arg.full_end);
        }
        let base = self.stack.len();
        self.stack.extend_from_slice(&self.arg_tokens[arg.start as usize..arg.end as usize]);
        // White space before an argument is not part of it; what stands behind a macro that vanishes is.
        if let Some(first) = self.stack.get_mut(base) {
            first.flags.0 &= !LEAD;
        }
        self.push_context(base, 0, true);
        let start = self.arg_tokens.len();
        loop {
            let token = self.expand_next();
            if token.kind == Tok::Eof || self.stopped {
                self.args[idx].trailing_space = token.flags.has(TokenFlags::SPACE);
                break;
            }
            if self.arg_tokens.len() >= MAX_LIVE_TOKENS {
                self.bomb(0, &token);
                break;
            }
            self.arg_tokens.push(token);
        }
        if self.stopped {
            return (arg.start, arg.start);
        }
        self.pop_context();
        let full = (start as u32, self.arg_tokens.len() as u32);
        self.args[idx].full_start = full.0;
        self.args[idx].full_end = full.1;
        full
    }

    /// `lhs ## rhs` (6.10.3.3). `None` when they make no token: an error was reported and both stay.
    fn paste(&mut self, lhs: Token, rhs: Token, expansion: u32) -> Option<Token> {
        let mut text = std::mem::take(&mut self.scratch);
        text.clear();
        text.extend_from_slice(self.spelling(&lhs));
        let n_left = text.len();
        text.extend_from_slice(self.spelling(&rhs));
        let result = self.paste_text(&lhs, &rhs, &text);
        if result.is_none() {
            let (left, right) = text.split_at(n_left);
            let message = format!(
                "pasting \"{}\" and \"{}\" does not give a valid preprocessing token",
                String::from_utf8_lossy(left),
                String::from_utf8_lossy(right)
            );
            self.error_at(lhs.pos, expansion, &message);
        }
        self.scratch = text;
        result
    }

    fn paste_text(&mut self, lhs: &Token, rhs: &Token, text: &[u8]) -> Option<Token> {
        let lead = lhs.flags.0 & (LEAD | TokenFlags::SYSTEM.0);
        let simple = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
        if lhs.kind.is_name() && text.iter().all(simple) {
            let name = self.names.intern(text);
            let kind = keyword_of(self.names.tag(name));
            return Some(Token { kind, flags: TokenFlags(lead), aux: 0, value: name.0, ..*lhs });
        }
        if matches!((lhs.kind, rhs.kind), (Tok::Slash, Tok::Slash | Tok::Star)) {
            return None;
        }
        let mut lexer = Lexer::over(text, lhs.pos);
        lexer.in_directive = true;
        let token = lexer.next(&mut self.names, &mut self.side);
        if lexer.at != text.len() || matches!(token.kind, Tok::Other | Tok::Newline) || !lexer.problems.is_empty() {
            return None;
        }
        let mut token = Token { aux: 0, pos: lhs.pos, expansion: lhs.expansion, ..token };
        let unclean = token.flags.0 & TokenFlags::UNCLEAN.0;
        token.flags = TokenFlags(lead | unclean);
        if matches!(token.kind, Tok::Number | Tok::Char | Tok::Str) {
            token.value = self.keep_spelling(text);
            token.flags = token.flags.with(TokenFlags::UNCLEAN);
        }
        Some(token)
    }

    /// Keeps a made-up spelling; stops when there is absurdly much of it.
    pub(super) fn keep_spelling(&mut self, text: &[u8]) -> u32 {
        if self.side.len_bytes() > MAX_SIDE_BYTES {
            self.fatal(self.here(), "macros paste and stringize too much text");
        }
        self.side.add(text)
    }

    /// `#parameter`: the argument's spelling as a string literal (6.10.3.2).
    fn stringize_arg(&mut self, arg: Arg) -> Vec<u8> {
        let mut text = vec![b'"'];
        for idx in arg.start..arg.end {
            let token = self.arg_tokens[idx as usize];
            self.stringize_token(&mut text, token, idx > arg.start);
        }
        self.end_string(text)
    }

    fn stringize_stack(&mut self, start: usize, end: usize) -> Vec<u8> {
        let mut text = vec![b'"'];
        for idx in start..end {
            let token = self.stack[idx];
            self.stringize_token(&mut text, token, idx > start);
        }
        self.end_string(text)
    }

    fn stringize_token(&self, text: &mut Vec<u8>, token: Token, space: bool) {
        if space && token.flags.0 & LEAD != 0 {
            text.push(b' ');
        }
        let spelling = self.spelling(&token);
        let escape = match token.kind {
            Tok::Str | Tok::Char => true,
            Tok::Other => matches!(spelling.first(), Some(b'"' | b'\'')),
            _ => false,
        };
        for &byte in spelling {
            if escape && matches!(byte, b'"' | b'\\') {
                text.push(b'\\');
            }
            text.push(byte);
        }
    }

    /// Closes a string, taking away a backslash that would escape the quote.
    fn end_string(&mut self, mut text: Vec<u8>) -> Vec<u8> {
        let n_backslashes = text.iter().rev().take_while(|&&b| b == b'\\').count();
        if n_backslashes % 2 == 1 {
            text.pop();
            // At the parenthesis that ends the arguments, as gcc.
            let pos = self.buffer.get((self.raw_at as usize).wrapping_sub(1)).map_or(self.here(), |token| token.pos);
            self.warn_at("", pos, 0, "invalid string literal, ignoring final '\\'");
        }
        text.push(b'"');
        text
    }

    /// A made-up string literal at the place of `body`.
    fn string_token(&mut self, text: &[u8], body: &Token, expansion: u32) -> Token {
        let value = self.keep_spelling(text);
        let flags = TokenFlags((body.flags.0 & (LEAD | TokenFlags::SYSTEM.0)) | TokenFlags::UNCLEAN.0);
        Token { kind: Tok::Str, flags, aux: 0, value, pos: body.pos, expansion }
    }

    /// Expands a list of tokens on its own, as an argument would be.
    pub(super) fn expand_list(&mut self, tokens: &[Token]) -> Vec<Token> {
        let base = self.stack.len();
        self.stack.extend_from_slice(tokens);
        self.push_context(base, 0, true);
        let mut out = Vec::new();
        loop {
            let token = self.expand_next();
            if token.kind == Tok::Eof || self.stopped || out.len() >= MAX_LIVE_TOKENS {
                break;
            }
            out.push(token);
        }
        if !self.stopped {
            self.pop_context();
        }
        out
    }
}

const _: () = assert!(PARAM_MASK & (PASTE | STRINGIZE | VA_OPT) == 0);
