//! Snippets with labels, for people: drawn by miette.

use super::mask::Secrets;
use super::place::encoded;
use super::snippet::{Excerpts, Shown};
use super::{Options, allowed, escaped, relative, undecided};
use crate::finding::{Certainty, Finding, Label, Report, Severity};
use crate::source::{FileId, Sources, Span};
use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode};
use std::collections::BTreeMap;
use std::fmt::{self, Display};
use std::io;
use std::ops::Range;

/// A label over more line ends than this is drawn on its first line only.
const TALL: usize = 4;

/// Columns that lines of running text never exceed, however wide the terminal is.
const READABLE: usize = 110;

/// So many configurations are named.
const NAMED: usize = 6;

/// Writes the findings, separated by one blank line; nothing if there are none.
pub fn write(report: &Report, sources: &Sources, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let secrets = Secrets::new(report, sources);
    let spans = report.findings.iter().flat_map(labels).filter_map(|label| label.at.span());
    let mut shown: BTreeMap<FileId, Shown> = BTreeMap::new();
    for span in spans {
        shown.entry(span.file).or_insert_with(|| secrets.shown(sources, span.file, options.unicode));
    }
    let alone = report.summary.configurations == 1;
    let painter = Painter { sources, options, shown: &shown, theme: theme(options), alone };
    for (nth, finding) in report.findings.iter().enumerate() {
        let text = painter.finding(finding).map_err(io::Error::other)?;
        write!(out, "{}{text}", if nth == 0 { "" } else { "\n" })?;
    }
    let heading = |text: &str| painter.theme.styles.linum.style(text).to_string();
    let mut anything = !report.findings.is_empty();
    if options.allowed && !report.allowed.is_empty() {
        if anything {
            writeln!(out)?;
        }
        anything = true;
        allowed::write(report, sources, options, heading, out)?;
    }
    if options.undecided {
        if anything && !report.undecided.is_empty() {
            writeln!(out)?;
        }
        undecided::write(&report.undecided, sources, options, heading, out)?;
    }
    Ok(())
}

fn theme(options: &Options) -> GraphicalTheme {
    match (options.unicode, options.color) {
        (true, true) => GraphicalTheme::unicode(),
        (true, false) => GraphicalTheme::unicode_nocolor(),
        (false, true) => GraphicalTheme::ascii(),
        (false, false) => GraphicalTheme::none(),
    }
}

fn labels(finding: &Finding) -> impl Iterator<Item = &Label> {
    std::iter::once(&finding.primary).chain(&finding.related)
}

struct Painter<'a> {
    sources: &'a Sources,
    options: &'a Options,
    shown: &'a BTreeMap<FileId, Shown>,
    theme: GraphicalTheme,
    /// Whether there is one configuration only, which need not be named each time.
    alone: bool,
}

impl Painter<'_> {
    fn finding(&self, finding: &Finding) -> Result<String, fmt::Error> {
        let drawing = self.drawing(finding);
        let styles = &self.theme.styles;
        let own = match finding.severity {
            Severity::Error => styles.error,
            Severity::Warning => styles.warning,
            Severity::Info => styles.advice,
        };
        let mut theme = self.theme.clone();
        let strong = if self.options.color { own.bold() } else { own };
        // miette hands out highlights to labels in the order of their places.
        let highlight = |label: &LabeledSpan| if label.primary() { strong } else { styles.help };
        theme.styles.highlights = drawing.labels.iter().map(highlight).collect();
        if theme.styles.highlights.is_empty() {
            theme.styles.highlights.push(own);
        }
        let heading = format!("{}[{}]", finding.severity, finding.rule);
        let mut text = format!("{}\n", strong.style(heading));
        GraphicalReportHandler::new_themed(theme)
            .with_context_lines(1)
            .with_wrap_lines(false)
            .tab_width(2)
            .with_urls(false)
            .without_cause_chain()
            .without_syntax_highlighting()
            .render_report(&mut text, &drawing)?;
        self.notes(finding, &mut text);
        Ok(text)
    }

    /// What belongs to a finding and has no place in a snippet.
    fn notes(&self, finding: &Finding, text: &mut String) {
        let mut note = |name: &str, what: &str| {
            let name = self.theme.styles.help.style(name);
            let what = self.folded(what, 8).replace('\n', "\n        ");
            text.push_str(&format!("  {name} {what}\n"));
        };
        for label in finding.related.iter().filter(|label| label.at.span().is_none()) {
            match label.at.file() {
                Some(file) => note("note:", &format!("{}: {}", self.path(file), escaped(&label.text))),
                None if label.text.is_empty() => {}
                None => note("note:", &escaped(&label.text)),
            }
        }
        if !finding.configurations.is_empty() {
            if !self.alone {
                note("in:", &names(&finding.configurations));
            }
        } else if !finding.reached && !finding.option.is_empty() {
            note("in:", "a module that no configuration reaches");
        } else if !finding.option.is_empty() {
            note("in:", "a module on its own: no configuration was seen to import it");
        }
        if let Some(url) = &finding.url {
            // The pages that ship with the program lie nowhere near: it shows them itself.
            let shipped = url.starts_with("rules/") && url.ends_with(&format!("/{}.md", finding.rule));
            let see = if shipped { format!("optlint explain {}", finding.rule) } else { escaped(url) };
            note("see:", &see);
        }
    }

    fn drawing(&self, finding: &Finding) -> Drawing<'_> {
        let mut message = escaped(&finding.message);
        if finding.certainty == Certainty::Possible {
            message.insert_str(0, "possible: ");
        }
        if finding.primary.at.span().is_none()
            && let Some(file) = finding.primary.at.file()
        {
            message = format!("{message} ({})", self.path(file));
        }
        let message = self.folded(&message, 4);
        let fold = |help: &str| help.lines().map(|line| self.folded(&escaped(line), 8)).collect::<Vec<_>>().join("\n");
        let help = finding.help.as_deref().map(fold);
        let mut drawing =
            Drawing { message, help, severity: finding.severity, excerpts: Excerpts::default(), labels: Vec::new() };
        let mut bases: BTreeMap<FileId, usize> = BTreeMap::new();
        for (nth, label) in labels(finding).enumerate() {
            let Some(span) = label.at.span() else { continue };
            let Some(shown) = self.shown.get(&span.file) else { continue };
            let range = drawn(shown, span);
            let mut part = || drawing.excerpts.push(self.linked(span.file), shown);
            // The primary label's file comes first, whatever its name.
            let base = if shown.is_far(range.start) { part() } else { *bases.entry(span.file).or_insert_with(part) };
            let start = self.sources.position(span.file, span.start);
            drawing.excerpts.starts_at(base + range.start, start);
            drawing.add(nth == 0, base + range.start..base + range.end, escaped(&label.text));
        }
        drawing.labels.sort_by_key(|label| (label.offset(), label.len()));
        drawing
    }

    /// `text` broken at spaces so that it fits beside `indent` columns. miette would
    /// also break at the hyphens of option names.
    fn folded(&self, text: &str, indent: usize) -> String {
        let width = self.options.width.clamp(40, READABLE) - indent;
        let (mut out, mut column) = (String::with_capacity(text.len()), 0);
        for word in text.split(' ') {
            let length = word.chars().count();
            if column > 0 {
                let fits = column + 1 + length <= width;
                out.push(if fits { ' ' } else { '\n' });
                column = if fits { column + 1 } else { 0 };
            }
            out.push_str(word);
            column += length;
        }
        out
    }

    /// The path, as a link where that may be: <https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda>.
    fn linked(&self, file: FileId) -> String {
        let (source, shown) = (self.sources.file(file), self.path(file));
        match self.options.links && source.path.is_absolute() {
            true => {
                let target = encoded(&source.path.to_string_lossy());
                format!("\u{1b}]8;;file://{target}\u{1b}\\{shown}\u{1b}]8;;\u{1b}\\")
            }
            false => shown,
        }
    }

    fn path(&self, file: FileId) -> String {
        escaped(&relative(&self.sources.file(file).path, &self.options.base))
    }
}

/// The first names, and how many more there are.
pub(super) fn names(names: &[String]) -> String {
    let (first, more) = names.split_at(names.len().min(NAMED));
    let first = escaped(&first.join(", "));
    if more.is_empty() { first } else { format!("{first} and {} more", more.len()) }
}

/// What of a label's place is drawn.
fn drawn(shown: &Shown, span: Span) -> Range<usize> {
    let range = shown.range(span.start, span.end);
    let line_ends = shown.line_ends(&range);
    match line_ends > TALL || line_ends > 0 && shown.is_far(range.end) {
        true => shown.narrowed(range.start..shown.line_end(range.start)),
        false if line_ends > 0 => range,
        false => shown.narrowed(range),
    }
}

/// One finding as miette sees it.
#[derive(Debug)]
struct Drawing<'a> {
    message: String,
    help: Option<String>,
    severity: Severity,
    excerpts: Excerpts<'a>,
    /// Sorted by place.
    labels: Vec<LabeledSpan>,
}

impl Drawing<'_> {
    /// Adds a label; on a place that has one, its text goes below the other's.
    fn add(&mut self, primary: bool, range: Range<usize>, text: String) {
        let same = |label: &&mut LabeledSpan| label.offset() == range.start && label.len() == range.len();
        let text = Some(text).filter(|text| !text.is_empty());
        if let Some(label) = self.labels.iter_mut().find(same) {
            let texts: Vec<String> = label.label().map(str::to_owned).into_iter().chain(text).collect();
            label.set_label((!texts.is_empty()).then(|| texts.join("\n")));
        } else if primary {
            self.labels.push(LabeledSpan::new_primary_with_span(text, range));
        } else {
            self.labels.push(LabeledSpan::new_with_span(text, range));
        }
    }
}

impl Display for Drawing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Drawing<'_> {}

impl Diagnostic for Drawing<'_> {
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Info => miette::Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.excerpts)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        (!self.labels.is_empty()).then(|| Box::new(self.labels.iter().cloned()) as Box<dyn Iterator<Item = _>>)
    }
}
