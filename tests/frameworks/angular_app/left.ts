import { Component, input } from "@angular/core";

// A part of its own, which comes when the page has nothing else to do.
@Component({ selector: "count-left", template: `<footer class="left">{{ count() }} left</footer>` })
export class Left {
  readonly count = input.required<number>();
}
