//! Twenty pages drag levers on one studio: how long a first and a whole picture take for each, whether any request
//! fails, and whether memory goes back to where it was. A failed request or memory that stays is an error.
//!
//! An allocator keeps the pages of a first crowd for the next one. So a first, shorter crowd comes and goes,
//! and memory is measured against what is held then: whatever the studio itself kept of each answer would show.
//!
//! `cargo bench -p equipoise-studio --bench load -- [SECONDS] [FOLDER]`

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use equipoise_studio::{Library, Options, Token, serve};

/// That of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const PAGES: usize = 20;
/// A lever that is dragged asks this often, or as soon as the picture before is whole.
const MOVE: Duration = Duration::from_millis(400);

/// Memory may be this much higher once everybody is gone.
const MARGIN: f64 = 0.1;
/// How long it has to get there.
const SETTLING: Duration = Duration::from_secs(10);

/// What one page saw.
#[derive(Default)]
struct Seen {
    first: Vec<f64>,
    whole: Vec<f64>,
    failed: usize,
}

fn main() -> Result<(), String> {
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    let seconds: u64 = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(60);
    let bundled = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios/kazakhstan-2022");
    let folder = PathBuf::from(arguments.next().unwrap_or_else(|| bundled.to_owned()));
    let scenario = equipoise_scenario::load(&folder).map_err(|mistakes| mistakes.to_string())?;
    let parameter = scenario
        .parameters
        .iter()
        .find(|parameter| parameter.lowest().is_finite() && parameter.lowest() < parameter.highest())
        .ok_or("the scenario has no parameter with a range")?;
    let (id, low, high) = (&parameter.id, parameter.lowest(), parameter.highest());
    let outcomes: Vec<&str> = scenario
        .outcomes
        .iter()
        .filter(|outcome| outcome.headline)
        .map(|outcome| outcome.id.as_str())
        .collect();
    let series: Vec<&str> = scenario.series.iter().take(4).map(|series| series.id.as_str()).collect();
    let question = |page: usize, step: usize| {
        let value = low + (high - low) * ((page * 37 + step * 11) % 100) as f64 / 100.0;
        serde_json::json!({
            "session": format!("page-{page}"), "scenario": scenario.id, "account": null,
            "trial": { "parameters": { (id): value } }, "outcomes": outcomes, "series": series,
        })
        .to_string()
    };
    let mut library = Library::default();
    library.add_folder(&folder);
    let token = Token::random().map_err(|error| error.to_string())?;
    let runs = std::env::temp_dir();
    let options =
        Options { library, token: token.clone(), port: 0, histories: 1000, seed: 1, threads: 0, runs };
    let stop = AtomicBool::new(false);
    let (tell, told) = mpsc::channel();
    let seconds = Duration::from_secs(seconds);
    scope(|server| {
        let stopping = &stop;
        server.spawn(move || {
            let ready = |address: &str| drop(tell.send(address.to_owned()));
            serve(options, ready, stopping).map_err(|error| eprintln!("{error}"))
        });
        let measured = told.recv().map_err(|error| error.to_string()).and_then(|url| {
            let address = url.trim_start_matches("http://").split('/').next().unwrap_or_default();
            measure(address, token.text(), seconds, &question)
        });
        stop.store(true, Ordering::Relaxed);
        measured
    })
}

/// Lets the pages drag for some time and prints what they saw.
fn measure(
    address: &str,
    token: &str,
    time: Duration,
    question: &(impl Fn(usize, usize) -> String + Sync),
) -> Result<(), String> {
    simulate(address, token, &question(0, 0)).map_err(|error| error.to_string())?;
    let alone = resident_megabytes();
    let ask = |page, step| simulate(address, token, &question(page, step));
    crowd(time / 4, &ask);
    sleep(SETTLING / 2);
    let before = resident_megabytes();
    let (seen, most) = crowd(time, &ask);
    let (gone, allowed) = (Instant::now(), before * (1.0 + MARGIN));
    while resident_megabytes() > allowed && gone.elapsed() < SETTLING {
        sleep(Duration::from_millis(200));
    }
    let after = resident_megabytes();
    let failed: usize = seen.iter().map(|seen| seen.failed).sum();
    println!("{PAGES} pages, {} s, 1,000 histories", time.as_secs());
    print_times("first picture", seen.iter().flat_map(|seen| &seen.first));
    print_times("whole picture", seen.iter().flat_map(|seen| &seen.whole));
    println!("failed: {failed}");
    println!(
        "memory: {alone:.0} MB alone, {before:.0} MB after a first crowd; {most:.0} MB at most, {after:.0} MB {:.0} s after",
        gone.elapsed().as_secs_f64()
    );
    if failed > 0 {
        return Err(format!("{failed} requests failed"));
    }
    if after > allowed {
        return Err(format!("{after:.0} MB are held, more than {allowed:.0}"));
    }
    Ok(())
}

/// Lets every page drag for some time: what they saw, and the most memory that was held.
fn crowd(time: Duration, ask: &(impl Fn(usize, usize) -> io::Result<(f64, f64)> + Sync)) -> (Vec<Seen>, f64) {
    let end = AtomicBool::new(false);
    scope(|threads| {
        let end = &end;
        let pages: Vec<_> =
            (0..PAGES).map(|page| threads.spawn(move || drag(end, |step| ask(page, step)))).collect();
        let (begun, mut most) = (Instant::now(), 0f64);
        while begun.elapsed() < time {
            most = most.max(resident_megabytes());
            sleep(Duration::from_millis(100));
        }
        end.store(true, Ordering::Relaxed);
        (pages.into_iter().filter_map(|page| page.join().ok()).collect(), most)
    })
}

/// Asks again and again, as a lever that is dragged does.
fn drag(end: &AtomicBool, ask: impl Fn(usize) -> io::Result<(f64, f64)>) -> Seen {
    let mut seen = Seen::default();
    let mut step = 0;
    while !end.load(Ordering::Relaxed) {
        let begun = Instant::now();
        match ask(step) {
            Ok((first, whole)) => {
                seen.first.push(first);
                seen.whole.push(whole);
            }
            Err(_) => seen.failed += 1,
        }
        step += 1;
        sleep(MOVE.saturating_sub(begun.elapsed()));
    }
    seen
}

fn print_times<'t>(name: &str, times: impl Iterator<Item = &'t f64>) {
    let mut times: Vec<f64> = times.copied().collect();
    times.sort_by(f64::total_cmp);
    let at = |p: f64| ((times.len().max(1) - 1) as f64 * p).round() as usize;
    let quantile = |p: f64| times.get(at(p)).copied().unwrap_or(f64::NAN);
    println!("{name}: p50 {:.0} ms, p95 {:.0} ms, {} answers", quantile(0.5), quantile(0.95), times.len());
}

/// Asks for pictures; milliseconds to the first and to the last.
fn simulate(address: &str, token: &str, body: &str) -> io::Result<(f64, f64)> {
    let begun = Instant::now();
    let mut stream = TcpStream::connect(address)?;
    write!(
        stream,
        "POST /{token}/api/simulate HTTP/1.1\r\nhost: {address}\r\norigin: http://{address}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )?;
    let (mut text, mut buffer, mut first) = (Vec::new(), [0; 65_536], None);
    loop {
        let read = stream.read(&mut buffer)?;
        text.extend_from_slice(&buffer[..read]);
        if first.is_none() && text.windows(15).any(|part| part == b"event: picture\n") {
            first = Some(begun.elapsed());
        }
        if read == 0 {
            break;
        }
    }
    let whole = String::from_utf8_lossy(&text).contains("\"last\":true");
    match first.filter(|_| whole) {
        Some(first) => Ok((first.as_secs_f64() * 1e3, begun.elapsed().as_secs_f64() * 1e3)),
        None => Err(io::Error::other(String::from_utf8_lossy(&text[..text.len().min(200)]).into_owned())),
    }
}

/// Memory this process holds, where Linux tells; NaN elsewhere.
fn resident_megabytes() -> f64 {
    let told = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = told.split(' ').nth(1).and_then(|pages| pages.parse::<f64>().ok());
    pages.map_or(f64::NAN, |pages| pages * 4096.0 / 1e6)
}
