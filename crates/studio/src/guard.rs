//! Who may ask: only this machine's own pages, opened at the address that was printed.
//!
//! A page from elsewhere in the same browser could send requests to a port of this machine, under its own name
//! (cross-site requests) or under a name it had made to point here (DNS rebinding). So the `Host` must be one of ours,
//! an `Origin` must be the same, browsers' own account of where a request comes from (`Sec-Fetch-Site`) must not say
//! elsewhere, and the path must begin with a secret.

use std::fmt;

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};

use crate::refusal::Refusal;

/// Fewest characters of a token that is given rather than drawn.
const SHORTEST: usize = 24;

/// The secret that every address begins with.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A new one: 128 random bits.
    ///
    /// # Errors
    /// The system gives no random numbers.
    pub fn random() -> Result<Token, getrandom::Error> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes)?;
        Ok(Token(bytes.iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    /// One that was given, so that an address stays the same; `None` if it is short or has other than letters and
    /// digits.
    #[must_use]
    pub fn given(text: &str) -> Option<Token> {
        let sound = text.len() >= SHORTEST && text.chars().all(|c| c.is_ascii_alphanumeric());
        sound.then(|| Token(text.to_owned()))
    }

    /// The token as it stands in addresses.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Whether a part of a path is the token, compared in the same time wherever they differ.
    fn is(&self, part: &str) -> bool {
        let (ours, theirs) = (self.0.as_bytes(), part.as_bytes());
        ours.len() == theirs.len()
            && ours.iter().zip(theirs).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
    }
}

impl fmt::Debug for Token {
    /// A secret does not go into logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// What is let in.
#[derive(Debug, Clone)]
pub struct Guard {
    token: Token,
    /// Names under which this machine may be asked, with the port.
    hosts: Vec<String>,
}

impl Guard {
    /// Lets in requests to a port of this machine that know the token.
    pub fn new(token: Token, port: u16) -> Guard {
        let hosts = ["127.0.0.1", "localhost"].map(|name| format!("{name}:{port}"));
        Guard { token, hosts: hosts.to_vec() }
    }

    /// Checks a request before anything else is done with it.
    ///
    /// # Errors
    /// 421 for another host, 403 for another origin or a wrong token.
    pub fn check(&self, method: &Method, path: &str, headers: &HeaderMap) -> Result<(), Refusal> {
        let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or(""));
        let host = text(header::HOST).unwrap_or("");
        if !self.hosts.iter().any(|known| known == host) {
            return Err(Refusal::new(
                StatusCode::MISDIRECTED_REQUEST,
                "the studio answers only under its own name",
            ));
        }
        let foreign = || Refusal::new(StatusCode::FORBIDDEN, "the studio answers only its own pages");
        match text(header::ORIGIN) {
            Some(origin) if origin != format!("http://{host}") => return Err(foreign()),
            None if method != Method::GET => return Err(foreign()),
            _ => {}
        }
        // A link from elsewhere may open the page itself; nothing else may be asked for from elsewhere.
        let site = text(HeaderName::from_static("sec-fetch-site")).unwrap_or("none");
        let opens_page = method == Method::GET && path.trim_end_matches('/').matches('/').count() == 1;
        if !matches!(site, "same-origin" | "none") && !opens_page {
            return Err(foreign());
        }
        let first = path.trim_start_matches('/').split('/').next().unwrap_or("");
        if !self.token.is(first) {
            return Err(Refusal::new(
                StatusCode::FORBIDDEN,
                "this is not the address that the studio printed when it started",
            ));
        }
        Ok(())
    }
}

/// What browsers are told with every answer: run only our own scripts and styles, load nothing from elsewhere, be shown
/// in no frame, send our address nowhere, keep nothing. Text becomes markup in one place only: `web/pictures.js`.
pub const HEADERS: [(&str, &str); 7] = [
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; \
         trusted-types pictures",
    ),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("cache-control", "no-store"),
];

/// Adds [`HEADERS`] to an answer; what the answer says itself counts.
pub fn dress(headers: &mut HeaderMap) {
    for (name, value) in HEADERS {
        let name = HeaderName::from_static(name);
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn guard() -> (Guard, String) {
        let token = Token::random().unwrap();
        let path = format!("/{}/api/simulate", token.text());
        (Guard::new(token, 8817), path)
    }

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn our_own_page_is_let_in() {
        let (guard, path) = guard();
        let own = headers(&[("host", "127.0.0.1:8817"), ("origin", "http://127.0.0.1:8817")]);
        assert!(guard.check(&Method::POST, &path, &own).is_ok());
        let named = headers(&[("host", "localhost:8817"), ("sec-fetch-site", "none")]);
        assert!(guard.check(&Method::GET, &path, &named).is_ok());
    }

    #[test]
    fn another_host_is_misdirected_whatever_it_knows() {
        let (guard, path) = guard();
        for host in ["evil.example:8817", "127.0.0.1:80", "127.0.0.1", "", "127.0.0.1:8817.evil.example"] {
            let status = guard.check(&Method::GET, &path, &headers(&[("host", host)])).unwrap_err().status;
            assert_eq!(status, StatusCode::MISDIRECTED_REQUEST, "{host}");
        }
        let none = guard.check(&Method::GET, &path, &HeaderMap::new()).unwrap_err().status;
        assert_eq!(none, StatusCode::MISDIRECTED_REQUEST);
    }

    #[test]
    fn another_origin_is_forbidden_and_so_is_a_change_without_one() {
        let (guard, path) = guard();
        for origin in ["http://evil.example", "null", "https://127.0.0.1:8817", "http://localhost:8817", ""] {
            let from = headers(&[("host", "127.0.0.1:8817"), ("origin", origin)]);
            assert_eq!(guard.check(&Method::POST, &path, &from).unwrap_err().status, StatusCode::FORBIDDEN);
        }
        let silent = headers(&[("host", "127.0.0.1:8817")]);
        assert_eq!(guard.check(&Method::POST, &path, &silent).unwrap_err().status, StatusCode::FORBIDDEN);
        let script = headers(&[("host", "127.0.0.1:8817"), ("sec-fetch-site", "cross-site")]);
        assert_eq!(guard.check(&Method::GET, &path, &script).unwrap_err().status, StatusCode::FORBIDDEN);
    }

    #[test]
    fn a_link_from_elsewhere_may_open_the_page_and_nothing_else() {
        let (guard, path) = guard();
        let page = path.replace("/api/simulate", "/");
        let link = headers(&[("host", "127.0.0.1:8817"), ("sec-fetch-site", "cross-site")]);
        assert!(guard.check(&Method::GET, &page, &link).is_ok());
        assert!(guard.check(&Method::GET, &format!("{page}web/main.js"), &link).is_err());
    }

    #[test]
    fn without_the_token_nothing_is_told() {
        let (guard, path) = guard();
        let own = headers(&[("host", "127.0.0.1:8817")]);
        let token = path[1..].split('/').next().unwrap().to_owned();
        for wrong in [
            "/",
            "",
            "/api/simulate",
            &path.replace(&token[..1], "x"),
            &format!("/{token}0/"),
            &format!("//x/{token}"),
        ] {
            assert_eq!(
                guard.check(&Method::GET, wrong, &own).unwrap_err().status,
                StatusCode::FORBIDDEN,
                "{wrong}"
            );
        }
    }

    #[test]
    fn a_token_is_long_and_plain_and_never_shown_by_accident() {
        assert_eq!(Token::random().unwrap().text().len(), 32);
        assert_ne!(Token::random().unwrap(), Token::random().unwrap());
        assert!(Token::given("short").is_none() && Token::given(&"é".repeat(30)).is_none());
        assert!(!format!("{:?}", Token::given(&"a".repeat(24)).unwrap()).contains("aaa"));
    }
}
