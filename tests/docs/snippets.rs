//! What documents, the action and the hooks tell others to run: valid YAML, flags that there are, hooks and
//! inputs by their names.

use super::{assert_none, documents, read};
use std::collections::BTreeSet;
use yaml_rust2::{Yaml, YamlLoader};

/// Flags that documents name and that are other programs'.
const OF_OTHERS: [&str; 14] = [
    // tests/performance/measure.py
    "--statix",
    "--deadnix",
    "--large",
    "--only",
    "--rounds",
    "--all-targets",
    "--check",
    "--depth",
    "--locked",
    "--offline",
    "--readonly-mode",
    "--release",
    "--root",
    "--update",
];

/// The files with something to run, or parts of it.
fn instructions() -> Vec<String> {
    let mut files: Vec<String> = documents().into_iter().filter(|document| document != "docs/cli.md").collect();
    files.extend(["action.yml", ".pre-commit-hooks.yaml", "flake.nix", "src/cli/init.rs"].map(String::from));
    files
}

/// The long flags in a line.
fn flags(line: &str) -> Vec<&str> {
    let starts = line.match_indices("--").map(|(at, _)| at);
    let flags = starts.filter_map(|at| {
        let end =
            line[at + 2..].find(|c: char| !c.is_ascii_lowercase() && c != '-').map_or(line.len(), |len| at + 2 + len);
        let is_own = !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '-' || c == '_');
        (is_own && line[at + 2..].starts_with(|c: char| c.is_ascii_lowercase())).then_some(&line[at..end])
    });
    flags.collect()
}

#[test]
fn flags_in_documents_are_there() {
    let reference = read("docs/cli.md");
    let known: BTreeSet<&str> = reference.lines().flat_map(flags).chain(OF_OTHERS).collect();
    let mut wrong = vec![];
    for file in instructions() {
        for (index, line) in read(&file).lines().enumerate() {
            let unknown = flags(line).into_iter().filter(|flag| !known.contains(flag));
            wrong.extend(unknown.map(|flag| format!("{file}:{}: {flag}", index + 1)));
        }
    }
    assert_none("flags that no command has", wrong);
}

fn yaml(file: &str, text: &str) -> Result<Yaml, String> {
    let mut loaded = YamlLoader::load_from_str(text).map_err(|error| format!("{file}: {error}"))?;
    (loaded.len() == 1).then(|| loaded.remove(0)).ok_or_else(|| format!("{file}: not one document"))
}

/// The YAML blocks of a document, each as if it began at the margin, with its line.
fn blocks(text: &str) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = vec![];
    let mut inside = false;
    for (index, line) in text.lines().enumerate() {
        match line.trim_start().strip_prefix("```") {
            Some(kind) => {
                inside = !inside && kind == "yaml";
                if inside {
                    found.push((index + 1, String::new()));
                }
            }
            None if inside => {
                if let Some((_, block)) = found.last_mut() {
                    block.push_str(line);
                    block.push('\n');
                }
            }
            None => {}
        }
    }
    found
}

#[test]
fn yaml_is_valid() {
    let mut wrong: Vec<String> =
        ["action.yml", ".pre-commit-hooks.yaml"].iter().filter_map(|file| yaml(file, &read(file)).err()).collect();
    let mut count = 0;
    for document in documents() {
        for (line, block) in blocks(&read(&document)) {
            count += 1;
            wrong.extend(yaml(&format!("{document}:{line}"), &block).err());
        }
    }
    assert_none("YAML that is none", wrong);
    assert!(count > 5, "{count} blocks are few");
}

/// Every value under the key `key`, wherever it stands.
fn under<'y>(value: &'y Yaml, key: &str, found: &mut Vec<&'y Yaml>) {
    match value {
        Yaml::Hash(map) => map.iter().for_each(|(name, value)| {
            if name.as_str() == Some(key) {
                found.push(value);
            }
            under(value, key, found);
        }),
        Yaml::Array(items) => items.iter().for_each(|item| under(item, key, found)),
        _ => {}
    }
}

#[test]
fn hooks_and_inputs_are_there() {
    let hooks = yaml("hooks", &read(".pre-commit-hooks.yaml")).expect("YAML");
    let ids: Vec<&str> = hooks.as_vec().expect("a list").iter().filter_map(|hook| hook["id"].as_str()).collect();
    let action = yaml("action", &read("action.yml")).expect("YAML");
    let inputs = action["inputs"].as_hash().expect("inputs");
    let input = |name: &str| inputs.get(&Yaml::String(name.into()));
    let mut wrong = vec![];
    for document in documents() {
        for (line, block) in blocks(&read(&document)) {
            let value = yaml(&document, &block).expect("YAML");
            let mut steps = vec![];
            under(&value, "hooks", &mut steps);
            let named = steps.iter().filter_map(|hooks| hooks.as_vec()).flatten();
            let unknown = named.filter_map(|hook| hook["id"].as_str()).filter(|id| !ids.contains(id));
            wrong.extend(unknown.map(|id| format!("{document}:{line}: no hook is called {id}")));
            let mut steps = vec![];
            under(&value, "steps", &mut steps);
            let steps = steps.iter().filter_map(|steps| steps.as_vec()).flatten();
            for step in steps.filter(|step| step["uses"].as_str().is_some_and(|uses| uses.contains("/optlint@"))) {
                let given = step["with"].as_hash().into_iter().flat_map(|with| with.keys()).filter_map(Yaml::as_str);
                let unknown = given.filter(|name| input(name).is_none());
                wrong.extend(unknown.map(|name| format!("{document}:{line}: the action has no input {name}")));
            }
        }
    }
    // The table in docs/ci.md names every input with its default.
    let page = read("docs/ci.md");
    for (name, about) in inputs {
        let (name, default) = (name.as_str().expect("a name"), about["default"].as_str().expect("a default"));
        let shown = if default.is_empty() { " ".to_owned() } else { format!(" `{default}` ") };
        if !page.contains(&format!("| `{name}` |{shown}|")) {
            wrong.push(format!("docs/ci.md: no row for the input {name} with the default {default:?}"));
        }
    }
    assert_none("names of the hooks or the action", wrong);
}
