// The npm package piwik, unmodified, as a server would use it: always bulk JSON.
// Environment: TRACKING_URL, SITE_ID (1), SITE_ORIGIN (https://example.org), GOAL_ID.
// Prints what should be counted, as JSON.
import assert from 'node:assert/strict';
import piwik from 'piwik';
import { userAgent } from './lib/browser.mjs';
import { need, siteId, trackingUrl } from './lib/env.mjs';

const origin = process.env.SITE_ORIGIN || 'https://example.org';
const goal = need('GOAL_ID');
const client = piwik.setup(trackingUrl() + 'piwik.php');

/** Sends one hit, or several at once, and gives the answer. */
const track = (hits) => new Promise((resolve, reject) => {
  client.track(hits, (error, answer) => (error ? reject(error) : resolve(answer)));
});

const jane = { idsite: siteId(), ua: userAgent, lang: 'fr-FR', uid: 'jane@example.org' };
const one = await track({ ...jane, url: origin + '/', action_name: 'Home' });
const rest = await track([
  { ...jane, url: origin + '/shop', action_name: 'Shop', urlref: origin + '/' },
  { ...jane, url: origin + '/shop', e_c: 'Menu', e_a: 'Open', e_n: 'Main', e_v: 3 },
  { ...jane, url: origin + '/shop', search: 'shoes', search_count: 4 },
  { ...jane, url: origin + '/shop', idgoal: goal, revenue: 5 },
  // It writes objects as JSON by itself.
  { ...jane, url: origin + '/shop', idgoal: 0, ec_id: 'A1', revenue: 20, ec_items: [['S1', 'Shoes', 'Women', 20, 1]] },
  { ...jane, idsite: 0, url: origin + '/rotten' },
]);
assert.equal(one.tracked, 1);
assert.deepEqual([rest.tracked, rest.invalid], [5, 1]);

console.log(JSON.stringify({
  client: 'piwik', answers: [one, rest],
  expect: { visitors: 1, visits: 1, hits: 2, actions: 4, conversions: 2 },
  reports: {
    pages: [{ label: '/', hits: 1 }, { label: '/shop', hits: 1 }],
    titles: [{ label: 'Home', hits: 1 }, { label: 'Shop', hits: 1 }],
    events: [{ label: 'Menu', hits: 1, event_value: 3 }],
    searches: [{ label: 'shoes', hits: 1 }],
    products: [{ label: 'Shoes', orders: 1, revenue: 20, quantity: 1 }],
    goals: [{ label: goal, conversions: 1, revenue: 5 }, { label: 'order', conversions: 1, revenue: 20 }],
  },
}));
