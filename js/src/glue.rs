//! The glue scripts and how a realm is made of them.
//!
//! Each file is a function of the realm (see `js/web/README.md`). Release builds hold the text; debug builds, and those with the
//! feature `glue-from-disk`, read the files, so that a change of glue needs no rebuild.

use crate::backend::{GlueText, StaticText};

/// One file of glue.
pub(crate) struct File {
    /// What its functions say in stack traces: `ext:readystate/` and the path below `js/web`.
    pub(crate) name: &'static str,
    source: Source,
}

/// The text of a file, which is ASCII, where the engine can read it in place: it is neither in its heap nor in its snapshot.
#[cfg(not(any(debug_assertions, feature = "glue-from-disk")))]
type Source = &'static StaticText;

/// Where the text of a file lies.
#[cfg(any(debug_assertions, feature = "glue-from-disk"))]
type Source = &'static str;

/// A list of files.
macro_rules! glue {
    ($(#[$doc:meta])* $list:ident: $($path:literal),* $(,)?) => {
        $(#[$doc])*
        pub(crate) static $list: &[File] = &[$(File {
            name: concat!("ext:readystate/", $path),
            source: source!($path),
        }),*];
    };
}

#[cfg(not(any(debug_assertions, feature = "glue-from-disk")))]
macro_rules! source {
    ($path:literal) => {{
        static TEXT: StaticText =
            crate::backend::static_text(include_bytes!(concat!("../web/", $path)));
        &TEXT
    }};
}

#[cfg(any(debug_assertions, feature = "glue-from-disk"))]
macro_rules! source {
    ($path:literal) => {
        concat!(env!("CARGO_MANIFEST_DIR"), "/web/", $path)
    };
}

glue! {
    /// What makes a realm, in the order in which it runs.
    FILES:
    "realm.js",
    "webidl.js",
    "DOMException.js",
    "events/handler_names.js",
    "events/Event.js",
    "events/EventTarget.js",
    "events/UIEvent.js",
    "events/AbortController.js",
    "html/Console.js",
    "html/timers.js",
    "html/Window.js",
    "html/Location.js",
    "html/History.js",
    "html/CrossOriginWindow.js",
    "html/Navigator.js",
    "html/Performance.js",
    "html/structured_clone.js",
    "html/modules.js",
    "html/base64.js",
    "dom/Node.js",
    "dom/node_lifetime.js",
    "dom/NodeList.js",
    "dom/ParentNode.js",
    "dom/CharacterData.js",
    "dom/DocumentType.js",
    "dom/Attr.js",
    "dom/DOMTokenList.js",
    "dom/Element.js",
    "dom/Document.js",
    "dom/DOMImplementation.js",
    "dom/MutationObserver.js",
    "dom/Range.js",
    "dom/TreeWalker.js",
    "dom/XPath.js",
    "../interfaces/html.js",
    "html/reflection.js",
    "html/DOMStringMap.js",
    "html/CSSStyleDeclaration.js",
    "html/HTMLElement.js",
    "html/HTMLElements.js",
    "dom/ShadowRoot.js",
    "html/autofocus.js",
    "css/CSSStyleSheet.js",
    "html/SVGElement.js",
    "css/CSSRule.js",
    "html/HTMLMediaElement.js",
    "html/HTMLDialogElement.js",
    "html/HTMLIFrameElement.js",
    "html/HTMLHyperlinkElementUtils.js",
    "html/HTMLTableElement.js",
    "html/HTMLInputElement.js",
    "html/HTMLSelectElement.js",
    "html/HTMLFormElement.js",
    "html/ValidityState.js",
    "html/CustomElementRegistry.js",
    "html/ElementInternals.js",
    "html/activation.js",
    "dom/ARIAMixin.js",
    "html/WindowProperties.js",
    "html/DocumentProperties.js",
    "dom/Selection.js",
    "xhr/object_state.js",
    "xhr/pair_iterator.js",
    "xhr/Blob.js",
    "xhr/File.js",
    "html/DataTransfer.js",
    "xhr/FormData.js",
    "xhr/entry_list.js",
    "xhr/URLSearchParams.js",
    "xhr/URL.js",
    "xhr/TextEncoder.js",
    "xhr/TextDecoder.js",
    "streams/load.js",
    "streams/QueuingStrategy.js",
    "streams/ReadableStream.js",
    "streams/ReadableStreamReaders.js",
    "streams/ReadableStreamControllers.js",
    "streams/WritableStream.js",
    "streams/TransformStream.js",
    "streams/GenericTransformStream.js",
    "fetch/body_init.js",
    "html/MessageChannel.js",
    "html/BroadcastChannel.js",
    "xhr/XMLHttpRequestEventTarget.js",
    "xhr/XMLHttpRequestUpload.js",
    "xhr/XMLHttpRequest.js",
    "xhr/FileReader.js",
    "fetch/Headers.js",
    "fetch/Body.js",
    "fetch/Request.js",
    "fetch/Response.js",
    "fetch/fetch.js",
    "fetch/beacon.js",
    "html/Storage.js",
    "crypto/Crypto.js",
    "crypto/CryptoKey.js",
    "crypto/SubtleCrypto.js",
    "geometry/DOMRect.js",
    "css/CSSOMView.js",
    "css/MediaQueryList.js",
    "html/ResizeObserver.js",
    "html/IntersectionObserver.js",
    "network/WebSocket.js",
    "network/EventSource.js",
    "function_source.js",
    "bootstrap.js",
}

glue! {
    /// What is run when a window first needs it, by `realm.loadGlue`. No part of the snapshot.
    LAZY:
    "html/page_clock.js",
    "html/history_state.js",
    "streams/promises.js",
    "streams/queue_with_sizes.js",
    "streams/array_buffers.js",
    "streams/readable_stream.js",
    "streams/readable_stream_default_controller.js",
    "streams/readable_byte_stream_controller.js",
    "streams/tee.js",
    "streams/writable_stream.js",
    "streams/writable_stream_default_controller.js",
    "streams/pipe_to.js",
    "streams/transform_stream.js",
    "streams/async_iteration.js",
    "streams/cross_realm_transform.js",
}

/// The files whose functions nearly every page calls: events, timers, nodes, XMLHttpRequest. One more costs each page the loading of its
/// bytecode, one less the compilation of what is called of it.
const HOT: &[&str] = &[
    "realm.js",
    "webidl.js",
    "bootstrap.js",
    "events/Event.js",
    "events/EventTarget.js",
    "dom/Node.js",
    "html/timers.js",
    "xhr/object_state.js",
    "xhr/XMLHttpRequestEventTarget.js",
    "xhr/XMLHttpRequest.js",
];

/// Whether the functions of a glue file, by its whole name, are compiled before they are called.
pub(crate) fn is_hot(name: &str) -> bool {
    name.strip_prefix("ext:readystate/")
        .is_some_and(|path| HOT.contains(&path))
}

/// The text of a glue file.
#[cfg(not(any(debug_assertions, feature = "glue-from-disk")))]
pub(crate) fn text(file: &File) -> Result<GlueText, String> {
    Ok(GlueText::Static(file.source))
}

/// The text of a glue file, read once in a process: all realms of an agent are of one make.
#[cfg(any(debug_assertions, feature = "glue-from-disk"))]
pub(crate) fn text(file: &File) -> Result<GlueText, String> {
    use std::collections::HashMap;
    use std::sync::{LazyLock, Mutex, PoisonError};

    static READ: LazyLock<Mutex<HashMap<&'static str, &'static str>>> =
        LazyLock::new(Mutex::default);
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(text) = read.get(file.source) {
        return Ok(GlueText::Read(text));
    }
    match std::fs::read_to_string(file.source) {
        Ok(text) => {
            let text: &'static str = text.leak();
            read.insert(file.source, text);
            Ok(GlueText::Read(text))
        }
        Err(error) => Err(format!(
            "cannot read {}: {error} (such builds read the glue from the source tree)",
            file.source
        )),
    }
}

/// The texts that a snapshot names instead of holding them, in the order of the lists.
#[cfg(not(any(debug_assertions, feature = "glue-from-disk")))]
pub(crate) fn static_texts() -> impl Iterator<Item = &'static StaticText> {
    FILES.iter().chain(LAZY).map(|file| file.source)
}

/// The texts that a snapshot names instead of holding them: none, for they are read while it is made.
#[cfg(any(debug_assertions, feature = "glue-from-disk"))]
pub(crate) fn static_texts() -> impl Iterator<Item = &'static StaticText> {
    std::iter::empty()
}
