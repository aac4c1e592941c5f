// The last step: one request that survives the page being left.

export interface Way {
  method: 'GET' | 'POST';
  beacon: boolean;
}

/** Longer queries travel in the body: some proxies cut long request lines. */
const maxQueryInURL = 2000;
/** Browsers refuse more than 64 KiB in flight for a page that is going away. */
const maxKeepalive = 60000;
const formType = 'application/x-www-form-urlencoded; charset=UTF-8';

/**
 * Sends one hit by the first way that works: beacon, fetch with keepalive,
 * image. The answer is never read; `done` hears whether the hit was handed over.
 */
export function send(endpoint: string, query: string, way: Way, done: (ok: boolean) => void): void {
  const withQuery = endpoint + (endpoint.includes('?') ? '&' : '?') + query;
  const inBody = way.method !== 'GET' && query.length > maxQueryInURL;
  const url = inBody ? endpoint : withQuery;
  const body = inBody ? query : undefined;

  if (way.method !== 'GET' && way.beacon && beacon(url, body)) {
    done(true);
  } else if (typeof fetch === 'function') {
    // Without credentials no cookie of any kind can go along.
    fetch(url, {
      method: way.method,
      body,
      headers: body ? { 'Content-Type': formType } : undefined,
      mode: 'no-cors',
      credentials: 'omit',
      keepalive: query.length < maxKeepalive,
    }).then(() => done(true), () => done(false));
  } else {
    const image = new Image(1, 1);
    image.onload = image.onerror = () => done(true);
    image.src = withQuery;
  }
}

function beacon(url: string, body?: string): boolean {
  try {
    return navigator.sendBeacon(url, body && new Blob([body], { type: formType }));
  } catch {
    return false;
  }
}
