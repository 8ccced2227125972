//! Windows that a page has opened, as its handle sees them.

use std::time::Duration;

use serde::de::DeserializeOwned;

use crate::error::Error;
use crate::page::{Page, as_text, typed};

/// A window that script of a page has opened.
///
/// It lives in the page's thread. Its calls end with [`Error::Closed`] once it is closed.
///
/// ```no_run
/// # let browser = readystate::Browser::new(readystate::BrowserOptions::new())?;
/// let page = browser.new_page()?;
/// page.goto("https://example.com/")?;
/// page.click("#sign-in")?;
/// page.wait_until_settled()?;
/// for popup in page.popups()? {
///     popup.fill("#user", "ada")?;
///     popup.click("button")?;
/// }
/// # Ok::<(), readystate::Error>(())
/// ```
#[derive(Debug)]
pub struct Popup<'a> {
    page: &'a Page,
    number: u32,
}

impl<'a> Popup<'a> {
    pub(crate) const fn new(page: &'a Page, number: u32) -> Self {
        Self { page, number }
    }

    /// Its number, which no other window of the page's document has.
    #[must_use]
    pub const fn number(&self) -> u32 {
        self.number
    }

    /// Evaluates script in it; see [`Page::evaluate`].
    ///
    /// # Errors
    /// As [`Page::evaluate`].
    pub fn evaluate<T: DeserializeOwned>(&self, script: &str) -> Result<T, Error> {
        typed(
            self.page
                .evaluate_in(self.number, script, self.page.timeout())?,
        )
    }

    /// Evaluates script in it and gives the value as text; see [`Page::evaluate_to_text`].
    ///
    /// # Errors
    /// As [`Page::evaluate`].
    pub fn evaluate_to_text(&self, script: &str, timeout: Duration) -> Result<String, Error> {
        Ok(as_text(self.page.evaluate_in(
            self.number,
            script,
            timeout,
        )?))
    }

    /// Its document's URL.
    ///
    /// # Errors
    /// [`Error::Closed`].
    pub fn url(&self) -> Result<String, Error> {
        self.page.visit(self.number, |tree, document| {
            tree.url(document).unwrap_or_default().to_owned()
        })
    }

    /// Its document's title.
    ///
    /// # Errors
    /// [`Error::Closed`].
    pub fn title(&self) -> Result<String, Error> {
        self.page
            .visit(self.number, |tree, document| tree.title(document))
    }

    /// Its document as markup; see [`Page::content`].
    ///
    /// # Errors
    /// [`Error::Closed`].
    pub fn content(&self) -> Result<String, Error> {
        self.page.visit(self.number, |tree, document| {
            crate::text::markup(tree, document)
        })
    }

    /// Its document's text; see [`Page::text`].
    ///
    /// # Errors
    /// [`Error::Closed`].
    pub fn text(&self) -> Result<String, Error> {
        self.page.visit(self.number, |tree, document| {
            crate::text::visible_text(tree, document)
        })
    }

    /// Clicks an element in it; see [`Page::click`].
    ///
    /// # Errors
    /// As [`Page::click`].
    pub fn click(&self, selector: &str) -> Result<(), Error> {
        self.page.click_in(self.number, selector)
    }

    /// Fills a field in it; see [`Page::fill`].
    ///
    /// # Errors
    /// As [`Page::click`].
    pub fn fill(&self, selector: &str, value: &str) -> Result<(), Error> {
        self.page.fill_in(self.number, selector, value)
    }

    /// Closes it, as its user would: `beforeunload` is fired, then `unload`.
    ///
    /// # Errors
    /// [`Error::Closed`] if the page is closed.
    pub fn close(self) -> Result<(), Error> {
        self.page.close_popup(self.number)
    }
}
