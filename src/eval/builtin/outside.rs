//! What reads the environment, the network, the clock or the store: unknown, with the reason.

use super::Builtin;
use crate::eval::Eval;
use crate::eval::thunk::Thunk;
use crate::eval::val::{Kind, R, Val};
use crate::source::Origin;
use crate::value::{Cause, Name, Part, Str};

pub(super) const TABLE: &[Builtin] = &[
    ("getEnv", 1, get_env),
    ("fetchurl", 1, fetched),
    ("fetchTarball", 1, fetched),
    ("fetchGit", 1, fetched),
    ("fetchMercurial", 1, fetched),
    ("fetchTree", 1, fetched),
    ("fetchClosure", 1, fetched),
    ("getFlake", 1, fetched),
    ("scopedImport", 2, |eval, args, at| {
        let value = eval.force(&args[1])?;
        eval.scoped_import(&args[0], &value, at)
    }),
    ("outputOf", 2, |eval, _, at| Ok(eval.unknown(Cause::Outside("the output of a derivation".into()), at))),
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
        let name = eval.quoted(name.known_prefix(), args[0].origin());
        let unknown = eval.new_unknown(Cause::Outside(format!("the environment variable `{name}`")), at);
        Ok(Val::str(Str::hole(unknown), at))
    })
}

fn fetched(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    let cause = match address(eval, &args[0]) {
        Some((address, shown)) => {
            let what = if shown.contains(char::is_alphanumeric) { format!("`{shown}`") } else { COMPUTED.to_owned() };
            let name = tree_name(&address);
            let is_told = name == "nixpkgs" || shown.contains(&name);
            let name = if is_told { name } else { "…".to_owned() };
            Cause::Fetched(name.into(), format!("{what}, which is not fetched"))
        }
        None => Cause::Outside("the network".into()),
    };
    Ok(eval.unknown(cause, at))
}

/// What stands for an address of which nothing is written.
const COMPUTED: &str = "an address that is put together";

/// Where something is fetched from, and as much of it as a message may repeat: what is written and holds no
/// credentials.
fn address(eval: &mut Eval, argument: &Thunk) -> Option<(String, String)> {
    let value = eval.force_or_unknown(argument);
    let mut part = |name: &str| {
        let thunk = match &value.kind {
            Kind::Attrs(set) => set.known.get(name)?.value.clone(),
            _ if name == "url" => argument.clone(),
            _ => return None,
        };
        let value = eval.force_or_unknown(&thunk);
        let (Kind::Str(text) | Kind::Path(text)) = &value.kind else { return None };
        Some((whole(text), shown(eval, &whole(text), [thunk.origin(), value.origin])))
    };
    let (whole, shown) = match part("url") {
        Some(url) => url,
        None => {
            let (owner, repository) = (part("owner")?, part("repo")?);
            let forge = part("type").unwrap_or_else(|| ("github".to_owned(), "github".to_owned()));
            let join = |forge: String, owner: String, name: String| format!("{forge}:{owner}/{name}");
            (join(forge.0, owner.0, repository.0), join(forge.1, owner.1, repository.1))
        }
    };
    Some((without_credentials(&whole), without_credentials(&shown)))
}

/// A text, `…` for what is not known of it.
fn whole(text: &Str) -> String {
    let part = |part: &Part| match part {
        Part::Text(text) => text.to_string(),
        Part::Hole(_) => "…".to_owned(),
    };
    text.parts().iter().map(part).collect()
}

/// What is written of a text: where it is used, or, of an address, where it was born.
fn shown(eval: &Eval, text: &str, [used, born]: [Origin; 2]) -> String {
    let there = eval.quoted(text, used);
    let before = || eval.quoted(text, born);
    if there == "…" && before().contains("://") { before() } else { there }
}

impl Eval {
    /// Takes note of where a flake input comes from that is not here.
    pub fn note_foreign(&mut self, name: &Name, url: Option<&str>) {
        if let Some(url) = url {
            self.foreign.entry(name.clone()).or_default().insert(without_credentials(url));
        }
    }
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
