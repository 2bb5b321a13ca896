//! From the text of an `optlint.toml` to settings.

use super::{Override, Settings, meant};
use crate::finding::Severity;
use crate::source::{LineIndex, Position};
use std::fmt;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

/// Every key that a settings file may have at its top, and what it is.
pub const KEYS: &[(&str, &str)] = &[
    ("rules", "a list of patterns of paths, such as [ \"lint/*.md\" ]"),
    ("select", "a list of rules, categories and tiers: only these"),
    ("enable", "a list of rules, categories and tiers: these as well"),
    ("disable", "a list of rules, categories and tiers: not these"),
    ("skip", "a list of patterns of paths: what is found there is not reported"),
    ("entry-points", "a list of patterns of paths: files that configure a machine"),
    ("safe-prefixes", "a list of texts: what begins so names a secret and is none"),
    ("baseline", "a path: the findings that this file holds are not reported"),
    ("eval-file", "a path: what `--eval` evaluates, an expression that gives `{ options, config, … }`"),
    ("eval-timeout", "a number of seconds: how long `--eval` may take for one configuration"),
    ("severity", "a table from rules to \"error\", \"warning\" or \"info\""),
    ("override", "a list of tables: other rules for some paths"),
];

/// Every key of an `[[override]]`, and what it is.
const OVERRIDE_KEYS: &[(&str, &str)] = &[
    ("paths", "a list of patterns of paths, such as [ \"hosts/test/\" ]"),
    ("disable", "a list of rules, categories and tiers: not these"),
    ("severity", "a table from rules to \"error\", \"warning\" or \"info\""),
];

/// What is wrong with a settings file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsError {
    /// Line, from 1.
    pub line: u32,
    /// Column in Unicode scalar values, from 1.
    pub column: u32,
    /// What is wrong, in a sentence that names the cure.
    pub message: String,
}

impl SettingsError {
    pub(super) fn new(at: Position, message: String) -> Self {
        Self { line: at.line, column: at.column, message }
    }
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)
    }
}

/// Severities by rule.
type Severities = std::collections::BTreeMap<String, Severity>;

/// A text and its lines.
struct Reader<'t> {
    text: &'t str,
    lines: LineIndex,
    settings: Settings,
}

pub(super) fn read(text: &str) -> Result<Settings, SettingsError> {
    let mut reader = Reader { text, lines: LineIndex::new(text), settings: Settings::default() };
    let table = DeTable::parse(text).map_err(|error| {
        let at = error.span().unwrap_or(0..0);
        reader.error(&at, error.message().replace('\n', ", "))
    })?;
    for (key, value) in in_order(table.get_ref()) {
        reader.entry(key.get_ref(), &key.span(), value)?;
        let place = reader.position(&key.span());
        reader.settings.keys.insert(key.get_ref().to_string(), place);
    }
    Ok(reader.settings)
}

type Entry<'t, 'a> = (&'t Spanned<DeString<'a>>, &'t Spanned<DeValue<'a>>);

/// In the order of the file, so that the first mistake is the one reported.
fn in_order<'t, 'a>(table: &'t DeTable<'a>) -> Vec<Entry<'t, 'a>> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

impl Reader<'_> {
    fn entry(&mut self, key: &str, at: &Range<usize>, value: &Spanned<DeValue<'_>>) -> Result<(), SettingsError> {
        match key {
            "rules" => self.settings.rules = self.strings(key, value)?,
            "select" => self.settings.selection.select = Some(self.words(key, value)?),
            "enable" => self.settings.selection.enable = self.words(key, value)?,
            "disable" => self.settings.selection.disable = self.words(key, value)?,
            "severity" => self.settings.selection.severity = self.severities(key, value)?,
            "skip" => self.settings.skip = self.strings(key, value)?,
            "entry-points" => self.settings.entry_points = self.strings(key, value)?,
            "safe-prefixes" => self.settings.safe_prefixes = self.strings(key, value)?,
            "baseline" => {
                let path = value.get_ref().as_str().filter(|path| !path.is_empty());
                self.settings.baseline = Some(path.ok_or_else(|| self.wrong(key, value))?.to_owned());
            }
            "eval-file" => {
                let path = value.get_ref().as_str().filter(|path| !path.is_empty());
                self.settings.eval_file = Some(path.ok_or_else(|| self.wrong(key, value))?.to_owned());
            }
            "eval-timeout" => {
                let seconds = match value.get_ref() {
                    DeValue::Integer(number) => u64::from_str_radix(number.as_str(), number.radix()).ok(),
                    _ => None,
                };
                let seconds = seconds.filter(|seconds| *seconds > 0);
                self.settings.eval_timeout = Some(seconds.ok_or_else(|| self.wrong(key, value))?);
            }
            "override" => {
                for item in value.get_ref().as_array().ok_or_else(|| self.wrong(key, value))?.iter() {
                    let table = item.get_ref().as_table().ok_or_else(|| self.wrong(key, item))?;
                    let found = self.exception(table, &item.span())?;
                    self.settings.overrides.push(found);
                }
            }
            unknown => return Err(self.unknown_key(unknown, at, KEYS)),
        }
        Ok(())
    }

    fn exception(&mut self, table: &DeTable<'_>, at: &Range<usize>) -> Result<Override, SettingsError> {
        let mut found = Override { line: self.position(at).line, ..Override::default() };
        for (key, value) in in_order(table) {
            match &**key.get_ref() {
                "paths" => found.paths = self.strings("paths", value)?,
                "disable" => found.disable = self.words("disable", value)?,
                "severity" => found.severity = self.severities("severity", value)?,
                unknown => return Err(self.unknown_key(unknown, &key.span(), OVERRIDE_KEYS)),
            }
        }
        match found.paths.is_empty() {
            true => Err(self.error(at, "an `override` needs `paths`".to_owned())),
            false => Ok(found),
        }
    }

    fn unknown_key(&self, key: &str, at: &Range<usize>, known: &[(&str, &str)]) -> SettingsError {
        let names = known.iter().map(|(name, _)| *name);
        let hint = match meant(key, names.clone()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("there are: {}", names.collect::<Vec<_>>().join(", ")),
        };
        self.error(at, format!("there is no setting `{}`; {hint}", key.escape_debug()))
    }

    fn strings(&self, key: &str, value: &Spanned<DeValue<'_>>) -> Result<Vec<String>, SettingsError> {
        let items = value.get_ref().as_array().ok_or_else(|| self.wrong(key, value))?;
        let string = |item: &Spanned<DeValue<'_>>| match item.get_ref() {
            DeValue::String(text) => Ok(text.to_string()),
            _ => Err(self.wrong(key, item)),
        };
        items.iter().map(string).collect()
    }

    fn words(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Result<Vec<String>, SettingsError> {
        let words = self.strings(key, value)?;
        let items = value.get_ref().as_array().into_iter().flat_map(|items| items.iter());
        for (word, item) in words.iter().zip(items) {
            let place = self.position(&item.span());
            self.settings.places.entry(word.clone()).or_insert(place);
        }
        Ok(words)
    }

    fn severities(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Result<Severities, SettingsError> {
        let table = value.get_ref().as_table().ok_or_else(|| self.wrong(key, value))?;
        let mut found = Severities::new();
        for (rule, severity) in in_order(table) {
            let known = severity.get_ref().as_str().and_then(Severity::parse);
            let known = known.ok_or_else(|| self.wrong(key, severity))?;
            let (rule, place) = (rule.get_ref().to_string(), self.position(&rule.span()));
            self.settings.places.entry(rule.clone()).or_insert(place);
            found.insert(rule, known);
        }
        Ok(found)
    }

    /// A value that is not what `key` wants.
    fn wrong(&self, key: &str, value: &Spanned<DeValue<'_>>) -> SettingsError {
        let wanted = KEYS.iter().chain(OVERRIDE_KEYS).find(|(name, _)| *name == key).map_or("", |(_, wanted)| wanted);
        self.error(&value.span(), format!("`{key}` is {wanted}, not this {}", value.get_ref().type_str()))
    }

    fn error(&self, at: &Range<usize>, message: String) -> SettingsError {
        SettingsError::new(self.position(at), message)
    }

    fn position(&self, at: &Range<usize>) -> Position {
        self.lines.position(self.text, u32::try_from(at.start).unwrap_or(u32::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::{KEYS, Severity, read};
    use crate::settings::Settings;

    #[test]
    fn settings() {
        let text = "rules = [ \"lint/*.md\" ]\nselect = [ \"default\" ]\nenable = [ \"pedantic\" ]\n\
            disable = [ \"tls\" ]\n[severity]\nx = \"info\"\n";
        let settings = read(text).unwrap();
        assert_eq!(settings.rules, ["lint/*.md"]);
        assert_eq!(settings.selection.select.as_deref(), Some(&["default".to_string()][..]));
        assert_eq!(settings.selection.enable, ["pedantic"]);
        assert_eq!(settings.selection.disable, ["tls"]);
        assert_eq!(settings.selection.severity.get("x"), Some(&Severity::Info));
        assert_eq!(read("").unwrap(), Settings::default());
        let text = "skip = [ \"old/\" ]\nentry-points = [ \"m.nix\" ]\nsafe-prefixes = [ \"op://\" ]\n\
            baseline = \"known.json\"\n\
            eval-file = \"hive.nix\"\neval-timeout = 300\n\
            [[override]]\npaths = [ \"test/\" ]\ndisable = [ \"tls\" ]\nseverity = { x = \"info\" }\n";
        let settings = read(text).unwrap();
        assert_eq!(settings.skip, ["old/"]);
        assert_eq!((&*settings.entry_points[0], &*settings.safe_prefixes[0]), ("m.nix", "op://"));
        assert_eq!(settings.baseline.as_deref(), Some("known.json"));
        assert_eq!((settings.eval_file.as_deref(), settings.eval_timeout), (Some("hive.nix"), Some(300)));
        let one = &settings.overrides[0];
        assert_eq!((&*one.paths[0], &*one.disable[0], one.severity["x"]), ("test/", "tls", Severity::Info));
        assert_eq!(settings.words().collect::<Vec<_>>(), ["tls", "x"]);
    }

    #[test]
    fn errors() {
        let check = |text: &str, expected: &str| assert_eq!(read(text).unwrap_err().to_string(), expected, "{text}");
        check("\nrule = []", "2:1: there is no setting `rule`; did you mean `rules`?");
        check(
            "zzz = 1",
            "1:1: there is no setting `zzz`; there are: rules, select, enable, disable, \
            skip, entry-points, safe-prefixes, baseline, eval-file, eval-timeout, severity, override",
        );
        check(
            "baseline = []",
            "1:12: `baseline` is a path: the findings that this file holds are not reported, not this array",
        );
        check("[[override]]\npath = [ \"a\" ]", "2:1: there is no setting `path`; did you mean `paths`?");
        check("\n[[override]]\ndisable = [ \"tls\" ]", "2:1: an `override` needs `paths`");
        check("override = 1", "1:12: `override` is a list of tables: other rules for some paths, not this integer");
        check(
            "rules = \"x\"",
            "1:9: `rules` is a list of patterns of paths, such as [ \"lint/*.md\" ], not this string",
        );
        check(
            "enable = [ \"a\", 1 ]",
            "1:17: `enable` is a list of rules, categories and tiers: these as well, not this integer",
        );
        check(
            "[severity]\na = \"fatal\"",
            "2:5: `severity` is a table from rules to \"error\", \"warning\" or \"info\", not this string",
        );
        assert!(read("a = ").is_err());
    }

    #[test]
    fn words_have_places() {
        let settings = read("enable = [\n  \"tsl\" ]").unwrap();
        let error = settings.unknown_word(&["tls"]).unwrap();
        let expected = "2:3: there is no rule, category or tier `tsl`; did you mean `tls`?";
        assert_eq!(error.to_string(), expected);
        assert_eq!(settings.unknown_word(&["tsl"]), None);
        assert!(KEYS.iter().all(|(_, wanted)| !wanted.is_empty()));
    }
}
