//! What fuzzing starts from: the project's own pages, fixtures and tests, cut into inputs of the targets.

use std::path::{Path, PathBuf};

/// The inputs that a target starts from, in an order that is always the same.
pub fn seeds(target: &str) -> Vec<Vec<u8>> {
    let pages = || files("rules", "md").into_iter().chain(files("tests/evaluation", "md"));
    let seeds = match target {
        "configuration" | "comments" => {
            pages().flat_map(|page| blocks(&page)).chain(files("fixtures", "nix")).collect()
        }
        "nginx" | "caddyfile" => {
            let texts = pages().flat_map(|page| blocks(&page)).flat_map(|block| indented_strings(&block));
            texts.chain(files("tests/fuzz/seeds", target)).collect()
        }
        "settings" => {
            files(".", "toml").into_iter().chain(files("docs", "md").iter().flat_map(|page| blocks(page))).collect()
        }
        "page" => files("rules", "md"),
        "records" => files("tests/fuzz/seeds", "jsonl"),
        _ => vec![],
    };
    let mut seeds: Vec<String> = seeds.into_iter().filter(|seed| seed.len() <= 8192).collect();
    seeds.sort();
    seeds.dedup();
    seeds.into_iter().map(String::into_bytes).collect()
}

/// The inputs that a target once could not stand.
pub fn crashes(target: &str) -> Vec<Vec<u8>> {
    let kept = files_of(&root().join("tests/fuzz/crashes").join(target), None);
    kept.iter().filter_map(|path| std::fs::read(path).ok()).collect()
}

/// The repository.
fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.ancestors().find(|folder| folder.join("rules/mod.rs").exists()).unwrap_or(own).to_path_buf()
}

/// The texts of the files below a folder of the repository with this ending.
fn files(folder: &str, extension: &str) -> Vec<String> {
    let found = files_of(&root().join(folder), Some(extension));
    found.iter().filter_map(|path| std::fs::read_to_string(path).ok()).collect()
}

fn files_of(folder: &Path, extension: Option<&str>) -> Vec<PathBuf> {
    let (mut found, mut folders) = (vec![], vec![folder.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let (path, name) = (entry.path(), entry.file_name());
            let is_built = ["target", "corpus", "artifacts", ".git"].iter().any(|built| name == *built);
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && !is_built => folders.push(path),
                Ok(kind)
                    if kind.is_file()
                        && extension.is_none_or(|wanted| path.extension().is_some_and(|ext| ext == wanted)) =>
                {
                    found.push(path);
                }
                _ => {}
            }
        }
    }
    found.sort();
    found
}

/// The fenced blocks of a page.
fn blocks(page: &str) -> Vec<String> {
    page.split("\n```").skip(1).step_by(2).filter_map(|block| Some(block.split_once('\n')?.1.to_owned())).collect()
}

/// What stands between doubled quotes in Nix.
fn indented_strings(nix: &str) -> Vec<String> {
    nix.split("''").skip(1).step_by(2).map(String::from).collect()
}
