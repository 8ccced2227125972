//! Where the framing of a chunked body breaks.
//!
//! ureq gives up what it has read if a broken chunk comes in the same bytes. So those are cut before the break, and what is good
//! is delivered first, as browsers do.
//!
//! Standard: RFC 9112 § 7.1, <https://httpwg.org/specs/rfc9112.html#chunked.encoding>

/// Follows a chunked body through its framing.
#[derive(Debug)]
pub(super) struct ChunkScan {
    state: State,
    /// The beginning of a size's line.
    line: Vec<u8>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum State {
    Size,
    Data(u64),
    /// The line end after the data; whether its first half has come.
    LineEnd(bool),
    /// Behind the last chunk, or the first break.
    Over,
}

/// A line that is longer than ureq takes.
const MAX_LINE: usize = 22;

impl ChunkScan {
    pub(super) const fn new() -> Self {
        Self {
            state: State::Size,
            line: Vec::new(),
        }
    }

    /// Goes on with the bytes that came. `Some` says how many of them end in whole data before a break among them.
    pub(super) fn cut(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut rest = bytes;
        let mut good = 0;
        loop {
            let (&byte, after) = rest.split_first()?;
            let is_well = match self.state {
                State::Over => return None,
                State::Data(left) => {
                    let taken =
                        usize::try_from(left).map_or(rest.len(), |left| left.min(rest.len()));
                    rest = rest.get(taken..).unwrap_or_default();
                    good = bytes.len() - rest.len();
                    self.state = match left - taken as u64 {
                        0 => State::LineEnd(false),
                        left => State::Data(left),
                    };
                    continue;
                }
                State::LineEnd(false) => {
                    self.state = State::LineEnd(true);
                    byte == b'\r'
                }
                State::LineEnd(true) => {
                    self.state = State::Size;
                    byte == b'\n'
                }
                State::Size => {
                    self.line.push(byte);
                    if self.line.ends_with(b"\r\n") {
                        self.take_size()
                    } else {
                        self.line.len() <= MAX_LINE
                    }
                }
            };
            rest = after;
            if !is_well {
                self.state = State::Over;
                return Some(good).filter(|good| *good > 0);
            }
        }
    }

    /// Reads the line of a size. Whether it is one.
    fn take_size(&mut self) -> bool {
        let line = std::mem::take(&mut self.line);
        let digits = line.split(|byte| *byte == b';').next().unwrap_or_default();
        let size = std::str::from_utf8(digits)
            .ok()
            .and_then(|digits| u64::from_str_radix(digits.trim(), 16).ok());
        self.state = match size {
            None => return false,
            Some(0) => State::Over,
            Some(size) => State::Data(size),
        };
        true
    }
}

#[cfg(test)]
mod tests {
    use super::ChunkScan;

    #[track_caller]
    fn check(pieces: &[&str], cuts: &[Option<usize>]) {
        let mut scan = ChunkScan::new();
        let found: Vec<_> = pieces
            .iter()
            .map(|piece| scan.cut(piece.as_bytes()))
            .collect();
        assert_eq!(found, cuts, "{pieces:?}");
    }

    #[test]
    fn good_bodies_are_not_cut() {
        check(
            &["2\r\nab\r\n3;x\r\ncde\r\n0\r\nany: thing\r\n\r\n"],
            &[None],
        );
        check(&["2", "\r", "\na", "b\r", "\n0\r\n\r\n"], &[None; 5]);
    }

    #[test]
    fn a_break_is_cut_off_behind_the_data_before_it() {
        check(&["2\r\nab\r\n?\r\n"], &[Some(5)]);
        check(&["2\r\nabcd\r\n"], &[Some(5)]);
        check(&["2\r\nab\r\n1\r\nc\r\n-1\r\nd"], &[Some(11)]);
        check(&["2\r\na", "b\r\nzz\r\n", "more"], &[None, Some(1), None]);
    }

    #[test]
    fn a_break_without_data_before_it_is_not_cut() {
        check(&["zz\r\nab"], &[None]);
        check(&["2\r\nab", "x"], &[None, None]);
        check(&["2\r\nab\r\n", "?\r\n"], &[None, None]);
    }
}
