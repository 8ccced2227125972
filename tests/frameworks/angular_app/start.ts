import { type EnvironmentProviders, Component } from "@angular/core";
import { bootstrapApplication } from "@angular/platform-browser";
import { RouterLink, RouterLinkActive, RouterOutlet, provideRouter } from "@angular/router";

@Component({
  selector: "todo-app",
  imports: [RouterOutlet, RouterLink, RouterLinkActive],
  template: `
    <nav><a routerLink="/" routerLinkActive="here" [routerLinkActiveOptions]="{ exact: true }">List</a> <a routerLink="/about/us" routerLinkActive="here">About</a></nav>
    <router-outlet />
  `,
})
export class App {}

export const start = (...providers: EnvironmentProviders[]) =>
  bootstrapApplication(App, {
    providers: [
      ...providers,
      provideRouter([
        { path: "", title: "A list", loadComponent: () => import("./list") },
        { path: "about/:whom", title: "About", loadComponent: () => import("./about") },
      ]),
    ],
  });
