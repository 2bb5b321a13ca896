//! coturn, from its options and from the text beside them.

use crate::lint::prelude::*;
use crate::rules::secret::text::{HOLE, flat};
use crate::rules::written::values;

/// A coturn that is switched on here.
pub(crate) struct Coturn<'a> {
    /// `services.coturn.enable`.
    pub(crate) enable: OptionView<'a>,
    /// Whether it is on.
    pub(crate) is_on: Truth,
    /// `services.coturn`.
    pub(crate) options: OptionView<'a>,
    /// The lines of `extraConfig`, each with its option.
    pub(crate) lines: Vec<(Line, OptionView<'a>)>,
    /// Why there may be more lines.
    pub(crate) more: Option<Unknown>,
}

/// A line of `turnserver.conf`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) key: String,
    /// What follows `=`; empty if nothing does. Unknown pieces are [`HOLE`]s.
    pub(crate) value: String,
}

impl<'a> Coturn<'a> {
    /// Reads the options; `None` if nobody switches it on.
    pub(crate) fn of(cx: &Cx<'a>) -> Option<Self> {
        let options = cx.option("services.coturn");
        let enable = options.at("enable");
        let is_on = enable.is_true();
        if is_on.is_false() || values(&enable).is_empty() {
            return None;
        }
        let (mut found, mut more) = (vec![], None);
        for view in values(&options.at("extraConfig")) {
            match view.text() {
                Some(text) => {
                    let (read, hidden) = lines(&flat(text));
                    if hidden {
                        more = more.or_else(|| text.holes().next().cloned());
                    }
                    found.extend(read.into_iter().map(|line| (line, view.clone())));
                }
                None => more = more.or_else(|| view.unknown()),
            }
        }
        // A module that was not read may add lines.
        if cx.is_whole() {
            more = more.or_else(|| options.at("extraConfig").unknown());
        }
        Some(Self { enable, is_on, options, lines: found, more })
    }

    /// Whether a flag is on, as an option or in the text.
    pub(crate) fn has_flag(&self, key: &str) -> Truth {
        let written = self.lines.iter().any(|(line, _)| line.key == key && !["0", "false"].contains(&&*line.value));
        self.options.at(key).is_true() | Truth::from(written) | self.may_have_more()
    }

    /// Unknown if there may be more lines than are known.
    pub(crate) fn may_have_more(&self) -> Truth {
        self.more.clone().map_or(Truth::False, Truth::Unknown)
    }
}

/// The lines of a text, and whether there may be others.
fn lines(text: &str) -> (Vec<Line>, bool) {
    let (mut found, mut hidden) = (vec![], false);
    for line in text.lines() {
        let line = line.split('#').next().unwrap_or_default().trim();
        let (key, value) = line.split_once('=').unwrap_or((line, ""));
        let (key, value) = (key.trim().to_owned(), value.trim().trim_matches('"').to_owned());
        if key.contains(HOLE) {
            hidden = true;
        } else if !key.is_empty() {
            found.push(Line { key, value });
        }
    }
    (found, hidden)
}

#[cfg(test)]
mod tests {
    use super::{HOLE, lines};

    #[test]
    fn reading() {
        let check = |text: &str, expected: &[(&str, &str)], hidden: bool| {
            let (found, more) = lines(text);
            let found: Vec<_> = found.iter().map(|line| (line.key.as_str(), line.value.as_str())).collect();
            assert_eq!((found.as_slice(), more), (expected, hidden), "{text}");
        };
        check("no-auth\n# use-auth-secret\n\n", &[("no-auth", "")], false);
        check("user = a:b # c", &[("user", "a:b")], false);
        check(&format!("a={HOLE}\n{HOLE}"), &[("a", &HOLE.to_string())], true);
    }
}
