// The _paq queue: calls made before the script was there, and after.

import { Method, Methods, warn } from './params';

/**
 * Pulled to the front of what waited, in this order, so that no hit leaves
 * before the page's settings. matomo.js pulls more, which have no effect here.
 */
const first = [
  'addTracker', 'disableBrowserFeatureDetection', 'setTrackerUrl', 'setDomains', 'setSiteId', 'alwaysUseSendBeacon',
  'disableAlwaysUseSendBeacon', 'enableLinkTracking', 'requireConsent', 'setConsentGiven', 'disablePerformanceTracking',
  'setPagePerformanceTiming', 'setExcludedQueryParams', 'setExcludedReferrers',
  // Not pulled by matomo.js, but a wish not to be counted must not come too late.
  'setDoNotTrack', 'optUserOut',
];

/** These name one tracker; all other calls go to every tracker of the queue. */
const ofFirstTracker = ['addTracker', 'setTrackerUrl', 'setSiteId'];

export type Call = unknown[] | Method;

/** Puts what waited into the order in which it is applied. */
export function inOrder(calls: Call[]): Call[] {
  const rank = (call: Call) => {
    const place = Array.isArray(call) ? first.indexOf(call[0] as string) : -1;
    return place < 0 ? first.length : place;
  };
  // Array.prototype.sort is stable: equal ranks keep the order of the page.
  return calls.slice().sort((a, b) => rank(a) - rank(b));
}

/** Applies one call; whatever is wrong with it, the page goes on. */
export function apply(call: Call, trackers: Methods[], addTracker: Method): void {
  if (Array.isArray(call) && Array.isArray(call[0])) {
    return call.forEach((inner) => apply(inner as Call, trackers, addTracker));
  }
  const [method, ...args] = Array.isArray(call) ? call : [call];
  const targets = ofFirstTracker.includes(method as string) ? trackers.slice(0, 1) : trackers.slice();
  for (const tracker of targets) {
    const run = typeof method === 'function' ? method : method === 'addTracker' ? addTracker : tracker[method as string];
    try {
      run.apply(tracker, args);
    } catch (problem) {
      warn(String(method) + ': ' + problem);
    }
  }
}
