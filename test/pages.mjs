// Real pages of many kinds, with each form of the script, in a real browser.
// Environment: TRACKING_URL, SITE_IDS (sites that count any host, as many as are asked for), FORM (foule, foule.lite,
// matomo: by itself, or paq: told by the page through _paq).
// Prints what each site should have counted, as JSON.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { browseAlone } from './lib/alone.mjs';
import { complaints, launch, stored, userAgent } from './lib/browser.mjs';
import { need, poll, trackingUrl } from './lib/env.mjs';
import { at, nextHit } from './lib/places.mjs';
import { serve } from './lib/server.mjs';

const form = need('FORM');
const byItself = form !== 'paq';
const file = (byItself ? form : 'matomo') + '.js';
const stats = at('stats.localhost', trackingUrl());
const free = need('SITE_IDS').split(',');
const expect = [];

/** Takes a site of its own for a test, and notes what it should have counted in the end. */
function site(name, hits, pages, more = {}) {
  const id = free.shift();
  assert.ok(id, 'too few sites');
  expect.push({ site: id, name, totals: { visitors: 1, visits: 1, hits, actions: hits, conversions: 0, ...more }, pages });
  return id;
}

/** The page's head: the script as `form` wants it, and as the page's policy allows it. */
function head(id, { attributes = '', name = file, integrity = '', nonce = '', calls = [] } = {}) {
  const pinned = integrity && ` integrity="${integrity}" crossorigin="anonymous"`;
  if (byItself) {
    const still = form === 'foule' && !attributes.includes('data-heartbeat') ? ' data-heartbeat="off"' : '';
    return `<script defer src="${stats}${name}"${pinned} data-site="${id}"${still} ${attributes}></script>`;
  }
  const queue = [['trackPageView'], ['enableLinkTracking'], ['setTrackerUrl', stats + 'matomo.php'], ['setSiteId', id], ...calls];
  return `<script${nonce && ` nonce="${nonce}"`}>var _paq = window._paq = ${JSON.stringify(queue)}</script><script async src="${stats}${name}"${pinned}></script>`;
}

/** What a page needs that acts by itself: to report, and to wait until so many of its hits are out of the house. */
const acting = `<script>
  const report = (what) => fetch('/report?' + new URLSearchParams(what));
  const counted = (hits, then) => new PerformanceObserver((list, observer) => {
    hits -= list.getEntries().filter((entry) => entry.name.includes('/matomo.php')).length;
    if (hits <= 0) { observer.disconnect(); then(); }
  }).observe({ type: 'resource', buffered: true });
</script>`;

/** Serves pages from a map of path to { head, body, policy }, and takes reports at /report. */
const shown = {};
const reports = [];
/** What a page that waits is told at /ready. */
let readiness = () => 'no';
const shop = await serve(async (request, response, url) => {
  if (url.pathname === '/report') {
    reports.push(Object.fromEntries(url.searchParams));
    return response.writeHead(204).end();
  }
  if (url.pathname === '/ready') {
    return response.writeHead(200, { 'Content-Type': 'text/plain', 'Cache-Control': 'no-store' }).end(readiness());
  }
  const page = shown[url.pathname];
  if (!page) {
    return response.writeHead(url.pathname === '/favicon.ico' ? 204 : 404).end();
  }
  const headers = { 'Content-Type': 'text/html; charset=utf-8', ...(page.policy && { 'Content-Security-Policy': page.policy }) };
  response.writeHead(200, headers).end(`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${url.pathname}</title>${page.head}</head><body>${page.body || ''}</body></html>`);
});
const home = at('shop.localhost', shop.url);

const browser = await launch();
try {
  await severalPages();
  await routes();
  await hashRoutes();
  await strictPolicy();
  await blocked('the script', `**/${file}`);
  await blocked('the endpoint', '**/matomo.php*');
  await twoTrackers();
  await backAndForth();
  await prerendered();
  if (form === 'foule' || form === 'paq') {
    await hidden();
  }
  console.log(JSON.stringify({ expect }));
} finally {
  await browser.close();
  shop.close();
}

function publish(pages) {
  for (const path of Object.keys(shown)) {
    delete shown[path];
  }
  Object.assign(shown, pages);
}

async function visitor() {
  const context = await browser.newContext({ userAgent, locale: 'en-GB' });
  const page = await context.newPage();
  const complained = complaints(page);
  let requests = 0;
  context.on('request', (request) => { requests += isHit(request.url()) ? 1 : 0; });
  return {
    context, page, complained, requests: () => requests,
    async leave() {
      assert.deepEqual(await stored(context), [], 'stored in the browser');
      await context.close();
    },
  };
}

function isHit(url) {
  return new URL(url).pathname === '/matomo.php';
}

async function severalPages() {
  const id = site('several pages', 3, ['/', '/about', '/contact']);
  const body = '<a href="/about">About</a> <a href="/contact">Contact</a>';
  publish({ '/': { head: head(id), body }, '/about': { head: head(id), body }, '/contact': { head: head(id) } });
  const { page, complained, leave } = await visitor();
  await nextHit(page, () => page.goto(home));
  await nextHit(page, () => page.click('text=About'));
  await nextHit(page, () => page.click('text=Contact'));
  assert.deepEqual(complained, []);
  await leave();
}

/** A route as an application makes it; only the classic form has to be told. */
function route(address, how) {
  const told = byItself ? '' : `_paq.push(['setCustomUrl', '${address}'], ['setDocumentTitle', '${address}'], ['trackPageView'])`;
  return `${how}; document.title = '${address}'; ${told}`;
}

async function routes() {
  const id = site('routes', 4, ['/', '/list', '/list/item']);
  publish({ '/': { head: head(id) } });
  const { page, complained, leave } = await visitor();
  await nextHit(page, () => page.goto(home));
  for (const path of ['/list', '/list/item']) {
    await nextHit(page, () => page.evaluate(route(path, `history.pushState({}, '', '${path}')`)));
  }
  await nextHit(page, () => page.evaluate(route('/list', 'history.back()')));
  assert.deepEqual(complained, []);
  await leave();
}

async function hashRoutes() {
  // The site keeps no fragments: the routes are page views of one page.
  const id = site('hash routes', 3, ['/']);
  publish({ '/': { head: head(id, { attributes: 'data-hash' }) } });
  const { page, complained, leave } = await visitor();
  await nextHit(page, () => page.goto(home + '#/'));
  for (const path of ['/#/list', '/#/item']) {
    await nextHit(page, () => page.evaluate(route(path, `location.hash = '${path.slice(2)}'`)));
  }
  assert.deepEqual(complained, []);
  await leave();
}

/** A policy that allows nothing but the tracking side, and the version of the script that the page names. */
async function strictPolicy() {
  const id = site('strict policy', 1, ['/']);
  const code = Buffer.from(await (await fetch(trackingUrl() + file)).arrayBuffer());
  const hash = (kind, encoding) => createHash(kind).update(code).digest(encoding);
  publish({ '/': {
    policy: `default-src 'none'; script-src 'nonce-abc' ${stats}; connect-src ${stats}; require-trusted-types-for 'script'`,
    head: head(id, { name: file.replace('.js', `.${hash('sha256', 'hex').slice(0, 16)}.js`), integrity: 'sha384-' + hash('sha384', 'base64'), nonce: 'abc' }),
  } });
  const { page, complained, leave } = await visitor();
  await nextHit(page, () => page.goto(home));
  assert.deepEqual(complained, []);
  await leave();
}

/** A blocker takes the script or its requests: the page goes on, and nothing of ours complains. */
async function blocked(what, pattern) {
  const id = site(what + ' blocked', 1, ['/']);
  publish({ '/': { head: head(id), body: `<button onclick="document.title = 'works'; window.foule?.('event', 'a', 'b'); window._paq?.push(['trackEvent', 'a', 'b'])">Go</button>` } });
  const { context, page, complained, requests, leave } = await visitor();
  await page.addInitScript(`addEventListener('unhandledrejection', (event) => console.error('unhandled', event.reason))`);
  await context.route(pattern, (request) => request.abort('blockedbyclient'));
  await page.goto(home, { waitUntil: 'load' });
  await page.click('text=Go');
  assert.equal(await page.title(), 'works');
  await page.waitForLoadState('networkidle');
  // The browser itself names what it could not load.
  assert.deepEqual(complained.filter((text) => !text.startsWith('Failed to load resource')), []);
  assert.equal(requests() > 0, what === 'the endpoint');
  await context.unroute(pattern);
  await nextHit(page, () => page.goto(home));
  await leave();
}

async function twoTrackers() {
  const one = site('two trackers, one', 1, ['/']);
  const two = site('two trackers, other', 1, ['/']);
  const heads = form.startsWith('foule')
    ? head(one) + head(two)
    : head(one, { calls: [['addTracker', stats + 'matomo.php', two]] });
  // matomo.js runs once in a page; its second tracker is added by the page.
  const added = form === 'matomo' ? `<script>window.matomoAsyncInit = () => Matomo.getTracker('${stats}matomo.php', ${two}).trackPageView()</script>` : '';
  publish({ '/': { head: added + heads } });
  const { page, complained, requests, leave } = await visitor();
  await page.goto(home);
  await poll('both hits', 10, () => (requests() === 2 ? true : undefined));
  await page.waitForLoadState('networkidle');
  assert.deepEqual(complained, []);
  await leave();
}

/**
 * Back to a page that the browser had kept whole: one more page view, as without
 * that cache. Only the classic form leaves it to the page, as Matomo's script does.
 */
async function backAndForth() {
  const id = site('back-forward cache', byItself ? 3 : 2, ['/first', '/second']);
  publish({
    '/first': { head: head(id), body: acting + `<script>
      counted(1, () => setTimeout(() => location.href = '/second', 300));
      const end = () => report({ id: '${id}', at: 'restored' });
      addEventListener('pageshow', ({ persisted }) => persisted && ${byItself ? 'counted(2, end)' : 'setTimeout(end, 1000)'});
    </script>` },
    '/second': { head: head(id), body: acting + `<script>counted(1, () => setTimeout(() => history.back(), 300))</script>` },
  });
  await browseAlone(home + 'first', () => reports.find((report) => report.id === id));
}

/** A page loaded in advance counts when it is shown, and not at all if it never is. */
async function prerendered() {
  const id = site('prerendered', 2, ['/', '/next']);
  publish({
    '/': { head: head(id), body: `<script type="speculationrules">{"prerender":[{"source":"list","urls":["/next","/never"],"eagerness":"immediate"}]}</script>` },
    '/next': { head: head(id), body: acting + `<script>
      const at = document.prerendering ? 'prerendering' : 'shown';
      report({ id: '${id}', at });
      document.addEventListener('prerenderingchange', () => counted(1, () => report({ id: '${id}', at: 'activated', after: at })));
    </script>` },
    '/never': { head: head(id), body: `<script>fetch('/report?id=${id}&at=never-' + (document.prerendering ? 'prerendering' : 'shown'))</script>` },
  });
  // The first page goes on once both are ready.
  shown['/'].body += `<script>
    const go = setInterval(async () => {
      if (await (await fetch('/ready?id=${id}')).text() === 'yes') { clearInterval(go); location.href = '/next'; }
    }, 300);
  </script>`;
  const seen = (at) => reports.some((report) => report.id === id && report.at === at);
  readiness = () => (seen('prerendering') && seen('never-prerendering') ? 'yes' : 'no');
  const end = await browseAlone(home, () => reports.find((report) => report.id === id && report.at === 'activated'));
  assert.equal(end.after, 'prerendering');
  assert.ok(!seen('never-shown'));
}

/**
 * Engaged time stops when another tab comes to the front, which takes the focus
 * for real, and when the tab is hidden, which a browser without a screen never
 * does by itself: that state is put into its mouth.
 */
async function hidden() {
  const id = site('hidden tab', 1, ['/']);
  publish({ '/': { head: head(id, { attributes: 'data-heartbeat="30"', calls: [['enableHeartBeatTimer', 30]] }) } });
  const { context, page, requests, leave } = await visitor();
  const other = await context.newPage();
  await page.bringToFront();
  await page.clock.install();
  await nextHit(page, () => page.goto(home));
  // The tool otherwise makes every page believe that it has the focus.
  await (await context.newCDPSession(page)).send('Emulation.setFocusEmulationEnabled', { enabled: false });
  const until = (state) => poll('a page for which ' + state, 10, async () => (await page.evaluate(state)) || undefined);
  const say = (state) => page.evaluate((state) => {
    Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
    Object.defineProperty(document, 'hidden', { value: state === 'hidden', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, state);
  const ways = [
    [async () => { await other.bringToFront(); await until('!document.hasFocus()'); }, async () => { await page.bringToFront(); await until('document.hasFocus()'); }],
    [() => say('hidden'), () => say('visible')],
  ];
  await until('document.hasFocus()');
  for (const [leave, comeBack] of ways) {
    const start = requests();
    await page.clock.runFor(40_000);
    await leave();
    await poll('the ping of the time before', 10, () => (requests() > start ? true : undefined));
    await page.waitForLoadState('networkidle');
    const before = requests();
    await page.clock.runFor(600_000);
    assert.equal(requests(), before, 'pings of a tab that nobody looks at');
    await comeBack();
  }
  await leave();
}
