//! References to flakes as text and as sets: `parseFlakeRef` and `flakeRefToString`.
//!
//! Nix has them since 2.19, and its releases differ in what they make of escapes, empty segments, unusual
//! parameters and folders (`dir`) of some kinds. Only what all of them read and write alike is known here.

use super::Builtin;
use crate::eval::Eval;
use crate::eval::thunk::Thunk;
use crate::eval::val::{AttrSet, Kind, R, Val};
use crate::source::Origin;
use crate::value::{Cause, Name};
use std::collections::BTreeMap;

pub(super) const TABLE: &[Builtin] = &[("parseFlakeRef", 1, parse), ("flakeRefToString", 1, write)];

/// Kinds of references that name a repository by its owner.
const FORGES: &[&str] = &["github", "gitlab", "sourcehut"];

/// An attribute of a reference.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Number(i64),
    Truth(bool),
}

type Pieces = BTreeMap<String, Piece>;

/// What stands behind `?`.
type Parameters<'a> = BTreeMap<&'a str, &'a str>;

fn parse(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each_text(&args[0], "parseFlakeRef", at, |eval, text| {
        let Some(known) = text.known() else { return Ok(eval.after_holes(text, "parseFlakeRef", at)) };
        let pieces = if text.context.is_empty() { pieces_of(known) } else { None };
        let Some(pieces) = pieces else {
            return Ok(eval.unknown(Cause::Unsupported("such a reference to a flake".into()), at));
        };
        let value = |piece: Piece| match piece {
            Piece::Text(text) => Val::text(&text, at),
            Piece::Number(number) => Val::new(Kind::Int(number), at),
            Piece::Truth(known) => Val::new(Kind::Bool(known), at),
        };
        Ok(Val::attrs(pieces.into_iter().map(|(name, piece)| (Name::from(name), Thunk::done(value(piece)))), at))
    })
}

fn write(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each(&args[0], "flakeRefToString", at, |eval, value| {
        let Kind::Attrs(set) = &value.kind else {
            return eval.fail(format!("value is {} while a set was expected", value.kind.describe()), at);
        };
        let pieces = pieces_in(eval, set, at)?;
        let text = match pieces {
            Ok(pieces) => pieces.and_then(|pieces| text_of(&pieces)),
            Err(unknown) => return Ok(unknown),
        };
        match text {
            Some(text) => Ok(Val::text(&text, at)),
            None => Ok(eval.unknown(Cause::Unsupported("such a reference to a flake".into()), at)),
        }
    })
}

/// The attributes, or why they are not known: `None` if they are of kinds that are not followed.
fn pieces_in(eval: &mut Eval, set: &AttrSet, at: Origin) -> R<Result<Option<Pieces>, Val>> {
    let mut pieces = Pieces::new();
    for (name, attribute) in &set.known {
        let value = eval.force(&attribute.value)?;
        let piece = match &value.kind {
            Kind::Int(number) if *number < 0 => return eval.fail("negative value given for a flake reference", at),
            Kind::Int(number) => Piece::Number(*number),
            Kind::Bool(known) => Piece::Truth(*known),
            Kind::Str(text) => match text.known() {
                Some(known) => Piece::Text(known.to_owned()),
                None => return Ok(Err(eval.after_holes(text, "flakeRefToString", at))),
            },
            Kind::Unknown(unknown) => return Ok(Err(eval.follows(unknown, at))),
            Kind::OneOf(_) | Kind::Package(_) => return Ok(Ok(None)),
            other => return eval.fail(format!("{} in a flake reference", other.describe()), at),
        };
        pieces.insert(name.to_string(), piece);
    }
    match set.why_open().cloned() {
        Some(unknown) => Ok(Err(eval.follows(&unknown, at))),
        None => Ok(Ok(Some(pieces))),
    }
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

/// A segment of a path that means itself.
fn is_segment(text: &str) -> bool {
    is_word(text) && text != "." && text != ".."
}

fn is_id(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}

fn is_revision(text: &str) -> bool {
    text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

/// Whether it is a branch or tag to all releases, and no revision.
fn is_branch(text: &str) -> bool {
    let plain = |segment: &str| {
        is_word(segment)
            && segment.starts_with(|first: char| first.is_ascii_alphanumeric())
            && !segment.contains("..")
            && !segment.ends_with('.')
            && !segment.ends_with(".lock")
    };
    text.split('/').all(plain) && !(text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn is_folder(text: &str) -> bool {
    text.split('/').all(is_segment)
}

fn is_absolute(text: &str) -> bool {
    text.strip_prefix('/').is_some_and(is_folder)
}

/// `//host/path` behind a scheme, perhaps with a user and a port.
fn is_place(text: &str) -> bool {
    let Some((authority, path)) = text.strip_prefix("//").and_then(|rest| rest.split_once('/')) else { return false };
    let host = match authority.split_once('@') {
        Some((user, host)) if is_word(user) => host,
        Some(_) => return false,
        None => authority,
    };
    let host = match host.split_once(':') {
        Some((host, port)) if port.len() < 5 && port.parse().is_ok_and(|port: u16| port > 0) => host,
        Some(_) => return false,
        None => host,
    };
    is_word(host) && is_folder(path)
}

fn is_archive(path: &str) -> bool {
    [".zip", ".tar", ".tgz", ".tar.gz", ".tar.xz", ".tar.bz2", ".tar.zst"].iter().any(|ending| path.ends_with(ending))
}

fn text(pieces: &mut Pieces, name: &str, value: &str) {
    pieces.insert(name.to_owned(), Piece::Text(value.to_owned()));
}

/// `ref` or `rev`, by what it looks like.
fn version(pieces: &mut Pieces, value: &str) -> Option<()> {
    let name = match value {
        _ if is_revision(value) => "rev",
        _ if is_branch(value) => "ref",
        _ => return None,
    };
    text(pieces, name, value);
    Some(())
}

/// The attributes of a reference, where all releases of Nix agree on them.
fn pieces_of(reference: &str) -> Option<Pieces> {
    let Some((scheme, rest)) = reference.split_once(':') else {
        return if reference.starts_with('/') {
            path_pieces(reference, BTreeMap::new())
        } else {
            indirect_pieces(reference)
        };
    };
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let parameters = parameters(query)?;
    match scheme {
        "path" => path_pieces(place, parameters),
        "flake" => {
            let mut pieces = indirect_pieces(place)?;
            for (name, value) in parameters {
                if name != "dir" || !is_folder(value) {
                    return None;
                }
                text(&mut pieces, name, value);
            }
            Some(pieces)
        }
        _ if FORGES.contains(&scheme) => forge_pieces(scheme, place, parameters),
        "git" | "git+https" | "git+http" | "git+ssh" => git_pieces(scheme, place, parameters),
        "http" | "https" if is_place(place) && !rest.contains('?') => {
            let mut pieces = Pieces::new();
            text(&mut pieces, "type", "tarball");
            text(&mut pieces, "url", reference);
            Some(pieces)
        }
        _ => None,
    }
}

fn path_pieces(path: &str, parameters: Parameters<'_>) -> Option<Pieces> {
    let mut pieces = Pieces::new();
    text(&mut pieces, "type", "path");
    text(&mut pieces, "path", path);
    for (name, value) in parameters {
        match name {
            "rev" if is_revision(value) => text(&mut pieces, name, value),
            "revCount" | "lastModified" => {
                let number = value.parse().ok().filter(|number: &i64| number.to_string() == value)?;
                pieces.insert(name.to_owned(), Piece::Number(number));
            }
            _ => return None,
        }
    }
    is_absolute(path).then_some(pieces)
}

fn forge_pieces(forge: &str, place: &str, parameters: Parameters<'_>) -> Option<Pieces> {
    let mut pieces = Pieces::new();
    let (owner, repository) = place.split_once('/')?;
    let (repository, at) = repository.split_once('/').map_or((repository, None), |(a, b)| (a, Some(b)));
    text(&mut pieces, "type", forge);
    text(&mut pieces, "owner", owner);
    text(&mut pieces, "repo", repository);
    if let Some(at) = at {
        version(&mut pieces, at)?;
    }
    for (name, value) in parameters {
        let taken = match name {
            "rev" => is_revision(value),
            "ref" => is_branch(value),
            "host" => is_word(value),
            "dir" => is_folder(value),
            _ => false,
        };
        if !taken || pieces.contains_key(name) {
            return None;
        }
        text(&mut pieces, name, value);
    }
    let both = pieces.contains_key("ref") && pieces.contains_key("rev");
    (is_segment(owner) && is_segment(repository) && !both).then_some(pieces)
}

fn git_pieces(scheme: &str, place: &str, parameters: Parameters<'_>) -> Option<Pieces> {
    let mut pieces = Pieces::new();
    text(&mut pieces, "type", "git");
    text(&mut pieces, "url", &format!("{}:{place}", scheme.strip_prefix("git+").unwrap_or(scheme)));
    for (name, value) in parameters {
        match name {
            "rev" if is_revision(value) => text(&mut pieces, name, value),
            "ref" if is_branch(value) => text(&mut pieces, name, value),
            "shallow" | "submodules" | "allRefs" => {
                pieces.insert(name.to_owned(), Piece::Truth(value == "1"));
            }
            _ => return None,
        }
    }
    is_place(place).then_some(pieces)
}

/// `name=value` pairs, each name once.
fn parameters(query: &str) -> Option<Parameters<'_>> {
    let mut all = BTreeMap::new();
    for pair in query.split('&').filter(|_| !query.is_empty()) {
        let (name, value) = pair.split_once('=')?;
        let plain = is_id(name) && value.split('/').all(is_word);
        if !plain || all.insert(name, value).is_some() {
            return None;
        }
    }
    Some(all)
}

/// `id`, `id/branch`, `id/revision` or `id/branch/revision`.
fn indirect_pieces(reference: &str) -> Option<Pieces> {
    let mut pieces = Pieces::new();
    let mut segments = reference.split('/');
    let id = segments.next().filter(|id| is_id(id))?;
    text(&mut pieces, "type", "indirect");
    text(&mut pieces, "id", id);
    if let Some(first) = segments.next() {
        version(&mut pieces, first)?;
        if let Some(second) = segments.next() {
            if pieces.contains_key("rev") || !is_revision(second) {
                return None;
            }
            text(&mut pieces, "rev", second);
        }
    }
    segments.next().is_none().then_some(pieces)
}

/// A reference of these attributes, where all releases of Nix write it alike.
fn text_of(pieces: &Pieces) -> Option<String> {
    let get = |name: &str| match pieces.get(name) {
        Some(Piece::Text(text)) => Some(text.as_str()),
        _ => None,
    };
    let only = |names: &[&str]| {
        pieces
            .iter()
            .all(|(name, piece)| matches!(piece, Piece::Text(_)) && (name == "type" || names.contains(&name.as_str())))
    };
    let (branch, revision) = (get("ref"), get("rev"));
    if branch.is_some_and(|branch| !is_branch(branch)) || revision.is_some_and(|revision| !is_revision(revision)) {
        return None;
    }
    let behind = |text: String, part: Option<&str>| part.map_or(text.clone(), |part| format!("{text}/{part}"));
    match get("type")? {
        kind if FORGES.contains(&kind) && only(&["owner", "repo", "ref", "rev", "dir"]) => {
            let (owner, repository) = (get("owner")?, get("repo")?);
            // Newer releases escape the slash in a branch.
            let several = branch.is_some_and(|branch| branch.contains('/')) || branch.is_some() && revision.is_some();
            if !is_segment(owner) || !is_segment(repository) || several {
                return None;
            }
            with_folder(behind(format!("{kind}:{owner}/{repository}"), branch.or(revision)), get("dir"))
        }
        "indirect" if only(&["id", "ref", "rev", "dir"]) => {
            let id = get("id").filter(|id| is_id(id))?;
            // A branch of several segments cannot be told from what follows it.
            if branch.is_some_and(|branch| branch.contains('/')) {
                return None;
            }
            with_folder(behind(behind(format!("flake:{id}"), branch), revision), get("dir"))
        }
        "path" if only(&["path"]) => get("path").filter(|path| is_absolute(path)).map(|path| format!("path:{path}")),
        "git" if only(&["url", "ref", "rev"]) => {
            let (scheme, place) = get("url")?.split_once(':')?;
            let scheme = match scheme {
                "git" => "git",
                "https" => "git+https",
                "http" => "git+http",
                "ssh" => "git+ssh",
                _ => return None,
            };
            let query: Vec<String> = [("ref", branch), ("rev", revision)]
                .into_iter()
                .filter_map(|(name, value)| Some(format!("{name}={}", value?)))
                .collect();
            let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
            is_place(place).then(|| format!("{scheme}:{place}{query}"))
        }
        "tarball" if only(&["url"]) => {
            let url = get("url")?;
            let (scheme, place) = url.split_once(':')?;
            let known = matches!(scheme, "http" | "https") && is_place(place) && is_archive(place);
            known.then(|| url.to_owned())
        }
        _ => None,
    }
}

fn with_folder(reference: String, folder: Option<&str>) -> Option<String> {
    match folder {
        None | Some("") => Some(reference),
        Some(folder) => is_folder(folder).then(|| format!("{reference}?dir={folder}")),
    }
}
