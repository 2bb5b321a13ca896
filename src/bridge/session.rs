//! Asking Nix about one configuration: again after each fatal error, without what caused it.

use super::cache::{Cache, Said};
use super::log::{self, Failure, Line};
use super::nix::{Nix, Run, Version};
use super::process::Ended;
use super::record::{self, Definition, Record, Told, ToldClaim};
use crate::option::{OptionPath, Segment};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// So often Nix is run for one configuration.
const MOST_RUNS: usize = 8;

/// So many of the user's modules may end a run.
const MOST_MODULES: usize = 2;

/// What to ask.
pub(super) struct Question<'a> {
    pub nix: &'a Nix,
    pub version: Version,
    /// `target = …; roots = [ … ];`: an attribute set's inside.
    pub target: &'a str,
    /// Whether the target cannot do without a store.
    pub needs_store: bool,
    /// What is remembered.
    pub cache: Option<&'a Cache>,
    /// What is asked for, as `export/encode.nix` wants it.
    pub asked: &'a Json,
    /// The user's folders.
    pub roots: &'a [PathBuf],
    /// Options that are asked late because they may be fatal.
    pub last: &'a [Vec<String>],
    /// Options that are asked last because they surely are.
    pub worst: &'a [Vec<String>],
}

/// What Nix said of one option.
#[derive(Clone, Debug, Default)]
pub(super) struct OptionAnswer {
    /// Whether anything was told; otherwise it is only known to be there.
    pub told: bool,
    pub defined: bool,
    pub priority: Option<i64>,
    pub value: Option<Told>,
    pub winners: Option<Vec<(String, Told)>>,
}

/// All that Nix said.
#[derive(Clone, Debug, Default)]
pub(super) struct Answers {
    pub options: BTreeMap<Vec<String>, OptionAnswer>,
    /// How many of them were told.
    pub told: usize,
    pub definitions: Vec<Definition>,
    pub claims: Vec<ToldClaim>,
    /// The user's folders as Nix sees them.
    pub roots: Vec<String>,
    pub files: BTreeSet<String>,
    pub declaring: BTreeSet<String>,
    pub lib: Option<String>,
    /// Fatal errors by what Nix was at: the identity of an option or a part of one.
    pub fatal: Vec<(String, Failure)>,
    /// Why not everything was asked.
    pub cut: Option<Failure>,
    /// Why the configuration could only be had without the check for undeclared options.
    pub refused: Option<Failure>,
    pub runs: usize,
}

/// What happens while Nix works.
pub(super) type Progress<'a> = &'a mut dyn FnMut(usize, Option<usize>);

/// Asks until all is told, or it is no use. An error is a failure of the whole configuration.
pub(super) fn ask(question: &Question<'_>, progress: Progress<'_>) -> Result<Answers, Failure> {
    let mut session = Session {
        question,
        mark: log::mark(),
        answers: Answers::default(),
        have: BTreeSet::new(),
        skip: BTreeSet::new(),
        worst: question.worst.iter().map(|path| id(path)).collect(),
        unchecked: false,
        quick: question.worst.is_empty(),
        without_store: false,
        deadline: Instant::now() + question.nix.timeout,
    };
    while session.answers.runs < MOST_RUNS {
        if session.run(progress)? {
            return Ok(session.answers);
        }
    }
    let often = || Failure::ours(format!("Nix was run {MOST_RUNS} times, and each run ended in an error"));
    session.answers.cut.get_or_insert_with(often);
    Ok(session.answers)
}

/// What one run told that left this log. An error is the one it ended with, if nothing was listed before.
pub(super) fn heard(log: &[u8]) -> Result<Answers, Failure> {
    let (mut answers, mut have, mut at) = (Answers::default(), BTreeSet::new(), None);
    for line in log.split(|byte| *byte == b'\n') {
        let told = match log::read(line, "") {
            Line::Told(text) => text,
            Line::Failure(failure) => {
                answers.fatal.extend(at.take().map(|at| (at, failure)));
                continue;
            }
            _ => String::from_utf8_lossy(line).into_owned(),
        };
        match record::read(&told) {
            Some(Record::Begin(id)) => at = Some(id),
            Some(record) => answers.take(record, &mut have),
            None => {}
        }
    }
    let listed = answers.lib.is_some() || !answers.options.is_empty();
    if listed { Ok(answers) } else { Err(Failure::ours("what Nix said cannot be understood")) }
}

struct Session<'a> {
    question: &'a Question<'a>,
    mark: String,
    answers: Answers,
    have: BTreeSet<String>,
    skip: BTreeSet<String>,
    worst: BTreeSet<String>,
    unchecked: bool,
    /// Nothing is announced that costs time: good as long as nothing is fatal.
    quick: bool,
    without_store: bool,
    deadline: Instant,
}

/// How far a run came.
#[derive(Default)]
struct Course {
    /// What was begun last.
    at: Option<String>,
    done: bool,
    /// How many options there are.
    found: Option<usize>,
    /// Something was said that is no log.
    noise: bool,
}

impl Session<'_> {
    /// One run, or what is remembered of it; whether that was the last.
    fn run(&mut self, progress: Progress<'_>) -> Result<bool, Failure> {
        let cache = self.question.cache.map(|cache| (cache, cache.key(&self.expression(""), self.without_store)));
        let before = cache.as_ref().and_then(|(cache, key)| cache.read(key));
        let mut course = Course::default();
        let (said, ended) = match before {
            Some(said) => {
                said.lines.iter().for_each(|line| self.hear(line, &mut course, progress));
                let ended = if said.failure.is_some() { Ended::Badly } else { Ended::Well };
                (said, ended)
            }
            None => {
                let (said, ended) = self.evaluate(&mut course, progress)?;
                let lasts = course.done || (ended == Ended::Badly && said.failure.is_some() && !course.noise);
                if let (Some((cache, key)), true) = (&cache, lasts) {
                    cache.write(key, &said);
                }
                (said, ended)
            }
        };
        self.answers.runs += 1;
        if course.done {
            return Ok(true);
        }
        let error = match ended {
            Ended::TooLate => Failure::ours(format!("Nix took longer than {} s", self.question.nix.timeout.as_secs())),
            Ended::TooMuch => Failure::ours("Nix told more than can be taken in"),
            Ended::Well => Failure::ours("what Nix said cannot be understood"),
            Ended::Badly => said.failure.unwrap_or_else(|| Failure::ours("Nix ended without a word")),
        };
        self.after(course.at, error, ended)
    }

    /// Runs Nix.
    fn evaluate(&mut self, course: &mut Course, progress: Progress<'_>) -> Result<(Said, Ended), Failure> {
        let Question { nix, version, .. } = *self.question;
        let expression = self.expression(&self.mark);
        let (mut lines, mut failure) = (vec![], None);
        let folder = self.question.roots.first().map_or(Path::new("/"), PathBuf::as_path);
        let (mark, deadline) = (self.mark.clone(), self.deadline);
        let (allowed, without_store) = (self.question.roots, self.without_store);
        let without_search_path = nix.restrict && self.question.needs_store;
        let remembered = self.question.cache.is_some();
        let mut take = |bytes: &[u8]| match log::read(bytes, &mark) {
            Line::Told(text) => {
                self.hear(&text, course, progress);
                if remembered {
                    lines.push(text);
                }
            }
            Line::Failure(error) => failure = Some(error),
            Line::Noise(text) => {
                course.noise = true;
                failure.get_or_insert(Failure::of_nix(text, None));
            }
            Line::Nothing => {}
        };
        let run = Run { expression, version, folder, allowed, without_store, without_search_path, deadline };
        let ended = nix.evaluate(run, &mut take).map_err(Failure::ours)?;
        Ok((Said { lines, failure }, ended))
    }

    /// Takes in one record.
    fn hear(&mut self, line: &str, course: &mut Course, progress: &mut dyn FnMut(usize, Option<usize>)) {
        match record::read(line) {
            Some(Record::Begin(id)) => course.at = Some(id),
            Some(Record::End) => course.done = true,
            Some(record) => {
                match &record {
                    Record::Found { paths, .. } => course.found = Some(paths.len()),
                    Record::Option { next: Some(next), .. } => course.at = Some(next.clone()),
                    _ => {}
                }
                self.answers.take(record, &mut self.have);
                progress(self.answers.told, course.found);
            }
            None => {}
        }
    }

    /// What to make of an end before the end.
    fn after(&mut self, at: Option<String>, error: Failure, ended: Ended) -> Result<bool, Failure> {
        let listed = self.answers.lib.is_some() || !self.answers.options.is_empty();
        if ended == Ended::TooLate || ended == Ended::Well {
            if !listed {
                return Err(error);
            }
            self.answers.cut = Some(error.clone());
            self.answers.fatal.extend(at.map(|at| (at, error)));
            return Ok(true);
        }
        if !listed {
            if at.is_none() && !self.without_store && !self.question.needs_store && error.is_about_the_store() {
                self.without_store = true;
                return Ok(false);
            }
            // An option that nobody declares makes every access fail.
            if at.is_none() || self.unchecked {
                return Err(self.answers.refused.clone().unwrap_or(error));
            }
            self.unchecked = true;
            self.answers.refused = Some(error);
            return Ok(false);
        }
        let Some(at) = at else { return Err(error) };
        if std::mem::take(&mut self.quick) {
            // What it was at is known roughly: it comes last when all is asked again.
            self.put_off(&at);
            return Ok(false);
        }
        // What ended two runs is in the way of everything else.
        if !self.skip.insert(at.clone()) {
            self.answers.cut = Some(error);
            return Ok(true);
        }
        self.put_off(&at);
        // Modules that end one run after the other are better left alone.
        if self.skip.iter().filter(|id| id.starts_with("m ")).count() > MOST_MODULES {
            self.skip.insert("modules".to_owned());
        }
        self.answers.fatal.push((at, error));
        Ok(false)
    }

    /// Has an option that ends evaluation asked last from now on.
    fn put_off(&mut self, at: &str) {
        if let Some(option) = self.answers.option_of(at) {
            self.worst.insert(id(&option));
            // It is seldom alone: its neighbours must not be in the way of others either.
            let neighbours = self.answers.untold_beside(&option).map(|path| id(path));
            self.worst.extend(neighbours);
        }
    }

    fn expression(&self, mark: &str) -> String {
        let Question { asked, target, roots, last, .. } = *self.question;
        let roots: Vec<String> = roots.iter().map(|root| root.to_string_lossy().into_owned()).collect();
        let request = json!({
            "mark": mark,
            "asked": asked,
            "have": self.have,
            "skip": self.skip,
            "last": last.iter().map(|path| id(path)).collect::<Vec<_>>(),
            "worst": self.worst,
            "roots": roots,
            "backwards": self.answers.runs % 2 == 1,
            "unchecked": self.unchecked,
            "quick": self.quick,
        });
        super::export::expression(&request, target)
    }
}

/// The identity of an option or a part of one.
pub(super) fn id(path: &[String]) -> String {
    json!(path).to_string()
}

impl Answers {
    fn take(&mut self, record: Record, have: &mut BTreeSet<String>) {
        match record {
            Record::Roots(roots) => self.roots = roots,
            Record::Found { paths, declaring, lib } => {
                for path in paths {
                    self.options.entry(path).or_default();
                }
                self.declaring = declaring.into_iter().collect();
                self.lib = lib.or(Some(String::new()));
            }
            Record::Option { path, defined, priority, value, definitions, next: _ } => {
                have.insert(format!("o{}", id(&path)));
                self.told += 1;
                let option = self.options.entry(path.clone()).or_default();
                (option.told, option.defined, option.priority) = (true, defined, priority);
                if let Some(value) = value {
                    self.take(Record::Value { path: path.clone(), value }, have);
                }
                if let Some(definitions) = definitions {
                    self.take(Record::Winners { path, definitions }, have);
                }
            }
            Record::Value { path, value } => {
                have.insert(format!("v{}", id(&path)));
                self.options.entry(path).or_default().value = Some(value);
            }
            Record::Winners { path, definitions } => {
                have.insert(format!("w{}", id(&path)));
                self.options.entry(path).or_default().winners = Some(definitions);
            }
            Record::Files(files) => self.files = files.into_iter().filter(|file| !file.is_empty()).collect(),
            Record::Definition(definition) => {
                let Some(id) = &definition.id else {
                    self.definitions.push(definition);
                    return;
                };
                have.insert(id.clone());
                // It may have been placed before.
                let same = |one: &Definition| one.id.is_none() && one.is_place_of(&definition);
                self.definitions.retain(|one| !same(one));
                self.definitions.push(definition);
            }
            Record::Claim(claim) => {
                have.insert(claim.id.clone());
                self.claims.push(claim);
            }
            Record::Begin(_) | Record::End => {}
        }
    }

    /// The options beside one of which nothing was told yet.
    fn untold_beside<'a>(&'a self, option: &'a [String]) -> impl Iterator<Item = &'a Vec<String>> {
        let parent = option.split_last().map_or(option, |(_, parent)| parent);
        let beside = move |path: &[String]| path.split_last().is_some_and(|(_, other)| other == parent);
        self.options.iter().filter(move |(path, answer)| !answer.told && beside(path)).map(|(path, _)| path)
    }

    /// The option that an identity speaks of.
    fn option_of(&self, id: &str) -> Option<Vec<String>> {
        let path = &id[id.find('[')?..];
        let first = serde_json::Deserializer::from_str(path).into_iter::<Vec<String>>().next();
        let path = first?.ok()?;
        (1..=path.len()).map(|end| path[..end].to_vec()).find(|path| self.options.contains_key(path))
    }

    /// The fatal errors with what people call the place in the tree of options.
    pub(super) fn failures(&self) -> impl Iterator<Item = (Option<String>, &Failure)> {
        let shown = |at: &str| {
            let path = at.get(at.find('[')?..)?;
            let first = serde_json::Deserializer::from_str(path).into_iter::<Vec<String>>().next();
            let steps = first?.ok()?.into_iter().map(|step| Segment::Name(step.into())).collect();
            Some(OptionPath(steps).to_string())
        };
        self.fatal.iter().map(move |(at, failure)| (shown(at), failure))
    }

    /// Why Nix could not tell an option or a part of it.
    pub(super) fn failure(&self, path: &[String]) -> Option<&Failure> {
        let part = id(path);
        let whole = [format!("v{part}"), format!("o{part}"), part];
        self.fatal.iter().find(|(at, _)| whole.contains(at)).map(|(_, failure)| failure)
    }
}

impl Definition {
    /// Whether both are the same definition of the same option.
    fn is_place_of(&self, other: &Definition) -> bool {
        let place = |one: &Definition| (one.path.clone(), one.file.clone(), one.at.clone());
        !self.of_type && !other.of_type && place(self) == place(other)
    }
}
