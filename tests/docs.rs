//! What the documents say is there is there.

#[path = "docs/snippets.rs"]
mod snippets;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The Markdown files below `folder`, relative to the repository, sorted.
fn markdown(folder: &str) -> Vec<String> {
    let mut found = BTreeSet::new();
    let mut folders = vec![PathBuf::from(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(root().join(&folder)).into_iter().flatten().flatten() {
            let path = folder.join(entry.file_name());
            if entry.path().is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "md") {
                found.insert(path.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    found.into_iter().collect()
}

/// The documents: README.md and everything below docs/.
fn documents() -> Vec<String> {
    std::iter::once("README.md".to_string()).chain(markdown("docs")).collect()
}

/// The lines of a document outside its fenced blocks, each with its number (from 1).
fn prose(text: &str) -> Vec<(usize, &str)> {
    let mut fenced = false;
    let mut lines = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            lines.push((index + 1, line));
        }
    }
    lines
}

fn assert_none(what: &str, wrong: Vec<String>) {
    assert!(wrong.is_empty(), "{what}:\n  {}", wrong.join("\n  "));
}

/// Whether words in backticks are meant as a path of this repository, and not of a reader's or as a pattern.
fn is_path_of_ours(words: &str) -> bool {
    let folders = [".ci/", "docs/", "fixtures/", "rules/", "src/", "tests/"];
    let pattern = words.contains(|c: char| c.is_whitespace() || "<>*{}…$".contains(c));
    folders.iter().any(|folder| words.starts_with(folder)) && !pattern
}

#[test]
fn paths_in_documents_exist() {
    let mut wrong = Vec::new();
    for document in documents() {
        let text = read(&document);
        for (line, prose) in prose(&text) {
            for words in prose.split('`').skip(1).step_by(2).filter(|words| is_path_of_ours(words)) {
                if !root().join(words).exists() {
                    wrong.push(format!("{document}:{line}: {words}"));
                }
            }
        }
    }
    assert_none("documents name what does not exist", wrong);
}

#[test]
fn links_between_documents_resolve() {
    let mut wrong = Vec::new();
    for document in documents() {
        let text = read(&document);
        let folder = Path::new(&document).parent().expect("a folder");
        for (line, prose) in prose(&text) {
            for target in prose.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
                if !target.contains("://") && !link_resolves(folder, &text, target) {
                    wrong.push(format!("{document}:{line}: {target}"));
                }
            }
        }
    }
    assert_none("links lead nowhere", wrong);
}

/// Whether `file#heading`, `file` or `#heading`, seen from a document in `folder`, is there.
fn link_resolves(folder: &Path, own: &str, target: &str) -> bool {
    let (file, heading) = target.split_once('#').unwrap_or((target, ""));
    let path = root().join(folder).join(file);
    let text = match file {
        "" => own.to_string(),
        _ if path.is_dir() => String::new(),
        _ => match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(_) => return false,
        },
    };
    heading.is_empty() || prose(&text).iter().any(|(_, line)| line.starts_with('#') && anchor(line) == heading)
}

/// The anchor that code hosts make of a heading.
fn anchor(heading: &str) -> String {
    let words = heading.trim_start_matches('#').trim().to_lowercase();
    words.replace(' ', "-").chars().filter(|c| c.is_alphanumeric() || "-_".contains(*c)).collect()
}

/// `docs/rules.md`, made from the pages.
fn rules_index() -> String {
    let (rules, errors) = optlint::lint::load(optlint::rules::shipped());
    assert!(errors.is_empty(), "{errors:?}");
    let mut groups = BTreeMap::<_, Vec<_>>::new();
    for rule in rules {
        groups.entry(rule.page.category.as_str()).or_default().push(rule.page);
    }
    let mut text =
        "<!-- Generated from the pages under rules/: UPDATE=1 cargo test --test docs -->\n\n# Rules\n".to_string();
    for (category, pages) in groups {
        text += &format!("\n## {category}\n\n| Rule | Severity | What is wrong |\n|---|---|---|\n");
        for page in pages {
            let (id, url) = (&page.id, page.url.clone().unwrap_or_default());
            let summary = page.summary().replace('|', "\\|");
            text += &format!("| [{id}](../{url}) | {} | {summary} |\n", page.severity.as_str());
        }
    }
    text
}

/// What the program writes to standard output when it is asked with `args`, in a neutral environment.
fn optlint(args: &[&str]) -> String {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_optlint"));
    let command = command.args(args).current_dir(root()).env_clear().stdin(std::process::Stdio::null());
    String::from_utf8(command.output().expect("optlint runs").stdout).expect("UTF-8")
}

/// `docs/cli.md`, made from the program's own help.
fn cli_reference() -> String {
    let mut text = "<!-- Generated from --help: UPDATE=1 cargo test --test docs -->\n\n# Command line\n".to_string();
    let commands = ["", "check", "explain", "rules", "configurations", "test", "eval", "show", "vhosts", "settings"];
    for command in commands.into_iter().chain(["init", "schema", "completions", "man"]) {
        let args: Vec<_> = [command, "--help"].into_iter().filter(|arg| !arg.is_empty()).collect();
        let heading = format!("optlint {command}");
        let help: String = optlint(&args).lines().map(|line| format!("{}\n", line.trim_end())).collect();
        text += &format!("\n## {}\n\n```text\n{help}```\n", heading.trim_end());
    }
    text
}

/// Compares a generated document, or with UPDATE=1 writes it.
fn assert_up_to_date(document: &str, expected: &str) {
    let path = root().join(document);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, expected).expect(document);
        return;
    }
    let actual = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(actual, expected, "{document} is stale: UPDATE=1 cargo test --test docs");
}

#[test]
fn list_of_rules_is_up_to_date() {
    assert_up_to_date("docs/rules.md", &rules_index());
}

#[test]
fn command_line_reference_is_up_to_date() {
    assert_up_to_date("docs/cli.md", &cli_reference());
}

#[test]
fn schemas_are_up_to_date() {
    assert_up_to_date("docs/schemas/report.json", &optlint(&["schema", "report"]));
    assert_up_to_date("docs/schemas/settings.json", &optlint(&["schema", "settings"]));
}

/// The page that `docs/writing-rules.md` shows is one: it loads, and its examples hold.
#[test]
fn page_in_writing_rules_holds() {
    let document = "docs/writing-rules.md";
    let text = read(document);
    let (before, rest) = text.split_once("````markdown\n").expect("the page starts");
    let (page, _) = rest.split_once("````\n").expect("the page ends");
    let id = page.lines().next().and_then(|title| title.strip_prefix("# ")).expect("a title");
    let rule = optlint::lint::Rule::own(&format!("matrix/{id}"), page).expect("a page that loads");
    let failures = optlint::syntax::with_big_stack(|| {
        let mut bench = optlint::verify::Workbench::new(optlint::rules::STAND_IN);
        optlint::verify::check(&mut bench, &rule, document)
    });
    let first_line = before.lines().count() + 1;
    assert!(failures.is_empty(), "in the page from line {first_line} on: {failures:#?}");
}

/// The first line of README.md's example, a command whose output follows.
const EXAMPLE: &str =
    "```console\n$ optlint check --select inline-registration-shared-secret fixtures/configurations/sample\n";

#[test]
fn readme_shows_what_the_program_says() {
    // As it looks on a terminal, without blanks that nobody sees.
    let rule = "inline-registration-shared-secret";
    let output = optlint(&["check", "--format", "pretty", "--select", rule, "fixtures/configurations/sample"]);
    let output: String = output.trim().lines().map(|line| format!("{}\n", line.trim_end())).collect();
    let readme = read("README.md");
    let (before, rest) = readme.split_once(EXAMPLE).expect("README.md has the example");
    let (_, after) = rest.split_once("```\n").expect("the example ends");
    assert_up_to_date("README.md", &format!("{before}{EXAMPLE}{output}```\n{after}"));
}

/// Commands of `optlint` in the console blocks of a document, with its line; without those that run Nix.
fn commands(text: &str) -> Vec<(usize, Vec<&str>)> {
    let mut console = false;
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if let Some(kind) = line.trim_start().strip_prefix("```") {
            console = kind == "console";
        } else if let Some(command) = line.trim_start().strip_prefix("$ optlint ").filter(|_| console) {
            let end = command.find([';', '|', '#', '>', '&']).unwrap_or(command.len());
            found.push((index + 1, command[..end].split_whitespace().collect()));
        }
    }
    found.retain(|(_, args): &(usize, Vec<&str>)| !args.contains(&"--eval"));
    found
}

/// Copies the files of a folder, none of which is a folder itself.
fn copy_files(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder").flatten().filter(|entry| entry.path().is_file()) {
        std::fs::copy(entry.path(), to.join(entry.file_name())).expect("a copy");
    }
}

/// Each in a configuration of its own: it runs, whatever it finds.
#[test]
fn commands_in_documents_run() {
    let mut wrong = Vec::new();
    for document in ["README.md", "docs/start.md", "docs/recipes.md", "docs/faq.md", "docs/fixes.md"] {
        let project = tempfile::tempdir().expect("a temporary folder");
        let sample = "fixtures/configurations/sample";
        copy_files(&root().join(sample), project.path());
        copy_files(&root().join(sample), &project.path().join(sample));
        for (line, args) in commands(&read(document)) {
            let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_optlint"));
            let command = command.args(&args).current_dir(project.path()).env_clear();
            let output = command.stdin(std::process::Stdio::null()).output().expect("optlint runs");
            if !matches!(output.status.code(), Some(0 | 1 | 3)) {
                let said = String::from_utf8_lossy(&output.stderr);
                wrong.push(format!("{document}:{line}: optlint {}: {said}", args.join(" ")));
            }
        }
    }
    assert_none("commands do not run", wrong);
}

/// The crates that docs/dependencies.md gives a reason for: the first column of its tables.
fn reasons() -> BTreeSet<String> {
    let rows = read("docs/dependencies.md");
    let first = |line: &str| line.strip_prefix("| `")?.split_once('`').map(|(name, _)| name.to_owned());
    rows.lines().filter_map(first).collect()
}

#[test]
fn every_dependency_has_a_reason() {
    let manifest: toml::Table = read("Cargo.toml").parse().expect("Cargo.toml");
    let mut tables: Vec<&toml::Table> = vec![];
    let kinds = ["dependencies", "build-dependencies", "dev-dependencies"];
    let targets = manifest.get("target").and_then(toml::Value::as_table).into_iter().flatten();
    let owners = targets.filter_map(|(_, target)| target.as_table()).chain([&manifest]);
    for owner in owners {
        tables.extend(kinds.iter().filter_map(|kind| owner.get(*kind)?.as_table()));
    }
    let used: BTreeSet<String> = tables.into_iter().flat_map(|table| table.keys().cloned()).collect();
    assert!(used.len() > 20, "{used:?}");
    assert_eq!(reasons(), used, "docs/dependencies.md and Cargo.toml");
}

#[test]
fn no_dependency_needs_a_newer_rust() {
    // Only crates of this platform are sure to have been fetched.
    let said = std::process::Command::new("rustc").arg("-vV").output().expect("rustc").stdout;
    let said = String::from_utf8(said).expect("text");
    let host = said.lines().find_map(|line| line.strip_prefix("host: ")).expect("a platform");
    let arguments = ["metadata", "--offline", "--locked", "--format-version", "1", "--filter-platform", host];
    let output = std::process::Command::new(env!("CARGO")).args(arguments).current_dir(root()).output().expect("cargo");
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("what cargo knows of the crates");
    let version = |text: &str| text.split('.').map(|part| part.parse::<u32>().expect("a number")).collect::<Vec<_>>();
    let crates = metadata["packages"].as_array().expect("crates");
    let named = |name: &str| crates.iter().find(|one| one["name"] == name).and_then(|one| one["rust_version"].as_str());
    let ours = named("optlint").expect("`rust-version` in Cargo.toml");
    let too_new = crates.iter().filter_map(|one| Some((&one["name"], one["rust_version"].as_str()?)));
    let too_new: Vec<_> = too_new.filter(|(_, wanted)| version(wanted) > version(ours)).collect();
    assert!(too_new.is_empty() && crates.len() > 100, "newer than {ours}: {too_new:?}");
    assert!(read("docs/dependencies.md").contains(&format!("Rust {ours} or newer")), "docs/dependencies.md: {ours}");
}

/// Rust below the folders that hold tests, in one text.
fn rust() -> String {
    let (mut all, mut folders) = (String::new(), ["src", "tests", "rules"].map(PathBuf::from).to_vec());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(root().join(&folder)).into_iter().flatten().flatten() {
            let path = folder.join(entry.file_name());
            match path.extension() {
                _ if entry.path().is_dir() && !path.ends_with("fuzz/target") => folders.push(path),
                Some(ending) if ending == "rs" => all += &read(&path.to_string_lossy()),
                _ => {}
            }
        }
    }
    all
}

#[test]
fn claims_about_security_name_tests() {
    let (document, rust) = (read("docs/security.md"), rust());
    let rows = document.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| Against"));
    let rows: Vec<(&str, &str)> = rows.filter_map(|row| row.trim_end_matches('|').rsplit_once('|')).collect();
    assert!(rows.len() > 10, "{} claims", rows.len());
    let mut wrong = vec![];
    for (claim, shown) in rows {
        let tests: Vec<&str> = shown.split('`').skip(1).step_by(2).collect();
        if tests.is_empty() && shown.trim() != "the compiler" {
            wrong.push(format!("{claim}: shown by nothing"));
        }
        let missing = tests.iter().filter(|name| !name.contains(['/', '.']) && !rust.contains(&format!("fn {name}(")));
        wrong.extend(missing.map(|name| format!("there is no test `{name}`")));
    }
    assert_none("docs/security.md", wrong);
}
