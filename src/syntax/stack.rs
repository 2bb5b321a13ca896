//! Threads with room for deep trees.

use std::cell::Cell;
use std::thread;

/// The stack of such a thread in bytes; what is not used costs nothing.
const BIG_STACK: usize = 1 << 30;

thread_local! {
    static IS_BIG: Cell<bool> = const { Cell::new(false) };
}

/// Runs `run` on a thread with a stack of 1 GiB and waits for it; right here if this already is such a
/// thread, or if the system does not give one.
///
/// Reading nests as deep as the text does. [`super::parse`] comes here by itself for deep texts;
/// whoever reads many files, or walks trees recursively, comes here once.
pub fn with_big_stack<T: Send>(run: impl FnOnce() -> T + Send) -> T {
    if IS_BIG.get() {
        return run();
    }
    let mut run = Some(run);
    let outcome = thread::scope(|scope| {
        let run = &mut run;
        let on_thread = move || {
            IS_BIG.set(true);
            run.take().map(|run| run())
        };
        thread::Builder::new().stack_size(BIG_STACK).spawn_scoped(scope, on_thread).map(|thread| thread.join())
    });
    match (outcome, run) {
        (Ok(Ok(Some(value))), _) => value,
        (Ok(Err(panic)), _) => std::panic::resume_unwind(panic),
        (_, Some(run)) => run(),
        (_, None) => unreachable!("what ran has a value"),
    }
}

/// Starts a thread with such a stack that ends with the scope; an error if the system does not give one.
pub fn spawn_with_big_stack<'scope, T: Send + 'scope>(
    scope: &'scope thread::Scope<'scope, '_>,
    run: impl FnOnce() -> T + Send + 'scope,
) -> std::io::Result<thread::ScopedJoinHandle<'scope, T>> {
    let on_thread = move || {
        IS_BIG.set(true);
        run()
    };
    thread::Builder::new().stack_size(BIG_STACK).spawn_scoped(scope, on_thread)
}
