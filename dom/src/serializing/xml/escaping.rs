//! Characters that must not stand for themselves.
//!
//! Standard: <https://w3c.github.io/DOM-Parsing/#xml-serializing-a-text-node> and
//! <https://w3c.github.io/DOM-Parsing/#serializing-an-element-s-attributes>

/// Appends character data.
pub(super) fn push_text(markup: &mut String, text: &str) {
    push_escaped(markup, text, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        _ => None,
    });
}

/// Appends an attribute's value; white space but the space is kept from normalisation.
pub(super) fn push_attribute_value(markup: &mut String, value: &str) {
    push_escaped(markup, value, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'"' => Some("&quot;"),
        b'\t' => Some("&#9;"),
        b'\n' => Some("&#xA;"),
        b'\r' => Some("&#xD;"),
        _ => None,
    });
}

fn push_escaped(markup: &mut String, text: &str, escape: impl Fn(u8) -> Option<&'static str>) {
    let mut rest = text;
    while let Some((index, escaped)) = rest
        .bytes()
        .enumerate()
        .find_map(|(index, byte)| escape(byte).map(|escaped| (index, escaped)))
    {
        let (plain, tail) = rest.split_at_checked(index).unwrap_or((rest, ""));
        markup.push_str(plain);
        markup.push_str(escaped);
        rest = tail.get(1..).unwrap_or_default();
    }
    markup.push_str(rest);
}
