//! Reading what a request asks: JSON, of bounded size, within bounded time.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use serde::de::DeserializeOwned;

use crate::refusal::Refusal;

/// Most bytes of a request's body.
pub const MOST_BYTES: usize = 64 * 1024;
/// Longest time a body may take to arrive.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// What a request asks, read from its body.
#[derive(Debug)]
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for Asked<T> {
    type Rejection = Refusal;

    /// 415 for anything that is not called JSON, 413 for too much, 408 for too slow, 400 for what is no JSON, 422 for JSON
    /// of another shape.
    async fn from_request(request: Request, _: &S) -> Result<Asked<T>, Refusal> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        if kind.and_then(|kind| kind.split(';').next()) != Some("application/json") {
            return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "the studio is asked in JSON"));
        }
        read(request.into_body()).await.map(Asked)
    }
}

async fn read<T: DeserializeOwned>(body: Body) -> Result<T, Refusal> {
    let bytes = match tokio::time::timeout(PATIENCE, to_bytes(body, MOST_BYTES)).await {
        Err(_) => {
            return Err(Refusal::new(StatusCode::REQUEST_TIMEOUT, "the request took too long to arrive"));
        }
        Ok(Err(_)) => {
            return Err(Refusal::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                format!("the request is larger than {MOST_BYTES} bytes, or broke off"),
            ));
        }
        Ok(Ok(bytes)) => bytes,
    };
    serde_json::from_slice(&bytes).map_err(|error| {
        let status = if error.is_data() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::BAD_REQUEST };
        Refusal::new(status, format!("the request cannot be read: {error}"))
    })
}
