//! What Nix is not given: modules that somebody else may add to a machine.

use super::folder;
use serde_json::{Value as Json, json};
use std::process::Command;

#[test]
fn a_machine_that_somebody_else_names_is_not_closed() {
    let output = Command::new(env!("CARGO_BIN_EXE_optlint"))
        .args(["show", "--eval", "--format", "json", "--configuration", "machines/a/configuration.nix"])
        .args(["networking.hostName", "networking.domain", "services.nginx.enable"])
        .args(["networking.firewall.allowedTCPPorts"])
        .current_dir(folder("tool"))
        .env("NIX_PATH", format!("nixpkgs={}", folder("nixpkgs").display()))
        .output()
        .expect("optlint runs");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let json: Json = serde_json::from_slice(&output.stdout).expect("JSON");
    let configuration = &json["configurations"][0];
    let gaps = configuration["gaps"].as_array().expect("gaps");
    assert_eq!(gaps.len(), 1, "{configuration}");
    assert_eq!(told, "");
    let value = |index: usize| &configuration["options"][index]["value"];
    // Only Nix tells, and another definition would be a conflict.
    assert_eq!(*value(0), json!("machine-2"));
    for index in 1..=3 {
        assert!(value(index).to_string().contains("$unknown"), "{}", configuration["options"][index]);
    }
}
