//! Behaviour of the engine: pages, the command, and what hostile pages and servers can do to them.

mod automation;
mod command;
mod command_line;
mod cross_origin_frames;
mod crypto;
mod custom_elements;
mod event_loop;
mod event_sources;
mod examples;
mod fetch_api;
mod folder_server;
mod forms;
mod frames;
mod har;
mod history;
mod hostile_neighbour;
mod hostile_page;
mod hostile_server;
mod html5lib;
mod http_settings;
mod import_maps;
mod interception;
mod isolation;
mod kept_memory;
mod linked_style_sheets;
mod modules;
mod page_clock;
mod popups;
mod script_elements;
mod settled;
mod source_maps;
mod storage;
mod streams;
mod style_imports;
mod synchronous_xhr;
mod task_queues;
mod timer_heap;
mod viewport;
mod web_sockets;
mod xhr_matrix;
mod xhr_progress;
mod xml_documents;

use libtest_mimic::Trial;

pub(crate) fn trials() -> Vec<Trial> {
    let areas = [
        automation::trials(),
        command::trials(),
        command_line::trials(),
        cross_origin_frames::trials(),
        crypto::trials(),
        custom_elements::trials(),
        event_loop::trials(),
        event_sources::trials(),
        examples::trials(),
        fetch_api::trials(),
        folder_server::trials(),
        forms::trials(),
        frames::trials(),
        har::trials(),
        history::trials(),
        hostile_neighbour::trials(),
        hostile_page::trials(),
        hostile_server::trials(),
        html5lib::trials(),
        http_settings::trials(),
        import_maps::trials(),
        interception::trials(),
        isolation::trials(),
        kept_memory::trials(),
        linked_style_sheets::trials(),
        modules::trials(),
        page_clock::trials(),
        script_elements::trials(),
        settled::trials(),
        popups::trials(),
        storage::trials(),
        source_maps::trials(),
        streams::trials(),
        style_imports::trials(),
        synchronous_xhr::trials(),
        task_queues::trials(),
        timer_heap::trials(),
        viewport::trials(),
        web_sockets::trials(),
        xhr_matrix::trials(),
        xhr_progress::trials(),
        xml_documents::trials(),
    ];
    areas.into_iter().flatten().collect()
}
