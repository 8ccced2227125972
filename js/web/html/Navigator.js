// Navigator: what describes this engine, no more. <https://html.spec.whatwg.org/multipage/system-state.html#the-navigator-object>
(realm) => {
  "use strict";
  const { Object } = realm.primordials;
  const { ops, global } = realm;
  const { Stamp } = realm.shared;

  const languages = Object.freeze(["en-US", "en"]);
  class Navigator {
    constructor() {
      throw realm.illegalConstructor();
    }
    get appCodeName() {
      return "Mozilla";
    }
    get appName() {
      return "Netscape";
    }
    get appVersion() {
      return ops.op_user_agent().replace(/^Mozilla\//, "");
    }
    get platform() {
      return "Linux x86_64";
    }
    get product() {
      return "Gecko";
    }
    get productSub() {
      return "20030107";
    }
    get userAgent() {
      return ops.op_user_agent();
    }
    get vendor() {
      return "";
    }
    get vendorSub() {
      return "";
    }
    get language() {
      return languages[0];
    }
    get languages() {
      return languages;
    }
    get onLine() {
      return true;
    }
    get cookieEnabled() {
      return true;
    }
    get hardwareConcurrency() {
      return 2;
    }
    get webdriver() {
      return true;
    }
    get pdfViewerEnabled() {
      return false;
    }
    get maxTouchPoints() {
      return 0;
    }
    javaEnabled() {
      return false;
    }
    taintEnabled() {
      return false;
    }
  }
  realm.expose({ Navigator });
  const navigator = Object.create(Navigator.prototype);
  new Stamp(navigator, 0, 0);
  for (const name of ["navigator", "clientInformation"]) {
    Object.defineProperty(global, name, { get: () => navigator, enumerable: true, configurable: true });
  }
}
