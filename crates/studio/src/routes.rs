//! Every address the studio answers, one function each.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use equipoise_lab::live::Setting;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::asked::Asked;
use crate::baseline::Opened;
use crate::refusal::Refusal;
use crate::server::{Studio, on_pool};
use crate::trial::Trial;
use crate::{assets, describe, evidence, export, guard, histories, pictures, policy_file, simulate};

type Answer = Result<Json<Value>, Refusal>;

/// Pictures that wait for a slow reader before the simulation waits for it too.
const WAITING: usize = 4;

/// The router: whatever comes in is checked first, and every answer carries the headers that keep the page to itself.
pub fn router(studio: &Arc<Studio>) -> Router {
    Router::new()
        .route("/{token}/", get(page))
        .route("/{token}/web/{file}", get(asset))
        .route("/{token}/reports/{folder}", get(report))
        .route("/{token}/api/alive", get(alive))
        .route("/{token}/api/library", get(library))
        .route("/{token}/api/open", post(open))
        .route("/{token}/api/strongest", post(strongest))
        .route("/{token}/api/simulate", post(simulate))
        .route("/{token}/api/history", post(history))
        .route("/{token}/api/why", post(why))
        .route("/{token}/api/picture", post(picture))
        .route("/{token}/api/evidence", post(behind))
        .route("/{token}/api/policy", post(policy))
        .route("/{token}/api/table", post(table))
        .route("/{token}/api/export", post(run))
        .fallback(nothing)
        .method_not_allowed_fallback(not_like_this)
        .layer(middleware::from_fn_with_state(studio.clone(), check))
        .with_state(studio.clone())
}

async fn check(State(studio): State<Arc<Studio>>, request: Request, next: Next) -> Response {
    let checked = studio
        .guard()
        .check(request.method(), request.uri().path(), request.headers())
        .and_then(|()| studio.count_request());
    let mut response = match checked {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    };
    guard::dress(response.headers_mut());
    response
}

async fn nothing() -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, "the studio has nothing under this address")
}

async fn not_like_this() -> Refusal {
    Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "the studio is not asked like this")
}

async fn page() -> Result<Response, Refusal> {
    assets::file("index.html")
}

async fn asset(Path((_, file)): Path<(String, String)>) -> Result<Response, Refusal> {
    assets::file(&file)
}

async fn alive() -> Json<Value> {
    Json(json!({ "equipoise": env!("CARGO_PKG_VERSION") }))
}

async fn library(State(studio): State<Arc<Studio>>) -> Json<Value> {
    let scenarios = studio.library().list().map(|(id, folder)| json!({ "id": id, "folder": folder }));
    Json(json!({
        "first": studio.library().first(),
        "histories": studio.run().histories,
        "seed": studio.run().seed,
        "scenarios": scenarios.collect::<Vec<Value>>(),
    }))
}

/// A scenario by its id.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    scenario: String,
}

/// Loads a scenario as it is now, and describes it.
async fn open(State(studio): State<Arc<Studio>>, Asked(asked): Asked<Named>) -> Answer {
    let opened = studio.open(&asked.scenario).await?;
    let can_keep = studio.library().folder(&asked.scenario).is_some();
    Ok(Json(describe::scenario(&opened.scenario, can_keep)))
}

async fn strongest(State(studio): State<Arc<Studio>>, Asked(asked): Asked<Named>) -> Answer {
    let (opened, run) = (studio.opened(&asked.scenario).await?, studio.run());
    let setting = Setting { seed: run.seed, account: None };
    let baseline = opened.baseline(setting, run.histories, &run.pool).await?;
    let named = on_pool(&run.pool, move || describe::strongest(&opened.scenario, &baseline)).await?;
    Ok(Json(json!({ "parameters": named })))
}

/// Pictures as server-sent events, each a line of JSON, coarse to fine.
async fn simulate(
    State(studio): State<Arc<Studio>>,
    Asked(question): Asked<simulate::Question>,
) -> Result<Response, Refusal> {
    let opened = studio.opened(&question.scenario).await?;
    let ticket = studio.sessions().begin(&question.session)?;
    let wanted = question.wanted(&opened.scenario)?;
    // Levers that do not fit are told at once, with their own status.
    wanted.trial.variant(&opened.scenario)?;
    let (events, waiting) = mpsc::channel::<Bytes>(WAITING);
    let cancel = ticket.cancel();
    let run = studio.run().clone();
    tokio::spawn(async move {
        let tell = |told: Value| {
            let events = events.clone();
            async move { events.send(event("picture", &told)).await.is_ok() }
        };
        if let Err(refusal) = simulate::simulate(&opened, &wanted, &run, &cancel, tell).await {
            // Whoever is gone does not hear it.
            let _ = events.send(event("refusal", &json!({ "error": refusal.message }))).await;
        }
    });
    // The ticket goes with the answer: whoever goes away, or asks anew, cancels the simulation.
    let stream = futures_util::stream::unfold((waiting, ticket), |(mut waiting, ticket)| async move {
        let bytes = waiting.recv().await?;
        Some((Ok::<Bytes, Infallible>(bytes), (waiting, ticket)))
    });
    Ok(([(header::CONTENT_TYPE, "text/event-stream")], Body::from_stream(stream)).into_response())
}

fn event(name: &str, data: &Value) -> Bytes {
    Bytes::from(format!("event: {name}\ndata: {data}\n\n"))
}

async fn history(State(studio): State<Arc<Studio>>, Asked(asked): Asked<histories::Wanted>) -> Answer {
    let opened = studio.opened(&asked.scenario).await?;
    histories::history(&opened, asked, studio.run()).await.map(Json)
}

async fn why(State(studio): State<Arc<Studio>>, Asked(asked): Asked<histories::WhyWanted>) -> Answer {
    let opened = studio.opened(&asked.scenario).await?;
    let ticket = studio.sessions().begin(&asked.session)?;
    histories::why(&opened, asked, studio.run(), &ticket.cancel()).await.map(Json)
}

async fn picture(State(studio): State<Arc<Studio>>, Asked(asked): Asked<pictures::Wanted>) -> Answer {
    let opened = studio.opened(&asked.scenario).await?;
    let ticket = studio.sessions().begin(&asked.session)?;
    pictures::draw(&opened, asked, studio.run(), &ticket.cancel()).await.map(Json)
}

/// A parameter of a scenario.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NamedParameter {
    scenario: String,
    parameter: String,
}

async fn behind(State(studio): State<Arc<Studio>>, Asked(asked): Asked<NamedParameter>) -> Answer {
    let opened: Arc<Opened> = studio.opened(&asked.scenario).await?;
    evidence::behind(&opened.scenario, &asked.parameter).map(Json)
}

/// A trial to be kept as a policy.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    scenario: String,
    trial: Trial,
    /// Its id, which names its file.
    id: String,
    /// Its title for people.
    title: String,
    /// Whether to write it into the scenario's folder.
    keep: bool,
}

/// Longest title of a policy.
const LONGEST_TITLE: usize = 200;

async fn policy(State(studio): State<Arc<Studio>>, Asked(asked): Asked<Kept>) -> Answer {
    let opened = studio.opened(&asked.scenario).await?;
    if !policy_file::is_id(&asked.id) || asked.title.trim().is_empty() || asked.title.len() > LONGEST_TITLE {
        return Err(Refusal::unfit(
            "a policy needs a title, and an id of small letters, digits and -, a letter first",
        ));
    }
    let text = policy_file::text(&opened.scenario, &asked.trial, &asked.title)?;
    let mut kept = None;
    if asked.keep {
        let folder = studio.library().folder(&asked.scenario).ok_or_else(|| {
            Refusal::unfit("this scenario is part of the program and has no folder to keep a policy in")
        })?;
        kept = Some(policy_file::keep(folder, &opened.scenario, &asked.trial, &asked.id, &asked.title)?);
    }
    Ok(Json(json!({ "file": format!("{}.toml", asked.id), "text": text, "kept": kept })))
}

async fn table(
    State(studio): State<Arc<Studio>>,
    Asked(asked): Asked<histories::Wanted>,
) -> Result<Response, Refusal> {
    let opened = studio.opened(&asked.scenario).await?;
    let text = histories::table(&opened, asked, studio.run()).await?;
    Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], text).into_response())
}

/// Writes a run directory with its report.
async fn run(State(studio): State<Arc<Studio>>, Asked(asked): Asked<histories::Wanted>) -> Answer {
    let opened = studio.opened(&asked.scenario).await?;
    let account = simulate::account(&opened.scenario, asked.account.as_deref())?;
    let ticket = studio.sessions().begin("export")?;
    let (runs, run, cancel) = (studio.runs().to_owned(), studio.run().clone(), ticket.cancel());
    let _turn = run.turns.clone().acquire_owned().await;
    let size = (run.histories, run.seed, run.pool.current_num_threads());
    let written = tokio::task::spawn_blocking(move || {
        export::export(&opened.scenario, &asked.trial, account, size, &runs, &cancel)
    });
    let gone = |_| Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "the run was stopped");
    let written = written.await.map_err(gone)??;
    studio.remember_report(&written);
    Ok(Json(
        json!({ "folder": format!("runs/{}", written.folder), "report": format!("reports/{}", written.folder) }),
    ))
}

/// A report that this studio wrote, as a file to keep: its own style and script are not those of the studio.
async fn report(
    State(studio): State<Arc<Studio>>,
    Path((_, folder)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let path = studio.report(&folder).ok_or_else(|| Refusal::missing("report", &folder))?;
    let unread = |_| Refusal::new(StatusCode::GONE, "the report is no longer where it was written");
    let bytes = tokio::task::spawn_blocking(move || std::fs::read(path))
        .await
        .map_err(|_| Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "the studio is closing"))?
        .map_err(unread)?;
    let name = HeaderValue::from_str(&format!("attachment; filename=\"{folder}.html\""));
    let name = name.unwrap_or(HeaderValue::from_static("attachment"));
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], bytes).into_response())
}
