//! What a client asks, understood.

use super::uri;
use super::worker::Question;
use lsp_server::{ErrorCode, Request};
use lsp_types::{CodeActionParams, TextDocumentIdentifier, TextDocumentPositionParams};
use serde::de::DeserializeOwned;
use std::path::PathBuf;

/// The file and the question; or why there is none.
pub(super) fn read(request: Request) -> Result<(PathBuf, Question), (ErrorCode, &'static str)> {
    match request.method.as_str() {
        "textDocument/codeAction" => {
            let CodeActionParams { text_document, range, context, .. } = params(request)?;
            Ok((path(&text_document)?, Question::Actions(range, context)))
        }
        "textDocument/hover" => {
            let TextDocumentPositionParams { text_document, position } = params(request)?;
            Ok((path(&text_document)?, Question::Hover(position)))
        }
        "textDocument/definition" => {
            let TextDocumentPositionParams { text_document, position } = params(request)?;
            Ok((path(&text_document)?, Question::Definition(position)))
        }
        _ => Err((ErrorCode::MethodNotFound, "there is no such method")),
    }
}

fn params<T: DeserializeOwned>(request: Request) -> Result<T, (ErrorCode, &'static str)> {
    serde_json::from_value(request.params).map_err(|_| (ErrorCode::InvalidParams, "these are no parameters of it"))
}

fn path(document: &TextDocumentIdentifier) -> Result<PathBuf, (ErrorCode, &'static str)> {
    uri::path(&document.uri).ok_or((ErrorCode::InvalidParams, "this is no file"))
}
