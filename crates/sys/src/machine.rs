//! Which program on which run of which machine this is, and when: what a state on disk is checked against before it is
//! believed.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::time::{SystemTime, UNIX_EPOCH};

/// The identity of the machine's current run (`/proc/sys/kernel/random/boot_id`, proc(5)); 0 where there is none.
pub fn boot_id() -> u128 {
    let text = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let digits: String = text.chars().filter(char::is_ascii_hexdigit).collect();
    u128::from_str_radix(&digits, 16).unwrap_or(0)
}

/// Now, in nanoseconds since the epoch, by the clock that files' times come from.
pub fn now_ns() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
}

/// The identity of this program's file: another build is another file, or has another time.
pub fn program_id() -> u64 {
    let Ok(meta) = fs::metadata("/proc/self/exe") else { return 0 };
    let fields = [meta.dev(), meta.ino(), meta.size(), meta.mtime() as u64, meta.mtime_nsec() as u64];
    let bytes: Vec<u8> = fields.iter().flat_map(|field| field.to_le_bytes()).collect();
    base::hash::hash64(&bytes)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_machine_knows_itself() {
        assert_eq!(super::boot_id(), super::boot_id());
        assert_ne!(super::program_id(), 0);
        assert!(super::now_ns() > 0);
    }
}
