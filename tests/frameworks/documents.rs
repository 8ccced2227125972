//! What a page's document is in the end: compared with the stored one, and Chromium's with the same where it is installed.
//!
//! `documents/` holds what Chromium makes of each page, after its user is done: `driver.js` hands it in, in either engine. With
//! `READYSTATE_STORE_DOCUMENTS=1` the tests write them anew from the Chromium at hand.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use readystate::Limits;

use crate::support::packages::skip;
use crate::support::page::{page_with, repository};
use crate::support::server::{Connection, Request, Server};

/// How long a page may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// One Chromium at a time: each is many processes.
static RUNNING: Mutex<()> = Mutex::new(());

/// A server of pages that hand in their documents.
pub(crate) struct Site {
    server: Server,
    documents: Receiver<String>,
}

impl Site {
    /// Starts it; `serve` is asked by the path for all but what is handed in.
    pub(crate) fn start(
        serve: impl Fn(&str, &Request, &mut Connection) + Send + Sync + 'static,
    ) -> Self {
        let (inbox, documents) = channel();
        let server = Server::start(move |request, connection| {
            let path = request.path.split('?').next().unwrap_or_default();
            if path == "/document" && request.method == "POST" {
                connection.answer("text/plain", "thanks");
                let document = String::from_utf8_lossy(&request.body).into_owned();
                // The test may be over.
                drop(inbox.send(document));
            } else {
                serve(path, request, connection);
            }
        });
        Self { server, documents }
    }

    /// Loads a page and compares what it resolves `result` with.
    #[track_caller]
    pub(crate) fn check_result(&self, path: &str, expected: &str) {
        // A compiler of a framework takes an interpreter longer than pages may take.
        let mut limits = Limits::default();
        limits.script_time = Duration::from_secs(150);
        let page = page_with(limits, Duration::from_secs(180));
        page.goto(&self.server.url(path)).expect("the page loads");
        page.wait_until_settled().expect("the page settles");
        let result =
            page.evaluate::<String>("Promise.resolve(result).then((list) => list.join('|'))");
        match result {
            Ok(result) => assert_eq!(result, expected, "{path}"),
            Err(error) => panic!("{path}: {error}; {:?}", page.exceptions()),
        }
        page.wait_for_selector("[data-handed-in]")
            .expect("the document is handed in");
    }

    /// Compares what our page has handed in with the stored document of that name, and then what Chromium's page of the same path does.
    #[track_caller]
    pub(crate) fn compare_documents(&self, path: &str, name: &str) {
        let origin = self.server.url("");
        let comparable = |document: &str| comparable(document, origin.trim_end_matches('/'));
        let stored = repository().join(format!("tests/frameworks/documents/{name}.html"));
        let ours = comparable(&self.documents.try_recv().expect("our document"));
        let theirs = self
            .chromium_document(path)
            .map(|document| comparable(&document));
        if std::env::var_os("READYSTATE_STORE_DOCUMENTS").is_some() {
            let theirs = theirs.as_ref().expect("a document of Chromium's to store");
            std::fs::write(&stored, format!("{theirs}\n")).expect("the document can be written");
        }
        let stored = std::fs::read_to_string(&stored).expect("a stored document");
        let stored = stored.trim_end();
        equal(&ours, stored, &format!("{name}: our document"));
        match theirs {
            Ok(theirs) => equal(&theirs, stored, &format!("{name}: Chromium's document")),
            Err(why) => skip(&format!("{name} is not compared with Chromium's: {why}")),
        }
    }

    /// What headless Chromium's page hands in.
    fn chromium_document(&self, path: &str) -> Result<String, String> {
        let program = ["chromium", "chromium-browser", "google-chrome"]
            .iter()
            .find_map(|name| program(name))
            .ok_or("it is not installed")?;
        let _one_at_a_time = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        let profile =
            std::env::temp_dir().join(format!("readystate-chromium-{}", std::process::id()));
        let mut process = Command::new(program)
            .args(["--headless=new", "--no-sandbox", "--disable-gpu"])
            .args(["--no-first-run", "--remote-debugging-port=0"])
            .arg(format!("--user-data-dir={}", profile.display()))
            .arg(self.server.url(path))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| error.to_string())?;
        let document = self.documents.recv_timeout(PATIENCE);
        drop(process.kill());
        drop(process.wait());
        drop(std::fs::remove_dir_all(&profile));
        document.map_err(|_| "it handed in nothing".to_owned())
    }
}

/// Shows where they part, for the documents are long.
#[track_caller]
fn equal(actual: &str, expected: &str, what: &str) {
    if actual == expected {
        return;
    }
    let pairs = actual.chars().zip(expected.chars());
    let same = pairs.take_while(|(one, other)| one == other).count();
    let near = |text: &str| -> String {
        text.chars()
            .skip(same.saturating_sub(100))
            .take(300)
            .collect()
    };
    panic!(
        "{what} is not the stored one; here\n…{}…\nand there\n…{}…",
        near(actual),
        near(expected)
    );
}

/// Without what changes from run to run or from build to build (the server's port, the mark of Lit's comments, the hash in the name of
/// a chunk), and with style attributes where they can be compared.
fn comparable(document: &str, origin: &str) -> String {
    let mut document = document.replace(origin, "http://site.test");
    // NOTE: Chromium leaves one behind where `removeAttribute()` follows a change by `style` that nobody has looked at.
    document = document.replace(" style=\"\"", "");
    // NOTE: Chromium adds them when somebody looks, so that their place among the others is no work of the page.
    let mut behind = 0;
    while let Some(start) = document[behind..].find(" style=\"").map(|at| behind + at) {
        behind = start + 1;
        let tag = document[..start].rfind('<').map(|tag| {
            let name = document[tag..start].find(' ');
            name.map_or(start, |length| tag + length)
        });
        let end = document[start + 8..]
            .find('"')
            .map(|length| start + 9 + length);
        if let (Some(tag), Some(end)) = (tag, end) {
            let attribute = document[start..end].to_owned();
            document.replace_range(start..end, "");
            document.insert_str(tag, &attribute);
            behind = end;
        }
    }
    while let Some(start) = document.find("lit$").map(|start| start + 3) {
        let digits = document[start + 1..]
            .bytes()
            .take_while(u8::is_ascii_digit)
            .count();
        document.replace_range(start..start + 1 + digits, "-mark");
    }
    let mut behind = 0;
    while let Some(start) = document[behind..]
        .find("chunk-")
        .map(|at| behind + at + "chunk".len())
    {
        let hash = document[start + 1..]
            .bytes()
            .take_while(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
            .count();
        if hash > 0 {
            document.replace_range(start..start + 1 + hash, "");
        }
        behind = start;
    }
    document.trim_end().to_owned()
}

fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}
