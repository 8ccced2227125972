//! Which addresses a page may reach: private ones only from a page that is itself private.
//!
//! Every connection is looked at after name resolution, by `xhr`; here is decided which rule it is looked at by.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use readystate_xhr::NetworkError;
use readystate_xhr::environment::{AddressPolicy, is_public};
use readystate_xhr::origin::is_localhost;
use url::{Host, Url};

use crate::config::PrivateAddresses;
use crate::navigation::Navigation;
use crate::page_thread::PageThread;

impl PageThread {
    /// The rule for a navigation that the user asked for: what they name is open to them.
    pub(crate) fn open_for_user(&self, navigation: &Navigation) {
        let is_open = self.browser.options.private_addresses == PrivateAddresses::Allow
            || is_private_host(&navigation.url)
            || navigation.is_private_name;
        self.apply_address_policy(if is_open {
            AddressPolicy::AllowAll
        } else {
            AddressPolicy::DenyPrivate
        });
    }

    /// Whether the user named a host of the private network by name: allowed, for the user knows what they ask for.
    pub(crate) fn may_be_private_name(
        &self,
        navigation: &Navigation,
        error: &NetworkError,
    ) -> bool {
        navigation.by_user
            && !navigation.is_private_name
            && matches!(
                error,
                NetworkError::AddressRefused { host, .. }
                    if navigation.url.host_str().is_some_and(|own| host.starts_with(own))
            )
    }

    /// Opens private addresses to a page that is itself private, and closes them to every other.
    pub(crate) fn set_address_policy(&self, url: &Url, remote: Option<SocketAddr>) {
        let is_local = match remote {
            Some(address) => !is_public(address.ip()),
            None => is_private_host(url),
        };
        let allow = is_local || self.browser.options.private_addresses == PrivateAddresses::Allow;
        self.apply_address_policy(if allow {
            AddressPolicy::AllowAll
        } else {
            AddressPolicy::DenyPrivate
        });
    }

    fn apply_address_policy(&self, policy: AddressPolicy) {
        let current = self.network.environment();
        if current.address_policy != policy {
            let mut environment = (*current).clone();
            environment.address_policy = policy;
            self.network.set_environment(Arc::new(environment));
        }
    }
}

/// Whether the URL itself says that its host is of the private network: a literal address, or `localhost`.
fn is_private_host(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => !is_public(IpAddr::V4(address)),
        Some(Host::Ipv6(address)) => !is_public(IpAddr::V6(address)),
        Some(Host::Domain(domain)) => is_localhost(domain),
        None => false,
    }
}
