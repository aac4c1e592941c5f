// Watches the hits that pages of a context send to the tracking side.

/**
 * Collects hits as { method, status, params }. The browser does not tell the
 * answer to a beacon whose page has gone: its status is 0, and only the
 * collector's numbers show that it arrived.
 */
export function watchHits(context, tracking) {
  const hits = [];
  const take = (status) => (request) => {
    const url = new URL(request.url());
    if (request.url().startsWith(tracking) && !url.pathname.endsWith('.js')) {
      const body = request.postData() || '';
      hits.push({
        method: request.method(), status,
        params: Object.fromEntries(new URLSearchParams([url.search.slice(1), body].filter(Boolean).join('&'))),
      });
    }
  };
  context.on('response', (response) => take(response.status())(response.request()));
  context.on('requestfailed', take(0));
  return hits;
}

/** Lists the hits that were refused; the last one may be that of the link by which the page was left. */
export function refused(hits) {
  return hits.filter(({ status }, i) => ![200, 204].includes(status) && !(status === 0 && i === hits.length - 1));
}
