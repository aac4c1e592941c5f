// Small servers on 127.0.0.1 for pages and for recorded hits.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';

/** Starts a server; `handle(request, response, url)` may be asynchronous. */
export async function serve(handle) {
  const server = createServer((request, response) => {
    Promise.resolve(handle(request, response, new URL(request.url, 'http://127.0.0.1'))).catch((error) => {
      response.writeHead(500).end(String(error));
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Serves HTML pages from a map of path to text, with the status of another map or 200; other paths are 404. */
export function serveSite(pages, statuses = {}) {
  return serve((request, response, url) => {
    const html = pages[url.pathname];
    if (html === undefined) {
      return response.writeHead(404).end();
    }
    response.writeHead(statuses[url.pathname] || 200, { 'Content-Type': 'text/html; charset=utf-8' }).end(html);
  });
}

export async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** A stand-in for the collector: serves the script in its forms, matomo.js under any other name, and keeps the hits. */
export async function record() {
  const scripts = {};
  for (const name of ['foule.lite.js', 'foule.bare.js', 'foule.js', 'matomo.js']) {
    scripts['/' + name] = await readFile(new URL('../../web/tracker/' + name, import.meta.url));
  }
  const hits = [];
  let wake = () => {};
  let agent;
  const server = await serve(async (request, response, url) => {
    if (url.pathname.endsWith('.js')) {
      return response.writeHead(200, { 'Content-Type': 'application/javascript; charset=utf-8' }).end(scripts[url.pathname] || scripts['/matomo.js']);
    }
    const body = await bodyOf(request);
    if (agent && request.headers['user-agent'] !== agent) {
      return response.writeHead(204).end();
    }
    hits.push({
      method: request.method, path: url.pathname, headers: request.headers, query: url.search.slice(1), body,
      params: Object.fromEntries(new URLSearchParams([url.search.slice(1), body].filter(Boolean).join('&'))),
    });
    wake();
    response.writeHead(204).end();
  });
  return {
    ...server,
    hits,
    /** Forgets all hits, and from now on keeps those of one user agent: a page that was closed may have a last word. */
    listenTo(userAgent) {
      hits.length = 0;
      agent = userAgent;
    },
    /** Resolves once `done(hits)` holds; rejects after ten seconds. */
    until(done) {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`only ${hits.length} hits came: ${JSON.stringify(hits.map((h) => h.params))}`)), 10_000);
        wake = () => {
          if (done(hits)) {
            clearTimeout(timer);
            resolve();
          }
        };
        wake();
      });
    },
  };
}
