//! `optlint vhosts`: the virtual hosts of web servers, and what they have to do with Matrix.

use super::args::{ListFormat, ProjectArgs};
use super::known::Known;
use super::show::{choose, resolved};
use super::{Cx, Exit, Failure};
use crate::lint::{Cx as Sight, Listed, Rule};
use crate::option::Configuration;
use crate::report::relative;
use crate::rules::vhosts::{LISTED_BY, Overview, overview};
use crate::shown::kind;
use crate::source::{Origin, Sources};
use crate::value::Truth;
use serde_json::{Value as Json, json};
use std::io::{self, Write};
use std::path::Path;

pub(super) fn run(args: &ProjectArgs, cx: &mut Cx<'_>) -> Result<Exit, Failure> {
    let rules = super::rules::loaded()?;
    let rule = rules.iter().find(|rule| rule.page.id.as_str() == LISTED_BY);
    let rule = rule.ok_or_else(|| Failure(format!("there is no rule {LISTED_BY}")))?;
    let resolved = resolved(args, rule.page.options(), cx)?;
    let chosen = choose(&resolved, args.configuration.as_deref())?;
    let page = Page { sources: &resolved.eval.sources, base: &cx.surroundings.folder };
    let of = |configuration| (configuration, vhosts(configuration, rule, page.sources));
    let found: Vec<_> = chosen.into_iter().map(of).collect();
    match args.format {
        ListFormat::Json => {
            let configurations: Vec<_> = found.iter().map(|(one, vhosts)| page.as_json(one, vhosts)).collect();
            writeln!(cx.out, "{}", json!({ "version": 1, "configurations": configurations }))?;
        }
        ListFormat::Text => {
            for (configuration, vhosts) in found.iter().filter(|(_, vhosts)| !vhosts.is_empty()) {
                writeln!(cx.out, "{} ({})", configuration.name, kind(configuration))?;
                vhosts.iter().try_for_each(|vhost| page.write(vhost, cx.out))?;
            }
        }
    }
    Ok(Exit::Clean)
}

fn vhosts(configuration: &Configuration, rule: &Rule, sources: &Sources) -> Vec<Overview> {
    let listed = Listed::new(rule.page.options());
    overview(&Sight::new(configuration, &rule.page, &listed).with_sources(sources))
}

struct Page<'a> {
    sources: &'a Sources,
    base: &'a Path,
}

impl Page<'_> {
    fn write(&self, vhost: &Overview, out: &mut dyn Write) -> io::Result<()> {
        let names: Vec<String> = vhost.names.iter().map(ToString::to_string).collect();
        let more = if vhost.more_names.is_some() { " …" } else { "" };
        write!(out, "  {}: {}{more}", vhost.server, names.join(" "))?;
        for (what, (truth, at)) in [("leads to Synapse", &vhost.homeserver), ("serves Element", &vhost.element)] {
            match truth {
                Truth::True => write!(out, "; {what}{}", self.at(*at))?,
                Truth::Unknown(unknown) => write!(out, "; perhaps {what}: {}{}", unknown.cause, self.at(*at))?,
                Truth::False => {}
            }
        }
        writeln!(out)
    }

    /// ` (file:line)`, or nothing.
    fn at(&self, at: Origin) -> String {
        let Some(span) = at.span() else { return String::new() };
        let line = self.sources.position(span.file, span.start).line;
        format!(" ({}:{line})", relative(&self.sources.file(span.file).path, self.base))
    }

    fn as_json(&self, configuration: &Configuration, vhosts: &[Overview]) -> Json {
        let vhosts: Vec<_> = vhosts.iter().map(|vhost| self.vhost(vhost)).collect();
        json!({ "name": configuration.name, "whole": configuration.whole, "vhosts": vhosts })
    }

    fn vhost(&self, vhost: &Overview) -> Json {
        let known = Known { sources: self.sources, base: self.base, is_secret: Box::new(|_| false) };
        let (file, range) = known.place(vhost.at);
        let answer = |(truth, at): &(Truth, Origin)| {
            let (file, range) = known.place(*at);
            let answer = match truth {
                Truth::True => json!(true),
                Truth::False => json!(false),
                Truth::Unknown(unknown) => known.unknown(unknown),
            };
            json!({ "answer": answer, "file": file, "range": range })
        };
        json!({
            "server": vhost.server,
            "names": vhost.names.iter().map(|name| known.text(name)).collect::<Vec<_>>(),
            "more_names": vhost.more_names.as_ref().map(|unknown| known.unknown(unknown)),
            "synapse": answer(&vhost.homeserver),
            "element": answer(&vhost.element),
            "file": file,
            "range": range,
        })
    }
}
