//! Runs the examples of a page.

use super::compare::compare;
use super::expect::Example;
use super::failure::{Failure, Miss};
use super::project::Workbench;
use crate::lint::markdown::Block;
use crate::lint::{Page, Rule};

/// What is wrong with the examples of a rule's page; `path` names it in the answer.
///
/// A block marked `nix` is a module on its own, one marked `nix configuration` a whole
/// configuration, and one marked `nix fixed` a module that must be clean.
pub fn check(bench: &mut Workbench, rule: &Rule, path: &str) -> Vec<Failure> {
    let mut failures = presence(&rule.page);
    for block in rule.page.blocks() {
        let whole = match block.info.as_str() {
            "nix" | "nix fixed" => false,
            "nix configuration" => true,
            other if other.starts_with("nix ") => {
                let text = format!("a block is `nix`, `nix configuration` or `nix fixed`, not `{other}`");
                failures.push(broken(block.line - 1, text));
                continue;
            }
            _ => continue,
        };
        let before = block.line - 1;
        failures.extend(examine(bench, rule, block, whole).into_iter().map(|failure| failure.inside(path, before)));
    }
    failures.into_iter().map(|failure| failure.inside(path, 0)).collect()
}

/// A page shows at least one thing that is found and one that is not.
fn presence(page: &Page) -> Vec<Failure> {
    let blocks = || page.blocks().filter(|block| block.info.split(' ').next() == Some("nix"));
    let annotated = |block: &Block| !Example::parse(&block.text).annotations.is_empty();
    let mut failures = Vec::new();
    if !blocks().any(annotated) {
        failures.push(broken(1, "no example has carets".into()));
    }
    if !blocks().any(|block| !annotated(block)) {
        failures.push(broken(1, "no example is without carets".into()));
    }
    failures
}

fn broken(line: u32, text: String) -> Failure {
    Failure { page: String::new(), line, column: 1, miss: Miss::Broken, text }
}

/// Runs one block. Lines are those of the block.
fn examine(bench: &mut Workbench, rule: &Rule, block: &Block, whole: bool) -> Vec<Failure> {
    let example = Example::parse(&block.text);
    let mut failures: Vec<Failure> = example.mistakes.iter().map(|(line, text)| broken(*line, text.clone())).collect();
    if block.info == "nix fixed" && !example.annotations.is_empty() {
        failures.push(broken(1, "a fixed example has no carets".into()));
    }
    let project = bench.open(&example);
    // Several configurations of an example may share a file: one finding is enough.
    let mut outcome = bench.ask(&project, whole, rule);
    for (line, problem) in bench.problems(&project) {
        failures.push(broken(line, problem));
    }
    for option in outcome.unlisted.values().flatten() {
        failures.push(broken(1, format!("the rule reads {option}, which its page does not list")));
    }
    if !outcome.beside.is_empty() {
        failures.push(broken(1, "the rule finds something where nothing of what it is `about` is defined".into()));
    }
    for finding in &mut outcome.findings {
        finding.configurations.clear();
    }
    outcome.findings.sort();
    outcome.findings.dedup();
    failures.extend(compare(&project, &bench.eval.sources, &outcome.findings));
    failures
}

#[cfg(test)]
mod tests {
    use super::{Workbench, check};
    use crate::lint::Rule;
    use crate::resolve::StandIn;

    const STAND_IN: StandIn = StandIn {
        class: None,
        inputs: None,
        flakes: &[],
        network: None,
        of_hosts: &[],
        name_of_hosts: &[],
        guests: &[],
        declarations: &[(
            "<options.nix>",
            r#"{ lib, ... }: {
          options.a.secret = lib.mkOption { type = lib.types.nullOr lib.types.str; default = null; };
          options.a.on = lib.mkOption { type = lib.types.bool; default = false; };
          options.a.hosts = lib.mkOption {
            default = { };
            type = lib.types.attrsOf (lib.types.submodule {
              options.root = lib.mkOption { type = lib.types.nullOr lib.types.path; default = null; };
              options.secret = lib.mkOption { type = lib.types.nullOr lib.types.str; default = null; };
            });
              network: None,
        of_hosts: &[],
        name_of_hosts: &[],
    };
        }"#,
        )],
    };

    /// The failures of a page with this header and these examples, whose first line is line 9.
    fn check_page(header: &str, examples: &str, expected: &[&str]) {
        let header = format!("severity = \"error\"; category = \"secrets\"; {header}");
        let page = format!(
            "# x\n\nWrong.\n\n```nix rule\n{{ {header} }}\n```\n\n{}",
            examples.replace("\n            ", "\n")
        );
        let rule = Rule::own("x", &page).unwrap();
        let failures: Vec<_> =
            check(&mut Workbench::new(STAND_IN), &rule, "p").iter().map(ToString::to_string).collect();
        assert_eq!(failures, expected, "{page}");
    }

    const DEFINITION: &str = "options = [ \"a.secret\" \"a.hosts.<name>.secret\" ]; \
        message = { option, ... }: \"`${option}` leaks\"; \
        when.definition = { value, ... }: builtins.isString value && value != \"\";";

    #[test]
    fn definitions() {
        let examples = r#"```nix
            { a.secret = "x"; }
            #            ^^^ error: `a.secret` leaks
            ```
            ```nix
            let s = "x"; in { a.secret = s; }
            #                            ^ error: leaks
            #       ^^^ note: written
            ```
            ```nix
            { a.hosts.h.secret = "x"; }
            #                    ^^^ error: `a.hosts.h.secret`
            ```
            ```nix
            { lib, config, ... }: { a.secret = lib.mkIf config.b.c "x"; }
            #                                                      ^^^ error?: leaks
            ```
            ```nix
            { config, ... }: { a.secret = if config.b.c then "x" else ""; }
            #                                                ^^^ error?: leaks
            ```
            ```nix
            { config, ... }: { a.secret = config.b.c; imports = [ { a.on = true; } ]; }
            ```
            ```nix configuration
            { a.secret = ""; }
            ```"#;
        check_page(DEFINITION, examples, &[]);
    }

    #[test]
    fn failures() {
        let examples = r#"```nix
            { a.secret = "x"; }
            ```
            ```nix
            { a.secret = null; }
            #            ^^^^ error: leaks
            ```
            ```nix fixed
            { a.secret = ; }
            ```
            ```nix wrong
            ```"#;
        let expected = [
            "p:10:14 noisy error: `a.secret` leaks",
            "p:13:14 missing error: leaks",
            "p:17:1 broken a value is missing after this",
            "p:19:1 broken a block is `nix`, `nix configuration` or `nix fixed`, not `nix wrong`",
        ];
        check_page(DEFINITION, examples, &expected);
    }

    #[test]
    fn configurations() {
        let header = "options = [ \"a.secret\" \"a.on\" ]; message = \"on without a secret\"; \
            when.configuration = { config, options, lib, ... }: config.a.on && !options.a.secret.isDefined;";
        let examples = r#"```nix configuration
            { a.on = true; }
            #        ^^^^ error: on without
            ```
            ```nix
            { a.on = true; }
            ```
            ```nix configuration
            { a.on = true; a.secret = "x"; }
            ```"#;
        check_page(header, examples, &[]);
        let header = "options = [ \"a.secret\" ]; message = \"m\"; when.configuration = { config, ... }: config.a.on;";
        let expected = [
            "p:1:1 broken no example has carets",
            "p:10:1 broken the rule reads an option in a, which its page does not list",
        ];
        check_page(header, "```nix\n{ a.on = true; }\n```", &expected);
    }
}
