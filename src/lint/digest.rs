//! What the pages that ship say in their headers, read off them when the program is built
//! (`src/build.rs`): no run has to read them again.

/// The header of a page, and the paragraph above it.
#[derive(Debug)]
pub(super) struct Digest {
    /// The page's path below `rules/`, without `.md`.
    pub(super) name: &'static str,
    /// The first paragraph.
    pub(super) summary: &'static str,
    /// The attributes that are a string.
    texts: &'static [(&'static str, &'static str)],
    /// Those that are a list of strings.
    lists: &'static [(&'static str, &'static [&'static str])],
    /// Those that are `true` or a function; `when.definition` for one in a set.
    marks: &'static [&'static str],
}

// `DIGESTS`: those whose headers are literal, by name.
include!(concat!(env!("OUT_DIR"), "/digests.rs"));

/// The header of the page `name`, unless it takes more than reading it.
pub(super) fn of(name: &str) -> Option<&'static Digest> {
    DIGESTS.binary_search_by_key(&name, |digest| digest.name).ok().map(|at| &DIGESTS[at])
}

impl Digest {
    pub(super) fn text(&self, name: &str) -> Option<&'static str> {
        self.texts.iter().find(|(have, _)| *have == name).map(|(_, text)| *text)
    }

    pub(super) fn list(&self, name: &str) -> Option<&'static [&'static str]> {
        self.lists.iter().find(|(have, _)| *have == name).map(|(_, list)| *list)
    }

    pub(super) fn has(&self, mark: &str) -> bool {
        self.marks.contains(&mark)
    }

    /// One of a few words.
    pub(super) fn word<T: Copy>(&self, name: &str, all: &[T], word: impl Fn(T) -> &'static str) -> Option<T> {
        let text = self.text(name)?;
        all.iter().copied().find(|one| word(*one) == text)
    }
}

#[cfg(test)]
mod tests {
    use crate::eval::Eval;
    use crate::lint::Page;
    use crate::rules;
    use crate::source::files::Memory;

    /// What a page says, without the page.
    fn said(page: &Page) -> String {
        let facts = (page.severity, page.category, page.tier, page.sensitive, page.possible, page.question);
        let texts = (&page.id, page.summary(), &page.data_file, page.message(), page.help(), page.since());
        let lists = (page.options(), page.secrets(), page.sources(), page.message_is_computed);
        format!("{facts:?}\n{texts:?}\n{lists:?}")
    }

    #[test]
    fn as_the_pages_say() {
        let mut eval = Eval::new(Box::new(Memory::default()));
        let mut evaluated = vec![];
        for shipped in rules::shipped() {
            let read = Page::load_with(&mut eval, shipped.name, shipped.text.into(), true).expect(shipped.name);
            match Page::digested(shipped.name, shipped.text) {
                Some(digested) => assert_eq!(said(&digested), said(&read)),
                None => evaluated.push(shipped.name),
            }
        }
        // Those whose options are put together.
        assert!(evaluated.len() * 10 < rules::shipped().count(), "{evaluated:?}");
    }
}
