//! From a folder to the configurations in it.

use super::flake;
use super::system::Registry;
use super::{Declarations, Modules};
use crate::eval::{Eval, Kind, Thunk, Val};
use crate::option::{Configuration, OptionPattern, PatternStep};
use crate::source::Origin;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// What a project holds.
pub struct Project {
    /// Whole configurations, then modules that none of them reaches.
    pub configurations: Vec<Configuration>,
}

/// Finds and resolves every configuration below `root`.
///
/// `files` are all `.nix` files of the project, absolute and sorted. A file that mentions an
/// option of interest and that no configuration reads is resolved as a module on its own.
pub fn project(
    eval: &mut Eval,
    root: &Path,
    files: &[PathBuf],
    patterns: &[OptionPattern],
    declarations: Declarations<'static>,
) -> Project {
    let registry = Registry::default();
    registry.install(eval, declarations);
    super::parts::install(eval);
    let mut found: Vec<(String, Rc<Modules>)> = vec![];
    if eval.files().kind(&root.join("flake.nix")).is_some() {
        found.extend(of_flake(eval, root, &registry));
    }
    let mut configurations: Vec<_> =
        found.into_iter().map(|(name, modules)| Configuration { name, ..modules.resolve(eval, patterns) }).collect();
    for file in files.iter().filter(|file| file.ends_with("configuration.nix")) {
        if eval.sources.find(file).is_none() {
            configurations.push(of_file(eval, root, file, true, patterns, declarations));
        }
    }
    let words = words_of_interest(patterns);
    for file in files {
        if eval.sources.find(file).is_some() || !mentions(eval, file, &words) {
            continue;
        }
        configurations.push(of_file(eval, root, file, false, patterns, declarations));
    }
    Project { configurations }
}

/// The configurations a flake gives.
fn of_flake(eval: &mut Eval, root: &Path, registry: &Registry) -> Vec<(String, Rc<Modules>)> {
    let Some(outputs) = flake::outputs(eval, root) else { return vec![] };
    let mut found: Vec<(String, Rc<Modules>)> = vec![];
    for (output, path) in [("nixosConfigurations", &[][..]), ("nodes", &[]), ("colmenaHive", &["nodes"][..])] {
        let path: Vec<_> = std::iter::once(output).chain(path.iter().copied()).map(crate::value::Str::new).collect();
        let Ok(set) = eval.select_from(&outputs, &path, None, Origin::Default) else { continue };
        let Kind::Attrs(set) = &set.kind else { continue };
        for (name, attribute) in &set.known {
            eval.refill();
            let value = eval.force_or_unknown(&attribute.value);
            if let Some(modules) = configuration_of(eval, registry, &value)
                && !found.iter().any(|(_, have)| Rc::ptr_eq(have, &modules))
            {
                found.push((name.to_string(), modules));
            }
        }
    }
    found
}

/// The configuration behind a value; of several that depend on an undecided condition, the first.
fn configuration_of(eval: &mut Eval, registry: &Registry, value: &Val) -> Option<Rc<Modules>> {
    match &value.kind {
        Kind::OneOf(alternatives) => alternatives.iter().find_map(|(_, thunk)| {
            let value = eval.force_or_unknown(thunk);
            registry.find(&value)
        }),
        _ => registry.find(value),
    }
}

/// One file as a configuration, or as a module on its own.
fn of_file(
    eval: &mut Eval,
    root: &Path,
    file: &Path,
    whole: bool,
    patterns: &[OptionPattern],
    declarations: Declarations<'static>,
) -> Configuration {
    let name = file.strip_prefix(root).unwrap_or(file).to_string_lossy().into_owned();
    let path = Val::new(Kind::Path(Rc::new(crate::value::Str::new(file.to_string_lossy()))), Origin::Default);
    let module = Thunk::done(path);
    let modules = Modules::new(eval, &name, vec![module], BTreeMap::new(), whole, declarations);
    modules.resolve(eval, patterns)
}

/// Words one of which a file holds that defines an option of interest: the second step of each
/// pattern, behind the namespace.
fn words_of_interest(patterns: &[OptionPattern]) -> Vec<String> {
    let mut words: Vec<String> = patterns
        .iter()
        .filter_map(|pattern| match &pattern.0[..] {
            [_, PatternStep::Name(name), ..] | [PatternStep::Name(name)] => Some(name.to_string()),
            _ => None,
        })
        .collect();
    words.sort();
    words.dedup();
    words
}

fn mentions(eval: &Eval, file: &Path, words: &[String]) -> bool {
    eval.files().read(file).is_ok_and(|text| words.iter().any(|word| text.contains(word.as_str())))
}
