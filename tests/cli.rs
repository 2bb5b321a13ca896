//! The program from outside: `tests/cmd/*.toml` say what is run on which files, snapshots say what comes out.
//!
//! `args` are the arguments, `status` the expected exit code, `[files]` the project's files with their text,
//! `[bytes]` those that are no text, `[links]` symlinks with what they lead to, `stdin` what comes in, `written` the files that are shown
//! afterwards, `[after]` the text that files have then. Lists and texts of a case are the whole of its input.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// A table of a case; empty when it has none.
fn table<'a>(case: &'a toml::Table, name: &str) -> impl Iterator<Item = (&'a String, &'a toml::Value)> {
    case.get(name).and_then(toml::Value::as_table).into_iter().flatten()
}

/// Writes the files of `case` below `project`.
fn lay_out(case: &toml::Table, project: &Path) {
    let write = |path: &String, content: &[u8]| {
        let path = project.join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder for a file");
        std::fs::write(path, content).expect("a file of the case");
    };
    for (path, text) in table(case, "files") {
        write(path, text.as_str().expect("text").as_bytes());
    }
    for (path, bytes) in table(case, "bytes") {
        let bytes = bytes.as_array().expect("a list of bytes").iter().filter_map(toml::Value::as_integer);
        write(path, &bytes.map(|byte| byte as u8).collect::<Vec<_>>());
    }
    for (path, target) in table(case, "links") {
        std::os::unix::fs::symlink(target.as_str().expect("a path"), project.join(path)).expect("a symlink");
    }
    // The project's root: without it, a folder above might be taken for one.
    std::fs::create_dir_all(project.join(".git")).expect(".git");
}

/// Runs one case and writes down what a user would see.
fn run(path: &Path) -> String {
    let text = std::fs::read_to_string(path).expect("a case");
    let case: toml::Table = text.parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let project = tempfile::tempdir().expect("a temporary folder");
    lay_out(&case, project.path());
    let args: Vec<_> = case["args"].as_array().expect("args").iter().filter_map(toml::Value::as_str).collect();
    let mut process = Command::new(env!("CARGO_BIN_EXE_optlint"))
        .args(&args)
        .current_dir(project.path())
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("optlint runs");
    let input = case.get("stdin").and_then(toml::Value::as_str).unwrap_or_default();
    // It need not listen.
    let _ = process.stdin.take().expect("its input").write_all(input.as_bytes());
    let output = process.wait_with_output().expect("optlint ends");
    let seen = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    let (mut stdout, stderr) = (seen(&output.stdout), seen(&output.stderr));
    if let Ok(object @ serde_json::Value::Object(_)) = serde_json::from_str(&stdout) {
        stdout = format!("{object:#}\n"); // one line is hard to review
    }
    let status = output.status.code().expect("no signal");
    let expected = case["status"].as_integer().expect("a status");
    let mut shown = format!("$ optlint {}\n{stdout}--- stderr\n{stderr}--- exit {status}\n", args.join(" "));
    for (file, text) in table(&case, "after") {
        let found = std::fs::read_to_string(project.path().join(file)).expect("a file that is left");
        assert_eq!(Some(&*found), text.as_str(), "{}: {file}", path.display());
    }
    for name in case.get("written").and_then(toml::Value::as_array).into_iter().flatten() {
        let name = name.as_str().expect("a path");
        let text = std::fs::read_to_string(project.path().join(name)).unwrap_or_else(|error| format!("{error}\n"));
        shown += &format!("--- {name}\n{text}");
    }
    assert_eq!(i64::from(status), expected, "{}:\n{shown}", path.display());
    shown.replace(&project.path().to_string_lossy().into_owned(), "[PROJECT]")
}

/// What differs from run to run, and how many rules there are, which every new rule changes.
const FILTERS: [(&str, &str); 5] = [
    (r"\b\d+(\.\d+)? ?(µs|ms|s)\b", "[TIME]"),
    (r"\d+ rules: \d+ answers? decided", "[N] rules: [N] answers decided"),
    (r#""(rules|decided)": \d+"#, r#""$1": "[N]""#),
    (r"\d+ of \d+ rules are on", "[N] of [N] rules are on"),
    (r#""(on|off)": \d+"#, r#""$1": "[N]""#),
];

#[test]
fn cases() {
    insta::with_settings!({ filters => FILTERS.to_vec(), omit_expression => true }, {
        insta::glob!("cmd/*.toml", |path| insta::assert_snapshot!(run(path)));
    });
}
