//! What a configuration computes may be a secret: no message repeats it, whatever fails on it.

use super::program::{limited, project, run};

/// Never spelled in the configuration.
const WORD: &str = "swordfish";

const MACHINE: &str = r#"
{ lib, ... }:
let
  word = "sword" + "fish";
  base = "https://example.org";
in
{
  imports = [ (./. + "/${word}.nix") ];
  services.nginx.virtualHosts.a.root = lib.throwIfNot false word "/";
  services.matrix-synapse = {
    enable = true;
    extraConfigFiles = [ (throw word) (throw "not ${word}") (abort (word + "!")) ];
    settings = {
      server_name = { }.${word};
      public_baseurl = builtins.getAttr word { };
      database.name = lib.getAttrFromPath [ "a" word ] { a = { }; };
      database.args.host = builtins.getEnv word;
      database.args.password = builtins.readFile (builtins.fetchurl "${base}/${word}");
      enable_registration = import (fetchTarball { url = "https://example.org/" + word; });
      registration_shared_secret = builtins.readFile (builtins.fetchGit (base + "/" + word));
      macaroon_secret_key = builtins.readFile (./. + "/${word}");
      form_secret = builtins.readFile "/${word}/file";
      turn_shared_secret = builtins.hashFile "sha256" (/etc + "/${word}");
      turn_uris = builtins.attrNames (builtins.readDir (./. + "/${word}"));
      report_stats = import (./. + "/${word}.nix");
      signing_key_path = builtins.match "(${word}" "x";
      media_store_path = builtins.toPath word;
      max_upload_size = builtins.hashString word "x";
      log_config = ({ a }: a) { a = 1; ${word} = 2; };
      url_preview_enabled = { ${word} = true; ${word + ""} = true; }.${word};
      enable_metrics = lib.throwIf true word false;
      presence.enabled = lib.assertMsg false word;
      trusted_key_servers = 1 + word;
      listeners = builtins.fromJSON word;
    };
  };
}
"#;

/// Every way to hear of it.
const COMMANDS: [&[&str]; 8] = [
    &["check", "--select", "all", "--undecided", "--format", "pretty", "machine"],
    &["check", "--select", "all", "--undecided", "--format", "json", "machine"],
    &["check", "--select", "all", "--undecided", "--format", "sarif", "machine"],
    &["show", "--path", "machine", "services.matrix-synapse", "services.nginx.virtualHosts.a"],
    &["show", "--path", "machine", "--format", "json", "services.matrix-synapse.settings"],
    &["configurations", "--files", "machine"],
    &["configurations", "--format", "json", "machine"],
    &["vhosts", "--path", "machine"],
];

#[test]
fn what_was_computed_is_not_repeated() {
    let folder = project(&[("machine/flake.nix", "{ outputs = _: { }; }"), ("machine/configuration.nix", MACHINE)]);
    let mut all = String::new();
    for command in COMMANDS {
        let (status, said) = run(limited(folder.path(), "", command));
        assert!(status < 2, "{command:?}: {said}");
        let lines: Vec<_> = said.lines().filter(|line| line.contains(WORD)).collect();
        assert!(lines.is_empty(), "{command:?}: {lines:#?}");
        all.push_str(&said);
    }
    for told in [
        "attribute '…' missing",
        "the environment variable `…`",
        "`https://example.org/…`, which is not fetched",
        "an address that is put together, which is not fetched",
        "not …",
        "invalid regular expression '(…'",
        "unexpected argument '…'",
        "unknown hash type '…'",
    ] {
        assert!(all.contains(told), "{told}: {all}");
    }
}
