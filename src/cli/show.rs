//! `optlint show`: what is known of an option.

use super::args::{ListFormat, RuleSetArgs, ShowArgs};
use super::known::Known;
use super::{Cx, Exit, Failure};
use crate::bridge::Difference;
use crate::check::{Differences, Resolved, resolve};
use crate::option::{Configuration, Definition, OptionEntry, OptionPath, OptionPattern, Priority, Segment};
use crate::report::relative;
use crate::settings::meant;
use crate::source::{FileId, Origin, Sources, load};
use crate::value::{Cause, Item, Knowledge, Shape, Str, Truth, Value};
use serde_json::{Value as Json, json};
use std::io::{self, Write};
use std::path::Path;

/// What stands for the value of an option that holds a secret.
const SECRET: &str = "«secret»";

pub(super) fn run(args: &ShowArgs, cx: &mut Cx<'_>) -> Result<Exit, Failure> {
    args.options.iter().try_for_each(|option| is_name(option))?;
    let patterns: Vec<_> = args.options.iter().map(|option| OptionPattern::parse(option)).collect();
    let paths: Vec<_> = args.options.iter().map(|option| OptionPath::parse(option)).collect();
    let (resolved, differences) = evaluated(args, &patterns, cx)?;
    let chosen = choose(&resolved, args.project.configuration.as_deref())?;
    let page = Page { sources: &resolved.eval.sources, base: &cx.surroundings.folder, secrets: secret_options()? };
    if args.project.format == ListFormat::Json {
        let configurations: Vec<_> = chosen.iter().map(|one| page.as_json(one, &paths)).collect();
        writeln!(cx.out, "{}", json!({ "version": 1, "configurations": configurations }))?;
        return Ok(Exit::Clean);
    }
    for (index, configuration) in chosen.iter().enumerate() {
        if index > 0 {
            writeln!(cx.out)?;
        }
        page.configuration(configuration, &paths, cx.out)?;
        for (_, difference) in differences.iter().filter(|(name, _)| *name == configuration.name) {
            writeln!(cx.out, "  {}", difference_line(difference, &page.secrets))?;
        }
    }
    Ok(Exit::Clean)
}

/// The project, with Nix's answers if they are asked for.
fn evaluated(args: &ShowArgs, patterns: &[OptionPattern], cx: &mut Cx<'_>) -> Result<(Resolved, Differences), Failure> {
    let Some(bridge) = args.evaluation.bridge(cx)? else {
        return Ok((resolved(&args.project.path, patterns, cx)?, vec![]));
    };
    let mut resolved = read(&args.project.path, patterns, cx)?;
    let names = args.project.configuration.iter().cloned().collect();
    let before = resolved.problems.len();
    let differences = args.evaluation.evaluate(&bridge, names, &mut resolved, patterns, cx)?;
    for line in
        super::summary::problem_lines(&resolved.problems[before..], &resolved.eval.sources, &cx.surroundings.folder)
    {
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

/// The project in a folder, as far as `patterns` name its options.
pub(super) fn resolved(path: &Path, patterns: &[OptionPattern], cx: &Cx<'_>) -> Result<Resolved, Failure> {
    let resolved = read(path, patterns, cx)?;
    match resolved.configurations.is_empty() {
        true => Err(Failure("no NixOS configuration was found here; `--path DIR` names the project".into())),
        false => Ok(resolved),
    }
}

/// The same, whether there is a configuration or not.
fn read(path: &Path, patterns: &[OptionPattern], cx: &Cx<'_>) -> Result<Resolved, Failure> {
    let folder = load::normalize(&cx.surroundings.folder.join(path));
    if !load::exists(&folder) {
        return Err(Failure(format!("`{}` does not exist; name the project's folder", path.display())));
    }
    let set = super::rule_set::load(&RuleSetArgs::default(), std::slice::from_ref(&folder), &cx.surroundings.folder)?;
    Ok(resolve(&[folder], patterns, &set.wishes))
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
    Ok(rules.into_iter().flat_map(|rule| rule.page.secrets).collect())
}

struct Page<'a> {
    sources: &'a Sources,
    base: &'a Path,
    secrets: Vec<OptionPattern>,
}

/// What a configuration is to a reader.
pub(super) fn kind(configuration: &Configuration) -> &'static str {
    if configuration.whole { "configuration" } else { "a module that no configuration reaches" }
}

impl Page<'_> {
    /// A configuration as one object.
    fn as_json(&self, configuration: &Configuration, paths: &[OptionPath]) -> Json {
        let known = self.known();
        let file = |file: &FileId| {
            let file = self.sources.file(*file);
            (!file.embedded).then(|| relative(&file.path, self.base))
        };
        json!({
            "name": configuration.name,
            "whole": configuration.whole,
            "files": configuration.files.iter().filter_map(file).collect::<Vec<_>>(),
            "gaps": configuration.gaps.iter().map(|gap| known.gap(gap)).collect::<Vec<_>>(),
            "options": paths.iter().map(|path| self.option_as_json(configuration, path)).collect::<Vec<_>>(),
        })
    }

    fn option_as_json(&self, configuration: &Configuration, path: &OptionPath) -> Json {
        let known = self.known();
        let names: Vec<&str> = path.0.iter().filter_map(Segment::as_name).collect();
        let Some(entry) = configuration.entry(&names) else {
            let value = configuration.may_exist(&names).map(|unknown| known.unknown(unknown));
            return json!({ "option": path.to_string(), "value": value, "definitions": [] });
        };
        let definition = |definition: &Definition, counts: bool| known.definition(definition, counts);
        let won = entry.all_definitions().into_iter().map(|one| definition(one, true));
        let lost = lost(entry).into_iter().map(|one| definition(one, false));
        json!({
            "option": path.to_string(),
            "value": known.value(&entry.path, &entry.value),
            "definitions": won.chain(lost).collect::<Vec<_>>(),
        })
    }

    fn known(&self) -> Known<'_> {
        Known { sources: self.sources, base: self.base, is_secret: Box::new(|path| self.is_secret(path)) }
    }

    fn configuration(
        &self,
        configuration: &Configuration,
        paths: &[OptionPath],
        out: &mut dyn Write,
    ) -> io::Result<()> {
        writeln!(out, "{} ({})", configuration.name, kind(configuration))?;
        for path in paths {
            let names: Vec<&str> = path.0.iter().filter_map(Segment::as_name).collect();
            match configuration.entry(&names) {
                Some(entry) => self.entry(entry, out)?,
                None => match configuration.may_exist(&names) {
                    // Of other modules that nobody has read.
                    Some(unknown) if matches!(&*unknown.cause, Cause::Undefined(name) if name.contains('…')) => {
                        writeln!(out, "  {path} = ?   not defined in what was read")?;
                    }
                    Some(unknown) => writeln!(out, "  {path} = ?   {}{}", unknown.cause, self.at(unknown.at))?,
                    None => writeln!(out, "  {path} is not defined")?,
                },
            }
        }
        for gap in &configuration.gaps {
            writeln!(out, "  not followed: {}{}", gap.unknown.cause, self.at(gap.at))?;
        }
        Ok(())
    }

    fn entry(&self, entry: &OptionEntry, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "  {} = {}", entry.path, self.value(entry, &entry.value))?;
        if let Some(unknown) = entry.value.first_unknown() {
            writeln!(out, "    unknown: {}{}", unknown.cause, self.at(unknown.at))?;
        }
        for definition in entry.all_definitions() {
            self.definition(entry, definition, "", out)?;
        }
        for definition in lost(entry) {
            self.definition(entry, definition, "lost: ", out)?;
        }
        if entry.all_definitions().is_empty() {
            let note = match (entry.declared, entry.is_defined()) {
                (true, Truth::False) if entry.value.knowledge() != Knowledge::Unknown => {
                    "not defined: the option's default"
                }
                _ => "no definition was read",
            };
            writeln!(out, "    {note}")?;
        }
        Ok(())
    }

    fn definition(
        &self,
        entry: &OptionEntry,
        definition: &Definition,
        lost: &str,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let shown = self.value(entry, &definition.value);
        let path = if definition.path.0.len() == entry.path.0.len() {
            shown
        } else {
            format!("{} = {}", definition.path, if self.is_secret(&definition.path) { SECRET.into() } else { shown })
        };
        write!(out, "    {lost}{path}{}", self.at(definition.site))?;
        if definition.priority != Priority::NORMAL {
            write!(out, ", priority {}", definition.priority.0)?;
        }
        for (unknown, wanted) in definition.condition.literals() {
            let how = if wanted { "if" } else { "unless" };
            write!(out, ", {how} the condition{} holds ({})", self.at(unknown.at), unknown.cause)?;
        }
        if definition.value.origin != definition.expression
            && let at @ Origin::Written(_) = definition.value.origin
        {
            write!(out, ", value written{}", self.at(at))?;
        }
        writeln!(out)
    }

    fn value(&self, entry: &OptionEntry, value: &Value) -> String {
        let harmless = matches!(value.shape, Shape::Null | Shape::Bool(_) | Shape::Unknown(_));
        let holds_secret = self.is_secret(&entry.path) && !harmless;
        let inside = entry.children.values().chain(&entry.partly_named);
        let names: Vec<_> = inside
            .filter(|child| !child.all_definitions().is_empty())
            .filter_map(|child| child.path.last().cloned())
            .map(|name| OptionPath(vec![name]).to_string())
            .collect();
        match holds_secret {
            true => SECRET.into(),
            // The definitions that follow say what is in it.
            false if !names.is_empty() && std::ptr::eq(value, &entry.value) => format!("{{ {} }}", names.join(" ")),
            false => redacted(&entry.path, value, &self.secrets).to_string(),
        }
    }

    fn is_secret(&self, path: &OptionPath) -> bool {
        is_secret(path, &self.secrets)
    }

    /// ` at file:line:column`, or nothing.
    fn at(&self, origin: Origin) -> String {
        let Some(file) = origin.file() else { return String::new() };
        let path = relative(&self.sources.file(file).path, self.base);
        match origin.span() {
            Some(span) => {
                let position = self.sources.position(file, span.start);
                format!(" at {path}:{}:{}", position.line, position.column)
            }
            None => format!(" in {path}"),
        }
    }
}

/// The value of an option, without secrets.
pub(super) fn shown(path: &OptionPath, value: &Value, secrets: &[OptionPattern]) -> String {
    if is_secret(path, secrets) { SECRET.into() } else { redacted(path, value, secrets).to_string() }
}

/// Whether a rule says so, or the option's very name does.
fn is_secret(path: &OptionPath, secrets: &[OptionPattern]) -> bool {
    let name = path.last().and_then(Segment::as_name);
    if name.is_some_and(names_place) {
        return false;
    }
    name.is_some_and(sounds_secret) || named_secret(path, secrets)
}

/// Whether a rule says that this option, or a set that it is in, is secret.
fn named_secret(path: &OptionPath, secrets: &[OptionPattern]) -> bool {
    let covers = |secret: &OptionPattern| {
        let set = path.0.get(..secret.0.len());
        set.is_some_and(|set| !secret.matches(&OptionPath(set.to_vec())).is_false())
    };
    secrets.iter().any(covers)
}

/// Whether an option of this name holds a secret rather than the place of one.
fn sounds_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    let words =
        ["secret", "password", "passwd", "passphrase", "token", "pepper", "private_key", "privatekey", "api_key"];
    words.iter().any(|word| name.contains(word)) && !names_place(&name)
}

/// Whether an option of this name says where something lies.
fn names_place(name: &str) -> bool {
    let name = name.to_lowercase();
    ["path", "file", "files", "paths"].iter().any(|end| name.ends_with(end))
}

/// The value at `path` without what is secret in it, by its attribute's name or because a rule says so.
fn redacted(path: &OptionPath, value: &Value, secrets: &[OptionPattern]) -> Value {
    let inside = |path: &OptionPath, value: &Value| redacted(path, value, secrets);
    let mut value = value.clone();
    match &mut value.shape {
        Shape::Attrs(attrs) => {
            let attrs = std::sync::Arc::make_mut(attrs);
            for (name, inner) in &mut attrs.known {
                let path = path.child(Segment::Name(name.clone()));
                let holds = match inner.shape {
                    Shape::Str(_) => is_secret(&path, secrets),
                    Shape::Null | Shape::Bool(_) | Shape::Unknown(_) => false,
                    _ => named_secret(&path, secrets),
                };
                *inner =
                    if holds { Value::new(Shape::Str(Str::new(SECRET)), inner.origin) } else { inside(&path, inner) };
            }
            for (name, inner) in &mut attrs.partly_named {
                *inner = inside(&path.child(Segment::Partly(name.clone())), inner);
            }
        }
        Shape::List(items) => {
            for item in items {
                if let Item::One(inner) | Item::Maybe(_, inner) = item {
                    *inner = inside(path, inner);
                }
            }
        }
        Shape::OneOf(alternatives) => {
            for (_, inner) in alternatives {
                *inner = inside(path, inner);
            }
        }
        _ => {}
    }
    value
}

/// Definitions at or below an entry that lost by priority.
fn lost(entry: &OptionEntry) -> Vec<&Definition> {
    let mut found: Vec<_> = entry.overridden.iter().collect();
    for child in entry.children.values().chain(&entry.partly_named) {
        found.extend(lost(child));
    }
    found
}
