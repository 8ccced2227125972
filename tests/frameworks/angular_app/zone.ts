// With zone.js, which wraps timers, promises, listeners and XMLHttpRequest; HttpClient asks by XMLHttpRequest.
import { provideHttpClient, withInterceptors } from "@angular/common/http";
import { Component, provideZoneChangeDetection } from "@angular/core";
import { start } from "./start";
import { counted } from "./todos";

// Nothing but the zone can know that its field changes.
@Component({ selector: "plain-ticks", template: `<output>{{ ticks }}</output>` })
export class PlainTicks {
  ticks = 0;
  constructor() {
    setTimeout(() => this.ticks++, 1);
    Promise.resolve().then(() => this.ticks++);
    requestAnimationFrame(() => this.ticks++);
  }
}

void start(provideZoneChangeDetection({ eventCoalescing: true }), provideHttpClient(withInterceptors([counted]))).then((app) => {
  app.bootstrap(PlainTicks, document.body.appendChild(document.createElement("plain-ticks")));
});
