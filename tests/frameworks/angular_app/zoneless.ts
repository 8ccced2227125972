// Without zone.js: signals alone tell what has changed; HttpClient asks by fetch().
import { provideHttpClient, withFetch, withInterceptors } from "@angular/common/http";
import { provideZonelessChangeDetection } from "@angular/core";
import { start } from "./start";
import { counted } from "./todos";

void start(provideZonelessChangeDetection(), provideHttpClient(withFetch(), withInterceptors([counted])));
