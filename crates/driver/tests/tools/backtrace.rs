//! Backtraces.
