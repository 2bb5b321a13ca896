//! rnix's errors in plain words.

use super::{Range, SyntaxError, node};
use rnix::ParseError;

/// Adds rnix's errors to those that were found by lowering.
pub(super) fn add(errors: &mut Vec<SyntaxError>, parsed: &[ParseError], text: &str) {
    for error in parsed {
        errors.push(translate(error, text));
    }
    errors.sort_by_key(|error| (error.range.start, error.range.end));
    errors.dedup_by_key(|error| error.range);
}

fn translate(error: &ParseError, text: &str) -> SyntaxError {
    let end = text.trim_end().len() as u32;
    let at_end = Range { start: end, end };
    let (range, message) = match error {
        ParseError::Unexpected(range) | ParseError::UnexpectedExtra(range) => {
            (node::from_text_range(*range), "this does not belong here".to_owned())
        }
        ParseError::UnexpectedWanted(_, range, wanted) => {
            (node::from_text_range(*range), format!("expected {wanted:?}"))
        }
        _ => (at_end, "the text ends too early".to_owned()),
    };
    SyntaxError { range, message }
}
