//! What is remembered of a run is told again only where a new run would say the same, and holds no secret.

#[path = "cases/case.rs"]
mod case;
#[path = "recall/changes.rs"]
mod changes;

use case::Case;
use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Output;

/// What `-v` says where an earlier run's report is told.
const AGAIN: &str = "Remembered: ";

/// The cases of `tests/cmd` that check something, change nothing, and leave it open where to remember.
fn checks() -> Vec<(PathBuf, Case)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cmd");
    let paths = std::fs::read_dir(folder).expect("tests/cmd").map(|entry| entry.expect("an entry").path());
    let paths: BTreeSet<PathBuf> = paths.filter(|path| path.extension().is_some_and(|end| end == "toml")).collect();
    let cases = paths.into_iter().map(|path| (path.clone(), Case::read(&path)));
    let changes =
        |arg: &&str| ["--fix", "--diff", "--write-baseline", "--eval", "--watch", "--cache-dir"].contains(arg);
    cases.filter(|(_, case)| case.args().first() == Some(&"check") && !case.args().iter().any(&changes)).collect()
}

/// What was said, except for how long it took and whether it was remembered.
fn said(output: &Output) -> (Option<i32>, String, String) {
    let [out, err] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8(bytes.clone()).expect("UTF-8"));
    let timeless = |line: &str| match line.strip_prefix("Checked ").and_then(|rest| rest.split_once(": ")) {
        Some((before, found)) => format!("{}: {found}", before.rsplit_once(", ").map_or(before, |(what, _)| what)),
        None => line.to_owned(),
    };
    let lines: Vec<String> = err.lines().filter(|line| !line.starts_with(AGAIN)).map(timeless).collect();
    (output.status.code(), out, lines.join("\n"))
}

/// The files that are kept.
fn kept(cache: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(cache.join("optlint")).into_iter().flatten();
    entries.map(|entry| entry.expect("an entry").path()).collect()
}

#[test]
fn what_is_told_again_is_what_was_said() {
    let (mut all, mut remembered) = (0, 0);
    for (path, case) in checks() {
        let (project, cache) = (case.lay_out(), tempfile::tempdir().expect("a folder"));
        let variables = [("XDG_CACHE_HOME", cache.path())];
        let anew = said(&case.run(project.path(), &[]));
        for _ in 0..2 {
            assert_eq!(said(&case.run(project.path(), &variables)), anew, "{}", path.display());
        }
        all += 1;
        remembered += kept(cache.path()).len();
    }
    // The others end before anything is looked at.
    assert!(remembered * 4 > all * 3, "of {all} runs {remembered} are remembered");
}

const SECRETS: &str = r#"
args = ["check", "-v", "--allowed", "--undecided"]

[files]
"configuration.nix" = """
{ config, lib, ... }:
let hidden = "sword-1fish"; in
{
  services.matrix-synapse.enable = true;
  services.matrix-synapse.settings.server_name = "example.org";
  services.matrix-synapse.settings.registration_shared_secret = hidden;
  # optlint: allow inline-macaroon-secret-key: it is sword-2fish, and known
  # optlint: allow sword-1fish: no rule, and quoted
  services.matrix-synapse.settings.macaroon_secret_key = "sword-2fish";
  services.matrix-synapse.extraConfigFiles = [ ./secret.yaml ];
  services.coturn.enable = true;
  services.coturn.extraConfig = ''
    static-auth-secret=sword-4fish
  '';
}
"""
"secret.yaml" = "form_secret: sword-3fish\n"
"#;

#[test]
fn no_secret_is_remembered() {
    let case = Case { table: SECRETS.parse().expect("a case") };
    let (project, cache) = (case.lay_out(), tempfile::tempdir().expect("a folder"));
    let variables = [("XDG_CACHE_HOME", cache.path())];
    let [first, second] = [(); 2].map(|()| case.run(project.path(), &variables));
    assert_eq!(said(&first), said(&second));
    assert!(String::from_utf8_lossy(&second.stderr).contains(AGAIN), "{second:?}");
    let printed = String::from_utf8_lossy(&first.stdout);
    assert!(printed.contains("unknown-suppression") && !printed.contains("sword"), "{printed}");
    let kept = kept(cache.path());
    assert_eq!(kept.len(), 1);
    for file in kept {
        let bytes = std::fs::read(&file).expect("a file");
        let text = String::from_utf8_lossy(&bytes);
        assert!(text.contains("configuration.nix") && !text.contains("sword"), "{text}");
        assert_eq!(std::fs::metadata(&file).expect("a file").permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn what_was_changed_in_the_cache_is_not_believed() {
    let case = Case { table: SECRETS.parse().expect("a case") };
    let (project, cache) = (case.lay_out(), tempfile::tempdir().expect("a folder"));
    let variables = [("XDG_CACHE_HOME", cache.path())];
    let tells_again = || {
        let output = case.run(project.path(), &variables);
        (said(&output), String::from_utf8_lossy(&output.stderr).contains(AGAIN))
    };
    let anew = said(&case.run(project.path(), &[]));
    assert_eq!(tells_again(), (anew.clone(), false));
    let file = kept(cache.path()).remove(0);
    let bytes = std::fs::read(&file).expect("a file");
    let text = String::from_utf8(bytes.clone()).expect("UTF-8");
    let other = text.replace("inline-registration-shared-secret", "inline-registration-shared-secres");
    assert_ne!(text, other);
    for broken in [vec![], b"{}".to_vec(), bytes[..bytes.len() / 2].to_vec(), other.into_bytes()] {
        std::fs::write(&file, broken).expect("written");
        assert_eq!(tells_again(), (anew.clone(), false));
        assert_eq!(tells_again(), (anew.clone(), true));
    }
    // Others could write there.
    let mode = |mode| std::fs::set_permissions(cache.path().join("optlint"), PermissionsExt::from_mode(mode));
    mode(0o777).expect("a mode");
    assert_eq!(tells_again(), (anew.clone(), false));
    mode(0o700).expect("a mode");
    assert_eq!(tells_again(), (anew, true));
}
