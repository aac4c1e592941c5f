// The npm package matomo-tracker, unmodified, as a server would use it.
// Environment: TRACKING_URL, SITE_ID (1), SITE_ORIGIN (https://example.org), GOAL_ID (none: no goal is sent).
// Prints what it sent and what should be counted, as JSON.
import { subscribe } from 'node:diagnostics_channel';
import MatomoTracker from 'matomo-tracker';
import { userAgent } from './lib/browser.mjs';
import { poll, siteId, trackingUrl } from './lib/env.mjs';

const origin = process.env.SITE_ORIGIN || 'https://example.org';
const goal = process.env.GOAL_ID;

// track() has no callback; Node itself tells when an answer has come.
const statuses = [];
subscribe('http.client.response.finish', ({ response }) => statuses.push(response.statusCode));

const tracker = new MatomoTracker(siteId(), trackingUrl() + 'matomo.php');
const errors = [];
tracker.on('error', (error) => errors.push(String(error)));

const jane = { ua: userAgent + ' OneOfTwo', lang: 'fr-FR', uid: 'jane@example.org', _id: '0123456789abcdef', res: '1920x1080' };
const joe = { ua: userAgent + ' TwoOfTwo', lang: 'en-GB', res: '1280x800' };

const single = [
  { url: origin + '/', action_name: 'Home', ...jane },
  { url: origin + '/about?secret=1', action_name: 'About', urlref: origin + '/', ...jane },
  { url: origin + '/contact', action_name: 'Contact', ...jane },
  { url: origin + '/contact', e_c: 'Form', e_a: 'Send', e_n: 'Contact', e_v: 2, ...jane },
];
if (goal) {
  single.push({ url: origin + '/contact', idgoal: goal, revenue: 5, ...jane });
}
// One after the other: the first hit of a visit is its entry page.
for (const [i, hit] of single.entries()) {
  tracker.track(hit);
  await poll('answer', 10, () => (statuses.length > i || errors.length > i ? true : undefined));
}

const bulk = [
  { url: origin + '/', action_name: 'Home', ...joe },
  { url: origin + '/shop', action_name: 'Shop', ...joe },
  { url: origin + '/shop', search: 'shoes', search_count: 0, ...joe },
  { url: origin + '/shop', e_c: 'Shop', e_a: 'Zoom', ...joe },
];
const answer = await new Promise((resolve) => tracker.trackBulk(bulk, resolve));

console.log(JSON.stringify({
  client: 'matomo-tracker', single: single.length, bulk: bulk.length, statuses, errors, answer,
  expect: { visitors: 2, visits: 2, hits: 5, actions: 8, conversions: goal ? 1 : 0 },
}));
process.exit(errors.length === 0 ? 0 : 1);
