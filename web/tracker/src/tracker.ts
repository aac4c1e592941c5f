// One tracker: the page's settings, and the hits it makes of calls.

import { createCart } from './cart';
import { createGate } from './gate';
import { heartbeat } from './heartbeat';
import { links } from './links';
import { Methods, Params, dimensionsOf, encode, list, numeric, random, text, warn } from './params';
import { forgiving, stubs } from './stubs';
import { createTimings } from './timings';
import { Way, send } from './transport';
import { absolute, referrer, withoutParams } from './urls';

const alphabet = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Makes a tracker: an object with the methods that matomo.js documents. */
export function createTracker(trackerUrl: string, siteId: string | number): Methods {
  const way: Way = { method: 'POST', beacon: true };
  const gate = createGate();
  const timings = createTimings();
  const dimensions: Params = {};

  let title: string | undefined;
  let customUrl: string | undefined;
  let customReferrer: string | undefined;
  let dropFragment = false;
  let excludedParams: string[] = [];
  // Coming back from a payment is no source of a visit.
  let excludedReferrers = ['.paypal.com'];
  let domains: string[] = [];
  let withScreen = true;
  let appended = '';
  let rewrite: ((query: string) => unknown) | undefined;
  let pageViewId = '';
  let fixedPageViewId = false;
  let pageViews = 0;

  const pageUrl = () => {
    const url = withoutParams(absolute(customUrl ?? location.href), excludedParams);
    return dropFragment ? url.replace(/#.*/, '') : url;
  };

  /** What every hit says beside what happened. */
  const common = (): Params => {
    const now = new Date();
    const charset = document.characterSet;
    return {
      idsite: siteId, rec: 1, r: random(6, '0123456789'),
      h: now.getHours(), m: now.getMinutes(), s: now.getSeconds(),
      url: pageUrl(), urlref: referrer(customReferrer ?? document.referrer, excludedReferrers),
      // The query of the page's URL is written in the page's own charset.
      cs: /^utf-8$/i.test(charset) ? undefined : charset,
      send_image: 0,
      ...dimensions,
    };
  };

  const query = (what: string, more: Params): string => {
    const tail: Params = { pv_id: pageViewId, cookie: 0, res: withScreen && screen.width + 'x' + screen.height };
    const parts = [what, encode({ ...common(), ...more, ...tail }), appended];
    return parts.filter(Boolean).join('&');
  };

  const transmit = (what: string, more: Params, done?: unknown) => {
    if (!text(siteId) || !trackerUrl) {
      return warn('no site id or tracker URL: hit not sent');
    }
    const built = query(what, more);
    const request = rewrite ? text(rewrite(built)) : built;
    if (!request) {
      return;
    }
    gate.pass(() => send(trackerUrl, request, way, (success) => {
      if (typeof done === 'function') {
        done({ request, trackerUrl, success });
      }
    }));
  };

  const hit = (what: Params, customData?: unknown, done?: unknown) =>
    transmit(encode(what), { ...dimensionsOf(customData), ...timings.ofLaterHit() }, done);

  const cart = createCart(hit);

  const tracking: Methods = {
    trackPageView(customTitle?: unknown, customData?: unknown, done?: unknown) {
      pageViews++;
      if (!fixedPageViewId) {
        pageViewId = random(6, alphabet);
      }
      const actionName = text(customTitle) || (title ?? document.title);
      transmit(encode({ action_name: actionName }), {
        ...dimensionsOf(customData), ...cart.takeView(), ...timings.ofPageView(pageViews === 1),
      }, done);
    },
    trackEvent(category?: unknown, action?: unknown, name?: unknown, value?: unknown, customData?: unknown, done?: unknown) {
      if (!text(category) || !text(action)) {
        return warn('trackEvent needs a category and an action');
      }
      hit({ e_c: text(category), e_a: text(action), e_n: text(name), e_v: numeric(value), ca: 1 }, customData, done);
    },
    trackSiteSearch(keyword?: unknown, category?: unknown, count?: unknown, customData?: unknown) {
      hit({ search: text(keyword), search_cat: text(Array.isArray(category) ? category[0] : category), search_count: numeric(count) }, customData);
    },
    trackGoal: (id?: unknown, revenue?: unknown, customData?: unknown, done?: unknown) =>
      hit({ idgoal: text(id), revenue: numeric(revenue) }, customData, done),
    trackLink: (url?: unknown, type?: unknown, customData?: unknown, done?: unknown) =>
      hit({ [text(type) || 'link']: absolute(text(url)) }, customData, done),
    trackContentImpression(name?: unknown, piece?: unknown, target?: unknown) {
      if (text(name)) {
        hit({ c_n: text(name), c_p: text(piece) || 'Unknown', c_t: text(target), ca: 1 });
      }
    },
    trackContentInteraction(interaction?: unknown, name?: unknown, piece?: unknown, target?: unknown) {
      if (text(interaction) && text(name)) {
        hit({ c_n: text(name), c_p: text(piece) || 'Unknown', c_t: text(target), c_i: text(interaction), ca: 1 });
      }
    },
    trackRequest: (request?: unknown, customData?: unknown, done?: unknown) =>
      transmit(text(request).replace(/^[?&]/, ''), dimensionsOf(customData), done),
    enableJSErrorTracking() {
      addEventListener('error', ({ message, filename, lineno, colno }) => {
        tracking.trackEvent('JavaScript Errors', `${filename}:${lineno}:${colno}`, message);
      });
    },
  };

  const settings: Methods = {
    setTrackerUrl: (url?: unknown) => { trackerUrl = text(url); },
    getTrackerUrl: () => trackerUrl,
    getMatomoUrl: () => trackerUrl.replace(/[^/]*$/, ''),
    getPiwikUrl: () => settings.getMatomoUrl(),
    setSiteId: (id?: unknown) => { siteId = text(id); },
    getSiteId: () => siteId,
    setDocumentTitle: (value?: unknown) => { title = text(value); },
    setCustomUrl: (url?: unknown) => { customUrl = text(url); },
    getCurrentUrl: pageUrl,
    setReferrerUrl: (url?: unknown) => { customReferrer = text(url); },
    discardHashTag: (on?: unknown) => { dropFragment = !!on; },
    setExcludedQueryParams: (value?: unknown) => { excludedParams = list(value); },
    setExcludedReferrers: (value?: unknown) => { excludedReferrers = list(value); },
    getExcludedReferrers: () => excludedReferrers,
    setDomains: (value?: unknown) => { domains = list(value); },
    getDomains: () => domains,
    setPageViewId: (id?: unknown) => { pageViewId = text(id); fixedPageViewId = true; },
    getPageViewId: () => pageViewId,
    getNumTrackedPageViews: () => pageViews,
    setCustomDimension(id?: unknown, value?: unknown) {
      if (Number(id) > 0) {
        dimensions['dimension' + Number(id)] = text(value);
      }
    },
    getCustomDimension: (id?: unknown) => dimensions['dimension' + Number(id)],
    deleteCustomDimension: (id?: unknown) => { delete dimensions['dimension' + Number(id)]; },
    setRequestMethod: (method?: unknown) => { way.method = method === 'GET' ? 'GET' : 'POST'; },
    alwaysUseSendBeacon: () => { way.beacon = true; },
    disableAlwaysUseSendBeacon: () => { way.beacon = false; },
    appendToTrackingUrl: (value?: unknown) => { appended = text(value).replace(/^[?&]/, ''); },
    setCustomRequestProcessing: (process?: unknown) => { rewrite = typeof process === 'function' ? (process as typeof rewrite) : undefined; },
    getRequest: (request?: unknown) => query(text(request), {}),
    enableBrowserFeatureDetection: () => { withScreen = true; },
    disableBrowserFeatureDetection: () => { withScreen = false; },
  };

  return forgiving({
    ...stubs(),
    ...settings,
    ...tracking,
    ...timings.methods,
    ...gate.methods,
    ...cart.methods,
    ...heartbeat(() => hit({ ping: 1 })),
    ...links(tracking.trackLink, () => domains),
  });
}
