// How the _paq-compatible form sends: one hit at a time, or many as a bulk.

import { Config } from './config';
import { Method } from './values';
import { listen } from './listen';

/** Browsers refuse more than 64 KiB in flight for a page that is going away. */
const maxKeepalive = 6e4;
/** As many hits as matomo.js puts into one bulk. */
const maxBulk = 50;

/** Sends a query, or a bulk's JSON; `done` hears whether it was handed over. */
export function deliver(config: Config, query: string, done: Method): void {
  const { TrackerUrl, RequestMethod, RequestContentType } = config;
  const isBulk = query[0] == '{';
  const inURL = RequestMethod == 'GET' && !isBulk;
  const body = RequestContentType ? new Blob([query], { type: RequestContentType }) : isBulk ? query : new URLSearchParams(query);

  if (!inURL && config.AlwaysUseSendBeacon != false && navigator.sendBeacon?.(TrackerUrl, body)) {
    return done(true);
  }
  fetch(inURL ? TrackerUrl + (/\?/.test(TrackerUrl) ? '&' : '?') + query : TrackerUrl, {
    ...(!inURL && { method: 'POST', body }), mode: 'no-cors', credentials: 'include', keepalive: query.length < maxKeepalive,
  }).then(() => done(true), () => done(false));
}

/** Gives a function that gathers hits and sends them together, when their time has come or the page is left. */
export function gather(config: Config): (query: string) => void {
  const waiting: string[] = [];
  const flush = () => {
    while (waiting[0]) {
      deliver(config, JSON.stringify({ requests: waiting.splice(0, maxBulk), send_image: 0 }), () => {});
    }
  };
  listen('visibilitychange pagehide', flush);

  return (query) => {
    if (!waiting[0]) {
      setTimeout(flush, config.RequestQueueInterval);
    }
    waiting.push('?' + query);
  };
}
