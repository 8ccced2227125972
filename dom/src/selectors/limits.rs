//! Bounds on selectors, checked on their text before it is parsed.
//!
//! The `selectors` crate recurses once for each level of nesting when it parses, and for each combinator when it
//! matches. No real selector comes near these limits; Blink has some of its own.

/// How deep parentheses and brackets may nest.
pub(super) const MAX_NESTING: u8 = 32;

/// How many combinators one complex selector may have, those in its arguments included.
pub(super) const MAX_COMBINATORS: usize = 256;

/// Whether `text` nests deeper or chains more than the limits allow. Counts a little too much rather than too little.
pub(super) fn exceeds_limits(text: &str) -> bool {
    let mut depth = 0_usize;
    let mut combinators = 0_usize;
    let mut in_gap = true;
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        let is_gap = matches!(
            byte,
            b' ' | b'\t' | b'\n' | b'\r' | 0x0C | b'>' | b'+' | b'~'
        );
        if is_gap && !in_gap {
            combinators += 1;
        }
        in_gap = is_gap;
        match byte {
            b'\\' => {
                bytes.next();
            }
            b'"' | b'\'' => {
                // A string ends at its quote; a line feed makes it a bad one.
                while let Some(next) = bytes.next() {
                    match next {
                        b'\\' => {
                            bytes.next();
                        }
                        b'\n' | b'\r' | 0x0C => break,
                        next if next == byte => break,
                        _ => {}
                    }
                }
            }
            b'/' if bytes.peek() == Some(&b'*') => {
                bytes.next();
                let mut last = 0;
                for next in bytes.by_ref() {
                    if last == b'*' && next == b'/' {
                        break;
                    }
                    last = next;
                }
                // A comment parts no compound.
                in_gap = true;
            }
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => combinators = 0,
            _ => {}
        }
        if depth > usize::from(MAX_NESTING) || combinators > MAX_COMBINATORS {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nesting_and_chains_are_bounded() {
        let nested = |levels: usize| format!("{}a{}", ":not(".repeat(levels), ")".repeat(levels));
        assert!(!exceeds_limits(&nested(usize::from(MAX_NESTING))));
        assert!(exceeds_limits(&nested(usize::from(MAX_NESTING) + 1)));
        assert!(!exceeds_limits(&"a ".repeat(MAX_COMBINATORS)));
        assert!(exceeds_limits(&"a>".repeat(MAX_COMBINATORS + 1)));
        assert!(!exceeds_limits(&"a > b, ".repeat(10_000)));
        assert!(!exceeds_limits(&".a".repeat(100_000)));
    }

    #[test]
    fn strings_comments_and_escapes_do_not_nest() {
        let brackets = "(".repeat(1000);
        assert!(!exceeds_limits(&format!("[a=\"{brackets}\"]")));
        assert!(!exceeds_limits(&format!("[a='\\'{brackets}']")));
        assert!(!exceeds_limits(&format!("a/*{brackets}*/")));
        assert!(!exceeds_limits(&"\\(".repeat(1000)));
        assert!(exceeds_limits(&format!("[a='\n{brackets}")));
    }
}
