// Headless Chromium, quiet and without a sandbox, as a usual desktop visitor.
import { chromium } from 'playwright-core';

export const executablePath = process.env.CHROMIUM || '/usr/bin/chromium';

/** Keeps the browser from everything but its pages. */
export const quiet = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

// Headless Chromium names itself in the user agent and would be left out as a bot.
export const userAgent =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

export function launch(...more) {
  return chromium.launch({ executablePath, args: [...quiet, ...more] });
}

/** Collects what a page complains about: console errors and uncaught exceptions. */
export function complaints(page) {
  const found = [];
  page.on('console', (message) => message.type() === 'error' && found.push(message.text()));
  page.on('pageerror', (error) => found.push(String(error)));
  return found;
}

/** Lists everything that any origin has stored in the context, as "origin kind name". */
export async function stored(context) {
  const state = await context.storageState({ indexedDB: true });
  return [
    ...state.cookies.map((cookie) => `${cookie.domain} cookie ${cookie.name}`),
    ...state.origins.flatMap(({ origin, localStorage = [], indexedDB = [] }) => [
      ...localStorage.map((item) => `${origin} localStorage ${item.name}`),
      ...indexedDB.map((db) => `${origin} indexedDB ${db.name}`),
    ]),
  ];
}
