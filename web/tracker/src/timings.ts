// How long the page took to come: the pf_* parameters.

/** The document's own navigation; undefined where the browser does not tell. */
export function navigation(): PerformanceNavigationTiming | undefined {
  return performance.getEntriesByType('navigation')[0] as PerformanceNavigationTiming;
}

/** The pf_* parameters in milliseconds; a part that is not over yet is undefined. */
export type Timings = Record<string, number | undefined>;

/**
 * Gives the parts known so far: all of them once the load event is over, when
 * the last, pf_onl, is 0 or more.
 */
export function measure(): Timings {
  const page = BARE ? undefined : navigation();
  // An end of 0 has not happened yet.
  const span = (from: number, to: number) => to > 0 ? Math.round(to - from) : undefined;
  return page ? {
    pf_net: span(page.fetchStart, page.connectEnd),
    pf_srv: span(page.requestStart, page.responseStart),
    pf_tfr: span(page.responseStart, page.responseEnd),
    pf_dm1: span(page.responseEnd, page.domInteractive),
    pf_dm2: span(page.domInteractive, page.domComplete),
    pf_onl: span(page.loadEventStart, page.loadEventEnd),
  } : {};
}
