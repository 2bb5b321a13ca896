//! Whatever of a project is changed that a run went by, the next run says what one without memory does.

use super::case::Case;
use super::{AGAIN, said};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::time::Duration;

const PROJECT: &str = r#"
args = ["check", "-v", "--undecided", "--format", "json"]

[files]
"flake.nix" = '''
{
  outputs = { nixpkgs, ... }: {
    nixosConfigurations = builtins.listToAttrs (map
      (name: { inherit name; value = nixpkgs.lib.nixosSystem { modules = [ (./hosts + "/${name}") ]; }; })
      (builtins.attrNames (builtins.readDir ./hosts)));
  };
}
'''
"flake.lock" = '{ "nodes": { "root": { "inputs": {} } }, "root": "root", "version": 7 }'
"hosts/a/default.nix" = '''
{ lib, ... }: {
  imports = lib.optional (builtins.pathExists ./more.nix) ./more.nix;
  services.matrix-synapse.enable = true;
  services.matrix-synapse.settings = builtins.fromJSON (builtins.readFile ../../settings.json);
}
'''
"settings.json" = '{ "server_name": "example.org", "enable_registration": true }'
"alone.nix" = '{ services.matrix-synapse.settings.registration_shared_secret = "x"; }'
"notes.nix" = '{ a = 1; }'
"optlint.toml" = '''
rules = ["pages/*.md"]
baseline = "known.json"
'''
"known.json" = '{"version": 1, "findings": []}'
"pages/own-rule.md" = '''
# own-rule

Registration is open.

```nix rule
{
  options = [ "services.matrix-synapse.settings.enable_registration" ];
  severity = "warning";
  category = "registration";
  when.definition = { value, ... }: value == true;
  message = "registration is open";
}
```

## Why

Anybody can come.

## Fix

Set it to false.

## Examples

```nix bad
{
  services.matrix-synapse.settings.enable_registration = true;
  #                                                      ^^^^ warning: registration is open
}
```

```nix good
{
  services.matrix-synapse.settings.enable_registration = false;
}
```
'''
".gitignore" = "ignored.nix\n"
"ignored.nix" = '{ services.matrix-synapse.settings.registration_shared_secret = "y"; }'
"#;

type Change = fn(&Path);

fn write(project: &Path, name: &str, text: &str) {
    std::fs::write(project.join(name), text).expect("a file");
}

/// What is changed one after the other, and whether it matters to what is said.
const CHANGES: [(&str, bool, Change); 19] = [
    ("a text that is read", true, |project| {
        write(project, "settings.json", r#"{ "server_name": "example.org", "macaroon_secret_key": "z" }"#);
    }),
    ("a module", true, |project| {
        let secret = "{ services.matrix-synapse.settings.form_secret = \"x\"; }";
        write(project, "hosts/a/default.nix", secret);
    }),
    ("a file that was looked for and not there", true, |project| {
        std::fs::remove_file(project.join("hosts/a/default.nix")).expect("it was there");
        write(
            project,
            "hosts/a/default.nix",
            "{ lib, ... }: {\n  imports = lib.optional (builtins.pathExists ./more.nix) ./more.nix;\n}\n",
        );
    }),
    ("now it is there", true, |project| {
        write(project, "hosts/a/more.nix", "{ services.matrix-synapse.settings.registration_shared_secret = \"a\"; }");
    }),
    ("a folder that is listed", true, |project| {
        std::fs::create_dir(project.join("hosts/b")).expect("a folder");
        write(project, "hosts/b/default.nix", "{ services.matrix-synapse.settings.form_secret = \"b\"; }");
    }),
    ("a module that nothing reaches", true, |project| {
        write(project, "alone.nix", "{ services.matrix-synapse.settings.form_secret = \"x\"; }");
    }),
    ("what Git ignores", true, |project| write(project, ".gitignore", "")),
    ("settings", true, |project| {
        write(
            project,
            "optlint.toml",
            "rules = [\"pages/*.md\"]\nbaseline = \"known.json\"\ndisable = [\"secrets\"]\n",
        );
    }),
    ("settings, back again: what was said then", false, |project| {
        write(project, "optlint.toml", "rules = [\"pages/*.md\"]\nbaseline = \"known.json\"\n");
    }),
    ("a rule's page", true, |project| {
        let page = project.join("pages/own-rule.md");
        let text = std::fs::read_to_string(&page).expect("a page");
        std::fs::write(page, text.replace("registration is open", "anybody may register")).expect("a page");
    }),
    ("the lock", true, |project| {
        write(project, "flake.lock", r#"{ "nodes": { "root": { "inputs": { "x": "y" } } }, "root": "root" }"#);
    }),
    ("a file that becomes a link", true, |project| {
        std::fs::remove_file(project.join("alone.nix")).expect("it was there");
        symlink("ignored.nix", project.join("alone.nix")).expect("a link");
    }),
    ("a file that is in no configuration, but might be", true, |project| write(project, "notes.nix", "{ a = 2; }")),
    ("one letter, at the same time as before", true, |project| {
        let file = project.join("notes.nix");
        let time = std::fs::metadata(&file).and_then(|found| found.modified()).expect("a time");
        std::fs::write(&file, "{ a = 3; }").expect("a file");
        let file = std::fs::File::options().write(true).open(file).expect("a file");
        file.set_modified(time).expect("a time");
    }),
    ("a file in place of another", true, |project| {
        write(project, "new", "{ a = 4; }");
        std::fs::rename(project.join("new"), project.join("notes.nix")).expect("a file");
    }),
    ("a folder in a folder", true, |project| {
        std::fs::create_dir_all(project.join("hosts/b/x/y")).expect("a folder");
        write(project, "hosts/b/x/y/deep.nix", "{ services.matrix-synapse.settings.form_secret = \"d\"; }");
    }),
    ("the same text, written again", false, |project| {
        write(project, "hosts/b/x/y/deep.nix", "{ services.matrix-synapse.settings.form_secret = \"d\"; }");
    }),
    ("a folder that becomes a link", true, |project| {
        std::fs::rename(project.join("hosts/b/x"), project.join("elsewhere")).expect("a folder");
        symlink("../../elsewhere", project.join("hosts/b/x")).expect("a link");
    }),
    ("a file that no run reads", false, |project| write(project, "README.md", "changed")),
];

/// Files leave marks only when they have not been changed for a while.
const SETTLED: Duration = Duration::from_millis(150);

#[test]
fn every_change_is_seen() {
    let case = Case { table: PROJECT.parse().expect("a case") };
    let (project, cache) = (case.lay_out(), tempfile::tempdir().expect("a folder"));
    let variables = [("XDG_CACHE_HOME", cache.path())];
    let look = || {
        let output = case.run(project.path(), &variables);
        (String::from_utf8_lossy(&output.stderr).contains(AGAIN), said(&output))
    };
    let anew = || said(&case.run(project.path(), &[]));
    let mut before = look();
    assert!(!before.0 && before.1.1.contains("own-rule") && before.1 == anew(), "{before:?}");
    for (what, matters, change) in CHANGES {
        std::thread::sleep(SETTLED);
        // Now with marks.
        assert_eq!(look(), (true, before.1), "before {what}");
        change(project.path());
        before = look();
        assert_eq!((before.0, &before.1), (!matters, &anew()), "{what}");
    }
}
