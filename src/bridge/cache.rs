//! What Nix told before, told again: for evaluations of which is known what they read.
//!
//! That is known where Nix itself sees to it, under `--restrict-eval`: it reads the project, its
//! search path and the store, no environment and no network. What is left is looked for in the text.

use super::locked::is_locked;
use super::log::Failure;
use super::nix::Nix;
use crate::hash::{Hash, sealed, unsealed};
use crate::source::load::{self, FileKind, Kept};
use serde_json::{Value as Json, json};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What an input of a flake reads can change without a trace, such as the time: not for longer than this.
const AGE: Duration = Duration::from_secs(24 * 60 * 60);
/// The most that one run may be remembered with, in bytes.
const MOST: u64 = 32 << 20;
/// The most that is kept in all.
const MOST_KEPT: u64 = 256 << 20;
/// The most files that a project may have.
const MOST_FILES: usize = 20_000;

/// Whose value can change although no file does. Also in comments: better once too often.
const IMPURE: [&str; 7] =
    ["currentTime", "builtins.fetch", "fetchTarball", "fetchGit", "fetchTree", "fetchMercurial", "getFlake"];

/// What is remembered of evaluations of one state of a project.
pub(super) struct Cache {
    kept: Kept,
    /// Everything that answers depend on, besides the question.
    state: Hash,
}

/// What one run said.
#[derive(Debug, PartialEq)]
pub(super) struct Said {
    /// The records, a line each.
    pub lines: Vec<String>,
    /// Why it ended before the end.
    pub failure: Option<Failure>,
}

impl Cache {
    /// The cache for a project, if evaluations of it may be remembered. `top` is the folder that Nix
    /// gets whole, `root` the project's in it; `is_flake`: without a search path.
    pub(super) fn new(nix: &Nix, version: &str, (top, root): (&Path, &Path), is_flake: bool) -> Option<Cache> {
        let folder = nix.cache.as_ref().filter(|_| nix.restrict)?;
        let mut state = Hash::default();
        let about = json!([
            env!("CARGO_PKG_VERSION"),
            nix.program,
            version,
            nix.options,
            nix.environment,
            top.to_string_lossy(),
            is_flake
        ]);
        state.add(about.to_string().as_bytes());
        if nix.options.iter().any(|(name, _)| name.contains("allowed-")) {
            return None;
        }
        settings(&mut state, nix)?;
        if !is_flake {
            search_path(&mut state, nix)?;
        } else if !is_locked(root) {
            return None;
        }
        project(&mut state, top)?;
        Some(Cache { kept: Kept::new(folder).ok()?, state })
    }

    /// The name of a question's answer.
    pub(super) fn key(&self, expression: &str, without_store: bool) -> String {
        let mut all = self.state.clone();
        all.add(expression.as_bytes());
        all.add([u8::from(without_store)]);
        all.hex()
    }

    /// What a run said before; what is broken counts as nothing.
    pub(super) fn read(&self, key: &str) -> Option<Said> {
        let bytes = self.kept.read(key, AGE, MOST)?;
        let (end, lines) = std::str::from_utf8(unsealed(key, &bytes)?).ok()?.split_once('\n')?;
        let end: Json = serde_json::from_str(end).ok()?;
        let number = |index: usize| u32::try_from(end["at"][index].as_u64()?).ok();
        let at = || Some((end["at"][0].as_str()?.to_owned(), number(1)?, number(2)?));
        let failure = end["message"].as_str().map(|message| Failure::of_nix(message, at()));
        Some(Said { lines: lines.lines().map(String::from).collect(), failure })
    }

    /// Remembers a run, if it would end the same way again.
    pub(super) fn write(&self, key: &str, said: &Said) {
        let by_chance = ["memory", "overflow", "disk", "daemon", "interrupted"];
        if said.failure.as_ref().is_some_and(|failure| by_chance.iter().any(|word| failure.message.contains(word))) {
            return;
        }
        let end = match &said.failure {
            Some(failure) => json!({ "message": failure.message, "at": failure.at }),
            None => json!({}),
        };
        let bytes = sealed(key, format!("{end}\n{}", said.lines.join("\n")).as_bytes());
        if bytes.len() as u64 <= MOST {
            self.kept.write(key, &bytes, MOST_KEPT);
        }
    }
}

/// Adds what Nix's own settings say.
fn settings(state: &mut Hash, nix: &Nix) -> Option<()> {
    let of = |name: &str| nix.environment.iter().find(|(have, _)| have == name).map(|(_, value)| value.as_str());
    // Then they are somewhere else.
    if ["NIX_CONF_DIR", "NIX_USER_CONF_FILES"].iter().any(|name| of(name).is_some()) {
        return None;
    }
    let own = of("XDG_CONFIG_HOME").map(PathBuf::from).or_else(|| Some(Path::new(of("HOME")?).join(".config")));
    let dirs = of("XDG_CONFIG_DIRS").unwrap_or("/etc/xdg").split(':').map(PathBuf::from);
    let files =
        own.into_iter().chain(dirs).map(|folder| folder.join("nix/nix.conf")).chain(["/etc/nix/nix.conf".into()]);
    let read = files.filter(|file| load::exists(file)).map(|file| load::read_text(&file).ok());
    let texts: Option<Vec<String>> = read.collect();
    for text in texts?.iter().map(String::as_str).chain(of("NIX_CONFIG")) {
        // More files, more that may be read, code from elsewhere.
        if ["include", "allowed-", "nix-path", "plugin-files"].iter().any(|word| text.contains(word)) {
            return None;
        }
        state.add(text.as_bytes());
    }
    Some(())
}

/// Adds the search path, which must lie in the store.
fn search_path(state: &mut Hash, nix: &Nix) -> Option<()> {
    let (_, path) = nix.environment.iter().find(|(name, _)| name == "NIX_PATH")?;
    for entry in path.split(':').filter(|entry| !entry.is_empty()) {
        let folder = load::real(Path::new(entry.split_once('=').map_or(entry, |(_, folder)| folder)))?;
        if !folder.starts_with("/nix/store") {
            return None;
        }
        state.add(folder.to_string_lossy().as_bytes());
    }
    Some(())
}

/// Adds every file of the project, and what Git says of them.
fn project(state: &mut Hash, top: &Path) -> Option<()> {
    for file in load::everything(top, MOST_FILES)? {
        state.add(file.strip_prefix(top).ok()?.to_string_lossy().as_bytes());
        if load::kind(&file) == Some(FileKind::Symlink) {
            state.add(load::link(&file)?.to_string_lossy().as_bytes());
            continue;
        }
        let bytes = load::read_bytes(&file).ok()?;
        if file.extension().is_some_and(|extension| extension == "nix") {
            let text = String::from_utf8_lossy(&bytes);
            if IMPURE.iter().any(|word| text.contains(word)) {
                return None;
            }
        }
        state.add(&bytes);
    }
    let git = top.join(".git");
    match load::kind(&git) {
        None => return Some(()),
        Some(FileKind::Directory) => {}
        // What Git knows is kept elsewhere.
        Some(_) => return None,
    }
    let head = load::read_text(&git.join("HEAD")).ok()?;
    let branch = head.strip_prefix("ref: ").map(|name| git.join(name.trim()));
    state.add(head.as_bytes());
    for file in [git.join("index"), git.join("packed-refs")].into_iter().chain(branch) {
        let bytes = if load::exists(&file) { load::read_bytes(&file).ok()? } else { vec![] };
        state.add(&bytes);
    }
    Some(())
}
