//! Warnings as a table: name, what switches it on, where it is checked. `-W…`, `-Werror=…`, `#pragma GCC diagnostic`, the
//! `[-W…]` behind a message and `--help=warnings` all come from these rows. Names and groups are gcc 12's, with clang's where
//! gcc has none; a name in [`KNOWN`] is accepted and has no check.
//!
//! An option by name outweighs any group (`-Wno-unused-variable -Wall`), and of options of one name the last one counts.

use crate::options::Level;

/// What switches a warning on that was not named itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum When {
    /// On unless switched off.
    Always,
    /// On when that warning is on.
    With(Warning),
    /// On when both are.
    Both(Warning, Warning),
    /// On from this level of that warning on (`-Wformat=2`).
    Level(Warning, u8),
}

/// Where checks stand, as bits: a place asks for its bit before it looks at anything.
pub mod hook {
    /// Checked where it is found, or always.
    pub const NONE: u16 = 0;
    /// Where an operator's operands are known.
    pub const EXPRESSION: u16 = 1;
    /// Where a statement has been read.
    pub const STATEMENT: u16 = 2;
    /// Where a name is declared.
    pub const DECLARATION: u16 = 4;
    /// Over the tree of a whole function.
    pub const TREE: u16 = 8;
    /// Where a value is converted as if by assignment, or an operand to a common type.
    pub const CONVERSION: u16 = 16;
    /// Where a call's arguments are known.
    pub const CALL: u16 = 32;
    /// At the end of a function or of the unit, by what was used.
    pub const UNUSED: u16 = 64;
    /// In initialisers.
    pub const INITIALIZER: u16 = 128;
    /// In the preprocessor.
    pub const TEXT: u16 = 256;
}

/// One warning.
#[derive(Debug)]
pub struct Row {
    pub name: &'static str,
    /// Any of these; none: only by name.
    pub when: &'static [When],
    pub hook: u16,
}

macro_rules! warnings {
    ($($variant:ident $name:literal [$($when:expr),*] $hook:ident;)+) => {
        /// A warning kit knows how to give, or a group of warnings.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Warning { $($variant,)+ }

        /// By number of [`Warning`].
        pub static ROWS: &[Row] = &[$(Row { name: $name, when: &[$($when),*], hook: hook::$hook },)+];
        const ALL: &[Warning] = &[$(Warning::$variant,)+];
    };
}

use Warning::{All, Conversion, Extra, Format, Pedantic, Unused, UnusedVariable};
use When::{Always, Both, Level as AtLevel, With};

// One row a line: this is read as a table.
#[rustfmt::skip]
warnings! {
    // Groups.
    All "all" [] NONE;
    Extra "extra" [] NONE;
    Pedantic "pedantic" [] NONE;
    Unused "unused" [With(All)] NONE;
    Implicit "implicit" [With(All)] NONE;
    // Expressions.
    Parentheses "parentheses" [With(All)] EXPRESSION;
    DanglingElse "dangling-else" [With(Warning::Parentheses)] STATEMENT;
    LogicalNotParentheses "logical-not-parentheses" [With(All)] EXPRESSION;
    LogicalOp "logical-op" [] EXPRESSION;
    BoolCompare "bool-compare" [With(All)] EXPRESSION;
    BoolOperation "bool-operation" [With(All)] EXPRESSION;
    IntInBoolContext "int-in-bool-context" [With(All)] EXPRESSION;
    TautologicalCompare "tautological-compare" [With(All)] EXPRESSION;
    SignCompare "sign-compare" [With(Extra)] EXPRESSION;
    TypeLimits "type-limits" [With(Extra)] EXPRESSION;
    Address "address" [With(All)] EXPRESSION;
    StringCompare "string-compare" [With(Extra)] EXPRESSION;
    EnumCompare "enum-compare" [With(All)] EXPRESSION;
    FloatEqual "float-equal" [] EXPRESSION;
    CharSubscripts "char-subscripts" [With(All)] EXPRESSION;
    PointerArith "pointer-arith" [With(Pedantic)] EXPRESSION;
    ShiftCountNegative "shift-count-negative" [Always] NONE;
    ShiftCountOverflow "shift-count-overflow" [Always] NONE;
    ShiftNegativeValue "shift-negative-value" [With(Extra)] EXPRESSION;
    ShiftOverflow "shift-overflow" [Always] NONE;
    DivByZero "div-by-zero" [Always] NONE;
    Overflow "overflow" [Always] NONE;
    DuplicatedBranches "duplicated-branches" [] STATEMENT;
    DuplicatedCond "duplicated-cond" [] STATEMENT;
    SizeofPointerDiv "sizeof-pointer-div" [With(All)] EXPRESSION;
    SizeofArrayDiv "sizeof-array-div" [With(All)] EXPRESSION;
    SizeofArrayArgument "sizeof-array-argument" [Always] NONE;
    CastQual "cast-qual" [] EXPRESSION;
    CastAlign "cast-align" [] EXPRESSION;
    CastFunctionType "cast-function-type" [With(Extra)] EXPRESSION;
    BadFunctionCast "bad-function-cast" [] EXPRESSION;
    IntToPointerCast "int-to-pointer-cast" [Always] NONE;
    PointerToIntCast "pointer-to-int-cast" [Always] NONE;
    PointerCompare "pointer-compare" [Always] NONE;
    ReturnLocalAddr "return-local-addr" [Always] NONE;
    SequencePoint "sequence-point" [With(All)] TREE;
    // Conversions.
    Conversion "conversion" [] CONVERSION;
    SignConversion "sign-conversion" [With(Conversion)] CONVERSION;
    FloatConversion "float-conversion" [With(Conversion)] CONVERSION;
    EnumConversion "enum-conversion" [With(Extra)] CONVERSION;
    DoublePromotion "double-promotion" [] CONVERSION;
    PointerSign "pointer-sign" [With(All), With(Pedantic)] NONE;
    DiscardedQualifiers "discarded-qualifiers" [Always] NONE;
    DiscardedArrayQualifiers "discarded-array-qualifiers" [Always] NONE;
    IncompatiblePointerTypes "incompatible-pointer-types" [Always] NONE;
    IntConversion "int-conversion" [Always] NONE;
    WriteStrings "write-strings" [] CONVERSION;
    // Calls.
    FrameAddress "frame-address" [With(All)] NONE;
    Format "format" [With(All)] CALL;
    FormatContainsNul "format-contains-nul" [With(Format)] CALL;
    FormatExtraArgs "format-extra-args" [With(Format)] CALL;
    FormatZeroLength "format-zero-length" [With(Format)] CALL;
    FormatNonliteral "format-nonliteral" [AtLevel(Format, 2)] CALL;
    FormatSecurity "format-security" [AtLevel(Format, 2)] CALL;
    FormatY2k "format-y2k" [AtLevel(Format, 2)] CALL;
    FormatSignedness "format-signedness" [] CALL;
    Nonnull "nonnull" [With(All), With(Format)] CALL;
    SizeofPointerMemaccess "sizeof-pointer-memaccess" [With(All)] CALL;
    MemsetTransposedArgs "memset-transposed-args" [With(All)] CALL;
    MemsetEltSize "memset-elt-size" [With(All)] CALL;
    AbsoluteValue "absolute-value" [With(Extra)] CALL;
    UnusedResult "unused-result" [Always] NONE;
    ImplicitFunctionDeclaration "implicit-function-declaration" [Always] NONE;
    BuiltinDeclarationMismatch "builtin-declaration-mismatch" [Always] NONE;
    DeprecatedDeclarations "deprecated-declarations" [Always] NONE;
    AttributeWarning "attribute-warning" [Always] NONE;
    // Statements.
    EmptyBody "empty-body" [With(Extra)] STATEMENT;
    MisleadingIndentation "misleading-indentation" [With(All)] STATEMENT;
    Switch "switch" [With(All)] STATEMENT;
    SwitchBool "switch-bool" [Always] NONE;
    SwitchDefault "switch-default" [] STATEMENT;
    SwitchEnum "switch-enum" [] STATEMENT;
    SwitchUnreachable "switch-unreachable" [Always] NONE;
    SwitchOutsideRange "switch-outside-range" [Always] NONE;
    ImplicitFallthrough "implicit-fallthrough" [With(Extra)] TREE;
    ReturnType "return-type" [With(All)] TREE;
    ReturnMismatch "return-mismatch" [Always] NONE;
    Uninitialized "uninitialized" [With(All), With(Extra)] TREE;
    MaybeUninitialized "maybe-uninitialized" [With(All), With(Extra)] TREE;
    InitSelf "init-self" [] TREE;
    InfiniteRecursion "infinite-recursion" [With(All)] TREE;
    DeclarationAfterStatement "declaration-after-statement" [] STATEMENT;
    // What is not used.
    UnusedVariable "unused-variable" [With(Unused)] UNUSED;
    UnusedConstVariable "unused-const-variable" [With(UnusedVariable)] UNUSED;
    UnusedFunction "unused-function" [With(Unused)] UNUSED;
    UnusedLabel "unused-label" [With(Unused)] UNUSED;
    UnusedLocalTypedefs "unused-local-typedefs" [With(Unused)] UNUSED;
    UnusedButSetVariable "unused-but-set-variable" [With(Unused)] UNUSED;
    UnusedButSetParameter "unused-but-set-parameter" [Both(Unused, Extra)] UNUSED;
    UnusedParameter "unused-parameter" [Both(Unused, Extra)] UNUSED;
    UnusedValue "unused-value" [With(Unused)] TREE;
    UnusedMacros "unused-macros" [] TEXT;
    // Declarations.
    Shadow "shadow" [] DECLARATION;
    MissingPrototypes "missing-prototypes" [] DECLARATION;
    MissingDeclarations "missing-declarations" [] DECLARATION;
    MissingVariableDeclarations "missing-variable-declarations" [] DECLARATION;
    StrictPrototypes "strict-prototypes" [] DECLARATION;
    OldStyleDefinition "old-style-definition" [] DECLARATION;
    OldStyleDeclaration "old-style-declaration" [With(Extra)] DECLARATION;
    MissingParameterType "missing-parameter-type" [With(Extra)] DECLARATION;
    RedundantDecls "redundant-decls" [] DECLARATION;
    NestedExterns "nested-externs" [] DECLARATION;
    ImplicitInt "implicit-int" [Always] NONE;
    Main "main" [With(All), With(Pedantic)] DECLARATION;
    Vla "vla" [] DECLARATION;
    IgnoredQualifiers "ignored-qualifiers" [With(Extra)] DECLARATION;
    DuplicateDeclSpecifier "duplicate-decl-specifier" [With(All)] DECLARATION;
    LongLong "long-long" [] DECLARATION;
    Attributes "attributes" [Always] NONE;
    IgnoredAttributes "ignored-attributes" [Always] NONE;
    // Initialisers.
    MissingBraces "missing-braces" [With(All)] INITIALIZER;
    MissingFieldInitializers "missing-field-initializers" [With(Extra)] INITIALIZER;
    OverrideInit "override-init" [With(Extra)] INITIALIZER;
    DesignatedInit "designated-init" [Always] NONE;
    // Text.
    Comment "comment" [With(All)] TEXT;
    Trigraphs "trigraphs" [With(All)] TEXT;
    Undef "undef" [] TEXT;
    UnknownPragmas "unknown-pragmas" [With(All)] NONE;
    Pragmas "pragmas" [Always] NONE;
    Cpp "cpp" [Always] NONE;
    EndifLabels "endif-labels" [Always] NONE;
    BuiltinMacroRedefined "builtin-macro-redefined" [Always] NONE;
    Multichar "multichar" [Always] NONE;
    VariadicMacros "variadic-macros" [Always] NONE;
    ExpansionToDefined "expansion-to-defined" [With(Extra), With(Pedantic)] TEXT;
    DateTime "date-time" [] TEXT;
}

/// Does gcc or clang know a warning of this name that kit has no check for?
pub(crate) fn is_known(name: &str) -> bool {
    // gcc's analyzer has a name for each of its findings.
    KNOWN.binary_search(&name).is_ok() || name.starts_with("analyzer-")
}

/// Names that gcc or clang know and kit has no check for: accepted. Sorted.
// Several in a line: it is only searched.
#[rustfmt::skip]
pub static KNOWN: &[&str] = &[
    "abi", "address-of-packed-member", "aggregate-return", "aggressive-loop-optimizations", "alloc-size", "alloc-zero",
    "alloca", "alloca-larger-than", "analyzer-too-complex", "arith-conversion", "array-bounds", "array-compare",
    "array-parameter", "attribute-alias", "bidi-chars", "c++-compat", "c11-c2x-compat", "c90-c99-compat",
    "c99-c11-compat", "calloc-transposed-args", "cannot-profile", "chkp", "clobbered", "comments", "coverage-mismatch",
    "dangling-pointer", "deprecated", "deprecated-non-prototype", "disabled-optimization", "documentation",
    "error-implicit-function-declaration", "extra-semi", "fatal-errors", "flex-array-member-not-at-end", "format-diag",
    "format-overflow", "format-truncation", "frame-larger-than", "free-nonheap-object", "gnu", "hsa",
    "if-not-aligned", "implicit-const-int-float-conversion", "inline", "invalid-memory-model", "invalid-pch",
    "jump-misses-init", "language-extension-token", "larger-than", "lto-type-mismatch", "mismatched-dealloc",
    "missing-attributes", "missing-format-attribute", "missing-include-dirs", "missing-noreturn",
    "multistatement-macros", "narrowing", "newline-eof", "nonnull-compare", "normalized", "null-dereference", "odr",
    "openacc-parallelism", "openmp-simd", "overlength-strings", "override-init-side-effects", "packed",
    "packed-bitfield-compat", "packed-not-aligned", "padded", "prio-ctor-dtor", "psabi", "reserved-identifier",
    "restrict", "scalar-storage-order", "self-assign", "shadow-compatible-local", "shadow-local", "shorten-64-to-32",
    "stack-protector", "stack-usage", "strict-aliasing", "strict-flex-arrays", "strict-overflow", "string-plus-int",
    "stringop-overflow", "stringop-overread", "stringop-truncation", "suggest-attribute", "suggest-final-methods",
    "suggest-final-types", "sync-nand", "system-headers", "tautological-constant-compare", "traditional",
    "traditional-conversion", "trampolines", "trivial-auto-var-init", "tsan", "unknown-warning-option",
    "unreachable-code", "unsafe-loop-optimizations", "unsuffixed-float-constants", "use-after-free", "useless-cast",
    "varargs", "vector-operation-performance", "vla-larger-than", "vla-parameter", "void-pointer-to-int-cast",
    "volatile-register-var", "xor-used-as-pow", "zero-length-array", "zero-length-bounds",
];

impl Warning {
    pub fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }

    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// The name in messages: `=` stands behind what has levels.
    pub fn shown(self) -> &'static str {
        match self {
            Warning::Format => "format=",
            Warning::ImplicitFallthrough => "implicit-fallthrough=",
            Warning::UnusedConstVariable => "unused-const-variable=",
            Warning::ShiftOverflow => "shift-overflow=",
            _ => self.name(),
        }
    }

    /// The warning of that name.
    pub fn find(name: &str) -> Option<Warning> {
        let name = name.strip_suffix('=').unwrap_or(name);
        // What `-Wx` and `-Wxs` of gcc's spellings share.
        let name = if name == "comments" { "comment" } else { name };
        ALL.iter().copied().find(|warning| warning.name() == name)
    }
}

/// A set of warnings.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Set([u64; 3]);

const _: () = assert!(ALL.len() <= 192);

impl Set {
    #[inline]
    pub fn has(&self, warning: Warning) -> bool {
        self.0[warning as usize / 64] >> (warning as usize % 64) & 1 != 0
    }

    pub fn insert(&mut self, warning: Warning) {
        self.0[warning as usize / 64] |= 1 << (warning as usize % 64);
    }

    fn remove(&mut self, warning: Warning) {
        self.0[warning as usize / 64] &= !(1 << (warning as usize % 64));
    }

    /// The hooks at which some warning of the set is checked.
    pub fn hooks(&self) -> u16 {
        ALL.iter().filter(|warning| self.has(**warning)).fold(0, |bits, warning| bits | warning.row().hook)
    }
}

/// What the command line said about warnings by name.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Settings {
    on: Set,
    off: Set,
    error: Set,
    no_error: Set,
    /// Levels given (`-Wformat=2`), the last one of a warning counts.
    levels: Vec<(Warning, u8)>,
}

/// There is no such option; a name that may have been meant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unknown {
    /// As written, without the level.
    pub name: String,
    pub negative: bool,
    pub suggestion: Option<&'static str>,
}

impl Settings {
    /// What stands behind `-W`: `name`, `no-name`, `error=name`, `no-error=name`, each with `=level` perhaps.
    pub fn option(&mut self, text: &str) -> Result<(), Unknown> {
        let (name, what) = if let Some(name) = text.strip_prefix("error=") {
            (name, Some(Level::Error))
        } else if let Some(name) = text.strip_prefix("no-error=") {
            (name, None)
        } else if let Some(name) = text.strip_prefix("no-") {
            (name, Some(Level::Ignored))
        } else {
            (text, Some(Level::Warning))
        };
        let (name, level) = match name.split_once('=') {
            // `-Wshadow=local` asks for less than `-Wshadow`, and kit has no such part.
            Some(("shadow", "local" | "compatible-local")) => return Ok(()),
            Some((name, level)) => (name, Some(level.parse::<u8>().unwrap_or(1))),
            None => (name, None),
        };
        let Some(warning) = Warning::find(name) else {
            if is_known(name) {
                return Ok(());
            }
            let suggestion = suggest(name);
            return Err(Unknown { name: name.into(), negative: what == Some(Level::Ignored), suggestion });
        };
        match what {
            None => {
                self.error.remove(warning);
                self.no_error.insert(warning);
            }
            Some(what) => {
                let off = what == Level::Ignored || level == Some(0);
                self.set(warning, !off);
                if let Some(level) = level {
                    self.levels.push((warning, level));
                }
                if what == Level::Error {
                    self.error.insert(warning);
                    self.no_error.remove(warning);
                }
            }
        }
        Ok(())
    }

    /// Switches a warning or group on or off.
    pub fn set(&mut self, warning: Warning, on: bool) {
        if on {
            self.on.insert(warning);
            self.off.remove(warning);
        } else {
            self.off.insert(warning);
            self.on.remove(warning);
        }
    }

    /// The level given for a warning; 1 when none was.
    pub fn level(&self, warning: Warning) -> Option<u8> {
        self.levels.iter().rev().find(|row| row.0 == warning).map(|row| row.1)
    }

    /// Was it switched on by its own name?
    pub fn is_named(&self, warning: Warning) -> bool {
        self.on.has(warning)
    }

    /// Is this warning on?
    pub fn is_on(&self, warning: Warning) -> bool {
        if self.on.has(warning) {
            return true;
        }
        if self.off.has(warning) {
            return false;
        }
        warning.row().when.iter().any(|when| match *when {
            Always => true,
            With(other) => self.is_on(other),
            Both(one, other) => self.is_on(one) && self.is_on(other),
            AtLevel(other, level) => self.is_on(other) && self.level(other).unwrap_or(1) >= level,
        })
    }

    /// All warnings that are on.
    pub fn resolve(&self) -> Set {
        let mut set = Set::default();
        ALL.iter().filter(|warning| self.is_on(**warning)).for_each(|warning| set.insert(*warning));
        set
    }

    /// `-Werror=name`, or of a group that it belongs to: true; `-Wno-error=name`: false; nothing was said: `None`.
    pub fn as_error(&self, warning: Warning) -> Option<bool> {
        if self.error.has(warning) {
            return Some(true);
        }
        if self.no_error.has(warning) {
            return Some(false);
        }
        warning.row().when.iter().find_map(|when| match *when {
            With(other) | AtLevel(other, _) | Both(other, _) => self.as_error(other),
            Always => None,
        })
    }
}

/// The warnings that a group switches on, and those that they switch on in turn.
pub fn members(group: Warning) -> Vec<Warning> {
    let mut all = vec![group];
    let mut at = 0;
    while let Some(&parent) = all.get(at) {
        let children = ALL.iter().copied().filter(|warning| warning.row().when.contains(&With(parent)));
        let new: Vec<Warning> = children.filter(|warning| !all.contains(warning)).collect();
        all.extend(new);
        at += 1;
    }
    all
}

/// The name nearest to `name`, if one is near enough.
fn suggest(name: &str) -> Option<&'static str> {
    crate::check::suggest::nearest(name, ROWS.iter().map(|row| row.name).chain(KNOWN.iter().copied()))
}

/// The table as `--help=warnings` shows it.
pub fn listing(settings: &Settings) -> String {
    let mut rows: Vec<(&str, &str)> = ROWS
        .iter()
        .zip(ALL)
        .map(|(row, warning)| (row.name, if settings.is_on(*warning) { "[enabled]" } else { "[disabled]" }))
        .collect();
    rows.extend(KNOWN.iter().map(|name| (*name, "[accepted: kit has no such check]")));
    rows.sort_unstable();
    let mut out = String::from("The following options control compiler warning messages:\n");
    for (name, state) in rows {
        out.push_str(&format!("  {:<37} {state}\n", format!("-W{name}")));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(options: &[&str]) -> Settings {
        let mut settings = Settings::default();
        options.iter().for_each(|option| settings.option(option).expect("a known warning"));
        settings
    }

    #[test]
    fn rows_are_the_enumeration_and_names_are_unique() {
        assert_eq!(ROWS.len(), ALL.len());
        for (idx, warning) in ALL.iter().enumerate() {
            assert_eq!(*warning as usize, idx);
            assert_eq!(Warning::find(ROWS[idx].name), Some(*warning));
            assert!(KNOWN.binary_search(&ROWS[idx].name).is_err(), "{}", ROWS[idx].name);
        }
        assert!(KNOWN.windows(2).all(|pair| pair[0] < pair[1]), "{:?}", KNOWN.windows(2).find(|p| p[0] >= p[1]));
    }

    #[test]
    fn what_is_on_by_default_asks_at_no_hook() {
        assert_eq!(settings(&[]).resolve().hooks(), 0);
        assert_ne!(settings(&["all"]).resolve().hooks(), 0);
    }

    #[test]
    fn a_name_outweighs_groups_whatever_the_order() {
        assert!(!settings(&["no-unused-variable", "all"]).is_on(UnusedVariable));
        assert!(settings(&["all"]).is_on(UnusedVariable));
        assert!(!settings(&["all", "no-unused"]).is_on(UnusedVariable));
        assert!(settings(&["no-all", "unused-variable"]).is_on(UnusedVariable));
        assert!(!settings(&["all"]).is_on(Warning::UnusedParameter));
        assert!(settings(&["all", "extra"]).is_on(Warning::UnusedParameter));
        assert!(settings(&["format=2"]).is_on(Warning::FormatNonliteral));
        assert!(!settings(&["all"]).is_on(Warning::FormatNonliteral));
        assert!(!settings(&["extra", "implicit-fallthrough=0"]).is_on(Warning::ImplicitFallthrough));
    }

    #[test]
    fn errors_come_by_name_and_by_group() {
        let set = settings(&["error=unused", "no-error=unused-label"]);
        assert_eq!(set.as_error(UnusedVariable), Some(true));
        assert_eq!(set.as_error(Warning::UnusedLabel), Some(false));
        assert_eq!(set.as_error(Format), None);
        assert!(set.is_on(UnusedVariable));
    }

    #[test]
    fn unknown_names_are_told_with_a_suggestion() {
        let unknown = Settings::default().option("no-unused-varible").unwrap_err();
        assert_eq!((unknown.negative, unknown.suggestion), (true, Some("unused-variable")));
    }
}
