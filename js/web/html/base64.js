// btoa and atob. <https://html.spec.whatwg.org/multipage/webappapis.html#atob>
(realm) => {
  "use strict";
  const { Object } = realm.primordials;
  const { ops, global, webidl } = realm;

  const members = {
    btoa(data) {
      webidl.requireArguments(arguments.length, 1, "'btoa' on 'Window'");
      const text = ops.op_btoa(webidl.DOMString(data));
      if (text === null) throw new realm.DOMException("The string has characters outside of the Latin-1 range", "InvalidCharacterError");
      return text;
    },
    atob(data) {
      webidl.requireArguments(arguments.length, 1, "'atob' on 'Window'");
      const text = ops.op_atob(webidl.DOMString(data));
      if (text === null) throw new realm.DOMException("The string is not base64", "InvalidCharacterError");
      return text;
    },
  };
  for (const name of Object.keys(members)) {
    Object.defineProperty(global, name, { value: members[name], writable: true, enumerable: true, configurable: true });
  }
}
