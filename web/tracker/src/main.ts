// Entry: the globals of matomo.js, the trackers of the page, and the start.

import { readEmbed, trackByItself } from './embed';
import { Method, Methods, warn } from './params';
import { Call, apply, inOrder } from './queue';
import { createTracker } from './tracker';

type Page = Window & {
  Matomo?: unknown; Piwik?: unknown; AnalyticsTracker?: unknown; _paq?: Call[] | { push: Method };
  matomoPluginAsyncInit?: unknown; matomoAsyncInit?: unknown; piwikAsyncInit?: unknown;
};

const page = window as Page;
const embed = readEmbed();
const trackers: Methods[] = [];
const listeners: Record<string, Method[]> = {};

const Matomo = {
  initialized: false,
  getTracker(url?: string, site?: string | number): Methods {
    const tracker = createTracker(url || embed.endpoint, site ?? embed.site);
    Matomo.trigger('TrackerSetup', [tracker]);
    return tracker;
  },
  addTracker(url?: string, site?: string | number): Methods {
    const tracker = Matomo.getTracker(url || trackers[0]?.getTrackerUrl(), site ?? trackers[0]?.getSiteId());
    trackers.push(tracker);
    Matomo.trigger('TrackerAdded', [tracker]);
    return tracker;
  },
  getAsyncTracker(url?: string, site?: string | number): Methods | undefined {
    const matches = (t: Methods) =>
      (!url || t.getTrackerUrl() === url) && (site === undefined || String(t.getSiteId()) === String(site));
    return trackers.find(matches);
  },
  getAsyncTrackers: () => trackers.slice(),
  on(event: string, handler: Method) {
    (listeners[event] = listeners[event] || []).push(handler);
  },
  off(event: string, handler: Method) {
    listeners[event] = (listeners[event] || []).filter((known) => known !== handler);
  },
  trigger(event: string, args: unknown[] = [], context: unknown = page) {
    (listeners[event] || []).forEach((handler) => handler.apply(context, args));
  },
  // Script plugins of Matomo register here; their hooks are not called.
  addPlugin: () => undefined,
  retryMissedPluginCalls: () => undefined,
  DOM: {
    onReady: (ready: Method) => when(document.readyState !== 'loading', document, 'DOMContentLoaded', ready),
    onLoad: (ready: Method) => when(document.readyState === 'complete', window, 'load', ready),
    addEventListener: (target: EventTarget, name: string, handler: Method, capture?: boolean) =>
      target.addEventListener(name, handler, capture),
  },
};

function when(already: boolean, target: EventTarget, event: string, run: Method): void {
  if (already) {
    run();
  } else {
    target.addEventListener(event, run, { once: true });
  }
}

function callHooks(...hooks: unknown[]): void {
  // Each may be a function or a list of them.
  for (const hook of ([] as unknown[]).concat(...hooks)) {
    try {
      if (typeof hook === 'function') {
        hook();
      }
    } catch (problem) {
      warn(String(problem));
    }
  }
}

function start(): void {
  page.Matomo = page.Piwik = page.AnalyticsTracker = Matomo;
  callHooks(page.matomoPluginAsyncInit, page.matomoAsyncInit, page.piwikAsyncInit);

  const waiting = Array.isArray(page._paq) ? page._paq : [];
  const tracker = trackers[0] || Matomo.addTracker();
  const push = (...calls: Call[]) => calls.forEach((call) => apply(call, trackers, Matomo.addTracker));

  page._paq = { push };
  push(...inOrder(waiting));
  const tracksItself = waiting.some((call) => Array.isArray(call) && call[0] === 'trackPageView');
  if (embed.site && !tracksItself) {
    trackByItself(tracker, embed);
  }
  Matomo.initialized = true;
  Matomo.trigger('MatomoInitialized');
}

// A page that includes the script twice is counted once.
if (!page.Matomo) {
  start();
}
