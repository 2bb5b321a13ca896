//! What a rule sees and how it answers.

use super::bound::{self, Written};
use super::shelf::Shelf;
use super::{FindingBuilder, Listed, Module, OptionView, Page, module};
use crate::finding::{Certainty, Edit, Finding, Undecided};
use crate::option::{Configuration, OptionPath, OptionPattern, PatternStep, Segment};
use crate::source::{FileId, Origin, Sources};
use crate::value::{Cause, Str, Truth, Unknown, Value};
use better_any::Tid;
use std::collections::BTreeSet;
use std::rc::Rc;

/// One rule's sight of one configuration.
#[derive(Debug)]
pub struct Cx<'a> {
    configuration: &'a Configuration,
    page: &'a Page,
    listed: &'a Listed,
    sources: Option<&'a Sources>,
    shelf: Rc<Shelf<'a>>,
    findings: Vec<Finding>,
    undecided: BTreeSet<Undecided>,
}

impl<'a> Cx<'a> {
    /// A rule's sight of `configuration`; `listed` keeps account of what it reads.
    pub fn new(configuration: &'a Configuration, page: &'a Page, listed: &'a Listed) -> Self {
        let (shelf, undecided) = (Rc::default(), BTreeSet::new());
        Self { configuration, page, listed, sources: None, shelf, findings: vec![], undecided }
    }

    /// The same with what other rules made of the configuration.
    pub(super) fn sharing(self, shelf: &Rc<Shelf<'a>>) -> Self {
        Self { shelf: shelf.clone(), ..self }
    }

    /// What `make` makes of the configuration: made once for all rules. It must depend on nothing else.
    pub fn shared<T: Tid<'a>>(&self, make: fn(&Cx<'a>) -> T) -> Rc<T> {
        self.shelf.of(&self.configuration.asked, || make(self))
    }

    /// The same with the files that were read, for [`written`](Self::written).
    pub fn with_sources(self, sources: &'a Sources) -> Self {
        Self { sources: Some(sources), ..self }
    }

    /// What stands at a place, as it is written; empty where nobody wrote anything.
    pub fn written(&self, at: Origin) -> &'a str {
        match (self.sources, at.span()) {
            (Some(sources), Some(span)) => sources.text(span),
            _ => "",
        }
    }

    /// Whether a place is in a file of the user's, rather than in what stands in for nixpkgs.
    pub fn is_users(&self, at: Origin) -> bool {
        match (self.sources, at.span()) {
            (Some(sources), Some(span)) => !sources.file(span.file).embedded,
            _ => false,
        }
    }

    /// The attribute path and the value of the one definition that an option has, if they are written as
    /// `path = value;`.
    pub fn assignment(&self, option: &OptionView<'_>) -> Option<(Origin, Origin)> {
        let sources = self.sources?;
        let (path, value) = bound::assignment(sources, option, |file| self.file(sources, file))?;
        Some((Origin::Written(path), Origin::Written(value)))
    }

    /// Of a name at `used` whose value was born at `born`, a binding of a `let` of the same file: the edit that
    /// takes the binding out, if nothing else uses the name. `None` if the name is none of a `let`.
    pub fn binding(&self, used: Origin, born: Origin) -> Option<Option<Edit>> {
        let (sources, used) = (self.sources?, used.span()?);
        self.file(sources, used.file).binding(sources, used, born.span()?)
    }

    /// Whether a place is an attribute path in front of `=`, rather than a name that is inherited.
    pub fn is_assigned(&self, path: Origin) -> bool {
        self.sources.zip(path.span()).is_some_and(|(sources, path)| module::is_assigned(sources, path))
    }

    /// The edit that adds an attribute, such as `a = 1;`, to a set that is spelled out at `set`, as its first.
    pub fn added(&self, set: Origin, attribute: &str) -> Option<Edit> {
        let (sources, set) = self.sources.zip(set.span())?;
        module::added(&sources.file(set.file).text, set, attribute)
    }

    /// The edit that adds an element to a list that is spelled out at `list`, as its first.
    pub fn added_item(&self, list: Origin, element: &str) -> Option<Edit> {
        let (sources, list) = self.sources.zip(list.span())?;
        module::added_item(&sources.file(list.file).text, list, element)
    }

    /// The module around a place where an option that begins with the name `first` is defined, if it is
    /// written plainly enough to be added to.
    pub fn module(&self, at: Origin, first: &str) -> Option<Module<'a>> {
        let (sources, at) = (self.sources?, at.span()?);
        module::module(sources, self.file(sources, at.file).tree.clone(), at, first)
    }

    /// A file as it is written: read once for all rules.
    fn file(&self, sources: &Sources, file: FileId) -> Rc<Written> {
        let source = sources.file(file);
        let name = Str::new(source.path.to_string_lossy());
        self.listed.memo.of(&name, Origin::File(file), || Written::read(file, &source.text))
    }

    /// One option by its path, such as `services.nginx.virtualHosts`; names with dots
    /// are quoted. Never fails: an option nobody knows is a view whose value is unknown.
    pub fn option(&self, path: &str) -> OptionView<'a> {
        self.root().at(path)
    }

    /// All entries a pattern names, such as `services.nginx.virtualHosts.<name>.root`.
    /// `<name>` stands for every attribute or list element that is there; what may be
    /// hidden beside them is told by [`OptionView::others`].
    pub fn each(&self, pattern: &str) -> Vec<OptionView<'a>> {
        self.matching(&OptionPattern::parse(pattern))
    }

    /// What the page's `options` name, one view per entry that exists: every
    /// attribute in place of a `<name>`, and of plain paths those that have a
    /// value. What nobody can have defined may be left out, whatever its default.
    pub fn listed(&self) -> Vec<OptionView<'a>> {
        let patterns = self.page.options().iter().filter(|pattern| !self.is_left_alone(pattern));
        let views = patterns.flat_map(|pattern| self.matching(pattern));
        views.filter(OptionView::exists).collect()
    }

    /// The name of the configuration.
    pub fn configuration(&self) -> &'a str {
        &self.configuration.name
    }

    /// Whether this is a whole configuration, in which what is not defined is at
    /// its default, rather than a module on its own.
    pub fn is_whole(&self) -> bool {
        self.configuration.whole
    }

    /// Whether it is a system inside another one, such as a container, whose network is that one's affair.
    pub fn is_guest(&self) -> bool {
        self.configuration.guest
    }

    /// What the page's `data` file says; `null` if it names none.
    pub fn data(&self) -> &'a Value {
        self.page.data()
    }

    /// The page of the rule.
    pub fn page(&self) -> &'a Page {
        self.page
    }

    /// The only way to report. True: a finding. False: silence. Unknown: undecided,
    /// with its cause and place.
    ///
    /// `build` also runs for the unknown, to learn which option is in question: it
    /// must not take for granted what `fires` asks.
    pub fn decide(&mut self, fires: Truth, build: impl FnOnce(FindingBuilder<'a>) -> FindingBuilder<'a>) {
        match fires {
            Truth::False => {}
            Truth::True => self.findings.push(build(FindingBuilder::new(self.page)).finish(self.configuration)),
            Truth::Unknown(unknown) if self.goes_without_saying(&unknown) => {}
            Truth::Unknown(unknown) => {
                let finding = build(FindingBuilder::new(self.page));
                let asked = finding.place();
                let places = [unknown.at, self.gap(&unknown), asked];
                let at = places.into_iter().find(|at| *at != Origin::Default).unwrap_or(Origin::Default);
                self.undecided.insert(Undecided {
                    rule: self.page.id.clone(),
                    option: finding.option(),
                    cause: unknown.cause.to_string(),
                    at,
                    asked,
                    configurations: vec![self.configuration.name.clone()],
                    reached: self.configuration.whole,
                });
            }
        }
    }

    /// The import that could not be followed, if that is what makes something unknown.
    fn gap(&self, unknown: &Unknown) -> Origin {
        let cause = unknown.cause.root();
        let mut gaps = self.configuration.gaps.iter();
        gaps.find(|gap| gap.unknown.cause.root() == cause).map_or(Origin::Default, |gap| gap.at)
    }

    /// Whether a user knows already: nobody defines the option in question, or it may be defined
    /// by the modules that a module on its own is written to go with.
    fn goes_without_saying(&self, unknown: &Unknown) -> bool {
        let cause = unknown.cause.root();
        let mut alone = self.configuration.root.others.iter().filter(|_| !self.configuration.whole);
        match cause {
            Cause::Undefined(option) => {
                let path = OptionPath::parse(option);
                let prefix = |pattern: &OptionPattern| {
                    let steps = pattern.0.len().min(path.0.len());
                    let (pattern, path) = (pattern.0[..steps].to_vec(), path.0[..steps].to_vec());
                    !OptionPattern(pattern).matches(&OptionPath(path)).is_false()
                };
                let any_name = path.last().and_then(Segment::as_name) == Some("…");
                any_name || self.page.options().iter().any(|pattern| pattern.0.len() > 1 && prefix(pattern))
            }
            _ => alone.any(|other| other.cause.root() == cause),
        }
    }

    /// All that was found and all that was not decided, without repetitions: what is only possible
    /// is left out at a place where the same rule is certain.
    pub fn finish(self) -> (Vec<Finding>, Vec<Undecided>) {
        let mut findings = self.findings;
        findings.sort();
        findings.dedup();
        let certain = findings.iter().filter(|finding| finding.certainty == Certainty::Certain);
        let certain: BTreeSet<Origin> = certain.map(|finding| finding.primary.at).collect();
        findings.retain(|finding| finding.certainty == Certainty::Certain || !certain.contains(&finding.primary.at));
        (findings, self.undecided.into_iter().collect())
    }

    /// The whole tree.
    fn root(&self) -> OptionView<'a> {
        OptionView::root(self.configuration, self.listed)
    }

    /// One option by a path in steps.
    pub(super) fn at(&self, path: &OptionPath) -> OptionView<'a> {
        self.root().follow(path.0.iter().filter_map(Segment::as_name))
    }

    /// The places where something that `pattern` names may be that was not read, and why.
    pub(super) fn hidden(&self, pattern: &OptionPattern) -> Vec<(OptionView<'a>, Unknown)> {
        let mut hidden = Vec::new();
        let any = pattern.0.iter().enumerate().filter(|(_, step)| **step == PatternStep::Any);
        for (at, _) in any {
            let around = OptionPattern(pattern.0[..at].to_vec());
            for view in self.matching(&around) {
                let unknown = view.others().or_else(|| view.has_unknown_items());
                hidden.extend(unknown.map(|unknown| (view, unknown)));
            }
        }
        for view in self.matching(pattern) {
            if let (Truth::Unknown(unknown), []) = (view.presence(), &view.definitions()[..]) {
                hidden.push((view, unknown));
            }
        }
        hidden
    }

    /// Whether nobody defines what `pattern` names, as is known without a look at it.
    pub(super) fn is_left_alone(&self, pattern: &OptionPattern) -> bool {
        self.root().is_left_alone(names(pattern))
    }

    pub(super) fn matching(&self, pattern: &OptionPattern) -> Vec<OptionView<'a>> {
        let named = names(pattern);
        let mut views = vec![self.root().follow(named.clone())];
        for step in &pattern.0[named.count()..] {
            views = match step {
                PatternStep::Name(name) => views.iter().map(|view| view.step(name)).collect(),
                PatternStep::Any => {
                    views.iter().flat_map(|view| view.children().into_iter().chain(view.items())).collect()
                }
            };
        }
        views
    }
}

/// The names in front of the first `<name>`.
fn names(pattern: &OptionPattern) -> impl Iterator<Item = &str> + Clone {
    pattern.0.iter().map_while(|step| match step {
        PatternStep::Name(name) => Some(name.as_str()),
        PatternStep::Any => None,
    })
}
