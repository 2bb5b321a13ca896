//! The number of threads changes no report: the program is run on projects with several machines by one thread and by
//! more, which is asked for so that all of them have their share, and says the same, byte for byte.

use super::order::lay_out;
use optlint::source::load;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder with a project in each folder below it.
const PROJECTS: &str = "fixtures/entry-points";

/// One of so many is looked at alone.
const SHARE: usize = 6;

/// Parts of a module.
const PARTS: [&str; 4] = ["e.nix", "f.nix", "g.nix", "h.nix"];
const PART: &str = "{ config, ... }: { services.matrix-synapse.settings.registration_shared_secret =
    if config.services.matrix-synapse.enable then \"swordfish\" else import ./odd.nix; }";

fn projects() -> Vec<PathBuf> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join(PROJECTS);
    let names = load::read_dir(&top).expect("a folder").into_iter();
    names.map(|(name, _)| top.join(name)).filter(|path| path.is_dir()).collect()
}

/// What the program says, and what it says beside, except for how long it took.
fn said(folder: &Path, threads: usize) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_optlint"));
    command
        .args(["check", "--no-cache", "-v", "--format", "json", "--threads", &threads.to_string()])
        .current_dir(folder);
    let output = command.output().expect("the program");
    let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).expect("text"));
    assert!(matches!(output.status.code(), Some(0 | 1)), "{}: {err}", folder.display());
    let timeless = |line: &str| match line.split_once(": ") {
        Some((before, found)) if line.starts_with("Checked ") => {
            format!("{}: {found}\n", before.rsplit_once(", ").map_or(before, |(before, _)| before))
        }
        _ => format!("{line}\n"),
    };
    out + &err.lines().map(timeless).collect::<String>()
}

#[test]
fn threads_do_not_change_reports_of_small_projects() {
    for project in projects().into_iter().step_by(SHARE) {
        assert_eq!(said(&project, 3), said(&project, 1), "{}", project.display());
    }
}

/// All of them as one project: flakes below, machines, networks, tests, and a module with parts.
#[test]
fn threads_do_not_change_the_report_of_a_large_project() {
    // Others may take these on before it is known that the first of them reaches the rest.
    let mut all = vec![(
        "alone/default.nix".to_owned(),
        format!("{{ imports = [ {} ]; }}", PARTS.map(|part| format!("./{part}")).join(" ")),
    )];
    all.extend(PARTS.map(|part| (format!("alone/{part}"), PART.to_owned())));
    for project in projects() {
        let name = project.file_name().expect("a name").to_string_lossy().into_owned();
        for file in load::walk(&project).files {
            let text = load::read_text(&file).expect("text");
            all.push((format!("{name}/{}", file.strip_prefix(&project).expect("below").display()), text));
        }
    }
    let folder = lay_out(all.iter());
    let expected = said(folder.path(), 1);
    let checked = expected.lines().find_map(|line| line.strip_prefix("Checked ")).expect("the closing line");
    let configurations = checked.split(' ').next().and_then(|count| count.parse::<usize>().ok());
    assert!(configurations.is_some_and(|count| count >= 30), "{checked}");
    for threads in [2, 3, 8] {
        assert_eq!(said(folder.path(), threads), expected, "{threads} threads");
    }
}
