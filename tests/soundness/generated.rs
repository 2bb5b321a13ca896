//! Sets of modules that `tests/generated/modules.sh` wrote, with what Nix said of each.

use crate::agree::{Tally, agrees, compare};
use optlint::eval::{Eval, Kind, Thunk, Val};
use optlint::option::{Configuration, OptionPath, OptionPattern};
use optlint::resolve::{Modules, Resolver, StandIn};
use optlint::source::Origin;
use optlint::source::files::Disk;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// So many sets share an evaluator.
const TOGETHER: usize = 100;

/// Compares every set below `folder`; says what is wrong, and how much is known.
pub(crate) fn examine(folder: &Path) -> (Vec<String>, String) {
    let entries = std::fs::read_dir(folder).expect("the sets").flatten();
    let mut sets: Vec<PathBuf> =
        entries.map(|entry| entry.path()).filter(|path| path.join("configuration.nix").exists()).collect();
    sets.sort();
    let (mut wrong, mut tally, mut options) = (vec![], Tally::default(), Options::default());
    for chunk in sets.chunks(TOGETHER) {
        let mut eval = Eval::new(Box::new(Disk::new(vec![folder.to_path_buf()])));
        // It gives `lib` the function `evalModules`.
        Resolver::new(&mut eval, StandIn::default());
        for set in chunk {
            one(&mut eval, set, &mut wrong, &mut tally, &mut options);
        }
    }
    let Options { all, known, refused } = options;
    let count = sets.len();
    let wrongs = wrong.len();
    let share = tally.percent();
    let summary = format!(
        "{count} sets of modules, {all} options compared: {known} wholly known ({share} % of the leaves), {refused} that Nix refuses, {wrongs} wrong"
    );
    (wrong, summary)
}

fn fails(expected: &Json) -> bool {
    expected.get("$fails").is_some()
}

/// Whether Nix refuses it or something in it.
fn fails_inside(expected: &Json) -> bool {
    match expected {
        Json::Array(items) => items.iter().any(fails_inside),
        Json::Object(fields) => fails(expected) || fields.values().any(fails_inside),
        _ => false,
    }
}

/// The worlds in which Nix refuses an option of which we say that it hangs on what nobody knows:
/// there it refuses what hangs on that option, too.
fn refused_worlds(configuration: &Configuration, worlds: &[BTreeMap<String, Json>]) -> BTreeSet<usize> {
    let open = |name: &str| {
        let path = OptionPath::parse(name);
        let steps: Vec<&str> = path.0.iter().filter_map(|segment| segment.as_name()).collect();
        let entry = configuration.entry(&steps);
        let unknown = entry.and_then(|entry| entry.value.first_unknown());
        unknown.is_some_and(|unknown| !unknown.cause.is_failure())
    };
    let refused = |world: &BTreeMap<String, Json>| world.iter().any(|(name, value)| fails(value) && open(name));
    match worlds {
        [_] => BTreeSet::new(),
        _ => (0..worlds.len()).filter(|at| refused(&worlds[*at])).collect(),
    }
}

#[derive(Default)]
struct Options {
    all: u32,
    known: u32,
    refused: u32,
}

fn one(eval: &mut Eval, set: &Path, wrong: &mut Vec<String>, tally: &mut Tally, options: &mut Options) {
    let worlds = std::fs::read_to_string(set.join("worlds.json")).expect("what Nix said");
    let worlds: Vec<BTreeMap<String, Json>> = serde_json::from_str(&worlds).expect("JSON");
    let names: BTreeSet<&String> = worlds.iter().flat_map(BTreeMap::keys).collect();
    let patterns: Vec<OptionPattern> = names.iter().map(|name| OptionPattern::parse(name)).collect();
    compare_all(eval, set, (&worlds, &names), &patterns, wrong, tally, options);
    // What is known hangs on what is asked for first; what is wrong must not.
    for name in &names {
        let (mut tally, mut options) = (Tally::default(), Options::default());
        let alone = BTreeSet::from([*name]);
        compare_all(eval, set, (&worlds, &alone), &[OptionPattern::parse(name)], wrong, &mut tally, &mut options);
    }
}

/// Resolves a set for what `patterns` ask for, and compares the options `names`.
fn compare_all(
    eval: &mut Eval,
    set: &Path,
    (worlds, names): (&[BTreeMap<String, Json>], &BTreeSet<&String>),
    patterns: &[OptionPattern],
    wrong: &mut Vec<String>,
    tally: &mut Tally,
    options: &mut Options,
) {
    let module: Thunk = eval.import_file(&set.join("configuration.nix"), Origin::Default);
    let value = |kind: Kind| Thunk::done(Val::new(kind, Origin::Default));
    let args = [("given".into(), value(Kind::Int(5))), ("flag".into(), value(Kind::Bool(true)))];
    let modules = Modules::new(eval, "", vec![module], args.into(), true, StandIn::default());
    let configuration = modules.resolve(eval, patterns);
    let refused = refused_worlds(&configuration, worlds);
    for &name in names {
        let path = OptionPath::parse(name);
        let steps: Vec<&str> = path.0.iter().filter_map(|segment| segment.as_name()).collect();
        let entry = configuration.entry(&steps);
        let label = format!("{} {name}", set.file_name().unwrap_or_default().display());
        options.all += 1;
        let before = wrong.len();
        // Where unknown definitions contradict known ones Nix refuses the configuration: what we say
        // holds if it does not.
        let holds_elsewhere = entry.is_some_and(|entry| {
            let others = worlds.iter().filter_map(|world| world.get(name));
            others.into_iter().any(|expected| !fails_inside(expected) && agrees(&entry.value, expected))
        });
        for (world, expected) in worlds.iter().enumerate().filter_map(|(at, world)| Some((at, world.get(name)?))) {
            options.refused += u32::from(fails(expected));
            if fails_inside(expected) && (holds_elsewhere || refused.contains(&world)) {
                continue;
            }
            match entry {
                Some(entry) => compare(&label, &entry.value, expected, wrong, tally),
                None if configuration.may_exist(&steps).is_some() => tally.unknown(expected),
                None => wrong.push(format!("{label}: Nix has it, we say that it is not there")),
            }
            if wrong.len() > before {
                break;
            }
        }
        options.known += u32::from(entry.is_some_and(|entry| entry.value.first_unknown().is_none()));
    }
}
