//! (contract follows)
