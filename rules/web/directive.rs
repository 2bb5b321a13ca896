//! Directives and blocks: what nginx snippets and Caddyfiles are made of.

use crate::lint::prelude::*;

/// Directives in the order written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Block {
    pub(crate) directives: Vec<Directive>,
    /// Places where any other directives may stand: whole lines nobody knows, included files.
    pub(crate) gaps: Vec<Unknown>,
}

/// `name arguments… { block }`, with holes where nobody knows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Directive {
    pub(crate) name: Str,
    pub(crate) args: Vec<Str>,
    pub(crate) block: Option<Block>,
}

impl Directive {
    /// A directive as if somebody had written `name args…`.
    pub(crate) fn new(name: &str, args: Vec<Str>) -> Self {
        Self { name: Str::new(name), args, block: None }
    }

    /// Whether it is called `name`.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.name.known() == Some(name)
    }

    /// The argument at `index`, counted from 0, if all of it is known.
    pub(crate) fn known_arg(&self, index: usize) -> Option<&str> {
        self.args.get(index).and_then(Str::known)
    }
}

impl Block {
    /// The directives known to be called `name`, here and not further inside.
    pub(crate) fn named<'b>(&'b self, name: &'b str) -> impl Iterator<Item = &'b Directive> {
        self.directives.iter().filter(move |directive| directive.is(name))
    }
}

/// `name arg "two words" { name; name }`, gaps as `?`: for tests.
#[cfg(test)]
pub(super) fn outline(block: &Block) -> String {
    let word = |text: &Str| match text.to_string() {
        text if text.is_empty() || text.contains([' ', '\n', ';']) => format!("\"{text}\""),
        text => text,
    };
    let mut out: Vec<_> = block
        .directives
        .iter()
        .map(|directive| {
            let words = std::iter::once(&directive.name).chain(&directive.args).map(word).collect::<Vec<_>>().join(" ");
            match &directive.block {
                Some(block) => format!("{words} {{ {} }}", outline(block)),
                None => words,
            }
        })
        .collect();
    out.extend(block.gaps.iter().map(|_| "?".to_owned()));
    out.join("; ")
}
