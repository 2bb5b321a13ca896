//! The thread that looks at projects, and knows what it last saw.

use super::actions::{Wanted, actions};
use super::client::Client;
use super::diagnostics::Places;
use super::documents::Documents;
use super::option::{definition, hover};
use super::project::{Load, Project};
use crate::syntax::with_big_stack;
use crossbeam_channel::{Receiver, Sender, unbounded};
use lsp_types::{CodeActionContext, Diagnostic, Position, Range};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// What is to be done.
pub(super) struct Job {
    /// The project's folder.
    pub(super) root: PathBuf,
    /// The state of the project: what has this stamp is the same.
    pub(super) stamp: u64,
    /// The open documents in this state.
    pub(super) documents: Documents,
    /// Set when nobody waits for the outcome any more.
    pub(super) stop: Arc<AtomicBool>,
    /// What is asked about a file; without it, what is wrong in the project.
    pub(super) question: Option<(PathBuf, Question)>,
}

/// What a client may ask about a file.
#[derive(Clone, Debug)]
pub(super) enum Question {
    /// What can be done about what was found there.
    Actions(Range, CodeActionContext),
    /// What is known of what is named there.
    Hover(Position),
    /// Where it is defined.
    Definition(Position),
}

/// What came of it.
pub(super) struct Outcome {
    pub(super) root: PathBuf,
    pub(super) stamp: u64,
    /// The diagnostics of the project by file, if it was looked at.
    pub(super) diagnostics: Option<BTreeMap<PathBuf, Vec<Diagnostic>>>,
    /// What is wrong with the project's settings; `None` also where nobody looked at them.
    pub(super) problem: Option<String>,
    /// What was asked for.
    pub(super) answer: Option<Value>,
    /// Whether it broke down.
    pub(super) failed: bool,
}

/// Starts the thread. It ends when nobody can send jobs any more.
pub(super) fn start(load: Load, client: Client) -> (Sender<Job>, Receiver<Outcome>) {
    let (jobs, wanted) = unbounded::<Job>();
    let (done, outcomes) = unbounded();
    std::thread::spawn(move || {
        with_big_stack(move || {
            let mut worker = Worker { load, client, projects: HashMap::new() };
            for job in wanted {
                if done.send(worker.outcome(job)).is_err() {
                    break;
                }
            }
        });
    });
    (jobs, outcomes)
}

struct Worker {
    load: Load,
    client: Client,
    projects: HashMap<PathBuf, Project>,
}

impl Worker {
    fn outcome(&mut self, job: Job) -> Outcome {
        let (root, stamp) = (job.root.clone(), job.stamp);
        // A mistake in this program must not end the editor's session with it.
        catch_unwind(AssertUnwindSafe(|| self.work(&job))).unwrap_or_else(|_| {
            self.projects.remove(&root);
            Outcome { root, stamp, diagnostics: None, problem: None, answer: None, failed: true }
        })
    }

    fn work(&mut self, job: &Job) -> Outcome {
        let Job { root, stamp, documents, question, stop } = job;
        let project = self.projects.entry(root.clone()).or_default();
        let (is_new, problem) = project.look(root, (*stamp, documents), (&self.load, stop));
        let mut outcome =
            Outcome { root: root.clone(), stamp: *stamp, diagnostics: None, problem, answer: None, failed: false };
        let Some((_, report, sources)) = &project.looked else { return outcome };
        let places = Places { root, sources, documents, client: &self.client, stop };
        outcome.diagnostics = is_new.then(|| places.diagnostics(report));
        if let (Some((path, question)), Some(ruled)) = (question, &project.ruled) {
            outcome.answer = Some(match question {
                Question::Actions(range, context) => {
                    json!(actions(&Wanted { path, range: *range, context }, &places, (report, ruled)))
                }
                Question::Hover(position) => hover(path, *position, &places, (report, ruled)),
                Question::Definition(position) => definition(path, *position, &places, ruled),
            });
        }
        outcome
    }
}
