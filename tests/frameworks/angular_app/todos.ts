import { HttpClient, type HttpInterceptorFn } from "@angular/common/http";
import { Injectable, computed, inject, signal } from "@angular/core";
import { map, tap } from "rxjs";

export interface Todo {
  id: number;
  title: string;
  done: boolean;
}

declare global {
  var requests: string[] | undefined;
}

export const counted: HttpInterceptorFn = (request, next) => {
  (globalThis.requests ??= []).push(`${request.method} ${request.url}`);
  return next(request.clone({ setHeaders: { "X-App": "list" } }));
};

@Injectable({ providedIn: "root" })
export class Todos {
  readonly #http = inject(HttpClient);
  readonly list = signal<Todo[]>([]);
  readonly left = computed(() => this.list().filter((todo) => !todo.done).length);

  load() {
    return this.#http.get<Todo[]>("/api/todos").pipe(tap((list) => this.list.set(list)));
  }

  add(title: string) {
    this.list.update((list) => [...list, { id: list.length + 1, title, done: false }]);
  }

  set(changed: Todo, done: boolean) {
    this.list.update((list) => list.map((todo) => (todo === changed ? { ...todo, done } : todo)));
  }

  remove(gone: Todo) {
    this.list.update((list) => list.filter((todo) => todo !== gone));
  }

  save() {
    return this.#http.post<{ count: number }>("/api/save", this.list()).pipe(map(({ count }) => `saved ${count}`));
  }
}
