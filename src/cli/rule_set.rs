//! Which rules a run asks: those that ship and the user's own, as settings and flags select them.

use super::Failure;
use super::args::RuleSetArgs;
use super::wishes::{files, wishes};
use crate::check::Wishes;
use crate::lint::{Category, Rule, Selection, Tier, select, vocabulary};
use crate::report::escaped;
use crate::settings::{self, Settings};
use crate::source::load;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The file that a folder of pages may have besides, to say what they are about.
const README: &str = "README.md";

/// What a run goes by.
pub(super) struct RuleSet {
    /// The rules that are on.
    pub(super) rules: Vec<Rule>,
    /// The names of all rules there are, on or off.
    pub(super) names: Vec<String>,
    /// The file with the project's settings, if there is one.
    pub(super) file: Option<PathBuf>,
    /// What it says.
    pub(super) settings: Settings,
    /// The pages with rules of the user's own.
    pub(super) pages: Vec<PathBuf>,
    /// What follows from it besides which rules are on.
    pub(super) wishes: Wishes,
}

/// The rules that are on for the projects around `paths` (absolute), and what else their settings
/// say. Paths in flags start at `folder`.
pub(super) fn load(args: &RuleSetArgs, paths: &[PathBuf], folder: &Path) -> Result<RuleSet, Failure> {
    let Known { rules, pages, file, settings } = known(&args.folders, paths, folder)?;
    let flags = Selection {
        select: args.select.clone(),
        enable: args.enable.clone(),
        disable: args.disable.clone(),
        ..Selection::default()
    };
    let vocabulary = vocabulary(&rules);
    if let Some(unknown) = flags.words().find(|word| !vocabulary.contains(word)) {
        return Err(Failure(settings::no_such_rule(unknown, &vocabulary)));
    }
    let flags_decide = flags.select.is_some();
    let wishes = match &file {
        Some(file) => wishes(&settings, file, folder, flags_decide)?,
        None => Wishes::default(),
    };
    // Whoever names rules on the command line wants these, whatever the settings say.
    let asked = settings.selection.clone();
    let asked = if flags_decide { selection_of_severities(asked) } else { asked };
    let names = rules.iter().map(|rule| rule.page.id.to_string()).collect();
    Ok(RuleSet { rules: select(rules, &[asked, flags]), names, file, settings, pages, wishes })
}

fn selection_of_severities(selection: Selection) -> Selection {
    Selection { severity: selection.severity, ..Selection::default() }
}

/// Every rule there is.
pub(super) struct Known {
    /// The rules, on or off, by name.
    pub(super) rules: Vec<Rule>,
    pages: Vec<PathBuf>,
    /// The file with the project's settings, if there is one.
    file: Option<PathBuf>,
    settings: Settings,
}

/// Every rule that the projects around `paths` and `folders` know, and the projects' settings.
pub(super) fn known(folders: &[PathBuf], paths: &[PathBuf], folder: &Path) -> Result<Known, Failure> {
    let mut rules = super::rules::loaded()?;
    let mut pages = Vec::new();
    let found = settings_of(paths, folder)?;
    if let Some((file, settings)) = &found {
        for pattern in &settings.rules {
            pages.extend(files("rules", pattern, file, folder)?);
        }
        rules.extend(own(&pages, &rules, folder)?);
        if let Some(error) = settings.unknown_word(&vocabulary(&rules)) {
            return Err(Failure(format!("{}:{error}", relative(file, folder))));
        }
    }
    let more = pages_in(folders, folder)?;
    let more: Vec<PathBuf> = more.into_iter().filter(|page| !pages.contains(page)).collect();
    rules.extend(own(&more, &rules, folder)?);
    pages.extend(more);
    rules.sort_by(|a, b| a.page.id.cmp(&b.page.id));
    let (file, settings) = found.unzip();
    Ok(Known { rules, pages, file, settings: settings.unwrap_or_default() })
}

/// The settings file of the projects around `paths`, and what it says. All of them have to share it.
fn settings_of(paths: &[PathBuf], folder: &Path) -> Result<Option<(PathBuf, Settings)>, Failure> {
    let roots: BTreeSet<PathBuf> = paths.iter().map(|path| load::project_root(path)).collect();
    let files: BTreeSet<Option<PathBuf>> =
        roots.iter().map(|root| Some(root.join(settings::FILE)).filter(|file| load::exists(file))).collect();
    if files.len() > 1 {
        let message = format!("these paths belong to projects with different `{}`", settings::FILE);
        return Err(Failure(format!("{message}; run optlint once for each project")));
    }
    let Some(file) = files.into_iter().next().flatten() else { return Ok(None) };
    let shown = relative(&file, folder);
    let root = file.parent().unwrap_or(folder);
    let text = load::read_text_inside(root, &file).map_err(|error| Failure(format!("{shown}: {error}")))?;
    let settings = Settings::parse(&text).map_err(|error| Failure(format!("{shown}:{error}")))?;
    Ok(Some((file, settings)))
}

/// The pages that `folders` name: files, and what lies in folders.
pub(super) fn pages_in(folders: &[PathBuf], folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut pages = Vec::new();
    for path in folders {
        let absolute = load::normalize(&folder.join(path));
        let shown = escaped(&path.display().to_string());
        match load::target_kind(&absolute) {
            None => return Err(Failure(format!("`{shown}` does not exist; name a folder with rule pages"))),
            Some(load::FileKind::Directory) => {
                let found = load::matching(&absolute, &["*.md".to_owned()]).map_err(Failure)?;
                let count = pages.len();
                pages.extend(found.into_iter().filter(|page| page.file_name().is_none_or(|name| name != README)));
                if pages.len() == count {
                    return Err(Failure(format!("there is no rule page in `{shown}`: pages end with `.md`")));
                }
            }
            Some(_) => pages.push(absolute),
        }
    }
    pages.sort();
    pages.dedup();
    Ok(pages)
}

/// Loads the user's `pages`; their names must be new beside the rules that are `there`.
pub(super) fn own(pages: &[PathBuf], there: &[Rule], folder: &Path) -> Result<Vec<Rule>, Failure> {
    let mut taken: BTreeSet<String> = there.iter().map(|rule| rule.page.id.to_string()).collect();
    taken.extend(Category::ALL.map(Category::as_str).map(String::from));
    taken.extend([Tier::Default, Tier::Pedantic].map(Tier::as_str).map(String::from));
    let mut rules = Vec::new();
    for path in pages {
        let shown = relative(path, folder);
        let text = load::read_text(path).map_err(|error| Failure(format!("{shown}: {error}")))?;
        let name = path.with_extension("");
        let mut rule = Rule::own(&name.to_string_lossy(), &text).map_err(|errors| {
            let errors: Vec<String> = errors.iter().map(|error| format!("{shown}:{error}")).collect();
            Failure(errors.join("\nerror: "))
        })?;
        if !taken.insert(rule.page.id.to_string()) {
            return Err(Failure(format!("{shown}: the name `{}` is taken; choose another name", rule.page.id)));
        }
        rule.page.url = Some(shown);
        rules.push(rule);
    }
    Ok(rules)
}

/// `path` as seen from `folder`.
pub(super) fn relative(path: &Path, folder: &Path) -> String {
    escaped(&path.strip_prefix(folder).unwrap_or(path).display().to_string())
}
