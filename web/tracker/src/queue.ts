// The _paq queue: calls made before the script was there, and after.

import { Method, Methods, warn } from './values';

/**
 * Pulled to the front of what waited, so that no hit leaves before the page's
 * settings. matomo.js pulls more, which have no effect here. The last two it
 * does not, but a wish not to be counted must not come too late.
 */
const early = new RegExp('^(addTracker|set(TrackerUrl|SiteId|Domains|ConsentGiven|PagePerformanceTiming|Excluded)|alwaysUse|' +
  'disable(Always|Browser|Campaign|Performance)|enableLink|requireConsent|setDoNotTrack|optUserOut)');

/** These name one tracker; all other calls go to every tracker of the queue. */
const ofFirstTracker = /^(addTracker|setTrackerUrl|setSiteId)$/;

export type Call = unknown[] | Method;

/** Puts what waited into the order in which it is applied. */
export function inOrder(calls: Call[]): Call[] {
  const isEarly = (call: Call) => Array.isArray(call) && early.test(String(call[0]));
  return [...calls.filter(isEarly), ...calls.filter((call) => !isEarly(call))];
}

/** Applies one call; whatever is wrong with it, the page goes on. */
export function apply(call: Call, trackers: Methods[], addTracker: Method): void {
  if (Array.isArray(call) && Array.isArray(call[0])) {
    return call.forEach((inner) => apply(inner as Call, trackers, addTracker));
  }
  const [method, ...args] = Array.isArray(call) ? call : [call];
  const targets = ofFirstTracker.test(String(method)) ? trackers.slice(0, 1) : trackers.slice();
  for (const tracker of targets) {
    const run = typeof method == 'function' ? method : method == 'addTracker' ? addTracker : tracker[method as string];
    try {
      run.apply(tracker, args);
    } catch (problem) {
      warn(String(method) + ': ' + problem);
    }
  }
}
