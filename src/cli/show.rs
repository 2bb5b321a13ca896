//! `optlint show`: what is known of an option.

use super::args::{ListFormat, ProjectArgs, RuleSetArgs, ShowArgs};
use super::known::Known;
use super::near::near;
use super::{Cx, Exit, Failure};
use crate::bridge::Difference;
use crate::check::{Differences, Resolved, Wishes, resolve};
use crate::lint::patterns;
use crate::option::{Configuration, Definition, OptionPath, OptionPattern, Segment};
use crate::report::relative;
use crate::settings::meant;
use crate::shown::{Page, is_secret, lost, shown};
use crate::source::{FileId, load};
use serde_json::{Value as Json, json};

pub(super) fn run(args: &ShowArgs, cx: &mut Cx<'_>) -> Result<Exit, Failure> {
    args.options.iter().try_for_each(|option| is_name(option))?;
    let patterns: Vec<_> = args.options.iter().map(|option| OptionPattern::parse(option)).collect();
    let paths: Vec<_> = args.options.iter().map(|option| OptionPath::parse(option)).collect();
    let (resolved, differences) = evaluated(args, &patterns, cx)?;
    let chosen = choose(&resolved, args.project.configuration.as_deref())?;
    let secrets = secret_options()?;
    let page = Page { sources: &resolved.eval.sources, base: &cx.surroundings.folder, secrets: &secrets };
    if args.project.format == ListFormat::Json {
        let configurations: Vec<_> = chosen.iter().map(|one| as_json(&page, one, &paths)).collect();
        writeln!(cx.out, "{}", json!({ "version": 1, "configurations": configurations }))?;
    } else {
        for (index, configuration) in chosen.iter().enumerate() {
            if index > 0 {
                writeln!(cx.out)?;
            }
            page.configuration(configuration, &paths, cx.out)?;
            for (_, difference) in differences.iter().filter(|(name, _)| *name == configuration.name) {
                writeln!(cx.out, "  {}", difference_line(difference, page.secrets))?;
            }
        }
    }
    for hint in hints(&paths, &chosen)? {
        writeln!(cx.err, "{hint}")?;
    }
    Ok(Exit::Clean)
}

/// What was probably meant by those of `paths` that nobody defines.
fn hints(paths: &[OptionPath], chosen: &[&Configuration]) -> Result<Vec<String>, Failure> {
    let is_defined = |path: &OptionPath, configuration: &Configuration| {
        let names: Vec<&str> = path.0.iter().filter_map(Segment::as_name).collect();
        configuration.entry(&names).is_some_and(|entry| entry.definitions_below().next().is_some())
    };
    let nobody = |path: &&OptionPath| !chosen.iter().any(|configuration| is_defined(path, configuration));
    let open: Vec<&OptionPath> = paths.iter().filter(nobody).collect();
    if open.is_empty() {
        return Ok(vec![]);
    }
    let rules = super::rules::loaded()?;
    let known = patterns(&rules.iter().collect::<Vec<_>>());
    let hint = |path: &OptionPath| Some(format!("nobody defines `{path}`; did you mean `{}`?", near(path, &known)?));
    Ok(open.into_iter().filter_map(hint).collect())
}

/// The project, with Nix's answers if they are asked for.
fn evaluated(args: &ShowArgs, patterns: &[OptionPattern], cx: &mut Cx<'_>) -> Result<(Resolved, Differences), Failure> {
    let path = load::normalize(&cx.surroundings.folder.join(&args.project.path));
    let set = super::rule_set::load(&RuleSetArgs::default(), &[path], &cx.surroundings.folder)?;
    let evaluation = args.evaluation.with_settings(&set.settings, set.file.as_deref(), cx)?;
    let Some(bridge) = evaluation.bridge(cx)? else {
        return Ok((resolved(&args.project, patterns, cx)?, vec![]));
    };
    let mut resolved = read(&args.project, patterns, cx)?;
    let names = args.project.configuration.iter().cloned().collect();
    let before = resolved.problems.len();
    let differences = evaluation.evaluate(&bridge, names, &mut resolved, (patterns, &[]), cx)?;
    for line in super::summary::problem_lines(
        &resolved.problems[before..],
        &resolved.eval.sources,
        &cx.surroundings.folder,
        false,
    ) {
        writeln!(cx.err, "{line}")?;
    }
    Ok((resolved, differences))
}

/// What Nix and the static side say, if that is not the same.
pub(super) fn difference_line(difference: &Difference, secrets: &[OptionPattern]) -> String {
    let shown = |value| shown(&difference.path, value, secrets);
    let (nix, ours) = (shown(&difference.nix), shown(&difference.ours));
    format!("differs: {}: Nix says {nix}, optlint says {ours}; please report this", difference.path)
}

/// Refuses what is no option's name, such as a path.
fn is_name(option: &str) -> Result<(), Failure> {
    let odd = |c: char| !(c.is_alphanumeric() || "_-'.".contains(c));
    let outside_quotes = option.split('"').step_by(2);
    if option.is_empty() || outside_quotes.into_iter().any(|piece| piece.contains(odd)) {
        let example = "services.nginx.virtualHosts.\"example.org\".root";
        return Err(Failure(format!("`{option}` is no option's name; write it as the manual does: `{example}`")));
    }
    Ok(())
}

/// The project, as far as `patterns` name its options.
pub(super) fn resolved(args: &ProjectArgs, patterns: &[OptionPattern], cx: &Cx<'_>) -> Result<Resolved, Failure> {
    let resolved = read(args, patterns, cx)?;
    match resolved.configurations.is_empty() {
        true => Err(Failure("no NixOS configuration was found here; `--path DIR` names the project".into())),
        false => Ok(resolved),
    }
}

/// The same, whether there is a configuration or not.
fn read(args: &ProjectArgs, patterns: &[OptionPattern], cx: &Cx<'_>) -> Result<Resolved, Failure> {
    let path = &args.path;
    let folder = load::normalize(&cx.surroundings.folder.join(path));
    if !load::exists(&folder) {
        return Err(Failure(format!("`{}` does not exist; name the project's folder", path.display())));
    }
    let set = super::rule_set::load(&RuleSetArgs::default(), std::slice::from_ref(&folder), &cx.surroundings.folder)?;
    Ok(resolve(&[folder], patterns, &Wishes { outside: args.allow_outside, ..set.wishes }))
}

/// The configurations to show: the one named, or all.
pub(super) fn choose<'a>(resolved: &'a Resolved, name: Option<&str>) -> Result<Vec<&'a Configuration>, Failure> {
    let all = &resolved.configurations;
    let Some(name) = name else { return Ok(all.iter().collect()) };
    let chosen: Vec<_> = all.iter().filter(|configuration| configuration.name == name).collect();
    if chosen.is_empty() {
        let names: Vec<&str> = all.iter().map(|configuration| configuration.name.as_str()).collect();
        let hint = match meant(name, names.iter().copied()) {
            Some(near) => format!("; did you mean `{near}`?"),
            None if names.is_empty() => String::new(),
            None => format!("; there are: {}", names.join(", ")),
        };
        return Err(Failure(format!("there is no configuration `{name}`{hint}")));
    }
    Ok(chosen)
}

/// The options whose values no report prints.
pub(super) fn secret_options() -> Result<Vec<OptionPattern>, Failure> {
    let rules = super::rules::loaded()?;
    Ok(rules.into_iter().flat_map(|rule| rule.page.secrets().to_vec()).collect())
}

/// A configuration as one object.
fn as_json(page: &Page<'_>, configuration: &Configuration, paths: &[OptionPath]) -> Json {
    let known = known(page);
    let file = |file: &FileId| {
        let file = page.sources.file(*file);
        (!file.embedded).then(|| relative(&file.path, page.base))
    };
    json!({
        "name": configuration.name,
        "whole": configuration.whole,
        "files": configuration.files.iter().filter_map(file).collect::<Vec<_>>(),
        "gaps": configuration.gaps.iter().map(|gap| known.gap(gap)).collect::<Vec<_>>(),
        "options": paths.iter().map(|path| option_as_json(&known, configuration, path)).collect::<Vec<_>>(),
    })
}

fn option_as_json(known: &Known<'_>, configuration: &Configuration, path: &OptionPath) -> Json {
    let names: Vec<&str> = path.0.iter().filter_map(Segment::as_name).collect();
    let Some(entry) = configuration.entry(&names) else {
        let value = configuration.may_exist(&names).map(|unknown| known.unknown(unknown));
        return json!({ "option": path.to_string(), "value": value, "definitions": [] });
    };
    let definition = |definition: &Definition, counts: bool| known.definition(definition, counts);
    let won = entry.definitions_below().map(|one| definition(one, true));
    let lost = lost(entry).into_iter().map(|one| definition(one, false));
    json!({
        "option": path.to_string(),
        "value": known.value(&entry.path, &entry.value),
        "definitions": won.chain(lost).collect::<Vec<_>>(),
    })
}

fn known<'a>(page: &Page<'a>) -> Known<'a> {
    let secrets = page.secrets;
    Known { sources: page.sources, base: page.base, is_secret: Box::new(move |path| is_secret(path, secrets)) }
}
