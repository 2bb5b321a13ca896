//! What rules could not decide, for people: by the place where knowledge ended, since one
//! such place usually leaves many questions open.

use super::pretty::names;
use super::{Options, escaped, place};
use crate::finding::{RuleId, Undecided};
use crate::source::{Origin, Sources};
use std::collections::{BTreeMap, BTreeSet};
use std::io;

/// So many options are named of a rule.
const OPTIONS: usize = 3;

/// Questions that are open for one reason.
struct Group<'a> {
    cause: &'a str,
    at: Origin,
    /// The options in question and where they are defined, by rule.
    rules: BTreeMap<&'a RuleId, BTreeSet<(&'a str, Origin)>>,
    configurations: BTreeSet<&'a String>,
    /// Some of it is in a module that no configuration reaches.
    alone: bool,
}

/// Writes a paragraph for each reason; those that leave most open come first.
/// `heading` renders what opens a paragraph.
pub(super) fn write(
    undecided: &[Undecided],
    sources: &Sources,
    options: &Options,
    heading: impl Fn(&str) -> String,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    for (nth, group) in groups(undecided).iter().enumerate() {
        let gap = if nth == 0 { "" } else { "\n" };
        let at = place(sources, &options.base, group.at);
        let at = if at.is_empty() { at } else { format!("{at}: ") };
        writeln!(out, "{gap}{} {at}{}", heading("undecided:"), escaped(group.cause))?;
        for (rule, asked) in &group.rules {
            writeln!(out, "  {rule}")?;
            for (option, at) in asked.iter().take(OPTIONS) {
                let at = if *at == group.at { String::new() } else { place(sources, &options.base, *at) };
                let at = if at.is_empty() { at } else { format!(" ({at})") };
                writeln!(out, "    `{}`{at}", escaped(option))?;
            }
            if asked.len() > OPTIONS {
                writeln!(out, "    and {} more", asked.len() - OPTIONS)?;
            }
        }
        let mut within = names(&group.configurations.iter().map(|name| (*name).clone()).collect::<Vec<_>>());
        if group.alone {
            let and = if within.is_empty() { "" } else { ", and " };
            within.push_str(and);
            within.push_str("a module that no configuration reaches");
        }
        writeln!(out, "  in: {within}")?;
    }
    Ok(())
}

/// Those with the same cause at the same place together.
fn groups(undecided: &[Undecided]) -> Vec<Group<'_>> {
    let mut groups: BTreeMap<(&str, Origin), Group<'_>> = BTreeMap::new();
    for Undecided { rule, option, cause, at, asked, configurations, reached } in undecided {
        // Where knowledge ended at no place but the question's own, the cause alone says what is one.
        let at = if at == asked { Origin::Default } else { *at };
        let new = || Group { cause, at, rules: BTreeMap::new(), configurations: BTreeSet::new(), alone: false };
        let group = groups.entry((cause, at)).or_insert_with(new);
        group.rules.entry(rule).or_default().insert((option, *asked));
        group.configurations.extend(configurations);
        group.alone |= !reached;
    }
    let mut groups: Vec<Group<'_>> = groups.into_values().collect();
    let size = |group: &Group<'_>| group.rules.values().map(BTreeSet::len).sum::<usize>();
    groups.sort_by(|a, b| size(b).cmp(&size(a)).then_with(|| a.cause.cmp(b.cause)));
    groups
}
