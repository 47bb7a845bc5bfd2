//! The real server over real connections: what a well-meaning page gets, and what everybody else is told.
#![allow(clippy::unwrap_used)]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread::{JoinHandle, spawn};
use std::time::{Duration, Instant};

use equipoise_studio::{Library, Options, Token, serve};
use serde_json::{Value, json};

/// A studio on a port of its own, with one small scenario in a folder; stopped when dropped.
struct Server {
    address: String,
    token: String,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
    root: tempfile::TempDir,
}

impl Server {
    fn start() -> Server {
        let root = tempfile::tempdir().unwrap();
        write_scenario(&root.path().join("strait"));
        let mut library = Library::default();
        assert!(library.add_folder(&root.path().join("strait")));
        let token = Token::random().unwrap();
        let options = Options {
            library,
            token: token.clone(),
            port: 0,
            histories: 200,
            seed: 1,
            threads: 2,
            runs: root.path().join("runs"),
        };
        let stop = Arc::new(AtomicBool::new(false));
        let (tell, told) = mpsc::channel();
        let stopping = stop.clone();
        let thread = spawn(move || {
            serve(options, |address| tell.send(address.to_owned()).unwrap(), &stopping).unwrap();
        });
        let url = told.recv().unwrap();
        let address = url.strip_prefix("http://").unwrap().split('/').next().unwrap().to_owned();
        Server { address, token: token.text().to_owned(), stop, thread: Some(thread), root }
    }

    /// A request as our own page sends it.
    fn ask(&self, path: &str, body: &Value) -> Answer {
        self.post(path, &body.to_string(), &[])
    }

    /// As [`Server::ask`], of any text, with headers that are added or take the place of the usual ones.
    fn post(&self, path: &str, body: &str, headers: &[(&str, &str)]) -> Answer {
        let origin = format!("http://{}", self.address);
        let length = body.len().to_string();
        let mut all = vec![
            ("host", self.address.as_str()),
            ("origin", &origin),
            ("content-type", "application/json"),
            ("content-length", &length),
        ];
        all.retain(|(name, _)| !headers.iter().any(|(other, _)| other == name));
        all.extend(headers.iter().filter(|(_, value)| !value.is_empty()));
        self.send(&format!("POST /{}/{path} HTTP/1.1", self.token), &all, body)
    }

    fn get(&self, path: &str) -> Answer {
        self.send(&format!("GET {path} HTTP/1.1"), &[("host", &self.address)], "")
    }

    fn send(&self, line: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let mut text = format!("{line}\r\nconnection: close\r\n");
        headers.iter().for_each(|(name, value)| text += &format!("{name}: {value}\r\n"));
        stream.write_all(format!("{text}\r\n{body}").as_bytes()).unwrap();
        Answer::read(&mut stream)
    }

    fn trial(&self, trial: &Value) -> Value {
        json!({ "session": "test", "scenario": "strait", "account": null, "trial": trial,
                "outcomes": ["troops_sent"], "series": ["participants"] })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.take().unwrap().join().unwrap();
    }
}

struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn read(stream: &mut TcpStream) -> Answer {
        let mut bytes = Vec::new();
        // A server that closes at once may reset the connection after its answer.
        let _ = stream.read_to_end(&mut bytes);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        let body = if head.to_lowercase().contains("transfer-encoding: chunked") {
            unchunked(body)
        } else {
            body.to_owned()
        };
        Answer { status, head: head.to_lowercase(), body }
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{} {}", self.status, self.body))
    }

    /// The pictures of an answer in events.
    fn pictures(&self) -> Vec<Value> {
        let events = self.body.split("\n\n").filter_map(|event| event.strip_prefix("event: picture\ndata: "));
        events.map(|data| serde_json::from_str(data).unwrap()).collect()
    }
}

fn unchunked(mut body: &str) -> String {
    let mut whole = String::new();
    while let Some((size, rest)) = body.split_once("\r\n") {
        let size = usize::from_str_radix(size, 16).unwrap();
        whole += &rest[..size];
        body = &rest[(size + 2).min(rest.len())..];
    }
    whole
}

fn write_scenario(folder: &Path) {
    for (path, text) in equipoise_scenario::template("strait") {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

/// A parameter of the small scenario with its ends.
fn a_parameter(server: &Server) -> (String, f64, f64) {
    let told = server.ask("api/open", &json!({ "scenario": "strait" })).json();
    let parameter = &told["parameters"][0];
    (
        parameter["id"].as_str().unwrap().to_owned(),
        parameter["low"].as_f64().unwrap(),
        parameter["high"].as_f64().unwrap(),
    )
}

#[test]
fn pictures_come_coarse_to_fine_and_the_same_levers_give_the_same_picture() {
    let server = Server::start();
    let policy = server.ask("api/open", &json!({ "scenario": "strait" })).json()["policies"][0]["id"].clone();
    let question = server.trial(&json!({ "policies": [policy] }));
    let first = server.ask("api/simulate", &question);
    assert_eq!(first.status, 200, "{}", first.body);
    assert!(first.head.contains("content-type: text/event-stream"));
    let pictures = first.pictures();
    let sizes: Vec<u64> = pictures.iter().map(|picture| picture["histories"].as_u64().unwrap()).collect();
    assert_eq!(sizes, [20, 200]);
    let card = &pictures[1]["outcomes"][0];
    assert_eq!(card["change"]["histories"], 200);
    assert!(card["change"]["low"].as_f64() <= card["change"]["difference"].as_f64());
    assert_eq!(
        card["accounts"].as_array().unwrap().len(),
        server.ask("api/open", &json!({ "scenario": "strait" })).json()["accounts"].as_array().unwrap().len()
    );
    let again = server.ask("api/simulate", &question).pictures();
    assert_eq!(again[1]["outcomes"], pictures[1]["outcomes"]);
    assert_eq!(again[1]["fans"], pictures[1]["fans"]);
}

#[test]
fn a_lever_that_is_not_moved_changes_nothing() {
    let server = Server::start();
    let picture = server.ask("api/simulate", &server.trial(&json!({}))).pictures().pop().unwrap();
    assert_eq!(picture["histories"], 200);
    assert!(picture["outcomes"][0]["change"].is_null());
    let date = server.ask("api/open", &json!({ "scenario": "strait" })).json()["shocks"][0].clone();
    let same = server.trial(&json!({ "shocks": { (date["id"].as_str().unwrap()): date["date"] } }));
    let picture = server.ask("api/simulate", &same).pictures().pop().unwrap();
    assert_eq!(picture["outcomes"][0]["change"]["changed"], 0);
}

#[test]
fn every_answer_forbids_what_is_not_ours() {
    let server = Server::start();
    let page = server.get(&format!("/{}/", server.token));
    assert_eq!(page.status, 200);
    for answer in [&page, &server.get("/nothing"), &server.ask("api/open", &json!({ "scenario": "strait" }))]
    {
        for header in [
            "content-security-policy: default-src 'none'; script-src 'self'",
            "x-content-type-options: nosniff",
            "referrer-policy: no-referrer",
            "cache-control: no-store",
            "x-frame-options: deny",
        ] {
            assert!(answer.head.contains(header), "{header} is missing in {}", answer.head);
        }
        assert!(!answer.head.contains("access-control-allow"));
    }
    assert!(page.body.contains("<script type=\"module\" src=\"web/main.js\">"));
}

#[test]
fn a_stranger_is_told_nothing() {
    let server = Server::start();
    let body = json!({ "scenario": "strait" }).to_string();
    assert_eq!(server.get("/").status, 403);
    assert_eq!(server.get(&format!("/{}x/", server.token)).status, 403);
    assert_eq!(server.post("api/open", &body, &[("host", "evil.example")]).status, 421);
    assert_eq!(server.post("api/open", &body, &[("origin", "http://evil.example")]).status, 403);
    assert_eq!(server.post("api/open", &body, &[("origin", "null")]).status, 403);
    assert_eq!(server.post("api/open", &body, &[("origin", "")]).status, 403, "none at all");
    assert_eq!(server.post("api/open", &body, &[("sec-fetch-site", "cross-site")]).status, 403);
    assert_eq!(server.post("api/open", &body, &[("sec-fetch-site", "same-origin")]).status, 200);
}

#[test]
fn a_bad_request_gets_its_proper_status() {
    let server = Server::start();
    let (parameter, _, high) = a_parameter(&server);
    assert_eq!(server.post("api/open", "{", &[]).status, 400);
    assert_eq!(server.post("api/open", "{}", &[]).status, 422);
    assert_eq!(server.post("api/open", "{\"scenario\":1}", &[]).status, 422);
    assert_eq!(
        server
            .post("api/open", "scenario=strait", &[("content-type", "application/x-www-form-urlencoded")])
            .status,
        415
    );
    assert_eq!(server.ask("api/open", &json!({ "scenario": "../strait" })).status, 404);
    assert_eq!(server.ask("api/nothing", &json!({})).status, 404);
    assert_eq!(server.get(&format!("/{}/api/open", server.token)).status, 405);
    assert_eq!(server.get(&format!("/{}/web/..%2f..%2fCargo.toml", server.token)).status, 404);
    assert_eq!(server.get(&format!("/{}/reports/..%2f..%2fetc", server.token)).status, 404);
    let beyond = server
        .ask("api/simulate", &server.trial(&json!({ "parameters": { (&parameter): high * 2.0 + 1.0 } })));
    assert_eq!(beyond.status, 422);
    assert!(beyond.json()["error"].as_str().unwrap().contains(&parameter));
    let mut far = server.trial(&json!({}));
    far["outcomes"] = json!(["nonsense"]);
    assert_eq!(server.ask("api/simulate", &far).status, 422);
    let history = json!({ "scenario": "strait", "account": null, "trial": {}, "history": 10_000 });
    assert_eq!(server.ask("api/history", &history).status, 404);
}

#[test]
fn too_much_and_too_slow_are_sent_away() {
    let server = Server::start();
    let large = format!("{{\"scenario\":\"{}\"}}", "x".repeat(70_000));
    assert_eq!(server.post("api/open", &large, &[]).status, 413);
    // The head says more is to come than ever does.
    let mut slow = TcpStream::connect(&server.address).unwrap();
    slow.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let address = &server.address;
    write!(slow, "POST /{}/api/open HTTP/1.1\r\nhost: {address}\r\norigin: http://{address}\r\ncontent-type: application/json\r\ncontent-length: 100\r\nconnection: close\r\n\r\n{{", server.token).unwrap();
    let mut never = TcpStream::connect(&server.address).unwrap();
    never.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    write!(never, "GET / HTTP/1.1\r\nhost: ").unwrap();
    let begun = Instant::now();
    assert_eq!(Answer::read(&mut slow).status, 408);
    let mut left = Vec::new();
    let _ = never.read_to_end(&mut left);
    assert!(begun.elapsed() < Duration::from_secs(20), "a head that never ends is given up");
    assert_eq!(server.ask("api/open", &json!({ "scenario": "strait" })).status, 200, "others go on");
}

#[test]
fn a_flood_is_told_to_wait() {
    let server = Server::start();
    let mut stream = TcpStream::connect(&server.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let request = format!("GET /{}/api/alive HTTP/1.1\r\nhost: {}\r\n\r\n", server.token, server.address);
    let writer = stream.try_clone().unwrap();
    let flood = spawn(move || {
        let mut writer = writer;
        for _ in 0..3000 {
            if writer.write_all(request.as_bytes()).is_err() {
                return;
            }
        }
    });
    let (mut text, mut buffer) = (String::new(), [0; 65536]);
    while let Ok(read) = stream.read(&mut buffer) {
        text += &String::from_utf8_lossy(&buffer[..read]);
        if read == 0 || text.contains(" 429 ") {
            break;
        }
    }
    assert!(text.contains(" 200 ") && text.contains(" 429 "));
    drop(stream);
    flood.join().unwrap();
}

#[test]
fn a_history_can_be_read_and_every_cause_is_an_earlier_event() {
    let server = Server::start();
    let asked = json!({ "scenario": "strait", "account": null, "trial": {}, "history": null });
    let told = server.ask("api/history", &asked).json();
    let events = told["events"].as_array().unwrap();
    assert!(!events.is_empty());
    for event in events {
        for cause in event["causes"].as_array().unwrap() {
            assert!(cause.as_u64() < event["id"].as_u64());
        }
    }
    let last = events.last().unwrap();
    let why = json!({ "session": "why", "scenario": "strait", "account": null, "trial": {}, "history": told["history"], "about": last["about"] });
    let why = server.ask("api/why", &why).json();
    assert!(!why["tree"].as_array().unwrap().is_empty());
    assert!(why["same_chain"].as_u64() >= Some(1) && why["same_chain"].as_u64() <= why["histories"].as_u64());
}

#[test]
fn a_picture_of_the_report_is_drawn_for_the_levers_as_they_stand() {
    let server = Server::start();
    let asked = |picture: &str, trial: Value| {
        let question = json!({ "session": "draw", "scenario": "strait", "account": null, "trial": trial, "picture": picture });
        server.ask("api/picture", &question)
    };
    let offered = server.ask("api/open", &json!({ "scenario": "strait" })).json()["pictures"].clone();
    assert!(offered.as_array().unwrap().iter().any(|picture| picture["id"] == "map"), "{offered}");
    let drawn = asked("map", json!({})).json()["html"].as_str().unwrap().to_owned();
    assert!(drawn.contains("<svg") && !drawn.contains(" style="));
    assert_eq!(asked("map", json!({})).json()["html"], drawn.as_str());
    let (parameter, _, high) = a_parameter(&server);
    assert_eq!(asked("drivers", json!({ "parameters": { (&parameter): high } })).status, 200);
    assert_eq!(asked("nonsense", json!({})).status, 422);
    assert_eq!(asked("map", json!({ "policies": ["nonsense"] })).status, 422);
}

#[test]
fn what_was_tried_is_kept_as_a_policy_once_and_only_in_the_folder() {
    let server = Server::start();
    let (parameter, _, high) = a_parameter(&server);
    let asked = |id: &str, keep: bool| json!({ "scenario": "strait", "trial": { "parameters": { (&parameter): high } }, "id": id, "title": "Tried", "keep": keep });
    let told = server.ask("api/policy", &asked("tried", false)).json();
    assert!(told["text"].as_str().unwrap().contains(&parameter) && told["kept"].is_null());
    let file = server.root.path().join("strait/policies/tried.toml");
    assert!(!file.exists());
    assert_eq!(server.ask("api/policy", &asked("tried", true)).json()["kept"], "policies/tried.toml");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), told["text"].as_str().unwrap());
    assert_eq!(server.ask("api/policy", &asked("tried", true)).status, 409);
    assert_eq!(server.ask("api/policy", &asked("../../tried", true)).status, 422);
    let policies = server.ask("api/open", &json!({ "scenario": "strait" })).json()["policies"].clone();
    assert!(policies.as_array().unwrap().iter().any(|policy| policy["id"] == "tried"), "{policies}");
    // By the policy or by the lever: the same.
    let by_policy = server
        .ask("api/simulate", &server.trial(&json!({ "policies": ["tried"] })))
        .pictures()
        .pop()
        .unwrap();
    let by_lever = server
        .ask("api/simulate", &server.trial(&json!({ "parameters": { (&parameter): high } })))
        .pictures()
        .pop()
        .unwrap();
    assert_eq!(by_policy["outcomes"], by_lever["outcomes"]);
}

#[test]
fn a_run_is_written_with_its_report_and_no_path_of_this_machine_is_told() {
    let server = Server::start();
    let (parameter, low, _) = a_parameter(&server);
    let asked = json!({ "scenario": "strait", "account": null, "trial": { "parameters": { (&parameter): low } }, "history": null });
    let told = server.ask("api/export", &asked);
    assert_eq!(told.status, 200, "{}", told.body);
    let folder = told.json()["folder"].as_str().unwrap().to_owned();
    assert!(server.root.path().join(&folder).join("manifest.json").is_file());
    let report = server.get(&format!("/{}/{}", server.token, told.json()["report"].as_str().unwrap()));
    assert!(
        report.head.contains("content-disposition: attachment") && report.body.contains("<!DOCTYPE html>")
    );
    assert!(!told.body.contains(server.root.path().to_str().unwrap()));
    let table = server.ask("api/table", &asked);
    assert_eq!(table.body.lines().count(), 1 + 2 * 200);
    assert!(table.body.starts_with("run,history,account,"));
}

#[test]
fn mistakes_are_shown_beside_the_text_and_gone_once_mended() {
    let server = Server::start();
    let file = server.root.path().join("strait/scenario.toml");
    let sound = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, sound.replacen("title = ", "titel = ", 1)).unwrap();
    let refused = server.ask("api/open", &json!({ "scenario": "strait" }));
    assert_eq!(refused.status, 422);
    let mistakes = refused.json()["mistakes"].clone();
    let beside = |mistake: &Value| {
        let lines = mistake["lines"].as_array().unwrap();
        lines
            .iter()
            .any(|line| line["number"] == mistake["line"] && line["text"].as_str().unwrap().contains("titel"))
    };
    assert!(mistakes.as_array().unwrap().iter().any(beside), "{mistakes}");
    assert!(!refused.body.contains(server.root.path().to_str().unwrap()));
    std::fs::write(&file, sound).unwrap();
    assert_eq!(server.ask("api/open", &json!({ "scenario": "strait" })).status, 200);
}

/// Twenty pages drag levers; nobody gets an error, and in the end nothing is left under way.
#[test]
fn twenty_pages_drag_levers_at_once() {
    let server = Arc::new(Server::start());
    let (parameter, low, high) = a_parameter(&server);
    let pages: Vec<_> = (0..20)
        .map(|page| {
            let (server, parameter) = (server.clone(), parameter.clone());
            spawn(move || {
                let mut finished = 0;
                for step in 0..8 {
                    let value = low + (high - low) * f64::from((page * 7 + step * 13) % 100) / 100.0;
                    let mut question = server.trial(&json!({ "parameters": { (&parameter): value } }));
                    question["session"] = json!(format!("page-{page}"));
                    if step % 2 == 0 {
                        // Goes away as soon as the head of the answer is there.
                        let mut stream = TcpStream::connect(&server.address).unwrap();
                        let (body, address) = (question.to_string(), &server.address);
                        write!(stream, "POST /{}/api/simulate HTTP/1.1\r\nhost: {address}\r\norigin: http://{address}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", server.token, body.len()).unwrap();
                        let mut head = [0; 12];
                        stream.read_exact(&mut head).unwrap();
                        assert_eq!(&head, b"HTTP/1.1 200");
                    } else {
                        let answer = server.ask("api/simulate", &question);
                        assert_eq!(answer.status, 200, "{}", answer.body);
                        finished += usize::from(answer.pictures().last().is_some_and(|picture| picture["histories"] == 200));
                    }
                }
                finished
            })
        })
        .collect();
    for page in pages {
        assert_eq!(page.join().unwrap(), 4, "who waits gets the whole picture");
    }
}
