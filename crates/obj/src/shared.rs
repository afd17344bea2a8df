//! What a link needs of a shared library: its name, what it needs itself, and its dynamic symbols with versions.

use crate::{Binding, SymbolKind, Visibility};
use std::borrow::Cow;

/// A shared library as a link input. Borrowed from its file.
#[derive(Clone, Debug, Default)]
pub struct SharedLib<'a> {
    /// `DT_SONAME`, when it has one.
    pub soname: Option<Cow<'a, [u8]>>,
    /// Libraries it needs itself, by their sonames.
    pub needed: Vec<Cow<'a, [u8]>>,
    /// Version definitions by index; entry 0 and 1 (local, global) are unnamed.
    pub versions: Vec<Cow<'a, [u8]>>,
    pub symbols: Vec<SharedSymbol<'a>>,
}

/// A dynamic symbol of a shared library, defined or undefined there.
#[derive(Clone, Debug)]
pub struct SharedSymbol<'a> {
    pub name: Cow<'a, [u8]>,
    pub defined: bool,
    pub binding: Binding,
    pub kind: SymbolKind,
    pub visibility: Visibility,
    /// Address in the library, for alias detection of copied objects.
    pub value: u64,
    pub size: u64,
    /// Index into [`SharedLib::versions`]; 0 or 1 for an unversioned symbol.
    pub version: u16,
    /// `name@VERSION`, not the default `name@@VERSION`: only bound by explicit request.
    pub hidden_version: bool,
    /// Alignment of the section it lies in, for copy relocations, in bytes; 1 when unknown.
    pub align: u64,
    /// Lies in memory that is read-only after relocation: its copy may be, too.
    pub read_only: bool,
}
