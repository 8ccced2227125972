//! Challenges: what `WWW-Authenticate` asks for.
//!
//! Standard: <https://httpwg.org/specs/rfc9110.html#auth.params>

use super::{HeaderList, is_token, trim_http_tab_or_space};

/// One challenge: a scheme and its parameters.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Challenge {
    /// The scheme, lower-case.
    pub scheme: String,
    /// Parameters in order, names lower-case, values unquoted.
    pub parameters: Vec<(String, String)>,
}

impl Challenge {
    /// More challenges than these are not looked at.
    const MAX: usize = 32;

    /// The value of the first parameter called `name` (lower-case).
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters
            .iter()
            .find(|(other, _)| other == name)
            .map(|(_, value)| value.as_str())
    }

    /// The challenges of all headers called `name`. What does not parse is skipped.
    #[must_use]
    pub fn parse_all(headers: &HeaderList, name: &str) -> Vec<Self> {
        let mut challenges: Vec<Self> = Vec::new();
        for value in headers.get_all(name) {
            let value = String::from_utf8_lossy(value);
            let mut has_scheme = false;
            for part in split_on_commas(&value) {
                let part = trim(part);
                // A part that begins with two tokens, or is one token alone, begins a challenge.
                let end = part.find([' ', '\t', '=']).unwrap_or(part.len());
                let (token, rest) = part.split_at_checked(end).unwrap_or((part, ""));
                let rest = trim(rest);
                if !is_token(token.as_bytes()) {
                    continue;
                }
                let parameters = if rest.starts_with('=') {
                    part
                } else {
                    if challenges.len() >= Self::MAX {
                        return challenges;
                    }
                    has_scheme = true;
                    challenges.push(Self {
                        scheme: token.to_ascii_lowercase(),
                        parameters: Vec::new(),
                    });
                    rest
                };
                // Parameters before any scheme belong to nothing.
                if !has_scheme {
                    continue;
                }
                if let (Some(challenge), Some(parameter)) =
                    (challenges.last_mut(), parse_parameter(parameters))
                {
                    challenge.parameters.push(parameter);
                }
            }
        }
        challenges
    }
}

/// Splits on commas outside quoted strings.
fn split_on_commas(value: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut is_quoted, mut is_escaped) = (0, false, false);
    for (at, byte) in value.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_quoted => is_escaped = true,
            b'"' => is_quoted = !is_quoted,
            b',' if !is_quoted => {
                parts.push(value.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(value.get(start..).unwrap_or_default());
    parts
}

fn parse_parameter(text: &str) -> Option<(String, String)> {
    let (name, value) = text.split_once('=')?;
    let name = trim(name);
    if !is_token(name.as_bytes()) {
        return None;
    }
    let value = trim(value);
    let value = match value.strip_prefix('"') {
        None => value.to_owned(),
        Some(quoted) => {
            let mut unquoted = String::new();
            let mut characters = quoted.chars();
            while let Some(character) = characters.next() {
                match character {
                    '"' => break,
                    '\\' => unquoted.extend(characters.next()),
                    other => unquoted.push(other),
                }
            }
            unquoted
        }
    };
    Some((name.to_ascii_lowercase(), value))
}

fn trim(text: &str) -> &str {
    std::str::from_utf8(trim_http_tab_or_space(text.as_bytes())).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn parse(values: &[&str]) -> Vec<Challenge> {
        let headers = values
            .iter()
            .map(|value| ("WWW-Authenticate", value))
            .collect();
        Challenge::parse_all(&headers, "www-authenticate")
    }

    #[test]
    fn challenges_of_one_or_several_headers() {
        let challenges = parse(&[
            "Digest realm=\"a, \\\"b\\\"\", nonce = x , qop=\"auth,auth-int\", BASIC realm=c",
            "Negotiate",
            "Bearer realm=\"d\"",
        ]);
        let schemes: Vec<_> = challenges.iter().map(|one| one.scheme.as_str()).collect();
        assert_eq!(schemes, ["digest", "basic", "negotiate", "bearer"]);
        assert_eq!(challenges[0].parameter("realm"), Some("a, \"b\""));
        assert_eq!(challenges[0].parameter("nonce"), Some("x"));
        assert_eq!(challenges[0].parameter("qop"), Some("auth,auth-int"));
        assert_eq!(challenges[1].parameter("realm"), Some("c"));
    }

    #[test]
    fn what_does_not_parse_is_skipped() {
        assert!(parse(&["", ",,", "realm=\"x\"", "\"Basic\""]).is_empty());
        assert_eq!(
            parse(&["Basic realm=\"open"])[0].parameter("realm"),
            Some("open")
        );
        assert_eq!(parse(&[&"a ,".repeat(100)]).len(), Challenge::MAX);
    }
}
