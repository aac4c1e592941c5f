// The npm package @jonkoops/matomo-tracker, or the one that it continues, in a page,
// loading Foule's matomo.js.
// Environment: TRACKING_URL, SITE_ID (1), GOAL_ID, PACKAGE (@jonkoops/matomo-tracker).
// Prints the hits that left the browser and what should be counted, as JSON.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { complaints, launch, stored, userAgent } from './lib/browser.mjs';
import { need, poll, siteId, trackingUrl } from './lib/env.mjs';
import { refused, watchHits } from './lib/hits.mjs';
import { serve } from './lib/server.mjs';

const tracking = trackingUrl();
const goal = need('GOAL_ID');
const client = process.env.PACKAGE || '@jonkoops/matomo-tracker';
const modules = new URL('./node_modules/', import.meta.url);
const page = `<!doctype html><html><head><title>App</title>
<script type="importmap">{"imports":{"client":"/modules/${client}/es/index.js"}}</script></head>
<body><a id="out" href="https://elsewhere.example/partner">Partner</a>
<button data-matomo-event="click" data-matomo-category="Menu" data-matomo-action="Open" data-matomo-name="Main" data-matomo-value="3">Menu</button>
<script type="module">
import MatomoTracker from 'client';
window.tracker = new MatomoTracker({
  urlBase: ${JSON.stringify(tracking)}, siteId: ${JSON.stringify(siteId())}, userId: 'jane@example.org',
  configurations: { disableCookies: true, setSecureCookie: true, setRequestMethod: 'POST' },
});
tracker.trackPageView();
tracker.trackEvents();
</script></body></html>`;

const site = await serve(async (request, response, url) => {
  if (url.pathname.startsWith('/modules/')) {
    // The package's modules import each other without an extension.
    const path = url.pathname.slice('/modules/'.length).replace(/(\.js)?$/, '.js');
    const code = await readFile(new URL(path, modules));
    return response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(code);
  }
  return response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(page);
});
const browser = await launch();
try {
  const context = await browser.newContext({ userAgent, locale: 'fr-FR' });
  await context.route('https://elsewhere.example/**', (route) => route.fulfill({ body: 'elsewhere' }));
  const hits = watchHits(context, tracking);
  const tab = await context.newPage();
  const complained = complaints(tab);
  const arrived = (n) => poll(`hit ${n}`, 10, () => (hits.length >= n ? true : undefined));

  await tab.goto(site.url + '/');
  await arrived(1);
  await tab.click('button');
  await arrived(2);
  await tab.evaluate(() => {
    history.pushState({}, '', '/shop');
    tracker.trackPageView({ documentTitle: 'Shop', customDimensions: [{ id: 1, value: 'gold' }] });
  });
  await arrived(3);
  await tab.evaluate(() => tracker.trackSiteSearch({ keyword: 'shoes', category: 'women', count: 4 }));
  await arrived(4);
  await tab.evaluate(() => tracker.trackLink({ href: location.origin + '/list.pdf', linkType: 'download' }));
  await arrived(5);
  await tab.evaluate((id) => tracker.pushInstruction('trackGoal', id, 5), goal);
  await arrived(6);
  await tab.click('#out');
  await tab.waitForURL('https://elsewhere.example/**');
  await arrived(7);

  assert.deepEqual(complained, [], 'console errors');
  assert.deepEqual(await stored(context), [], 'stored in the browser');
  assert.deepEqual(refused(hits), [], 'refused hits');
  console.log(JSON.stringify({
    client, hits,
    expect: { visitors: 1, visits: 1, hits: 2, actions: 6, conversions: 1 },
    reports: {
      pages: [{ label: '/', hits: 1 }, { label: '/shop', hits: 1 }],
      titles: [{ label: 'App', hits: 1 }, { label: 'Shop', hits: 1 }],
      events: [{ label: 'Menu', hits: 1, event_value: 3 }],
      'event-names': [{ label: 'Main', hits: 1 }],
      searches: [{ label: 'shoes', hits: 1 }],
      'search-categories': [{ label: 'women', hits: 1 }],
      downloads: [{ label: '[ip]/list.pdf', hits: 1 }],
      outlinks: [{ label: 'elsewhere.example/partner', hits: 1 }],
      goals: [{ label: goal, conversions: 1, revenue: 5 }],
    },
  }));
} finally {
  await browser.close();
  site.close();
}
