//! What does not pass on QuickJS, each with its reason. A listed test that passes breaks the run.

use std::panic::catch_unwind;

use libtest_mimic::Failed;

/// Tests by name, and why they fail on QuickJS.
const ON_QUICKJS: &[(&str, &str)] = &[(
    "engine::modules::an_import_that_fails_fails_again",
    "a module is parsed when its graph is linked, so each import of one that does not parse makes an error of its own",
)];

/// Runs a test, which has to fail if it is listed for this engine.
pub(crate) fn run(name: &str, test: fn()) -> Result<(), Failed> {
    let listed = ON_QUICKJS.iter().find(|(listed, _)| *listed == name);
    match listed {
        Some((_, reason)) if readystate_js::ENGINE == "quickjs" => match catch_unwind(test) {
            Ok(()) => Err(format!("it passes, though it is listed as failing: {reason}").into()),
            Err(_) => Ok(()),
        },
        _ => {
            test();
            Ok(())
        }
    }
}
