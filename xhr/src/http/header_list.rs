//! Header lists: names and values as bytes, in the order of the wire.
//!
//! Standard: <https://fetch.spec.whatwg.org/#terminology-headers>

use super::{isomorphic_decode, trim_http_tab_or_space, trim_http_whitespace};

/// A list of headers. Names compare without regard to ASCII case and keep the case they came with.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct HeaderList {
    headers: Vec<(Vec<u8>, Vec<u8>)>,
}

impl HeaderList {
    /// An empty list.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            headers: Vec::new(),
        }
    }

    /// The headers in order, duplicates included.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.headers
            .iter()
            .map(|(name, value)| (name.as_slice(), value.as_slice()))
    }

    /// How many headers, duplicates counted.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.headers.len()
    }

    /// Whether there is no header.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.headers.is_empty()
    }

    /// Whether a header called `name` is in the list.
    ///
    /// Standard: <https://fetch.spec.whatwg.org/#header-list-contains>
    #[must_use]
    pub fn contains(&self, name: impl AsRef<[u8]>) -> bool {
        self.get_first(name).is_some()
    }

    /// The value of the first header called `name`.
    #[must_use]
    pub fn get_first(&self, name: impl AsRef<[u8]>) -> Option<&[u8]> {
        self.get_all(name).next()
    }

    /// The values of all headers called `name`, in order, uncombined.
    pub fn get_all(&self, name: impl AsRef<[u8]>) -> impl Iterator<Item = &[u8]> {
        self.iter()
            .filter(move |(other, _)| other.eq_ignore_ascii_case(name.as_ref()))
            .map(|(_, value)| value)
    }

    /// The values of all headers called `name`, joined by comma and space; `None` if there is none.
    ///
    /// Standard: <https://fetch.spec.whatwg.org/#concept-header-list-get>
    #[must_use]
    pub fn get(&self, name: impl AsRef<[u8]>) -> Option<Vec<u8>> {
        let mut values = self.get_all(name);
        let mut combined = values.next()?.to_vec();
        for value in values {
            combined.extend_from_slice(b", ");
            combined.extend_from_slice(value);
        }
        Some(combined)
    }

    /// The combined value of `name`, decoded and split on commas outside quoted strings; `None` if there is no such header.
    ///
    /// Standard: <https://fetch.spec.whatwg.org/#concept-header-list-get-decode-split>
    #[must_use]
    pub fn get_decode_split(&self, name: impl AsRef<[u8]>) -> Option<Vec<String>> {
        // 1. and 2. No header: null.
        let value = self.get(name)?;
        // 3. Decode and split.
        Some(decode_and_split(&value))
    }

    /// Adds a header at the end; the name takes the case of an earlier header of that name.
    ///
    /// Standard: <https://fetch.spec.whatwg.org/#concept-header-list-append>
    pub fn append(&mut self, name: impl AsRef<[u8]>, value: impl AsRef<[u8]>) {
        // 1. Same name already there: use its case.
        let name = self.stored_name(name.as_ref());
        // 2. Append.
        self.headers.push((name, value.as_ref().to_vec()));
    }

    /// Adds a header at the end exactly as it came from the wire.
    pub fn push_raw(&mut self, name: Vec<u8>, value: Vec<u8>) {
        self.headers.push((name, value));
    }

    /// Removes all headers called `name`.
    ///
    /// Standard: <https://fetch.spec.whatwg.org/#concept-header-list-delete>
    pub fn delete(&mut self, name: impl AsRef<[u8]>) {
        let name = name.as_ref();
        self.headers
            .retain(|(other, _)| !other.eq_ignore_ascii_case(name));
    }

    /// Gives the first header called `name` the value and removes the others; appends if there is none.
    ///
    /// Standard: <https://fetch.spec.whatwg.org/#concept-header-list-set>
    pub fn set(&mut self, name: impl AsRef<[u8]>, value: impl AsRef<[u8]>) {
        let name = name.as_ref();
        let value = value.as_ref().to_vec();
        let mut found = false;
        // 1. Set the first, remove the rest.
        self.headers.retain_mut(|(other, old)| {
            if !other.eq_ignore_ascii_case(name) {
                return true;
            }
            if found {
                return false;
            }
            found = true;
            old.clone_from(&value);
            true
        });
        // 2. None there: append.
        if !found {
            self.headers.push((name.to_vec(), value));
        }
    }

    /// Appends `, value` to the first header called `name`, or appends the header if there is none.
    ///
    /// Standard: <https://fetch.spec.whatwg.org/#concept-header-list-combine>
    pub fn combine(&mut self, name: impl AsRef<[u8]>, value: impl AsRef<[u8]>) {
        let name = name.as_ref();
        let value = value.as_ref();
        // 1. There: join by comma and space.
        let found = self
            .headers
            .iter_mut()
            .find(|(other, _)| other.eq_ignore_ascii_case(name));
        if let Some((_, old)) = found {
            old.extend_from_slice(b", ");
            old.extend_from_slice(value);
        } else {
            // 2. Else append.
            self.headers.push((name.to_vec(), value.to_vec()));
        }
    }

    /// The list as `Headers` iterates it: names lower-case, sorted, unique and combined, but each `set-cookie` by itself.
    ///
    /// Standard: <https://fetch.spec.whatwg.org/#concept-header-list-sort-and-combine>
    #[must_use]
    pub fn sort_and_combine(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        // 1. The result.
        let mut headers = Vec::new();
        // 2. Names lower-case, as a sorted set.
        let mut names: Vec<Vec<u8>> = self
            .headers
            .iter()
            .map(|(name, _)| name.to_ascii_lowercase())
            .collect();
        names.sort_unstable();
        names.dedup();
        // 3. For each name:
        for name in names {
            if name == b"set-cookie" {
                // 3.1. Each value of set-cookie by itself, in list order.
                for value in self.get_all(&name) {
                    headers.push((name.clone(), value.to_vec()));
                }
            } else if let Some(value) = self.get(&name) {
                // 3.2. Otherwise the combined value.
                headers.push((name, value));
            }
        }
        // 4. Return it.
        headers
    }

    /// Keeps the headers for which `keep` says so.
    pub fn retain(&mut self, mut keep: impl FnMut(&[u8], &[u8]) -> bool) {
        self.headers.retain(|(name, value)| keep(name, value));
    }

    fn stored_name(&self, name: &[u8]) -> Vec<u8> {
        self.iter()
            .find(|(other, _)| other.eq_ignore_ascii_case(name))
            .map_or_else(|| name.to_vec(), |(other, _)| other.to_vec())
    }
}

impl<N: AsRef<[u8]>, V: AsRef<[u8]>> FromIterator<(N, V)> for HeaderList {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(headers: I) -> Self {
        let mut list = Self::new();
        for (name, value) in headers {
            list.append(name, value);
        }
        list
    }
}

/// Splits a header value on commas outside quoted strings, each part isomorphic decoded and trimmed.
///
/// Standard: <https://fetch.spec.whatwg.org/#header-value-get-decode-and-split>
#[must_use]
pub fn decode_and_split(value: &[u8]) -> Vec<String> {
    // 1. to 3. Input, position, result.
    let mut values = Vec::new();
    let mut current: Vec<u8> = Vec::new();
    let mut in_quotes = false;
    let mut escaped = false;
    // 4. and 5. Collect up to a quote or comma; a quoted string is taken whole, quotes and escapes kept.
    for &byte in value {
        if in_quotes {
            current.push(byte);
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_quotes = false,
                _ => {}
            }
        } else if byte == b',' {
            // 5.3. to 5.5. Trim, append, start the next one.
            values.push(isomorphic_decode(trim_http_tab_or_space(&current)));
            current.clear();
        } else {
            in_quotes = byte == b'"';
            current.push(byte);
        }
    }
    values.push(isomorphic_decode(trim_http_tab_or_space(&current)));
    values
}

/// `value` without leading and trailing HTTP whitespace.
///
/// Standard: <https://fetch.spec.whatwg.org/#concept-header-value-normalize>
#[must_use]
pub fn normalize_value(value: &[u8]) -> &[u8] {
    trim_http_whitespace(value)
}

/// Whether `name` is a header name: a token.
///
/// Standard: <https://fetch.spec.whatwg.org/#header-name>
#[must_use]
pub fn is_header_name(name: &[u8]) -> bool {
    super::is_token(name)
}

/// Whether `value` is a header value: no NUL, CR or LF, and no tab or space at either end.
///
/// Standard: <https://fetch.spec.whatwg.org/#header-value>
#[must_use]
pub fn is_header_value(value: &[u8]) -> bool {
    !value.iter().any(|byte| matches!(byte, 0 | b'\n' | b'\r'))
        && trim_http_tab_or_space(value).len() == value.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn append_keeps_the_case_of_the_first_name() {
        let list: HeaderList = [("X-A", "1"), ("x-a", "2")].into_iter().collect();
        assert_eq!(list.iter().nth(1), Some((&b"X-A"[..], &b"2"[..])));
        assert_eq!(list.get("x-A").as_deref(), Some(&b"1, 2"[..]));
    }

    #[test]
    fn set_replaces_the_first_and_removes_the_rest() {
        let mut list: HeaderList = [("a", "1"), ("b", "2"), ("A", "3")].into_iter().collect();
        list.set("A", "9");
        let expected: HeaderList = [("a", "9"), ("b", "2")].into_iter().collect();
        assert_eq!(list, expected);
    }

    #[test]
    fn sort_and_combine_leaves_set_cookie_apart() {
        let list: HeaderList = [
            ("Set-Cookie", "a"),
            ("B", "1"),
            ("set-cookie", "c"),
            ("b", "2"),
        ]
        .into_iter()
        .collect();
        let names: Vec<_> = list.sort_and_combine();
        assert_eq!(
            names,
            [
                (b"b".to_vec(), b"1, 2".to_vec()),
                (b"set-cookie".to_vec(), b"a".to_vec()),
                (b"set-cookie".to_vec(), b"c".to_vec()),
            ]
        );
    }

    #[test]
    fn split_respects_quoted_strings() {
        assert_eq!(
            decode_and_split(b"a, \"b,\\\"c\" ,"),
            ["a", "\"b,\\\"c\"", ""]
        );
        assert_eq!(decode_and_split(b""), [""]);
    }

    #[test]
    fn values_with_line_breaks_or_outer_space_are_not_header_values() {
        assert!(is_header_value(b"a b"));
        assert!(is_header_value(b""));
        for bad in [&b" a"[..], b"a\t", b"a\nb", b"a\0"] {
            assert!(!is_header_value(bad), "{bad:?}");
        }
    }
}
