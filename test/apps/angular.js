// An Angular application that counts with ngx-matomo-client: its router feature
// sends the page views, its directive an event. Compiled in the browser, so that
// the packages are used as they are published.
import '@angular/compiler';
import { Component, inject, provideZonelessChangeDetection } from '@angular/core';
import { bootstrapApplication } from '@angular/platform-browser';
import { provideRouter, RouterLink, RouterOutlet } from '@angular/router';
import { MATOMO_DIRECTIVES, MatomoTracker, provideMatomo, withRouter } from 'ngx-matomo-client';

const { tracking, site, goal, out } = window.settings;

const Home = Component({ template: '<a id="shop" routerLink="/shop">Shop</a>', imports: [RouterLink] })(class {});

const Shop = Component({
  template: `
    <button id="event" matomoTracker="click" matomoCategory="Menu" matomoAction="Open" matomoName="Main" [matomoValue]="3">Menu</button>
    <button id="goal" (click)="reach()">Subscribe</button>
    <a id="search" routerLink="/search" [queryParams]="{ q: 'shoes' }">Search</a>`,
  imports: [RouterLink, MATOMO_DIRECTIVES],
})(class {
  tracker = inject(MatomoTracker);
  reach() {
    this.tracker.trackGoal(goal, 5);
  }
});

const Found = Component({ template: `<a id="list" href="/list.pdf">List</a><a id="out" href="${out}">Partner</a>` })(class {});

const App = Component({ selector: '#app', template: '<router-outlet />', imports: [RouterOutlet] })(class {});

bootstrapApplication(App, {
  providers: [
    provideZonelessChangeDetection(),
    provideRouter([
      { path: '', component: Home, title: 'Home' },
      { path: 'shop', component: Shop, title: 'Shop' },
      { path: 'search', component: Found, title: 'Search' },
    ]),
    provideMatomo({ trackerUrl: tracking, siteId: site, disableCookies: true, enableJSErrorTracking: true }, withRouter()),
  ],
}).catch((error) => console.error(error));
