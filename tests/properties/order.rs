//! Neither the order in which files lie on the disk or are named, nor the number of processors changes a report: the
//! program is run on the same files in several ways, and says the same, byte for byte.

use optlint::lint::load;
use optlint::rules::shipped;
use optlint::verify::expect::Example;
use std::path::Path;
use std::process::Command;

/// One example of so many is laid out.
const SHARE: usize = 50;

/// Examples of pages, each in a folder of its own below one project: relative path and text.
fn files() -> Vec<(String, String)> {
    let (rules, _) = load(shipped());
    let blocks = rules.iter().flat_map(|rule| rule.page.blocks().filter(|block| block.info.starts_with("nix")));
    let examples = blocks.enumerate().step_by(SHARE).map(|(at, block)| (at, Example::parse(&block.text)));
    let files = examples.flat_map(|(at, example)| {
        let whole = if at % 3 == 0 { "configuration.nix" } else { "module.nix" };
        let named = move |path: &str| if path == "default.nix" { whole.to_owned() } else { path.to_owned() };
        example.files.into_iter().map(move |file| (format!("e{at}/{}", named(&file.path)), file.text))
    });
    files.collect()
}

/// Writes the files in the order they come in.
pub(super) fn lay_out<'f>(files: impl Iterator<Item = &'f (String, String)>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join(".git")).unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

/// What the program says of `paths`, on one processor or on all.
fn said(folder: &Path, paths: &[&str], alone: bool) -> String {
    let program = env!("CARGO_BIN_EXE_optlint");
    let mut command = Command::new(if alone { "taskset" } else { program });
    if alone {
        command.args(["--cpu-list", &processor(), program]);
    }
    command.args(["check", "--no-cache", "--undecided", "--format", "json"]).args(paths).current_dir(folder);
    let output = command.output().unwrap();
    assert!(matches!(output.status.code(), Some(0 | 1)), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A processor that this process may use.
fn processor() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let list = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:")).unwrap();
    list.trim().split([',', '-']).next().unwrap().to_owned()
}

#[test]
fn neither_order_nor_processors_change_a_report() {
    let files = files();
    let (forwards, backwards) = (lay_out(files.iter()), lay_out(files.iter().rev()));
    let expected = said(forwards.path(), &["."], false);
    let findings = expected.matches("\"rule\"").count();
    assert!(findings > 10, "{findings} findings are few");
    assert_eq!(said(forwards.path(), &["."], true), expected, "on one processor");
    assert_eq!(said(backwards.path(), &["."], false), expected, "written in another order");
    let mut paths: Vec<&str> = files.iter().map(|(name, _)| name.split('/').next().unwrap()).collect();
    paths.dedup();
    let named = said(forwards.path(), &paths, false);
    paths.reverse();
    assert_eq!(said(forwards.path(), &paths, true), named, "named in another order");
}
