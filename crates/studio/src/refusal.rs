//! What a request can be told instead of an answer: a status and one sentence, never a path of this machine.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use equipoise_scenario::Diagnostics;
use serde_json::{Value, json};

/// Why a request gets no answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// The status.
    pub status: StatusCode,
    /// One sentence.
    pub message: String,
    /// Mistakes in a scenario, beside the text that caused them.
    pub mistakes: Option<Value>,
}

impl Refusal {
    /// A refusal with one sentence.
    pub fn new(status: StatusCode, message: impl Into<String>) -> Refusal {
        Refusal { status, message: message.into(), mistakes: None }
    }

    /// Something asked for does not fit the scenario.
    pub fn unfit(message: impl Into<String>) -> Refusal {
        Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, message)
    }

    /// There is no such thing.
    pub fn missing(what: &str, name: &str) -> Refusal {
        Refusal::new(StatusCode::NOT_FOUND, format!("there is no {what} `{name}`"))
    }

    /// The scenario has mistakes.
    pub fn mistakes(scenario: &str, found: &Diagnostics) -> Refusal {
        Refusal {
            mistakes: Some(told(found)),
            ..Refusal::unfit(format!("the scenario `{scenario}` cannot be used as it is"))
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut body = json!({ "error": self.message });
        if let Some(mistakes) = self.mistakes {
            body["mistakes"] = mistakes;
        }
        (self.status, Json(body)).into_response()
    }
}

/// Lines of text shown before and after a mistake.
const CONTEXT: usize = 2;

/// Every mistake with the lines around it.
fn told(found: &Diagnostics) -> Value {
    let one = |mistake: &equipoise_scenario::Diagnostic| {
        let text = found.files.iter().find(|(path, _)| *path == mistake.file).map(|(_, text)| text.as_str());
        let first = mistake.line.saturating_sub(CONTEXT + 1);
        let lines: Vec<Value> = text
            .filter(|_| mistake.line > 0)
            .into_iter()
            .flat_map(|text| text.lines().enumerate().skip(first).take(mistake.line + CONTEXT - first))
            .map(|(at, line)| json!({ "number": at + 1, "text": line }))
            .collect();
        let width = mistake
            .span
            .as_ref()
            .and_then(|span| Some(text?.get(span.clone())?.lines().next()?.chars().count()));
        json!({
            "file": file_name(&mistake.file),
            "line": mistake.line,
            "column": mistake.column,
            "width": width.unwrap_or(1).max(1),
            "message": mistake.message,
            "expected": mistake.expected,
            "suggestion": mistake.suggestion,
            "lines": lines,
        })
    };
    json!(found.list.iter().map(one).collect::<Vec<Value>>())
}

/// A file as the scenario knows it; of a path of this machine only its last part.
fn file_name(path: &str) -> &str {
    if std::path::Path::new(path).is_absolute() {
        path.rsplit(['/', '\\']).next().unwrap_or(path)
    } else {
        path
    }
}
