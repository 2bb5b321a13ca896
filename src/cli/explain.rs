//! `optlint explain`: a rule's page on the terminal.

use super::args::ExplainArgs;
use super::rules::{entries, paint};
use super::suggest::no_such_rule;
use super::{Cx, Exit, Failure};

/// Columns that running text never exceeds, however wide the terminal is.
const READABLE: usize = 96;

/// The information string of the block that holds a page's header: for the program, not for readers.
const HEADER: &str = "nix rule";

pub(super) fn run(args: &ExplainArgs, cx: &mut Cx<'_>) -> Result<Exit, Failure> {
    let entries = entries(&args.folders, &cx.surroundings.folder)?;
    let Some(entry) = entries.iter().find(|entry| entry.rule == args.rule) else {
        return Err(no_such_rule(&args.rule, entries.iter().map(|entry| entry.rule.as_str())));
    };
    let page = rendered(&entry.text, cx.surroundings.width, cx.surroundings.color);
    write!(cx.out, "{page}")?;
    if let Some(url) = &entry.url {
        writeln!(cx.out, "\n{}", paint(cx.surroundings.color, "36", url))?;
    }
    Ok(Exit::Clean)
}

/// A page's Markdown for reading: paragraphs filled to `width` columns, code
/// indented, headings and code styled if `color`. The header block is left out.
fn rendered(markdown: &str, width: usize, color: bool) -> String {
    let mut page = Page { width: width.clamp(40, READABLE), color, out: String::new(), paragraph: String::new() };
    let mut fence: Option<(&str, bool)> = None;
    for line in markdown.lines() {
        let ticks = &line[..line.len() - line.trim_start_matches('`').len()];
        match fence {
            Some((open, _)) if !ticks.is_empty() && line == ticks && ticks.len() >= open.len() => fence = None,
            Some((_, true)) => {}
            Some((_, false)) => page.code(line),
            None if ticks.len() >= 3 => {
                page.end_paragraph();
                let hidden = line[ticks.len()..].trim() == HEADER;
                if !hidden {
                    page.gap();
                }
                fence = Some((ticks, hidden));
            }
            None => page.prose(line),
        }
    }
    page.end_paragraph();
    page.out
}

struct Page {
    width: usize,
    color: bool,
    out: String,
    paragraph: String,
}

impl Page {
    fn prose(&mut self, line: &str) {
        let text = line.trim();
        let heading = line.starts_with('#') && text.trim_start_matches('#').starts_with(' ');
        // List items and table rows keep their lines.
        let own_line = ["- ", "* ", "|", "> "].iter().any(|mark| text.starts_with(mark));
        if heading {
            self.end_paragraph();
            self.gap();
            let title = if self.color { text.trim_start_matches('#').trim_start() } else { text };
            self.out.push_str(&paint(self.color, "1", title));
            self.out.push('\n');
        } else if text.is_empty() {
            self.end_paragraph();
        } else {
            if own_line && !self.paragraph.is_empty() {
                self.fill();
            }
            if !self.paragraph.is_empty() {
                self.paragraph.push(' ');
            }
            self.paragraph.push_str(text);
        }
    }

    fn code(&mut self, line: &str) {
        if !line.is_empty() {
            self.out.push_str("    ");
            self.out.push_str(&paint(self.color, "2", line));
        }
        self.out.push('\n');
    }

    /// One blank line before whatever comes next, none at the page's start.
    fn gap(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    fn end_paragraph(&mut self) {
        if !self.paragraph.is_empty() {
            self.fill();
        }
    }

    /// Writes the paragraph, after a gap unless it goes on with a list.
    fn fill(&mut self) {
        let text = std::mem::take(&mut self.paragraph);
        let in_list = text.starts_with(['-', '*', '|']);
        let after_list = self.out.lines().next_back().is_some_and(|line| line.starts_with(['-', '*', '|', ' ']));
        let after_code = self.out.lines().next_back().is_some_and(|line| line.starts_with("    "));
        if !(in_list && after_list && !after_code) {
            self.gap();
        }
        let indent = if text.starts_with("- ") || text.starts_with("* ") { "  " } else { "" };
        let mut column = 0;
        for word in text.split(' ') {
            let length = word.chars().filter(|c| *c != '`' || !self.color).count();
            if column > 0 && column + 1 + length > self.width {
                self.out.push('\n');
                self.out.push_str(indent);
                column = indent.len();
            } else if column > 0 {
                self.out.push(' ');
                column += 1;
            }
            self.out.push_str(word);
            column += length;
        }
        self.out.push('\n');
        if self.color {
            self.style_code();
        }
    }

    /// Turns the backticks of the paragraph just written into colour.
    fn style_code(&mut self) {
        let start = self.out.trim_end().rfind("\n\n").map_or(0, |at| at + 2);
        let (before, paragraph) = self.out.split_at(start);
        let mut styled = before.to_owned();
        let pieces: Vec<&str> = paragraph.split('`').collect();
        let paired = pieces.len() % 2 == 1;
        for (nth, piece) in pieces.iter().enumerate() {
            let code = nth % 2 == 1 && paired;
            styled.push_str(&if code { paint(true, "36", piece) } else { (*piece).to_owned() });
        }
        self.out = styled;
    }
}

#[cfg(test)]
mod tests {
    use super::rendered;

    const PAGE: &str = "\
# some-rule

What is written in `services.x.settings` is copied.
Every user of the machine can read it there.

```nix rule
{ severity = \"error\"; }
```

- put it in a file, away from the store, where only the service reads it
- or use `sops`

## Found

````nix
{ a = 1; }

#     ^ error: one
````

## Fine
Text.
";

    fn check(width: usize, color: bool, expected: &str) {
        assert_eq!(rendered(PAGE, width, color).replace('\u{1b}', "␛"), expected);
    }

    #[test]
    fn plain() {
        let expected = "\
# some-rule

What is written in `services.x.settings`
is copied. Every user of the machine can
read it there.

- put it in a file, away from the store,
  where only the service reads it
- or use `sops`

## Found

    { a = 1; }

    #     ^ error: one

## Fine

Text.
";
        check(40, false, expected);
    }

    #[test]
    fn styled() {
        let expected = "\
␛[1msome-rule␛[0m

What is written in ␛[36mservices.x.settings␛[0m is copied. Every user of the machine can read it there.

- put it in a file, away from the store, where only the service reads it
- or use ␛[36msops␛[0m

␛[1mFound␛[0m

    ␛[2m{ a = 1; }␛[0m

    ␛[2m#     ^ error: one␛[0m

␛[1mFine␛[0m

Text.
";
        check(200, true, expected);
    }
}
