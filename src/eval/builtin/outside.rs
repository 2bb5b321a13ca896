//! What reads the environment, the network, the clock or the store: unknown, with the reason.

use super::Builtin;
use super::argument::set;
use crate::eval::Eval;
use crate::eval::thunk::Thunk;
use crate::eval::val::{Kind, R, Rest, Val};
use crate::source::Origin;
use crate::value::{Cause, Str};

pub(super) const TABLE: &[Builtin] = &[
    ("getEnv", 1, get_env),
    ("fetchurl", 1, fetched),
    ("fetchTarball", 1, fetched),
    ("fetchGit", 1, fetched),
    ("fetchMercurial", 1, fetched),
    ("fetchTree", 1, fetched),
    ("fetchClosure", 1, fetched),
    ("getFlake", 1, fetched),
    ("parseFlakeRef", 1, |eval, _, at| Ok(eval.unknown(Cause::Unsupported("parseFlakeRef".into()), at))),
    ("flakeRefToString", 1, |eval, _, at| Ok(eval.unknown(Cause::Unsupported("flakeRefToString".into()), at))),
    ("convertHash", 1, |eval, _, at| Ok(eval.unknown(Cause::Unsupported("convertHash".into()), at))),
    ("scopedImport", 2, |eval, _, at| Ok(eval.unknown(Cause::Unsupported("scopedImport".into()), at))),
    ("outputOf", 2, |eval, _, at| Ok(eval.unknown(Cause::Outside("the output of a derivation".into()), at))),
    ("findFile", 2, find_file),
    ("derivation", 1, derivation),
    ("derivationStrict", 1, derivation_strict),
];

/// Values, not functions, that nobody can know.
pub(super) const UNKNOWN: &[(&str, &str)] = &[
    ("currentTime", "the clock"),
    ("currentSystem", "the kind of machine"),
    ("nixPath", "NIX_PATH"),
    ("nixVersion", "the version of Nix"),
];

fn get_env(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each_text(&args[0], "getEnv", at, |eval, name| {
        let unknown = eval.new_unknown(Cause::Outside(format!("the environment variable `{name}`")), at);
        Ok(Val::str(Str::hole(unknown), at))
    })
}

fn fetched(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    let argument = eval.force_or_unknown(&args[0]);
    let cause = match address(eval, &argument) {
        Some(address) => Cause::Fetched(tree_name(&address).into(), format!("`{address}`, which is not fetched")),
        None => Cause::Outside("the network".into()),
    };
    Ok(eval.unknown(cause, at))
}

/// Where something is fetched from, as far as it is written, without what may be secret in it.
fn address(eval: &mut Eval, argument: &Val) -> Option<String> {
    let mut part = |name: &str| match &argument.kind {
        Kind::Attrs(set) => {
            set.known.get(name).and_then(|part| match eval.force_or_unknown(&part.value.clone()).kind {
                Kind::Str(text) | Kind::Path(text) => Some(text),
                _ => None,
            })
        }
        Kind::Str(text) | Kind::Path(text) if name == "url" => Some(text.clone()),
        _ => None,
    };
    let shown = |text: &Str| {
        let part = |part: &crate::value::Part| match part {
            crate::value::Part::Text(text) => text.to_string(),
            crate::value::Part::Hole(_) => "…".to_owned(),
        };
        text.parts().iter().map(part).collect::<String>()
    };
    if let Some(url) = part("url") {
        return Some(without_credentials(&shown(&url)));
    }
    let (owner, repository) = (part("owner")?, part("repo")?);
    let forge = part("type").map_or_else(|| "github".to_owned(), |forge| shown(&forge));
    Some(without_credentials(&format!("{forge}:{}/{}", shown(&owner), shown(&repository))))
}

/// An address without a user's name, password and query.
fn without_credentials(address: &str) -> String {
    let address = address.split(['?', '#']).next().unwrap_or_default();
    let (scheme, rest) = match address.split_once("://") {
        Some((scheme, rest)) => (format!("{scheme}://"), rest),
        None => (String::new(), address),
    };
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = host.rsplit('@').next().unwrap_or_default();
    format!("{scheme}{host}{}{path}", if rest.contains('/') { "/" } else { "" })
}

/// What people call the tree at an address: the repository, or what the archive is named after.
fn tree_name(address: &str) -> String {
    let path = address.split_once("://").map_or(address, |(_, path)| path);
    let (host, path) = path.split_once(['/', ':']).unwrap_or(("", path));
    if host == "nixos.org" || host.ends_with(".nixos.org") {
        return "nixpkgs".to_owned();
    }
    let mut names = path.split('/').filter(|name| !name.is_empty());
    let name = names.nth(1).or_else(|| path.rsplit('/').next()).unwrap_or_default();
    name.trim_end_matches(".git").to_owned()
}

fn find_file(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each_text(&args[1], "", at, |eval, name| Ok(eval.unknown(Cause::SearchPath(name.to_string().into()), at)))
}

fn derivation(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each(&args[0], "derivation", at, |eval, argument| {
        let name = eval.derivation_name(argument, at)?;
        let package = eval.derivation(name, vec![Thunk::done(argument.clone())], at);
        let Kind::Attrs(given) = &argument.kind else { return Ok(package) };
        let mut whole = (**given).clone();
        let outputs = given.known.get("outputs");
        let path = eval.select_from(&package, &[Str::new("outPath")], None, at)?;
        let drv = eval.unknown(Cause::Outside("the path of a derivation".into()), at);
        whole.insert("type", Thunk::done(Val::text("derivation", at)), at);
        whole.insert("drvAttrs", Thunk::done(argument.clone()), at);
        whole.insert("outPath", Thunk::done(path), at);
        whole.insert("drvPath", Thunk::done(drv), at);
        if outputs.is_some() || !given.is_complete() {
            // Several outputs, each an attribute of its own: more than is followed here.
            let more = eval.new_unknown(Cause::Unsupported("outputs of a derivation".into()), at);
            whole.known.remove("outPath");
            whole.rest = Some(Rest::Unknown(more));
            return Ok(set(whole, at));
        }
        whole.insert("outputName", Thunk::done(Val::text("out", at)), at);
        let itself = Thunk::done(set(whole.clone(), at));
        whole.insert("all", Thunk::done(Val::list(vec![itself.clone()], at)), at);
        whole.insert("out", itself, at);
        Ok(set(whole, at))
    })
}

fn derivation_strict(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each(&args[0], "derivationStrict", at, |eval, argument| {
        let name = eval.derivation_name(argument, at)?;
        let package = eval.derivation(name, vec![Thunk::done(argument.clone())], at);
        let path = |eval: &mut Eval| eval.select_from(&package, &[Str::new("outPath")], None, at);
        let (out, drv) = (path(eval)?, eval.unknown(Cause::Outside("the path of a derivation".into()), at));
        Ok(Val::attrs([("out".into(), Thunk::done(out)), ("drvPath".into(), Thunk::done(drv))], at))
    })
}

impl Eval {
    /// `name`, or `pname` and `version`, of what a derivation is made from, as far as it is known.
    pub(super) fn derivation_name(&mut self, argument: &Val, at: Origin) -> R<Str> {
        let mut part = |name: &str| {
            let null = Thunk::done(Val::new(Kind::Null, at));
            match self.select_from(argument, &[Str::new(name)], Some(&null), at) {
                Ok(Val { kind: Kind::Str(text), .. }) => Some((*text).clone()),
                Ok(Val { kind: Kind::Null, .. }) => None,
                _ => Some(Str::hole(self.new_unknown(Cause::Outside("the name of a derivation".into()), at))),
            }
        };
        if let Some(name) = part("name") {
            return Ok(name);
        }
        let (Some(mut name), version) = (part("pname"), part("version")) else { return Ok(Str::default()) };
        if let Some(version) = version {
            name.push_text("-");
            name.push(&version);
        }
        Ok(name)
    }
}

#[cfg(test)]
mod tests {
    use super::{tree_name, without_credentials};

    #[test]
    fn addresses() {
        let check = |address: &str, shown: &str, name: &str| {
            assert_eq!((without_credentials(address).as_str(), tree_name(shown).as_str()), (shown, name));
        };
        let archive = "https://github.com/nix-community/home-manager/archive/master.tar.gz";
        check(archive, archive, "home-manager");
        check("https://me:word@git.example.org/a/b.git?token=x", "https://git.example.org/a/b.git", "b");
        let channel = "https://nixos.org/channels/nixos-unstable/nixexprs.tar.xz";
        check(channel, channel, "nixpkgs");
        check("git@example.org:a/b.git", "example.org:a/b.git", "b");
        check("", "", "");
        check("https://example.org", "https://example.org", "example.org");
    }
}
