//! What views answer, on configurations made of a few lines.

use super::{Cx, Listed, OptionView, Page, Rule, run};
use crate::finding::Certainty;
use crate::option::{Configuration, OptionPattern};
use crate::source::Sources;
use crate::value::Truth;
use crate::verify::Workbench;
use crate::verify::expect::Example;

/// A page that lists everything.
fn page() -> Page {
    let text = "# x\n\nWrong.\n\n```nix rule\n{ severity = \"error\"; category = \"tls\"; options = [ \"<name>\" ]; \
        check = \"rust\"; message = \"m\"; }\n```\n";
    Page::load("x", text).unwrap()
}

fn resolve(nix: &str, whole: bool) -> (Workbench, Configuration) {
    let example = Example::parse(nix);
    let mut bench = Workbench::new(crate::resolve::StandIn::default());
    let project = bench.open(&example);
    let configurations = bench.resolve(&project, whole, &[OptionPattern::parse("<name>")]);
    (bench, configurations.into_iter().next().unwrap())
}

fn truth(truth: &Truth) -> &'static str {
    match truth {
        Truth::True => "yes",
        Truth::False => "no",
        Truth::Unknown(_) => "?",
    }
}

/// `path: value, whether it is defined (and under how many conditions) at place`
fn show(view: &OptionView<'_>, sources: &Sources) -> String {
    let conditions = view.condition().literals().count();
    let conditions = if conditions == 0 { String::new() } else { format!(" if {conditions}") };
    let place = view.place().span().map_or("-", |span| sources.text(span));
    format!("{}: {}, {}{conditions} at {place}", view.path(), view.value(), truth(&view.is_defined()))
}

/// What `ask` gives in a module on its own; a `!` in front makes it a whole configuration.
fn check(nix: &str, ask: fn(&Cx<'_>) -> Vec<String>, expected: &[&str]) {
    let whole = nix.starts_with('!');
    let (_, configuration) = resolve(nix.trim_start_matches('!'), whole);
    let (page, listed) = (page(), Listed::new(&[]));
    assert_eq!(ask(&Cx::new(&configuration, &page, &listed)), expected, "{nix}");
}

/// How the views that `ask` gives look.
fn check_views(nix: &str, ask: for<'a> fn(&Cx<'a>) -> Vec<OptionView<'a>>, expected: &[&str]) {
    let whole = nix.starts_with('!');
    let (bench, configuration) = resolve(nix.trim_start_matches('!'), whole);
    let (page, listed) = (page(), Listed::new(&[]));
    let views = ask(&Cx::new(&configuration, &page, &listed));
    let views: Vec<_> = views.iter().map(|view| show(view, &bench.eval.sources)).collect();
    assert_eq!(views, expected, "{nix}");
}

/// Writes `<…>` as `mkIf config.u …`, without `lib`.
fn maybe(nix: &str) -> String {
    let open = "{ _type = \"if\"; condition = config.u; content = ";
    format!("{{ config, ... }}: {}", nix.replace('<', open).replace('>', "; }"))
}

#[test]
fn options() {
    check_views("{ a.b = 1; }", |cx| vec![cx.option("a.b")], &["a.b: 1, yes at 1"]);
    check_views("let x = 1; in { a.b = x; }", |cx| vec![cx.option("a.b")], &["a.b: 1, yes at x"]);
    check_views("{ a.b = { c = 1; }; }", |cx| vec![cx.option("a").at("b.c")], &["a.b.c: 1, yes at 1"]);
    check_views("{ a.\"x.y\".c = 1; }", |cx| vec![cx.option("a.\"x.y\".c")], &["a.\"x.y\".c: 1, yes at 1"]);
    check_views("{ a.b = 1; }", |cx| vec![cx.option("a.c")], &["a.c: ?, ? at a.b"]);
    check_views(
        "!{ a.b = [ { c = 1; } ]; }",
        |cx| vec![cx.each("a.b.<name>")[0].at("d")],
        &["a.b[0].d: ?, no at { c = 1; }"],
    );
}

#[test]
fn parts() {
    let nix = "!{ a = [ { b = 1; } { b = \"x\"; c.d = null; } ]; }";
    check_views(
        nix,
        |cx| cx.option("a").items().iter().map(|item| item.at("b")).collect(),
        &["a[0].b: 1, yes at 1", "a[1].b: \"x\", yes at \"x\""],
    );
    check_views(nix, |cx| cx.each("a.<name>.c.d"), &["a[0].c.d: ?, no at { b = 1; }", "a[1].c.d: null, yes at null"]);
    check_views(
        "!{ a.b = 1; a.c.d = 2; }",
        |cx| cx.option("a").children(),
        &["a.b: 1, yes at 1", "a.c: { d = 2; ? }, yes at a.c.d"],
    );
    let hidden = |cx: &Cx<'_>| vec![format!("{}", cx.option("a").has_unknown_items().is_some())];
    check("{ config, ... }: { a = [ 1 ] ++ config.u; }", hidden, &["true"]);
    check("!{ a = [ 1 ]; }", hidden, &["false"]);
}

#[test]
fn conditional_definitions() {
    let nix = maybe("{ a = <1>; }");
    check_views(&nix, |cx| cx.option("a").definitions(), &["a: 1, yes if 1 at 1"]);
    check(&nix, |cx| vec![truth(&cx.option("a").is_defined()).into()], &["?"]);
    let nix = "{ config, ... }: { a = if config.u then 1 else 2; }";
    check(nix, |cx| vec![truth(&cx.option("a").is_defined()).into()], &["yes"]);
    let nix = maybe("{ a.x.b = <1>; }");
    check_views(&nix, |cx| cx.each("a.<name>.b"), &["a.x.b: 1, yes if 1 at 1"]);
    let nix = maybe("{ a = [ 1 ]; imports = [ { a = <[ 2 ]>; } ]; }");
    check_views(&nix, |cx| cx.option("a").items(), &["a[0]: 2, yes if 1 at 2", "a[1]: 1, yes at 1"]);
}

#[test]
fn alternatives() {
    let nix = "{ config, ... }: { a = if config.u then \"x\" else \"y\"; }";
    let both = ["a: \"x\", yes if 1 at \"x\"", "a: \"y\", yes if 1 at \"y\""];
    check_views(nix, |cx| cx.option("a").alternatives(), &both);
    let nix = "{ config, ... }: { a = if config.u then [ \"x\" ] else { b = 1; }; }";
    let answers = |cx: &Cx<'_>| {
        let a = cx.option("a");
        [a.is_null(), a.is_text("x"), a.at("b").is_defined(), a.at("b").is_int(1)].map(|it| truth(&it).into()).to_vec()
    };
    check(nix, answers, &["no", "no", "?", "?"]);
    check(
        "{ config, ... }: { a = if config.u then { b = 1; } else { b = 1; c = 2; }; }",
        answers,
        &["no", "no", "yes", "yes"],
    );
}

#[test]
fn answers() {
    let answers = |cx: &Cx<'_>| {
        let a = cx.option("a");
        [a.is_true(), a.is_false(), a.is_null(), a.is_text("x.org")].map(|it| truth(&it).into()).to_vec()
    };
    check("{ a = true; }", answers, &["yes", "no", "no", "no"]);
    check("{ a = null; }", answers, &["no", "no", "yes", "no"]);
    check("{ config, ... }: { a = \"${config.u}.org\"; }", answers, &["no", "no", "no", "?"]);
    check("{ config, ... }: { a = \"${config.u}.com\"; }", answers, &["no", "no", "no", "no"]);
    check("{ config, ... }: { a = config.u; }", answers, &["?", "?", "?", "?"]);
    check("{ }", answers, &["?", "?", "?", "?"]);
}

#[test]
fn packages() {
    let ask = |cx: &Cx<'_>| [cx.option("a").is_package("element-web")].map(|it| truth(&it).into()).to_vec();
    check("{ pkgs, ... }: { a = pkgs.element-web; }", ask, &["yes"]);
    check("{ pkgs, ... }: { a = pkgs.element-web.override { conf = { }; }; }", ask, &["yes"]);
    check("{ pkgs, ... }: { a = \"${pkgs.element-web}/x\"; }", ask, &["yes"]);
    check("{ pkgs, ... }: { a = \"${pkgs.cinny}/x\"; }", ask, &["no"]);
    check("{ pkgs, ... }: { a = \"${pkgs.writeText \"x\" \"y\"}\"; }", ask, &["no"]);
    check("{ pkgs, ... }: { a = \"${pkgs.cinny}/${builtins.getEnv \"X\"}\"; }", ask, &["?"]);
    check("{ pkgs, ... }: { a = \"${pkgs.runCommand \"x\" { } \"ln -s ${pkgs.element-web} $out\"}\"; }", ask, &["?"]);
    check("{ pkgs, ... }: { a = pkgs.element-call; }", ask, &["no"]);
    // What a function of nixpkgs, or of an overlay, makes of what it gets is not known.
    check("{ pkgs, ... }: { a = pkgs.wrapped pkgs.element-web { }; }", ask, &["yes"]);
    check("{ pkgs, config, ... }: { a = pkgs.wrapped config.u { }; }", ask, &["?"]);
    check("{ pkgs, ... }: { a = pkgs.themed { dark = true; }; }", ask, &["?"]);
    check("{ pkgs, ... }: { a = \"${pkgs.wrapped pkgs.element-web { }}/x\"; }", ask, &["?"]);
    check("{ pkgs, ... }: { a = \"${pkgs.cinny.override { client = pkgs.element-web; }}\"; }", ask, &["?"]);
    check("{ pkgs, ... }: { a = pkgs.cinny.override { client = pkgs.element-web; }; }", ask, &["?"]);
    check("{ pkgs, ... }: { a = pkgs.cinny.override { conf = { }; }; }", ask, &["no"]);
    check("{ pkgs, ... }: { a = \"${pkgs.cinny.override { conf = { }; }}\"; }", ask, &["no"]);
    check("{ pkgs, config, ... }: { a = pkgs.cinny.override { conf.x = config.u; }; }", ask, &["no"]);
    check("{ pkgs, config, ... }: { a = pkgs.cinny.override { client = config.u; }; }", ask, &["?"]);
    let altered = |with: &str| format!("{{ pkgs, config, ... }}: {{ a = pkgs.cinny.overrideAttrs ({with}); }}");
    check(&altered("{ patches = [ ]; }"), ask, &["no"]);
    check(&altered("old: { src = pkgs.element-web; }"), ask, &["yes"]);
    check(&altered("final: old: { patches = [ ./a.patch ]; }"), ask, &["no"]);
    check(&altered("old: { patches = old.patches ++ [ ]; }"), ask, &["?"]);
    let joined = |paths: &str| {
        format!("{{ pkgs, lib, config, ... }}: {{ a = pkgs.symlinkJoin {{ name = \"x\"; paths = {paths}; }}; }}")
    };
    check(&joined("[ pkgs.element-web ]"), ask, &["yes"]);
    check(&joined("[ pkgs.cinny ]"), ask, &["no"]);
    check(&joined("[ pkgs.cinny ] ++ lib.optional config.u pkgs.element-web"), ask, &["?"]);
    check(&joined("[ (if config.u then pkgs.element-web else pkgs.cinny) ]"), ask, &["?"]);
    check(&joined("[ (x: pkgs.element-web) ]"), ask, &["?"]);
    check(&joined("[ (pkgs.writeTextDir \"x\" \"${pkgs.element-web}\") ]"), ask, &["no"]);
    check("{ a = \"/var/www\"; }", ask, &["no"]);
}

#[test]
fn certainty_follows_from_views() {
    fn rule(cx: &mut Cx<'_>) {
        for view in cx.option("a").definitions() {
            cx.decide(view.is_int(1), |finding| finding.primary(&view, "here"));
        }
        let b = cx.option("b");
        cx.decide(b.is_int(1), |finding| finding.primary(&b, "there"));
    }
    let (mut bench, configuration) = resolve(&maybe("{ a = <1>; b = if config.u then 1 else 2; }"), false);
    let rule = Rule { page: page(), severity: None, check: Some(rule) };
    let outcome = run(&mut bench.eval, &[configuration], &[&rule]);
    let [finding] = &outcome.findings[..] else { panic!("{:?}", outcome.findings) };
    assert_eq!((finding.certainty, &*finding.primary.text), (Certainty::Possible, "here"));
    let [undecided] = &outcome.undecided[..] else { panic!("{:?}", outcome.undecided) };
    assert_eq!(undecided.option, "b");
    assert!(outcome.unlisted.is_empty());
}

#[test]
fn certain_findings_stand_alone() {
    fn rule(cx: &mut Cx<'_>) {
        let a = cx.option("a");
        cx.decide(Truth::True, |finding| finding.message("perhaps").primary(&a, "here").possible());
        cx.decide(Truth::True, |finding| finding.message("surely").primary(&a, "here"));
        let b = cx.option("b");
        cx.decide(Truth::True, |finding| finding.message("perhaps").primary(&b, "there").possible());
    }
    let (mut bench, configuration) = resolve("{ a = 1; b = 2; }", false);
    let rule = Rule { page: page(), severity: None, check: Some(rule) };
    let outcome = run(&mut bench.eval, &[configuration], &[&rule]);
    let found: Vec<_> = outcome.findings.iter().map(|finding| (&*finding.primary.text, &*finding.message)).collect();
    assert_eq!(found, [("here", "surely"), ("there", "perhaps")]);
}
