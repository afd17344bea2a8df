//! The tools as programs, held against the system's: listings against GNU nm and objdump, copies against GNU strip and
//! objcopy, backtraces against what the source says.

mod backtrace;
mod copying;
mod inspect;
mod listers;
mod readelf;
mod support;
