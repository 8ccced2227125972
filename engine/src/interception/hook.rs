//! What Fetch asks about the requests of a page.

use std::sync::{Arc, Mutex, PoisonError};

use readystate_xhr::fetch::FetchController;
use readystate_xhr::interception::{InterceptedRequest, Interception, Interceptor};
use readystate_xhr::{NetworkError, Origin};

use super::{Glob, RouteList, RouteRequest};
use crate::har::HarReplay;

/// Where the page's own folder server is, whose files are no network.
#[derive(Clone, Debug, Default)]
pub(crate) struct OwnServer(Arc<Mutex<Option<Origin>>>);

impl OwnServer {
    pub(crate) fn set(&self, origin: Origin) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(origin);
    }

    fn is(&self, origin: &Origin) -> bool {
        let own = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        own.as_ref().is_some_and(|own| own.same_origin(origin))
    }
}

/// The hook of one page.
pub(crate) struct PageHook {
    pub(crate) page: RouteList,
    pub(crate) browser: RouteList,
    pub(crate) block: Arc<[Glob]>,
    pub(crate) replay: Option<Arc<HarReplay>>,
    pub(crate) own_server: OwnServer,
}

impl Interceptor for PageHook {
    fn intercept(
        &self,
        request: &InterceptedRequest<'_>,
        controller: &FetchController,
    ) -> Interception {
        let url = request.info.url;
        if let Some(glob) = self.block.iter().find(|glob| glob.matches(url.as_str())) {
            let detail = format!("the pattern {}", glob.text());
            return Interception::Fail(NetworkError::Intercepted(detail));
        }
        if !self.page.is_empty() || !self.browser.is_empty() {
            let seen = RouteRequest::new(request);
            for routes in [&self.page, &self.browser] {
                if let Some(decision) = routes.decide(&seen, controller) {
                    return decision;
                }
            }
        }
        match &self.replay {
            Some(replay) if !self.own_server.is(&Origin::of(url)) => replay.answer(request),
            _ => Interception::unchanged(),
        }
    }
}
