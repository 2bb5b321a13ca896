//! What is open, what of it has changed, and what is being looked at.

use super::client::{Client, paths};
use super::diagnostics::address;
use super::documents::Documents;
use super::project::Load;
use super::published::{Published, Told};
use super::server::Out;
use super::worker::{self, Job, Outcome, Question};
use super::{capabilities, questions, uri};
use crate::source::load;
use crossbeam_channel::{Receiver, Sender};
use lsp_server::{ErrorCode, Notification, Request, RequestId};
use serde::de::DeserializeOwned;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// Changes are looked at when nothing was typed for so long.
const PAUSE: Duration = Duration::from_millis(150);

/// The server's state.
pub(super) struct Workspace {
    client: Client,
    documents: Documents,
    /// The number of the last change of each project.
    stamps: BTreeMap<PathBuf, u64>,
    changes: u64,
    /// The projects that have changed, and when they are to be looked at.
    dirty: BTreeMap<PathBuf, Instant>,
    published: Published,
    /// What the user was told of each project's settings.
    complaints: BTreeMap<PathBuf, String>,
    jobs: Sender<Job>,
    outcomes: Receiver<Outcome>,
    /// What the worker does, and how it can be stopped.
    busy: Option<(PathBuf, Arc<AtomicBool>)>,
    /// What the client has asked and the worker does not know of yet.
    questions: VecDeque<(RequestId, PathBuf, Question)>,
    /// The question that the worker answers, unless it was cancelled.
    answering: Option<RequestId>,
}

impl Workspace {
    /// Nothing is open yet but the client's folders.
    pub(super) fn new(client: Client, load: Load) -> Self {
        let (jobs, outcomes) = worker::start(load, client.clone());
        let mut workspace = Self {
            client,
            documents: Documents::default(),
            stamps: BTreeMap::new(),
            changes: 0,
            dirty: BTreeMap::new(),
            published: Published::default(),
            complaints: BTreeMap::new(),
            jobs,
            outcomes,
            busy: None,
            questions: VecDeque::new(),
            answering: None,
        };
        workspace.everything_changed();
        workspace
    }

    /// Where outcomes come from, if one is awaited.
    pub(super) fn outcomes(&self) -> Option<Receiver<Outcome>> {
        self.busy.as_ref().map(|_| self.outcomes.clone())
    }

    /// How long until something is to be done; `None`: that depends on others.
    pub(super) fn due(&self) -> Option<Duration> {
        let first = self.dirty.values().min().filter(|_| self.busy.is_none())?;
        Some(first.saturating_duration_since(Instant::now()))
    }

    /// Gives the worker something to do, if it has nothing and something is due.
    pub(super) fn next(&mut self) {
        if self.busy.is_some() {
            return;
        }
        if let Some((id, path, question)) = self.questions.pop_front() {
            self.answering = Some(id);
            let root = load::project_root(&path);
            return self.start(root, Some((path, question)));
        }
        let now = Instant::now();
        let Some(root) = self.dirty.iter().find(|(_, due)| **due <= now).map(|(root, _)| root.clone()) else { return };
        self.start(root, None);
    }

    fn start(&mut self, root: PathBuf, question: Option<(PathBuf, Question)>) {
        self.dirty.remove(&root);
        let stamp = self.stamps.get(&root).copied().unwrap_or_default();
        let stop = Arc::new(AtomicBool::new(false));
        let job = Job { root: root.clone(), stamp, documents: self.documents.clone(), stop: stop.clone(), question };
        self.busy = self.jobs.send(job).is_ok().then_some((root, stop));
    }

    /// Answers a request, or notes it.
    pub(super) fn request(&mut self, request: Request, out: &mut Out<'_>) {
        let id = request.id.clone();
        match questions::read(request) {
            // Of a file that is not open nothing is known.
            Ok((path, question)) if self.documents.get(&path).is_some() => {
                self.questions.push_back((id, path, question))
            }
            Ok(_) => out.answer(id, serde_json::Value::Null),
            Err((code, why)) => out.refuse(id, code, why),
        }
    }

    /// Takes a notification in. What cannot be understood is passed over: there is no answer to it.
    pub(super) fn notification(&mut self, one: Notification, out: &mut Out<'_>) {
        match one.method.as_str() {
            "$/cancelRequest" => self.cancel(&one.params["id"], out),
            "initialized" if self.client.watches => {
                out.ask("watch", "client/registerCapability", capabilities::registration());
            }
            "textDocument/didOpen" => {
                let path = params::<lsp_types::DidOpenTextDocumentParams>(one)
                    .and_then(|params| self.documents.open(params.text_document));
                self.changed(path, Duration::ZERO, out);
            }
            "textDocument/didChange" => {
                let path = params::<lsp_types::DidChangeTextDocumentParams>(one).and_then(|params| {
                    let document = (&params.text_document.uri, params.text_document.version);
                    self.documents.change(document, params.content_changes, self.client.encoding)
                });
                self.changed(path, PAUSE, out);
            }
            "textDocument/didSave" => {
                let path = params::<lsp_types::DidSaveTextDocumentParams>(one)
                    .and_then(|params| uri::path(&params.text_document.uri));
                self.changed(path, Duration::ZERO, out);
            }
            "textDocument/didClose" => {
                let path = params::<lsp_types::DidCloseTextDocumentParams>(one)
                    .and_then(|params| self.documents.close(&params.text_document.uri));
                self.changed(path, Duration::ZERO, out);
            }
            "workspace/didChangeWatchedFiles" => {
                self.everything_changed();
                self.forget(out);
            }
            "workspace/didChangeWorkspaceFolders" => {
                if let Some(params) = params::<lsp_types::DidChangeWorkspaceFoldersParams>(one) {
                    let (added, removed) = (paths(&params.event.added), paths(&params.event.removed));
                    self.client.folders.retain(|folder| !removed.contains(folder));
                    self.client.folders.extend(added);
                    self.everything_changed();
                    self.forget(out);
                }
            }
            _ => {}
        }
    }

    /// The projects of the documents and folders that are open.
    fn roots(&self) -> BTreeSet<PathBuf> {
        let folders = self.client.folders.iter().map(|folder| load::project_root(folder));
        let folders = folders.filter(|root| load::is_project(root));
        folders.chain(self.documents.paths().map(load::project_root)).collect()
    }

    /// Notes that a file has changed, for the projects that it may be part of.
    fn changed(&mut self, path: Option<PathBuf>, pause: Duration, out: &mut Out<'_>) {
        let Some(path) = path else { return };
        let roots = self.roots();
        for root in roots.iter().filter(|root| path.starts_with(root)) {
            self.mark(root, pause);
        }
        self.forget(out);
    }

    fn everything_changed(&mut self) {
        self.roots().iter().for_each(|root| self.mark(root, PAUSE));
    }

    fn mark(&mut self, root: &Path, pause: Duration) {
        if let Some((_, stop)) = self.busy.as_ref().filter(|(busy, _)| busy == root) {
            stop.store(true, Relaxed);
        }
        self.changes += 1;
        self.stamps.insert(root.to_path_buf(), self.changes);
        self.dirty.insert(root.to_path_buf(), Instant::now() + pause);
    }

    /// Forgets the projects that nothing is open of.
    fn forget(&mut self, out: &mut Out<'_>) {
        let roots = self.roots();
        self.dirty.retain(|root, _| roots.contains(root));
        self.stamps.retain(|root, _| roots.contains(root));
        self.complaints.retain(|root, _| roots.contains(root));
        for path in self.published.retain(&roots) {
            self.publish(&path, (None, vec![]), out);
        }
    }

    /// Does not answer a question any more.
    fn cancel(&mut self, id: &serde_json::Value, out: &mut Out<'_>) {
        let Ok(id) = serde_json::from_value::<RequestId>(id.clone()) else { return };
        let waiting = self.questions.iter().position(|(other, ..)| *other == id);
        let is_known = match waiting {
            Some(at) => self.questions.remove(at).is_some(),
            None => {
                let is_answering = self.answering.take_if(|other| *other == id).is_some();
                if let Some((_, stop)) = self.busy.as_ref().filter(|_| is_answering) {
                    stop.store(true, Relaxed);
                }
                is_answering
            }
        };
        if is_known {
            out.refuse(id, ErrorCode::RequestCanceled, "cancelled");
        }
    }

    /// Takes in what the worker has done.
    pub(super) fn take(&mut self, outcome: Outcome, out: &mut Out<'_>) {
        let is_stopped = self.busy.take().is_some_and(|(_, stop)| stop.load(Relaxed));
        let Outcome { root, stamp, diagnostics, problem, answer, failed } = outcome;
        let is_current = self.stamps.get(&root) == Some(&stamp);
        if let Some(id) = self.answering.take() {
            match answer {
                _ if failed => out.refuse(id, ErrorCode::InternalError, "optlint failed; please report this"),
                // Places have moved.
                _ if is_stopped || !is_current => {
                    out.refuse(id, ErrorCode::ContentModified, "the file has changed meanwhile");
                }
                answer => out.answer(id, answer.unwrap_or_default()),
            }
        }
        if !is_current {
            return;
        }
        if is_stopped && diagnostics.is_none() {
            // A question was cancelled while the project was looked at for it.
            self.dirty.entry(root).or_insert_with(Instant::now);
            return;
        }
        if failed {
            out.show_error("optlint failed to look at this project; please report this");
        }
        let Some(diagnostics) = diagnostics else { return };
        self.complain(&root, problem, out);
        let roots = self.roots();
        // A project inside this one speaks for its files itself.
        let is_ours = |path: &Path| {
            !roots.iter().any(|other| *other != root && other.starts_with(&root) && path.starts_with(other))
        };
        let mut now: BTreeMap<PathBuf, Told> = diagnostics.into_iter().map(|(path, it)| (path, (None, it))).collect();
        for path in self.documents.paths().filter(|path| path.starts_with(&root)) {
            now.entry(path.to_path_buf()).or_default().0 = self.documents.get(path).map(|document| document.version);
        }
        now.retain(|path, _| is_ours(path));
        for (path, told) in self.published.update(&root, now) {
            self.publish(&path, told, out);
        }
    }

    /// Tells the user once what is wrong with a project's settings.
    fn complain(&mut self, root: &Path, problem: Option<String>, out: &mut Out<'_>) {
        let known = self.complaints.get(root);
        match problem {
            Some(problem) if known != Some(&problem) => {
                out.show_error(&format!("optlint: {problem}"));
                self.complaints.insert(root.to_path_buf(), problem);
            }
            Some(_) => {}
            None => drop(self.complaints.remove(root)),
        }
    }

    fn publish(&self, path: &Path, (version, diagnostics): Told, out: &mut Out<'_>) {
        let Some(uri) = address(&self.documents, path) else { return };
        let mut params = json!({ "uri": uri, "diagnostics": diagnostics });
        if let (Some(version), Some(object)) = (version, params.as_object_mut()) {
            object.insert("version".into(), json!(version));
        }
        out.notify("textDocument/publishDiagnostics", params);
    }
}

/// What a notification is about.
fn params<T: DeserializeOwned>(one: Notification) -> Option<T> {
    serde_json::from_value(one.params).ok()
}
