//! A hostile project reads nothing outside itself, whatever command looks at it, and starts nothing.

use super::program::{limited, project, run};
use std::os::unix::fs::symlink;

/// Texts that stand outside the project, in a Nix file and in another one.
const NIX: &str = "nix-that-is-not-ours";
const OTHER: &str = "text-that-is-not-ours";

/// A machine that tries every way out.
const MACHINE: &str = r#"{ lib, ... }: {
  imports = [ ../outside/module.nix ./linked.nix ./linked-folder/module.nix ./proc.nix ];
  services.matrix-synapse.enable = true;
  services.matrix-synapse.settings = {
    server_name = builtins.readFile ../outside/secret;
    form_secret = builtins.readFile ./linked-secret;
    macaroon_secret_key = builtins.readFile (./. + "/linked-folder/secret");
    registration_shared_secret = builtins.readFile (toString ./. + "/../outside/secret");
    turn_uris = builtins.attrNames (builtins.readDir ../outside);
    turn_shared_secret = builtins.readFile /proc/self/environ;
    a = builtins.fromJSON (builtins.readFile ./linked-json);
    b = builtins.readFile (builtins.path { path = ../outside/secret; });
    c = import ./linked.nix { };
    d = builtins.hashFile "sha256" ../outside/secret;
    e = builtins.readFileType ../outside/secret;
    f = builtins.getEnv "SECRET_VARIABLE";
    g = builtins.exec [ "touch" "started" ];
    h = builtins.readFile (builtins.fetchurl "file:///outside");
    i = builtins.readFile ./linked-twice;
  };
}"#;

fn hostile() -> tempfile::TempDir {
    let module = format!("{{ services.matrix-synapse.settings.report_stats = \"{NIX}\"; }}");
    let folder = project(&[
        ("machine/flake.nix", "{ outputs = _: { }; }"),
        ("machine/configuration.nix", MACHINE),
        ("outside/module.nix", &module),
        ("outside/secret", OTHER),
        ("outside/data.json", &format!("{{ \"{OTHER}\": 1 }}")),
        ("outside/ignored", "*.nix\n"),
    ]);
    for (name, target) in [
        ("linked.nix", "../outside/module.nix"),
        ("linked-folder", "../outside"),
        ("linked-secret", "../outside/secret"),
        ("linked-json", "../outside/data.json"),
        ("linked-twice", "linked-secret"),
        (".gitignore", "../outside/ignored"),
        ("proc.nix", "/proc/self/environ"),
        ("zero.nix", "/dev/zero"),
    ] {
        symlink(target, folder.path().join("machine").join(name)).expect("a link");
    }
    folder
}

/// Every way to look at a project.
const COMMANDS: [&[&str]; 9] = [
    &["check", "--select", "all", "--undecided", "--format", "pretty", "machine"],
    &["check", "--select", "all", "--undecided", "--format", "json", "machine"],
    &["check", "--select", "all", "--format", "sarif", "machine"],
    &["check", "--fix", "--unsafe", "--diff", "machine"],
    &["show", "--path", "machine", "services.matrix-synapse"],
    &["show", "--path", "machine", "--format", "json", "services.matrix-synapse"],
    &["configurations", "--files", "machine"],
    &["vhosts", "--path", "machine"],
    &["settings", "machine"],
];

fn said(folder: &tempfile::TempDir, command: &[&str], more: &[&str]) -> String {
    let arguments = [command, more].concat();
    let (status, said) =
        run(limited(folder.path(), "SECRET_VARIABLE=of-the-machine; export SECRET_VARIABLE; ", &arguments));
    // A command that does not know an argument would show nothing either.
    assert!(status < 2, "{arguments:?}: {said}");
    for secret in [OTHER, "of-the-machine", "SECRET_VARIABLE="] {
        assert!(!said.contains(secret), "{arguments:?} shows {secret}: {said}");
    }
    assert!(!folder.path().join("machine/started").exists() && !folder.path().join("started").exists());
    said
}

#[test]
fn nothing_outside_is_read() {
    let folder = hostile();
    for command in COMMANDS {
        let said = said(&folder, command, &[]);
        assert!(!said.contains(NIX), "{command:?}: {said}");
    }
    // The link to a list of ignored files is not followed: the machine is looked at.
    assert!(said(&folder, COMMANDS[0], &[]).contains("machine/configuration.nix"));
}

/// Not only is nothing of it said: no such file is opened, and nothing is started. Where there is no `strace`, nothing
/// is shown.
#[test]
fn nothing_outside_is_opened() {
    let folder = hostile();
    let top = folder.path().canonicalize().expect("a folder");
    let (log, ours) = (top.join("opened"), top.join("machine"));
    for command in COMMANDS {
        let mut traced = std::process::Command::new("strace");
        traced.args(["-f", "-e", "trace=open,openat,openat2,execve,execveat", "-o"]).arg(&log);
        traced.arg(env!("CARGO_BIN_EXE_optlint")).args(command).current_dir(&top);
        if !traced.output().is_ok_and(|output| output.status.code().is_some_and(|code| code < 2)) {
            return;
        }
        let trace = std::fs::read_to_string(&log).expect("what strace saw");
        let started = trace.lines().filter(|line| line.contains(" execve")).count();
        assert_eq!(started, 1, "{command:?} starts something: {trace}");
        let opened = trace.lines().filter(|line| line.contains(" open") && !line.contains(" = -1 "));
        let paths = opened.filter_map(|line| line.split('"').nth(1)).map(|path| top.join(path));
        let really: Vec<_> = paths.filter_map(|path| path.canonicalize().ok()).collect();
        let reads = really.iter().any(|path| path.starts_with(&ours));
        assert!(reads || command[0] == "settings", "{command:?} reads nothing: {trace}");
        let wrong = |path: &std::path::PathBuf| path.starts_with(&top) && !path.starts_with(&ours);
        let system = |path: &std::path::PathBuf| path.ends_with("environ") || path.starts_with("/dev/zero");
        let outside: Vec<_> = really.iter().filter(|path| wrong(path) || system(path)).collect();
        assert!(outside.is_empty(), "{command:?} opens {outside:?}");
    }
}

#[test]
fn nix_files_outside_are_read_when_that_is_allowed_and_nothing_else() {
    let folder = hostile();
    let check = ["check", "--undecided", "machine"];
    let not_followed = "module.nix` was not read";
    assert!(said(&folder, &check, &[]).contains(not_followed));
    let allowed = said(&folder, &check, &["--allow-outside"]);
    assert!(!allowed.contains(not_followed) && allowed.contains("proc.nix"), "{allowed}");
}

/// Nix files, too, and with every leave: `/dev/shm` is where anybody may put one.
#[test]
fn what_the_system_shows_as_files_is_never_read() {
    let text = format!("{{ services.matrix-synapse.settings.report_stats = \"{OTHER}\"; }}");
    let shown = tempfile::Builder::new().suffix(".nix").tempfile_in("/dev/shm").expect("a file in /dev/shm");
    std::fs::write(shown.path(), text).expect("a file");
    let machine =
        format!("{{ imports = [ {} ./linked.nix ]; services.matrix-synapse.enable = true; }}", shown.path().display());
    let folder = project(&[("machine/flake.nix", "{ outputs = _: { }; }"), ("machine/configuration.nix", &machine)]);
    symlink(shown.path(), folder.path().join("machine/linked.nix")).expect("a link");
    for command in COMMANDS.into_iter().filter(|command| command[0] != "settings") {
        said(&folder, command, &["--allow-outside"]);
    }
    assert!(said(&folder, COMMANDS[0], &["--allow-outside"]).contains("lies outside the project"));
}
