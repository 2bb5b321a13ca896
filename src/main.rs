//! See `lib.rs` for what this program is made of.

use std::process::ExitCode;

/// Nix nests as deep as its authors like; parsing and evaluating follow. Pages
/// of a stack that nobody touches cost nothing.
const STACK: usize = 512 << 20;

fn main() -> ExitCode {
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(optlint::cli::run);
    match thread {
        // A panic has printed its message by now; 1 would say that something was found.
        Ok(thread) => thread.join().unwrap_or(ExitCode::from(2)),
        // Where memory is limited, a small stack is better than none.
        Err(_) => optlint::cli::run(),
    }
}
