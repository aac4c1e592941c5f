// The same visit to four single-page applications, each counted by the package that
// is used with its framework, unmodified, loading Foule's matomo.js.
// Environment: TRACKING_URL; SITE_IDS and GOAL_IDS, one for each of `apps`, in order.
// Prints what should be counted, as JSON.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { complaints, launch, stored, userAgent } from './lib/browser.mjs';
import { bundle, buildNext } from './lib/bundle.mjs';
import { need, poll, trackingUrl } from './lib/env.mjs';
import { refused, watchHits } from './lib/hits.mjs';
import { serve } from './lib/server.mjs';

const tracking = trackingUrl();
const ids = need('SITE_IDS').split(',');
const goals = need('GOAL_IDS').split(',');
const partner = 'https://elsewhere.example/partner';

// Next.js takes longest to build: it begins first.
const next = buildNext();
const bundled = (code) => (path) => (path === '/app.js'
  ? ['text/javascript', code]
  : ['text/html; charset=utf-8', `<!doctype html><html lang="en"><head><title>App</title><script src="/settings.js"></script></head>
<body><div id="app"></div><script type="module" src="/app.js"></script></body></html>`]);
const types = { html: 'text/html; charset=utf-8', js: 'text/javascript', txt: 'text/plain', css: 'text/css' };
const exported = (folder) => async (path) => {
  const name = path === '/' ? 'index.html' : path.slice(1) + (/\.\w+$/.test(path) ? '' : '.html');
  return [types[name.split('.').pop()], await readFile(new URL(name, folder))];
};

// `base` is where the application begins. vue-matomo tells a `category` of its search.
// ngx-matomo-client sends the page of results as any page, and the collector finds
// the keyword in its address. Next.js may set a title after the page view.
const apps = [
  { client: 'vue-matomo', base: '', files: bundle('vue').then(bundled), category: 'women', titles: true },
  { client: 'ngx-matomo-client', base: '', files: bundle('angular').then(bundled), titles: true },
  { client: '@socialgouv/matomo-next, App Router', base: '', files: next.folder.then(exported) },
  { client: '@socialgouv/matomo-next, Pages Router', base: '/pages', files: next.folder.then(exported) },
];
for (const app of apps) {
  app.files.catch(() => {}); // told where it is waited for
}

/** Goes through an application as a visitor would, and gives the hits. */
async function visit(browser, { client, base, files }, site, goal) {
  const show = await files;
  const server = await serve(async (request, response, url) => {
    if (url.pathname === '/settings.js') {
      return response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(`window.settings = ${JSON.stringify({ tracking, site, goal, out: partner })}`);
    }
    if (url.pathname === '/list.pdf' || url.pathname === '/favicon.ico') {
      return response.writeHead(204).end();
    }
    const [type, body] = await show(url.pathname);
    return response.writeHead(200, { 'Content-Type': type }).end(body);
  });
  const context = await browser.newContext({ userAgent, locale: 'fr-FR' });
  try {
    await context.route(partner, (route) => route.fulfill({ body: 'elsewhere' }));
    const hits = watchHits(context, tracking);
    const tab = await context.newPage();
    const complained = complaints(tab);
    let n = 0;
    const hit = async (what, act) => {
      await act();
      n++;
      await poll(`${client}: hit of ${what}`, 10, () => (hits.length >= n ? true : undefined));
      assert.equal(hits.length, n, `${client}: ${what} sent ${JSON.stringify(hits.slice(n - 1).map(({ params }) => params))}`);
    };
    await hit('the first page', () => tab.goto(server.url + (base || '/')));
    await hit('a route', () => tab.click('#shop'));
    await hit('an event', () => tab.click('#event'));
    await hit('a goal', () => tab.click('#goal'));
    await hit('a search', () => tab.click('#search'));
    await hit('a download', () => tab.click('#list'));
    await hit('the way back', () => tab.goBack());
    await hit('the way forward', () => tab.goForward());
    await hit('a link out', () => tab.click('#out'));
    assert.deepEqual(complained, [], `${client}: console errors`);
    assert.deepEqual(await stored(context), [], `${client}: stored in the browser`);
    assert.deepEqual(refused(hits), [], `${client}: refused hits`);
    return hits;
  } finally {
    await context.close();
    server.close();
  }
}

const browser = await launch();
try {
  const results = [];
  for (const [i, app] of apps.entries()) {
    const hits = await visit(browser, app, ids[i], goals[i]);
    results.push({
      client: app.client, site: ids[i], hits: process.env.SHOW_HITS ? hits.map(({ method, params }) => ({ method, params })) : hits.length,
      // The search is sent again on the way forward.
      expect: { visitors: 1, visits: 1, hits: 3, actions: 8, conversions: 1 },
      reports: {
        pages: [{ label: app.base || '/', hits: 1 }, { label: app.base + '/shop', hits: 2 }],
        ...(app.titles && { titles: [{ label: 'Home', hits: 1 }, { label: 'Shop', hits: 2 }] }),
        'entry-pages': [{ label: app.base || '/', visits: 1 }],
        channels: [{ label: 'direct', visits: 1 }],
        events: [{ label: 'Menu', hits: 1, event_value: 3 }],
        'event-actions': [{ label: 'Open', hits: 1 }],
        'event-names': [{ label: 'Main', hits: 1 }],
        searches: [{ label: 'shoes', hits: 2 }],
        'search-categories': app.category ? [{ label: app.category, hits: 2 }] : [],
        downloads: [{ label: '[ip]/list.pdf', hits: 1 }],
        outlinks: [{ label: 'elsewhere.example/partner', hits: 1 }],
        goals: [{ label: goals[i], conversions: 1, revenue: 5 }],
      },
    });
  }
  console.log(JSON.stringify({ results }));
} finally {
  await next.stop();
  await browser.close();
}
