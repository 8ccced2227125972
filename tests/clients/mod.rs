//! HTTP clients of the real world, unchanged from their packages, in pages against a server on loopback.
//!
//! Each does JSON, XML, forms, errors, time-outs and aborts in its own words.

mod axios;
mod dojo;
mod jquery;
mod prototype;
mod site;
mod superagent;

use libtest_mimic::Trial;

pub(crate) fn trials() -> Vec<Trial> {
    let areas = [
        axios::trials(),
        dojo::trials(),
        jquery::trials(),
        prototype::trials(),
        superagent::trials(),
    ];
    areas.into_iter().flatten().collect()
}
