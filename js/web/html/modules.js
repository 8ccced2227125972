// Module scripts: import.meta, import(), and reports of what they throw.
// <https://html.spec.whatwg.org/multipage/webappapis.html#integration-with-the-javascript-module-system>
(realm) => {
  "use strict";
  const { Object, promiseThen } = realm.primordials;
  const { ops, webidl } = realm;

  const define = (object, name, value) => Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
  // <https://html.spec.whatwg.org/multipage/webappapis.html#hostgetimportmetaproperties>
  realm.entry.initializeImportMeta = (meta, url) => {
    define(meta, "url", url);
    const { resolve } = {
      resolve(specifier) {
        const resolved = ops.op_module_resolve(realm.windowId, webidl.DOMString(specifier), url);
        return resolved === null ? realm.throwLastError() : resolved;
      },
    };
    define(meta, "resolve", resolve);
  };

  // <https://html.spec.whatwg.org/multipage/webappapis.html#run-a-module-script> steps 5 and 6
  realm.entry.moduleEvaluated = (promise) => {
    promiseThen(promise, undefined, realm.reportException);
  };
  realm.entry.moduleFailed = (error) => {
    realm.microtask(() => realm.reportException(error));
  };

  // <https://tc39.es/ecma262/#sec-ContinueDynamicImport>
  realm.entry.continueImport = (id, module) => {
    realm.microtask(() => {
      const promise = ops.op_import_evaluate(id, module);
      if (promise === undefined) return;
      promiseThen(
        promise,
        () => ops.op_import_fulfil(id, module),
        (error) => ops.op_import_reject(id, error),
      );
    });
  };

  // <https://html.spec.whatwg.org/multipage/webappapis.html#creating-a-css-module-script>
  realm.entry.constructStyleSheet = (text, baseURL) => {
    const sheet = new realm.CSSStyleSheet({ baseURL });
    sheet.replaceSync(text);
    return sheet;
  };
}
