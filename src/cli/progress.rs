//! Says on a terminal that something takes long, and for how long already.

use super::{Cx, Failure};
use crate::syntax::with_big_stack;
use std::io::{self, IsTerminal, Write};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

/// Nothing is said of work that takes no longer.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often it is said again.
const TICK: Duration = Duration::from_secs(1);

/// Takes a line of a terminal back.
const ERASE: &str = "\r\x1b[K";

/// Does `work`, which is `what`, such as `checking`; says so if it takes long, unless `quiet`.
pub(super) fn during<T: Send>(
    what: &str,
    quiet: bool,
    cx: &mut Cx<'_>,
    work: impl FnOnce() -> T + Send,
) -> Result<T, Failure> {
    match quiet || !io::stderr().is_terminal() {
        true => Ok(work()),
        false => Ok(told(what, (PATIENCE, TICK), cx.err, work)?),
    }
}

/// The same for whatever `err` is: after `patience`, then each `tick`.
fn told<T: Send>(
    what: &str,
    (patience, tick): (Duration, Duration),
    err: &mut dyn Write,
    work: impl FnOnce() -> T + Send,
) -> io::Result<T> {
    let started = Instant::now();
    thread::scope(|scope| {
        let (done, outcome) = channel();
        let worker = scope.spawn(move || drop(done.send(with_big_stack(work))));
        let mut wait = patience;
        let value = loop {
            match outcome.recv_timeout(wait) {
                Ok(value) => break value,
                Err(RecvTimeoutError::Timeout) => {
                    wait = tick;
                    write!(err, "{ERASE}{what}: {} s", started.elapsed().as_secs())?;
                    err.flush()?;
                }
                // It broke down, and has said so.
                Err(RecvTimeoutError::Disconnected) => match worker.join() {
                    Err(panic) => std::panic::resume_unwind(panic),
                    Ok(()) => return Err(io::Error::other("the work came to nothing")),
                },
            }
        };
        if wait == tick {
            write!(err, "{ERASE}")?;
            err.flush()?;
        }
        Ok(value)
    })
}

#[cfg(test)]
mod tests {
    use super::{Duration, ERASE, thread, told};

    /// What is said of work that takes so many milliseconds, to somebody whose patience is 100.
    fn check(takes: u64, said: bool) {
        let mut err = vec![];
        let times = (Duration::from_millis(100), Duration::from_millis(10));
        let work = || {
            thread::sleep(Duration::from_millis(takes));
            takes
        };
        assert_eq!(told("checking", times, &mut err, work).unwrap(), takes);
        let text = String::from_utf8(err).unwrap();
        assert_eq!(text.starts_with(&format!("{ERASE}checking: 0 s")), said, "{text}");
        assert_eq!(text.ends_with(&format!("s{ERASE}")), said, "{text}");
        assert_eq!(text.is_empty(), !said);
    }

    #[test]
    fn only_of_what_takes_long() {
        check(0, false);
        check(400, true);
    }

    #[test]
    #[should_panic(expected = "broken")]
    fn a_breakdown_is_passed_on() {
        let _ = told("checking", (Duration::from_secs(9), Duration::from_secs(9)), &mut vec![], || -> u8 {
            panic!("broken")
        });
    }
}
