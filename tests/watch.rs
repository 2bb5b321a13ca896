//! `optlint check --watch`: one look after the other, until it is told to end.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Longer than any look takes, also on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(60);

struct Watch {
    process: Child,
    lines: Receiver<String>,
}

impl Watch {
    fn start(folder: &Path) -> Watch {
        let mut process = Command::new(env!("CARGO_BIN_EXE_optlint"))
            .args(["check", "--watch", "--quiet", "--format", "compact", "--select", "unknown-synapse-setting"])
            .current_dir(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let (said, lines) = channel();
        let outputs: [Box<dyn std::io::Read + Send>; 2] =
            [Box::new(process.stdout.take().expect("a pipe")), Box::new(process.stderr.take().expect("a pipe"))];
        for output in outputs {
            let said = said.clone();
            std::thread::spawn(move || {
                for line in BufReader::new(output).lines().map_while(Result::ok) {
                    let _ = said.send(line);
                }
            });
        }
        Watch { process, lines }
    }

    fn line(&self) -> String {
        self.lines.recv_timeout(PATIENCE).expect("it says something")
    }

    /// The next line begins with this.
    fn begins(&self, start: &str) {
        let line = self.line();
        assert!(line.starts_with(start) && !line.contains('\u{1b}'), "{line}");
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).expect("a file");
}

#[test]
fn every_change_is_looked_at() {
    let project = tempfile::tempdir().expect("a folder");
    let folder = project.path();
    write(folder, "flake.nix", "{ }\n");
    write(folder, "a.nix", "{ services.matrix-synapse.settings.turnUris = [ ]; }\n");
    let watch = Watch::start(folder);
    watch.begins("a.nix:1:3:");
    write(folder, "a.nix", "{\n  services.matrix-synapse.settings.turnUris = [ ];\n}\n");
    watch.begins("a.nix:2:3:");
    // A file that is new, while the other finds nothing any more.
    write(folder, "a.nix", "{ }\n");
    write(folder, "b.nix", "{\n\n  services.matrix-synapse.settings.turnUris = [ ];\n}\n");
    while !watch.line().starts_with("b.nix:3:3:") {}
    // Broken settings are no reason to go.
    write(folder, "optlint.toml", "selekt = 1\n");
    while !watch.line().starts_with("error: optlint.toml:1:1:") {}
    std::fs::remove_file(folder.join("optlint.toml")).expect("it is there");
    while !watch.line().starts_with("b.nix:3:3:") {}
}

#[test]
fn it_ends_when_told_to() {
    use std::os::unix::process::ExitStatusExt;
    let project = tempfile::tempdir().expect("a folder");
    write(project.path(), "flake.nix", "{ }\n");
    write(project.path(), "a.nix", "{ services.matrix-synapse.settings.turnUris = [ ]; }\n");
    let mut watch = Watch::start(project.path());
    watch.begins("a.nix:1:3:");
    let kill = Command::new("kill").args(["-INT", &watch.process.id().to_string()]).status().expect("kill runs");
    assert!(kill.success());
    // What a shell calls 130.
    let status = watch.process.wait().expect("it ends");
    assert_eq!(status.signal(), Some(2));
    assert!(watch.lines.recv_timeout(Duration::from_millis(200)).is_err(), "and says nothing");
    // What cannot be done at all is no watching.
    let failed = Command::new(env!("CARGO_BIN_EXE_optlint")).args(["check", "--watch", "/no/such"]).output();
    assert_eq!(failed.expect("it runs").status.code(), Some(2));
}
