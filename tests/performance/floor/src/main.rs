//! The least that a linter of this kind has to do: it walks a folder, reads every Nix file, searches each
//! for the words that rules are about, and parses those that hold one. It finds nothing.
//!
//!     optlint-floor [--one-thread] [--all] FOLDER
//!
//! `--one-thread` does it on one thread rather than on all cores, `--all` parses every file.

use aho_corasick::AhoCorasick;
use ignore::{WalkBuilder, WalkState};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The text in which the words stand, as a constant `SUBJECTS`.
const RULES: &str = include_str!("../../../../rules/mod.rs");

/// The words in quotes between the head of the constant and its end.
fn words() -> Vec<&'static str> {
    let list = RULES.split_once("SUBJECTS: &[&str] = &[").and_then(|(_, rest)| rest.split_once("];"));
    let (list, _) = list.expect("the words that rules are about, in rules/mod.rs");
    list.lines().filter_map(|line| line.trim().strip_prefix('"')?.split('"').next()).collect()
}

#[derive(Default)]
struct Counts {
    files: AtomicUsize,
    bytes: AtomicUsize,
    parsed: AtomicUsize,
    nodes: AtomicUsize,
}

impl Counts {
    fn look_at(&self, path: &Path, words: Option<&AhoCorasick>) {
        let Ok(text) = std::fs::read(path) else { return };
        self.files.fetch_add(1, Relaxed);
        self.bytes.fetch_add(text.len(), Relaxed);
        if words.is_none_or(|words| words.is_match(&text))
            && let Ok(text) = str::from_utf8(&text)
        {
            let tree = rnix::Root::parse(text);
            self.parsed.fetch_add(1, Relaxed);
            // So that nobody optimises the tree away.
            self.nodes.fetch_add(usize::from(tree.errors().is_empty()), Relaxed);
        }
    }
}

fn run(folder: &str, threads: usize, words: Option<&AhoCorasick>) -> Counts {
    let counts = Counts::default();
    let walk = WalkBuilder::new(folder).hidden(false).require_git(false).threads(threads).build_parallel();
    walk.run(|| {
        Box::new(|entry| {
            if let Ok(entry) = entry {
                if entry.file_name() == ".git" {
                    return WalkState::Skip;
                }
                let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
                if is_file && entry.path().extension().is_some_and(|ending| ending == "nix") {
                    counts.look_at(entry.path(), words);
                }
            }
            WalkState::Continue
        })
    });
    counts
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |flag: &str| arguments.iter().any(|argument| argument == flag);
    let folder = arguments.iter().find(|argument| !argument.starts_with("--")).expect("a folder");
    let words = (!has("--all")).then(|| AhoCorasick::new(words()).expect("words"));
    let threads = if has("--one-thread") { 1 } else { std::thread::available_parallelism().map_or(1, usize::from) };
    let counts = run(folder, threads, words.as_ref());
    let said = [&counts.files, &counts.bytes, &counts.parsed, &counts.nodes].map(|count| count.load(Relaxed));
    println!("{} files, {} bytes, {} parsed, {} of them without errors", said[0], said[1], said[2], said[3]);
}
