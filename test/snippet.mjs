// A visit to a small site that embeds Foule as Foule says, and the dashboard that shows it.
// Environment: TRACKING_URL, SITE_ID (1), SNIPPET (the HTML to embed; else the one-line form), GOAL_ID (none),
// and for the second half DASHBOARD_URL with SETUP_URL or DASHBOARD_USER and DASHBOARD_PASSWORD.
// Prints the hits, what should be counted and what the dashboard shows, as JSON.
import assert from 'node:assert/strict';
import { complaints, launch, stored, userAgent } from './lib/browser.mjs';
import { labels, logIn, totals } from './lib/dashboard.mjs';
import { poll, siteId, trackingUrl } from './lib/env.mjs';
import { refused, watchHits } from './lib/hits.mjs';
import { serve } from './lib/server.mjs';

const tracking = trackingUrl();
const snippet = process.env.SNIPPET || `<script defer src="${tracking}foule.js" data-site="${siteId()}"></script>`;
const goal = process.env.GOAL_ID;
const expect = { visitors: 1, visits: 1, hits: 3, actions: 7, conversions: goal ? 1 : 0 };

const html = (title, body) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>${snippet}</head><body>
<nav><a href="/">Home</a> <a href="/about">About</a> <a href="/contact">Contact</a> <a id="out" href="https://elsewhere.example/partner">Partner</a></nav><h1>${title}</h1>${body}</body></html>`;
const pages = {
  '/': html('Home', '<form action="/search"><input name="q"><button>Search</button></form>'),
  '/about': html('About', ''),
  '/contact': html('Contact', '<a id="file" href="/files/report.pdf">Report</a>'),
  '/search': html('Search', '<p>Nothing found.</p>'),
};

const site = await serve((request, response, url) => {
  if (url.pathname === '/files/report.pdf') {
    return response.writeHead(200, { 'Content-Type': 'application/pdf', 'Content-Disposition': 'attachment' }).end('%PDF-1.4');
  }
  const page = pages[url.pathname];
  return response.writeHead(page ? 200 : 404, { 'Content-Type': 'text/html; charset=utf-8' }).end(page);
});
const browser = await launch();
try {
  const hits = await visit();
  const shown = process.env.DASHBOARD_URL ? await look() : undefined;
  console.log(JSON.stringify({ client: 'snippet', hits, expect, shown }));
} finally {
  await browser.close();
  site.close();
}

/** Walks through the site as a person would, and checks that nothing is left in the browser. */
async function visit() {
  const context = await browser.newContext({ userAgent, locale: 'fr-FR' });
  await context.route('https://elsewhere.example/**', (route) => route.fulfill({ body: 'elsewhere' }));
  const hits = watchHits(context, tracking);
  const tab = await context.newPage();
  const complained = complaints(tab);
  let steps = 0;
  // Each step waits for its hit, so that the collector sees them in the order of the visit.
  const step = async (does) => {
    await does();
    steps++;
    await poll(`hit ${steps}`, 10, () => (hits.length >= steps ? true : undefined));
  };
  // Both embeds take the same calls, the one-line form under shorter names.
  const call = (...call) => tab.evaluate(([name, ...args]) => (window._paq ? _paq.push([name, ...args]) : foule(name.slice(5).toLowerCase(), ...args)), call);

  await step(() => tab.goto(site.url + '/'));
  await step(() => tab.click('text=About'));
  await step(() => tab.click('text=Contact'));
  await step(() => tab.click('#file'));
  await step(() => call('trackEvent', 'Form', 'Send', 'Contact', 2));
  if (goal) {
    await step(() => call('trackGoal', goal));
  }
  await step(() => tab.goto(site.url + '/search?q=shoes'));
  await step(() => tab.click('#out'));

  assert.deepEqual(complained, [], 'console errors');
  assert.deepEqual(await stored(context), [], 'stored in the browser');
  assert.deepEqual(refused(hits), [], 'refused hits');
  await context.close();
  return hits;
}

/** Waits until the dashboard shows the visit and reads what it says. */
async function look() {
  const context = await browser.newContext({ userAgent, locale: 'en-GB' });
  const tab = await context.newPage();
  const complained = complaints(tab);
  await logIn(tab);
  const numbers = await poll('the visit on the dashboard', 30, async () => {
    const read = await totals(tab, siteId());
    return read.hits >= expect.hits ? read : undefined;
  });
  const seen = { totals: numbers, pages: await labels(tab, siteId(), 'pages') };
  assert.deepEqual(complained, [], 'console errors of the dashboard');
  return seen;
}
