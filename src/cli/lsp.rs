//! `optlint lsp`: hands the language server its streams, and what a project's settings say.

use super::args::RuleSetArgs;
use super::{Cx, Exit, Failure, baseline, rule_set, show};
use crate::lsp::{Ruled, serve};
use crate::report::escaped;
use crate::source::load;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(super) fn run(cx: &mut Cx<'_>) -> Exit {
    let home = cx.surroundings.nix.iter().find(|(name, _)| name == "HOME").map(|(_, home)| PathBuf::from(home));
    let load = move |root: &Path| match &home {
        // Somebody opens a file that lies there: that is no reason to read everything they have.
        Some(home) if home.starts_with(root) && !load::is_project(root) => {
            let shown = escaped(&root.to_string_lossy());
            Err(format!("`{shown}` is taken for no project; put the file into a folder with an `optlint.toml`"))
        }
        _ => ruled(root).map_err(|failure| failure.to_string()),
    };
    match serve(Box::new(BufReader::new(io::stdin())), cx.out, Arc::new(load)) {
        true => Exit::Clean,
        // What the protocol asks for where the client has not said goodbye.
        false => Exit::Found,
    }
}

/// What the project in the folder `root` is looked at with.
fn ruled(root: &Path) -> Result<Ruled, Failure> {
    let set = rule_set::load(&RuleSetArgs::default(), &[root.to_path_buf()], root)?;
    let mut secrets = show::secret_options()?;
    secrets.extend(set.rules.iter().flat_map(|rule| rule.page.secrets().iter().cloned()));
    secrets.sort();
    secrets.dedup();
    let baseline = match &set.file {
        Some(file) => baseline::of_settings(&set.settings, file, root)?.map(|(_, baseline)| baseline),
        None => None,
    };
    let known = baseline.unwrap_or_default();
    Ok(Ruled { rules: set.rules, names: set.names, wishes: set.wishes, secrets, known })
}
