//! As much of Markdown as a page needs: title, paragraphs, sections, fenced code.

/// A page taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// The text of the first `# ` heading.
    pub title: String,
    /// The first paragraph below the title, on one line.
    pub summary: String,
    /// What follows, by heading.
    pub sections: Vec<Section>,
    /// Every fenced block, in order.
    pub blocks: Vec<Block>,
    /// The line (from 1) of a fence that is never closed.
    pub unclosed: Option<u32>,
}

/// A `## ` section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its heading.
    pub title: String,
    /// Line of the heading, from 1.
    pub line: u32,
    /// Its text, headings and blocks included, without the heading itself.
    pub text: String,
}

/// A fenced code block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// What stands behind the opening fence, for example `nix rule`.
    pub info: String,
    /// The heading of the section it stands in; empty above the first.
    pub section: String,
    /// Line of the first line of its text, from 1.
    pub line: u32,
    /// Byte offset of its text in the page, from 0.
    pub offset: usize,
    /// Its text, every line with its line end.
    pub text: String,
}

impl Block {
    /// `page` with blanks in place of all but this block of it, line ends kept: places in the block are
    /// places of the page.
    pub fn alone(&self, page: &str) -> String {
        let inside = self.offset..self.offset + self.text.len();
        let blank = |text: &str| text.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect::<String>();
        [blank(&page[..inside.start]), self.text.clone(), blank(&page[inside.end..])].concat()
    }
}

impl Document {
    /// Takes `text` apart. Whatever the text, there is a document.
    pub fn parse(text: &str) -> Self {
        let mut reader = Reader::default();
        let mut offset = 0;
        for (at, line) in text.split_inclusive('\n').enumerate() {
            reader.line(at as u32 + 1, offset, line);
            offset += line.len();
        }
        reader.document.unclosed = reader.fence.map(|fence| fence.line);
        reader.document
    }
}

#[derive(Default)]
struct Reader {
    document: Document,
    fence: Option<Fence>,
    summary: Summary,
}

/// An open fence.
struct Fence {
    mark: String,
    line: u32,
}

#[derive(Default, PartialEq)]
enum Summary {
    #[default]
    Before,
    Inside,
    Done,
}

impl Reader {
    fn line(&mut self, number: u32, offset: usize, line: &str) {
        let bare = line.trim_end();
        if let Some(fence) = &self.fence {
            if bare == fence.mark {
                self.fence = None;
            } else if let Some(block) = self.document.blocks.last_mut() {
                block.text.push_str(line);
            }
            self.keep(line);
            return;
        }
        let ticks = bare.len() - bare.trim_start_matches('`').len();
        if ticks >= 3 {
            self.open(ticks, number, offset + line.len(), bare);
            self.keep(line);
        } else if let Some(title) = bare.strip_prefix("# ").filter(|_| self.document.title.is_empty()) {
            self.document.title = title.trim().to_owned();
        } else if let Some(title) = bare.strip_prefix("## ") {
            self.summary = Summary::Done;
            let section = Section { title: title.trim().to_owned(), line: number, text: String::new() };
            self.document.sections.push(section);
        } else {
            self.summarise(bare);
            self.keep(line);
        }
    }

    fn open(&mut self, ticks: usize, number: u32, offset: usize, line: &str) {
        self.summary = Summary::Done;
        self.fence = Some(Fence { mark: line[..ticks].to_owned(), line: number });
        self.document.blocks.push(Block {
            info: line[ticks..].trim().to_owned(),
            section: self.document.sections.last().map(|section| section.title.clone()).unwrap_or_default(),
            line: number + 1,
            offset,
            text: String::new(),
        });
    }

    fn keep(&mut self, line: &str) {
        if let Some(section) = self.document.sections.last_mut() {
            section.text.push_str(line);
        }
    }

    fn summarise(&mut self, line: &str) {
        match (&self.summary, line.is_empty()) {
            (Summary::Before, false) if !self.document.title.is_empty() => {
                self.document.summary = line.to_owned();
                self.summary = Summary::Inside;
            }
            (Summary::Inside, false) => {
                self.document.summary.push(' ');
                self.document.summary.push_str(line.trim());
            }
            (Summary::Inside, true) => self.summary = Summary::Done,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_a_page_apart() {
        let text =
            "# title\n\nOne\ntwo.\n\nThree.\n\n```nix rule\n{ }\n```\n\n## Fine\n\nText\n````nix\n```\nä\n````\n";
        let page = Document::parse(text);
        assert_eq!((&*page.title, &*page.summary, page.unclosed), ("title", "One two.", None));
        let blocks: Vec<_> =
            page.blocks.iter().map(|block| (&*block.info, &*block.section, block.line, &*block.text)).collect();
        assert_eq!(blocks, [("nix rule", "", 9, "{ }\n"), ("nix", "Fine", 16, "```\nä\n")]);
        for block in &page.blocks {
            assert_eq!(&text[block.offset..block.offset + block.text.len()], block.text);
        }
        assert_eq!((page.sections[0].line, &*page.sections[0].text), (12, "\nText\n````nix\n```\nä\n````\n"));
    }

    #[test]
    fn odd_pages() {
        let check = |text: &str, unclosed| assert_eq!(Document::parse(text).unclosed, unclosed, "{text:?}");
        check("", None);
        check("```", Some(1));
        check("a\n```nix\n``\n", Some(2));
        check("```\n```", None);
    }
}
