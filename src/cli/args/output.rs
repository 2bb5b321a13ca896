//! How `optlint check` writes what it found, and where to.

use crate::report::Format;
use crate::settings::meant;
use clap::{Args as Group, ValueEnum};
use std::path::PathBuf;

/// Formats and files.
#[derive(Debug, Default, Group)]
#[command(next_help_heading = "Output")]
pub(in crate::cli) struct OutputArgs {
    /// How to write findings [default: pretty on a terminal, else compact]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(in crate::cli) format: Option<CheckFormat>,

    /// Also write them to a file, such as `sarif=optlint.sarif`; may be given several times
    #[arg(long = "output", value_name = "FORMAT=FILE", value_parser = OutputFile::parse)]
    pub(in crate::cli) files: Vec<OutputFile>,
}

/// `--format` of `check`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum CheckFormat {
    /// Snippets with labels, for people
    Pretty,
    /// `path:line:column: error: message [rule-id]`, for editors
    Compact,
    /// One object, for programs
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// GitLab's Code Quality report
    Gitlab,
    /// JUnit's XML: each finding a failed test
    Junit,
    /// Checkstyle's XML
    Checkstyle,
}

impl From<CheckFormat> for Format {
    fn from(format: CheckFormat) -> Self {
        match format {
            CheckFormat::Pretty => Format::Pretty,
            CheckFormat::Compact => Format::Compact,
            CheckFormat::Json => Format::Json,
            CheckFormat::Sarif => Format::Sarif,
            CheckFormat::Github => Format::Github,
            CheckFormat::Gitlab => Format::Gitlab,
            CheckFormat::Junit => Format::Junit,
            CheckFormat::Checkstyle => Format::Checkstyle,
        }
    }
}

/// `FORMAT=FILE`
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) struct OutputFile {
    /// How.
    pub(in crate::cli) format: CheckFormat,
    /// Where to, from the current folder.
    pub(in crate::cli) path: PathBuf,
}

impl OutputFile {
    fn parse(text: &str) -> Result<Self, String> {
        let (name, path) = text.split_once('=').ok_or("a format, `=` and a file: `sarif=optlint.sarif`")?;
        let format = CheckFormat::from_str(name, false).map_err(|_| {
            let formats: Vec<String> = CheckFormat::value_variants()
                .iter()
                .filter_map(|format| Some(format.to_possible_value()?.get_name().to_owned()))
                .collect();
            match meant(name, formats.iter().map(String::as_str)) {
                Some(near) => format!("there is no format `{}`; did you mean `{near}`?", name.escape_debug()),
                None => format!("there is no format `{}`; there are: {}", name.escape_debug(), formats.join(", ")),
            }
        })?;
        if path.is_empty() {
            return Err(format!("name a file behind `{name}=`"));
        }
        Ok(Self { format, path: path.into() })
    }
}

#[cfg(test)]
mod tests {
    use super::{CheckFormat, OutputFile};

    #[test]
    fn files() {
        let check = |text: &str, expected: Result<(CheckFormat, &str), &str>| {
            let expected = expected.map(|(format, path)| OutputFile { format, path: path.into() });
            assert_eq!(OutputFile::parse(text), expected.map_err(String::from), "{text}");
        };
        check("sarif=a=b.sarif", Ok((CheckFormat::Sarif, "a=b.sarif")));
        check("serif=x", Err("there is no format `serif`; did you mean `sarif`?"));
        check("github=", Err("name a file behind `github=`"));
        check("github", Err("a format, `=` and a file: `sarif=optlint.sarif`"));
    }
}
