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

fn fetched(eval: &mut Eval, _: &[Thunk], at: Origin) -> R {
    Ok(eval.unknown(Cause::Outside("the network".into()), at))
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
