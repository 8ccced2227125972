//! Several windows in one agent: own intrinsics, shared wrappers, and a page that goes wrong in one of them.

use readystate_js::{ScriptError, WindowId};

use super::agent_fixture::{Fixture, with_agent};
use crate::support::trials;

trials!("js::realms":
    a_frame_has_intrinsics_of_its_own,
    node_wrappers_are_shared_between_windows,
    brand_checks_work_across_windows,
    attributes_of_windows_ask_what_they_are_called_on,
    private_state_cannot_be_forged,
    errors_belong_to_the_realm_of_the_method,
    rejected_promises_of_a_frame_are_reported_to_the_frame,
    a_rejection_that_is_handled_in_time_is_not_reported,
    a_throwing_listener_of_a_frame_is_reported_and_the_others_run,
    a_closed_frame_leaves_the_others_alone,
    frames_come_and_go_many_times,
    nothing_of_the_engine_is_left_on_a_global,
    an_interface_that_is_completed_late_cannot_be_told_from_others,
    an_interrupted_agent_runs_again_after_resume,
);

fn two_windows(fixture: &mut Fixture) -> (WindowId, WindowId) {
    let top = fixture.open("https://a.test/", None);
    let frame = fixture.open("https://a.test/frame", Some(top));
    (top, frame)
}

fn a_frame_has_intrinsics_of_its_own() {
    with_agent(|fixture| {
        let (_, frame) = two_windows(fixture);
        let mut is = |source: &str, expected: &str| {
            assert_eq!(fixture.value(frame, source), expected, "{source}");
        };
        is("parent !== window && parent.parent === parent", "true");
        is("parent.Array !== Array && parent.Object !== Object", "true");
        is(
            "parent.Node !== Node && parent.EventTarget !== EventTarget",
            "true",
        );
        is("parent.eval('[]') instanceof Array", "false");
        is(
            "parent.document !== document && document.URL",
            "https://a.test/frame",
        );
        is("document.body instanceof HTMLElement", "true");
        is("parent.document.body instanceof HTMLElement", "false");
        is("parent.document.body instanceof parent.HTMLElement", "true");
        // Prototypes changed in one window stay as they are in the other.
        is(
            "parent.Node.prototype.extra = 1; 'extra' in document.body",
            "false",
        );
    });
}

fn node_wrappers_are_shared_between_windows() {
    with_agent(|fixture| {
        let (top, frame) = two_windows(fixture);
        fixture.value(
            top,
            "var made = document.createElement('p'); document.body.append(made); 0",
        );
        let same = "parent.document.body.firstChild === parent.made";
        assert_eq!(fixture.value(frame, same), "true");
        fixture.value(frame, "document.body.append(parent.made); 0");
        let moved = "made.parentNode === null ? 'lost' : made.ownerDocument !== document";
        assert_eq!(fixture.value(top, moved), "true");
        let kept =
            "document.body.firstChild === parent.made && parent.made.ownerDocument === document";
        assert_eq!(fixture.value(frame, kept), "true");
        assert_eq!(fixture.value(top, "made instanceof HTMLElement"), "true");
    });
}

fn attributes_of_windows_ask_what_they_are_called_on() {
    with_agent(|fixture| {
        let (_, frame) = two_windows(fixture);
        let source = "const { get, set } = Object.getOwnPropertyDescriptor(window, 'event'), seen = [get.name, set.name];
             for (const call of [() => get.call(undefined), () => get.call(parent), () => get.call({}),
               () => get.call(Object.create(window)), () => set.call({}, 1), () => set.call(null, 2)]) {
               try { seen.push(call()) } catch (error) { seen.push(error.name) }
             }
             seen.push(event); seen.join()";
        assert_eq!(
            fixture.value(frame, source),
            "get event,set event,,,TypeError,TypeError,TypeError,,2"
        );
    });
}

fn brand_checks_work_across_windows() {
    with_agent(|fixture| {
        let (_, frame) = two_windows(fixture);
        let borrowed = "Node.prototype.appendChild.call(parent.document.body, document.createElement('i')); \
             parent.document.body.firstChild.localName";
        assert_eq!(fixture.value(frame, borrowed), "i");
        let listener = "var calls = 0; \
             EventTarget.prototype.addEventListener.call(parent.document.body, 'x', () => calls++); \
             parent.document.body.dispatchEvent(new parent.Event('x')); \
             parent.document.body.dispatchEvent(new Event('x')); calls";
        assert_eq!(fixture.value(frame, listener), "2");
    });
}

fn private_state_cannot_be_forged() {
    with_agent(|fixture| {
        let (top, _) = two_windows(fixture);
        for source in [
            "Node.prototype.appendChild.call({}, document.body)",
            "Node.prototype.appendChild.call(Object.create(Node.prototype), document.body)",
            "document.body.appendChild(Object.create(document.body))",
            "Object.getOwnPropertyDescriptor(Node.prototype, 'firstChild').get.call(new Proxy(document.body, {}))",
        ] {
            let caught = format!("try {{ {source}; 'nothing' }} catch (error) {{ error.name }}");
            assert_eq!(fixture.value(top, &caught), "TypeError", "{source}");
        }
        let own = "JSON.stringify([Object.getOwnPropertyNames(document.body), Object.getOwnPropertySymbols(document.body).length])";
        assert_eq!(fixture.value(top, own), "[[],0]");
    });
}

fn errors_belong_to_the_realm_of_the_method() {
    with_agent(|fixture| {
        let (_, frame) = two_windows(fixture);
        let thrown = "try { parent.document.body.removeChild(document.body) } \
             catch (error) { [error instanceof parent.DOMException, error instanceof DOMException, error.name].join() }";
        assert_eq!(fixture.value(frame, thrown), "true,false,NotFoundError");
    });
}

fn rejected_promises_of_a_frame_are_reported_to_the_frame() {
    with_agent(|fixture| {
        let (top, frame) = two_windows(fixture);
        fixture.value(frame, "Promise.reject(new Error('of the frame')); 0");
        let reported = fixture.exceptions();
        assert_eq!(reported.len(), 1, "{reported:?}");
        assert_eq!(reported[0].0, frame);
        assert!(reported[0].1.contains("of the frame"), "{reported:?}");
        // With a handler that cancels it, nobody is told.
        let handler = "addEventListener('unhandledrejection', (event) => { \
             window.seen = [event.reason.message, event.promise instanceof Promise].join(); event.preventDefault() }); 0";
        fixture.value(frame, handler);
        fixture.value(
            frame,
            "(async () => { await null; throw new Error('again') })(); 0",
        );
        assert_eq!(fixture.value(frame, "seen"), "again,true");
        assert_eq!(fixture.exceptions(), []);
        // A promise of the frame rejected by script of the top window, and one inside the other.
        fixture.value(
            top,
            "var later = Promise.withResolvers(); later.promise.then(() => {}); 0",
        );
        fixture.value(frame, "parent.later.reject(new Error('across')); 0");
        let across = fixture.exceptions();
        assert_eq!(across.len(), 1, "{across:?}");
    });
}

fn a_rejection_that_is_handled_in_time_is_not_reported() {
    with_agent(|fixture| {
        let (_, frame) = two_windows(fixture);
        fixture.value(frame, "Promise.reject(1).catch(() => {}); 0");
        fixture.value(
            frame,
            "const p = Promise.reject(2); queueMicrotask(() => p.catch(() => {})); 0",
        );
        assert_eq!(fixture.exceptions(), []);
    });
}

fn a_throwing_listener_of_a_frame_is_reported_and_the_others_run() {
    with_agent(|fixture| {
        let (top, frame) = two_windows(fixture);
        fixture.value(
            frame,
            "var seen = []; \
             addEventListener('error', (event) => seen.push(event.message)); \
             document.body.addEventListener('x', () => { throw new Error('first') }); \
             document.body.addEventListener('x', () => seen.push('second')); 0",
        );
        fixture.value(frame, "document.body.dispatchEvent(new Event('x')); 0");
        let seen = fixture.value(frame, "seen.length + ' ' + seen.join()");
        assert!(
            seen.starts_with("2 ") && seen.contains("first") && seen.ends_with("second"),
            "{seen}"
        );
        // From another window too: the listener's own window hears of it.
        fixture.value(
            top,
            "var heard = 0; addEventListener('error', () => heard++); 0",
        );
        fixture.value(
            frame,
            "seen.length = 0; parent.fire = () => document.body.dispatchEvent(new Event('x')); 0",
        );
        fixture.value(top, "fire(); 0");
        assert_eq!(fixture.value(frame, "seen.length"), "2");
        assert_eq!(fixture.value(top, "heard"), "0");
    });
}

fn a_closed_frame_leaves_the_others_alone() {
    with_agent(|fixture| {
        let (top, frame) = two_windows(fixture);
        fixture.value(
            frame,
            "parent.kept = document.createElement('b'); \
             parent.call = () => 'still callable'; \
             parent.reject = () => Promise.reject(new Error('after the end')); \
             setTimeout(() => console.log('the timer of a closed window'), 0); 0",
        );
        fixture.agent.close_window(frame);
        assert!(matches!(fixture.failure(frame, "1"), ScriptError::NoWindow));
        assert_eq!(
            fixture.value(top, "call() + kept.localName"),
            "still callableb"
        );
        assert_eq!(
            fixture.value(
                top,
                "document.body.append(kept); document.body.firstChild === kept"
            ),
            "true"
        );
        // Nobody is there to report to; it must not take anything down.
        fixture.value(top, "reject(); 0");
        let another = fixture.open("https://a.test/other", Some(top));
        assert_ne!(another, frame);
        assert_eq!(
            fixture.value(another, "parent.document.body.firstChild === parent.kept"),
            "true"
        );
    });
}

fn frames_come_and_go_many_times() {
    with_agent(|fixture| {
        let top = fixture.open("https://a.test/", None);
        fixture.value(top, "setTimeout(() => console.log('timer'), 0); 0");
        for round in 0..20 {
            let frame = fixture.open("https://a.test/frame", Some(top));
            let source =
                format!("Promise.reject(new Error('{round}')); document.body.append('x'); {round}");
            assert_eq!(fixture.value(frame, &source), round.to_string());
            assert_eq!(fixture.exceptions().len(), 1);
            fixture.agent.close_window(frame);
        }
        fixture.run_timers();
        assert_eq!(fixture.console(), ["timer"]);
    });
}

fn nothing_of_the_engine_is_left_on_a_global() {
    with_agent(|fixture| {
        let (top, frame) = two_windows(fixture);
        for window in [top, frame] {
            let left = "Object.getOwnPropertyNames(globalThis) \
                 .filter((name) => /^(Deno|__bootstrap|gc|__v8x|__readystate|v8)/.test(name)).join()";
            assert_eq!(fixture.value(window, left), "");
        }
    });
}

fn an_interrupted_agent_runs_again_after_resume() {
    with_agent(|fixture| {
        let (top, frame) = two_windows(fixture);
        let interrupter = fixture.agent.interrupter();
        // Interrupted before it starts, so that the test needs no clock: an endless loop must end at once.
        interrupter.interrupt(readystate_js::InterruptReason::Time);
        assert!(matches!(
            fixture.failure(frame, "while (true);"),
            ScriptError::Interrupted(_)
        ));
        fixture.agent.resume();
        assert_eq!(fixture.value(frame, "1 + 1"), "2");
        assert_eq!(fixture.value(top, "1 + 2"), "3");
    });
}

fn an_interface_that_is_completed_late_cannot_be_told_from_others() {
    with_agent(|fixture| {
        let (_, first) = two_windows(fixture);
        let (top, second) = two_windows(fixture);
        assert_eq!(
            fixture.value(
                first,
                "const d = Object.getOwnPropertyDescriptor(window, 'CSSStyleDeclaration');\
                 [typeof d.value, d.writable, d.enumerable, d.configurable, 'color' in d.value.prototype].join()"
            ),
            "function,true,false,true,true"
        );
        let mut is = |window, source: &str, expected: &str| {
            assert_eq!(fixture.value(window, source), expected, "{source}");
        };
        is(
            first,
            "document.body.style instanceof CSSStyleDeclaration && CSSStyleDeclaration === d.value",
            "true",
        );
        // Asked for from another window.
        is(
            second,
            "parent.CSSStyleDeclaration !== CSSStyleDeclaration && 'cssFloat' in parent.CSSStyleDeclaration.prototype",
            "true",
        );
        is(
            top,
            "document.body.style.constructor === CSSStyleDeclaration && 'webkitOrder' in document.body.style",
            "true",
        );
        // Overwritten, defined and deleted before anybody has asked for it.
        let third = fixture.open("https://a.test/frame", Some(top));
        assert_eq!(
            fixture.value(third, "window.CSSStyleDeclaration = 1; CSSStyleDeclaration"),
            "1"
        );
        let fourth = fixture.open("https://a.test/frame", Some(top));
        assert_eq!(
            fixture.value(
                fourth,
                "[delete window.CSSStyleDeclaration, 'CSSStyleDeclaration' in window, 'color' in document.body.style].join()"
            ),
            "true,false,true"
        );
    });
}
