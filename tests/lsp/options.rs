//! What is known of options, and where they are defined.

use crate::client::{Client, uri};
use crate::project::{Project, machine};
use serde_json::{Value, json};
use std::path::Path;

fn position(path: &Path, line: u32, character: u32) -> Value {
    json!({ "textDocument": { "uri": uri(path) }, "position": { "line": line, "character": character } })
}

fn hover(client: &mut Client, path: &Path, line: u32, character: u32) -> String {
    let answer = client.request("textDocument/hover", position(path, line, character));
    answer["result"]["contents"]["value"].as_str().unwrap_or_default().to_owned()
}

/// `file:line:column` of each definition.
fn defined(client: &mut Client, path: &Path, line: u32, character: u32) -> Vec<String> {
    let answer = client.request("textDocument/definition", position(path, line, character));
    let place = |it: &Value| {
        let file = it["uri"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        format!("{file}:{}:{}", it["range"]["start"]["line"], it["range"]["start"]["character"])
    };
    answer["result"].as_array().map(|all| all.iter().map(place).collect()).unwrap_or_default()
}

const FIRST: &str = "{ lib, ... }: {\n  imports = [ ./second.nix ];\n  services.matrix-synapse.enable = true;\n  \
    networking.domain = lib.mkForce \"example.org\";\n}\n";

const SECOND: &str = "{ config, ... }:\nlet cfg = config.networking; in\n{\n  networking.domain = \"example.net\";\n  \
    networking.hostName = cfg.domain;\n  \
    services.matrix-synapse.settings.registration_shared_secret = \"not-a-secret\";\n}\n";

fn two() -> Project {
    Project::new(&[
        ("configuration.nix", FIRST),
        ("second.nix", SECOND),
        ("optlint.toml", "select = [ \"secrets\" ]\n"),
    ])
}

#[test]
fn values_and_definitions() {
    let project = two();
    let (first, second) = (project.at("configuration.nix"), project.at("second.nix"));
    let mut client = Client::open(&project.root(), &[]);
    client.open_document(&first, 1, FIRST);
    client.open_document(&second, 1, SECOND);
    let expected = "```text\nnetworking.domain = \"example.org\"\n  \
        \"example.org\" at configuration.nix:4:3, priority 50\n  lost: \"example.net\" at second.nix:4:3\n```";
    // From the attribute path, through an alias, and the alias itself names a set.
    assert_eq!(hover(&mut client, &second, 3, 18), expected);
    assert_eq!(hover(&mut client, &second, 4, 30), expected);
    let both = ["configuration.nix:3:2", "second.nix:3:2"];
    assert_eq!(defined(&mut client, &second, 3, 18), both);
    assert_eq!(defined(&mut client, &second, 4, 30), both);
    assert_eq!(defined(&mut client, &second, 3, 4), ["configuration.nix:3:2", "second.nix:3:2", "second.nix:4:2"]);
    assert_eq!(hover(&mut client, &second, 0, 0), "");
    assert_eq!(defined(&mut client, &second, 999, 999), [""; 0]);
    // What is typed counts in both.
    client.change(&first, 2, &FIRST.replace("example.org", "example.com"));
    assert!(hover(&mut client, &second, 3, 18).contains("= \"example.com\""));
    client.quit();
}

#[test]
fn secrets_stay_secret() {
    let project = two();
    let second = project.at("second.nix");
    let mut client = Client::open(&project.root(), &[]);
    client.open_document(&second, 1, SECOND);
    let told = hover(&mut client, &second, 5, 60);
    assert!(told.contains("registration_shared_secret = «secret»"), "{told}");
    let whole = hover(&mut client, &second, 5, 30);
    assert!(whole.contains("services.matrix-synapse.settings"), "{whole}");
    let found = hover(&mut client, &second, 5, 68);
    assert!(found.contains("**inline-registration-shared-secret** (error)"), "{found}");
    let end = json!({ "line": 9, "character": 0 });
    let range = json!({ "start": { "line": 0, "character": 0 }, "end": end });
    let context = json!({ "diagnostics": [] });
    let params = json!({ "textDocument": { "uri": uri(&second) }, "range": range, "context": context });
    let offered = client.request("textDocument/codeAction", params);
    assert!(offered["result"].as_array().is_some_and(|all| !all.is_empty()), "{offered}");
    let all = client.quit();
    assert!(!all.contains("not-a-secret"), "{all}");
}

#[test]
fn what_a_rule_knows_to_be_secret_is_masked_elsewhere() {
    let project = two();
    let second = project.at("second.nix");
    let text = SECOND.replace("cfg.domain", "\"x-not-a-secret-y\"");
    let mut client = Client::open(&project.root(), &[]);
    client.open_document(&second, 1, &text);
    let told = hover(&mut client, &second, 4, 18);
    assert!(told.starts_with("```text\nnetworking.hostName = \"x-••••••••-y\""), "{told}");
    assert!(!client.quit().contains("not-a-secret"));
}

#[test]
fn modules_inside_calls() {
    let flake = "{\n  outputs = { self, nixpkgs }: {\n    nixosConfigurations.a = nixpkgs.lib.nixosSystem {\n      \
        modules = [ ({ config, ... }: {\n        networking.domain = \"example.org\";\n      \
        }) ./b.nix ];\n    };\n  };\n}\n";
    let project =
        Project::new(&[("flake.nix", flake), ("b.nix", "{ config, ... }: { x = config.networking.domain; }\n")]);
    let (path, other) = (project.at("flake.nix"), project.at("b.nix"));
    let mut client = Client::open(&project.root(), &[]);
    client.open_document(&path, 1, flake);
    let told = hover(&mut client, &path, 4, 22);
    assert!(told.starts_with("```text\nnetworking.domain = \"example.org\""), "{told}");
    client.open_document(&other, 1, "{ config, ... }: { x = config.networking.domain; }\n");
    assert_eq!(defined(&mut client, &other, 0, 45), ["flake.nix:4:8"]);
    client.quit();
}

#[test]
fn nothing_is_known_of_what_is_not_open() {
    let project = machine();
    let mut client = Client::open(&project.root(), &[]);
    assert_eq!(hover(&mut client, &project.at("synapse.nix"), 0, 0), "");
    client.quit();
}

#[test]
fn machines_that_differ_are_told_apart() {
    let flake = "{\n  outputs = { self, nixpkgs }: let host = name: nixpkgs.lib.nixosSystem {\n    \
        modules = [ ./common.nix { networking.hostName = name; } ];\n  }; in {\n    \
        nixosConfigurations.a = host \"a\";\n    nixosConfigurations.b = host \"b\";\n    \
        nixosConfigurations.c = host \"b\";\n  };\n}\n";
    let common = "{ config, ... }: { networking.domain = config.networking.hostName;\n networking.useDHCP = true; }\n";
    let project = Project::new(&[("flake.nix", flake), ("common.nix", common)]);
    let path = project.at("common.nix");
    let mut client = Client::open(&project.root(), &[]);
    client.open_document(&path, 1, common);
    let told = hover(&mut client, &path, 0, 60);
    assert!(told.starts_with("`a`:\n\n```text\nnetworking.hostName = \"a\"\n"), "{told}");
    assert!(told.contains("\n\n---\n\n`b`:\n\n```text\nnetworking.hostName = \"b\"\n"), "{told}");
    let agreed = hover(&mut client, &path, 1, 14);
    assert_eq!(agreed, "```text\nnetworking.useDHCP = true\n  true at common.nix:2:2\n```");
    assert_eq!(defined(&mut client, &path, 0, 60), ["flake.nix:2:31"]);
    client.quit();
}
