//! Proxies named by environment variables, as curl reads them.

use crate::error::Error;

/// What the variables say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ProxyEnvironment {
    /// `all_proxy`.
    pub(crate) all: Option<String>,
    /// `http_proxy`; in lower case only, for a CGI program gets the upper-case one from its client's headers.
    pub(crate) http: Option<String>,
    /// `https_proxy`.
    pub(crate) https: Option<String>,
    /// `no_proxy`, cut at commas and spaces.
    pub(crate) no_proxy: Vec<String>,
}

impl ProxyEnvironment {
    /// Reads the variables of the process.
    ///
    /// # Errors
    /// [`Error::InvalidTarget`] for one that is not text.
    pub(crate) fn read() -> Result<Self, Error> {
        Self::from_variables(|name| match std::env::var(name) {
            Ok(value) => Ok(Some(value)),
            Err(std::env::VarError::NotPresent) => Ok(None),
            Err(error) => Err(Error::InvalidTarget {
                target: name.to_owned(),
                reason: error.to_string(),
            }),
        })
    }

    fn from_variables(read: impl Fn(&str) -> Result<Option<String>, Error>) -> Result<Self, Error> {
        let first = |names: &[&str]| -> Result<Option<String>, Error> {
            for name in names {
                if let Some(value) = read(name)?.filter(|value| !value.trim().is_empty()) {
                    return Ok(Some(value.trim().to_owned()));
                }
            }
            Ok(None)
        };
        Ok(Self {
            all: first(&["all_proxy", "ALL_PROXY"])?,
            http: first(&["http_proxy"])?,
            https: first(&["https_proxy", "HTTPS_PROXY"])?,
            no_proxy: first(&["no_proxy", "NO_PROXY"])?
                .map(|list| no_proxy_list(&list))
                .unwrap_or_default(),
        })
    }
}

/// The entries of a `no_proxy` list.
pub(crate) fn no_proxy_list(list: &str) -> Vec<String> {
    list.split([',', ' '])
        .filter(|entry| !entry.is_empty())
        .map(str::to_owned)
        .collect()
}
