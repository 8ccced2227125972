//! MIME types: record, parser, serializer, and the groups the platform knows.
//!
//! Standard: MIME Sniffing, <https://mimesniff.spec.whatwg.org/>, as of July 2026.

use std::fmt;

use crate::http::{HeaderList, is_http_whitespace, is_token, isomorphic_decode};

/// A MIME type: type, subtype and parameters in order of appearance.
///
/// Types and subtypes are ASCII lower-case tokens; parameter names are lower-case and unique. Displaying one gives its
/// serialization.
///
/// ```
/// use readystate_xhr::mime::MimeType;
///
/// let mime_type = MimeType::parse("Text/HTML; Charset=\"gbk\"").unwrap();
/// assert_eq!(mime_type.to_string(), "text/html;charset=gbk");
/// assert!(mime_type.is_html());
/// ```
///
/// Standard: <https://mimesniff.spec.whatwg.org/#mime-type-representation>
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct MimeType {
    essence: String,
    slash: usize,
    parameters: Vec<(String, String)>,
}

impl MimeType {
    /// Parses a MIME type; `None` is the standard's failure.
    ///
    /// Standard: <https://mimesniff.spec.whatwg.org/#parse-a-mime-type>
    #[must_use]
    pub fn parse(input: &str) -> Option<Self> {
        // 1. – 2. Without HTTP whitespace at both ends.
        let input = input.trim_matches(is_whitespace);
        // 3. – 6. The type, up to the slash, which must be there.
        let (type_, rest) = input.split_once('/')?;
        if !is_token(type_.as_bytes()) {
            return None;
        }
        // 7. – 9. The subtype, up to a semicolon.
        let (subtype, mut rest) = match rest.split_once(';') {
            Some((subtype, rest)) => (subtype, Some(rest)),
            None => (rest, None),
        };
        let subtype = subtype.trim_end_matches(is_whitespace);
        if !is_token(subtype.as_bytes()) {
            return None;
        }
        // 10. A new record, in lower case.
        let mut mime_type = Self::new(&type_.to_ascii_lowercase(), &subtype.to_ascii_lowercase());
        // 11. The parameters. `rest` starts after each parameter's semicolon (11.1).
        while let Some(parameter) = rest {
            rest = mime_type.take_parameter(parameter);
        }
        // 12.
        Some(mime_type)
    }

    /// Parses a MIME type from a header value.
    ///
    /// Standard: <https://mimesniff.spec.whatwg.org/#parse-a-mime-type-from-bytes>
    #[must_use]
    pub fn parse_bytes(input: &[u8]) -> Option<Self> {
        Self::parse(&isomorphic_decode(input))
    }

    /// A MIME type without parameters. The caller gives lower-case tokens.
    #[must_use]
    pub fn new(type_: &str, subtype: &str) -> Self {
        Self {
            essence: format!("{type_}/{subtype}"),
            slash: type_.len(),
            parameters: Vec::new(),
        }
    }

    /// `text/xml`, what XMLHttpRequest assumes of a response without a usable `Content-Type`.
    #[must_use]
    pub fn text_xml() -> Self {
        Self::new("text", "xml")
    }

    /// `application/octet-stream`.
    #[must_use]
    pub fn octet_stream() -> Self {
        Self::new("application", "octet-stream")
    }

    /// The part before the slash.
    #[must_use]
    pub fn type_(&self) -> &str {
        self.essence.get(..self.slash).unwrap_or_default()
    }

    /// The part after the slash.
    #[must_use]
    pub fn subtype(&self) -> &str {
        self.essence.get(self.slash + 1..).unwrap_or_default()
    }

    /// Type, slash, subtype.
    ///
    /// Standard: <https://mimesniff.spec.whatwg.org/#mime-type-essence>
    #[must_use]
    pub fn essence(&self) -> &str {
        &self.essence
    }

    /// The value of parameter `name` (lower-case), quotes and escapes removed.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// Sets parameter `name` (a lower-case token) to `value`, in its old place if it has one.
    pub fn set_parameter(&mut self, name: &str, value: &str) {
        match self.parameters.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => value.clone_into(old),
            None => self.parameters.push((name.to_owned(), value.to_owned())),
        }
    }

    /// All parameters in order.
    pub fn parameters(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parameters
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether this is an HTML MIME type.
    ///
    /// Standard: <https://mimesniff.spec.whatwg.org/#html-mime-type>
    #[must_use]
    pub fn is_html(&self) -> bool {
        self.essence == "text/html"
    }

    /// Whether this is an XML MIME type: `text/xml`, `application/xml`, or any subtype that ends in `+xml`.
    ///
    /// Standard: <https://mimesniff.spec.whatwg.org/#xml-mime-type>
    #[must_use]
    pub fn is_xml(&self) -> bool {
        matches!(self.essence.as_str(), "text/xml" | "application/xml")
            || self.subtype().ends_with("+xml")
    }

    /// Whether this is a JSON MIME type: `application/json`, `text/json`, or any subtype that ends in `+json`.
    ///
    /// Standard: <https://mimesniff.spec.whatwg.org/#json-mime-type>
    #[must_use]
    pub fn is_json(&self) -> bool {
        matches!(self.essence.as_str(), "application/json" | "text/json")
            || self.subtype().ends_with("+json")
    }

    /// Whether this is a JavaScript MIME type.
    ///
    /// Standard: <https://mimesniff.spec.whatwg.org/#javascript-mime-type>
    #[must_use]
    pub fn is_javascript(&self) -> bool {
        matches!(
            self.essence.as_str(),
            "application/ecmascript"
                | "application/javascript"
                | "application/x-ecmascript"
                | "application/x-javascript"
                | "text/ecmascript"
                | "text/javascript"
                | "text/javascript1.0"
                | "text/javascript1.1"
                | "text/javascript1.2"
                | "text/javascript1.3"
                | "text/javascript1.4"
                | "text/javascript1.5"
                | "text/jscript"
                | "text/livescript"
                | "text/x-ecmascript"
                | "text/x-javascript"
        )
    }

    /// Takes one parameter off `input` and returns what follows its semicolon, if there is one.
    fn take_parameter<'a>(&mut self, input: &'a str) -> Option<&'a str> {
        // 11.2. Skip HTTP whitespace.
        let input = input.trim_start_matches(is_whitespace);
        // 11.3. – 11.6. The name, in lower case; without `=` there is no value and the parameter is dropped.
        let at = input.find([';', '='])?;
        let (name, after) = input.split_at(at);
        let Some(value) = after.strip_prefix('=') else {
            return after.get(1..);
        };
        let name = name.to_ascii_lowercase();
        // 11.7. – 11.9.
        let (value, rest) = if value.starts_with('"') {
            // 11.8. A quoted string; what stands between it and the semicolon is skipped.
            let (value, after) = collect_http_quoted_string(value);
            (value, after.split_once(';').map(|(_, rest)| rest))
        } else {
            // 11.9. Up to the semicolon, without trailing whitespace; an empty one is dropped.
            let (value, rest) = match value.split_once(';') {
                Some((value, rest)) => (value, Some(rest)),
                None => (value, None),
            };
            let value = value.trim_end_matches(is_whitespace);
            if value.is_empty() {
                return rest;
            }
            (value.to_owned(), rest)
        };
        // 11.10. The first of a name wins, if name and value are made of allowed code points.
        if is_token(name.as_bytes())
            && value.chars().all(is_quoted_string_token)
            && self.parameter(&name).is_none()
        {
            self.parameters.push((name, value));
        }
        rest
    }
}

/// Serializes a MIME type.
///
/// Standard: <https://mimesniff.spec.whatwg.org/#serialize-a-mime-type>
impl fmt::Display for MimeType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // 1. Type, slash, subtype.
        formatter.write_str(&self.essence)?;
        // 2. Each parameter; 2.4. quoted unless its value is a token.
        for (name, value) in &self.parameters {
            write!(formatter, ";{name}=")?;
            if is_token(value.as_bytes()) {
                formatter.write_str(value)?;
            } else {
                formatter.write_str("\"")?;
                for character in value.chars() {
                    if matches!(character, '"' | '\\') {
                        formatter.write_str("\\")?;
                    }
                    write!(formatter, "{character}")?;
                }
                formatter.write_str("\"")?;
            }
        }
        Ok(())
    }
}

/// Extracts a MIME type from the `Content-Type` headers of a list; `None` is the standard's failure.
///
/// Standard: <https://fetch.spec.whatwg.org/#concept-header-extract-mime-type>
#[must_use]
pub fn extract_mime_type(headers: &HeaderList) -> Option<MimeType> {
    // 1. – 3.
    let mut charset: Option<String> = None;
    let mut mime_type: Option<MimeType> = None;
    // 4. – 5. All values, split at commas.
    let values = headers.get_decode_split("Content-Type")?;
    // 6.
    for value in values {
        // 6.1. – 6.2. Skip what does not parse, and `*/*`.
        let Some(mut candidate) =
            MimeType::parse(&value).filter(|mime_type| mime_type.essence() != "*/*")
        else {
            continue;
        };
        // 6.3. – 6.5. Of another essence: forget the charset; of the same one: inherit it.
        if mime_type.as_ref().map(MimeType::essence) != Some(candidate.essence()) {
            charset = candidate.parameter("charset").map(str::to_owned);
        } else if let (None, Some(charset)) = (candidate.parameter("charset"), &charset) {
            candidate.set_parameter("charset", charset);
        }
        mime_type = Some(candidate);
    }
    // 7. – 8.
    mime_type
}

/// Collects an HTTP quoted string at the start of `input` with its value extracted; returns it and what follows.
///
/// Standard: <https://fetch.spec.whatwg.org/#collect-an-http-quoted-string>
fn collect_http_quoted_string(input: &str) -> (String, &str) {
    let mut value = String::new();
    let mut characters = input.chars();
    // 3. – 4. The opening quote.
    characters.next();
    // 5.
    while let Some(character) = characters.next() {
        match character {
            // 5.6. The closing quote.
            '"' => break,
            // 5.5. An escaped character; a backslash at the end stands for itself.
            '\\' => value.push(characters.next().unwrap_or('\\')),
            // 5.1.
            other => value.push(other),
        }
    }
    (value, characters.as_str())
}

fn is_whitespace(character: char) -> bool {
    u8::try_from(character).is_ok_and(is_http_whitespace)
}

/// Standard: <https://mimesniff.spec.whatwg.org/#http-quoted-string-token-code-point>
const fn is_quoted_string_token(character: char) -> bool {
    matches!(character, '\t' | ' '..='~' | '\u{80}'..='\u{FF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(input: &str, expected: Option<&str>) {
        assert_eq!(
            MimeType::parse(input)
                .map(|mime_type| mime_type.to_string())
                .as_deref(),
            expected,
            "{input:?}"
        );
    }

    #[track_caller]
    fn check_extraction(values: &[&str], expected: Option<&str>) {
        let headers: HeaderList = values
            .iter()
            .map(|value| ("Content-Type", *value))
            .collect();
        assert_eq!(
            extract_mime_type(&headers)
                .map(|mime_type| mime_type.to_string())
                .as_deref(),
            expected,
            "{values:?}"
        );
    }

    #[test]
    fn essence_is_lower_case_and_parameter_values_keep_their_case() {
        check("TEXT/HTML;CHARSET=GBK", Some("text/html;charset=GBK"));
        check(
            " \t\r\ntext/html \t;charset=gbk \r\n",
            Some("text/html;charset=gbk"),
        );
    }

    #[test]
    fn not_a_mime_type() {
        for input in [
            "",
            "\t",
            "/",
            "text",
            "text/",
            "text/ ",
            "te xt/html",
            "text/ht ml",
            "/html",
            "text/html,",
            "bogus",
            "ÿ/ÿ",
        ] {
            check(input, None);
        }
    }

    #[test]
    fn first_of_duplicate_parameters_wins() {
        check(
            "text/html;charset=gbk;CHARSET=windows-1255",
            Some("text/html;charset=gbk"),
        );
        check(
            "text/html;charset=();charset=GBK",
            Some("text/html;charset=\"()\""),
        );
    }

    #[test]
    fn spaces_around_names_and_values() {
        check("text/html;charset =gbk", Some("text/html"));
        check("text/html; charset=gbk", Some("text/html;charset=gbk"));
        check("text/html;charset= gbk", Some("text/html;charset=\" gbk\""));
        check(
            "text/html;charset=gbk ;x=y",
            Some("text/html;charset=gbk;x=y"),
        );
    }

    #[test]
    fn quoted_values_may_hold_semicolons_escapes_and_may_be_unclosed() {
        check("text/html;charset=\"gbk\"", Some("text/html;charset=gbk"));
        check(
            "text/html;charset=\";charset=foo\";charset=GBK",
            Some("text/html;charset=\";charset=foo\""),
        );
        check(
            "text/html;charset=\"g\\b\\k\"junk;x=1",
            Some("text/html;charset=gbk;x=1"),
        );
        check("text/html;charset=\"gbk", Some("text/html;charset=gbk"));
        check("text/html;charset=\"\\", Some("text/html;charset=\"\\\\\""));
        check("text/html;charset=\"\"", Some("text/html;charset=\"\""));
    }

    #[test]
    fn odd_parameters_are_dropped() {
        check("text/html;;;;charset=gbk", Some("text/html;charset=gbk"));
        check(
            "text/html;charset=;charset=GBK",
            Some("text/html;charset=GBK"),
        );
        check(
            "text/html;charset;charset=GBK",
            Some("text/html;charset=GBK"),
        );
        check("text/html;(=x;charset=GBK", Some("text/html;charset=GBK"));
        check(
            "text/html;a=\u{100};b=\u{FF}",
            Some("text/html;b=\"\u{FF}\""),
        );
        check(
            "text/html;test=\u{1F};charset=gbk",
            Some("text/html;charset=gbk"),
        );
    }

    #[test]
    fn later_content_types_win_and_inherit_the_charset_of_the_same_essence() {
        check_extraction(&[], None);
        check_extraction(&["cannot-parse"], None);
        check_extraction(&["text/plain;charset=gbk, text/html"], Some("text/html"));
        check_extraction(
            &["text/html;charset=gbk;a=b", "text/html;x=y"],
            Some("text/html;x=y;charset=gbk"),
        );
        check_extraction(
            &["text/html;charset=gbk", "x/x", "text/html;x=y"],
            Some("text/html;x=y"),
        );
        check_extraction(&["text/html", "cannot-parse"], Some("text/html"));
        check_extraction(&["text/html", "*/*"], Some("text/html"));
        check_extraction(&["text/html", ""], Some("text/html"));
    }

    #[test]
    fn groups_go_by_essence_and_suffix() {
        let is = |input: &str, group: fn(&MimeType) -> bool| {
            MimeType::parse(input).is_some_and(|found| group(&found))
        };
        assert!(is("image/svg+xml;x=y", MimeType::is_xml));
        assert!(is("text/xml", MimeType::is_xml));
        assert!(!is("text/xml-dtd", MimeType::is_xml));
        assert!(!is("text/html", MimeType::is_xml));
        assert!(is("application/ld+json", MimeType::is_json));
        assert!(!is("text/jsonp", MimeType::is_json));
        assert!(is("text/javascript1.5", MimeType::is_javascript));
        assert!(!is("text/javascript1.6", MimeType::is_javascript));
        assert!(is("text/HTML", MimeType::is_html));
        assert!(!is("application/xhtml+xml", MimeType::is_html));
    }
}
