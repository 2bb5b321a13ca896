//! Holds the program to `docs/architecture.md`: the table of modules there is read by these tests.

#[path = "architecture/scan.rs"]
mod scan;

use scan::{Scanned, paths, scan};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The longest file allowed, in lines.
const LONGEST_FILE: usize = 500;
/// The longest `docs/architecture.md`, in lines.
const LONGEST_MAP: usize = 300;

/// A Rust file of the program.
struct File {
    /// Relative to the repository, with `/`.
    path: String,
    /// Its module, from the crate's root on; empty for `lib.rs` and `main.rs`.
    module: Vec<String>,
    text: String,
    scanned: Scanned,
}

impl File {
    fn read(path: String) -> File {
        let text = std::fs::read_to_string(root().join(&path)).expect(&path);
        let inside = path.strip_prefix("src/").unwrap_or(&path).trim_end_matches(".rs");
        let names = inside.split('/').filter(|name| !matches!(*name, "mod" | "lib" | "main"));
        File { module: names.map(String::from).collect(), scanned: scan(&text), text, path }
    }

    /// Whether it holds nothing but unit tests.
    fn is_test(&self) -> bool {
        self.module.iter().any(|name| name == "tests")
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below `folder` whose name ends with `ending`, relative to the repository, sorted.
fn files(folder: &str, ending: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from(folder)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(root().join(&folder)) else { continue };
        for entry in entries.flatten() {
            let path = folder.join(entry.file_name());
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(path),
                _ => found.push(path.to_string_lossy().replace('\\', "/")),
            }
        }
    }
    found.retain(|path| path.ends_with(ending));
    found.sort();
    found
}

/// The program's files outside unit tests. The build script is none of them.
fn program() -> Vec<File> {
    let sources = files("src", ".rs").into_iter().filter(|path| path != "src/build.rs");
    let paths = sources.chain(files("rules", ".rs"));
    paths.map(File::read).filter(|file| !file.is_test()).collect()
}

fn map() -> String {
    std::fs::read_to_string(root().join("docs/architecture.md")).expect("docs/architecture.md")
}

/// The table of modules: each module, in the order of its rows, and what it may import.
fn table() -> Vec<(String, Vec<String>)> {
    let map = map();
    let rows = map.lines().skip_while(|line| !line.starts_with("| Module |")).skip(2);
    let rows = rows.take_while(|line| line.starts_with('|')).map(|line| {
        let mut cells = line.trim_matches('|').split('|').map(quoted);
        let module = cells.next().and_then(|names| names.first().cloned()).expect("a module in backticks");
        (module.trim_end_matches('/').to_string(), cells.next_back().unwrap_or_default())
    });
    rows.collect()
}

/// What stands in backticks.
fn quoted(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(String::from).collect()
}

fn assert_none(what: &str, mut wrong: Vec<String>) {
    wrong.dedup();
    assert!(wrong.is_empty(), "{what}:\n  {}", wrong.join("\n  "));
}

/// Complains about every line of code that holds one of `words`, in files that are not `allowed`.
fn only(words: &[&str], allowed: impl Fn(&File) -> bool) -> Vec<String> {
    let mut wrong = Vec::new();
    for file in program().iter().filter(|file| !allowed(file)) {
        for (index, line) in file.scanned.code.lines().enumerate() {
            let found = words.iter().filter(|word| says(line, word));
            wrong.extend(found.map(|word| format!("{}:{}: {word}", file.path, index + 1)));
        }
    }
    wrong
}

/// Whether `line` holds `word`, not as the end or the start of a longer one.
fn says(line: &str, word: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let joined = |edge: Option<char>, other: Option<char>| edge.is_some_and(is_word) && other.is_some_and(is_word);
        !joined(word.chars().next(), line[..at].chars().next_back())
            && !joined(word.chars().next_back(), line[at + word.len()..].chars().next())
    })
}

fn is_module(file: &File, name: &str) -> bool {
    file.module.first().is_some_and(|first| first == name)
}

#[test]
fn modules_import_only_what_their_row_allows() {
    let table: BTreeMap<_, _> = table().into_iter().collect();
    let mut wrong = Vec::new();
    for file in program().iter().filter(|file| !file.module.is_empty()) {
        let own = &file.module[0];
        let Some(allowed) = table.get(own) else {
            wrong.push(format!("{}: `{own}` has no row in docs/architecture.md", file.path));
            continue;
        };
        for (line, path) in paths(&file.scanned.code, &file.module) {
            let Some(used) = path.first().filter(|used| *used != own && table.contains_key(*used)) else { continue };
            let path = path.join("::");
            let fits = |row: &String| row == "all" || path == *row || path.starts_with(&format!("{row}::"));
            if !allowed.iter().any(fits) {
                wrong.push(format!("{}:{line}: {path} (`{own}` may not use `{used}`)", file.path));
            }
        }
    }
    assert_none("imports against the table in docs/architecture.md", wrong);
}

#[test]
fn modules_stand_in_the_order_of_the_table() {
    let order: Vec<_> = table().into_iter().map(|(module, _)| module).collect();
    let lib = std::fs::read_to_string(root().join("src/lib.rs")).expect("src/lib.rs");
    let words = lib.lines().filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod "));
    let modules: Vec<_> = words.map(|word| word.trim_end_matches(';').to_string()).collect();
    let expected: Vec<_> = order.into_iter().filter(|module| modules.contains(module)).collect();
    assert_eq!(modules, expected, "src/lib.rs lists its modules in the order of docs/architecture.md, and no others");
}

#[test]
fn only_syntax_knows_rnix() {
    assert_none("rnix or rowan outside `syntax`", only(&["rnix", "rowan"], |file| is_module(file, "syntax")));
}

#[test]
fn only_the_loader_touches_the_disk() {
    let words = [
        "std::fs",
        "fs::",
        "walkdir",
        "WalkDir",
        "ignore::",
        ".exists()",
        ".try_exists()",
        ".is_file()",
        ".is_dir()",
        ".is_symlink()",
        ".read_dir()",
        ".read_link()",
        ".canonicalize()",
    ];
    let wrong = only(&words, |file| file.path == "src/source/load.rs" || file.path.starts_with("src/source/load/"));
    assert_none("the disk is touched", wrong);
}

#[test]
fn only_the_bridge_starts_processes() {
    let words = ["process::Command", "process::Child", "Command::new", "rustix::process", "signal_hook"];
    let wrong = only(&words, |file| file.path == "src/bridge/process.rs");
    assert_none("a process is started or ended", wrong);
}

#[test]
fn only_the_command_line_prints_exits_or_reads_the_environment() {
    let words = [
        "print!",
        "println!",
        "eprint!",
        "eprintln!",
        "dbg!",
        "io::stdout",
        "io::stderr",
        "io::stdin",
        "stdout()",
        "stderr()",
        "process::exit",
        "ExitCode",
        "std::env",
        "env::var",
        "env::args",
    ];
    let wrong = only(&words, |file| is_module(file, "cli") || file.path == "src/main.rs");
    assert_none("printing, exiting or the environment outside `cli`", wrong);
}

#[test]
fn the_engine_knows_no_options() {
    let words = ["services.", "networking.", "virtualHosts", "matrix", "synapse", "nginx", "caddy", "element-web"];
    let mut wrong = Vec::new();
    for file in program().iter().filter(|file| !is_module(file, "rules") && !is_module(file, "cli")) {
        for (line, string) in &file.scanned.strings {
            let found = words.iter().filter(|word| string.contains(**word));
            wrong.extend(found.map(|word| format!("{}:{line}: {word} in {string:?}", file.path)));
        }
    }
    for path in files("src", ".nix") {
        let text = std::fs::read_to_string(root().join(&path)).expect(&path);
        for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with('#')) {
            let found = words.iter().filter(|word| line.contains(**word));
            wrong.extend(found.map(|word| format!("{path}:{}: {word}", index + 1)));
        }
    }
    assert_none("knowledge of NixOS belongs to `rules/`", wrong);
}

#[test]
fn no_file_is_too_long() {
    let mut wrong = Vec::new();
    let kinds = [".rs", ".nix", ".py", ".sh"];
    let rooms = kinds.iter().flat_map(|kind| ["src", "rules", "tests"].map(|folder| files(folder, kind)));
    for path in rooms.flatten() {
        let lines = std::fs::read_to_string(root().join(&path)).expect(&path).lines().count();
        if lines > LONGEST_FILE {
            wrong.push(format!("{path}: {lines} lines, {LONGEST_FILE} allowed"));
        }
    }
    let lines = map().lines().count();
    if lines > LONGEST_MAP {
        wrong.push(format!("docs/architecture.md: {lines} lines, {LONGEST_MAP} allowed"));
    }
    assert_none("rooms that have grown too large", wrong);
}

#[test]
fn every_file_says_what_it_is() {
    let silent = program().into_iter().filter(|file| !file.text.starts_with("//! "));
    assert_none("files that do not open with `//! `", silent.map(|file| file.path).collect());
}

#[test]
fn names_say_something() {
    let vague = ["util", "utils", "helper", "helpers", "common", "misc"];
    let files = program().into_iter().filter(|file| file.module.iter().any(|name| vague.contains(&name.as_str())));
    assert_none("modules whose name says nothing", files.map(|file| file.path).collect());
}

#[test]
fn invariants_name_tests_that_exist() {
    let tests =
        files("tests", ".rs").into_iter().map(|path| std::fs::read_to_string(root().join(path)).expect("a test"));
    let tests: String = tests.collect();
    let map = map();
    let section = map.split("\n## ").find(|section| section.starts_with("Invariants")).expect("the invariants");
    let in_parentheses = section.split("(`").skip(1).filter_map(|rest| rest.split('`').next());
    let names: Vec<_> = in_parentheses.filter(|name| name.contains('_')).collect();
    assert!(!names.is_empty(), "the invariants name no test");
    let missing = names.into_iter().filter(|name| !tests.contains(&format!("fn {name}(")));
    assert_none("docs/architecture.md names tests that are not there", missing.map(String::from).collect());
}

/// What these tests see of Rust text: code, strings and paths. Data, so that a mistake here is visible.
#[test]
fn the_scanner_knows_code_from_the_rest() {
    let text = r##"
use crate::{value::{Str, Truth as T}, source, syntax::*}; // crate::cli
use super::super::option::merge;
const A: &str = "crate::report \" services."; const Q: char = '"';
const B: &str = r#"raw "nginx""#; /* crate::lint /* nested */ */
fn f<'a>(x: &'a str) -> super::Sibling { crate::eval::run::<u8>(self::x) }
#[cfg(test)]
mod tests { use crate::verify::X; const C: &str = "test"; }
"##;
    let scanned = scan(text);
    let module = ["resolve", "module", "inner"].map(String::from);
    let found: Vec<String> =
        paths(&scanned.code, &module).into_iter().map(|(line, path)| format!("{line} {}", path.join("::"))).collect();
    let expected = [
        "2 value::Str",
        "2 value::Truth",
        "2 source",
        "2 syntax",
        "3 resolve::option::merge",
        "6 resolve::module::Sibling",
        "6 eval::run",
        "6 resolve::module::inner::x",
    ];
    assert_eq!(found, expected);
    let strings: Vec<_> = scanned.strings.iter().map(|(line, text)| format!("{line} {text}")).collect();
    assert_eq!(strings, [r#"4 crate::report \" services."#, r#"5 raw "nginx""#]);
}
