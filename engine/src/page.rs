//! A page: a handle to the thread on which its document and script live.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use readystate_dom::{NodeId, Tree};
use readystate_js::host::ExceptionReport;
use readystate_js::{Evaluation, InterruptReason, Interrupter};
use readystate_xhr::Origin;
use serde::de::DeserializeOwned;
use url::Url;

use crate::browser::BrowserShared;
use crate::command::{Command, Deadline, Input};
use crate::config::PageOptions;
use crate::error::{Error, Limit};
use crate::events::{ConsoleLine, EventSink, RequestRecord};
use crate::folder_server::{FolderServer, TargetFile};
use crate::interception::{OwnServer, Route, RouteId, RouteList, RoutePattern};
use crate::navigable::PAGE;
use crate::page_thread::{self, PageThreadInit};
use crate::popup::Popup;
use crate::settled::Pending;

/// How often a waiting call looks whether the page still responds.
const LOOK: Duration = Duration::from_millis(100);
/// How much longer than its time-out a call waits for the page's thread to say so itself.
const GRACE: Duration = Duration::from_secs(5);

/// A page.
///
/// The handle can be sent to another thread. Every call blocks until it is answered; those that wait for something end with
/// [`Error::Timeout`] after [`PageOptions::timeout`]. Between calls the page lives on: its timers run, its requests go on.
/// Dropping the handle closes the page.
///
/// ```no_run
/// use readystate::{Browser, BrowserOptions};
///
/// let browser = Browser::new(BrowserOptions::new())?;
/// let page = browser.new_page()?;
/// page.goto("https://example.com/shop")?;
/// page.fill("#query", "lamp")?;
/// page.click("#search")?;
/// page.wait_for_selector(".result")?;
/// let names: Vec<String> =
///     page.evaluate("[...document.querySelectorAll('.result')].map(item => item.textContent)")?;
/// println!("{names:?}");
/// # Ok::<(), readystate::Error>(())
/// ```
#[derive(Debug)]
pub struct Page {
    sender: Sender<Input>,
    thread: Option<JoinHandle<()>>,
    interrupter: Arc<Mutex<Option<Interrupter>>>,
    /// Set while script cannot be stopped.
    unresponsive: Arc<AtomicBool>,
    /// Disconnected when the thread has ended.
    ended: Mutex<Receiver<()>>,
    events: Arc<EventSink>,
    options: PageOptions,
    server: Mutex<Option<FolderServer>>,
    routes: RouteList,
    own_server: OwnServer,
}

impl Page {
    pub(crate) fn open(browser: Arc<BrowserShared>, options: PageOptions) -> Result<Self, Error> {
        let limits = options
            .limits
            .clone()
            .unwrap_or_else(|| browser.options.limits.clone());
        let events = Arc::new(EventSink::new(options.on_event.clone(), limits.log_entries));
        let (sender, receiver) = channel();
        let interrupter = Arc::new(Mutex::new(None));
        let unresponsive = Arc::new(AtomicBool::new(false));
        let (routes, own_server) = (RouteList::default(), OwnServer::default());
        let init = PageThreadInit {
            hook: Arc::new(browser.hook(routes.clone(), own_server.clone())),
            browser,
            options: options.clone(),
            limits,
            events: Arc::clone(&events),
            sender: sender.clone(),
            receiver,
            interrupter: Arc::clone(&interrupter),
            unresponsive: Arc::clone(&unresponsive),
        };
        let (running, ended) = channel();
        let thread = std::thread::Builder::new()
            .name("readystate-page".to_owned())
            .stack_size(page_thread::STACK_BYTES)
            .spawn(move || {
                let _running: Sender<()> = running;
                page_thread::run(init);
            })
            .map_err(|source| Error::Io {
                what: "starting the page's thread".to_owned(),
                source,
            })?;
        Ok(Self {
            sender,
            thread: Some(thread),
            interrupter,
            unresponsive,
            ended: Mutex::new(ended),
            events,
            options,
            server: Mutex::new(None),
            routes,
            own_server,
        })
    }

    /// Loads a URL and waits for the `load` event of the document that comes of it.
    ///
    /// An HTTP status such as 404 is no failure: its page is loaded.
    ///
    /// # Errors
    /// [`Error::InvalidTarget`] if it is not an absolute URL, [`Error::Load`] if it could not be loaded, [`Error::Timeout`] if
    /// `load` did not come in time (the page goes on loading), [`Error::Limit`], [`Error::Closed`].
    pub fn goto(&self, url: &str) -> Result<(), Error> {
        self.goto_within(url, self.options.timeout)
    }

    /// As [`Self::goto`], with a time-out of its own.
    ///
    /// # Errors
    /// As [`Self::goto`].
    pub fn goto_within(&self, url: &str, timeout: Duration) -> Result<(), Error> {
        let url = parse_url(url)?;
        let deadline = Deadline::after(timeout);
        self.ask(deadline, |reply| Command::Goto {
            url,
            deadline,
            reply,
        })
    }

    /// Loads a document from a string and waits for its `load` event.
    ///
    /// `base_url` is the document's URL: relative URLs, its origin and its cookies come from it. `None` is `about:blank`.
    ///
    /// ```no_run
    /// # let browser = readystate::Browser::new(readystate::BrowserOptions::new())?;
    /// let page = browser.new_page()?;
    /// page.set_content("<p>Hello", Some("https://example.com/"))?;
    /// assert_eq!(page.text()?, "Hello");
    /// # Ok::<(), readystate::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Self::goto`].
    pub fn set_content(&self, html: &str, base_url: Option<&str>) -> Result<(), Error> {
        self.set_content_within(html, base_url, self.options.timeout)
    }

    /// As [`Self::set_content`], with a time-out of its own.
    ///
    /// # Errors
    /// As [`Self::goto`].
    pub fn set_content_within(
        &self,
        html: &str,
        base_url: Option<&str>,
        timeout: Duration,
    ) -> Result<(), Error> {
        let base_url = base_url.map(parse_url).transpose()?;
        let deadline = Deadline::after(timeout);
        self.ask(deadline, |reply| Command::SetContent {
            html: html.to_owned(),
            base_url,
            deadline,
            reply,
        })
    }

    /// Goes to the previous entry of the session history, and waits for the `load` event of its document, which is loaded anew unless it is
    /// the present one. `false` if there is none.
    ///
    /// # Errors
    /// As [`Self::goto`].
    pub fn go_back(&self) -> Result<bool, Error> {
        self.go(-1)
    }

    /// As [`Self::go_back`], to the next entry.
    ///
    /// # Errors
    /// As [`Self::goto`].
    pub fn go_forward(&self) -> Result<bool, Error> {
        self.go(1)
    }

    fn go(&self, delta: i32) -> Result<bool, Error> {
        let deadline = Deadline::after(self.options.timeout);
        self.ask(deadline, |reply| Command::Go {
            delta,
            deadline,
            reply,
        })
    }

    /// Loads the document again, by POST if it came by it, and waits for its `load` event.
    ///
    /// # Errors
    /// As [`Self::goto`].
    pub fn reload(&self) -> Result<(), Error> {
        let deadline = Deadline::after(self.options.timeout);
        self.ask(deadline, |reply| Command::Reload { deadline, reply })
    }

    /// The windows that script of the page has opened and not closed, oldest first. They end when the page's own document makes room for
    /// another.
    ///
    /// # Errors
    /// [`Error::Closed`].
    pub fn popups(&self) -> Result<Vec<Popup<'_>>, Error> {
        let deadline = Deadline::after(self.options.timeout);
        let numbers = self.ask(deadline, |reply| Command::Popups { reply })?;
        let popup = |number| Popup::new(self, number);
        Ok(numbers.into_iter().map(popup).collect())
    }

    /// Gives the window another inner size, in CSS pixels: `resize` is fired, and `change` at the media query lists that it is for.
    ///
    /// # Errors
    /// [`Error::Limit`] if a listener was stopped, [`Error::Closed`].
    pub fn set_viewport(&self, width: u32, height: u32) -> Result<(), Error> {
        let deadline = Deadline::after(self.options.timeout);
        self.ask(deadline, |reply| Command::SetViewport {
            viewport: (width, height),
            reply,
        })
    }

    /// Loads a folder's `index.html`, or one file, through the built-in loopback server, so that relative requests work.
    ///
    /// The server runs until the page is closed or another folder is opened. It also answers `/__echo` and `/__delay?ms=N`.
    ///
    /// # Errors
    /// [`Error::InvalidTarget`] if there is no such file or folder, [`Error::Io`] if the server cannot start; else as
    /// [`Self::goto`].
    pub fn open_folder(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        self.open_folder_within(path, self.options.timeout)
    }

    /// As [`Self::open_folder`], with a time-out of its own.
    ///
    /// # Errors
    /// As [`Self::open_folder`].
    pub fn open_folder_within(
        &self,
        path: impl AsRef<Path>,
        timeout: Duration,
    ) -> Result<(), Error> {
        let target = TargetFile::find(path.as_ref())?;
        let server = FolderServer::start(&target.root).map_err(|source| Error::Io {
            what: format!("serving {}", target.root.display()),
            source,
        })?;
        let url = target.url(&server);
        self.own_server.set(Origin::of(&url));
        self.server
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .replace(server);
        self.goto_within(url.as_str(), timeout)
    }

    /// Evaluates script in the page and gives its value. A promise is awaited.
    ///
    /// The value goes through JSON: `undefined` and functions become `null`.
    ///
    /// ```no_run
    /// # let browser = readystate::Browser::new(readystate::BrowserOptions::new())?;
    /// # let page = browser.new_page()?;
    /// let sum: i32 = page.evaluate("1 + 2")?;
    /// assert_eq!(sum, 3);
    /// # Ok::<(), readystate::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Script`] if it throws, [`Error::Value`] if the value is not a `T`, [`Error::Timeout`], [`Error::Limit`],
    /// [`Error::Closed`].
    pub fn evaluate<T: DeserializeOwned>(&self, script: &str) -> Result<T, Error> {
        typed(self.evaluate_value(script, self.options.timeout)?)
    }

    /// Evaluates script and gives its value as text: a string as it is, `undefined`, or JSON.
    ///
    /// # Errors
    /// As [`Self::evaluate`].
    pub fn evaluate_to_text(&self, script: &str, timeout: Duration) -> Result<String, Error> {
        Ok(as_text(self.evaluate_value(script, timeout)?))
    }

    fn evaluate_value(&self, script: &str, timeout: Duration) -> Result<Evaluation, Error> {
        self.evaluate_in(PAGE, script, timeout)
    }

    pub(crate) fn evaluate_in(
        &self,
        navigable: u32,
        script: &str,
        timeout: Duration,
    ) -> Result<Evaluation, Error> {
        let deadline = Deadline::after(timeout);
        self.ask(deadline, |reply| Command::Evaluate {
            navigable,
            source: script.to_owned(),
            deadline,
            reply,
        })
    }

    pub(crate) fn close_popup(&self, navigable: u32) -> Result<(), Error> {
        let deadline = Deadline::after(self.options.timeout);
        self.ask(deadline, |reply| Command::ClosePopup { navigable, reply })
    }

    /// Waits until the page is settled: `load` was fired, no task waits, no request is in flight, and no timer is due within
    /// [`PageOptions::settle_horizon`] (timers that re-arm themselves more than five times in a row are not waited for).
    ///
    /// # Errors
    /// [`Error::Timeout`], which says what is still pending; [`Error::Limit`], [`Error::Closed`].
    pub fn wait_until_settled(&self) -> Result<(), Error> {
        self.wait_until_settled_within(self.options.settle_horizon, self.options.timeout)
    }

    /// As [`Self::wait_until_settled`], with a horizon and a time-out of its own.
    ///
    /// # Errors
    /// As [`Self::wait_until_settled`].
    pub fn wait_until_settled_within(
        &self,
        horizon: Duration,
        timeout: Duration,
    ) -> Result<(), Error> {
        let deadline = Deadline::after(timeout);
        self.ask(deadline, |reply| Command::WaitUntilSettled {
            horizon,
            deadline,
            reply,
        })
    }

    /// Waits until an element of the document matches a selector.
    ///
    /// # Errors
    /// [`Error::InvalidSelector`], [`Error::Timeout`], [`Error::Closed`].
    pub fn wait_for_selector(&self, selector: &str) -> Result<(), Error> {
        self.wait_for_selector_within(selector, self.options.timeout)
    }

    /// As [`Self::wait_for_selector`], with a time-out of its own.
    ///
    /// # Errors
    /// As [`Self::wait_for_selector`].
    pub fn wait_for_selector_within(&self, selector: &str, timeout: Duration) -> Result<(), Error> {
        let deadline = Deadline::after(timeout);
        self.ask(deadline, |reply| Command::WaitForSelector {
            selector: selector.to_owned(),
            deadline,
            reply,
        })
    }

    /// Clicks the first element that matches: `mousedown`, `mouseup` and `click` with what the element does on a click.
    ///
    /// # Errors
    /// [`Error::NoElement`] if none matches; else as [`Self::evaluate`].
    pub fn click(&self, selector: &str) -> Result<(), Error> {
        self.act(selector, CLICK, "")
    }

    /// Replaces the value of the first text field, select or editable element that matches; fires `input` and `change`.
    ///
    /// # Errors
    /// As [`Self::click`].
    pub fn fill(&self, selector: &str, value: &str) -> Result<(), Error> {
        self.act(selector, FILL, value)
    }

    /// Types text at the end of the first element that matches: key events and `input` for each character, then `change`.
    ///
    /// # Errors
    /// As [`Self::click`].
    pub fn type_text(&self, selector: &str, text: &str) -> Result<(), Error> {
        self.act(selector, TYPE, text)
    }

    /// Calls the function `action` with the element and `argument`.
    fn act(&self, selector: &str, action: &str, argument: &str) -> Result<(), Error> {
        self.act_in(PAGE, selector, action, argument)
    }

    fn act_in(
        &self,
        navigable: u32,
        selector: &str,
        action: &str,
        argument: &str,
    ) -> Result<(), Error> {
        let is_valid = self.visit(navigable, {
            let selector = selector.to_owned();
            move |tree, document| tree.query_selector(document, &selector).is_ok()
        })?;
        if !is_valid {
            return Err(Error::InvalidSelector(selector.to_owned()));
        }
        let script = format!(
            "(() => {{ const element = document.querySelector({}); if (!element) return false; ({action})(element, {}); return true; }})()",
            string_literal(selector),
            string_literal(argument),
        );
        if typed(self.evaluate_in(navigable, &script, self.options.timeout)?)? {
            Ok(())
        } else {
            Err(Error::NoElement(selector.to_owned()))
        }
    }

    /// The document as markup: HTML, or XML for an XML document. The doctype is whole and has a line of its own.
    ///
    /// # Errors
    /// [`Error::Closed`].
    pub fn content(&self) -> Result<String, Error> {
        self.with_document(|tree, document| crate::text::markup(tree, document))
    }

    /// The text of the document's body, as `textContent` has it; of the whole document if it has no body.
    ///
    /// There is no layout: text that style would hide is there, and so is the text of scripts left out.
    ///
    /// # Errors
    /// [`Error::Closed`].
    pub fn text(&self) -> Result<String, Error> {
        self.with_document(|tree, document| crate::text::visible_text(tree, document))
    }

    /// The document's title.
    ///
    /// # Errors
    /// [`Error::Closed`].
    pub fn title(&self) -> Result<String, Error> {
        self.with_document(|tree, document| tree.title(document))
    }

    /// The document's URL.
    ///
    /// # Errors
    /// [`Error::Closed`].
    pub fn url(&self) -> Result<String, Error> {
        self.with_document(|tree, document| tree.url(document).unwrap_or_default().to_owned())
    }

    /// Gives the tree and the document to `f`, on the page's thread, between two tasks.
    ///
    /// What `f` changes is a change like script's: scripts that it inserts run. A panic of `f` reaches the caller as
    /// [`Error::Closed`]; the page lives on.
    ///
    /// ```no_run
    /// # let browser = readystate::Browser::new(readystate::BrowserOptions::new())?;
    /// # let page = browser.new_page()?;
    /// let links = page.with_document(|tree, document| {
    ///     tree.descendants(document)
    ///         .filter_map(|node| tree.attribute(node, "href").map(str::to_owned))
    ///         .collect::<Vec<String>>()
    /// })?;
    /// # Ok::<(), readystate::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Closed`], [`Error::Timeout`] if the page's thread does not come to it in time.
    pub fn with_document<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Tree, NodeId) -> T + Send + 'static,
    ) -> Result<T, Error> {
        self.visit(PAGE, f)
    }

    pub(crate) fn visit<T: Send + 'static>(
        &self,
        navigable: u32,
        f: impl FnOnce(&mut Tree, NodeId) -> T + Send + 'static,
    ) -> Result<T, Error> {
        let deadline = Deadline::after(self.options.timeout);
        self.ask(deadline, |reply: Sender<Result<T, Error>>| {
            let visit = move |tree: &mut Tree, document| {
                // A caller who has gone wants no answer.
                drop(reply.send(Ok(f(tree, document))));
            };
            Command::VisitDocument(navigable, Box::new(visit))
        })
    }

    pub(crate) fn click_in(&self, navigable: u32, selector: &str) -> Result<(), Error> {
        self.act_in(navigable, selector, CLICK, "")
    }

    pub(crate) fn fill_in(&self, navigable: u32, selector: &str, value: &str) -> Result<(), Error> {
        self.act_in(navigable, selector, FILL, value)
    }

    /// Has `handler` asked about each request that matches `pattern` before it is sent: documents, scripts, frames, XHR in both
    /// modes, `fetch()`, again for each redirect.
    ///
    /// The latest route is asked first; one that calls [`Route::fallback`] leaves the request to the next. What a route answers needs
    /// no network, no preflight and no cache. The handler runs on a thread of the request, also while the page's own thread waits
    /// in a synchronous request: it must not call the page. It may keep the [`Route`] and decide later. If it panics the
    /// request fails, and nothing else.
    ///
    /// ```no_run
    /// use readystate::{AbortReason, Browser, BrowserOptions, Changes, Fulfillment};
    ///
    /// let browser = Browser::new(BrowserOptions::new())?;
    /// let page = browser.new_page()?;
    /// page.route("**/api/names", |route| {
    ///     route.fulfill(Fulfillment::json(&["Ada", "Grace"]));
    /// })?;
    /// page.route("**/*.{png,jpg}", |route| route.abort(AbortReason::BlockedByClient))?;
    /// page.route("https://example.com/**", |route| {
    ///     route.continue_with(Changes::new().header("X-Test", "1"));
    /// })?;
    /// page.goto("https://example.com/")?;
    /// # Ok::<(), readystate::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidPattern`] if the pattern is none.
    pub fn route<P>(
        &self,
        pattern: P,
        handler: impl Fn(Route) + Send + Sync + 'static,
    ) -> Result<RouteId, Error>
    where
        P: TryInto<RoutePattern>,
        Error: From<P::Error>,
    {
        Ok(self.routes.add(pattern.try_into()?, handler))
    }

    /// Takes a route of this page away; `false` if it is not there any more. Requests that wait for its decision go on waiting.
    #[allow(
        clippy::must_use_candidate,
        reason = "whether the route was there is of little interest"
    )]
    pub fn unroute(&self, route: RouteId) -> bool {
        self.routes.remove(route)
    }

    /// Takes all routes of this page away.
    pub fn unroute_all(&self) {
        self.routes.clear();
    }

    /// The console lines so far, the engine's own warnings among them, oldest first.
    #[must_use]
    pub fn console(&self) -> Vec<ConsoleLine> {
        self.events.console()
    }

    /// The requests that are over, oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.events.requests()
    }

    /// The exceptions and rejections that the page did not handle.
    #[must_use]
    pub fn exceptions(&self) -> Vec<ExceptionReport> {
        self.events.exceptions()
    }

    /// The limits that were hit, with what ran into them.
    #[must_use]
    pub fn limits_hit(&self) -> Vec<(Limit, String)> {
        self.events.limits()
    }

    /// What keeps the page from being settled now, and what else it is busy with.
    ///
    /// # Errors
    /// [`Error::Closed`], [`Error::Timeout`] if the page's thread does not come to it in time.
    pub fn pending(&self) -> Result<Pending, Error> {
        let deadline = Deadline::after(self.options.timeout);
        self.ask(deadline, |reply| Command::Pending { reply })
    }

    /// How long a call may take.
    pub(crate) fn timeout(&self) -> Duration {
        self.options.timeout
    }

    /// Closes the page: ends its script and its requests. Dropping the page does the same.
    pub fn close(self) {}

    /// Sends a command and waits for its answer.
    pub(crate) fn ask<T>(
        &self,
        deadline: Deadline,
        command: impl FnOnce(Sender<Result<T, Error>>) -> Command,
    ) -> Result<T, Error> {
        let (reply, answer) = channel();
        self.sender
            .send(Input::Command(command(reply)))
            .map_err(|_| Error::Closed)?;
        loop {
            match answer.recv_timeout(LOOK) {
                Ok(answer) => return answer,
                Err(RecvTimeoutError::Disconnected) => return Err(Error::Closed),
                Err(RecvTimeoutError::Timeout) => {
                    let is_late = deadline.at.elapsed() > GRACE;
                    if is_late || self.unresponsive.load(Ordering::SeqCst) {
                        return Err(Error::Unresponsive {
                            limit: self.limit_in_force(is_late),
                        });
                    }
                }
            }
        }
    }
}

impl Page {
    /// Why script was told to stop.
    fn limit_in_force(&self, is_late: bool) -> Limit {
        let interrupter = self
            .interrupter
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        match interrupter.as_ref().and_then(Interrupter::reason) {
            Some(InterruptReason::Memory) => Limit::Heap,
            Some(_) if !is_late => Limit::ScriptTime,
            _ => Limit::Timeout,
        }
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        // The thread may have ended; then there is nobody to tell.
        drop(self.sender.send(Input::Command(Command::Close)));
        if let Some(interrupter) = &*self
            .interrupter
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
        {
            interrupter.interrupt(InterruptReason::Closed);
        }
        // A thread whose script cannot be stopped is left behind.
        let patience = if self.unresponsive.load(Ordering::SeqCst) {
            LOOK
        } else {
            GRACE
        };
        let has_ended = self
            .ended
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
            .recv_timeout(patience)
            == Err(RecvTimeoutError::Disconnected);
        if has_ended && let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

const CLICK: &str = "element => {
  const init = { bubbles: true, cancelable: true, composed: true, view: window, detail: 1 };
  const Mouse = typeof MouseEvent === 'function' ? MouseEvent : Event;
  element.dispatchEvent(new Mouse('mousedown', init));
  if (typeof element.focus === 'function') element.focus();
  element.dispatchEvent(new Mouse('mouseup', init));
  if (typeof element.click === 'function') element.click();
  else element.dispatchEvent(new Mouse('click', init));
}";

const FILL: &str = "(element, value) => {
  if (typeof element.focus === 'function') element.focus();
  if ('value' in element) element.value = value; else element.textContent = value;
  element.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
  element.dispatchEvent(new Event('change', { bubbles: true }));
}";

const TYPE: &str = "(element, text) => {
  const Key = typeof KeyboardEvent === 'function' ? KeyboardEvent : Event;
  if (typeof element.focus === 'function') element.focus();
  for (const key of text) {
    const init = { key, bubbles: true, cancelable: true, composed: true };
    const proceed = element.dispatchEvent(new Key('keydown', init));
    if (proceed) {
      if ('value' in element) element.value += key; else element.textContent += key;
      element.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
    }
    element.dispatchEvent(new Key('keyup', init));
  }
  element.dispatchEvent(new Event('change', { bubbles: true }));
}";

/// The value of an evaluation as a Rust value.
pub(crate) fn typed<T: DeserializeOwned>(value: Evaluation) -> Result<T, Error> {
    Ok(match value {
        Evaluation::String(string) => serde_json::from_value(string.into())?,
        Evaluation::Json(json) => serde_json::from_str(&json)?,
        _ => serde_json::from_value(serde_json::Value::Null)?,
    })
}

/// The value of an evaluation as text.
pub(crate) fn as_text(value: Evaluation) -> String {
    match value {
        Evaluation::String(string) => string,
        Evaluation::Json(json) => json,
        _ => "undefined".to_owned(),
    }
}

fn parse_url(url: &str) -> Result<Url, Error> {
    Url::parse(url).map_err(|error| Error::InvalidTarget {
        target: url.to_owned(),
        reason: error.to_string(),
    })
}

/// A JavaScript string literal; JSON's is one.
fn string_literal(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
