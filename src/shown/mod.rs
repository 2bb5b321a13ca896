//! What is known of options, in lines for people: values without secrets, definitions, what lost.

mod secret;

pub use secret::{holds_password, is_secret, shown};

use crate::option::{Configuration, Definition, OptionEntry, OptionPath, OptionPattern, Priority, Segment};
use crate::report::relative;
use crate::source::{Origin, Sources};
use crate::value::{Cause, Knowledge, Shape, Truth, Value};
use secret::{SECRET, redacted};
use std::io::{self, Write};
use std::path::Path;

/// What options are written with.
pub struct Page<'a> {
    /// The files that places are in.
    pub sources: &'a Sources,
    /// Paths are written as seen from this absolute folder.
    pub base: &'a Path,
    /// The options whose values nobody prints.
    pub secrets: &'a [OptionPattern],
}

/// What a configuration is to a reader.
pub fn kind(configuration: &Configuration) -> &'static str {
    if configuration.whole { "configuration" } else { "a module that no configuration reaches" }
}

impl Page<'_> {
    /// Writes what a configuration says of each of `paths`, and what of it was not followed.
    pub fn configuration(
        &self,
        configuration: &Configuration,
        paths: &[OptionPath],
        out: &mut dyn Write,
    ) -> io::Result<()> {
        writeln!(out, "{} ({})", configuration.name, kind(configuration))?;
        for path in paths {
            self.option(configuration, path, out)?;
        }
        for gap in &configuration.gaps {
            writeln!(out, "  not followed: {}{}", gap.unknown.cause, self.at(gap.at))?;
        }
        Ok(())
    }

    /// Writes what a configuration says of one option.
    pub fn option(&self, configuration: &Configuration, path: &OptionPath, out: &mut dyn Write) -> io::Result<()> {
        let names: Vec<&str> = path.0.iter().filter_map(Segment::as_name).collect();
        match configuration.entry(&names) {
            Some(entry) => self.entry(entry, out),
            None => match configuration.may_exist(&names) {
                // Of other modules that nobody has read.
                Some(unknown) if matches!(&*unknown.cause, Cause::Undefined(name) if name.contains('…')) => {
                    writeln!(out, "  {path} = ?   not defined in what was read")
                }
                Some(unknown) => writeln!(out, "  {path} = ?   {}{}", unknown.cause, self.at(unknown.at)),
                None => writeln!(out, "  {path} is not defined"),
            },
        }
    }

    fn entry(&self, entry: &OptionEntry, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "  {} = {}", entry.path, self.value(entry, &entry.value))?;
        if let Some(unknown) = entry.value.first_unknown() {
            writeln!(out, "    unknown: {}{}", unknown.cause, self.at(unknown.at))?;
        }
        for definition in entry.definitions_below() {
            self.definition(entry, definition, "", out)?;
        }
        for definition in lost(entry) {
            self.definition(entry, definition, "lost: ", out)?;
        }
        if entry.definitions_below().next().is_none() {
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
            let hides = self.is_secret(&definition.path) && !is_harmless(&definition.value);
            format!("{} = {}", definition.path, if hides { SECRET.into() } else { shown })
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
        let holds_secret = self.is_secret(&entry.path) && !is_harmless(value);
        let inside = entry.children.values().chain(&entry.partly_named);
        let names: Vec<_> = inside
            .filter(|child| child.definitions_below().next().is_some())
            .filter_map(|child| child.path.last().cloned())
            .map(|name| OptionPath(vec![name]).to_string())
            .collect();
        match holds_secret {
            true => SECRET.into(),
            // The definitions that follow say what is in it.
            false if !names.is_empty() && std::ptr::eq(value, &entry.value) => format!("{{ {} }}", names.join(" ")),
            false => redacted(&entry.path, value, self.secrets).to_string(),
        }
    }

    fn is_secret(&self, path: &OptionPath) -> bool {
        is_secret(path, self.secrets)
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

/// Whether there is nothing to hide, whatever the option: nothing is known, or only yes or no.
fn is_harmless(value: &Value) -> bool {
    matches!(value.shape, Shape::Null | Shape::Bool(_) | Shape::Unknown(_))
}

/// Definitions at or below an entry that lost by priority.
pub fn lost(entry: &OptionEntry) -> Vec<&Definition> {
    let mut found: Vec<_> = entry.overridden.iter().collect();
    for child in entry.children.values().chain(&entry.partly_named) {
        found.extend(lost(child));
    }
    found
}
