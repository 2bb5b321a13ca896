//! Nix's messages repeat what a configuration puts into them: nothing of that is printed.

use super::{optlint, said};
use std::path::Path;

/// The secret: a plain word, which nothing gives away.
const SECRET: &str = "swordfish";

/// Options whose evaluation ends with the secret in the message, one after the other.
const OPTIONS: &str = r#"
  { lib, ... }:
  let
    # Only Nix knows it.
    secret = "sword" + (if builtins.nixVersion == "" then "" else "fish");
    any = lib.mkOption { type = lib.types.raw; };
  in
  {
    options.my = lib.genAttrs [ "aborts" "asserts" "attribute" "fetched" "file" "json" "missing" "sum" ] (_: any) // {
      password = lib.mkOption { type = lib.types.int; };
    };
    config.my = {
      aborts = abort "the word is ${secret}";
      asserts = assert secret == 1; true;
      attribute = { }.${secret};
      fetched = builtins.fetchurl "http://localhost:1/${secret}";
      file = builtins.readFile (./. + "/${secret}");
      json = builtins.fromJSON secret;
      missing = { }.absent + secret;
      password = secret;
      sum = 1 + secret;
    };
  }
"#;

/// A project whose `default.nix` gives a configuration.
fn project(folder: &Path, expression: &str, module: &str) {
    std::fs::write(folder.join("optlint.toml"), "").expect("a file");
    std::fs::write(folder.join("default.nix"), expression).expect("a file");
    std::fs::write(folder.join("configuration.nix"), module).expect("a file");
}

fn lib() -> String {
    format!("(import {}/tests/bridge/lib.nix)", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn what_a_configuration_puts_into_a_message_is_not_printed() {
    let work = tempfile::tempdir().expect("a folder");
    let folder = work.path();
    project(folder, &format!("{}.evalModules {{ modules = [ ./configuration.nix ]; }}", lib()), OPTIONS);
    let ask = ["--eval", "--eval-file", "default.nix"];
    let mut told = String::new();
    for format in ["text", "json"] {
        let output = optlint(folder, &[&["show", "my", "--format", format], &ask[..]].concat());
        let (shown, errors, _) = said(&output);
        assert!(!shown.join("\n").contains(SECRET), "{shown:?}");
        told.push_str(&errors);
    }
    for format in ["pretty", "compact", "json", "sarif", "github", "gitlab", "junit", "checkstyle"] {
        let (found, errors, _) =
            said(&optlint(folder, &[&["check", "--undecided", "--format", format], &ask[..]].concat()));
        assert!(!found.join("\n").contains(SECRET), "{found:?}");
        told.push_str(&errors);
    }
    assert!(told.contains("Nix cannot evaluate `my.") && !told.contains(SECRET), "{told}");
}

#[test]
fn what_is_written_is_printed() {
    let work = tempfile::tempdir().expect("a folder");
    let check = |expression: &str, expected: &str| {
        project(work.path(), "import ./configuration.nix", expression);
        let (_, told, status) = said(&optlint(work.path(), &["check", "--eval", "--eval-file", "default.nix"]));
        assert!(told.contains(expected) && !told.contains(SECRET) && status < 2, "{expression}: {told}");
    };
    let hidden = "it fails with a message of its own, which is not shown: it may hold secrets";
    check("throw \"this is ${\"sword\" + \"fish\"}\"", "Nix cannot evaluate `default.nix`: this is …");
    check("let a = \"sword\"; in throw (a + \"fish\")", "Nix cannot evaluate `default.nix`: …fish");
    check("let a = \"swordfish\"; in throw a", &format!("Nix cannot evaluate `default.nix`: {hidden}"));
    check("{ }.absent", "Nix cannot evaluate `default.nix`: attribute 'absent' missing");
    check("import ./absent.nix", "absent.nix");
    check("{ } 1", "attempt to call something which is not a function but a set");
}

#[test]
fn causes_have_nixs_place() {
    let work = tempfile::tempdir().expect("a folder");
    let module = "{ lib, ... }: {
      options.my.a = lib.mkOption { type = lib.types.raw; };
      config.my.a = (if builtins.nixVersion == \"\" then { absent = 1; } else { }).absent;
    }";
    project(work.path(), &format!("{}.evalModules {{ modules = [ ./configuration.nix ]; }}", lib()), module);
    let arguments = ["show", "--eval", "--eval-file", "default.nix", "--format", "json", "my.a"];
    let output = optlint(work.path(), &arguments);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let all = json["configurations"].as_array().expect("configurations");
    let of_nix = all.iter().filter(|one| one["name"] == "default.nix");
    let unknowns: Vec<_> = of_nix.map(|one| &one["options"][0]["value"]["$unknown"]).collect();
    let expected = (&"evaluation fails: attribute 'absent' missing".into(), &"configuration.nix".into(), &3.into());
    let found = |one: &&&serde_json::Value| (&one["cause"], &one["file"], &one["range"]["start"]["line"]) == expected;
    assert!(unknowns.iter().any(|one| found(&one)), "{unknowns:?}");
}

#[test]
fn what_the_file_that_gives_a_configuration_says_is_printed() {
    let work = tempfile::tempdir().expect("a folder");
    let folder = work.path();
    // Nobody but Nix looks into this file.
    project(folder, "{ }", "");
    let thrown = "throw \"not for ${\"sword\" + \"fish\"} yet\"";
    std::fs::write(folder.join("given.nix"), thrown).expect("a file");
    let (_, told, _) = said(&optlint(folder, &["check", "--eval", "--eval-file", "given.nix"]));
    assert!(told.contains("Nix cannot evaluate `given.nix`: not for … yet"), "{told}");
    let flake = format!("{{ outputs = _: {{ nixosConfigurations.host = {thrown}; }}; }}");
    std::fs::write(folder.join("flake.nix"), flake).expect("a file");
    let arguments = ["check", "--eval", "--configuration", "host"];
    let output = super::flakes::with_store(folder, folder, &arguments);
    let (_, told, _) = said(&output);
    assert!(told.contains("Nix cannot evaluate `host`: not for … yet"), "{told}");
}

#[test]
fn assertions_and_warnings_repeat_no_secret() {
    let work = tempfile::tempdir().expect("a folder");
    let folder = work.path();
    let module = r#"
      { config, lib, ... }:
      let
        # Only Nix knows it.
        secret = "xylo" + (if builtins.nixVersion == "" then "" else "phone");
        settings = config.services.matrix-synapse.settings;
        long = lib.concatStrings (lib.genList (_: "a word ") 85);
      in
      {
        options.services.matrix-synapse.settings = lib.mkOption { type = lib.types.attrsOf lib.types.anything; };
        config.services.matrix-synapse.settings = {
          registration_shared_secret = secret;
          oidc_providers = [ { client_secret = "of\n ${secret}"; } ];
        };
        config.assertions = [
          { assertion = false; message = "one ${settings.registration_shared_secret}."; }
          { assertion = false; message = "two ${(lib.head settings.oidc_providers).client_secret}"; }
        ];
        config.warnings = [ "three ${secret}" "${long}${secret}" ];
      }
    "#;
    let system = format!("{}/rules/nixos/options/system.nix", env!("CARGO_MANIFEST_DIR"));
    project(folder, &format!("{}.evalModules {{ modules = [ {system} ./configuration.nix ]; }}", lib()), module);
    // Whatever the rule that is asked.
    for select in ["inline-registration-shared-secret", "fqdn-with-null-domain", "all"] {
        for format in ["pretty", "compact", "json", "sarif", "github", "gitlab", "junit", "checkstyle"] {
            let arguments = ["check", "--eval", "--eval-file", "default.nix", "--select", select, "--format", format];
            let (found, told, _) = said(&optlint(folder, &arguments));
            let shown = format!("{}{told}", found.join("\n"));
            assert!(["one …", "two …", "three …"].iter().all(|text| shown.contains(text)), "{select} {shown}");
            // Not a part of it either.
            assert!(!shown.contains("xylo"), "{select} {format}: {shown}");
        }
    }
}
