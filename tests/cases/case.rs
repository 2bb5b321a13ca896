//! A file of `tests/cmd`: what is run on which files. `tests/cli.rs` says what its fields mean.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

pub(super) struct Case {
    pub(super) table: toml::Table,
}

impl Case {
    pub(super) fn read(path: &Path) -> Case {
        let text = std::fs::read_to_string(path).expect("a case");
        Case { table: text.parse().unwrap_or_else(|error| panic!("{}: {error}", path.display())) }
    }

    /// The arguments.
    pub(super) fn args(&self) -> Vec<&str> {
        self.table["args"].as_array().expect("args").iter().filter_map(toml::Value::as_str).collect()
    }

    /// What stands under a name; nothing when it does not.
    pub(super) fn under(&self, name: &str) -> impl Iterator<Item = (&String, &toml::Value)> {
        self.table.get(name).and_then(toml::Value::as_table).into_iter().flatten()
    }

    /// Its files in a folder of their own.
    pub(super) fn lay_out(&self) -> TempDir {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let project = folder.path();
        let write = |path: &String, content: &[u8]| {
            let path = project.join(path);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder for a file");
            std::fs::write(path, content).expect("a file of the case");
        };
        for (path, text) in self.under("files") {
            write(path, text.as_str().expect("text").as_bytes());
        }
        for (path, bytes) in self.under("bytes") {
            let bytes = bytes.as_array().expect("a list of bytes").iter().filter_map(toml::Value::as_integer);
            write(path, &bytes.map(|byte| byte as u8).collect::<Vec<_>>());
        }
        for (path, target) in self.under("links") {
            std::os::unix::fs::symlink(target.as_str().expect("a path"), project.join(path)).expect("a symlink");
        }
        // The project's root: without it, a folder above might be taken for one.
        std::fs::create_dir_all(project.join(".git")).expect(".git");
        folder
    }

    /// What the program does in `project`, with nothing but these variables in the environment.
    pub(super) fn run(&self, project: &Path, variables: &[(&str, &Path)]) -> Output {
        let mut process = Command::new(env!("CARGO_BIN_EXE_optlint"))
            .args(self.args())
            .current_dir(project)
            .env_clear()
            .envs(variables.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("optlint runs");
        let input = self.table.get("stdin").and_then(toml::Value::as_str).unwrap_or_default();
        // It need not listen.
        let _ = process.stdin.take().expect("its input").write_all(input.as_bytes());
        process.wait_with_output().expect("optlint ends")
    }
}
