//! What the tests share: a server that misbehaves on demand, the command as a child process, and the list of trials.

pub(crate) mod command;
pub(crate) mod expected_failures;
pub(crate) mod packages;
pub(crate) mod page;
pub(crate) mod server;
pub(crate) mod web_socket;

/// Makes `trials()`, which lists the named functions of a module as tests called `area::name`.
///
/// A test that is not listed is dead code, which the compiler reports.
macro_rules! trials {
    ($area:literal: $($name:ident),* $(,)?) => {
        pub(crate) fn trials() -> Vec<libtest_mimic::Trial> {
            vec![$(libtest_mimic::Trial::test(
                concat!($area, "::", stringify!($name)),
                || $crate::support::expected_failures::run(
                    concat!($area, "::", stringify!($name)),
                    $name,
                ),
            )),*]
        }
    };
}
pub(crate) use trials;
