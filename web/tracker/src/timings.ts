// How long the page took: the pf_* parameters.

import { Methods, Params, numeric } from './params';

const names = ['pf_net', 'pf_srv', 'pf_tfr', 'pf_dm1', 'pf_dm2', 'pf_onl'];

export interface Timings {
  /** What a page view says: values set by hand, else those of the document's first page view. */
  ofPageView(first: boolean): Params;
  /** What a later hit of the same page view adds: everything, once, after the page has loaded. */
  ofLaterHit(): Params;
  methods: Methods;
}

export function createTimings(): Timings {
  let enabled = true;
  let byHand: Params | undefined;
  // The page view often leaves before the load event, with the early parts only.
  let incomplete = false;

  return {
    ofPageView(first) {
      const set = byHand;
      byHand = undefined;
      const params = !enabled ? {} : set || (first ? measure() : {});
      incomplete = enabled && first && !set && params.pf_onl === undefined;
      return params;
    },
    ofLaterHit() {
      const params = incomplete && enabled ? measure() : {};
      if (params.pf_onl === undefined) {
        return {};
      }
      incomplete = false;
      return params;
    },
    methods: {
      disablePerformanceTracking: () => { enabled = false; },
      setPagePerformanceTiming: (...values: unknown[]) => {
        byHand = {};
        names.forEach((name, i) => { byHand![name] = numeric(values[i]); });
      },
    },
  };
}

function measure(): Params {
  const [page] = (performance.getEntriesByType?.('navigation') || []) as PerformanceNavigationTiming[];
  if (!page) {
    return {};
  }
  // An end of 0 has not happened yet.
  const span = (from: number, to: number) => (to > 0 && to >= from ? Math.round(to - from) : undefined);
  return {
    pf_net: span(page.fetchStart, page.connectEnd),
    pf_srv: span(page.requestStart, page.responseStart),
    pf_tfr: span(page.responseStart, page.responseEnd),
    pf_dm1: span(page.responseEnd, page.domInteractive),
    pf_dm2: span(page.domInteractive, page.domComplete),
    pf_onl: span(page.loadEventStart, page.loadEventEnd),
  };
}
