//! A real Chromium, driven through WebDriver: JSON over HTTP to chromedriver, which needs no library of its own.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Longest wait for something to come about on a page.
const PATIENCE: Duration = Duration::from_secs(90);

/// The key by which WebDriver names elements.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Keys as WebDriver writes them.
pub const END: &str = "\u{e010}";
pub const ENTER: &str = "\u{e007}";
pub const HOME: &str = "\u{e011}";
pub const RIGHT: &str = "\u{e014}";
pub const TAB: &str = "\u{e004}";

/// A browser with one page, closed when dropped.
pub struct Browser {
    driver: Child,
    port: u16,
    session: String,
    profile: tempfile::TempDir,
}

impl Browser {
    /// Starts chromedriver and a browser of this size.
    ///
    /// # Panics
    /// Chromium or its driver are not there: without them the studio is not tested, and that must be seen.
    pub fn start(width: u32, height: u32, dark: bool) -> Browser {
        let mut driver = Command::new("chromedriver")
            .args(["--port=0", "--log-level=WARNING"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is needed: apt-get install chromium chromium-driver");
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = lines.find_map(|line| {
            let line = line.ok()?;
            let (_, port) = line.split_once("started successfully on port ")?;
            port.trim_end_matches('.').parse().ok()
        });
        // Whatever it says later must not block it.
        std::thread::spawn(move || lines.for_each(drop));
        let profile = tempfile::tempdir().unwrap();
        let mut browser = Browser {
            driver,
            port: port.expect("chromedriver says its port"),
            session: String::new(),
            profile,
        };
        let args = [
            "--headless".to_owned(),
            "--no-sandbox".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-quic".to_owned(),
            "--no-first-run".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--disable-sync".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--force-prefers-reduced-motion".to_owned(),
            format!("--user-data-dir={}", browser.profile.path().display()),
        ];
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": { "args": args, "prefs": {
                "download.prompt_for_download": false,
                "download.default_directory": browser.downloads(),
            } },
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
            "timeouts": { "script": 60_000, "pageLoad": 60_000, "implicit": 0 },
        } } });
        let told =
            browser.call("POST", "/session", &wanted).unwrap_or_else(|error| panic!("no browser: {error}"));
        browser.session = told["sessionId"].as_str().unwrap().to_owned();
        browser.devtools(
            "Emulation.setDeviceMetricsOverride",
            &json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false }),
        );
        let scheme = if dark { "dark" } else { "light" };
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        browser.devtools("Emulation.setEmulatedMedia", &features);
        browser
    }

    /// Where downloads go.
    fn downloads(&self) -> std::path::PathBuf {
        self.profile.path().join("taken")
    }

    /// A file that is being downloaded, once it is whole.
    pub fn downloaded(&self, name: &str) -> Vec<u8> {
        let begun = Instant::now();
        let file = self.downloads().join(name);
        // It has another name until it is whole; the browser may keep its own for it with an empty file.
        let whole = || std::fs::metadata(&file).is_ok_and(|found| found.len() > 0);
        while !whole() {
            let there = std::fs::read_dir(self.downloads()).into_iter().flatten().flatten();
            let there: Vec<_> = there.map(|entry| entry.file_name()).collect();
            assert!(begun.elapsed() < PATIENCE, "{name} does not come; there are {there:?}");
            sleep(Duration::from_millis(50));
        }
        std::fs::read(file).unwrap()
    }

    pub fn go(&self, address: &str) {
        self.ask("POST", "/url", &json!({ "url": address }));
    }

    pub fn reload(&self) {
        self.ask("POST", "/refresh", &json!({}));
    }

    /// The value of some JavaScript, which may use `arguments`.
    pub fn script(&self, script: &str, arguments: &[Value]) -> Value {
        self.ask("POST", "/execute/sync", &json!({ "script": script, "args": arguments }))
    }

    /// The text of the first element that matches; nothing if there is none.
    pub fn text(&self, selector: &str) -> String {
        let text =
            self.script("return document.querySelector(arguments[0])?.textContent ?? ''", &[json!(selector)]);
        text.as_str().unwrap_or("").to_owned()
    }

    /// An attribute of the first element that matches.
    pub fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        let script = "return document.querySelector(arguments[0])?.getAttribute(arguments[1]) ?? null";
        self.script(script, &[json!(selector), json!(name)]).as_str().map(str::to_owned)
    }

    /// Waits until some JavaScript is true.
    pub fn wait(&self, what: &str, script: &str) {
        let begun = Instant::now();
        while self.script(script, &[]) != json!(true) {
            assert!(begun.elapsed() < PATIENCE, "waited in vain: {what}\n{}", self.text("body"));
            sleep(Duration::from_millis(50));
        }
    }

    /// Waits until every picture is whole.
    pub fn settled(&self) {
        // The frame after the last change may not be drawn yet.
        sleep(Duration::from_millis(150));
        self.wait("every picture is whole", "return document.body.dataset.settled === 'true'");
    }

    /// Clicks like a person: what lies in front of it would be hit instead, and is an error.
    pub fn click(&self, selector: &str) {
        self.wait(selector, &format!("return document.querySelector({}) !== null", json!(selector)));
        self.script(
            "document.querySelector(arguments[0]).scrollIntoView({ block: 'center' })",
            &[json!(selector)],
        );
        let element = self.element(selector);
        self.ask("POST", &format!("/element/{element}/click"), &json!({}));
    }

    /// Types into an element, keys and all.
    pub fn keys(&self, selector: &str, keys: &str) {
        let element = self.element(selector);
        self.ask("POST", &format!("/element/{element}/value"), &json!({ "text": keys }));
    }

    /// Chooses an option of a select by its value, as a person's choice is told to the page.
    pub fn choose(&self, selector: &str, value: &str) {
        let script = "const select = document.querySelector(arguments[0]); \
             if (![...select.options].some((option) => option.value === arguments[1])) return false; \
             select.value = arguments[1]; select.dispatchEvent(new Event('change', { bubbles: true })); return true";
        assert_eq!(
            self.script(script, &[json!(selector), json!(value)]),
            json!(true),
            "{selector} offers no {value}"
        );
    }

    /// Presses a key wherever the focus is.
    pub fn press(&self, key: &str) {
        let actions = json!([{ "type": "key", "id": "keyboard", "actions": [
            { "type": "keyDown", "value": key }, { "type": "keyUp", "value": key },
        ] }]);
        self.ask("POST", "/actions", &json!({ "actions": actions }));
    }

    /// What the page complained about so far, each once.
    pub fn complaints(&self) -> Vec<String> {
        let log = self.ask("POST", "/se/log", &json!({ "type": "browser" }));
        let told = log.as_array().cloned().unwrap_or_default();
        told.iter()
            .filter(|entry| entry["level"] != "INFO" && entry["level"] != "DEBUG")
            .map(|entry| entry["message"].as_str().unwrap_or("").to_owned())
            .collect()
    }

    /// Addresses that were asked for so far, without those of the browser's own start page.
    pub fn requests(&self) -> Vec<String> {
        let log = self.ask("POST", "/se/log", &json!({ "type": "performance" }));
        let told = log.as_array().cloned().unwrap_or_default();
        let address = |entry: &Value| {
            let message: Value = serde_json::from_str(entry["message"].as_str()?).ok()?;
            let message = &message["message"];
            (message["method"] == "Network.requestWillBeSent")
                .then(|| message["params"]["request"]["url"].as_str().unwrap_or("").to_owned())
        };
        told.iter().filter_map(address).filter(|url| !url.starts_with("chrome://")).collect()
    }

    /// A picture of the whole page, kept where `EQUIPOISE_SCREENSHOTS` says; nowhere if it says nothing.
    pub fn picture(&self, name: &str) {
        let Ok(folder) = std::env::var("EQUIPOISE_SCREENSHOTS") else { return };
        self.script("window.scrollTo(0, 0)", &[]);
        let told = self
            .devtools("Page.captureScreenshot", &json!({ "captureBeyondViewport": true, "format": "png" }));
        let bytes = from_base64(told["data"].as_str().unwrap());
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(format!("{folder}/{name}.png"), bytes).unwrap();
    }

    /// The answer to a command of the browser's developer tools.
    pub fn devtools(&self, command: &str, parameters: &Value) -> Value {
        self.ask("POST", "/goog/cdp/execute", &json!({ "cmd": command, "params": parameters }))
    }

    fn element(&self, selector: &str) -> String {
        let told = self.ask("POST", "/element", &json!({ "using": "css selector", "value": selector }));
        told[ELEMENT].as_str().unwrap().to_owned()
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> Value {
        let path = format!("/session/{}{path}", self.session);
        self.call(method, &path, body).unwrap_or_else(|error| panic!("{path} {body}: {error}"))
    }

    fn call(&self, method: &str, path: &str, body: &Value) -> Result<Value, String> {
        let body = body.to_string();
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).map_err(|error| error.to_string())?;
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1:{}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            self.port,
            body.len()
        );
        stream.write_all((head + &body).as_bytes()).map_err(|error| error.to_string())?;
        // As long as it says: the browser it starts may hold the connection open.
        let mut reader = BufReader::new(stream);
        let (mut line, mut length) = (String::new(), 0);
        while reader.read_line(&mut line).map_err(|error| error.to_string())? > 2 {
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().map_err(|_| "no length".to_owned())?;
            }
            line.clear();
        }
        let mut told = vec![0; length];
        reader.read_exact(&mut told).map_err(|error| error.to_string())?;
        let told: Value = serde_json::from_slice(&told).map_err(|error| error.to_string())?;
        match told["value"].get("error") {
            Some(error) => Err(format!("{error}: {}", told["value"]["message"])),
            None => Ok(told["value"].clone()),
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.call("DELETE", &format!("/session/{}", self.session), &json!({}));
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// The bytes behind a text in base 64.
fn from_base64(text: &str) -> Vec<u8> {
    let value = |c: u8| match c {
        b'A'..=b'Z' => c - b'A',
        b'a'..=b'z' => c - b'a' + 26,
        b'0'..=b'9' => c - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0u32, 0);
    for c in text.bytes().filter(|c| *c != b'=') {
        held = (held << 6) | u32::from(value(c));
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits) as u8);
            held &= (1 << bits) - 1;
        }
    }
    bytes
}
