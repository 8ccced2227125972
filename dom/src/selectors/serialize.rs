//! Serializing selectors, as `CSSStyleRule.selectorText` does.
//!
//! Standard: <https://drafts.csswg.org/cssom/#serializing-selectors>, text of November 2026.

use cssparser::ToCss;

use super::parser::parse;
use crate::error::DomError;

/// The selector list `text` in its normal form.
///
/// # Errors
/// [`DomError::Syntax`] if `text` is no selector list, or one with an unknown pseudo-class.
///
/// Standard: <https://drafts.csswg.org/cssom/#serialize-a-group-of-selectors>
///
/// ```
/// use readystate_dom::selectors::serialize_selectors;
/// assert_eq!(serialize_selectors("a>B:NTH-CHILD( even ) , [x='y']")?, "a > B:nth-child(2n), [x=\"y\"]");
/// # Ok::<(), readystate_dom::DomError>(())
/// ```
pub fn serialize_selectors(text: &str) -> Result<String, DomError> {
    Ok(parse(text)?.list.to_css_string())
}

#[cfg(test)]
mod tests {
    use super::serialize_selectors;

    #[test]
    fn selectors_are_written_in_their_normal_form() {
        for (text, expected) in [
            ("*|*", "*"),
            ("*.a", ".a"),
            ("a  b>c+d~e", "a b > c + d ~ e"),
            ("[a=b i]", "[a=\"b\" i]"),
            (":nth-child(1n+0)", ":nth-child(n)"),
            (":nth-child(-2n+1)", ":nth-child(-2n+1)"),
            (":nth-child(odd of .a,b)", ":nth-child(2n+1 of .a, b)"),
            (":is( a,b )", ":is(a, b)"),
            (":not(a,b)", ":not(a, b)"),
            ("a:has(>b)", "a:has(> b)"),
            ("::BEFORE", "::before"),
            (":before", "::before"),
            (
                ":link:any-link:focus-visible",
                ":link:any-link:focus-visible",
            ),
            (":lang(en,'*-gb')", ":lang(en, \\*-gb)"),
            (":state(a)", ":state(a)"),
            (":host(a)", ":host(a)"),
            ("#\\31 a", "#\\31 a"),
        ] {
            assert_eq!(
                serialize_selectors(text).unwrap_or_default(),
                expected,
                "{text}"
            );
        }
    }
}
