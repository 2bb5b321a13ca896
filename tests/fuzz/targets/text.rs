//! Targets that read a text and no more: comments, settings and baselines, pages.

use optlint::baseline::Baseline;
use optlint::finding::RuleId;
use optlint::lint::{Rule, Suppressions, allowing};
use optlint::settings::Settings;
use optlint::source::load::Patterns;
use optlint::source::{Sources, Span};
use optlint::syntax::with_big_stack;
use std::path::{Path, PathBuf};

/// A Nix file of which only the comments matter: they are read, and one is written.
pub fn comments(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    with_big_stack(|| {
        let mut sources = Sources::default();
        let file = sources.add(PathBuf::from("/project/a.nix"), &*text);
        Suppressions::read(&sources, [file]);
        // A place in the middle, as a finding has one.
        let boundary = |at: &usize| text.is_char_boundary(*at);
        let start = (0..=text.len() / 2).rfind(boundary).unwrap_or_default();
        let end = (start + 1..text.len()).find(boundary).unwrap_or(text.len());
        let place = Span::new(file, start as u32, end as u32);
        if let Some(edit) = allowing(&text, place, &RuleId::new("some-rule")) {
            let mut after = text.clone().into_owned();
            after.insert_str(edit.span.start as usize, &edit.text);
        }
    });
}

/// An `optlint.toml`, and a baseline.
pub fn settings(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    match Settings::parse(&text) {
        Ok(settings) => {
            settings.unknown_word(&["all"]).map(|error| error.to_string());
            let root = Path::new("/project");
            for list in [&settings.rules, &settings.skip, &settings.entry_points] {
                if let Ok(patterns) = Patterns::new(root, list) {
                    patterns.match_file(&root.join("a/b.nix"));
                }
            }
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    if let Ok(baseline) = Baseline::parse(&text) {
        assert_eq!(Baseline::parse(&baseline.text()), Ok(baseline));
    }
}

/// A page of the user's own.
pub fn page(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    with_big_stack(|| {
        if let Err(errors) = Rule::own("lint/page", &text) {
            assert!(!errors.is_empty());
        }
    });
}
