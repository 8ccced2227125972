//! Digest authentication: MD5 and SHA-256, with and without `-sess`, quality of protection `auth` or none.
//!
//! Standard: <https://www.rfc-editor.org/rfc/rfc7616>

use ring::digest::{SHA256, digest};

use super::challenge::Challenge;

/// What a Digest challenge asks for, as far as it can be answered.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct DigestChallenge {
    pub(crate) realm: String,
    nonce: String,
    opaque: Option<String>,
    algorithm: Algorithm,
    /// The algorithm as the server spells it; `None` if it does not.
    algorithm_name: Option<String>,
    is_session: bool,
    /// Whether the server offers `auth`; otherwise none of its offers can be used, or it offers none.
    has_auth: bool,
    /// Whether the answer to an earlier challenge was right but for its age.
    pub(crate) is_stale: bool,
}

/// Algorithms, weakest first.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Algorithm {
    Md5,
    Sha256,
}

impl DigestChallenge {
    /// `None` if the challenge is not Digest, or wants an algorithm or a quality of protection that there is not.
    pub(crate) fn of(challenge: &Challenge) -> Option<Self> {
        if challenge.scheme != "digest" {
            return None;
        }
        let algorithm_name = challenge.parameter("algorithm");
        let name = algorithm_name.unwrap_or("MD5").to_ascii_lowercase();
        let (name, is_session) = match name.strip_suffix("-sess") {
            Some(name) => (name, true),
            None => (name.as_str(), false),
        };
        let algorithm = match name {
            "md5" => Algorithm::Md5,
            "sha-256" => Algorithm::Sha256,
            _ => return None,
        };
        let has_auth = match challenge.parameter("qop") {
            None => false,
            Some(offers)
                if offers
                    .split(',')
                    .any(|one| one.trim().eq_ignore_ascii_case("auth")) =>
            {
                true
            }
            Some(_) => return None,
        };
        Some(Self {
            realm: challenge.parameter("realm")?.to_owned(),
            nonce: challenge.parameter("nonce")?.to_owned(),
            opaque: challenge.parameter("opaque").map(str::to_owned),
            algorithm,
            algorithm_name: algorithm_name.map(str::to_owned),
            is_session,
            has_auth,
            is_stale: challenge
                .parameter("stale")
                .is_some_and(|stale| stale.eq_ignore_ascii_case("true")),
        })
    }

    pub(crate) const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The `Authorization` value for a request with this method and target. `count` is how often the nonce has been used,
    /// this time included; `cnonce` is the client's own nonce.
    ///
    /// Standard: <https://www.rfc-editor.org/rfc/rfc7616#section-3.4>
    pub(crate) fn authorization(
        &self,
        username: &str,
        password: &str,
        method: &str,
        target: &str,
        count: u32,
        cnonce: &str,
    ) -> String {
        let hash = |text: String| self.algorithm.hex(text.as_bytes());
        let Self { realm, nonce, .. } = self;
        // 3.4.2. A1.
        let mut secret = hash(format!("{username}:{realm}:{password}"));
        if self.is_session {
            secret = hash(format!("{secret}:{nonce}:{cnonce}"));
        }
        // 3.4.3. A2.
        let request = hash(format!("{method}:{target}"));
        // 3.4.1. The response.
        let response = if self.has_auth {
            hash(format!(
                "{secret}:{nonce}:{count:08x}:{cnonce}:auth:{request}"
            ))
        } else {
            hash(format!("{secret}:{nonce}:{request}"))
        };
        let mut value = format!(
            "Digest username={}, realm={}, nonce={}, uri={}, response=\"{response}\"",
            quote(username),
            quote(realm),
            quote(nonce),
            quote(target),
        );
        if let Some(name) = &self.algorithm_name {
            value.push_str(&format!(", algorithm={}", token(name)));
        }
        if let Some(opaque) = &self.opaque {
            value.push_str(&format!(", opaque={}", quote(opaque)));
        }
        if self.has_auth {
            value.push_str(&format!(", qop=auth, nc={count:08x}"));
        }
        if self.has_auth || self.is_session {
            value.push_str(&format!(", cnonce={}", quote(cnonce)));
        }
        value
    }
}

impl Algorithm {
    fn hex(self, bytes: &[u8]) -> String {
        match self {
            Self::Md5 => hex(&md5::compute(bytes).0),
            Self::Sha256 => hex(digest(&SHA256, bytes).as_ref()),
        }
    }
}

/// `bytes` in lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A quoted string. Line ends cannot stand in one, so they are left out.
fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '\r' | '\n' | '\0' => continue,
            '"' | '\\' => quoted.push('\\'),
            _ => {}
        }
        quoted.push(character);
    }
    quoted.push('"');
    quoted
}

fn token(text: &str) -> String {
    text.chars()
        .filter(|character| character.is_ascii_alphanumeric() || *character == '-')
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::HeaderList;

    #[track_caller]
    fn challenge(value: &str) -> Option<DigestChallenge> {
        let headers: HeaderList = [("WWW-Authenticate", value)].into_iter().collect();
        let challenges = Challenge::parse_all(&headers, "www-authenticate");
        DigestChallenge::of(challenges.first().expect("a challenge"))
    }

    /// The example of RFC 7616, section 3.9.1.
    fn example(algorithm: &str) -> String {
        let challenge = challenge(&format!(
            "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm={algorithm}, \
             nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\""
        ))
        .expect("a known algorithm");
        challenge.authorization(
            "Mufasa",
            "Circle of Life",
            "GET",
            "/dir/index.html",
            1,
            "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
        )
    }

    #[test]
    fn the_examples_of_the_standard() {
        let sha = example("SHA-256");
        let response = "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1";
        assert!(sha.contains(&format!("response=\"{response}\"")), "{sha}");
        assert!(sha.contains("qop=auth, nc=00000001, cnonce=\"f2/"), "{sha}");
        assert!(sha.contains("algorithm=SHA-256, opaque=\"FQhe"), "{sha}");
        let md5 = example("MD5");
        assert!(
            md5.contains("response=\"8ca523f5e9506fed4657c9700eebdbec\""),
            "{md5}"
        );
    }

    #[test]
    fn the_example_of_rfc_2617_and_one_without_qop() {
        let nonce = "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\"";
        let answer = |parameters: &str| {
            challenge(&format!(
                "Digest realm=\"testrealm@host.com\", {nonce}{parameters}"
            ))
            .expect("a known algorithm")
            .authorization(
                "Mufasa",
                "Circle Of Life",
                "GET",
                "/dir/index.html",
                1,
                "0a4f113b",
            )
        };
        let with = answer(", qop=auth");
        assert!(
            with.contains("response=\"6629fae49393a05397450978507c4ef1\""),
            "{with}"
        );
        let without = answer("");
        assert!(
            without.contains("response=\"670fd8c2df070c60b045671b8b24ff02\""),
            "{without}"
        );
        assert!(
            !without.contains("cnonce") && !without.contains("algorithm"),
            "{without}"
        );
    }

    #[test]
    fn what_cannot_be_answered_is_none_and_quotes_are_escaped() {
        for value in [
            "Basic realm=x",
            "Digest realm=x",
            "Digest realm=x, nonce=y, algorithm=SHA-512-256",
            "Digest realm=x, nonce=y, qop=\"auth-int\"",
        ] {
            assert_eq!(challenge(value), None, "{value}");
        }
        let stale = challenge("Digest realm=\"a\\\"b\", nonce=y, stale=TRUE").expect("Digest");
        assert!(stale.is_stale);
        let value = stale.authorization("u\"\r\n", "p", "GET", "/", 1, "c");
        assert!(
            value.starts_with("Digest username=\"u\\\"\", realm=\"a\\\"b\","),
            "{value}"
        );
    }
}
