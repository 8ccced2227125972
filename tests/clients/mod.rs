//! HTTP clients of the real world, unchanged from their packages, in pages against a server on loopback.
//!
//! Each does JSON, XML, forms, errors, time-outs and aborts in its own words.

mod jquery;
mod prototype;
mod site;

use libtest_mimic::Trial;

pub(crate) fn trials() -> Vec<Trial> {
    let areas = [jquery::trials(), prototype::trials()];
    areas.into_iter().flatten().collect()
}
