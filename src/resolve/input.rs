//! The inputs of a flake: those in the project are read; of the others it is known which they are,
//! and what every nixpkgs and the well-known frameworks have.

use super::framework::{Frameworks, named};
use super::lock::{self, Lock};
use super::nixpkgs::says_nixpkgs;
use crate::eval::{AttrSet, Eval, Kind, R, Rest, Thunk, Val};
use crate::source::Origin;
use crate::source::load::{FileKind, normalize};
use crate::value::{Cause, Name, Str, Unknown};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// A flake in the project.
#[derive(Clone)]
pub(super) struct Flake {
    /// The folder of its `flake.nix`.
    pub folder: PathBuf,
    /// What is known of frameworks.
    pub frameworks: Frameworks,
    /// The lock of the outermost flake.
    pub lock: Rc<Lock>,
    /// The node of this flake in it.
    pub node: Option<String>,
    /// Inputs that the flake which has this one for an input gives in place of its own.
    pub given: BTreeMap<Name, Thunk>,
}

/// All inputs, once they are made.
type Knot = Rc<RefCell<Option<Val>>>;

/// The inputs: those declared, and those `outputs` asks for by name.
pub(super) fn inputs(eval: &mut Eval, flake: Flake, function: &Thunk, declared: Option<Thunk>, itself: Thunk) -> Val {
    let mut set = AttrSet::default();
    let knot: Knot = Rc::default();
    let flake = Rc::new(flake);
    let declared = declared.map(|declared| eval.force_or_unknown(&declared));
    if let Some(Val { kind: Kind::Attrs(declared), .. }) = &declared {
        for (name, attribute) in &declared.known {
            let (of, knot, said, called) = (flake.clone(), knot.clone(), attribute.value.clone(), name.clone());
            let input = move |eval: &mut Eval| Ok(declared_input(eval, &of, &knot, &called, &said));
            set.insert(name.clone(), Thunk::native(attribute.site, input), attribute.site);
        }
    }
    let function = eval.force_or_unknown(function);
    for (name, has_default) in eval.formals(&function).unwrap_or_default() {
        if !set.known.contains_key(&name) && !has_default {
            let input = match flake.given.get(&name) {
                Some(given) => given.clone(),
                None => Thunk::done(foreign(eval, &flake, &name, None, flake.locked(&name))),
            };
            set.insert(name, input, Origin::Default);
        }
    }
    set.insert("self", itself, Origin::Default);
    let inputs = Val::new(Kind::Attrs(Rc::new(set)), Origin::Default);
    *knot.borrow_mut() = Some(inputs.clone());
    inputs
}

/// An input that `inputs` declares.
fn declared_input(eval: &mut Eval, flake: &Rc<Flake>, knot: &Knot, name: &Name, declared: &Thunk) -> Val {
    if let Some(given) = flake.given.get(name) {
        return eval.force_or_unknown(given);
    }
    let declared = eval.force_or_unknown(declared);
    let Kind::Attrs(said) = &declared.kind else { return foreign(eval, flake, name, None, flake.locked(name)) };
    if let Some(path) = text_in(eval, said, "follows") {
        return followed(eval, knot, name, &path);
    }
    let url = match text_in(eval, said, "url") {
        Some(url) => Some(url),
        None => {
            let fields = ["type", "owner", "repo", "url", "path", "id"];
            let fields = fields.map(|field| (field, text_in(eval, said, field)));
            lock::reference(&|wanted| fields.iter().find(|(field, _)| *field == wanted)?.1.clone())
        }
    };
    let is_flake = match said.known.get("flake") {
        Some(attribute) => !matches!(eval.force_or_unknown(&attribute.value).kind, Kind::Bool(false)),
        None => true,
    };
    let folder = url.as_deref().and_then(|url| folder(&flake.folder, url));
    let present = folder.filter(|folder| eval.files().kind(folder) == Some(FileKind::Directory));
    match present {
        Some(folder) if !is_flake => {
            let path = Val::new(Kind::Path(Rc::new(Str::new(folder.to_string_lossy()))), Origin::Default);
            Val::attrs([("outPath".into(), Thunk::done(path))], Origin::Default)
        }
        Some(folder) => {
            let given = overrides(eval, knot, said);
            let inner = Flake { folder, node: flake.locked(name), given, ..(**flake).clone() };
            match super::flake::value(eval, inner) {
                Some(value) => eval.force_or_unknown(&value),
                None => foreign(eval, flake, name, url, flake.locked(name)),
            }
        }
        None => foreign(eval, flake, name, url, flake.locked(name)),
    }
}

/// What `inputs.<name>.inputs.<inner>.follows` gives the inner flake.
fn overrides(eval: &mut Eval, knot: &Knot, said: &AttrSet) -> BTreeMap<Name, Thunk> {
    let Some(inner) = said.known.get("inputs") else { return BTreeMap::new() };
    let Kind::Attrs(inner) = eval.force_or_unknown(&inner.value).kind else { return BTreeMap::new() };
    let mut given = BTreeMap::new();
    for (name, said) in &inner.known {
        if let Kind::Attrs(said) = eval.force_or_unknown(&said.value).kind
            && let Some(path) = text_in(eval, &said, "follows")
        {
            let (knot, called) = (knot.clone(), name.clone());
            let followed = move |eval: &mut Eval| Ok(followed(eval, &knot, &called, &path));
            given.insert(name.clone(), Thunk::native(Origin::Default, followed));
        }
    }
    given
}

/// The input along `first/second/…`, from the flake that says so.
fn followed(eval: &mut Eval, knot: &Knot, name: &Name, path: &str) -> Val {
    let mut names = vec![];
    for step in path.split('/').filter(|step| !step.is_empty()) {
        if !names.is_empty() {
            names.push(Str::new("inputs"));
        }
        names.push(Str::new(step));
    }
    let inputs = knot.borrow().clone();
    match inputs {
        Some(inputs) if !names.is_empty() => match eval.select_from(&inputs, &names, None, Origin::Default) {
            Ok(value) => value,
            Err(failure) => eval.failed(&failure),
        },
        // An empty path leaves the input out.
        _ => eval.unknown(Cause::Input(name.clone(), None), Origin::Default),
    }
}

/// The folder that a reference names relative to a flake, or on this machine.
fn folder(flake: &Path, url: &str) -> Option<PathBuf> {
    let (place, query) = url.split_once('?').unwrap_or((url, ""));
    let place = match place.split_once(':') {
        Some(("path" | "git+file", rest)) => {
            rest.strip_prefix("//").filter(|rest| rest.starts_with('/')).unwrap_or(rest)
        }
        Some(_) => return None,
        None if place.starts_with('.') || place.starts_with('/') => place,
        None => return None,
    };
    let inside = query.split('&').find_map(|field| field.strip_prefix("dir=")).unwrap_or("");
    Some(normalize(&flake.join(place).join(inside.trim_start_matches('/'))))
}

fn text_in(eval: &mut Eval, set: &AttrSet, name: &str) -> Option<String> {
    let value = set.known.get(name)?.value.clone();
    super::types::text(eval, &value)
}

impl Flake {
    /// The lock's node of an input.
    fn locked(&self, name: &str) -> Option<String> {
        self.lock.input(self.node.as_ref()?, name)
    }
}

/// An input that is not in the project.
fn foreign(eval: &mut Eval, flake: &Rc<Flake>, name: &Name, url: Option<String>, node: Option<String>) -> Val {
    let url = url.or_else(|| node.as_ref().and_then(|node| flake.lock.url(node)).map(str::to_owned));
    let tree = url.as_deref().map(|url| Name::from(tree_at(url).as_str()));
    let unknown = eval.new_unknown(Cause::Input(name.clone(), tree), Origin::Default);
    eval.note_foreign(name, url.as_deref());
    let mut set = AttrSet::default();
    if url.as_deref().is_some_and(|url| url.contains("import-tree")) {
        set.insert("__functor", Thunk::done(super::tree::import_tree()), Origin::Default);
    }
    let outputs = flake.frameworks.outputs(eval, name, url.as_deref(), &unknown);
    for (output, attribute) in outputs.iter().flat_map(|outputs| &outputs.known) {
        set.known.insert(output.clone(), attribute.clone());
    }
    let is_nixpkgs = is_nixpkgs(name, url.as_deref());
    eval.set_tree_of_input(name, is_nixpkgs.then_some("nixpkgs"));
    let (from, of) = (unknown.clone(), flake.clone());
    let get = move |eval: &mut Eval, output: &Name| match output.as_str() {
        "lib" if is_nixpkgs => {
            let library = eval.library();
            eval.force_or_unknown(&library)
        }
        "lib" => foreign_library(eval, &of.frameworks, &from),
        "legacyPackages" | "packages" if is_nixpkgs => packages_by_system(eval),
        "outPath" => Val::str(Str::hole(eval.derive(&from, ".outPath")), Origin::Default),
        "inputs" => inner_inputs(eval, &of, node.as_deref(), &from),
        _ => Val::new(Kind::Unknown(eval.derive(&from, &format!(".{output}"))), Origin::Default),
    };
    set.rest = Some(Rest::Named(Rc::new(get), unknown));
    Val::new(Kind::Attrs(Rc::new(set)), Origin::Default)
}

/// What a flake reference says of which tree is meant: `owner/repository`, or what the registry calls it.
fn tree_at(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or(url);
    let (path, skipped, taken) = match url.split_once(':') {
        None => (url, 0, 1),
        Some(("flake", id)) => (id, 0, 1),
        Some(("github" | "gitlab" | "sourcehut", path)) => (path, 0, 2),
        Some((_, path)) if path.starts_with("//flakehub.com/f/") => (path, 2, 2),
        Some((_, path)) if path.starts_with("//") => (path, 1, 2),
        Some(_) => return url.to_owned(),
    };
    let steps = path.split('/').filter(|step| !step.is_empty()).skip(skipped).take(taken);
    let steps: Vec<&str> = steps.map(|step| step.trim_end_matches(".git")).collect();
    steps.join("/")
}

/// Whether an input is a nixpkgs, perhaps under another name.
fn is_nixpkgs(name: &str, url: Option<&str>) -> bool {
    let says = |text: &str| text.to_lowercase().split(['/', ':', '.', '?', '=', '&']).any(says_nixpkgs);
    name == "nixpkgs" || url.map_or_else(|| says(name), |url| says(url) || url.contains("/nixexprs."))
}

/// The inputs of an input, as the lock lists them.
fn inner_inputs(eval: &mut Eval, flake: &Rc<Flake>, node: Option<&str>, from: &Unknown) -> Val {
    let mut set = AttrSet { rest: Some(named(&eval.derive(from, ".inputs"))), ..AttrSet::default() };
    for name in node.map(|node| flake.lock.inputs(node)).unwrap_or_default() {
        let inner = node.and_then(|node| flake.lock.input(node, &name));
        let (of, called) = (flake.clone(), Name::from(name.as_str()));
        let input = move |eval: &mut Eval| Ok(foreign(eval, &of, &called, None, inner));
        set.insert(name.as_str(), Thunk::native(Origin::Default, input), Origin::Default);
    }
    Val::new(Kind::Attrs(Rc::new(set)), Origin::Default)
}

/// `lib` of an input that is not known. What it calls `nixosSystem` makes a configuration, with
/// modules of its own perhaps.
fn foreign_library(eval: &mut Eval, frameworks: &Frameworks, from: &Unknown) -> Val {
    let unknown = eval.derive(from, ".lib");
    let mut set = AttrSet { rest: Some(named(&unknown)), ..AttrSet::default() };
    let (frameworks, own) = (frameworks.clone(), eval.derive(&unknown, ".nixosSystem"));
    let system = Val::closure("nixosSystem", 1, move |eval, args, at| -> R {
        let module = Thunk::done(Val::new(Kind::Unknown(own.clone()), at));
        frameworks.registry.system_with(
            eval,
            "`nixosSystem`".to_owned(),
            &args[0],
            vec![module],
            frameworks.stand_in,
            at,
        )
    });
    set.insert("nixosSystem", Thunk::done(system), Origin::Default);
    Val::new(Kind::Attrs(Rc::new(set)), Origin::Default)
}

/// `legacyPackages.<system>`.
fn packages_by_system(eval: &mut Eval) -> Val {
    let unknown = eval.new_unknown(Cause::Package("pkgs".into()), Origin::Default);
    let get = |eval: &mut Eval, _: &Name| eval.pkgs();
    let set = AttrSet { rest: Some(Rest::Named(Rc::new(get), unknown)), ..AttrSet::default() };
    Val::new(Kind::Attrs(Rc::new(set)), Origin::Default)
}

#[cfg(test)]
mod tests {
    use super::{folder, is_nixpkgs};
    use std::path::Path;

    #[test]
    fn folders() {
        let check = |url: &str, expected: Option<&str>| {
            assert_eq!(folder(Path::new("/project/a"), url).as_deref(), expected.map(Path::new), "{url}");
        };
        check("./sub", Some("/project/a/sub"));
        check("path:./sub", Some("/project/a/sub"));
        check("path:sub", Some("/project/a/sub"));
        check("path:../b", Some("/project/b"));
        check("git+file:.?dir=sub", Some("/project/a/sub"));
        check("git+file:///elsewhere?ref=main&dir=sub", Some("/elsewhere/sub"));
        check("/elsewhere", Some("/elsewhere"));
        check("path:/elsewhere", Some("/elsewhere"));
        check("github:owner/name", None);
        check("nixpkgs", None);
        check("https://example.org/x.tar.gz", None);
    }

    #[test]
    fn nixpkgs_under_other_names() {
        assert!(is_nixpkgs("nixpkgs", None));
        assert!(is_nixpkgs("unstable", Some("github:NixOS/nixpkgs/nixos-unstable")));
        assert!(is_nixpkgs("stable", Some("https://channels.nixos.org/nixos-26.05/nixexprs.tar.xz")));
        assert!(is_nixpkgs("nixpkgs-stable", None));
        assert!(is_nixpkgs("lib", Some("github:nix-community/nixpkgs.lib")));
        assert!(is_nixpkgs("unstable", Some("git+https://example.org/Nixpkgs?ref=main")));
        assert!(!is_nixpkgs("nixpkgs-wayland", Some("github:nix-community/nixpkgs-wayland")));
        assert!(!is_nixpkgs("nixpkgs-mozilla", None));
        assert!(!is_nixpkgs("raspberrypi", Some("github:example/nixos-raspberrypi")));
    }
}
