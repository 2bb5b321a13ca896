//! Building long strings, holes included, in time linear to their length.

use crate::value::{Context, Part, Str};

/// A string being built.
#[derive(Default)]
pub(in crate::eval) struct Text {
    whole: Str,
    pending: String,
    /// Bytes in `whole`.
    known: usize,
}

impl Text {
    /// Appends known text.
    pub(in crate::eval) fn text(&mut self, text: &str) {
        self.pending.push_str(text);
    }

    /// Appends a string, context included.
    pub(in crate::eval) fn push(&mut self, text: &Str) {
        for part in text.parts() {
            match part {
                Part::Text(text) => self.pending.push_str(text),
                Part::Hole(unknown) => {
                    self.flush();
                    self.whole.push(&Str::hole(unknown.clone()));
                }
            }
        }
        self.whole.context.extend(&text.context);
    }

    /// Adds context alone.
    pub(in crate::eval) fn context(&mut self, context: &Context) {
        self.whole.context.extend(context);
    }

    /// How long it is, in bytes, holes not counted.
    pub(in crate::eval) fn len(&self) -> usize {
        self.known + self.pending.len()
    }

    fn flush(&mut self) {
        let pending = std::mem::take(&mut self.pending);
        self.known += pending.len();
        self.whole.push_text(&pending);
    }

    /// What was built.
    pub(in crate::eval) fn finish(mut self) -> Str {
        self.flush();
        self.whole
    }
}
