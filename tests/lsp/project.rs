//! Projects to ask about, and answers as they are compared.

use serde_json::Value;
use std::path::PathBuf;

/// A project of a few files.
pub(crate) struct Project {
    folder: tempfile::TempDir,
}

impl Project {
    pub(crate) fn new(files: &[(&str, &str)]) -> Project {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        Project { folder }
    }

    pub(crate) fn at(&self, path: &str) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(path)
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap()
    }
}

pub(crate) const SETTINGS: &str = "select = [ \"inline-registration-shared-secret\", \"unknown-synapse-setting\" ]\n";

pub(crate) const MACHINE: &str = "{\n  imports = [ ./synapse.nix ];\n  services.matrix-synapse.enable = true;\n}\n";

/// An error on line 2, a warning on line 3.
pub(crate) const TYPED: &str = "{\n  services.matrix-synapse.settings.registration_shared_secret = \"not-a-secret\";\n  \
    services.matrix-synapse.settings.turnUris = [ ];\n}\n";

pub(crate) fn machine() -> Project {
    Project::new(&[("optlint.toml", SETTINGS), ("configuration.nix", MACHINE), ("synapse.nix", "{ }\n")])
}

/// `line:column-line:column severity code`, counted as the protocol does.
pub(crate) fn shown(diagnostics: &[Value]) -> Vec<String> {
    let place = |at: &Value| format!("{}:{}", at["line"], at["character"]);
    let line = |it: &Value| {
        let range = &it["range"];
        let code = it["code"].as_str().unwrap();
        format!("{}-{} {} {code}", place(&range["start"]), place(&range["end"]), it["severity"])
    };
    diagnostics.iter().map(line).collect()
}

pub(crate) const BOTH: [&str; 2] =
    ["1:64-1:78 1 inline-registration-shared-secret", "2:2-2:43 2 unknown-synapse-setting"];
