// The way into the dashboard, and numbers read off its pages.
import { need } from './env.mjs';

export const dashboardUrl = () => need('DASHBOARD_URL').replace(/\/$/, '');

const user = process.env.DASHBOARD_USER || 'admin@example.org';
const password = process.env.DASHBOARD_PASSWORD || 'a password for tests only';

/** Logs in: by SETUP_URL, once, choosing user and password, else by these. */
export async function logIn(page) {
  const setup = process.env.SETUP_URL;
  await page.goto(setup || dashboardUrl() + '/login');
  await page.fill('input[name=email]:visible', user);
  await page.fill('input[name=password]', password);
  await Promise.all([
    page.waitForURL((url) => !/\/(login|setup)\b/.test(url.pathname)),
    page.click('form:has(input[name=password]) [type=submit], form:has(input[name=password]) button'),
  ]);
}

/** Reads the overview's totals: an object of metric name to number. */
export async function totals(page, site) {
  await page.goto(`${dashboardUrl()}/sites/${site}`);
  const texts = await page.$$eval('[data-metric]', (cards) => cards.map((card) =>
    [card.dataset.metric, (card.querySelector('.card-value') || card).textContent]));
  return Object.fromEntries(texts.map(([metric, text]) => [metric, wholeNumber(text)]));
}

/** Reads the labels of a report's rows, top first. */
export async function labels(page, site, report) {
  await page.goto(`${dashboardUrl()}/sites/${site}/reports/${report}`);
  return page.$$eval('tr[data-label], [data-label]', (rows) => [...new Set(rows.map((row) => row.dataset.label))]);
}

/** "1 234" and "1,234" are 1234; "12,5 %" and "0:42" are no whole number. */
function wholeNumber(text) {
  const plain = text.trim().replace(/(?<=\d)[\s\u00a0\u202f.,](?=\d{3}\b)/g, '');
  return /^\d+$/.test(plain) ? Number(plain) : undefined;
}
