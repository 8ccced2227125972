//! Behaviour of the crate `js` by itself: an agent with a host that only takes notes.

mod agent_fixture;
mod custom_elements;
mod dom_interfaces;
mod element_interfaces;
mod lifetime;
mod realms;
mod selection;
mod shadow_dom;
mod style_sheets;
mod xpath;

use libtest_mimic::Trial;

pub(crate) fn trials() -> Vec<Trial> {
    dom_interfaces::trials()
        .into_iter()
        .chain(custom_elements::trials())
        .chain(element_interfaces::trials())
        .chain(lifetime::trials())
        .chain(realms::trials())
        .chain(selection::trials())
        .chain(shadow_dom::trials())
        .chain(style_sheets::trials())
        .chain(xpath::trials())
        .collect()
}
