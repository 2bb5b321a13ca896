//! How a rule says what it found.

use super::{OptionView, Page};
use crate::finding::{Certainty, Finding, Fix, Label, Severity};
use crate::option::Configuration;
use crate::source::Origin;
use crate::value::Condition;

/// A finding in the making; [`Cx::decide`](super::Cx::decide) hands it out.
///
/// Message, help and severity are the page's unless set. How certain the finding
/// is follows from the conditions of the views it is given.
#[derive(Clone, Debug)]
pub struct FindingBuilder<'a> {
    page: &'a Page,
    message: Option<String>,
    help: Option<String>,
    severity: Severity,
    option: Option<String>,
    primary: Option<Label>,
    /// Where the primary's value was written, if that is elsewhere.
    born: Option<Label>,
    related: Vec<Label>,
    fixes: Vec<Fix>,
    conditions: Vec<Condition>,
    secret: bool,
    possible: bool,
}

impl<'a> FindingBuilder<'a> {
    pub(super) fn new(page: &'a Page) -> Self {
        Self {
            page,
            message: page.message().map(str::to_owned),
            help: page.help().map(str::to_owned),
            severity: page.severity,
            option: None,
            primary: None,
            born: None,
            related: vec![],
            fixes: vec![],
            conditions: vec![],
            secret: page.sensitive,
            possible: page.possible,
        }
    }

    /// What is wrong, in one sentence without a full stop, never with a secret's text.
    pub fn message(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }

    /// What to do about it.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// How bad it is, if not as the page says.
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Points at the expression that gives `view` its value. Where the value was
    /// written elsewhere, a related label says so by itself.
    pub fn primary(mut self, view: &OptionView<'_>, text: impl Into<String>) -> Self {
        let (place, born) = (view.place(), view.born());
        let elsewhere = match (place.span(), born.span()) {
            (Some(place), Some(born)) => !place.contains(&born) && !born.contains(&place),
            _ => false,
        };
        self.born = elsewhere.then(|| Label::new(born, "the value is written here"));
        self.primary = Some(Label::new(place, text));
        self.option = Some(view.path().to_string());
        self.conditions.push(view.condition().clone());
        self
    }

    /// Points at a place. [`about`](Self::about) names the option.
    pub fn primary_at(mut self, at: Origin, text: impl Into<String>) -> Self {
        self.primary = Some(Label::new(at, text));
        self
    }

    /// Names the option in question without a label; its condition counts.
    pub fn about(mut self, view: &OptionView<'_>) -> Self {
        self.option = Some(view.path().to_string());
        self.conditions.push(view.condition().clone());
        self
    }

    /// Another option that belongs to it.
    pub fn related(mut self, view: &OptionView<'_>, text: impl Into<String>) -> Self {
        self.conditions.push(view.condition().clone());
        self.related_at(view.place(), text)
    }

    /// Another place that belongs to it; a place nobody wrote is left out.
    pub fn related_at(mut self, at: Origin, text: impl Into<String>) -> Self {
        if at != Origin::Default {
            self.related.push(Label::new(at, text));
        }
        self
    }

    /// The primary's value is a secret: reports mask its source text.
    pub fn secret(mut self) -> Self {
        self.secret = true;
        self
    }

    /// It may be otherwise for a reason the views do not show.
    pub fn possible(mut self) -> Self {
        self.possible = true;
        self
    }

    /// Offers what could be written instead; `None` is ignored.
    pub fn fix(mut self, fix: Option<Fix>) -> Self {
        self.fixes.extend(fix);
        self
    }

    /// The option's path, empty if none was named.
    pub(super) fn option(&self) -> String {
        self.option.clone().unwrap_or_default()
    }

    /// Where the finding would be.
    pub(super) fn place(&self) -> Origin {
        self.primary.as_ref().map_or(Origin::Default, |label| label.at)
    }

    pub(super) fn finish(self, configuration: &Configuration) -> Finding {
        let possible = self.possible || self.conditions.iter().any(|condition| !condition.is_always());
        let mut primary = self.primary.unwrap_or_else(|| Label::new(Origin::Default, ""));
        primary.redact = self.secret;
        let mut related: Vec<Label> = Vec::new();
        related.extend(self.born.map(|label| Label { redact: self.secret, ..label }));
        related.extend(self.related);
        for (unknown, wanted) in self.conditions.iter().flat_map(Condition::literals) {
            if unknown.at.span().is_some() {
                related.push(Label::new(unknown.at, format!("only if this is {wanted}")));
            }
        }
        let mut seen = std::collections::BTreeSet::new();
        related.retain(|label| seen.insert((label.at, label.text.clone())));
        let message = self.message.unwrap_or_else(|| self.page.summary().to_owned());
        Finding {
            certainty: if possible { Certainty::Possible } else { Certainty::Certain },
            help: self.help,
            url: self.page.url.clone(),
            option: self.option.unwrap_or_default(),
            configurations: vec![configuration.name.clone()],
            reached: configuration.whole,
            related,
            fixes: self.fixes,
            ..Finding::new(self.page.id.clone(), self.severity, message, primary)
        }
    }
}
