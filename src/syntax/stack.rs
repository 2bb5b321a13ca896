//! Threads with room for deep trees.

use std::cell::Cell;
use std::thread;

/// The stack of such a thread in bytes, and what is tried where the system does not give so much; what is not used
/// costs nothing.
const BIG_STACKS: [usize; 3] = [1 << 30, 256 << 20, 64 << 20];

/// What is left of the stack that there is where no thread can be had: less than a process begins with.
const HERE: usize = 4 << 20;

/// The most bytes that one of [`deepest`] nested evaluations may take; 3 KiB were measured. Without optimisation
/// frames are many times as large.
const LEVEL: usize = if cfg!(debug_assertions) { 100 << 10 } else { 12 << 10 };

thread_local! {
    /// Whether the thread has such a stack.
    static IS_BIG: Cell<bool> = const { Cell::new(false) };
    /// The bytes of its stack, where these may be too few.
    static ROOM: Cell<Option<usize>> = const { Cell::new(None) };
}

/// How many evaluations may be inside each other on this thread, if that is not as many as anybody wants.
pub fn deepest() -> Option<u32> {
    ROOM.get().map(|room| u32::try_from(room / LEVEL).unwrap_or(u32::MAX))
}

/// Runs `run` on a thread with a stack of 1 GiB and waits for it; right here if this already is such a
/// thread. If the system does not give one, on a smaller one or right here, and [`deepest`] says what there is room for.
///
/// Reading nests as deep as the text does. [`super::parse`] comes here by itself for deep texts;
/// whoever reads many files, or walks trees recursively, comes here once.
pub fn with_big_stack<T: Send>(run: impl FnOnce() -> T + Send) -> T {
    if IS_BIG.get() {
        return run();
    }
    let mut run = Some(run);
    for size in BIG_STACKS {
        let outcome = thread::scope(|scope| {
            let run = &mut run;
            let on_thread = move || {
                IS_BIG.set(true);
                ROOM.set((size < BIG_STACKS[0]).then_some(size));
                run.take().map(|run| run())
            };
            thread::Builder::new().stack_size(size).spawn_scoped(scope, on_thread).map(|thread| thread.join())
        });
        match outcome {
            Ok(Ok(Some(value))) => return value,
            Ok(Ok(None)) => unreachable!("what ran has a value"),
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(_) => {}
        }
    }
    match run {
        Some(run) => {
            let before = ROOM.replace(Some(HERE));
            let value = run();
            ROOM.set(before);
            value
        }
        None => unreachable!("nobody ran it"),
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
    thread::Builder::new().stack_size(BIG_STACKS[0]).spawn_scoped(scope, on_thread)
}
