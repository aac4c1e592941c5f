// matomo.js, the _paq-compatible form: the globals of Matomo's script, the trackers of the page, and the start.

import { embed } from './embed';
import { onPages } from './pages';
import { Call, apply, inOrder } from './queue';
import { whenReady } from './listen';
import { createTracker } from './tracker';
import { Method, Methods, warn } from './values';

type Page = Window & {
  Matomo?: unknown; Piwik?: unknown; AnalyticsTracker?: unknown; _paq?: Call[] | { push: Method };
  matomoPluginAsyncInit?: unknown; matomoAsyncInit?: unknown; piwikAsyncInit?: unknown;
};

const page = window as Page;
// A bundler's copy knows no tag of its own.
const [endpoint, data] = document.currentScript ? embed() : ['', {} as DOMStringMap];
const trackers: Methods[] = [];
const listeners: Record<string, Method[]> = {};

const Matomo = {
  initialized: false,
  getTracker(url?: string, site?: string | number): Methods {
    const [first] = trackers;
    const tracker = createTracker(url || first?.getTrackerUrl() || endpoint, site ?? first?.getSiteId() ?? data.site);
    Matomo.trigger('TrackerSetup', [tracker]);
    return tracker;
  },
  addTracker(url?: string, site?: string | number): Methods {
    const tracker = Matomo.getTracker(url, site);
    trackers.push(tracker);
    Matomo.trigger('TrackerAdded', [tracker]);
    return tracker;
  },
  getAsyncTracker: (url?: string, site?: string | number): Methods | undefined =>
    trackers.find((t) => (!url || t.getTrackerUrl() === url) && (site == null || t.getSiteId() == site)),
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
  addPlugin() {},
  retryMissedPluginCalls() {},
  DOM: {
    onReady: whenReady,
    onLoad(ready: () => void) {
      if (document.readyState == 'complete') {
        ready();
      } else {
        addEventListener('load', ready);
      }
    },
    addEventListener: (target: EventTarget, ...args: Parameters<EventTarget['addEventListener']>) => target.addEventListener(...args),
  },
};

/** Runs the page's hooks; each may be a function or a list of them. */
function callHooks(...hooks: unknown[]): void {
  for (const hook of hooks.flat()) {
    try {
      (hook as Method | undefined)?.();
    } catch (problem) {
      warn(problem);
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
  const tracksItself = waiting.some((call) => (call as unknown[])?.[0] == 'trackPageView');
  if (data.site && !tracksItself) {
    tracker.enableLinkTracking();
    onPages((referrer) => {
      if (referrer != document.referrer) {
        tracker.setReferrerUrl(referrer);
      }
      tracker.trackPageView();
    }, 'hash' in data);
  }
  Matomo.initialized = true;
  Matomo.trigger('MatomoInitialized');
}

// A page that includes the script twice is counted once.
if (!page.Matomo) {
  start();
}
