//! Functions and sets below `pkgs` that are modelled. Everything else there is a package.

use super::argument::{bool, set};
use super::writer;
use crate::eval::Eval;
use crate::eval::package::PackageVal;
use crate::eval::thunk::Thunk;
use crate::eval::val::{AttrSet, Kind, R, Rest, Val};
use crate::source::Origin;
use crate::value::{Cause, Name, Str};
use std::rc::Rc;

/// A function of one set that has `name`, or `pname` and `version`: gives a derivation.
const MAKERS: &[&str] = &[
    "mkDerivation",
    "mkShell",
    "mkShellNoCC",
    "symlinkJoin",
    "buildEnv",
    "buildFHSEnv",
    "buildGoModule",
    "buildGoPackage",
    "buildNpmPackage",
    "buildPythonApplication",
    "buildPythonPackage",
    "buildRustPackage",
    "buildMavenPackage",
    "buildDotnetModule",
    "buildDunePackage",
    "applyPatches",
    "requireFile",
];

/// Downloads; so is everything that starts with `fetchFrom`. (`fetchmail` is a package.)
const FETCHERS: &[&str] = &[
    "fetchurl",
    "fetchzip",
    "fetchgit",
    "fetchhg",
    "fetchsvn",
    "fetchpatch",
    "fetchpatch2",
    "fetchPypi",
    "fetchCrate",
    "fetchCargoVendor",
    "fetchNpmDeps",
    "fetchYarnDeps",
    "fetchMavenArtifact",
    "fetchNextcloudApp",
    "fetchFirefoxAddon",
    "fetchDebianPatch",
    "fetchTarball",
    "fetchGit",
];

/// What stands at a path below `pkgs`, if it is more than a package.
pub(in crate::eval) fn package_function(eval: &mut Eval, path: &[Name]) -> Option<Val> {
    let names: Vec<_> = path.iter().map(Name::as_str).collect();
    match names[..] {
        ["lib"] => {
            let library = eval.library();
            Some(eval.force_or_unknown(&library))
        }
        ["pkgs"] => Some(eval.pkgs()),
        ["system"] | ["stdenv", "system"] | ["hostPlatform" | "stdenv", .., "system"] => machine(eval),
        ["path" | "config" | "overlays"] => {
            Some(eval.unknown(Cause::Package(format!("pkgs.{}", names[0])), Origin::Default))
        }
        ["extend" | "appendOverlays"] => Some(Val::native("extend", 1, |eval, _, at| {
            Ok(eval.unknown(Cause::Unsupported("packages changed by overlays".into()), at))
        })),
        ["compressDrv" | "compressDrvWeb"] => Some(Val::native("compressDrv", 2, compressed)),
        ["callPackage"] => Some(Val::native("callPackage", 2, call_package)),
        ["formats", "json" | "yaml" | "yaml_1_1" | "yaml_1_2"] => {
            Some(Val::native("formats", 1, |eval, _, at| format(eval, "json", at)))
        }
        ["formats", "toml"] => Some(Val::native("formats", 1, |eval, _, at| format(eval, "toml", at))),
        ["formats", _] => Some(Val::native("formats", 1, |eval, _, at| format(eval, "anything", at))),
        ["writers", name] if name.starts_with("write") => Some(Val::native("writers", 2, writer::interpreted(name))),
        [name] if writer::find(name).is_some() => writer::find(name),
        [.., name] if MAKERS.contains(&name) => Some(Val::native("mkDerivation", 1, make)),
        [.., name] if name.starts_with("fetchFrom") || FETCHERS.contains(&name) => Some(Val::native("fetch", 1, fetch)),
        ["stdenv" | "stdenvNoCC" | "hostPlatform", .., fact] if fact.starts_with("is") => platform(eval, fact),
        _ => None,
    }
}

fn machine(eval: &mut Eval) -> Option<Val> {
    Some(eval.unknown(Cause::Outside("the kind of machine".into()), Origin::Default))
}

/// NixOS is Linux; on what kind of machine it runs is not ours to know.
fn platform(eval: &mut Eval, fact: &str) -> Option<Val> {
    match fact {
        "isLinux" => Some(bool(true, Origin::Default)),
        "isDarwin" | "isWindows" | "isFreeBSD" | "isCygwin" => Some(bool(false, Origin::Default)),
        _ => machine(eval),
    }
}

/// `stdenv.mkDerivation { … }` or `stdenv.mkDerivation (finalAttrs: { … })`.
fn make(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each(&args[0], "mkDerivation", at, |eval, argument| {
        let mut argument = argument.clone();
        if eval.is_callable(&argument) {
            // What the function says of itself is known once it was called.
            let function = argument.clone();
            let unknown = eval.unknown(Cause::Unsupported("finalAttrs".into()), at);
            let first = eval.apply(&function, Thunk::done(unknown), at)?;
            argument = eval.apply(&function, Thunk::done(first), at)?;
        }
        let name = eval.derivation_name(&argument, at)?;
        Ok(eval.derivation(name, vec![Thunk::done(argument)], at))
    })
}

/// `fetchurl { … }` and its relatives: a derivation of which only the arguments are known.
fn fetch(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each(&args[0], "fetch", at, |eval, argument| {
        let name = match &argument.kind {
            Kind::Attrs(_) => eval.derivation_name(argument, at)?,
            _ => Str::default(),
        };
        let name = match name.known() {
            Some("") => Str::hole(eval.new_unknown(Cause::Outside("the name of a download".into()), at)),
            _ => name,
        };
        Ok(eval.derivation(name, vec![Thunk::done(argument.clone())], at))
    })
}

/// `callPackage ./x.nix { … }`: the function is given what it asks for.
fn call_package(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each(&args[0], "", at, |eval, function| {
        let function = match eval.is_callable(function) {
            true => function.clone(),
            false => eval.import_value(function, at)?,
        };
        let given = eval.force(&args[1])?;
        let pkgs = eval.pkgs();
        let argument = eval.update(&pkgs, &given, at)?;
        eval.apply(&function, Thunk::done(argument), at)
    })
}

/// `compressDrvWeb package { … }`: all that is in the package, and compressed copies beside it
/// (`pkgs/build-support/compress-drv` of nixpkgs).
fn compressed(eval: &mut Eval, args: &[Thunk], at: Origin) -> R {
    eval.each(&args[0], "compressDrv", at, |eval, drv| {
        let (made_of, settings) = (Thunk::done(drv.clone()), args[1].clone());
        let name = match &drv.kind {
            // What nixpkgs calls a package in the store is not known: the same package, with more in it.
            Kind::Package(package) if !package.path.is_empty() => {
                let made_of = package.made_of.iter().cloned().chain([settings]).collect();
                let more = PackageVal { altered: true, made_of, ..eval.copy_of(package, at) };
                return Ok(Val::new(Kind::Package(Rc::new(more)), at));
            }
            Kind::Package(package) => package.object.name.clone(),
            _ => eval.derivation_name(drv, at)?,
        };
        let mut compressed = name;
        compressed.push_text("-compressed");
        Ok(eval.derivation(compressed, vec![made_of, settings], at))
    })
}

/// `pkgs.formats.json { … }`: a type of `lib.types`, and a function that writes a value to a file.
///
/// JSON and YAML share a type, and TOML has it without `null` (`pkgs/pkgs-lib/formats.nix` of nixpkgs).
/// The file's text is JSON whatever the format: it says what the file holds, not how it looks.
fn format(eval: &mut Eval, kind: &'static str, at: Origin) -> R {
    let kind = Thunk::native(at, move |eval| {
        let library = eval.library();
        let library = eval.force(&library)?;
        eval.select_from(&library, &[Str::new("types"), Str::new(kind)], None, Origin::Default)
    });
    let mut format = AttrSet::default();
    format.insert("type", kind, at);
    format.insert("generate", Thunk::done(Val::native("generate", 2, writer::generate)), at);
    let more = eval.new_unknown(Cause::Unsupported("functions of a format".into()), at);
    format.rest = Some(Rest::Unknown(more));
    Ok(set(format, at))
}

#[cfg(test)]
mod tests {
    use crate::eval::{Eval, Thunk};
    use crate::source::Origin;
    use crate::source::files::Memory;
    use crate::value::{Shape, Str};

    /// The text of the file, or the name of the derivation, that an expression over `pkgs` makes.
    fn made(expression: &str) -> String {
        let files = Memory::new([
            ("/p/x.sh".into(), "echo @a@ @b@".into()),
            ("/p/y.nix".into(), "{ hello, a ? 1, b }: b".into()),
        ]);
        let mut eval = Eval::new(Box::new(files));
        let function = eval.text_as("/p/default.nix".into(), &format!("pkgs: {expression}"));
        let pkgs = Thunk::done(eval.pkgs());
        let result = eval.delay_apply(function, vec![pkgs], Origin::Default);
        match eval.freeze(&result).shape {
            Shape::Package(package) => {
                let object = package.context.iter().next().unwrap();
                let text = object.text.get().cloned().flatten();
                format!(
                    "{}: {}",
                    object.name,
                    text.unwrap_or_else(|| Str::new(format!("{} parts", package.made_of.len())))
                )
            }
            Shape::Str(text) => text.to_string(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn files_and_derivations() {
        let check = |expression: &str, expected: &str| {
            assert_eq!(crate::syntax::with_big_stack(|| made(expression)), expected, "{expression}");
        };
        check(r#"pkgs.writeText "a" "b""#, "a: b");
        check(r#"pkgs.writeText "a" "x ${pkgs.hello.version}""#, "a: x ${…}");
        check(r#"pkgs.writeText "a" (if pkgs.hello.x then "start 1 end" else "start 2 end")"#, "a: start ${…} end");
        check(r#"pkgs.writeTextFile { name = "a"; text = "b"; destination = "/c"; }"#, "a: b");
        check(r#"pkgs.writeShellScriptBin "a" "b""#, "a: #!${…}\nb\n");
        check(r#"pkgs.writeTextDir "etc/a" "b""#, "a: b");
        check(r#"(pkgs.formats.yaml { }).generate "a.yaml" { b = [ 1 "x" ]; }"#, r#"a.yaml: {"b":[1,"x"]}"#);
        check(r#"pkgs.writers.writeBash "a" { } "b""#, "a: #!${…}\nb\n");
        check(r#"pkgs.writers.writeJSON "a" { b = null; }"#, r#"a: {"b":null}"#);
        check(
            r#"pkgs.stdenv.mkDerivation (final: { pname = "a"; version = "1"; src = final.version; })"#,
            "a-1: 1 parts",
        );
        check(r#"pkgs.runCommand "a" { } "touch $out""#, "a: 2 parts");
        check(r#"pkgs.lib.removePrefix "a/" "a/${pkgs.hello.version}""#, "${…}");
        check(r#"pkgs.lib.removeSuffix ".nix" "${pkgs.hello.version}.nix""#, "${…}");
        check(r#"toString (pkgs.lib.hasSuffix ".nix" "${pkgs.hello.version}.nix")"#, "1");
        check(r#"toString (pkgs.lib.hasPrefix "/nix" "/run/${pkgs.hello.version}")"#, "");
        check(r#"toString (pkgs.lib.strings.hasInfix "secret" "a-secret-${pkgs.hello.version}")"#, "1");
        check(r#"pkgs.lib.removeSuffix "x" "ax""#, "a");
        check(r#"pkgs.replaceVars ./x.sh { a = 1; }"#, "x.sh: echo 1 @b@");
        check(r#"pkgs.compressDrv (pkgs.writeTextDir "a" "b") { formats = [ ]; }"#, "a-compressed: 2 parts");
        check(r#"pkgs.compressDrvWeb pkgs.hello { }"#, "hello: 1 parts");
        check(r#"pkgs.hello.withConfig { a = 1; }"#, "hello: 1 parts");
        check(r#"pkgs.callPackage ./y.nix { b = "z"; }"#, "z");
    }
}
