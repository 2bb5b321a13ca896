//! What somebody wrote, as against what nobody knows to be written or not.

use crate::lint::prelude::*;

/// What somebody wrote for an option: one view for each value that a definition may have.
/// That other modules may add something does not show here: rules speak of what they see.
pub(crate) fn values<'a>(option: &OptionView<'a>) -> Vec<OptionView<'a>> {
    let is_written = |definition: &OptionView<'_>| {
        definition.definition().is_some() || definition.is_defined().is_true() || definition.unknown().is_none()
    };
    option.definitions().iter().filter(|definition| is_written(definition)).flat_map(OptionView::alternatives).collect()
}

/// What somebody wrote for an option, as [`values`] has it; of an option for which nobody is known to
/// have written anything, whatever it may be.
pub(crate) fn written_or_unknown<'a>(option: &OptionView<'a>) -> Vec<OptionView<'a>> {
    let written = values(option);
    if written.is_empty() { option.alternatives() } else { written }
}

/// The values of [`values`] without what the modules of NixOS define.
pub(crate) fn users_values<'a>(cx: &Cx<'_>, option: &OptionView<'a>) -> Vec<OptionView<'a>> {
    values(option).into_iter().filter(|value| cx.is_users(value.place())).collect()
}

/// Whether somebody else than the modules of NixOS defines an option, or anything in it.
pub(crate) fn is_users(cx: &Cx<'_>, option: &OptionView<'_>) -> Truth {
    match option.is_defined() {
        Truth::True => Truth::from(!users_values(cx, option).is_empty()),
        said => said,
    }
}

/// The elements that somebody wrote into a list, and why there may be more in what was written.
pub(crate) fn items<'a>(option: &OptionView<'a>) -> (Vec<OptionView<'a>>, Option<Unknown>) {
    let lists = values(option);
    let unknown = lists.iter().find_map(OptionView::has_unknown_items);
    (lists.iter().flat_map(OptionView::items).collect(), unknown)
}

/// Says that a rule has not decided about what a list may hold beside [`items`], if it may hold more.
pub(crate) fn leave_open<'a>(cx: &mut Cx<'a>, option: &OptionView<'a>, more: Option<Unknown>) {
    let open = more.map_or(Truth::False, Truth::Unknown);
    cx.decide(open, |finding| finding.primary(option, "may hold more than what is seen"));
}

/// Why an option without a definition to be seen is unknown, such as that it was too much; not that nobody is known
/// to define it. Not part of [`items`]: most rules speak of what they see, whatever else there may be.
pub(crate) fn kept_back(option: &OptionView<'_>) -> Option<Unknown> {
    let nothing = values(option).is_empty();
    option.unknown().filter(|unknown| nothing && !unknown.cause.is_unsaid())
}

/// Whether a view's condition holds when `given` does.
pub(crate) fn holds(view: &OptionView<'_>, given: &Condition) -> Truth {
    if view.condition().follows_from(given) {
        return Truth::True;
    }
    match (given.and(view.condition()), view.condition().literals().next()) {
        (Some(_), Some((unknown, _))) => Truth::Unknown(unknown.clone()),
        _ => Truth::False,
    }
}

/// Why nobody knows what is in a set, if somebody wrote it as a whole.
pub(crate) fn unknown_whole(view: &OptionView<'_>) -> Option<Unknown> {
    view.unknown_whole()
}

/// A text as a message names it: in backticks, with an ellipsis for what is unknown; `instead` where
/// hardly anything is known.
pub(crate) fn quoted(text: &Str, instead: &str) -> String {
    let mut shown = String::new();
    let mut letters = 0;
    for part in text.parts() {
        match part {
            Part::Text(known) => {
                letters += known.chars().filter(|c| c.is_alphanumeric()).count();
                shown.push_str(known);
            }
            Part::Hole(_) => shown.push('…'),
        }
    }
    if shown.is_empty() {
        return "an empty text".to_owned();
    }
    let says_little = text.known().is_none() && letters.saturating_sub(scheme_letters(&shown)) < 3;
    if says_little { instead.to_owned() } else { format!("`{shown}`") }
}

/// How many letters of a text are those of `https://`.
fn scheme_letters(text: &str) -> usize {
    text.split_once("://").map_or(0, |(scheme, _)| scheme.len())
}

/// A fix that writes `new` in place of `old` in an attribute path that says so, however
/// much of the path is written in one place. Both are whole option paths, and agree
/// in their first `common` steps. None if somebody defines `new` already.
pub(crate) fn rename(
    cx: &Cx<'_>,
    site: Origin,
    (old, new): (&[&str], &[&str]),
    common: usize,
    safety: Safety,
) -> Option<Fix> {
    let span = site.span()?;
    let written: Vec<&str> = cx.written(site).split('.').collect();
    let from = old.len().checked_sub(written.len()).filter(|from| *from <= common)?;
    let is_plain = |name: &&str| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if written != old[from..] || !new.iter().all(is_plain) || !cx.is_assigned(site) {
        return None;
    }
    // What is there already cannot be defined a second time.
    if !values(&cx.option(&new.join("."))).is_empty() {
        return None;
    }
    let edit = Edit { span, text: new[from..].join(".") };
    Fix::new(format!("write `{}`", new.join(".")), safety, vec![edit])
}

/// A fix that puts `new` in place of `old`, if the value is a literal that says nothing but `old`.
pub(crate) fn replace_literal(
    cx: &Cx<'_>,
    view: &OptionView<'_>,
    old: &str,
    new: &str,
    title: impl Into<String>,
) -> Option<Fix> {
    let span = view.born().span()?;
    let is_plain = |text: &str| !text.contains(['"', '\\', '$', '\n']);
    let stands = cx.written(view.born()) == format!("\"{old}\"") && is_plain(old) && is_plain(new);
    let edit = Edit { span, text: format!("\"{new}\"") };
    if stands { Fix::new(title, Safety::Safe, vec![edit]) } else { None }
}

/// A fix that puts `new` in place of `old` inside the literal that gives `view` its value, if `old`
/// stands there once, and the literal is where it is used.
pub(crate) fn replace_inside(
    cx: &Cx<'_>,
    view: &OptionView<'_>,
    (old, new): (&str, &str),
    safety: Safety,
    title: impl Into<String>,
) -> Option<Fix> {
    let span = view.place().span()?;
    let written = cx.written(view.place());
    let is_literal = written.starts_with(['"', '\'']) && written.matches(old).count() == 1;
    // The rest of the text, in which a secret may stand, is not repeated.
    let start = span.start + written.find(old)? as u32;
    let edit = Edit { span: Span { start, end: start + old.len() as u32, ..span }, text: new.to_owned() };
    if is_literal && !old.is_empty() { Fix::new(title, safety, vec![edit]) } else { None }
}

/// A fix that puts a list in place of a list that is spelled out.
pub(crate) fn replace_list(cx: &Cx<'_>, view: &OptionView<'_>, new: &str, title: impl Into<String>) -> Option<Fix> {
    let span = view.born().span()?;
    let written = cx.written(view.born());
    if !written.starts_with('[') || !written.ends_with(']') || written.contains('#') {
        return None;
    }
    Fix::new(title, Safety::Suggestion, vec![Edit { span, text: new.to_owned() }])
}

/// A fix that adds an attribute to a set that somebody spelled out as the whole of an option.
pub(crate) fn add_to(
    cx: &Cx<'_>,
    option: &OptionView<'_>,
    attribute: &str,
    title: impl Into<String>,
    safety: Safety,
) -> Option<Fix> {
    let defined = option.definitions().into_iter().map(|set| set.born());
    let mut sets = option.expressions().iter().copied().chain(defined).filter(|at| cx.is_users(*at));
    let set = sets.find(|at| cx.written(*at).starts_with('{'))?;
    add_attribute(cx, set, attribute, title, safety)
}

/// A fix that puts `new` in place of the word `old`, such as `true`, where it is the whole value.
pub(crate) fn replace_word(
    cx: &Cx<'_>,
    view: &OptionView<'_>,
    old: &str,
    new: &str,
    title: impl Into<String>,
    safety: Safety,
) -> Option<Fix> {
    let edit = Edit { span: view.place().span()?, text: new.to_owned() };
    if cx.written(view.place()) == old { Fix::new(title, safety, vec![edit]) } else { None }
}

/// A fix that adds an attribute, such as `a = 1;`, to a set that is spelled out at `at`, as its first. Where
/// there are several, each stands on a line of its own.
pub(crate) fn add_attribute(
    cx: &Cx<'_>,
    at: Origin,
    attribute: &str,
    title: impl Into<String>,
    safety: Safety,
) -> Option<Fix> {
    Fix::new(title, safety, vec![cx.added(at, attribute)?])
}

/// A fix that takes a definition out, if it stands in one place as `name = value;`; with the line, if
/// it has one of its own.
pub(crate) fn remove(cx: &Cx<'_>, view: &OptionView<'_>, title: impl Into<String>, safety: Safety) -> Option<Fix> {
    Fix::new(title, safety, vec![removed(cx, view)?])
}

/// The edit that does so.
pub(crate) fn removed(cx: &Cx<'_>, view: &OptionView<'_>) -> Option<Edit> {
    let (site, value) = (view.site().span()?, view.place().span()?);
    if site.file != value.file || site.end > value.start {
        return None;
    }
    let text = |start, end| cx.written(Origin::Written(Span { start, end, ..site }));
    let is_one = text(site.end, value.start).trim() == "=" && text(value.end, value.end + 1) == ";";
    let mut start = site.start;
    while start > 0 && matches!(text(start - 1, start), " " | "\t") {
        start -= 1;
    }
    if start > 0 && text(start - 1, start) == "\n" {
        start -= 1;
    }
    is_one.then(|| Edit { span: Span { start, end: value.end + 1, ..site }, text: String::new() })
}
