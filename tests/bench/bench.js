// Measures inside the page, the same way in every engine, and sends the results to the runner.
'use strict';
const results = {};
const steps = [];

// Something to be done between measurements.
function step(work) {
  steps.push(work);
}

// What the runs of one row may take together, in ms; no further one is begun then. Nothing but jsdom takes so long.
const BUDGET = 10_000;

// The measurement that an engine is spared.
const without = new URLSearchParams(location.search).get('without');

// The median of some runs, each a task of its own. `before` and `after` each are not measured.
function measure(name, work, { runs = 7, before, after } = {}) {
  if (without !== null && name.includes(without)) return;
  const times = [];
  let spent = 0;
  for (let run = 0; run < runs; run++) {
    step(() => {
      if (spent > BUDGET) return;
      before?.();
      const started = performance.now();
      work();
      times.push(performance.now() - started);
      spent += times.at(-1);
      after?.();
    });
  }
  step(() => {
    times.sort((one, two) => one - two);
    results[name] = times[times.length >> 1];
  });
}

function note(name, milliseconds) {
  results[name] = milliseconds;
}

function expect(condition, what) {
  if (!condition) results.error = (results.error ? results.error + '; ' : '') + what;
}

// Does all steps, a task each; then the runner is told, and answers after it has looked at the memory of this process.
function report() {
  const next = steps.shift();
  if (next !== undefined) {
    try {
      next();
    } catch (error) {
      expect(false, String(error));
    }
    // A chain of timers would not keep the page from being settled; a request does.
    const turn = new XMLHttpRequest();
    turn.onloadend = report;
    turn.open('GET', '/__small');
    turn.send();
    return;
  }
  const request = new XMLHttpRequest();
  request.open('POST', '/__report');
  request.send(JSON.stringify(results));
}
