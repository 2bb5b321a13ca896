//! A machine that does not do as usual: odd files, names and folders, no room, no terminal, no home, signals.

use super::program::{check, limited, project, run};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Stdio};

/// A machine about which something is found.
const FOUND: &str =
    "{ services.matrix-synapse = { enable = true; settings.registration_shared_secret = \"swordfish\"; }; }";

/// A machine about which something is found that can be mended.
const MENDABLE: &str =
    "{ services.matrix-synapse = { enable = true; settings.registration_shared_secret_path = /run/a; }; }\n";

fn fifo(path: &Path) {
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    assert!(Command::new("mkfifo").arg(path).status().is_ok_and(|status| status.success()), "{}", path.display());
}

#[test]
fn pipes_in_every_place() {
    for (place, status, expected) in [
        ("module.nix", 1, "not read: module.nix: it is not a regular file"),
        ("flake.nix", 1, "not read: flake.nix: it is not a regular file"),
        ("optlint.toml", 2, "optlint.toml: it is not a regular file"),
        ("flake.lock", 1, "[inline-registration-shared-secret]"),
        (".gitignore", 1, "[inline-registration-shared-secret]"),
        (".git/info/exclude", 1, "[inline-registration-shared-secret]"),
    ] {
        let folder = project(&[("configuration.nix", FOUND)]);
        fifo(&folder.path().join(place));
        let (found, said) = run(limited(folder.path(), "", &["check", "--format", "compact", "."]));
        assert!(found == status && said.contains(expected), "{place}: {found}: {said}");
    }
}

/// Two stacks do not fit into the memory that a run may map: the first thread does all.
#[test]
fn no_room_for_threads() {
    let names = ["a", "b", "c", "d"].map(|name| format!("hosts/{name}/configuration.nix"));
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), FOUND)).collect();
    let folder = project(&files);
    let said = |threads| run(limited(folder.path(), "", &["check", "-q", "--threads", threads]));
    let (status, one) = said("1");
    assert!(status == 1 && one.contains("hosts/d/configuration.nix"), "{one}");
    assert_eq!(said("4"), (status, one));
}

#[test]
fn pipes_and_devices_that_are_named() {
    let machine = "{ imports = [ ./pipe.nix ./device ]; services.matrix-synapse.settings.a = builtins.readFile ./pipe;
        services.matrix-synapse.settings.b = builtins.readFile /proc/self/environ; }";
    let folder = project(&[("configuration.nix", machine)]);
    let at = |name: &str| folder.path().join(name);
    ["pipe", "pipe.nix"].iter().for_each(|name| fifo(&at(name)));
    symlink("/dev/zero", at("device")).expect("a link");
    check("imports", folder.path(), "not read: pipe.nix: it is not a regular file");
    check("readFile", folder.path(), "not read: pipe: it is not a regular file");
    check("a device", folder.path(), "device` lies outside the project");
    for command in [&["show", "services.matrix-synapse.settings"][..], &["configurations"]] {
        let (status, said) = run(limited(folder.path(), "", command));
        assert!(status == 0 && said.contains("it is not a regular file"), "{said}");
        assert!(!said.contains("PATH="), "{said}");
    }
    for (path, expected) in [
        ("pipe", "not read: pipe: it is not a regular file"),
        ("device", "not read: device: it is not a regular file"),
        ("/dev/zero", "not read: /dev/zero: it is not a regular file"),
        ("pipe.nix", "not read: pipe.nix: it is not a regular file"),
    ] {
        let (status, said) = run(limited(folder.path(), "", &["check", path]));
        assert!(status == 0 && said.contains(expected), "{path}: {status}: {said}");
    }
    for flag in ["--baseline", "--rules"] {
        let (status, said) = run(limited(folder.path(), "", &["check", flag, "pipe", "."]));
        assert!(status == 2 && said.contains("it is not a regular file"), "{flag}: {status}: {said}");
    }
}

#[test]
fn names_that_are_no_text_and_long_ones() {
    let folder = project(&[("configuration.nix", FOUND), ("a\n\u{1b}[31m::error::b.nix", FOUND)]);
    let odd = folder.path().join(OsStr::from_bytes(b"odd\xff"));
    std::fs::create_dir(&odd).expect("a folder");
    for path in [odd.join("a.nix"), folder.path().join(OsStr::from_bytes(b"b\xff.nix"))] {
        std::fs::write(path, FOUND).expect("a file");
    }
    let long = format!("{}.nix", "n".repeat(251));
    std::fs::write(folder.path().join(&long), FOUND).expect("a file");
    check("a long name", folder.path(), &format!("{long}:1:"));
    check("no text", folder.path(), "its path is not UTF-8, and it was not read");
    check("a name with escapes", folder.path(), "a\\n\\u{1b}[31m::error::b.nix:1:");
    check("all of them", folder.path(), "2 paths not read");
    // A path of more than 4,096 bytes cannot even be named at once.
    let name = "d".repeat(200);
    let deep =
        format!("for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22; do mkdir {name}; cd {name}; done");
    let made = Command::new("sh")
        .args(["-c", &format!("exec 2>/dev/null; {deep}; echo '{FOUND}' > a.nix")])
        .current_dir(folder.path())
        .status();
    assert!(made.is_ok_and(|status| status.success()));
    check("a deep folder", folder.path(), "3 paths not read");
    let gone = Command::new("rm").args(["-rf", &name]).current_dir(folder.path()).status();
    assert!(gone.is_ok_and(|status| status.success()));
}

#[test]
fn links_in_circles() {
    let machine = "{ imports = [ ./own.nix ./one/configuration.nix ./self/self/self/configuration.nix ]; }";
    let folder = project(&[("configuration.nix", machine)]);
    for (name, target) in [("own.nix", "own.nix"), ("one", "two"), ("two", "one"), ("self", ".")] {
        symlink(target, folder.path().join(name)).expect("a link");
    }
    check("circles", folder.path(), "not read: own.nix: it cannot be read: Too many levels of symbolic links");
}

#[test]
fn no_room_for_what_is_said() {
    let folder = project(&[("configuration.nix", FOUND)]);
    let full = || Stdio::from(std::fs::OpenOptions::new().write(true).open("/dev/full").expect("/dev/full"));
    for format in ["pretty", "json", "sarif", "junit"] {
        let mut command = limited(folder.path(), "", &["check", "--format", format, "."]);
        let output = command.stdout(full()).output().expect("sh");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.code() == Some(2) && said.contains("error: cannot write: No space left"),
            "{format}: {said}"
        );
    }
    let mut command = limited(folder.path(), "", &["check", "."]);
    let output = command.stdout(full()).stderr(full()).output().expect("sh");
    assert_eq!(output.status.code(), Some(2));
}

/// A limit on sizes of files is met as a full disk is: in the middle of writing.
#[test]
fn no_room_for_fixes() {
    let folder = project(&[("configuration.nix", MENDABLE)]);
    let arguments = ["check", "--fix", "."];
    let (status, said) = run(limited(folder.path(), "trap '' XFSZ; ulimit -f 0; ", &arguments));
    let after = || std::fs::read_to_string(folder.path().join("configuration.nix")).expect("the file");
    assert_eq!(after(), MENDABLE, "{said}");
    let names: Vec<_> = std::fs::read_dir(folder.path()).expect("the folder").flatten().collect();
    assert_eq!(names.len(), 2, "{names:?}: {said}");
    assert!(said.contains("configuration.nix") && said.contains("File too large"), "{status}: {said}");
    // With room it is made: the test would not notice otherwise.
    run(limited(folder.path(), "", &arguments));
    assert_ne!(after(), MENDABLE);
}

#[test]
fn readers_that_leave_and_streams_that_are_closed() {
    let folder = project(&[("configuration.nix", FOUND)]);
    let mut command = limited(folder.path(), "", &["check", "--undecided", "."]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("sh");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("an end");
    assert_eq!((output.status.code(), output.status.signal()), (Some(1), None));
    for closed in ["exec >&-; ", "exec 2>&-; ", "exec <&-; ", "exec <&- >&- 2>&-; "] {
        assert_eq!(run(limited(folder.path(), closed, &["check", "."])).0, 1, "{closed}");
    }
}

/// `optlint check … | head -n 1`: the line, nothing about the pipe, and the status of what was found.
#[test]
fn only_the_first_line_is_read() {
    let settings: String = (0..2_000).map(|number| format!("  not_a_setting_{number} = 1;\n")).collect();
    let text = format!("{{ services.matrix-synapse.settings = {{\n{settings}}}; }}");
    let folder = project(&[("configuration.nix", &text)]);
    for (format, begins) in [("compact", "configuration.nix:2:3: "), ("json", "{"), ("pretty", "")] {
        let line = "{ \"$0\" \"$@\"; echo \"status $?\" >&2; } | head -n 1 | cut -c 1-200";
        let mut command = Command::new("sh");
        command.args(["-c", line, env!("CARGO_BIN_EXE_optlint"), "check", "--quiet", "--format", format]);
        command
            .args(["--select", "unknown-synapse-setting", "--fail-on", "info"])
            .current_dir(folder.path())
            .stdin(Stdio::null());
        let output = command.output().expect("sh");
        let [out, said] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).expect("text"));
        assert!(out.starts_with(begins) && out.lines().count() == 1 && out.len() > 1, "{format}: {out}");
        assert_eq!(said, "status 1\n", "{format}");
    }
}

#[test]
fn no_home_no_path_no_terminal() {
    let folder = project(&[("configuration.nix", FOUND)]);
    for variables in [
        "unset HOME PATH; ",
        "HOME=/nowhere XDG_CACHE_HOME=/dev/null TERM= LANG=; export HOME TERM; ",
        "COLUMNS=0 TERM=dumb; ",
    ] {
        let (status, said) = run(limited(folder.path(), variables, &["check", "."]));
        assert!(status == 1 && said.contains("[inline-registration-shared-secret]"), "{variables}: {status}: {said}");
    }
}

/// Where there is no room for the stack that deep recursion takes, less is looked at, and that is said.
#[test]
fn no_room_for_a_large_stack() {
    let deep = "let f = n: if n == 0 then 0 else 1 + f (n - 1); in
        { services.matrix-synapse.enable = true; services.matrix-synapse.settings.server_name = \"x${toString (f 9000)}\";
          services.matrix-synapse.settings.registration_shared_secret = \"x\"; }";
    let folder = project(&[("configuration.nix", deep)]);
    for megabytes in [400, 700, 1000] {
        let before = format!("ulimit -v {}; ", megabytes * 1024);
        let (status, said) =
            run(limited(folder.path(), &before, &["check", "--undecided", "--format", "compact", "."]));
        assert!(status == 1 && said.contains("[inline-registration-shared-secret]"), "{megabytes}: {status}: {said}");
        assert!(said.contains("too deep"), "{megabytes}: {said}");
    }
}

/// An interrupted run is gone at once, and nothing of it is left.
#[test]
fn interrupted() {
    let folder = project(&[("configuration.nix", "let f = n: f (n + 1); in { imports = [ (f 0) ]; }")]);
    for number in 0..200 {
        let again = format!("let f = n: f (n + {number}); in {{ services.matrix-synapse.settings = f 0; }}");
        std::fs::write(folder.path().join(format!("m{number}.nix")), again).expect("a file");
    }
    let mut command = limited(folder.path(), "", &["check", "--fix", "."]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("sh");
    std::thread::sleep(std::time::Duration::from_millis(200));
    assert_eq!(child.try_wait().expect("a child"), None, "it ended too soon to be interrupted");
    let stopped = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(stopped.is_ok_and(|status| status.success()));
    let end = child.wait().expect("an end");
    assert_eq!(end.signal(), Some(2), "{end}");
    assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 202);
}

/// Runs as somebody who may not do everything: the superuser reads and writes whatever the mode says.
fn as_nobody(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let uid = Command::new("id").arg("-u").output().expect("id").stdout;
    if uid.trim_ascii() != b"0" {
        return run(limited(folder, "", arguments));
    }
    let program = folder.join(".git/optlint");
    // Were it copied here, a process that another test starts meanwhile would hold it open for writing, and
    // nobody could run it.
    let copied = Command::new("cp").arg(env!("CARGO_BIN_EXE_optlint")).arg(&program).status();
    assert!(copied.is_ok_and(|status| status.success()), "a copy");
    let mut command = Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(program).args(arguments);
    command.current_dir(folder).stdin(Stdio::null());
    run(command)
}

#[test]
fn what_may_not_be_read_or_written() {
    let folder = project(&[("configuration.nix", FOUND), ("locked.nix", "{ }"), ("folder/a.nix", "{ }")]);
    let mode = |name: &str, mode| {
        std::fs::set_permissions(folder.path().join(name), std::fs::Permissions::from_mode(mode)).expect(name);
    };
    [("", 0o555), ("locked.nix", 0), ("folder", 0)].iter().for_each(|(name, bits)| mode(name, *bits));
    let (status, said) = as_nobody(folder.path(), &["check", "--format", "compact", "."]);
    [("", 0o755), ("folder", 0o755)].iter().for_each(|(name, bits)| mode(name, *bits));
    assert_eq!(status, 1, "{said}");
    for expected in [
        "locked.nix: it cannot be read: permission denied",
        "folder: it cannot be read: permission denied",
        "2 paths not read",
    ] {
        assert!(said.contains(expected), "{said}");
    }
}

#[test]
fn a_project_that_cannot_be_written() {
    let folder = project(&[("configuration.nix", MENDABLE)]);
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o555)).expect("permissions");
    let (status, said) = as_nobody(folder.path(), &["check", "--fix", "."]);
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).expect("permissions");
    assert_eq!(std::fs::read_to_string(folder.path().join("configuration.nix")).expect("the file"), MENDABLE, "{said}");
    assert!(said.to_lowercase().contains("permission denied"), "{status}: {said}");
}

/// The same where nobody may write, not even the superuser. Where no file system can be mounted so, nothing is shown.
#[test]
fn a_file_system_that_cannot_be_written() {
    let folder = project(&[("configuration.nix", MENDABLE)]);
    let mount = "mount --bind . . && mount -o remount,bind,ro . && cd \"$PWD\"";
    let inside = |line: &str| {
        let mut command = Command::new("unshare");
        command.args(["--user", "--map-root-user", "--mount", "sh", "-c", &format!("{mount} && {line}")]);
        command.arg(env!("CARGO_BIN_EXE_optlint")).current_dir(folder.path()).stdin(Stdio::null());
        command
    };
    if !inside("! touch a 2>&-").status().is_ok_and(|status| status.success()) {
        return;
    }
    let (_, plain) = run(inside("\"$0\" check --format compact ."));
    let (status, said) = run(inside("\"$0\" check --fix --format compact ."));
    assert!(plain.contains("configuration.nix:1:"), "{plain}");
    assert!(status == 2 && said.to_lowercase().contains("read-only file system"), "{status}: {said}");
    assert_eq!(std::fs::read_to_string(folder.path().join("configuration.nix")).expect("the file"), MENDABLE);
}

/// Files come, go and change while they are read.
#[test]
fn a_project_in_motion() {
    let folder = project(&[("configuration.nix", "{ imports = [ ./a.nix ./b.nix ]; }")]);
    let at = |name: &str| folder.path().join(name);
    let over = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for turn in 0.. {
                if over.load(std::sync::atomic::Ordering::Relaxed) {
                    break;
                }
                let _ = std::fs::write(at("a.nix"), FOUND.repeat(turn % 3));
                let _ = std::fs::remove_file(at("b.nix"));
                let _ = if turn % 2 == 0 { symlink("a.nix", at("b.nix")) } else { std::fs::create_dir(at("b.nix")) };
                let _ = std::fs::remove_dir(at("b.nix"));
            }
        });
        for _ in 0..8 {
            let (status, said) = run(limited(folder.path(), "", &["check", "."]));
            assert!(status < 2, "{status}: {said}");
        }
        over.store(true, std::sync::atomic::Ordering::Relaxed);
    });
}
