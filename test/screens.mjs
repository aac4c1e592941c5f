// Pictures of the dashboard for people to look at, and axe's verdict on each page.
// Environment: DASHBOARD_URL, SITE_ID (1), DASHBOARD_USER and DASHBOARD_PASSWORD (or SETUP_URL), SCREENS_DIR (screens),
// SCREENS_PAGES (paths, separated by blanks).
// Fails on serious and critical violations, after all pages have been seen. Colours and sizes change axe's verdict, the
// language does not: it looks at the English pages.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { complaints, launch, userAgent } from './lib/browser.mjs';
import { dashboardUrl, logIn } from './lib/dashboard.mjs';
import { siteId } from './lib/env.mjs';

const dir = process.env.SCREENS_DIR || 'screens';
const site = '/sites/' + siteId();
const paths = (process.env.SCREENS_PAGES ||
  `/login ${site} ${site}/reports/pages ${site}/reports/countries ${site}/install ${site}/settings ${site}/scrubbing ${site}/goals/new ${site}/goals/order/report ${site}/flow?of=/ ${site}/speed ${site}/settings/funnels/new /settings/tokens /account /sites/999999`).split(/\s+/);
const sizes = [{ width: 1280, height: 900 }, { width: 390, height: 844 }];

await mkdir(dir, { recursive: true });
const browser = await launch();
const faults = [];
try {
  const entry = await browser.newContext({ userAgent, locale: 'en-GB' });
  await logIn(await entry.newPage());
  const storageState = await entry.storageState();

  for (const lang of ['en', 'fr']) {
    for (const colorScheme of ['light', 'dark']) {
      for (const viewport of sizes) {
        const context = await browser.newContext({ userAgent, locale: lang, colorScheme, viewport, storageState, reducedMotion: 'reduce' });
        const page = await context.newPage();
        const complained = complaints(page);
        for (const path of paths) {
          const name = [path.replace(/^\//, '').replaceAll('/', '-') || 'home', lang, colorScheme, viewport.width].join('_');
          await page.goto(`${dashboardUrl()}${path}${path.includes('?') ? '&' : '?'}lang=${lang}`);
          await page.screenshot({ path: join(dir, name + '.png'), fullPage: true });
          faults.push(...(await check(page, lang === 'en')).map((fault) => `${name}: ${fault}`));
        }
        // A missing page is meant to be missing.
        faults.push(...complained.filter((text) => !text.includes('404')).map((text) => `${lang} ${colorScheme} ${viewport.width}: ${text}`));
        await context.close();
      }
    }
  }
} finally {
  await browser.close();
}
console.log(JSON.stringify({ dir, pages: paths.length, faults }, null, 1));
process.exit(faults.length === 0 ? 0 : 1);

/** Lists what axe finds serious, if asked, and pages wider than the window. */
async function check(page, withAxe) {
  const { violations } = withAxe ? await new AxeBuilder({ page }).analyze() : { violations: [] };
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  const found = serious.map(({ id, help, nodes }) => `${id}: ${help} (${nodes.map((node) => node.target.join(' ')).slice(0, 3).join('; ')})`);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  return overflow > 0 ? [...found, `wider than the window by ${overflow} px`] : found;
}
