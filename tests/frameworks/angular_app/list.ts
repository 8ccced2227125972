import { UpperCasePipe } from "@angular/common";
import { Component, type OnDestroy, type OnInit, inject, input, output, signal } from "@angular/core";
import { FormsModule } from "@angular/forms";
import { Left } from "./left";
import { type Todo, Todos } from "./todos";

@Component({
  selector: "li[todo]",
  host: { "[class.done]": "todo().done" },
  template: `
    <input type="checkbox" class="toggle" [checked]="todo().done" (change)="toggled.emit(toggle.checked)" #toggle>
    <span [title]="todo().title | uppercase">{{ todo().title }}</span>
    <button class="remove" (click)="removed.emit()">×</button>
  `,
  styles: `:host { color: red } span { margin-top: 2px }`,
  imports: [UpperCasePipe],
})
export class Item {
  readonly todo = input.required<Todo>();
  readonly toggled = output<boolean>();
  readonly removed = output();
}

@Component({
  imports: [FormsModule, Item, Left],
  template: `
    <form (ngSubmit)="add()"><input class="text" name="text" required [(ngModel)]="text"><button class="add">Add</button></form>
    <ul>
      @for (todo of todos.list(); track todo.id; let index = $index) {
        <li [todo]="todo" [attr.data-index]="index" (toggled)="todos.set(todo, $event)" (removed)="todos.remove(todo)"></li>
      } @empty {
        <p>Nothing to do</p>
      }
    </ul>
    @defer (on idle) {
      <count-left [count]="todos.left()" />
    } @placeholder {
      <footer class="left"></footer>
    }
    <button class="save" (click)="save()">Save</button>
    <p class="status">
      @if (status(); as text) {
        {{ text }}
      }
    </p>
  `,
})
export default class List implements OnInit, OnDestroy {
  readonly todos = inject(Todos);
  readonly text = signal("");
  readonly status = signal("");

  ngOnInit() {
    this.todos.load().subscribe();
  }

  ngOnDestroy() {
    (globalThis.requests ??= []).push("destroyed");
  }

  add() {
    this.todos.add(this.text());
    this.text.set("");
  }

  save() {
    this.todos.save().subscribe((status) => this.status.set(status));
  }
}
