//! Hostile input is answered within bounds: no panic, no overflow, no hang. What was cut is
//! unknown, or a problem.
//!
//! The default budgets are tested, on the stack that the program runs on.

#[cfg(target_os = "linux")]
#[path = "limits/outside.rs"]
mod outside;
#[cfg(target_os = "linux")]
#[path = "limits/program.rs"]
mod program;
#[cfg(target_os = "linux")]
#[path = "limits/secrets.rs"]
mod secrets;
#[cfg(target_os = "linux")]
#[path = "limits/surroundings.rs"]
mod surroundings;

use optlint::eval::Eval;
use optlint::resolve::{Request, Resolver};
use optlint::rules::STAND_IN;
use optlint::source::files::{Disk, Memory};
use optlint::source::load;
use optlint::syntax::with_big_stack;
use optlint::value::{Cause, Shape, Value};
use std::path::{Path, PathBuf};

/// What an expression comes to, everything in it computed.
fn value(text: &str) -> Value {
    files(&[("default.nix", text)])
}

/// What the first of several files comes to.
fn files(files: &[(&str, &str)]) -> Value {
    with_big_stack(|| {
        let at = |name: &str| Path::new("/project").join(name);
        let memory = Memory::new(files.iter().map(|(name, text)| (at(name), (*text).to_owned())));
        let mut eval = Eval::new(Box::new(memory));
        eval.refill();
        let thunk = eval.import_file(&at(files[0].0), optlint::source::Origin::Default);
        eval.freeze(&thunk)
    })
}

/// Passes if the expression is unknown, and for one of these reasons.
fn cut(text: &str, reasons: &[&str]) {
    let found = value(text);
    let shown: String = text.chars().take(80).collect();
    match found.first_unknown() {
        Some(unknown) => {
            let cause = unknown.cause.to_string();
            assert!(reasons.iter().any(|reason| cause.contains(reason)), "{shown}: {cause}");
        }
        None => panic!("{shown}: known"),
    }
}

const BUDGET: &str = "cut short";
const ITSELF: &str = "refers to itself";

#[test]
fn deep_nesting() {
    for (open, inner, close) in [
        ("(", "1", ")"),
        ("[", "1", "]"),
        ("{ a = ", "1", "; }"),
        ("let a = 1; in ", "1", ""),
        ("x: ", "1", ""),
        ("if true then ", "1", " else 2"),
        ("assert true; ", "1", ""),
        ("with { }; ", "1", ""),
        ("!", "true", ""),
        ("- ", "1", ""),
        ("\"${", "\"a\"", "}\""),
        ("(x: x) (", "1", ")"),
    ] {
        value(&format!("{}{inner}{}", open.repeat(100_000), close.repeat(100_000)));
    }
    value(&"[".repeat(100_000));
    value(&"{ a = ".repeat(100_000));
    value(&"(".repeat(100_000));
}

#[test]
fn long_chains() {
    for (operator, operand) in [
        ("++", "[ 1 ]"),
        ("//", "{ a = 1; }"),
        ("+", "1"),
        ("+", "\"a\""),
        ("&&", "true"),
        ("||", "false"),
        ("->", "true"),
    ] {
        value(&vec![operand; 20_000].join(&format!(" {operator} ")));
    }
    value(&format!("{{ }}{}", ".a".repeat(20_000)));
    value(&format!("x{}", " x".repeat(20_000)));
}

#[test]
fn recursion_without_end() {
    cut("let x = x; in x", &[ITSELF]);
    cut("let x = y; y = x; in x", &[ITSELF]);
    cut("rec { a = b; b = a; }", &[ITSELF]);
    cut("let f = n: f (n + 1); in f 0", &[BUDGET]);
    cut("let f = n: 1 + f (n + 1); in f 0", &[BUDGET]);
    cut("let f = n: [ (f n) ]; in builtins.toJSON (f 1)", &[BUDGET]);
    cut("let x = [ x ]; in builtins.toJSON x", &[BUDGET]);
    cut("let x = { a = x; }; in x", &["too large"]);
    cut("let y = f: (x: f (x x)) (x: f (x x)); in y (f: n: 1 + f n) 1", &[BUDGET, ITSELF]);
    cut("(x: x x) (x: x x)", &[BUDGET]);
    cut("let f = a: b: f b a; in f 1 2", &[BUDGET]);
    cut("let f = n: if builtins.currentTime == n then 1 else f (n + 1); in f 0", &["clock", BUDGET]);
    cut("let s = { __functor = s: x: s x; }; in s 1", &[BUDGET]);
    cut("let s = { __toString = s: \"${s}\"; }; in \"${s}\"", &[BUDGET]);
    cut("let s = { outPath = s; }; in \"${s}\"", &[BUDGET]);
    value("builtins.genericClosure { startSet = [ { key = 0; } ]; operator = x: [ { key = x.key + 1; } ]; }");
}

#[test]
fn chains_of_thunks() {
    // Each number waits for the one before.
    value("builtins.foldl' (a: b: { n = a.n + 1; }) { n = 0; } (builtins.genList (x: x) 100000)");
    value("let f = n: acc: if n == 0 then acc else f (n - 1) (acc + 1); in f 200000 0");
    value("let f = n: acc: if n == 0 then acc else f (n - 1) { inherit acc; }; in (f 200000 { }) ? acc");
}

#[test]
fn growth() {
    let doubled = "(builtins.foldl' (x: _: [ x x ]) 1 (builtins.genList (x: x) 30))";
    for strict in [
        format!("builtins.toJSON {doubled}"),
        format!("builtins.deepSeq {doubled} 1"),
        format!("{doubled} == {}", doubled.replace(" 1 ", " 2 ")),
        format!("{doubled} < {}", doubled.replace(" 1 ", " 2 ")),
        format!("toString {doubled}"),
        doubled.to_owned(),
    ] {
        value(&strict);
    }
    value("let f = g: x: g (g x); in f (f (f (f (f (x: [ x x ]))))) 1");
    cut("builtins.genList (x: x) 1000000000", &[BUDGET]);
    cut("builtins.foldl' (text: _: text + text) \"a\" (builtins.genList (x: x) 40)", &[BUDGET]);
    cut("builtins.foldl' (text: _: \"${text}${text}\") \"a\" (builtins.genList (x: x) 40)", &[BUDGET]);
    cut("builtins.foldl' (list: _: list ++ list) [ 1 ] (builtins.genList (x: x) 40)", &[BUDGET]);
    cut("builtins.foldl' (list: _: builtins.concatLists [ list list ]) [ 1 ] (builtins.genList (x: x) 40)", &[BUDGET]);
    cut(
        "builtins.foldl' (list: _: builtins.concatMap (x: [ x x ]) list) [ 1 ] (builtins.genList (x: x) 40)",
        &[BUDGET],
    );
    cut(
        "builtins.foldl' (text: _: builtins.replaceStrings [ \"a\" ] [ \"aa\" ] text) \"a\" (builtins.genList (x: x) 40)",
        &[BUDGET],
    );
    cut(
        "builtins.foldl' (text: _: builtins.concatStringsSep text [ text text ]) \"a\" (builtins.genList (x: x) 40)",
        &[BUDGET],
    );
    value("builtins.foldl' (x: _: builtins.toJSON x) \"\\\"\" (builtins.genList (x: x) 40)");
}

#[test]
fn large_lists() {
    value(&format!("[ {} ]", "1 ".repeat(1_000_000)));
    value("builtins.length (builtins.genList (x: x) 900000)");
    value("builtins.sort (a: b: a < b) (builtins.genList (x: 0 - x) 100000)");
    value("builtins.foldl' (a: b: a + b) 0 (builtins.genList (x: x) 300000)");
    value("builtins.foldl' (a: b: a // { ${toString b} = b; }) { } (builtins.genList (x: x) 3000)");
    value("builtins.foldl' (a: b: a ++ [ b ]) [ ] (builtins.genList (x: x) 5000)");
}

#[test]
fn undecided_conditions() {
    let nested =
        (0..17).fold("0".to_owned(), |inner, n| format!("(if builtins.getEnv \"{n}\" == \"\" then {inner} else {n})"));
    value(&nested);
    let both = (0..17).fold("0".to_owned(), |inner, n| {
        format!("(let x = {inner}; in if builtins.getEnv \"{n}\" == \"\" then [ x ] else {{ inherit x; }})")
    });
    value(&both);
    let lists = (0..40).map(|n| format!("(if builtins.getEnv \"{n}\" == \"\" then [ {n} ] else [ ])"));
    let lists = lists.collect::<Vec<_>>().join(" ++ ");
    for of in ["builtins.length", "builtins.toJSON", "builtins.head", "builtins.sort (a: b: a < b)", ""] {
        value(&format!("{of} ({lists})"));
    }
    let text = (0..40).map(|n| format!("${{if builtins.getEnv \"{n}\" == \"\" then \"{n}\" else \"\"}}"));
    value(&format!("\"{}\"", text.collect::<String>()));
}

#[test]
fn imports() {
    let found = files(&[("default.nix", "import ./.")]);
    assert!(matches!(found.shape, Shape::Unknown(_)), "{found}");
    files(&[("default.nix", "import ./a.nix"), ("a.nix", "import ./b.nix"), ("b.nix", "import ./a.nix")]);
    files(&[("default.nix", "{ a = import ./.; }")]);
    let missing = files(&[("default.nix", "import ./missing.nix")]);
    let cause = missing.first_unknown().map(|unknown| &*unknown.cause);
    assert!(matches!(cause, Some(Cause::NotRead(_))), "{missing}");
    for odd in ["", "# nothing", "/* nothing", "\u{feff}1", "\0\u{1}\u{2}", "}{", "''", "\"", "${", "let", "a.b."] {
        files(&[("default.nix", "import ./odd.nix"), ("odd.nix", odd)]);
    }
}

/// Resolves a configuration made of these files; says how many problems there were.
fn configuration(files: &[(&str, &str)]) -> (Vec<optlint::option::Configuration>, usize) {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).expect(name);
    }
    resolve(folder.path())
}

fn resolve(folder: &Path) -> (Vec<optlint::option::Configuration>, usize) {
    let folder: PathBuf = load::absolute(folder);
    with_big_stack(|| {
        let mut eval = Eval::new(Box::new(Disk::new(vec![folder.clone()])));
        let resolver = Resolver::new(&mut eval, STAND_IN);
        let load::Walked { files, problems: unread, .. } = load::walk(&folder);
        let patterns = ["services.matrix-synapse", "services.nginx", "networking", "my"];
        let patterns: Vec<_> = patterns.iter().map(|text| optlint::option::OptionPattern::parse(text)).collect();
        let found = resolver.project(&mut eval, &folder, &files, &mut Request::all(&patterns));
        (found, eval.problems.len() + unread.len())
    })
}

/// One module as a configuration.
fn module(text: &str) {
    let (found, _) = configuration(&[("configuration.nix", text)]);
    assert_eq!(found.len(), 1, "{}", text.chars().take(80).collect::<String>());
}

#[test]
fn modules_that_refer_to_themselves() {
    module("{ imports = [ ./configuration.nix ]; }");
    module("{ imports = [ ./. ]; }");
    module("{ config, ... }: { imports = config.my.imports; my.imports = [ ]; }");
    module("{ config, ... }: { imports = if config.my.a then [ { my.a = true; } ] else [ ]; }");
    module("{ config, lib, ... }: { my.a = lib.mkIf (config.my.a == 1) 1; }");
    module("{ config, lib, ... }: { config = lib.mkIf config.my.a { my.a = true; }; }");
    module("{ config, ... }: { my = config.my; }");
    module("{ config, ... }: { my.a = config.my; networking = config.my.a; }");
    module("{ config, ... }: config");
    module("{ config, ... }: { config = config; }");
    module("{ config, ... }: { networking = config; }");
    module("{ options, ... }: { options = options; }");
    module("{ lib, ... }: let m = { imports = [ m ]; my.a = 1; }; in m");
    module("{ lib, ... }: let m = n: { imports = [ (m (n + 1)) ]; my.a = [ n ]; }; in m 0");
    module("{ lib, ... }: let m = n: { imports = [ (m n) (m n) ]; }; in m 0");
    module("{ ... }@args: { my.a = args; }");
    module("{ foo, ... }: { _module.args.foo = foo; networking.hostName = foo; }");
    module("{ config, ... }: { networking.hostName = config._module.args.pkgs; }");
}

#[test]
fn submodules_that_recurse() {
    module(
        "{ lib, ... }: let t = lib.types.submodule { options.a = lib.mkOption { type = t; default = { }; }; }; in
         { options.my.a = lib.mkOption { type = t; default = { }; }; config.my.a.a.a = { }; }",
    );
    module(
        "{ lib, ... }: let t = lib.types.attrsOf t; in { options.my = lib.mkOption { type = t; }; config.my.a.b.c = { }; }",
    );
    module("{ lib, ... }: let t = lib.types.nullOr t; in { options.my = lib.mkOption { type = t; }; config.my = 1; }");
    module(
        "{ lib, ... }: let t = lib.types.either t t; in { options.my = lib.mkOption { type = t; }; config.my = 1; }",
    );
    module("{ lib, ... }: { options.my = lib.mkOption { apply = x: lib.fix (f: x: f x) x; }; config.my = 1; }");
    module("{ lib, ... }: let s = { a = s; }; in { networking = s; my = s; }");
    module("{ lib, ... }: let s = lib.mkMerge [ s s ]; in { my.a = s; }");
    module("{ lib, ... }: let s = lib.mkIf true s; in { my.a = s; networking = s; }");
}

#[test]
fn many_conditions_in_one_option() {
    let conditions = (0..40).map(|n| format!("(lib.mkIf (builtins.getEnv \"{n}\" == \"\") {n})"));
    let conditions = conditions.collect::<Vec<_>>().join(" ");
    module(&format!(
        "{{ lib, ... }}: {{ my.a = lib.mkMerge [ {conditions} ]; networking.hostName = lib.mkMerge [ {conditions} ]; }}"
    ));
    let lists = (0..40).map(|n| format!("(lib.mkIf (builtins.getEnv \"{n}\" == \"\") [ {n} ])"));
    let lists = lists.collect::<Vec<_>>().join(" ");
    module(&format!("{{ lib, ... }}: {{ networking.firewall.allowedTCPPorts = lib.mkMerge [ {lists} ]; }}"));
    let nested = (0..100).fold("{ my.a = 1; }".to_owned(), |inner, n| {
        format!("(lib.mkIf (builtins.getEnv \"{n}\" == \"\" || builtins.getEnv \"x{n}\" == \"\") {inner})")
    });
    module(&format!("{{ lib, ... }}: {{ config = {nested}; }}"));
    let sets = (0..12)
        .map(|n| format!("(if builtins.getEnv \"{n}\" == \"\" then {{ imports = [ ]; my.a = [ {n} ]; }} else {{ }})"));
    module(&format!("{{ imports = [ {} ]; }}", sets.collect::<Vec<_>>().join(" ")));
}

#[test]
fn odd_flakes() {
    for text in [
        "",
        "# nothing",
        "{ }",
        "{ outputs = 1; }",
        "{ outputs = { self }: self; }",
        "{ outputs = { self }: self.outputs; }",
        "{ outputs = { self, ... }: { nixosConfigurations = self.nixosConfigurations; }; }",
        "{ outputs = { self, ... }: { nixosConfigurations.a = self.nixosConfigurations.a; }; }",
        "{ outputs = { self, nixpkgs }: { nixosConfigurations.a = nixpkgs.lib.nixosSystem { modules = [ self ]; }; }; }",
        "{ outputs = inputs: inputs; }",
        "{ outputs = { nixpkgs, ... }: { nixosConfigurations = {",
        "{ outputs = { nixpkgs, ... }: { nixosConfigurations.a = nixpkgs.lib.nixosSystem { modules = [ ./flake.nix ]; }; }; }",
        "{ outputs = x: x x; }",
        "[ 1 2",
    ] {
        configuration(&[("flake.nix", text)]);
    }
}

#[cfg(unix)]
#[test]
fn odd_files() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let text = "{ imports = [ ./fifo.nix ./latin.nix ./crypt.nix ./empty.nix ./comment.nix ./binary.nix ./locked.nix
        ./circle ./dangling.nix ./folder.nix ]; networking.hostName = \"a\"; }";
    std::fs::write(at("configuration.nix"), text).expect("a file");
    let made = std::process::Command::new("mkfifo").arg(at("fifo.nix")).status();
    assert!(made.is_ok_and(|status| status.success()));
    std::fs::write(at("latin.nix"), b"{ a = \"\xe9\xff\"; }").expect("a file");
    std::fs::write(at("crypt.nix"), b"\0GITCRYPT\0abcdef\xff\xfe").expect("a file");
    std::fs::write(at("empty.nix"), "").expect("a file");
    std::fs::write(at("comment.nix"), "# nothing here\n").expect("a file");
    std::fs::write(at("binary.nix"), (0..=255).cycle().take(100_000).collect::<Vec<u8>>()).expect("a file");
    std::fs::write(at("locked.nix"), "{ }").expect("a file");
    std::fs::set_permissions(at("locked.nix"), std::fs::Permissions::from_mode(0o000)).expect("permissions");
    std::fs::create_dir_all(at("circle/inner")).expect("a folder");
    std::fs::create_dir_all(at("folder.nix")).expect("a folder");
    symlink(at("circle"), at("circle/inner/circle")).expect("a link");
    symlink(at("nowhere"), at("dangling.nix")).expect("a link");
    symlink("loop.nix", at("loop.nix")).expect("a link");
    let (found, problems) = resolve(folder.path());
    assert!(found.iter().any(|configuration| configuration.whole));
    assert!(problems > 0);
}

#[test]
fn nothing_is_computed_for_nobody() {
    let cause = with_big_stack(|| {
        let path = Path::new("/project/default.nix");
        let memory = Memory::new([(path.to_path_buf(), "builtins.length [ 1 ]".to_owned())]);
        let mut eval = Eval::new(Box::new(memory));
        eval.refill();
        eval.stop_on(std::sync::Arc::new(true.into()));
        let thunk = eval.import_file(path, optlint::source::Origin::Default);
        eval.freeze(&thunk).first_unknown().map(|unknown| unknown.cause.to_string())
    });
    assert!(cause.as_deref().is_some_and(|cause| cause.contains("stopped")), "{cause:?}");
}
