//! The program from outside: `tests/cmd/*.toml` say what is run on which files, snapshots say what comes out.
//!
//! `args` are the arguments, `status` the expected exit code, `[files]` the project's files with their text,
//! `[bytes]` those that are no text, `[links]` symlinks with what they lead to, `stdin` what comes in, `written` the files that are shown
//! afterwards, `[after]` the text that files have then. Lists and texts of a case are the whole of its input.

#[path = "cases/case.rs"]
mod case;

use case::Case;
use std::path::Path;

/// Runs one case and writes down what a user would see.
fn run(path: &Path) -> String {
    let case = Case::read(path);
    let project = case.lay_out();
    let output = case.run(project.path(), &[]);
    let seen = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    let (mut stdout, stderr) = (seen(&output.stdout), seen(&output.stderr));
    if let Ok(object @ serde_json::Value::Object(_)) = serde_json::from_str(&stdout) {
        stdout = format!("{object:#}\n"); // one line is hard to review
    }
    let status = output.status.code().expect("no signal");
    let expected = case.table["status"].as_integer().expect("a status");
    let mut shown = format!("$ optlint {}\n{stdout}--- stderr\n{stderr}--- exit {status}\n", case.args().join(" "));
    for (file, text) in case.under("after") {
        let found = std::fs::read_to_string(project.path().join(file)).expect("a file that is left");
        assert_eq!(Some(&*found), text.as_str(), "{}: {file}", path.display());
    }
    for name in case.table.get("written").and_then(toml::Value::as_array).into_iter().flatten() {
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
