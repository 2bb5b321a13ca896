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

#[test]
fn what_nixos_says_of_its_units_is_nobodys_wish() {
    let work = tempfile::tempdir().expect("a folder");
    let module = r#"{ config, ... }: {
      sops.secrets.form = { };
      services.matrix-synapse = {
        enable = true;
        settings.form_secret_path = config.sops.secrets.form.path;
        settings.media_storage_providers = [ { module = "file_system"; config.directory = "/srv/media"; } ];
        settings.email.notif_template_html = "x";
        extraConfigFiles = [ "/home/me/synapse.yaml" ];
      };
      services.coturn = { enable = true; cert = "/var/lib/acme/turn.example.org/fullchain.pem"; };
      security.acme.certs."turn.example.org" = { };
      system.stateVersion = "25.05";
    }"#;
    let tests = concat!(env!("CARGO_MANIFEST_DIR"), "/tests");
    let given = format!(
        "import {tests}/options/evaluate.nix {{ nixpkgsLib = {tests}/bridge/lib.nix; }}
          [ ./project/configuration.nix {tests}/bridge/units.nix ]"
    );
    // The file is not part of the project, and closes it.
    let project = work.path().join("project");
    std::fs::create_dir(&project).expect("a folder");
    for (name, text) in
        [("project/optlint.toml", ""), ("project/configuration.nix", module), ("given.nix", given.as_str())]
    {
        std::fs::write(work.path().join(name), text).expect("a file");
    }
    let select = [
        "write-outside-sandbox",
        "secret-unreadable-by-service",
        "path-hidden-by-sandbox",
        "coturn-certificate-unreadable",
    ];
    let by = |more: &[&str]| {
        let select = select.join(",");
        super::said(&super::optlint(&project, &[&["check", "--select", &select][..], more].concat()))
    };
    let without = by(&[]);
    let with = by(&["--eval", "--eval-file", "../given.nix", "--configuration", "configuration.nix"]);
    for rule in &select {
        assert!(without.0.iter().any(|line| line.contains(&format!("[{rule}]"))), "{rule}: {without:?}");
    }
    // Our declarations of removed options count as definitions beside those that say that they are removed.
    let found: Vec<_> = with.0.into_iter().filter(|line| !line.ends_with("[nixos-assertion]")).collect();
    assert_eq!(found, without.0, "{}", with.1);
}
