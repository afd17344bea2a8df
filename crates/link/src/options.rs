//! What a link is asked to do: one plain struct, filled by whoever parses a command line.
//!
//! Nothing here reads a file or an environment: scripts arrive as bytes, search paths as paths, entropy as bytes.

use std::path::PathBuf;

/// What kind of file comes out.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum OutputKind {
    /// A program at fixed addresses.
    Exec,
    /// A program that runs at any address.
    #[default]
    Pie,
    /// A shared library.
    Shared,
    /// A relocatable object (`-r`).
    Relocatable,
}

/// What an undefined symbol does.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Unresolved {
    /// An error in programs; in shared libraries left to the loader unless `-z defs`.
    #[default]
    Default,
    Error,
    Warn,
    Ignore,
}

/// `-Bsymbolic` and its narrower form.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Symbolic {
    #[default]
    None,
    Functions,
    All,
}

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum BuildId {
    #[default]
    None,
    /// A content hash of so many bytes: the same input gives the same id.
    Hash(u8),
    /// Given bytes (`0x…`, or a UUID whose randomness the host supplied).
    Bytes(Vec<u8>),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HashStyle {
    pub gnu: bool,
    pub sysv: bool,
}

impl Default for HashStyle {
    fn default() -> Self {
        HashStyle { gnu: true, sysv: false }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Strip {
    #[default]
    None,
    Debug,
    All,
}

/// Which local symbols the symbol table leaves out.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Discard {
    /// Only assembler temporaries (`.L…`).
    #[default]
    Temporaries,
    /// Every local symbol (`-x`).
    Locals,
    /// None (`--discard-none`).
    None,
}

/// A script given by an option, with the name that messages use.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Script {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// The `-z` keywords.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Keywords {
    pub now: bool,
    pub relro: bool,
    /// `Some(true)`: executable stack; `Some(false)`: never; `None`: as the inputs' notes ask.
    pub exec_stack: Option<bool>,
    /// `-z defs`: undefined symbols are errors in shared libraries, too.
    pub defs: bool,
    /// `-z text`: relocations against read-only memory are errors (the default); `-z notext` allows them.
    pub text: bool,
    pub mul_defs: bool,
    pub no_delete: bool,
    pub no_dlopen: bool,
    pub init_first: bool,
    pub origin: bool,
    pub interpose: bool,
    pub no_default_lib: bool,
    pub separate_code: bool,
    /// `-z nocopyreloc`.
    pub no_copy_reloc: bool,
    pub stack_size: Option<u64>,
    pub max_page_size: Option<u64>,
    /// `-z start-stop-gc`: `__start_X` references do not keep sections.
    pub start_stop_gc: bool,
    /// Unread `-z` keywords that the format may know.
    pub dynamic_undefined_weak: Option<bool>,
}

impl Default for Keywords {
    fn default() -> Self {
        Keywords {
            now: false,
            relro: true,
            exec_stack: None,
            defs: false,
            text: true,
            mul_defs: false,
            no_delete: false,
            no_dlopen: false,
            init_first: false,
            origin: false,
            interpose: false,
            no_default_lib: false,
            separate_code: true,
            no_copy_reloc: false,
            stack_size: None,
            max_page_size: None,
            start_stop_gc: false,
            dynamic_undefined_weak: None,
        }
    }
}

/// Everything that is not an input file.
#[derive(Clone, Debug)]
pub struct Options {
    pub output: OutputKind,
    /// Link against no shared library; the program needs no loader. With [`OutputKind::Pie`]: static-PIE.
    pub is_static: bool,
    /// Name of the output, for messages and the map.
    pub output_name: String,
    /// Entry symbol or address; `None`: the format's default.
    pub entry: Option<String>,
    pub soname: Option<String>,
    /// Path of the loader; `None`: the program asks for none.
    pub interpreter: Option<String>,
    pub rpaths: Vec<String>,
    /// `DT_RUNPATH` instead of `DT_RPATH`.
    pub new_dtags: bool,
    pub library_paths: Vec<PathBuf>,
    /// Where libraries that shared libraries need are looked for (`-rpath-link`).
    pub rpath_link: Vec<PathBuf>,
    /// Prefix of absolute paths in scripts found below it, and of `=`-paths.
    pub sysroot: Option<PathBuf>,
    pub gc_sections: bool,
    pub print_gc_sections: bool,
    pub export_dynamic: bool,
    pub dynamic_lists: Vec<Script>,
    pub export_symbols: Vec<String>,
    pub version_scripts: Vec<Script>,
    /// The version of exported symbols to which no script gives one, besides (`--default-symver`).
    pub default_version: Option<String>,
    pub symbolic: Symbolic,
    pub z: Keywords,
    pub unresolved: Unresolved,
    /// Undefined symbols of shared libraries are not looked at. `None`: allowed in shared outputs only.
    pub allow_shlib_undefined: Option<bool>,
    pub hash_style: HashStyle,
    pub build_id: BuildId,
    pub strip: Strip,
    pub discard: Discard,
    pub wrap: Vec<String>,
    /// `-u`: undefined from the start.
    pub undefined: Vec<String>,
    /// `--defsym name=expression`.
    pub defsym: Vec<(String, String)>,
    /// Archive names whose symbols are not exported (`ALL` for all).
    pub exclude_libs: Vec<String>,
    pub eh_frame_hdr: bool,
    /// Names of the functions behind `DT_INIT` and `DT_FINI`.
    pub init: String,
    pub fini: String,
    pub fatal_warnings: bool,
    /// Merge equal strings and constants.
    pub merge: bool,
    pub image_base: Option<u64>,
    /// Leave slack in every slot, so that a later link can patch.
    pub incremental: bool,
    /// Rewrite instructions whose target turns out to be near or local.
    pub relax: bool,
    /// At most so many errors are reported one by one.
    pub error_limit: usize,
    /// Threads to work with, 0 for as many as the machine has; the result does not depend on it.
    pub threads: usize,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            output: OutputKind::Pie,
            is_static: false,
            output_name: "a.out".into(),
            entry: None,
            soname: None,
            interpreter: None,
            rpaths: Vec::new(),
            new_dtags: true,
            library_paths: Vec::new(),
            rpath_link: Vec::new(),
            sysroot: None,
            gc_sections: false,
            print_gc_sections: false,
            export_dynamic: false,
            dynamic_lists: Vec::new(),
            export_symbols: Vec::new(),
            version_scripts: Vec::new(),
            default_version: None,
            symbolic: Symbolic::None,
            z: Keywords::default(),
            unresolved: Unresolved::Default,
            allow_shlib_undefined: None,
            hash_style: HashStyle::default(),
            build_id: BuildId::None,
            strip: Strip::None,
            discard: Discard::Temporaries,
            wrap: Vec::new(),
            undefined: Vec::new(),
            defsym: Vec::new(),
            exclude_libs: Vec::new(),
            eh_frame_hdr: true,
            init: "_init".into(),
            fini: "_fini".into(),
            fatal_warnings: false,
            merge: true,
            image_base: None,
            incremental: false,
            relax: true,
            error_limit: 20,
            threads: 2,
        }
    }
}

impl Options {
    /// The image can be loaded anywhere.
    pub fn is_pic(&self) -> bool {
        matches!(self.output, OutputKind::Pie | OutputKind::Shared)
    }

    pub fn is_program(&self) -> bool {
        matches!(self.output, OutputKind::Exec | OutputKind::Pie)
    }

    pub fn is_shared(&self) -> bool {
        self.output == OutputKind::Shared
    }
}
