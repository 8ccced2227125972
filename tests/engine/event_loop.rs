//! The order and the occasion of what the event loop does by itself: rejected promises, animation frames, handlers.

use crate::support::page::{page, settled};
use crate::support::server::Server;
use crate::support::trials;

trials!("engine::event_loop":
    a_rejection_is_told_in_a_task_and_its_late_handler_too,
    a_rejection_handled_before_the_task_is_not_told,
    a_prevented_rejection_is_not_reported,
    callbacks_of_a_frame_share_its_time_and_go_from_the_outermost_inwards,
    a_handler_that_does_not_compile_keeps_its_place,
    an_error_handler_of_a_frame_is_called_with_five_arguments,
    opening_a_document_anew_takes_its_listeners_away,
    a_muted_script_tells_nothing_of_its_rejections,
);

#[track_caller]
fn result(html: &'static str) -> String {
    let server = Server::with_page(html, |_, connection| connection.hang());
    let page = settled(&server.url("/"));
    page.evaluate("log.join()").expect("a list")
}

fn a_rejection_is_told_in_a_task_and_its_late_handler_too() {
    let log = result(
        "<!DOCTYPE html><script>
           const log = [];
           onunhandledrejection = event => {
             log.push('unhandled ' + event.reason + (event.promise === promise));
             setTimeout(() => { promise.catch(() => log.push('caught')); log.push('after') });
             return false;
           };
           onrejectionhandled = event => log.push('handled ' + event.reason + event.cancelable);
           const promise = Promise.reject(7);
           Promise.resolve().then(() => log.push('microtask'));
         </script>",
    );
    assert_eq!(log, "microtask,unhandled 7true,after,caught,handled 7false");
}

fn a_rejection_handled_before_the_task_is_not_told() {
    let log = result(
        "<!DOCTYPE html><script>
           const log = [];
           onunhandledrejection = onrejectionhandled = event => log.push(event.type);
           const channel = new MessageChannel();
           channel.port1.onmessage = () => { promise.catch(reason => log.push('caught ' + reason)); channel.port1.close() };
           channel.port2.postMessage(0);
           const promise = Promise.reject(7);
         </script>",
    );
    assert_eq!(log, "caught 7");
}

fn a_prevented_rejection_is_not_reported() {
    let page = page();
    page.set_content(
        "<!DOCTYPE html><script>
           onunhandledrejection = event => { if (event.reason === 1) event.preventDefault() };
           Promise.reject(1); Promise.reject(2);
         </script>",
        None,
    )
    .expect("it loads");
    page.wait_until_settled().expect("it settles");
    let reported: Vec<String> = page
        .exceptions()
        .into_iter()
        .map(|report| report.message)
        .collect();
    assert_eq!(reported.len(), 1, "{reported:?}");
    assert!(reported[0].contains('2'), "{reported:?}");
}

fn callbacks_of_a_frame_share_its_time_and_go_from_the_outermost_inwards() {
    let log = result(
        "<!DOCTYPE html><iframe></iframe><script>
           const log = [];
           const times = new Set();
           // At the head of a frame, so that all three wait for the same one.
           requestAnimationFrame(() => {
             frames[0].requestAnimationFrame(time => { times.add(time); log.push('frame') });
             requestAnimationFrame(time => {
               times.add(time);
               log.push('page');
               const start = performance.now();
               while (performance.now() < start + 2) {}
             });
             requestAnimationFrame(time => { times.add(time); log.push('page', times.size) });
           });
         </script>",
    );
    assert_eq!(log, "page,page,1,frame");
}

fn a_handler_that_does_not_compile_keeps_its_place() {
    let log = result(
        "<!DOCTYPE html><button onclick='}'></button><script>
           const log = [];
           onerror = () => true;
           const button = document.querySelector('button');
           log.push(button.onclick);
           button.addEventListener('click', () => log.push('second'));
           button.onclick = () => log.push('first');
           button.click();
         </script>",
    );
    assert_eq!(log, ",first,second");
}

fn an_error_handler_of_a_frame_is_called_with_five_arguments() {
    let log = result(
        "<!DOCTYPE html><iframe></iframe><script>
           const log = [];
           frames[0].onerror = function () { log.push(arguments.length); return true };
           const event = new ErrorEvent('error', { cancelable: true });
           log.push(frames[0].dispatchEvent(event));
         </script>",
    );
    assert_eq!(log, "5,false");
}

fn opening_a_document_anew_takes_its_listeners_away() {
    let log = result(
        "<!DOCTYPE html><body><script>
           const log = [];
           onload = () => setTimeout(() => {
             addEventListener('x', () => log.push('window'));
             document.addEventListener('x', () => log.push('document'));
             const { body } = document;
             body.addEventListener('x', () => log.push('body'));
             document.onreadystatechange = () => log.push('gone');
             document.open();
             log.push(document.readyState, document.compatMode);
             document.addEventListener('readystatechange', () => log.push(document.readyState));
             for (const target of [window, document, body]) target.dispatchEvent(new Event('x'));
             document.write('<!DOCTYPE html><p>');
             document.close();
           });
         </script>",
    );
    assert_eq!(log, "loading,CSS1Compat,interactive,complete");
}

fn a_muted_script_tells_nothing_of_its_rejections() {
    let other = Server::start(|_, connection| {
        connection.answer("text/javascript", "Promise.reject(new Error('secret'))");
    });
    let url = other.url("/script.js");
    let server = Server::start(move |_, connection| {
        connection.answer(
            "text/html",
            format!(
                "<!DOCTYPE html><script>
                   const log = [];
                   onunhandledrejection = event => log.push(event.reason);
                 </script><script src='{url}'></script><script>Promise.reject('own')</script>"
            ),
        );
    });
    let page = settled(&server.url("/"));
    assert_eq!(
        page.evaluate::<String>("log.join()").expect("a list"),
        "own"
    );
}
