//! The only place that starts processes: one at a time per caller, watched, and gone afterwards.
//!
//! A process gets a group of its own, so that it and whatever it started can be ended together: at the
//! deadline, when it writes too much, and when this program is told to stop.

use std::io::{self, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Mutex, Once};
use std::time::{Duration, Instant};

/// How often a silent process is looked after.
const TICK: Duration = Duration::from_millis(50);

/// What to run, and how far it may go.
pub(super) struct Job<'a> {
    pub program: &'a str,
    pub arguments: &'a [String],
    pub environment: &'a [(&'static str, String)],
    /// The folder it runs in.
    pub folder: &'a std::path::Path,
    /// Its standard input.
    pub input: String,
    pub deadline: Instant,
    /// The most it may write on standard error, in bytes.
    pub most: u64,
    /// The most memory, in bytes.
    pub memory: u64,
}

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// By itself, well.
    Well,
    /// By itself, with an error.
    Badly,
    /// It was ended at the deadline.
    TooLate,
    /// It was ended because it wrote too much.
    TooMuch,
}

/// Runs a job; `line` gets each line of its standard error, and may ask for an end.
pub(super) fn run(job: Job<'_>, line: &mut dyn FnMut(&[u8])) -> io::Result<Ended> {
    let mut command = Command::new(job.program);
    command.args(job.arguments).envs(job.environment.iter().map(|(name, value)| (name, value)));
    command.current_dir(job.folder);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut watched = Watched::start(&mut command)?;
    // It waits for its input, so that the limits hold before it computes anything.
    limit(watched.child.id(), &job);
    let (mut stdin, stderr) = (watched.child.stdin.take(), watched.child.stderr.take());
    let input = job.input;
    std::thread::spawn(move || {
        // A process that does not read to the end says why.
        let _ = stdin.take().map(|mut stdin| stdin.write_all(input.as_bytes()));
    });
    let (sender, receiver) = sync_channel::<Vec<u8>>(64);
    std::thread::spawn(move || {
        let mut buffer = vec![0; 1 << 16];
        let Some(mut stderr) = stderr else { return };
        while let Ok(read @ 1..) = stderr.read(&mut buffer) {
            if sender.send(buffer[..read].to_vec()).is_err() {
                return;
            }
        }
    });
    let cut = follow(&receiver, &mut watched, job.deadline, job.most, line);
    let status = watched.finish()?;
    Ok(match cut {
        Some(cut) => cut,
        None if status.success() => Ended::Well,
        None => Ended::Badly,
    })
}

/// Hands out lines until the process is done; says why, if it must be ended.
fn follow(
    receiver: &Receiver<Vec<u8>>,
    watched: &mut Watched,
    deadline: Instant,
    most: u64,
    line: &mut dyn FnMut(&[u8]),
) -> Option<Ended> {
    let (mut rest, mut written, mut exited) = (vec![], 0, false);
    loop {
        match receiver.recv_timeout(TICK) {
            Ok(bytes) => {
                written += bytes.len() as u64;
                if written > most {
                    return Some(Ended::TooMuch);
                }
                for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
                    rest.extend_from_slice(piece);
                    if rest.ends_with(b"\n") {
                        line(&rest[..rest.len() - 1]);
                        rest.clear();
                    }
                }
            }
            Err(RecvTimeoutError::Disconnected) => {
                // It may have closed its output and go on.
                while !watched.has_exited() {
                    if Instant::now() >= deadline {
                        return Some(Ended::TooLate);
                    }
                    std::thread::sleep(TICK);
                }
                if !rest.is_empty() {
                    line(&rest);
                }
                return None;
            }
            // Somebody else holds the pipe: what the process started ends with it.
            Err(RecvTimeoutError::Timeout) if exited => watched.end(),
            Err(RecvTimeoutError::Timeout) => exited = watched.has_exited(),
        }
        if Instant::now() >= deadline {
            return Some(Ended::TooLate);
        }
    }
}

/// The groups of processes that run now.
static RUNNING: Mutex<Vec<u32>> = Mutex::new(Vec::new());
static SIGNALS: Once = Once::new();

/// A process with a group of its own, which ends with this value.
struct Watched {
    child: Child,
    finished: bool,
}

impl Watched {
    fn start(command: &mut Command) -> io::Result<Watched> {
        SIGNALS.call_once(unix::end_all_with_this_program);
        unix::own_group(command);
        // Held while starting: a signal in between would miss the new process.
        let mut running = RUNNING.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let child = command.spawn()?;
        running.push(child.id());
        Ok(Watched { child, finished: false })
    }

    fn has_exited(&mut self) -> bool {
        unix::has_exited(&mut self.child)
    }

    /// Ends the process and all that it started.
    fn end(&mut self) {
        unix::end_group(self.child.id());
    }

    /// The same, and says how it ended.
    fn finish(&mut self) -> io::Result<ExitStatus> {
        self.end();
        let mut running = RUNNING.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        // Only now may its number be given to another process.
        let status = self.child.wait();
        let id = self.child.id();
        running.retain(|one| *one != id);
        self.finished = true;
        status
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        if !self.finished {
            // Nobody is left who could be told.
            let _ = self.finish();
        }
    }
}

/// Memory, and time at the processor: that one holds even when this program is killed.
fn limit(process: u32, job: &Job<'_>) {
    let seconds = job.deadline.saturating_duration_since(Instant::now()).as_secs();
    unix::limit(process, job.memory, seconds.saturating_add(30));
}

/// What of this depends on the system.
mod unix {
    use super::{Child, Command, RUNNING};
    use rustix::process::{Pid, Signal, WaitId, WaitIdOptions};
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use std::os::unix::process::CommandExt;

    pub(super) fn own_group(command: &mut Command) {
        command.process_group(0);
    }

    fn pid(process: u32) -> Option<Pid> {
        i32::try_from(process).ok().and_then(Pid::from_raw)
    }

    pub(super) fn end_group(process: u32) {
        if let Some(pid) = pid(process) {
            // Nobody left to end is as good.
            let _ = rustix::process::kill_process_group(pid, Signal::KILL);
        }
    }

    /// Asks without taking the answer away: until it is waited for, nobody else gets its number.
    pub(super) fn has_exited(child: &mut Child) -> bool {
        let Some(pid) = pid(child.id()) else { return true };
        let ask = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        !matches!(rustix::process::waitid(WaitId::Pid(pid), ask), Ok(None))
    }

    #[cfg(target_os = "linux")]
    pub(super) fn limit(process: u32, memory: u64, seconds: u64) {
        use rustix::process::{Resource, Rlimit, prlimit};
        let at_most = |most: u64| Rlimit { current: Some(most), maximum: Some(most) };
        // A process that is gone already needs no limits.
        let _ = prlimit(pid(process), Resource::As, at_most(memory));
        let _ = prlimit(pid(process), Resource::Cpu, at_most(seconds));
        let _ = prlimit(pid(process), Resource::Core, at_most(0));
    }

    #[cfg(not(target_os = "linux"))]
    pub(super) fn limit(_process: u32, _memory: u64, _seconds: u64) {}

    /// When this program is told to stop, what it started stops first.
    pub(super) fn end_all_with_this_program() {
        let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGINT, SIGTERM, SIGHUP]) else { return };
        std::thread::spawn(move || {
            if let Some(signal) = signals.forever().next() {
                // Kept: nothing new may start on the way out.
                let running = RUNNING.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
                running.iter().for_each(|process| end_group(*process));
                let _ = signal_hook::low_level::emulate_default_handler(signal);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::{Ended, Job, run};
    use std::path::Path;
    use std::time::{Duration, Instant};

    /// How a shell ends, and what it said.
    fn check(script: &str, seconds: u64, most: u64) -> (Ended, String) {
        let arguments = ["-c".to_owned(), script.to_owned()];
        let job = Job {
            program: "sh",
            arguments: &arguments,
            environment: &[],
            folder: Path::new("/"),
            input: "read me\n".to_owned(),
            deadline: Instant::now() + Duration::from_secs(seconds),
            most,
            memory: 1 << 30,
        };
        let mut said = String::new();
        let ended = run(job, &mut |line| said.push_str(&String::from_utf8_lossy(line))).unwrap();
        (ended, said)
    }

    #[test]
    fn limits() {
        assert_eq!(check("cat >&2; exit 3", 60, 1 << 20), (Ended::Badly, "read me".to_owned()));
        assert_eq!(check("while :; do echo more; done >&2", 60, 1 << 20).0, Ended::TooMuch);
        assert_eq!(check("exec 2>&-; sleep 60", 1, 1 << 20).0, Ended::TooLate);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn memory_is_limited_before_anything_is_computed() {
        // In units of 1024 bytes.
        assert_eq!(check("cat >/dev/null; ulimit -v >&2", 60, 1 << 20), (Ended::Well, "1048576".to_owned()));
    }
}
