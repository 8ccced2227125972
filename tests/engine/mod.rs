//! Behaviour of the engine: pages, the command, and what hostile pages and servers can do to them.

mod automation;
mod command;
mod examples;
mod hostile_page;
mod hostile_server;
mod isolation;
mod synchronous_xhr;

use libtest_mimic::Trial;

pub(crate) fn trials() -> Vec<Trial> {
    let areas = [
        automation::trials(),
        command::trials(),
        examples::trials(),
        hostile_page::trials(),
        hostile_server::trials(),
        isolation::trials(),
        synchronous_xhr::trials(),
    ];
    areas.into_iter().flatten().collect()
}
