// What a site promises: an admin chooses a preset, an auditor reads the list and the documents, a visitor reads the page
// and says no. Environment: TRACKING_URL, SITE_ID; DASHBOARD_URL with SETUP_URL or DASHBOARD_USER and DASHBOARD_PASSWORD.
// Prints the fingerprint that all of them show, as JSON.
import assert from 'node:assert/strict';
import { AxeBuilder } from '@axe-core/playwright';
import { complaints, launch, stored, userAgent } from './lib/browser.mjs';
import { dashboardUrl, logIn } from './lib/dashboard.mjs';
import { poll, siteId, trackingUrl } from './lib/env.mjs';

const site = `${dashboardUrl()}/sites/${siteId()}`;
const promise = `${trackingUrl()}privacy/${siteId()}`;
const phone = { width: 390, height: 844 };

const browser = await launch();
try {
  const hash = await inTheDashboard();
  await poll('the fingerprint at the tracking side', 20, async () => (await machineReads()).hash === hash || undefined);
  await asAMachine();
  await asAVisitor(hash);
  await sayNo();
  console.log(JSON.stringify({ hash }));
} finally {
  await browser.close();
}

async function noFaults(page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]), [], 'axe: ' + page.url());
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.equal(overflow, 0, 'wider than the window: ' + page.url());
}

async function machineReads() {
  return (await fetch(`${trackingUrl()}.well-known/foule.json?site=${siteId()}`)).json();
}

/** Chooses the preset, finds its pins in place, and reads list and documents, also on a phone. */
async function inTheDashboard() {
  const context = await browser.newContext({ userAgent, locale: 'en-GB', permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage();
  const complained = complaints(page);
  await logIn(page);
  await page.goto(site + '/privacy?lang=en');
  await noFaults(page);
  await page.getByLabel('CNIL exemption').check();
  await page.getByRole('button', { name: 'Put in force' }).click();
  await page.getByRole('status').filter({ hasText: 'Saved' }).waitFor();
  assert.ok(await page.locator('[name=collect][value=campaigns]').isDisabled());
  assert.equal(await page.locator('#why-campaigns').textContent(), 'Campaigns and their performance are outside the exempt purposes. (C6)');
  await noFaults(page);
  const forged = await context.request.post(site + '/privacy', { form: { collect: 'campaigns', rounded: '1' } });
  assert.equal(forged.status(), 422, 'a pinned feature was taken');

  await page.goto(site + '/compliance');
  await page.getByText('Set to meet the criteria of the French exemption for audience measurement, by self-assessment of').waitFor();
  await noFaults(page);
  const hash = await page.locator('#main pre code').textContent();
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download as JSON' }).click()]);
  assert.match(file.suggestedFilename(), /^foule-compliance-\d+-\d{4}-\d\d-\d\d\.json$/);

  await page.goto(site + '/documents/notice');
  await noFaults(page);
  await page.getByRole('button', { name: 'Copy as Markdown' }).click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^## Audience measurement\n/);
  assert.deepEqual(complained.filter((text) => !text.includes('422')), [], 'console errors');

  const small = await browser.newContext({ userAgent, locale: 'fr', colorScheme: 'dark', viewport: phone, storageState: await context.storageState() });
  const shown = await small.newPage();
  for (const path of ['/privacy', '/documents/record', '/documents/data']) {
    await shown.goto(site + path + '?lang=fr');
    await noFaults(shown);
  }
  await small.close();
  await context.close();
  return hash;
}

/** The files for machines: the installation's names no site, a site's has its part. */
async function asAMachine() {
  const all = await (await fetch(`${trackingUrl()}.well-known/foule.json`)).json();
  assert.equal(all.configuration.site, undefined);
  assert.equal((await machineReads()).configuration.site.preset, 'cnil');
  assert.equal((await fetch(`${trackingUrl()}.well-known/foule.json?site=999999`)).status, 404);
  assert.equal((await (await fetch(`${trackingUrl()}.well-known/gpc.json`)).json()).gpc, true);
}

/** Reads the page, in the browser's language and light, and leaves nothing behind. */
async function asAVisitor(hash) {
  assert.equal((await fetch(`${trackingUrl()}privacy/999999`)).status, 404);
  for (const [options, headers, state] of [
    [{ locale: 'en-GB' }, {}, 'Your visits are counted, in sums that do not name you.'],
    [{ locale: 'fr-FR', colorScheme: 'dark', viewport: phone }, {}, 'Vos visites sont comptées, dans des sommes qui ne vous désignent pas.'],
    [{ locale: 'en-GB', viewport: phone }, { 'Sec-GPC': '1' }, 'Your browser says no (Global Privacy Control): you are not counted.'],
    [{ locale: 'fr-FR' }, { DNT: '1' }, 'Votre navigateur dit non (Do Not Track) : vous n’êtes pas compté.'],
  ]) {
    const context = await browser.newContext({ userAgent, ...options, extraHTTPHeaders: headers });
    const page = await context.newPage();
    const complained = complaints(page);
    await page.goto(promise);
    assert.equal((await page.locator('.state').textContent()).trim(), state);
    assert.equal(await page.locator('code').textContent(), hash);
    assert.equal(await page.locator('script').count(), 0);
    await noFaults(page);
    assert.deepEqual(await context.cookies(), []);
    assert.deepEqual(await stored(context), []);
    assert.deepEqual(complained, [], 'console errors');
    await context.close();
  }
}

/** Without script: says no, finds it heeded, and takes it back. */
async function sayNo() {
  const context = await browser.newContext({ userAgent, locale: 'en-GB', javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(promise);
  await page.getByRole('button', { name: 'Do not count my visits' }).click();
  await page.getByText('Your visits are not counted').waitFor();
  await page.getByRole('link', { name: 'What is counted, and for how long' }).click();
  await page.getByText('You have said no: you are not counted.').waitFor();
  assert.deepEqual((await context.cookies()).map(({ name, value }) => [name, value]), [['foule_optout', '1']]);
  await page.getByRole('button', { name: 'Count my visits again' }).click();
  await page.getByText('Your visits are counted, anonymously.').waitFor();
  assert.deepEqual(await context.cookies(), []);
  await context.close();
}
