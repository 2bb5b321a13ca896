//! See `lib.rs` for what this program is made of.

use std::process::ExitCode;

/// Evaluation makes and drops millions of small values, on a thread of its own, where the C library's
/// allocator asks the kernel for memory page by page.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // A panic has printed its message by now; 1 would say that something was found.
    std::panic::catch_unwind(|| optlint::syntax::with_big_stack(optlint::cli::run)).unwrap_or(ExitCode::from(2))
}
