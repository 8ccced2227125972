//! Which requests a route is asked about.

use std::fmt;
use std::sync::Arc;

use super::RouteRequest;

/// Which requests a route is asked about: a glob on the URL, or a function.
///
/// In a glob `*` stands for any characters but `/`, `**` for any characters, `{a,b}` for one of the words, `\` takes the meaning
/// from what follows; everything else, `?` included, stands for itself. It is compared with the whole URL, without the
/// fragment. A glob matches no CORS preflights, so that an answer meant for the request does not go to them; a function
/// is asked about those too.
///
/// ```
/// use readystate::RoutePattern;
/// assert!("**/api/*".try_into().is_ok_and(|pattern: RoutePattern| pattern.is_glob()));
/// let posts = RoutePattern::matching(|request| request.method() == "POST");
/// assert!(!posts.is_glob());
/// ```
#[derive(Clone)]
pub struct RoutePattern(Kind);

/// A glob that is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{pattern:?} is not a pattern: {reason}")]
pub struct InvalidPattern {
    /// What was given.
    pub pattern: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

#[derive(Clone)]
enum Kind {
    Glob(Glob),
    Matching(Arc<dyn Fn(&RouteRequest) -> bool + Send + Sync>),
}

impl RoutePattern {
    /// A glob on the URL.
    ///
    /// # Errors
    /// [`InvalidPattern`] if it is empty, its braces do not pair up, or it has too many alternatives.
    pub fn glob(pattern: &str) -> Result<Self, InvalidPattern> {
        Glob::parse(pattern).map(|glob| Self(Kind::Glob(glob)))
    }

    /// The requests for which `f` says so. It runs on the thread of the request.
    #[must_use]
    pub fn matching(f: impl Fn(&RouteRequest) -> bool + Send + Sync + 'static) -> Self {
        Self(Kind::Matching(Arc::new(f)))
    }

    /// Whether it is a glob.
    #[must_use]
    pub const fn is_glob(&self) -> bool {
        matches!(self.0, Kind::Glob(_))
    }

    pub(crate) fn matches(&self, request: &RouteRequest) -> bool {
        match &self.0 {
            Kind::Glob(glob) => !request.is_preflight() && glob.matches(request.url()),
            Kind::Matching(f) => f(request),
        }
    }
}

impl TryFrom<&str> for RoutePattern {
    type Error = InvalidPattern;

    fn try_from(pattern: &str) -> Result<Self, Self::Error> {
        Self::glob(pattern)
    }
}

impl fmt::Debug for RoutePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Glob(glob) => write!(f, "RoutePattern({:?})", glob.text),
            Kind::Matching(_) => f.write_str("RoutePattern(a function)"),
        }
    }
}

/// A glob on URLs; see [`RoutePattern`].
#[derive(Clone, Debug)]
pub(crate) struct Glob {
    text: String,
    /// The glob once for each choice of the braces.
    alternatives: Vec<Vec<Token>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    Char(char),
    /// `*`
    WithinSegment,
    /// `**`
    Any,
}

impl Glob {
    /// Braces multiply: more than this many alternatives are refused.
    const MAX_ALTERNATIVES: usize = 256;

    pub(crate) fn parse(text: &str) -> Result<Self, InvalidPattern> {
        let invalid = |reason| InvalidPattern {
            pattern: text.to_owned(),
            reason,
        };
        if text.is_empty() {
            return Err(invalid("it is empty"));
        }
        // What stands before the group that is open, and the group's words so far.
        let mut alternatives = vec![Vec::new()];
        let mut group: Option<Vec<Vec<Token>>> = None;
        let mut chars = text.chars().peekable();
        while let Some(char) = chars.next() {
            let token = match char {
                '{' if group.is_some() => return Err(invalid("braces within braces")),
                '{' => {
                    group = Some(vec![Vec::new()]);
                    continue;
                }
                ',' if group.is_some() => {
                    group.get_or_insert_default().push(Vec::new());
                    continue;
                }
                '}' => {
                    let words = group.take().ok_or_else(|| invalid("} without {"))?;
                    if alternatives.len() * words.len() > Self::MAX_ALTERNATIVES {
                        return Err(invalid("too many alternatives"));
                    }
                    let each = |prefix: &Vec<Token>| {
                        let prefix = prefix.clone();
                        words
                            .clone()
                            .into_iter()
                            .map(move |word| [prefix.clone(), word].concat())
                    };
                    alternatives = alternatives.iter().flat_map(each).collect();
                    continue;
                }
                '*' if chars.peek() == Some(&'*') => {
                    while chars.peek() == Some(&'*') {
                        chars.next();
                    }
                    Token::Any
                }
                '*' => Token::WithinSegment,
                '\\' => Token::Char(chars.next().ok_or_else(|| invalid("\\ at its end"))?),
                char => Token::Char(char),
            };
            let open: &mut [Vec<Token>] = match &mut group {
                Some(words) => words
                    .last_mut()
                    .map(std::slice::from_mut)
                    .unwrap_or_default(),
                None => &mut alternatives,
            };
            for tokens in open {
                tokens.push(token);
            }
        }
        if group.is_some() {
            return Err(invalid("{ without }"));
        }
        Ok(Self {
            text: text.to_owned(),
            alternatives,
        })
    }

    pub(crate) fn matches(&self, url: &str) -> bool {
        self.alternatives.iter().any(|tokens| matches(tokens, url))
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }
}

/// Goes through the text once and keeps all places of the pattern that may be reached: no pattern is slow.
fn matches(tokens: &[Token], text: &str) -> bool {
    let mut reached = vec![false; tokens.len() + 1];
    reach(&mut reached, tokens, 0);
    for char in text.chars() {
        let mut next = vec![false; tokens.len() + 1];
        for (at, token) in tokens.iter().enumerate() {
            if !reached.get(at).copied().unwrap_or_default() {
                continue;
            }
            match token {
                Token::Char(expected) if *expected == char => reach(&mut next, tokens, at + 1),
                Token::WithinSegment if char != '/' => reach(&mut next, tokens, at),
                Token::Any => reach(&mut next, tokens, at),
                _ => {}
            }
        }
        reached = next;
    }
    reached.last().copied().unwrap_or_default()
}

/// Marks a place and those that follow it without a character.
fn reach(reached: &mut [bool], tokens: &[Token], mut at: usize) {
    loop {
        if let Some(place) = reached.get_mut(at) {
            *place = true;
        }
        match tokens.get(at) {
            Some(Token::WithinSegment | Token::Any) => at += 1,
            _ => return,
        }
    }
}
