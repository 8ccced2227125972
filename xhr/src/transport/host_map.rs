//! Connecting somewhere else than the URL says.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;
use url::Host;

use super::dial::Target;
use crate::error::NetworkError;

/// Requests to one host are connected to another, as by curl's `--connect-to`. The URL, `Host` and the name in the certificate stay.
///
/// Written `HOST[:PORT]=ADDRESS[:PORT]`. `HOST` may be `*` for any and `*.example.com` for any below it; without a port it is every
/// port. Without a port the address is asked at the URL's. IPv6 addresses stand in brackets. The address policy looks at what
/// is connected to. A proxy is asked for the address by CONNECT.
///
/// ```
/// use readystate_xhr::transport::host_map::HostMapping;
/// assert!("example.com:443=127.0.0.1:8443".parse::<HostMapping>().is_ok());
/// assert!("example.com".parse::<HostMapping>().is_err());
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct HostMapping {
    from: From,
    from_port: Option<u16>,
    to: Host<String>,
    to_port: Option<u16>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
enum From {
    Any,
    Below(String),
    Host(Host<String>),
}

/// Not of the form `HOST[:PORT]=ADDRESS[:PORT]`.
#[derive(Clone, Debug, Eq, PartialEq, Error)]
pub struct InvalidMapping(&'static str);

impl fmt::Display for InvalidMapping {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "not of the form HOST[:PORT]=ADDRESS[:PORT]: {}",
            self.0
        )
    }
}

impl FromStr for HostMapping {
    type Err = InvalidMapping;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (from, to) = text
            .split_once('=')
            .ok_or(InvalidMapping("there is no ="))?;
        let (from, from_port) = host_and_port(from)?;
        let (to, to_port) = host_and_port(to)?;
        let host = |host: &str| {
            Host::parse(host).map_err(|_| InvalidMapping("a host is not a name or an address"))
        };
        let from = match from.strip_prefix("*.") {
            _ if from == "*" => From::Any,
            Some(domain) => match host(domain)? {
                Host::Domain(domain) => From::Below(domain),
                _ => return Err(InvalidMapping("there is nothing below an address")),
            },
            None => From::Host(host(from)?),
        };
        Ok(Self {
            from,
            from_port,
            to: host(to)?,
            to_port,
        })
    }
}

impl HostMapping {
    fn applies_to(&self, target: &Target) -> bool {
        let is_host = match &self.from {
            From::Any => true,
            From::Host(host) => *host == target.host,
            From::Below(domain) => matches!(
                &target.host,
                Host::Domain(host) if host
                    .strip_suffix(domain.as_str())
                    .is_some_and(|rest| rest.ends_with('.'))
            ),
        };
        is_host && self.from_port.is_none_or(|port| port == target.port)
    }
}

/// What to connect to for `target`, if that is not `target` itself.
pub(super) fn mapped(map: &[HostMapping], target: &Target) -> Option<Target> {
    let mapping = map.iter().find(|mapping| mapping.applies_to(target))?;
    Some(Target {
        host: mapping.to.clone(),
        port: mapping.to_port.unwrap_or(target.port),
        is_tls: target.is_tls,
    })
}

/// An error about the address that a mapping leads to, named after the host that was asked for.
pub(super) fn name_after(target: &Target, error: NetworkError) -> NetworkError {
    match error {
        NetworkError::AddressRefused { address, .. } => NetworkError::AddressRefused {
            host: target.host.to_string(),
            address,
        },
        other => other,
    }
}

fn host_and_port(text: &str) -> Result<(&str, Option<u16>), InvalidMapping> {
    // A colon within brackets is part of the address.
    let after_brackets = text.rfind(']').map_or(0, |at| at + 1);
    let colon = text
        .get(after_brackets..)
        .and_then(|rest| rest.rfind(':'))
        .map(|at| at + after_brackets);
    match colon.and_then(|at| text.split_at_checked(at)) {
        Some((host, port)) => {
            let port = port.trim_start_matches(':').parse();
            Ok((
                host,
                Some(port.map_err(|_| InvalidMapping("a port is not a number"))?),
            ))
        }
        None => Ok((text, None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(map: &[&str], url: &str, expected: &str) {
        let map: Vec<HostMapping> = map
            .iter()
            .map(|text| text.parse().expect("a mapping"))
            .collect();
        let target = Target::of(&url.parse().expect("a URL")).expect("a target");
        let to = mapped(&map, &target).map(|target| target.to_string());
        assert_eq!(to.as_deref().unwrap_or("unchanged"), expected);
    }

    #[test]
    fn the_first_mapping_that_fits_is_taken() {
        let map = [
            "a.test:81=10.0.0.1:1",
            "A.TEST=10.0.0.2",
            "*.b.test=c.test:90",
        ];
        check(&map, "http://a.test:81/", "10.0.0.1:1");
        check(&map, "https://a.test/", "10.0.0.2:443");
        check(&map, "http://x.y.b.test/", "c.test:90");
        check(&map, "http://b.test/", "unchanged");
        check(&map, "http://xb.test/", "unchanged");
        check(&["*=[::1]:7"], "http://anything/", "[::1]:7");
        check(&["[::1]:80=d.test"], "http://[0:0::1]/", "d.test:80");
    }

    #[test]
    fn what_is_no_mapping_is_refused() {
        for text in [
            "",
            "a",
            "=",
            "a=",
            "=b",
            "a:x=b",
            "a=b:70000",
            "*.1.2.3.4=b",
            "a b=c",
        ] {
            assert!(text.parse::<HostMapping>().is_err(), "{text:?}");
        }
    }
}
