// The installation page watches for the first hit: what is left out is told with its reason, then the first page view.
// Environment: TRACKING_URL, SITE_ID, DASHBOARD_URL with SETUP_URL or DASHBOARD_USER and DASHBOARD_PASSWORD.
// Prints what the site should have counted, as JSON.
import assert from 'node:assert/strict';
import { complaints, launch, userAgent } from './lib/browser.mjs';
import { dashboardUrl, logIn } from './lib/dashboard.mjs';
import { need } from './lib/env.mjs';
import { nextHit } from './lib/places.mjs';
import { serve } from './lib/server.mjs';

const id = need('SITE_ID');
let code = '';
const site = await serve((request, response) => response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' })
  .end(`<!doctype html><html lang="en"><head><title>Shop</title>${code}</head><body></body></html>`));
const browser = await launch();
try {
  const tab = await (await browser.newContext({ userAgent, locale: 'en-GB' })).newPage();
  const complained = complaints(tab);
  await logIn(tab);
  await tab.goto(`${dashboardUrl()}/sites/${id}/install`);
  const status = (text) => tab.locator('#arrival').getByRole('status').filter({ hasText: text }).waitFor();
  await status('Waiting for the first hit');

  // The code as it is shown, for another kind of site and back, without a new page.
  await tab.evaluate('window.mark = 1');
  await tab.click('text=Next.js');
  await tab.getByText('app/layout.tsx').waitFor();
  assert.equal(await tab.evaluate('document.activeElement.textContent'), 'Next.js');
  await tab.click('text=Pin this version');
  await tab.locator('#guide code', { hasText: 'integrity="sha384-' }).waitFor();
  await tab.click('.pills >> text=HTML');
  await tab.locator('#guide code', { hasText: '<script defer' }).waitFor();
  code = await tab.locator('#guide pre code').textContent();
  assert.match(code, /integrity/);

  await visit('Examplebot/1.0 (+https://bot.example)');
  await tab.locator('#left').getByText('calls itself a robot').waitFor();
  await status('Waiting for the first hit');
  await visit(userAgent);
  await status('It works: 1 page view today.');
  await tab.getByRole('link', { name: 'See the figures' }).waitFor();
  assert.equal(await tab.locator('#left').textContent().then((text) => text.trim()), '');
  assert.equal(await tab.evaluate('window.mark'), 1, 'the page was loaded anew');
  assert.deepEqual(complained, []);
  console.log(JSON.stringify({ hits: 1, excluded: { bot: 1 } }));
} finally {
  await browser.close();
  site.close();
}

async function visit(userAgent) {
  const context = await browser.newContext({ userAgent });
  const page = await context.newPage();
  await nextHit(page, () => page.goto(site.url));
  await context.close();
}
