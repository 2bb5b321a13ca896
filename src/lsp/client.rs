//! What the client understands, as it says at the start.

use super::position::Encoding;
use super::uri;
use lsp_types::{DiagnosticTag, InitializeParams, MarkupKind, PositionEncodingKind, WorkspaceFolder};
use std::path::PathBuf;

/// What the client understands.
#[derive(Clone, Debug, Default)]
pub(super) struct Client {
    /// The units of columns.
    pub(super) encoding: Encoding,
    /// The folders it has open.
    pub(super) folders: Vec<PathBuf>,
    /// Whether diagnostics may name further places.
    pub(super) related: bool,
    /// Whether diagnostics may say where their rule is described.
    pub(super) code_description: bool,
    /// The tags that diagnostics may have.
    pub(super) tags: Vec<DiagnosticTag>,
    /// Whether edits may say which version of a document they are for.
    pub(super) versioned_edits: bool,
    /// Whether hovers may be in Markdown.
    pub(super) markdown: bool,
    /// Whether it can be asked to watch files.
    pub(super) watches: bool,
}

impl Client {
    /// Reads what the client says of itself.
    pub(super) fn new(params: &InitializeParams) -> Self {
        let capabilities = &params.capabilities;
        let document = capabilities.text_document.as_ref();
        let workspace = capabilities.workspace.as_ref();
        let diagnostics = document.and_then(|it| it.publish_diagnostics.as_ref());
        let general = capabilities.general.as_ref();
        let encodings = general.and_then(|it| it.position_encodings.as_deref()).unwrap_or_default();
        let hover = document.and_then(|it| it.hover.as_ref()).and_then(|it| it.content_format.as_deref());
        let tags = diagnostics.and_then(|it| it.tag_support.as_ref());
        Self {
            encoding: match encodings.contains(&PositionEncodingKind::UTF8) {
                true => Encoding::Utf8,
                false => Encoding::Utf16,
            },
            folders: folders(params),
            related: diagnostics.and_then(|it| it.related_information).unwrap_or(false),
            code_description: diagnostics.and_then(|it| it.code_description_support).unwrap_or(false),
            tags: tags.map(|tags| tags.value_set.clone()).unwrap_or_default(),
            versioned_edits: workspace.and_then(|it| it.workspace_edit.as_ref()?.document_changes).unwrap_or(false),
            markdown: hover.unwrap_or_default().contains(&MarkupKind::Markdown),
            watches: workspace
                .and_then(|it| it.did_change_watched_files.as_ref()?.dynamic_registration)
                .unwrap_or(false),
        }
    }
}

/// The folders the client has open.
#[allow(deprecated)] // Older clients name one folder, and call it the root.
fn folders(params: &InitializeParams) -> Vec<PathBuf> {
    match (&params.workspace_folders, &params.root_uri) {
        (Some(folders), _) => paths(folders),
        (None, root) => root.iter().filter_map(uri::path).collect(),
    }
}

/// The paths of folders.
pub(super) fn paths(folders: &[WorkspaceFolder]) -> Vec<PathBuf> {
    folders.iter().filter_map(|folder| uri::path(&folder.uri)).collect()
}
