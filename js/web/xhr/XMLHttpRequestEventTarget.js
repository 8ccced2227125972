// XMLHttpRequestEventTarget. <https://xhr.spec.whatwg.org/#xmlhttprequesteventtarget>
(realm) => {
  "use strict";
  const { EventTarget } = realm;

  // What makes its two subinterfaces constructible from here, and nothing from elsewhere.
  const token = {};
  realm.xhrToken = token;

  class XMLHttpRequestEventTarget extends EventTarget {
    constructor() {
      if (arguments[0] !== token) throw realm.illegalConstructor("XMLHttpRequestEventTarget");
      super();
    }
  }
  realm.expose({ XMLHttpRequestEventTarget });
  realm.eventHandlers(XMLHttpRequestEventTarget.prototype, [
    "onloadstart",
    "onprogress",
    "onabort",
    "onerror",
    "onload",
    "ontimeout",
    "onloadend",
  ]);
}
