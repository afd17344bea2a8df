//! The tools as programs, held against the system's: listings against GNU nm and objdump, backtraces against what the
//! source says.

mod backtrace;
mod listers;
mod readelf;
mod support;
