//! Whatever the static resolver calls known, Nix computes equally.
//!
//! Each folder under `fixtures/configurations/` holds `evaluated.json`: what real Nix said
//! (`tests/options/record.sh` writes it). Unknown is always allowed; how much may be unknown is
//! said by `soundness/shares.txt`.

#[path = "soundness/agree.rs"]
mod agree;
#[path = "soundness/generated.rs"]
mod generated;

use agree::{Tally, compare};
use optlint::eval::Eval;
use optlint::option::{Configuration, OptionPath, OptionPattern};
use optlint::resolve::{Request, Resolver};
use optlint::rules::STAND_IN;
use optlint::source::files::Disk;
use optlint::source::load;
use optlint::syntax::with_big_stack;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The folders with a record, by name.
fn cases() -> BTreeMap<String, PathBuf> {
    let folder = root().join("fixtures/configurations");
    let entries = std::fs::read_dir(folder).expect("the fixtures").flatten();
    let cases = entries.filter(|entry| entry.path().join("evaluated.json").exists());
    cases.map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path())).collect()
}

/// The configuration in `folder`, with the options that were recorded.
fn resolve(folder: &Path, recorded: &BTreeMap<String, Json>) -> Configuration {
    let patterns: Vec<OptionPattern> = recorded.keys().map(|option| OptionPattern::parse(option)).collect();
    let mut eval = Eval::new(Box::new(Disk::new(vec![folder.to_path_buf()])));
    let resolver = Resolver::new(&mut eval, STAND_IN);
    let files = load::walk(folder).files;
    let found = resolver.project(&mut eval, folder, &files, &mut Request::all(&patterns));
    assert_eq!(eval.problems, [], "{}", folder.display());
    found.into_iter().find(|configuration| configuration.whole).expect("a whole configuration")
}

/// Compares one case; says what is wrong, and how much of the record is known.
fn examine(folder: &Path) -> (Vec<String>, Tally) {
    let text = std::fs::read_to_string(folder.join("evaluated.json")).expect("a record");
    let recorded: BTreeMap<String, Json> = serde_json::from_str(&text).expect("JSON");
    let configuration = resolve(folder, &recorded);
    let (mut wrong, mut tally) = (vec![], Tally::default());
    for (option, expected) in &recorded {
        let path = OptionPath::parse(option);
        let names: Vec<&str> = path.0.iter().filter_map(|segment| segment.as_name()).collect();
        match configuration.entry(&names) {
            Some(entry) => compare(option, &entry.value, expected, &mut wrong, &mut tally),
            None if configuration.may_exist(&names).is_some() => tally.unknown(expected),
            None => wrong.push(format!("{option}: Nix has it, we say that it is not there")),
        }
    }
    (wrong, tally)
}

/// The least share of known leaves of each case, in percent.
fn shares() -> BTreeMap<String, u32> {
    let text = std::fs::read_to_string(root().join("tests/soundness/shares.txt")).expect("shares.txt");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let pairs = lines.filter_map(|line| line.split_once(' '));
    pairs.map(|(name, share)| (name.to_string(), share.trim().parse().expect(name))).collect()
}

#[test]
fn what_is_known_is_what_nix_computes() {
    let shares = shares();
    let mut failures = vec![];
    for (name, folder) in cases() {
        let (wrong, tally) = with_big_stack(|| examine(&folder));
        failures.extend(wrong.into_iter().map(|text| format!("{name}: {text}")));
        let share = tally.percent();
        match shares.get(&name) {
            Some(least) if share < *least => {
                failures.push(format!("{name}: {share} % are known, expected {least} %: {}", tally.missing()));
            }
            Some(least) if share > *least => {
                eprintln!("{name}: {share} % are known; raise the {least} in tests/soundness/shares.txt");
            }
            Some(_) => (),
            None => failures.push(format!("{name}: add `{name} {share}` to tests/soundness/shares.txt")),
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

/// Sets of modules, each about one thing that generated sets brought to light.
#[test]
fn module_sets_are_what_nix_computes() {
    let (wrong, summary) = with_big_stack(|| generated::examine(&root().join("fixtures/module-sets")));
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert!(!summary.starts_with("0 "), "{summary}");
}

/// Generated sets of modules: `tests/generated/modules.sh` writes them and says where they are.
#[test]
fn generated_modules_are_what_nix_computes() {
    let Some(folder) = std::env::var_os("MODULE_SETS") else { return };
    let (wrong, summary) = with_big_stack(|| generated::examine(Path::new(&folder)));
    eprintln!("{summary}");
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
