import { Component, effect, inject, signal } from "@angular/core";
import { toSignal } from "@angular/core/rxjs-interop";
import { FormControl, FormGroup, ReactiveFormsModule, Validators } from "@angular/forms";
import { ActivatedRoute } from "@angular/router";
import { map } from "rxjs";

@Component({
  imports: [ReactiveFormsModule],
  template: `
    <h2>About {{ whom() }}</h2>
    <form [formGroup]="form"><input class="mail" type="email" formControlName="mail"></form>
    <i>{{ seen() }}</i>
  `,
})
export default class About {
  readonly whom = toSignal(inject(ActivatedRoute).paramMap.pipe(map((parameters) => parameters.get("whom"))));
  readonly seen = signal("");
  readonly form = new FormGroup({ mail: new FormControl("", { validators: [Validators.required, Validators.email] }) });

  constructor() {
    const status = toSignal(this.form.statusChanges.pipe(map((status) => `${status} ${JSON.stringify(this.form.value)}`)), { initialValue: "untouched" });
    effect(() => this.seen.set(status()));
  }
}
