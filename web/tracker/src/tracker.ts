// One tracker: the page's settings, and the hits it makes of calls.

import { onAttention } from './attention';
import { createCart } from './cart';
import { Config, withSettings } from './config';
import { createConsent } from './consent';
import { createContent } from './content';
import { deliver, gather } from './delivery';
import { links } from './links';
import { Timings, measure } from './timings';
import { absolute, referrer, withoutParams } from './urls';
import { Methods, list, numeric, text, warn } from './values';
import { Params, encode, newPageViewId, surroundings } from './wire';

const timingNames = ['pf_net', 'pf_srv', 'pf_tfr', 'pf_dm1', 'pf_dm2', 'pf_onl'];
/** enableHeartBeatTimer tells the end of attention alone, so there is no beat. */
const never = 1e9;

/** The settings at first, and what getters of things that do not exist here answer. */
function defaults(): Config {
  return {
    // Coming back from a payment is no source of a visit.
    ExcludedReferrers: ['.paypal.com'],
    RequestQueueInterval: 2500, LinkTrackingTimer: 500,
    NumTrackedPageViews: 0, RememberedConsent: null, RememberedCookieConsent: null, Cookie: 0,
    UserId: '', CrossDomainLinkingUrlParameter: '', AttributionInfo: ['', '', 0, ''], AttributionCampaignName: '',
    AttributionCampaignKeyword: '', AttributionReferrerTimestamp: 0, AttributionReferrerUrl: '',
    // Pages hand the visitor id on to forms or servers; this one is new with each page, and never sent.
    VisitorId: (Math.random().toString(16) + '0'.repeat(16)).slice(2, 18),
  };
}

/** Makes a tracker: an object with the methods that matomo.js documents. */
export function createTracker(url: unknown, site: unknown): Methods {
  const config: Config = { ...defaults(), TrackerUrl: url, SiteId: site };
  const consent = createConsent(() => config.DoNotTrack);
  const enqueue = gather(config);
  const dimensions: Params = {};
  let pageViewId = '';
  let timings: Timings | undefined;
  let fullyTimed: unknown;
  let renewAttention: (() => void) | undefined;

  const measured = (): Timings => config.PerformanceTracking == false ? {} : measure();

  const pageUrl = () => {
    const page = withoutParams(absolute(config.CustomUrl ?? location.href), [
      ...list(config.ExcludedQueryParams), ...(config.CampaignParameters == false ? ['/^(utm|mtm|pk|piwik|matomo)_/'] : []),
    ]);
    return config.discardHashTag ? page.replace(/#.*/, '') : page;
  };

  /** Campaigns under names of the page's own; the collector knows the usual ones. */
  const campaign = (): Params => {
    const query = new URLSearchParams(location.search);
    const first = (keys: unknown) => list(keys).map((key) => query.get(key)).find(Boolean);
    return { mtm_campaign: first(config.CampaignNameKey), mtm_keyword: first(config.CampaignKeywordKey) };
  };

  /** What every hit says beside what happened. */
  const common = (): Params => {
    const { h, res } = surroundings();
    return {
      idsite: config.SiteId, rec: 1, send_image: 0, h, res: config.BrowserFeatureDetection != false && res,
      url: pageUrl(), urlref: referrer(config.ReferrerUrl ?? document.referrer, list(config.ExcludedReferrers)),
      // The query of the page's URL is written in the page's own charset.
      cs: document.characterSet, pv_id: pageViewId, ...campaign(), ...dimensions,
    };
  };

  const build = (what: Params, raw?: unknown): string =>
    [raw, encode({ ...what, ...common(), ...what }), config.appendToTrackingUrl]
      .map((part) => String(part ?? '').replace(/^[?&]/, '')).filter(Boolean).join('&');

  const transmit = (what: Params, customData?: unknown, done?: unknown, raw?: unknown, bulk?: unknown) => {
    const { SiteId, TrackerUrl: trackerUrl, CustomRequestProcessing } = config;
    if (!text(SiteId) || !trackerUrl) {
      return warn('no site id or tracker URL');
    }
    const built = build({ ...what, ...dimensionsOf(customData) }, raw);
    const request = typeof CustomRequestProcessing == 'function' ? CustomRequestProcessing(built) : built;
    if (request) {
      consent.pass(() => bulk && config.QueueRequest != false ? enqueue(request) : deliver(config, request, (success) => {
        if (typeof done == 'function') {
          done({ request, trackerUrl, success });
        }
      }));
    }
  };

  /** A hit that is no page view adds what was not yet known of the page's timings, once that is everything. */
  const hit = (what: Params, customData?: unknown, done?: unknown, bulk?: unknown) => {
    const late = fullyTimed ? {} : measured();
    const complete = late.pf_onl! >= 0;
    fullyTimed = fullyTimed || complete;
    transmit({ ...what, ...(complete && late) }, customData, done, '', bulk);
  };

  const cart = createCart(hit);
  const content = createContent((what, bulk) => hit(what, 0, 0, bulk));

  const tracking: Methods = {
    trackPageView(title, customData, done) {
      pageViewId = config.PageViewId || newPageViewId();
      // Only the first page view of a document took it as long as the browser says.
      const first = !config.NumTrackedPageViews++ && !timings;
      const known = timings || (first ? measured() : {});
      fullyTimed = !first || known.pf_onl! >= 0;
      timings = undefined;
      content.renew();
      renewAttention?.();
      transmit({ action_name: text(title) || (config.DocumentTitle ?? document.title), ...cart.takeView(), ...known }, customData, done);
    },
    trackEvent(category, action, name, value, customData, done) {
      if (!text(category) || !text(action)) {
        return warn('an event needs a category and an action');
      }
      hit({ e_c: text(category), e_a: text(action), e_n: text(name), e_v: numeric(value), ca: 1 }, customData, done);
    },
    trackSiteSearch: (keyword, category, count, customData) =>
      hit({ search: text(keyword), search_cat: text([category].flat()[0]), search_count: numeric(count) }, customData),
    trackGoal: (id, revenue, customData, done) => hit({ idgoal: text(id), revenue: numeric(revenue) }, customData, done),
    trackLink: (link, type, customData, done) => hit({ [text(type) || 'link']: absolute(text(link)) }, customData, done),
    trackRequest: (request, customData, done) => transmit({}, customData, done, request),
    queueRequest: (request) => transmit({}, 0, 0, request, true),
    ping: () => hit({ ping: 1 }),
    enableHeartBeatTimer(seconds) {
      config.HeartBeatTimer = true;
      renewAttention = renewAttention || onAttention(() => config.HeartBeatTimer && tracking.ping(), 1e3 * Math.max(numeric(seconds) || 15, 5), never);
    },
    enableJSErrorTracking() {
      if (!config.JSErrorTracking) {
        config.JSErrorTracking = true;
        addEventListener('error', ({ message, filename, lineno, colno }) =>
          tracking.trackEvent('JavaScript Errors', `${filename}:${lineno}:${colno}`, message));
      }
    },
  };

  const base = () => config.TrackerUrl.replace(/[^/]*$/, '');
  const settings: Methods = {
    getMatomoUrl: base,
    getPiwikUrl: base,
    getCurrentUrl: pageUrl,
    getPageViewId: () => pageViewId,
    getRequest: (request) => build({}, request),
    setCustomDimension: (id, value) => { dimensions['dimension' + id] = text(value); },
    getCustomDimension: (id) => dimensions['dimension' + id],
    deleteCustomDimension: (id) => { delete dimensions['dimension' + id]; },
    getCustomVariable: () => false,
    resetUserId: () => { config.UserId = ''; },
    alwaysUseSendBeacon: () => { config.AlwaysUseSendBeacon = true; },
    setPagePerformanceTiming: (...values) => {
      timings = Object.fromEntries(timingNames.map((name, i) => [name, numeric(values[i])]));
    },
    getVisitorInfo: () => ['1', config.VisitorId, 0, 1, 0, '', ''],
  };

  return withSettings({
    ...settings, ...tracking, ...consent.methods, ...cart.methods, ...content.methods,
    ...links(tracking.trackLink, config),
  }, config);
}

/**
 * Takes the custom dimensions out of the `customData` argument of a track
 * call; the rest of that object is page data that no report uses.
 */
function dimensionsOf(customData: unknown): Params {
  return Object.fromEntries(Object.entries(customData || {}).filter(([name]) => /^dimension\d+$/.test(name)));
}
