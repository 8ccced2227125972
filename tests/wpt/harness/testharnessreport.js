// How the harness hands its results to the runner: as JSON in an element that the runner waits for. The checkout's own file of this
// name does the same; web-platform-tests keep it for runners to replace.
(() => {
  const report = (tests, status) => {
    const results = document.createElement("script");
    results.type = "text/json";
    results.id = "__testharness__results__";
    results.textContent = JSON.stringify({
      test: location.href,
      tests: tests.map(({ name, status, message, stack }) => ({ name, status, message, stack })),
      status: status.status,
      message: status.message,
      stack: status.stack,
    });
    // In a document of XML there may be no body.
    (document.body ?? document.documentElement).appendChild(results);
  };
  add_completion_callback(report);
  // Nobody reads the page: the harness writes no table of results into it, as in the runs of web-platform-tests themselves.
  setup({ output: false });

  // The tests of interfaces load their declarations with fetch(). A window without it gets them by XMLHttpRequest, in those tests only.
  if (self.fetch === undefined && location.pathname.includes("idlharness")) {
    self.fetch = (url) =>
      new Promise((resolve, reject) => {
        const request = new XMLHttpRequest();
        request.open("GET", url);
        request.onload = () => resolve({ ok: request.status === 200, text: () => Promise.resolve(request.responseText) });
        request.onerror = () => reject(new TypeError(`cannot load ${url}`));
        request.send();
      });
  }
})();
