//! Configurations and programs that mean no good, or know no better: survived, with a message.

use super::{folder, optlint, said};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

#[test]
fn fatal_errors_cost_only_their_options() {
    let options = ["my.a", "my.m", "my.z", "my.settings", "my.throws"];
    let fatal: Vec<String> = (1..=15).map(|number| format!("my.fatal.\"{number}\"")).collect();
    let mut arguments = vec!["show", "--eval", "--eval-file", "default.nix", "--configuration", "configuration.nix"];
    arguments.extend(["--format", "json"]);
    arguments.extend(options);
    arguments.extend(fatal.iter().map(String::as_str));
    let output = optlint(&folder("fatal"), &arguments);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let found = json["configurations"][0]["options"].as_array().expect("options");
    let value = |index: usize| &found[index]["value"];
    assert_eq!(*value(0), true, "{told}");
    assert_eq!(*value(1), serde_json::json!([true]));
    assert_eq!(*value(2), serde_json::json!({ "inner": false }));
    assert_eq!(*value(3), serde_json::json!({ "known": true }));
    for (index, name) in fatal.iter().enumerate() {
        assert!(value(options.len() + index)["$unknown"].is_object(), "{name}: {}", value(options.len() + index));
    }
    assert!(told.contains("Nix cannot evaluate `my."), "{told}");
}

#[test]
fn fatal_errors_that_nobody_foresees_cost_only_their_options() {
    let arguments = ["show", "--eval", "--eval-file", "default.nix", "--format", "json", "my"];
    let output = optlint(&folder("unforeseen"), &arguments);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let found = json["configurations"].as_array().expect("configurations");
    let value = found.iter().map(|one| &one["options"][0]["value"]).find(|value| value["zero"].is_array());
    let my = value.unwrap_or_else(|| panic!("{json}\n{told}"));
    assert_eq!(my["before"], true);
    assert_eq!(my["other"], serde_json::json!({ "one": true, "two": false }));
    assert_eq!(my["zero"], serde_json::json!([true]));
    assert_eq!((&my["fatal"]["a"], &my["fatal"]["z"]), (&true.into(), &true.into()));
    for number in 101..=115 {
        assert!(my["fatal"][format!("n{number}")]["$unknown"].is_object(), "{my}");
    }
    assert!(told.contains("Nix cannot evaluate `my.fatal.n101` of"), "{told}");
}

#[test]
fn a_value_that_is_too_large_for_memory_costs_only_itself() {
    let arguments = ["show", "--eval", "--eval-file", "large.nix", "--format", "json", "my"];
    let output = optlint(&folder("unforeseen"), &arguments);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let found = json["configurations"].as_array().expect("configurations");
    let my = found.iter().map(|one| &one["options"][0]["value"]).find(|value| value["a"] == true);
    let my = my.unwrap_or_else(|| panic!("{json}\n{told}"));
    assert_eq!(my["z"], true);
    assert!(my["endless"]["$unknown"].is_object(), "{my}");
    let long = &my["long"];
    assert!(long.to_string().len() < 100_000, "{}", long.to_string().len());
}

#[test]
fn restricted_evaluation_reads_nothing_else() {
    let work = tempfile::tempdir().expect("a folder");
    let project = work.path().join("project");
    std::fs::create_dir(&project).expect("a folder");
    std::fs::write(project.join("optlint.toml"), "").expect("a file");
    std::fs::write(work.path().join("outside"), "read").expect("a file");
    let text = "let option = value: { _type = \"option\"; isDefined = true; highestPrio = 100; inherit value; definitionsWithLocations = [ ]; }; in
        { config = { }; options.my = { inside = option (builtins.readFile ./inside); outside = option (builtins.readFile ../outside); }; type.getSubModules = [ ]; lib = { }; }";
    std::fs::write(project.join("default.nix"), text).expect("a file");
    std::fs::write(project.join("inside"), "read").expect("a file");
    let ask = |more: &[&str]| {
        let arguments = ["show", "--eval", "--eval-file", "default.nix", "my.inside", "my.outside"];
        let output = optlint(&project, &[&arguments, more].concat());
        (String::from_utf8_lossy(&output.stdout).into_owned(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (shown, told) = ask(&[]);
    assert_eq!(shown.matches("= \"read\"").count(), 2, "{shown}{told}");
    let (shown, told) = ask(&["--restrict-eval", "--no-cache"]);
    assert!(shown.contains("my.inside = \"read\"") && !shown.contains("my.outside = \"read\""), "{shown}{told}");
    assert!(told.contains("is forbidden in restricted mode"), "{told}");
}

/// A program that answers `--version` as Nix `version` does, and otherwise does what `body` says.
fn fake(folder: &Path, version: &str, body: &str) -> PathBuf {
    let path = folder.join("nix-instantiate");
    let text =
        format!("#!/bin/sh\n[ \"$1\" = --version ] && {{ echo 'nix-instantiate (Nix) {version}'; exit; }}\n{body}\n");
    std::fs::write(&path, text).expect("a program");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("a program");
    path
}

fn check_with(program: &Path, more: &[&str]) -> (Vec<String>, String, i32) {
    let program = program.display().to_string();
    let select = "--select=inline-registration-shared-secret";
    let arguments = ["check", "--eval", "--eval-file", "default.nix", "--nix", &program, select];
    said(&optlint(&folder("plain"), &[&arguments, more].concat()))
}

/// Whether a process is there and no zombie.
fn lives(process: &str) -> bool {
    let state = Command::new("ps").args(["-o", "stat=", "-p", process]).output().expect("ps");
    let state = String::from_utf8_lossy(&state.stdout).trim().to_owned();
    !state.is_empty() && !state.starts_with('Z')
}

fn gone(process: &str) -> bool {
    let started = Instant::now();
    while lives(process) && started.elapsed() < Duration::from_secs(10) {
        std::thread::sleep(Duration::from_millis(20));
    }
    !lives(process)
}

#[test]
fn old_versions_are_refused() {
    let work = tempfile::tempdir().expect("a folder");
    let (found, told, status) = check_with(&fake(work.path(), "2.3.16", "exit 1"), &[]);
    assert_eq!((found.len(), status), (0, 2));
    assert!(told.contains("is Nix 2.3.16; `--eval` needs Nix 2.4 or later"), "{told}");
}

#[test]
fn a_nix_that_hangs_is_ended() {
    let work = tempfile::tempdir().expect("a folder");
    let file = work.path().join("process");
    let program = fake(work.path(), "2.18.1", &format!("sleep 1000 & echo $! > {}; wait", file.display()));
    let (_, told, _) = check_with(&program, &["--eval-timeout", "1"]);
    assert!(told.contains("Nix took longer than 1 s"), "{told}");
    assert!(gone(std::fs::read_to_string(&file).expect("a number").trim()));
}

#[test]
fn a_nix_that_talks_nonsense_is_not_believed() {
    let work = tempfile::tempdir().expect("a folder");
    for (body, message) in [
        ("cat /dev/null; exit 0", "what Nix said cannot be understood"),
        ("echo '@nix {\"action\":' >&2; printf '\\377\\376\\n' >&2; exit 3", "Nix cannot evaluate"),
        ("while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done >&2", "Nix"),
        ("kill -SEGV $$", "Nix ended without a word"),
    ] {
        let (found, told, status) = check_with(&fake(work.path(), "2.18.1", body), &["--eval-timeout", "5"]);
        assert!(told.contains(message), "{body}: {told}");
        assert!(found.len() <= 1 && status <= 1, "{body}: {found:?}");
    }
}

#[test]
fn children_end_with_this_program() {
    let work = tempfile::tempdir().expect("a folder");
    let file = work.path().join("process");
    let program = fake(work.path(), "2.18.1", &format!("sleep 1000 & echo $! > {}; wait", file.display()));
    let mut running = Command::new(env!("CARGO_BIN_EXE_optlint"))
        .args(["check", "--eval", "--eval-file", "default.nix", "--nix", &program.display().to_string()])
        .current_dir(folder("plain"))
        .process_group(0)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("optlint runs");
    let started = Instant::now();
    let process = loop {
        match std::fs::read_to_string(&file) {
            Ok(text) if text.ends_with('\n') => break text.trim().to_owned(),
            _ if started.elapsed() > Duration::from_secs(60) => panic!("Nix was not started"),
            _ => std::thread::sleep(Duration::from_millis(20)),
        }
    };
    // As a terminal does it: everybody in the program's group hears of it. Nix is in another one.
    Command::new("kill").args(["-INT", "--", &format!("-{}", running.id())]).status().expect("kill");
    assert_eq!(running.wait().expect("it ends").signal(), Some(2));
    assert!(gone(&process));
}

#[test]
fn what_holds_whatever_is_asked_for_comes_last() {
    let work = tempfile::tempdir().expect("a folder");
    let program = fake(work.path(), "2.18.1", &format!("echo \"$*\" > {}/said; exit 1", work.path().display()));
    check_with(&program, &["--nix-option", "allow-import-from-derivation", "true", "--nix-option", "cores", "3"]);
    let said = std::fs::read_to_string(work.path().join("said")).expect("what it was asked");
    let at = |text: &str| said.find(text).unwrap_or_else(|| panic!("{text}: {said}"));
    let (theirs, ours) =
        (at("--option allow-import-from-derivation true"), at("--option allow-import-from-derivation false"));
    assert!(theirs < ours && at("--option cores 3") < ours, "{said}");
    assert!(at("--option accept-flake-config false") > theirs && said.starts_with("--eval --readonly-mode "), "{said}");
}

#[test]
fn what_both_know_otherwise_is_told() {
    let work = tempfile::tempdir().expect("a folder");
    let here = work.path();
    // A Nix that is wrong on purpose.
    let program = fake(here, "2.8.0", "nix-instantiate \"$@\" 2>&1 >/dev/null | sed s/8448/8449/g >&2");
    std::fs::write(here.join("optlint.toml"), "").expect("a file");
    let module = "{ lib, ... }: {
      options.services.matrix-synapse.settings = lib.mkOption { type = lib.types.attrsOf lib.types.anything; };
      config.services.matrix-synapse.settings.public_baseurl = lib.mkMerge [ \"http://a:8448\" (lib.mkDefault \"b\") ];
    }";
    std::fs::write(here.join("configuration.nix"), module).expect("a file");
    let lib = format!("{}/tests/bridge/lib.nix", env!("CARGO_MANIFEST_DIR"));
    let text = format!("(import {lib}).evalModules {{ modules = [ ./configuration.nix ]; }}");
    std::fs::write(here.join("default.nix"), text).expect("a file");
    let option = "services.matrix-synapse.settings.public_baseurl";
    let line =
        format!("differs: {option}: Nix says \"http://a:8449\", optlint says \"http://a:8448\"; please report this");
    let ask = |arguments: &[&str]| {
        let program = program.display().to_string();
        let common =
            ["--eval", "--eval-file", "default.nix", "--configuration", "configuration.nix", "--nix", &program];
        said(&optlint(here, &[arguments, &common].concat()))
    };
    let (shown, told, _) = ask(&["show", option]);
    let shown = shown.join("\n");
    assert!(shown.contains(&line), "{shown}\n{told}");
    // What lost, and why.
    assert!(shown.contains("lost: \"b\" at configuration.nix:3:7, priority 1000"), "{shown}");
    let (_, told, _) = ask(&["check", "--debug", "--select=fqdn-with-null-domain"]);
    assert!(told.contains(&format!("configuration.nix {line}\n")), "{told}");
}
