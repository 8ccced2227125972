//! Script elements and handlers in odd places: moved while they are parsed, of other origins, of documents without a window.

use crate::support::page::{page, settled, value};
use crate::support::server::Server;
use crate::support::trials;

trials!("engine::script_elements":
    a_script_that_leaves_its_parsers_document_never_runs,
    a_script_of_another_origin_tells_nothing_of_what_our_functions_throw,
    handlers_of_documents_without_a_window_stay_source,
    document_open_with_three_arguments_is_the_windows_own_open,
    a_body_is_replaced_by_a_body,
);

fn a_script_that_leaves_its_parsers_document_never_runs() {
    let page = page();
    page.set_content("<!doctype html><body><iframe></iframe>", None)
        .expect("the page");
    let seen = value(
        &page,
        "const inner = frames[0].document, log = [];
         frames[0].log = log;
         inner.open();
         inner.write('<body><div id=box><script>log.push(\"moved\");');
         document.body.append(inner.getElementById('box'));
         inner.write('<\\/script></div><script>log.push(\"stayed\")<\\/script>');
         inner.close();
         [log, document.querySelector('#box script').textContent.length > 0].join()",
    );
    assert_eq!(seen, "stayed,true");
}

fn a_script_of_another_origin_tells_nothing_of_what_our_functions_throw() {
    let other = Server::start(|_, connection| {
        connection.answer("text/javascript", "document.querySelector(':::no')");
    });
    let script = other.url("/throws.js");
    let server = Server::start(move |request, connection| {
        if request.path == "/own.js" {
            connection.answer("text/javascript", "document.querySelector(':::no')");
        } else {
            connection.answer(
                "text/html",
                format!(
                    "<!doctype html><script>var seen = []; onerror = (...told) => {{ seen.push(told); }}</script>
                     <script src='{script}'></script><script src=/own.js></script>"
                ),
            );
        }
    });
    let page = settled(&server.url("/"));
    let seen = value(
        &page,
        "[seen.length, seen[0].map(String), seen[1][0].startsWith('Uncaught'), seen[1][4].name].join('|')",
    );
    assert_eq!(seen, "2|Script error.,,0,0,null|true|SyntaxError");
}

fn handlers_of_documents_without_a_window_stay_source() {
    let page = page();
    page.set_content("<!doctype html><body>", None)
        .expect("the page");
    let seen = value(
        &page,
        "globalThis.calls = [];
         const other = new DOMParser().parseFromString('<b onclick=\"calls.push(1)\">', 'text/html');
         const element = other.querySelector('b');
         const before = element.onclick;
         element.click();
         document.body.append(element);
         element.click();
         [before, typeof element.onclick, calls.length].join()",
    );
    assert_eq!(seen, ",function,1");
}

fn document_open_with_three_arguments_is_the_windows_own_open() {
    let page = page();
    page.set_content(
        "<!doctype html><script>function open() { throw 'replaced' }</script>",
        None,
    )
    .expect("the page");
    let seen = value(
        &page,
        "const made = document.open('', '', '');
         const none = new Document().implementation.createHTMLDocument();
         let name;
         try { none.open('', '', '') } catch (error) { name = error.name }
         [made instanceof made.Window, made === window, name].join()",
    );
    assert_eq!(seen, "true,false,InvalidAccessError");
}

fn a_body_is_replaced_by_a_body() {
    let page = page();
    page.set_content("<!doctype html><title>t</title><body id=old>text", None)
        .expect("the page");
    let seen = value(
        &page,
        "document.body.outerHTML = '<body id=new onclick=1>new';
         document.querySelector('#new').insertAdjacentHTML('afterend', '<i>after</i>');
         document.documentElement.innerHTML",
    );
    assert_eq!(
        seen,
        "<head><title>t</title></head><head></head><body id=\"new\" onclick=\"1\">new</body><i>after</i>"
    );
}
