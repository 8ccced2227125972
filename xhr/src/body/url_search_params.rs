//! `URLSearchParams` and `application/x-www-form-urlencoded`.
//!
//! Standard: URL, <https://url.spec.whatwg.org/#interface-urlsearchparams>, as of July 2026.

use url::form_urlencoded;

/// A list of names and values.
///
/// ```
/// use readystate_xhr::body::UrlSearchParams;
///
/// let mut params = UrlSearchParams::parse("?b=2&a=%C3%A9+1");
/// params.sort();
/// assert_eq!(params.serialize(), "a=%C3%A9+1&b=2");
/// ```
///
/// Standard: <https://url.spec.whatwg.org/#concept-urlsearchparams-list>
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct UrlSearchParams {
    list: Vec<(String, String)>,
}

impl UrlSearchParams {
    /// Parses a query, with or without its leading `?`.
    ///
    /// Standard: <https://url.spec.whatwg.org/#concept-urlencoded-string-parser>
    #[must_use]
    pub fn parse(input: &str) -> Self {
        let input = input.strip_prefix('?').unwrap_or(input);
        form_urlencoded::parse(input.as_bytes())
            .into_owned()
            .collect()
    }

    /// The list in `application/x-www-form-urlencoded` form, without `?`.
    ///
    /// Standard: <https://url.spec.whatwg.org/#concept-urlencoded-serializer>
    #[must_use]
    pub fn serialize(&self) -> String {
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&self.list)
            .finish()
    }

    /// Sorts by name in UTF-16 code units; entries of one name keep their order.
    ///
    /// Standard: <https://url.spec.whatwg.org/#dom-urlsearchparams-sort>
    pub fn sort(&mut self) {
        self.list
            .sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
    }

    /// Names and values in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.list
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl FromIterator<(String, String)> for UrlSearchParams {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(pairs: I) -> Self {
        Self {
            list: pairs.into_iter().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(input: &str, expected: &[(&str, &str)], serialized: &str) {
        let params = UrlSearchParams::parse(input);
        assert_eq!(params.iter().collect::<Vec<_>>(), expected, "{input:?}");
        assert_eq!(params.serialize(), serialized, "{input:?}");
    }

    #[test]
    fn parsing_and_serializing() {
        check("", &[], "");
        check("?", &[], "");
        check("a=b&a=c", &[("a", "b"), ("a", "c")], "a=b&a=c");
        check("a&&=b&=", &[("a", ""), ("", "b"), ("", "")], "a=&=b&=");
        check("a=b=c+d%20e", &[("a", "b=c d e")], "a=b%3Dc+d+e");
        check("a=%zz%4", &[("a", "%zz%4")], "a=%25zz%254");
        check("a=%FF", &[("a", "\u{FFFD}")], "a=%EF%BF%BD");
        check("a=*-._~!", &[("a", "*-._~!")], "a=*-._%7E%21");
        check("??a=b", &[("?a", "b")], "%3Fa=b");
    }

    #[test]
    fn sort_is_stable_and_by_utf_16_code_units() {
        let mut params = UrlSearchParams::parse("ﬃ=&🌈=&z=b&a=b&z=a&a=a");
        params.sort();
        let names: Vec<_> = params.iter().collect();
        assert_eq!(
            names,
            [
                ("a", "b"),
                ("a", "a"),
                ("z", "b"),
                ("z", "a"),
                ("🌈", ""),
                ("ﬃ", "")
            ]
        );
    }
}
