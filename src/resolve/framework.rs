//! Flake inputs whose functions make configurations: frameworks. None of them is read; what the
//! well-known ones do with a project's files is said in Nix, by whoever gives a [`FlakeStandIn`].

use super::StandIn;
use super::system::Registry;
use crate::eval::{AttrSet, Elem, Eval, Kind, R, Rest, Thunk, Val};
use crate::source::Origin;
use crate::value::{Cause, Name, Str, Unknown};
use std::path::Path;
use std::rc::Rc;

/// What stands in for a flake that is not read.
///
/// The text is a function from what [`Frameworks::outputs`] hands out to the outputs that are known.
#[derive(Clone, Copy, Debug)]
pub struct FlakeStandIn {
    /// The usual name of the input.
    pub name: &'static str,
    /// Repositories, by their name or by owner and name, one of which the input's reference names.
    pub repositories: &'static [&'static str],
    /// The text's name in angle brackets, and the text.
    pub text: (&'static str, &'static str),
    /// Words one of which is in every file of a framework's own module in which NixOS modules stand: the
    /// text then gives `contained`, a function from such a module to the list of those.
    pub around: &'static [&'static str],
}

/// Makes configurations in the way frameworks do.
#[derive(Clone)]
pub(super) struct Frameworks {
    pub registry: Registry,
    pub stand_in: StandIn,
}

impl FlakeStandIn {
    /// Whether an input of this name and reference is meant.
    fn is(&self, name: &str, url: Option<&str>) -> bool {
        let Some(url) = url else { return name == self.name };
        let parts = parts(url);
        match parts[..] {
            [id] | ["flake", id, ..] => id == self.name,
            _ => self.repositories.iter().any(|repository| {
                let wanted: Vec<&str> = repository.split('/').collect();
                parts.windows(wanted.len()).any(|have| have.iter().zip(&wanted).all(|(a, b)| a.eq_ignore_ascii_case(b)))
            }),
        }
    }
}

/// The steps of a flake reference, without query and endings.
fn parts(url: &str) -> Vec<&str> {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    let plain = |part: &'_ str| !part.is_empty();
    path.split(['/', ':']).filter(|part| plain(part)).map(|part| part.trim_end_matches(".git")).collect()
}

impl Frameworks {
    /// The outputs of a framework; `None` when the input is none that is known.
    pub(super) fn outputs(
        &self,
        eval: &mut Eval,
        name: &str,
        url: Option<&str>,
        from: &Unknown,
    ) -> Option<Rc<AttrSet>> {
        let found = self.stand_in.flakes.iter().find(|flake| flake.is(name, url))?;
        let function = eval.embedded(found.text.0, found.text.1);
        let function = eval.force_or_unknown(&function);
        let frameworks = self.clone();
        let configuration = Val::closure("configuration", 3, move |eval, args, at| {
            frameworks.configuration(eval, &args[0], &args[1], &args[2], at)
        });
        let hole = from.clone();
        let unread = Val::closure("unread", 1, move |eval, args, at| {
            let what = super::types::text(eval, &args[0]).unwrap_or_default();
            Ok(Val::new(Kind::Unknown(eval.derive(&hole, &format!(".{what}"))), at))
        });
        let hole = from.clone();
        let open = Val::closure("open", 2, move |eval, args, at| open(eval, &hole, &args[0], &args[1], at));
        let evaluate = super::parts::evaluate();
        let mut arguments: Vec<(Name, Thunk)> = vec![("lib".into(), eval.library())];
        for (name, value) in
            [("configuration", configuration), ("unread", unread), ("open", open), ("evalFlakeModules", evaluate)]
        {
            arguments.push((name.into(), Thunk::done(value)));
        }
        let arguments = Val::attrs(arguments, Origin::Default);
        let outputs = eval.apply(&function, Thunk::done(arguments), Origin::Default).ok()?;
        match outputs.kind {
            Kind::Attrs(outputs) => Some(outputs),
            _ => None,
        }
    }

    /// The NixOS modules that stand in the module in `file`, if that is one of a framework's own class.
    pub(super) fn contained(&self, eval: &mut Eval, file: &Path) -> Vec<Thunk> {
        let Ok(text) = eval.files().read(file) else { return vec![] };
        let meant = |flake: &&FlakeStandIn| flake.around.iter().any(|word| text.contains(word));
        let Some(flake) = self.stand_in.flakes.iter().find(meant) else { return vec![] };
        let from = eval.new_unknown(Cause::Input(flake.name.into(), None), Origin::Default);
        let Some(outputs) = self.outputs(eval, flake.name, None, &from) else { return vec![] };
        let Some(contained) = outputs.known.get("contained") else { return vec![] };
        let contained = eval.force_or_unknown(&contained.value);
        let module = Thunk::done(Val::new(Kind::Path(Rc::new(Str::new(file.to_string_lossy()))), Origin::Default));
        match eval.apply(&contained, module, Origin::Default).map(|found| found.kind) {
            Ok(Kind::List(found)) => found.iter().filter_map(sure).collect(),
            _ => vec![],
        }
    }

    /// `configuration label path argument`: what `nixosSystem argument` gives, recognised by `label`
    /// and made by the file at `path`.
    fn configuration(&self, eval: &mut Eval, label: &Thunk, path: &Thunk, argument: &Thunk, at: Origin) -> R {
        let label = super::types::text(eval, label).unwrap_or_else(|| "a framework".to_owned());
        let path = eval.force_or_unknown(path);
        let file = match path.kind {
            Kind::Null => None,
            _ => eval.file_path(&path, at).ok().and_then(Result::ok),
        };
        let file = file.map(|file| match eval.files().kind(&file) {
            Some(crate::source::load::FileKind::Directory) => file.join("default.nix"),
            _ => file,
        });
        let entry = file.and_then(|file| eval.read_source(&file).ok()).map_or(at, Origin::File);
        self.registry.system(eval, label, argument, self.stand_in, entry)
    }
}

/// An element that is there.
fn sure(item: &Elem) -> Option<Thunk> {
    match item {
        Elem::One(thunk) => Some(thunk.clone()),
        _ => None,
    }
}

/// `open what set`: the set with more attributes that nobody knows, those of `what` in the input.
fn open(eval: &mut Eval, from: &Unknown, what: &Thunk, set: &Thunk, at: Origin) -> R {
    let what = super::types::text(eval, what).unwrap_or_default();
    let set = eval.force(set)?;
    let unknown = eval.derive(from, &format!(".{what}"));
    let Kind::Attrs(set) = &set.kind else { return Ok(Val::new(Kind::Unknown(unknown), at)) };
    let mut set = (**set).clone();
    set.rest = Some(named(&unknown));
    Ok(Val::new(Kind::Attrs(Rc::new(set)), at))
}

/// Attributes of an unknown, one unknown for each name.
pub(super) fn named(unknown: &Unknown) -> Rest {
    let from = unknown.clone();
    let get = move |eval: &mut Eval, name: &Name| {
        Val::new(Kind::Unknown(eval.derive(&from, &format!(".{name}"))), Origin::Default)
    };
    Rest::Named(Rc::new(get), unknown.clone())
}

#[cfg(test)]
mod tests {
    use super::FlakeStandIn;

    #[test]
    fn references() {
        let flake = FlakeStandIn { name: "kit", repositories: &["owner/kit", "kit-nix"], text: ("", ""), around: &[] };
        let check =
            |name: &str, url: Option<&str>, expected: bool| assert_eq!(flake.is(name, url), expected, "{url:?}");
        check("kit", None, true);
        check("other", None, false);
        check("other", Some("github:owner/kit"), true);
        check("other", Some("github:Owner/kit/branch?dir=x"), true);
        check("kit", Some("github:somebody/kit"), false);
        check("other", Some("git+https://example.org/any/kit-nix.git?ref=main"), true);
        check("other", Some("https://example.org/owner/kit/archive/main.tar.gz"), true);
        check("other", Some("kit"), true);
        check("other", Some("flake:kit"), true);
        check("kit", Some("flake:other"), false);
    }
}
