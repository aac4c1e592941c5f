// Engaged time: while the page is visible and has the focus.

import { listen } from './listen';

/** The most pings of one page view: a page left open overnight is not read. */
const maxPings = 60;

/**
 * Calls `ping` for each `beat` ms of attention, and when attention
 * ends (the page is hidden or left) for the rest, if that is at least `least` ms. What
 * is given back starts anew with the next page view.
 */
export function onAttention(ping: () => void, least: number, beat: number): () => void {
  let engaged = 0;
  let since = 0;
  let pings = 0;

  const look = (event?: Event) => {
    const now = Date.now();
    engaged += since && now - since;
    since = !document.hidden && document.hasFocus() && event?.type != 'pagehide' ? now : 0;
    // Nearly a beat: the clock began to tick a little before the page view.
    if (engaged > (since ? beat * 0.9 : least)) {
      engaged = 0;
      if (pings++ < maxPings) {
        ping();
      }
    }
  };
  listen('focus blur visibilitychange pagehide', look);
  setInterval(look, beat);
  look();

  return () => {
    look();
    engaged = pings = 0;
  };
}
