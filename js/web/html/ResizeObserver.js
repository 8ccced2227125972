// ResizeObserver. Elements have no boxes here: their sizes are the 0 x 0 that each observation starts from, so nothing is ever to be
// told, as of elements that are not rendered. <https://drafts.csswg.org/resize-observer/>
(realm) => {
  "use strict";
  const { webidl, Element } = realm;

  const KIND = "ResizeObserver";
  const boxOf = webidl.enumeration(["border-box", "content-box", "device-pixel-content-box"], "ResizeObserverOptions");
  const target = (args, method) => {
    webidl.requireArguments(args.length, 1, `'${method}' on 'ResizeObserver'`);
    if (!Element.prototype.isPrototypeOf(args[0])) {
      throw new realm.primordials.TypeError(`Failed to execute '${method}' on 'ResizeObserver': parameter 1 is not of type 'Element'`);
    }
  };

  class ResizeObserver {
    constructor(callback) {
      webidl.requireArguments(arguments.length, 1, "'ResizeObserver' constructor");
      realm.setObjectState(this, KIND, { callback: webidl.callbackFunction(callback, "ResizeObserver constructor") });
    }
    observe(element, options = undefined) {
      realm.requireState(this, KIND);
      target(arguments, "observe");
      const { box } = webidl.dictionary(options, "ResizeObserverOptions");
      if (box !== undefined) boxOf(box);
    }
    unobserve(element) {
      realm.requireState(this, KIND);
      target(arguments, "unobserve");
    }
    disconnect() {
      realm.requireState(this, KIND);
    }
  }
  realm.expose({ ResizeObserver });
}
