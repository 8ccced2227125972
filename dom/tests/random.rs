//! Numbers for the seeded loops: the same in every run.
//!
//! `READYSTATE_FUZZ_ITERATIONS` says how often a loop over [`seeds`] runs, `READYSTATE_FUZZ_SEED` where it begins.

/// A xorshift generator.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number below `limit`, 0 if that is 0.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        let number = usize::try_from(self.next() >> 33).expect("31 bits");
        number.checked_rem(limit).unwrap_or(0)
    }

    /// A number of either sign, nearer to 0 than `limit`.
    pub(crate) fn signed(&mut self, limit: usize) -> i32 {
        let number = i32::try_from(self.below(2 * limit - 1)).expect("small");
        number - i32::try_from(limit - 1).expect("small")
    }

    /// True once in `count` times.
    pub(crate) fn once_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    pub(crate) fn pick<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }
}

/// The seeds of one loop: `by_default` of them, unless the environment says otherwise.
pub(crate) fn seeds(by_default: u64) -> std::ops::Range<u64> {
    let number = |name| {
        std::env::var(name)
            .ok()
            .and_then(|text: String| text.parse().ok())
    };
    let first = number("READYSTATE_FUZZ_SEED").unwrap_or(0);
    first..first + number("READYSTATE_FUZZ_ITERATIONS").unwrap_or(by_default)
}
