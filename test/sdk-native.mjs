// The npm package matomo-tracker-react-native, unmodified, as applications on an
// Android phone and on an iPhone would use it: its HTTP part, with the user agents
// that these systems' networking gives itself.
// Environment: TRACKING_URL, SITE_ID (1), SITE_ORIGIN (https://example.org), GOAL_ID.
// Prints what it sent and what should be counted, as JSON.
import assert from 'node:assert/strict';
import { bundle } from './lib/bundle.mjs';
import { need, siteId, trackingUrl } from './lib/env.mjs';

const origin = process.env.SITE_ORIGIN || 'https://example.org';
const goal = need('GOAL_ID');
const code = await bundle('native', 'node');
const { default: MatomoTracker } = await import('data:text/javascript;base64,' + Buffer.from(code).toString('base64'));

// What React Native's own fetch does, and Node's cannot know.
let userAgent;
const bodies = [];
const nodeFetch = globalThis.fetch;
globalThis.fetch = (url, options) => {
  bodies.push(options.body);
  return nodeFetch(url, { ...options, headers: { ...options.headers, 'User-Agent': userAgent } });
};

const statuses = [];
const answered = async (answer) => {
  const response = await answer;
  assert.ok(response instanceof Response, String(response));
  statuses.push(response.status);
};

for (const agent of ['okhttp/4.12.0', 'Shop/12 CFNetwork/1568.200.51 Darwin/24.1.0']) {
  userAgent = agent;
  const tracker = new MatomoTracker({ urlBase: trackingUrl(), siteId: siteId(), userId: 'jane@example.org' });
  await answered(tracker.trackAppStart());
  await answered(tracker.trackScreenView({ name: 'Shop', url: origin + '/shop' }));
  await answered(tracker.trackEvent({ category: 'Menu', action: 'Open' }));
  await answered(tracker.trackEvent({ category: 'Menu', action: 'Close', name: 'Main', value: 3, url: origin + '/shop' }));
  await answered(tracker.trackContent({ name: 'Offer', url: origin + '/shop' }));
  await answered(tracker.trackSiteSearch({ keyword: 'shoes', url: origin + '/shop' }));
  await answered(tracker.trackDownload({ download: origin + '/list.pdf' }));
  await answered(tracker.trackLink({ link: 'https://elsewhere.example/partner' }));
  // It has no method for goals: applications call the one below them.
  await answered(tracker.track({ idgoal: goal, revenue: 5, url: origin + '/shop' }));
}
assert.ok(bodies.some((body) => body.includes('e_n=undefined') && body.includes('url=undefined')), 'unset fields travel as text');

console.log(JSON.stringify({
  client: 'matomo-tracker-react-native', statuses, bodies,
  // What is not set has no name, and nowhere that of "undefined"; contents are no actions.
  expect: { visitors: 2, visits: 2, hits: 4, actions: 14, conversions: 2 },
  reports: {
    titles: [{ label: 'App / start', hits: 2 }, { label: 'Screen / Shop', hits: 2 }],
    pages: [{ label: '', hits: 2 }, { label: '/shop', hits: 2 }],
    languages: [{ label: '', visits: 2 }],
    systems: [{ label: 'Android', visits: 1 }, { label: 'iOS', visits: 1 }],
    events: [{ label: 'Menu', hits: 4, event_value: 6 }],
    'event-actions': [{ label: 'Close', hits: 2 }, { label: 'Open', hits: 2 }],
    'event-names': [{ label: '', hits: 2 }, { label: 'Main', hits: 2 }],
    contents: [{ label: 'Offer', impressions: 2 }],
    searches: [{ label: 'shoes', hits: 2 }],
    'search-categories': [],
    campaigns: [],
    downloads: [{ label: new URL(origin).host + '/list.pdf', hits: 2 }],
    outlinks: [{ label: 'elsewhere.example/partner', hits: 2 }],
    goals: [{ label: goal, conversions: 2, revenue: 10 }],
  },
}));
