// A visitor says no, in each of the ways there are, and yes again; and lets the browser say no.
// Environment: TRACKING_URL; SITE_IDS, thirteen sites that count any host; DASHBOARD_URL with SETUP_URL or
// DASHBOARD_USER and DASHBOARD_PASSWORD.
// Prints what each site should have counted and left out, as JSON.
import assert from 'node:assert/strict';
import { AxeBuilder } from '@axe-core/playwright';
import { complaints, launch, stored, userAgent } from './lib/browser.mjs';
import { dashboardUrl, logIn } from './lib/dashboard.mjs';
import { need, poll, trackingUrl } from './lib/env.mjs';
import { at, nextHit } from './lib/places.mjs';
import { serve } from './lib/server.mjs';

const sites = need('SITE_IDS').split(',');
const stats = at('stats.localhost', trackingUrl());
const near = at('stats.shop.localhost', trackingUrl());
const expect = {};

/** The page that the site shows next, whatever its path; and its policy. */
let body = '';
let policy = '';
const shop = await serve((request, response) => response.writeHead(200, {
  'Content-Type': 'text/html; charset=utf-8', ...(policy && { 'Content-Security-Policy': policy }),
}).end(`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title></head><body><main><h1>Shop</h1>${body}</main></body></html>`));

/** The forms of the script; each has to heed the wish. */
const forms = ['foule', 'foule.lite', 'matomo'];
// Pings come with time, and their number with the time a test takes.
const tag = (base, id, form = 'foule', more = '') => `<script defer src="${base}${form}.js" data-site="${id}" data-heartbeat="off" ${more}></script>`;
const pixel = (base, id) => `<noscript><img src="${base}matomo.php?idsite=${id}&rec=1" alt=""></noscript>`;
const strict = (base) => `default-src 'none'; script-src ${base}; connect-src ${base}; img-src ${base}; frame-src ${base}`;

const browser = await launch();
const closed = await launch('--test-third-party-cookie-phaseout');

try {
  for (const form of forms) {
    await inTheSite(form, (id) => 'optout.js?idsite=' + id, 'foule-opt-out', {
      lang: 'en', say: 'Do not count my visits', take: 'Count my visits again', counted: /^Your visits are counted/, out: /^Your visits are not counted/,
    });
    await inAFrame(form);
  }
  await inTheSite('matomo', (id) => `index.php?module=CoreAdminHome&action=optOutJS&divId=matomo-opt-out&language=fr&backgroundColor=FFFFFF&fontColor=112233&fontSize=18px&fontFamily=Arial&showIntro=1&idsite=${id}`, 'matomo-opt-out', {
    lang: 'fr', say: 'Ne pas compter mes visites', take: 'Compter à nouveau mes visites', counted: /^Vos visites sont comptées/, out: /^Vos visites ne sont pas comptées/,
  });
  await inAClosedFrame();
  await onOurPage();
  await withoutScript();
  await browserSaysNo();
  const ignoring = sites.at(-1);
  await doNotTrack('', { hits: 0, excluded: { do_not_track: 1 } });
  await doNotTrack('data-dnt', { hits: 0, excluded: {} });
  await countInSpiteOf(ignoring);
  await doNotTrack('', { hits: 1, excluded: {} }, ignoring);
  console.log(JSON.stringify({ sites: expect }));
} finally {
  await browser.close();
  await closed.close();
  shop.close();
}

/** Takes a site for a test and notes what it should have counted in the end. */
function take(wanted, id = sites.shift()) {
  assert.ok(id, 'too few sites');
  expect[id] = wanted;
  return id;
}

async function visitor(from, options = {}) {
  const context = await from.newContext({ userAgent, locale: 'en-GB', ...options });
  const page = await context.newPage();
  let requests = 0;
  context.on('request', (request) => { requests += new URL(request.url()).pathname === '/matomo.php' ? 1 : 0; });
  return { context, page, requests: () => requests, complained: complaints(page) };
}

/** Shows a page and gives the hit that it made. */
function counted(page, url) {
  return nextHit(page, () => page.goto(url));
}

/** Shows a page that makes no hit. */
async function uncounted({ page, requests }, url) {
  const before = requests();
  await page.goto(url, { waitUntil: 'networkidle' });
  assert.equal(requests(), before, 'hits of who said no');
}

async function noFaults(page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]), [], 'axe');
}

/** The choice in the site's own page, under a strict policy: no hit is made at all. */
async function inTheSite(form, script, div, words) {
  const id = take({ hits: 2, excluded: {} });
  body = `<div id="${div}"></div><script src="${stats}${script(id).replaceAll('&', '&amp;')}"></script>${tag(stats, id, form)}`;
  policy = strict(stats);
  const { page, context, requests, complained } = await visitor(closed);
  const url = at('shop.localhost', shop.url);
  const state = page.getByRole('status');
  await counted(page, url);
  assert.match(await state.textContent(), words.counted);
  assert.equal(await page.getAttribute('#' + div, 'lang'), words.lang);
  await noFaults(page);
  assert.deepEqual(await stored(context), [], 'stored before anything was said');

  // By keyboard alone; the focus stays, the state is told.
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), words.say);
  await page.keyboard.press('Enter');
  assert.match(await state.textContent(), words.out);
  assert.equal(await page.evaluate(() => document.activeElement.textContent), words.take);
  await noFaults(page);
  assert.deepEqual(await stored(context), [`${new URL(url).origin} localStorage foule-opt-out`]);

  await uncounted({ page, requests }, url + 'again');
  assert.match(await state.textContent(), words.out);

  // In another tab the choice changes here, too.
  const second = await context.newPage();
  await second.goto(url + 'second', { waitUntil: 'networkidle' });
  await second.getByRole('button').click();
  await state.filter({ hasText: words.counted }).waitFor();
  await second.close();
  assert.deepEqual(await stored(context), [], 'stored after yes');
  await counted(page, url + 'third');
  assert.deepEqual(complained, [], 'console errors');
  await context.close();
}

/** Matomo's frame in another site, where cookies of other sites are blocked: the hit is made and left out. */
async function inAFrame(form) {
  const id = take({ hits: 3, excluded: { opt_out: 3 } });
  body = `<iframe title="Opt-out" width="600" height="300" src="${stats}index.php?module=CoreAdminHome&amp;action=optOut&amp;language=en&amp;idsite=${id}"></iframe>${tag(stats, id, form)}`;
  policy = strict(stats);
  const { page, context, complained } = await visitor(closed);
  const url = at('shop.localhost', shop.url);
  const frame = page.frameLocator('iframe');
  const state = (text) => frame.getByRole('status').filter({ hasText: text }).waitFor();
  await counted(page, url);
  await state('Your visits are counted');
  await noFaults(page);
  await frame.getByRole('button', { name: 'Do not count my visits' }).click();
  await state('Your visits are not counted');
  await noFaults(page);
  await counted(page, url + 'again');
  await state('Your visits are not counted');
  await counted(page, url + 'third');
  // The choice was made on one site and holds there.
  await counted(page, at('elsewhere.localhost', shop.url));
  await state('Your visits are counted');
  await counted(page, url + 'fourth');
  await frame.getByRole('button', { name: 'Count my visits again' }).click();
  await state('Your visits are counted');
  await counted(page, url + 'fifth');
  assert.deepEqual(complained, [], 'console errors');
  await context.close();
}

/** A frame that may keep nothing says so, with its script and without. */
async function inAClosedFrame() {
  policy = '';
  for (const allowed of ['allow-forms', 'allow-forms allow-scripts']) {
    body = `<iframe sandbox="${allowed}" title="Opt-out" width="600" height="300" src="${stats}optout?lang=en"></iframe>`;
    const { page, context } = await visitor(closed);
    await page.goto(at('shop.localhost', shop.url));
    await page.frameLocator('iframe').getByRole('button').click();
    await page.frameLocator('iframe').getByText('Your browser did not keep your choice. Your visits are still counted.').waitFor();
    await page.frameLocator('iframe').getByText('Inside another website your browser keeps nothing of ours.').waitFor();
    await context.close();
  }
}

/** Our own page at a tracking side of the same registrable domain. */
async function onOurPage() {
  const id = take({ hits: 2, excluded: { opt_out: 1 } });
  body = `<p><a href="${near}optout?idsite=${id}">Privacy</a></p>${tag(near, id)}`;
  policy = '';
  const { page, context, complained } = await visitor(closed);
  const url = at('www.shop.localhost', shop.url);
  const aside = page.getByText('If you come from a website at another address');
  await counted(page, url);
  await page.click('text=Privacy');
  await page.getByText('Your visits are counted').waitFor();
  assert.equal(await aside.count(), 0, 'a warning that does not apply');
  await noFaults(page);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByText('Your visits are not counted').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Count my visits again');
  assert.match(await page.title(), /^Your visits are not counted/);
  assert.equal(await aside.count(), 0, 'a warning that does not apply');
  await noFaults(page);
  await page.reload();
  await page.getByText('Your visits are not counted').waitFor();
  const cookies = await context.cookies();
  assert.deepEqual(cookies.map(({ name, value }) => [name, value]), [['foule_optout', '1']]);
  await counted(page, url + 'again');
  await page.click('text=Privacy');
  await page.click('text=Count my visits again');
  await page.getByText('Your visits are counted').waitFor();
  assert.deepEqual(await context.cookies(), []);
  await counted(page, url + 'third');
  // Typed by hand, the page does not know where its visitor comes from.
  await page.goto(stats + 'optout?lang=fr');
  await page.getByText('Si vous venez d’un site à une autre adresse').waitFor();
  await noFaults(page);
  assert.deepEqual(complained, [], 'console errors');
  await context.close();
}

/** Neither the page nor the pixel needs a script. */
async function withoutScript() {
  const id = take({ hits: 2, excluded: { opt_out: 1 } });
  policy = '';
  body = `<p><a href="${near}optout?idsite=${id}">Privacy</a></p>${tag(near, id)}${pixel(near, id)}`;
  const { page, context } = await visitor(browser, { javaScriptEnabled: false });
  const url = at('www.shop.localhost', shop.url);
  await counted(page, url);
  await page.click('text=Privacy');
  await page.click('text=Do not count my visits');
  await page.getByText('Your visits are not counted').waitFor();
  assert.equal(await page.locator('[autofocus]').getAttribute('role'), 'status', 'a new page speaks of what has changed first');
  await counted(page, url + 'again');
  await page.click('text=Privacy');
  await page.click('text=Count my visits again');
  await page.getByText('Your visits are counted').waitFor();
  await counted(page, url + 'third');
  await context.close();
}

/** Global Privacy Control: the script sends nothing, the server counts nothing. */
async function browserSaysNo() {
  const id = take({ hits: 0, excluded: { global_privacy_control: 1 } });
  const { page, context, requests } = await visitor(browser, { extraHTTPHeaders: { 'Sec-GPC': '1' } });
  await context.addInitScript(`Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true })`);
  for (const form of forms) {
    body = `<div id="foule-opt-out"></div><script src="${stats}optout.js"></script>${tag(stats, id, form)}`;
    await uncounted({ page, requests }, shop.url);
  }
  await page.getByText('Your browser already asks not to be counted (Global Privacy Control)').waitFor();
  await page.goto(stats + 'optout');
  await page.getByText('Your browser already asks not to be counted (Global Privacy Control)').waitFor();
  await noFaults(page);
  body = pixel(stats, id).replace(/<.?noscript>/g, '');
  await counted(page, shop.url);
  await context.close();
}

/** Changes the site's setting in the dashboard, and waits until the tracking side has heard of it. */
async function countInSpiteOf(id) {
  const { page, context } = await visitor(browser);
  await logIn(page);
  await page.goto(`${dashboardUrl()}/sites/${id}/settings`);
  await page.check('[name=ignore_dnt]');
  await page.click('form:has([name=ignore_dnt]) [type=submit]');
  await page.getByRole('status').filter({ hasText: 'Saved' }).waitFor();
  await poll('the setting at the tracking side', 20, async () => {
    const text = await (await fetch(`${trackingUrl()}optout.js?idsite=${id}`)).text();
    return text.includes('"ignoresDNT":true') || undefined;
  });
  await context.close();
}

/** Do Not Track, by the site's setting and by what the script was told of it. */
async function doNotTrack(attributes, wanted, site) {
  const id = take(wanted, site);
  const { page, context, requests } = await visitor(browser, { extraHTTPHeaders: { DNT: '1' } });
  await context.addInitScript(`Object.defineProperty(Navigator.prototype, 'doNotTrack', { get: () => '1' })`);
  const sentence = site ? 'Your browser sends “Do Not Track”, which this site does not take for a no' : 'Your browser already asks not to be counted (Do Not Track)';
  body = `<div id="foule-opt-out"></div><script src="${stats}optout.js?idsite=${id}"></script>${tag(stats, id, 'foule', attributes)}`;
  await (attributes ? uncounted({ page, requests }, shop.url) : counted(page, shop.url));
  await page.getByText(sentence).waitFor();
  await page.goto(`${stats}optout?idsite=${id}`);
  await page.getByText(sentence).waitFor();
  await context.close();
}
