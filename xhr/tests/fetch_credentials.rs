//! Credentials: cookies through fetch, and HTTP authentication.

use std::sync::{Arc, Mutex};

use readystate_xhr::fetch::{
    AuthenticationChallenge, Authenticator, Credentials, CredentialsMode, Destination, Mode,
};

use crate::fetch_fixture::{Fixture, ok, redirect_with, url, xhr};
use readystate_xhr::transport::scripted::Answer;
use readystate_xhr::{NetworkError, Origin};

const PAGE: &str = "http://a.test/";
const CORS: &str =
    "Access-Control-Allow-Origin: http://a.test\r\nAccess-Control-Allow-Credentials: true\r\n";

#[test]
fn cookies_are_stored_and_sent_to_the_same_origin() {
    let fixture = Fixture::new([
        ok("Set-Cookie: a=1\r\nSet-Cookie: b=2; HttpOnly\r\n", ""),
        ok("Set-Cookie: a=; Max-Age=0\r\n", ""),
        ok("", ""),
    ]);
    for _ in 0..3 {
        fixture.fetch(xhr(PAGE, "GET", PAGE)).ok();
    }
    let cookies: Vec<_> = (0..3).map(|at| fixture.sent_header(at, "cookie")).collect();
    assert_eq!(
        cookies,
        [None, Some("a=1; b=2".to_owned()), Some("b=2".to_owned())]
    );
}

#[test]
fn a_cookie_of_the_embedder_and_those_of_the_jar_are_one_header() {
    let mut fixture = Fixture::new([ok("Set-Cookie: a=1\r\n", ""), ok("", "")]);
    fixture.environment.extra_headers = [("Cookie", "own=0"), ("X-Own", "y")].into_iter().collect();
    for _ in 0..2 {
        fixture.fetch(xhr(PAGE, "GET", PAGE)).ok();
    }
    let cookies: Vec<_> = (0..2)
        .filter_map(|at| fixture.sent_header(at, "cookie"))
        .collect();
    assert_eq!(cookies, ["own=0", "own=0; a=1"]);
    assert_eq!(fixture.sent_header(0, "x-own").as_deref(), Some("y"));
}

#[test]
fn cookies_set_by_a_redirect_are_there_at_the_next_hop() {
    let fixture = Fixture::new([
        redirect_with(302, "/next", "Set-Cookie: s=1\r\n"),
        ok("", ""),
    ]);
    fixture.fetch(xhr(PAGE, "GET", PAGE)).ok();
    assert_eq!(fixture.sent_header(1, "cookie").as_deref(), Some("s=1"));
}

#[test]
fn cross_origin_requests_carry_cookies_only_with_credentials() {
    let fixture = Fixture::new([
        ok("Set-Cookie: s=1\r\n", ""),
        ok(CORS, ""),
        ok(CORS, ""),
        ok(&format!("{CORS}Set-Cookie: t=2\r\n"), ""),
        ok("", ""),
    ]);
    // sub.a.test is another origin of the same site.
    let api = "http://sub.a.test/";
    fixture.fetch(xhr(api, "GET", api)).ok();
    let include = || {
        let mut request = xhr(PAGE, "GET", api);
        request.credentials_mode = CredentialsMode::Include;
        request
    };
    fixture.fetch(xhr(PAGE, "GET", api)).ok();
    fixture.fetch(include()).ok();
    let mut omit = xhr(PAGE, "GET", PAGE);
    omit.credentials_mode = CredentialsMode::Omit;
    fixture.fetch(omit).ok();
    fixture.fetch(xhr(PAGE, "GET", PAGE)).ok();
    let cookies: Vec<_> = (0..5).map(|at| fixture.sent_header(at, "cookie")).collect();
    let s = Some("s=1".to_owned());
    assert_eq!(
        cookies,
        [None, None, s, None, None],
        "and omit stores nothing"
    );
}

#[test]
fn same_site_cookies_stay_home() {
    let https = "https://b.test/";
    let cookies = "Set-Cookie: strict=1; SameSite=Strict\r\nSet-Cookie: lax=1; SameSite=Lax\r\nSet-Cookie: unset=1\r\nSet-Cookie: none=1; SameSite=None; Secure\r\n";
    let cors =
        "Access-Control-Allow-Origin: https://a.test\r\nAccess-Control-Allow-Credentials: true\r\n";
    let fixture = Fixture::new([
        ok(cookies, ""),
        ok(cors, ""),
        ok("", ""),
        ok("", ""),
        ok("", ""),
    ]);
    fixture.fetch(xhr(https, "GET", https)).ok();
    let mut cross = xhr("https://a.test/", "GET", https);
    cross.credentials_mode = CredentialsMode::Include;
    fixture.fetch(cross).ok();
    let navigate = |user_initiated| {
        let mut request = xhr("https://a.test/", "GET", https);
        request.mode = Mode::Navigate;
        request.credentials_mode = CredentialsMode::Include;
        request.destination = Destination::Document;
        request.user_initiated = user_initiated;
        request
    };
    fixture.fetch(navigate(false)).ok();
    fixture.fetch(navigate(true)).ok();
    let mut framed = xhr(https, "GET", https);
    framed.site_for_cookies = Some(Origin::of(&url("https://top.test/")));
    fixture.fetch(framed).ok();
    let cookies: Vec<_> = (1..5)
        .filter_map(|at| fixture.sent_header(at, "cookie"))
        .collect();
    assert_eq!(
        cookies,
        [
            "none=1",
            "lax=1; unset=1; none=1",
            "strict=1; lax=1; unset=1; none=1",
            "none=1",
        ]
    );
}

fn challenge() -> Answer {
    Answer::bytes(
        "HTTP/1.1 401 Who\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 3\r\n\r\nwho",
    )
}

#[test]
fn credentials_of_the_url_answer_a_challenge_and_are_remembered() {
    let fixture = Fixture::new([challenge(), ok("", "in"), ok("", "again")]);
    let outcome = fixture.fetch(xhr(PAGE, "GET", "http://us%40er:pass@a.test/x/y"));
    assert_eq!(outcome.text(), "in");
    assert_eq!(fixture.sent_header(0, "authorization"), None);
    let expected = Some("Basic dXNAZXI6cGFzcw==".to_owned());
    assert_eq!(fixture.sent_header(1, "authorization"), expected);
    assert!(!fixture.sent(1).contains("us%40er"), "{}", fixture.sent(1));
    fixture.fetch(xhr(PAGE, "GET", "http://a.test/x/z")).ok();
    assert_eq!(
        fixture.sent_header(2, "authorization"),
        expected,
        "below the same path"
    );
}

#[test]
fn a_challenge_without_credentials_or_with_wrong_ones_is_the_response() {
    let fixture = Fixture::new([challenge(), challenge(), challenge(), ok("", "open")]);
    assert_eq!(fixture.fetch(xhr(PAGE, "GET", PAGE)).status(), 401);
    let outcome = fixture.fetch(xhr(PAGE, "GET", "http://u:wrong@a.test/"));
    assert_eq!((outcome.status(), outcome.text().as_str()), (401, "who"));
    fixture.fetch(xhr(PAGE, "GET", PAGE)).ok();
    assert_eq!(
        fixture.sent_header(3, "authorization"),
        None,
        "what was refused is not kept"
    );
}

#[test]
fn an_authorization_header_of_the_author_is_left_alone() {
    let fixture = Fixture::new([challenge()]);
    let mut request = xhr(PAGE, "GET", "http://u:p@a.test/");
    request.header_list.append("Authorization", "Bearer t");
    assert_eq!(fixture.fetch(request).status(), 401);
    assert_eq!(
        fixture.sent_header(0, "authorization").as_deref(),
        Some("Bearer t")
    );
}

/// Gives the answers in order, and keeps what it was asked.
#[derive(Default)]
struct Prompt {
    answers: Mutex<Vec<(&'static str, &'static str)>>,
    asked: Mutex<Vec<String>>,
}

impl Authenticator for Prompt {
    fn credentials(&self, challenge: &AuthenticationChallenge<'_>) -> Option<Credentials> {
        let AuthenticationChallenge {
            url,
            scheme,
            realm,
            refused,
            ..
        } = challenge;
        let line = format!("{} {scheme} {realm} {refused}", url.path());
        self.asked.lock().expect("no panic").push(line);
        let (username, password) = self.answers.lock().expect("no panic").pop()?;
        Some(Credentials {
            username: username.to_owned(),
            password: password.to_owned(),
        })
    }
}

fn with_prompt(
    answers: impl IntoIterator<Item = Answer>,
    prompts: &[(&'static str, &'static str)],
) -> (Fixture, Arc<Prompt>) {
    let mut fixture = Fixture::new(answers);
    let prompt = Arc::new(Prompt::default());
    *prompt.answers.lock().expect("no panic") = prompts.iter().rev().copied().collect();
    fixture.environment.authenticator = Some(Arc::<Prompt>::clone(&prompt));
    (fixture, prompt)
}

#[test]
fn the_embedder_is_asked_until_an_answer_is_accepted_and_then_no_more() {
    let (fixture, prompt) = with_prompt(
        [challenge(), challenge(), ok("", "in"), ok("", "again")],
        &[("u", "wrong"), ("u", "p")],
    );
    assert_eq!(fixture.fetch(xhr(PAGE, "GET", PAGE)).text(), "in");
    assert_eq!(fixture.fetch(xhr(PAGE, "GET", PAGE)).text(), "again");
    let right = Some("Basic dTpw".to_owned());
    assert_eq!(fixture.sent_header(2, "authorization"), right);
    assert_eq!(fixture.sent_header(3, "authorization"), right);
    assert_eq!(
        *prompt.asked.lock().expect("no panic"),
        ["/ basic x 0", "/ basic x 1"]
    );
}

#[test]
fn an_embedder_that_has_no_answer_or_only_wrong_ones_leaves_the_401() {
    let (fixture, _) = with_prompt([challenge()], &[]);
    assert_eq!(fixture.fetch(xhr(PAGE, "GET", PAGE)).status(), 401);
    let (fixture, prompt) = with_prompt((0..9).map(|_| challenge()), &[("u", "p"); 9]);
    assert_eq!(fixture.fetch(xhr(PAGE, "GET", PAGE)).status(), 401);
    assert_eq!(prompt.asked.lock().expect("no panic").len(), 3);
    assert_eq!(fixture.transport.requests().len(), 4);
}

#[test]
fn a_cross_origin_cors_response_asks_nobody() {
    let answer = Answer::bytes(format!(
        "HTTP/1.1 401 Who\r\nWWW-Authenticate: Basic realm=x\r\n{CORS}Content-Length: 0\r\n\r\n"
    ));
    let (fixture, prompt) = with_prompt([answer], &[("u", "p")]);
    let mut request = xhr(PAGE, "GET", "http://b.test/");
    request.credentials_mode = CredentialsMode::Include;
    assert_eq!(fixture.fetch(request).status(), 401);
    assert!(prompt.asked.lock().expect("no panic").is_empty());
}

fn digest_challenge(parameters: &str) -> Answer {
    Answer::bytes(format!(
        "HTTP/1.1 401 Who\r\nWWW-Authenticate: Basic realm=weak\r\nWWW-Authenticate: Digest realm=\"r\", qop=\"auth\", {parameters}\r\nContent-Length: 0\r\n\r\n"
    ))
}

/// The value of a parameter in an `Authorization` header.
fn parameter(authorization: &str, name: &str) -> String {
    let start = format!("{name}=");
    authorization
        .split(", ")
        .map(|part| part.trim_start_matches("Digest "))
        .find_map(|part| part.strip_prefix(start.as_str()))
        .map(|value| value.trim_matches('"').to_owned())
        .unwrap_or_default()
}

#[test]
fn digest_goes_before_basic_counts_its_nonce_and_takes_a_new_one() {
    let (fixture, prompt) = with_prompt(
        [
            digest_challenge("nonce=n1, algorithm=SHA-256, opaque=o"),
            ok("", "in"),
            ok("", "again"),
            digest_challenge("nonce=n2, algorithm=SHA-256, stale=true"),
            ok("", "renewed"),
        ],
        &[("u", "p")],
    );
    let get = |path: &str| {
        fixture
            .fetch(xhr(PAGE, "GET", &format!("{PAGE}{path}")))
            .text()
    };
    assert_eq!(
        [get("a/x?q"), get("b"), get("c")],
        ["in", "again", "renewed"]
    );
    let sent: Vec<_> = (0..5)
        .map(|at| fixture.sent_header(at, "authorization").unwrap_or_default())
        .collect();
    let of = |name: &str| -> Vec<String> {
        sent.iter()
            .skip(1)
            .map(|value| parameter(value, name))
            .collect()
    };
    assert_eq!(sent[0], "");
    assert_eq!(of("nonce"), ["n1", "n1", "n1", "n2"]);
    assert_eq!(of("nc"), ["00000001", "00000002", "00000003", "00000001"]);
    assert_eq!(of("uri"), ["/a/x?q", "/b", "/c", "/c"]);
    assert_eq!(of("opaque"), ["o", "o", "o", ""]);
    assert!(
        of("response").iter().all(|response| response.len() == 64),
        "{sent:?}"
    );
    let nonces = of("cnonce");
    assert!(
        nonces[0].len() == 32 && nonces[0] != nonces[1],
        "{nonces:?}"
    );
    assert_eq!(prompt.asked.lock().expect("no panic").len(), 1);
}

#[test]
fn credentials_of_the_url_answer_a_digest_challenge() {
    let fixture = Fixture::new([digest_challenge("nonce=n"), ok("", "in"), ok("", "again")]);
    let request = || xhr(PAGE, "POST", "http://u:p@a.test/");
    assert_eq!(fixture.fetch(request()).text(), "in");
    let value = fixture.sent_header(1, "authorization").unwrap_or_default();
    assert_eq!(parameter(&value, "username"), "u");
    assert_eq!(
        parameter(&value, "response").len(),
        32,
        "MD5 unless said otherwise"
    );
    assert_eq!(
        fixture.fetch(request()).text(),
        "again",
        "without another challenge"
    );
}

#[test]
fn what_a_server_does_not_accept_any_more_is_forgotten() {
    let fixture = Fixture::new([challenge(), ok("", "in"), challenge(), ok("", "open")]);
    let get = |url: &str| fixture.fetch(xhr(PAGE, "GET", url)).status();
    let statuses = [get("http://u:p@a.test/"), get(PAGE), get(PAGE)];
    assert_eq!(statuses, [200, 401, 200]);
    assert_eq!(fixture.sent_header(3, "authorization"), None);
}

#[test]
fn a_proxy_that_wants_credentials_is_a_network_error() {
    let answer = "HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n";
    let fixture = Fixture::new([Answer::bytes(answer)]);
    let outcome = fixture.fetch(xhr(PAGE, "GET", PAGE));
    assert_eq!(outcome.error(), &NetworkError::Proxy("407 Who".to_owned()));
}
