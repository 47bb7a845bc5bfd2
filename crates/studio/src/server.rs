//! The server: a port of this machine, the threads that simulate, and the limits that keep one client from the others.

use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use rayon::ThreadPool;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::baseline::Opened;
use crate::export::Exported;
use crate::guard::{Guard, Token};
use crate::library::Library;
use crate::refusal::Refusal;
use crate::routes;
use crate::sessions::Sessions;
use crate::simulate::Run;

/// Most connections at once; others wait.
const CONNECTIONS: usize = 128;
/// Longest time the head of a request may take.
const HEAD: Duration = Duration::from_secs(5);
/// Requests a second, on average; and how many may come at once after a silence.
const RATE: f64 = 400.0;
const BURST: f64 = 800.0;
/// How many simulations run side by side: while one waits for its slowest thread, another goes on.
const TURNS: usize = 2;

/// How a studio is set up.
#[derive(Debug)]
pub struct Options {
    /// What can be opened.
    pub library: Library,
    /// The secret its addresses begin with.
    pub token: Token,
    /// The port; 0 for any that is free.
    pub port: u16,
    /// Histories of a whole picture.
    pub histories: u64,
    /// Seed of all randomness.
    pub seed: u64,
    /// Threads that simulate; 0 for one per core.
    pub threads: usize,
    /// The folder that exported runs go into.
    pub runs: PathBuf,
}

/// What all requests share.
#[derive(Debug)]
pub struct Studio {
    guard: Guard,
    library: Library,
    opened: Mutex<HashMap<String, Arc<Opened>>>,
    sessions: Sessions,
    run: Run,
    runs: PathBuf,
    reports: Mutex<HashMap<String, PathBuf>>,
    allowance: Mutex<Allowance>,
}

/// Requests that may still come now.
#[derive(Debug)]
struct Allowance {
    left: f64,
    since: Instant,
}

impl Studio {
    /// A studio for a port.
    ///
    /// # Errors
    /// The threads cannot be started.
    pub fn new(options: Options, port: u16) -> io::Result<Arc<Studio>> {
        let pool =
            rayon::ThreadPoolBuilder::new().num_threads(options.threads).build().map_err(io::Error::other)?;
        let (histories, seed) = (options.histories, options.seed);
        let run = Run { pool: Arc::new(pool), turns: Arc::new(Semaphore::new(TURNS)), histories, seed };
        Ok(Arc::new(Studio {
            guard: Guard::new(options.token, port),
            library: options.library,
            opened: Mutex::default(),
            sessions: Sessions::default(),
            run,
            runs: options.runs,
            reports: Mutex::default(),
            allowance: Mutex::new(Allowance { left: BURST, since: Instant::now() }),
        }))
    }

    pub(crate) fn guard(&self) -> &Guard {
        &self.guard
    }

    pub(crate) fn library(&self) -> &Library {
        &self.library
    }

    pub(crate) fn sessions(&self) -> &Sessions {
        &self.sessions
    }

    pub(crate) fn run(&self) -> &Run {
        &self.run
    }

    pub(crate) fn runs(&self) -> &Path {
        &self.runs
    }

    /// Simulations under way or waiting.
    #[must_use]
    pub fn busy(&self) -> usize {
        self.sessions.len()
    }

    /// Loads a scenario as it is now; one whose files are the same keeps its baseline.
    pub(crate) async fn open(self: &Arc<Studio>, id: &str) -> Result<Arc<Opened>, Refusal> {
        let (studio, name) = (self.clone(), id.to_owned());
        let loaded = tokio::task::spawn_blocking(move || studio.library.load(&name));
        let scenario = loaded.await.map_err(|_| closing())??;
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = opened.get(id).filter(|known| known.scenario.hash == scenario.hash) {
            return Ok(known.clone());
        }
        let new = Arc::new(Opened::new(scenario));
        opened.insert(id.to_owned(), new.clone());
        Ok(new)
    }

    /// A scenario that is open, or is opened now.
    pub(crate) async fn opened(self: &Arc<Studio>, id: &str) -> Result<Arc<Opened>, Refusal> {
        let known = self.opened.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned();
        match known {
            Some(known) => Ok(known),
            None => self.open(id).await,
        }
    }

    /// Takes one request off the allowance.
    pub(crate) fn count_request(&self) -> Result<(), Refusal> {
        let mut allowance = self.allowance.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let earned = now.duration_since(allowance.since).as_secs_f64() * RATE;
        allowance.left = (allowance.left + earned).min(BURST);
        allowance.since = now;
        if allowance.left < 1.0 {
            return Err(Refusal::new(StatusCode::TOO_MANY_REQUESTS, "too many requests; wait a moment"));
        }
        allowance.left -= 1.0;
        Ok(())
    }

    /// Remembers where a report lies, so that it can be fetched by its folder's name.
    pub(crate) fn remember_report(&self, exported: &Exported) {
        let mut reports = self.reports.lock().unwrap_or_else(PoisonError::into_inner);
        reports.insert(exported.folder.clone(), exported.report.clone());
    }

    pub(crate) fn report(&self, folder: &str) -> Option<PathBuf> {
        self.reports.lock().unwrap_or_else(PoisonError::into_inner).get(folder).cloned()
    }
}

fn closing() -> Refusal {
    Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "the studio is closing")
}

/// Does some work on the threads that simulate.
///
/// # Errors
/// The work panicked (500).
pub(crate) async fn on_pool<T: Send + 'static>(
    pool: &Arc<ThreadPool>,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Refusal> {
    let (done, waiting) = tokio::sync::oneshot::channel();
    pool.spawn(move || {
        // Caught here, since a panic on a thread of the pool would end the program; the sender is dropped and that tells.
        if let Ok(result) = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)) {
            // Whoever is gone does not hear it.
            let _ = done.send(result);
        }
    });
    waiting.await.map_err(|_| {
        Refusal::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "the simulation broke off; this is a mistake in the program",
        )
    })
}

/// Threads that read and write files at once: each keeps some memory of its own for later.
const FILES: usize = 4;
/// How often it is looked whether to stop.
const TICK: Duration = Duration::from_millis(100);

/// Serves until `stop` is set; `ready` is told the address to open, token and all.
///
/// # Errors
/// The port is taken, or the threads cannot be started.
pub fn serve(options: Options, ready: impl FnOnce(&str), stop: &AtomicBool) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(FILES)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, options.port))).await?;
        let port = listener.local_addr()?.port();
        let address = format!("http://127.0.0.1:{port}/{}/", options.token.text());
        let studio = Studio::new(options, port)?;
        ready(&address);
        tokio::select! {
            () = accept(&listener, &studio) => {}
            () = stopped(stop) => {}
        }
        Ok(())
    })
}

async fn stopped(stop: &AtomicBool) {
    while !stop.load(Ordering::Relaxed) {
        tokio::time::sleep(TICK).await;
    }
}

/// Takes connections for ever, so many at once.
async fn accept(listener: &TcpListener, studio: &Arc<Studio>) {
    let router = routes::router(studio);
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        // Never closed.
        let Ok(place) = places.clone().acquire_owned().await else { return };
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file handles, or the client was gone already: a moment later it may go again.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        // Small answers go out at once; where that cannot be set, they go out a little later.
        let _ = stream.set_nodelay(true);
        let service = TowerToHyperService::new(router.clone());
        tokio::spawn(async move {
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEAD)
                .serve_connection(TokioIo::new(stream), service);
            // A client that breaks off or speaks no HTTP is no mistake of ours.
            let _ = connection.await;
            drop(place);
        });
    }
}
