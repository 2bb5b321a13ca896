//! What is seen while Nix works: on a terminal which configuration it is at, elsewhere nothing. How many
//! work at a time.

use super::flakes::git;
use super::folder;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

/// What a terminal shows of a check.
fn seen(root: &Path) -> String {
    let main = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
    grantpt(&main).expect("a terminal");
    unlockpt(&main).expect("a terminal");
    let name = ptsname(&main, vec![]).expect("a terminal").into_string().expect("UTF-8");
    let terminal = std::fs::OpenOptions::new().read(true).write(true).open(name).expect("a terminal");
    let mut running = Command::new(env!("CARGO_BIN_EXE_optlint"))
        .args(["show", "--eval", "--eval-file", "default.nix", "services.matrix-synapse.settings"])
        .current_dir(root)
        .stdout(Stdio::null())
        .stderr(terminal)
        .spawn()
        .expect("optlint runs");
    let (mut main, mut told, mut buffer) = (std::fs::File::from(main), vec![], vec![0; 1 << 12]);
    // Once nobody has the terminal any more, reading fails.
    while let Ok(read @ 1..) = main.read(&mut buffer) {
        told.extend_from_slice(&buffer[..read]);
    }
    assert!(running.wait().expect("it ends").success());
    String::from_utf8_lossy(&told).into_owned()
}

#[test]
fn a_terminal_shows_which_configuration_is_evaluated() {
    let told = seen(&folder("plain"));
    assert!(told.contains("evaluating default.nix: 0 options"), "{told:?}");
    assert!(told.ends_with("\r\u{1b}[K"), "{told:?}");
    // Elsewhere there is silence.
    let output = super::optlint(
        &folder("plain"),
        &["show", "--eval", "--eval-file", "default.nix", "services.matrix-synapse.settings"],
    );
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

/// How many evaluations were under way at once, at most, with so many jobs.
fn most_at_once(jobs: &str) -> usize {
    let work = tempfile::tempdir().expect("a folder");
    let root = work.path().join("project");
    std::fs::create_dir(&root).expect("a folder");
    let flake = "{ outputs = { self }: let one = import ./default.nix; in { nixosConfigurations = { a = one; b = one; }; }; }\n";
    std::fs::write(root.join("flake.nix"), flake).expect("a file");
    for name in ["default.nix", "secret.nix"] {
        std::fs::copy(folder("plain").join(name), root.join(name)).expect("a copy");
    }
    git(&root, &["init", "-q"]);
    git(&root, &["add", "."]);
    let program = work.path().join("nix-instantiate");
    let here = work.path().display();
    // Each waits for another one, but not for long.
    let text = format!(
        "#!/bin/sh\n[ \"$1\" = --version ] && {{ echo 'nix-instantiate (Nix) 2.18.1'; exit; }}\n\
         touch {here}/runs.$$; turn=0\n\
         while [ $(ls {here} | grep -c runs) -lt 2 ] && [ $turn -lt 20 ]; do sleep 0.1; turn=$((turn + 1)); done\n\
         ls {here} | grep -c runs >> {here}/most; sleep 0.5; rm {here}/runs.$$; exit 1\n"
    );
    std::fs::write(&program, text).expect("a program");
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).expect("a program");
    let program = program.display().to_string();
    super::optlint(
        &root,
        &["check", "--eval", "--configuration", "a", "--configuration", "b", "--jobs", jobs, "--nix", &program],
    );
    let most = std::fs::read_to_string(work.path().join("most")).expect("it ran");
    most.lines().filter_map(|line| line.parse().ok()).max().expect("a number")
}

#[test]
fn configurations_are_evaluated_side_by_side() {
    assert_eq!(most_at_once("1"), 1);
    assert_eq!(most_at_once("2"), 2);
}
