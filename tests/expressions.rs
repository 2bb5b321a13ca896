//! Closed expressions: what this evaluator makes of them is what Nix makes of them.
//!
//! Each table in `tests/expressions/` has lines `expression => JSON`, or `expression => error`.
//! The right sides are Nix's own: `UPDATE=1 cargo test --test expressions` asks it anew. Only in some
//! they are written by hand, in Nix's notation with `?` for what is unknown: in `unknown.txt`, about
//! what no Nix can tell, in `refused.txt`, and in `newer.txt`, about what older releases lack.

use optlint::eval::{Eval, Limits, Thunk};
use optlint::source::files::Disk;
use optlint::source::load;
use std::path::{Path, PathBuf};
use std::process::Command;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expressions")
}

/// The expression, what is expected of it (empty: nothing yet).
fn split(line: &str) -> (&str, &str) {
    line.rsplit_once(" => ").unwrap_or((line, ""))
}

fn is_case(line: &str) -> bool {
    !line.trim().is_empty() && !line.starts_with('#')
}

fn evaluated(expression: &str, write: impl Fn(&mut Eval, &Thunk) -> Option<String>) -> String {
    let mut eval = Eval::new(Box::new(Disk::new(vec![folder()])));
    let thunk = eval.text_as(folder().join("expression.nix"), expression);
    let broken = eval.parsed().any(|tree| !tree.errors.is_empty());
    let written = if broken { None } else { write(&mut eval, &thunk) };
    written.unwrap_or_else(|| "error".to_owned())
}

/// What Nix says; its own notation where a value has no JSON.
fn nix(expression: &str) -> String {
    let output = Command::new("nix-instantiate")
        .args(["--eval", "--strict", "--json", "--expr", expression])
        .current_dir(folder())
        .output()
        .expect("Nix");
    match output.status.success() {
        true => String::from_utf8_lossy(&output.stdout).trim().to_owned(),
        false => "error".to_owned(),
    }
}

/// Numbers compare by value: Nix writes `2.0` as `2`.
fn same(ours: &str, nix: &str) -> bool {
    fn plain(value: &mut serde_json::Value) {
        match value {
            serde_json::Value::Number(number) => *value = number.as_f64().into(),
            serde_json::Value::Array(items) => items.iter_mut().for_each(plain),
            serde_json::Value::Object(members) => members.values_mut().for_each(plain),
            _ => (),
        }
    }
    let parse = |text: &str| {
        let mut value: serde_json::Value = serde_json::from_str(text).ok()?;
        plain(&mut value);
        Some(value)
    };
    ours == nix || parse(ours).is_some_and(|ours| Some(ours) == parse(nix))
}

/// `«unknown: …»` is `?`, whatever the cause.
fn short(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("«unknown:") {
        out.push_str(before);
        out.push('?');
        rest = behind.split_once('»').map_or("", |(_, rest)| rest);
    }
    out + rest
}

fn tables() -> Vec<PathBuf> {
    let files = std::fs::read_dir(folder()).expect("the folder").flatten().map(|entry| entry.path());
    let mut tables: Vec<_> = files.filter(|path| path.extension().is_some_and(|ending| ending == "txt")).collect();
    tables.sort();
    tables
}

fn update(table: &Path) {
    let text = std::fs::read_to_string(table).expect("a table");
    let line = |line: &str| match is_case(line) {
        true => format!("{} => {}\n", split(line).0, nix(split(line).0)),
        false => format!("{line}\n"),
    };
    std::fs::write(table, text.lines().map(line).collect::<String>()).expect("a table");
}

#[test]
fn closed_expressions() {
    let mut wrong = vec![];
    for table in tables() {
        let by_hand =
            table.file_stem().is_some_and(|name| ["newer", "refused", "unknown"].iter().any(|other| name == *other));
        if !by_hand && std::env::var_os("UPDATE").is_some() {
            update(&table);
        }
        let text = std::fs::read_to_string(&table).expect("a table");
        for (number, line) in text.lines().enumerate().filter(|(_, line)| is_case(line)) {
            let (expression, expected) = split(line);
            let (expression, owned) = (expression.to_owned(), expected.to_owned());
            let got = optlint::syntax::with_big_stack(move || match by_hand {
                true => short(&evaluated(&expression, |eval, thunk| eval.nix_text(thunk).ok())),
                false => evaluated(&expression, |eval, thunk| eval.json_text(thunk).ok()),
            });
            if !same(&got, &owned) {
                let name = table.file_name().unwrap_or_default().display().to_string();
                wrong.push(format!("{name}:{}: {line}\n    but got {got}", number + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// With `NIXPKGS_LIB` set to nixpkgs' `lib` folder: what nixpkgs tests of its library holds here too.
/// Its tests give a list of those that failed; what hangs on the store or a missing folder is unknown.
#[test]
fn nixpkgs_library() {
    let Some(library) = std::env::var_os("NIXPKGS_LIB") else { return };
    let known = optlint::syntax::with_big_stack(move || {
        let library = load::absolute(Path::new(&library));
        let limits = Limits { steps: 200_000_000, total: 200_000_000, ..Limits::default() };
        let mut eval = Eval::with_limits(Box::new(Disk::new(vec![library.clone()])), limits);
        let thunk = eval.text_as(library.join("tests/all.nix"), "import ./misc.nix");
        let text = eval.json_text(&thunk).map_err(|failure| failure.message.clone()).expect("a list");
        let failed: Vec<serde_json::Value> = serde_json::from_str(&text).expect("JSON");
        failed.into_iter().filter(|entry| entry.get("$unknown").is_none()).collect::<Vec<_>>()
    });
    assert_eq!(known, Vec::<serde_json::Value>::new());
}

/// With `GENERATED` set to a file of one expression a line, as a JSON string (see `tests/generated/`):
/// writes what is known of each beside it, as JSON or `error`.
#[test]
fn generated_expressions() {
    use std::io::Write;
    let Some(file) = std::env::var_os("GENERATED") else { return };
    let text = std::fs::read_to_string(&file).expect("the expressions");
    let mut answers = std::fs::File::create(Path::new(&file).with_extension("answers")).expect("a file");
    let lines: Vec<String> = text.lines().map(|line| serde_json::from_str(line).expect("a JSON string")).collect();
    for lines in lines.chunks(200).map(<[String]>::to_vec) {
        let known = optlint::syntax::with_big_stack(move || {
            let mut eval = Eval::new(Box::new(Disk::new(vec![folder()])));
            let answer = |(number, line): (usize, &String)| {
                eval.refill_all();
                let thunk = eval.text_as(folder().join(format!("generated/{number}.nix")), line);
                format!("{}\n", eval.json_text(&thunk).unwrap_or_else(|_| "error".to_owned()))
            };
            lines.iter().enumerate().map(answer).collect::<String>()
        });
        answers.write_all(known.as_bytes()).expect("a line");
    }
}
