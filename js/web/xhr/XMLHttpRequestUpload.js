// XMLHttpRequestUpload. <https://xhr.spec.whatwg.org/#xmlhttprequestupload>
(realm) => {
  "use strict";
  const { XMLHttpRequestEventTarget, xhrToken } = realm;

  class XMLHttpRequestUpload extends XMLHttpRequestEventTarget {
    constructor() {
      if (arguments[0] !== xhrToken) throw realm.illegalConstructor("XMLHttpRequestUpload");
      super(xhrToken);
    }
  }
  realm.expose({ XMLHttpRequestUpload });
}
