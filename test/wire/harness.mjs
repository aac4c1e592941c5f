// One page in a real browser, and the hits that its calls put on the wire.
import assert from 'node:assert/strict';
import { complaints, launch, stored, userAgent } from '../lib/browser.mjs';
import { record, serveSite } from '../lib/server.mjs';

const volatile = {
  h: /^\d{1,2}$/, pv_id: /^[0-9a-z]{6}$/, res: /^\d+x\d+$/,
  pf_net: /^\d+$/, pf_srv: /^\d+$/, pf_tfr: /^\d+$/, pf_dm1: /^\d+$/, pf_dm2: /^\d+$/, pf_onl: /^\d+$/,
};

/** What every hit of a page with default settings says beside its own parameters. */
export const common = { idsite: '1', rec: '1', send_image: '0', cs: 'UTF-8', url: 'site/page' };

/** The page's last call; when its hit has come, so have those before it. */
const end = ['trackEvent', 'wire', 'end'];

export async function open() {
  const browser = await launch();
  const recorder = await record();
  const pages = { '/page': '', '/other': '<title>Other</title>' };
  const site = await serveSite(pages);

  /** Replaces the servers' addresses, which differ from run to run. */
  const named = (text) => text.replaceAll(site.url, 'site').replaceAll(recorder.url, 'tracker');

  /**
   * Shows a page with the given queue before the script, lets `act` play on
   * it, and returns all hits but the last marker's, with their raw requests.
   * It waits for `count` hits, since the marker may overtake them.
   * Whatever happens, nothing may be stored and nothing complain.
   */
  async function visit({ count = 0, queue, head = '', body = '', init, act, url = '/page', marker = true, keeps = [] }) {
    recorder.hits.length = 0;
    const preset = [['setTrackerUrl', recorder.url + '/matomo.php'], ['setSiteId', '1']];
    const classic = queue && `<script>_paq = ${JSON.stringify([...queue, ...preset])}</script><script async src="${recorder.url}/matomo.js"></script>`;
    pages['/page'] = `<!doctype html><html><head><title>Page</title>${head.replaceAll('TRACKER', recorder.url)}${classic || ''}</head><body>${body}</body></html>`;

    const context = await browser.newContext({ userAgent });
    try {
      await context.route('https://elsewhere.example/**', (route) => route.fulfill({ status: 204 }));
      const page = await context.newPage();
      const complained = complaints(page);
      if (init) {
        await page.addInitScript(init);
      }
      await page.goto(site.url + url);
      await page.waitForFunction(() => window.Matomo?.initialized);
      await act?.(page);
      if (marker) {
        await page.evaluate((call) => _paq.push(call), end);
        await recorder.until((hits) => hits.length > count && hits.some((hit) => hit.params.e_c === 'wire'));
      }
      assert.deepEqual(complained, [], 'console errors');
      assert.deepEqual((await stored(context)).map(named), keeps, 'stored in the browser');
      for (const hit of recorder.hits) {
        assert.equal(hit.headers.cookie, undefined, 'cookie sent');
      }
      return recorder.hits.filter((hit) => hit.params.e_c !== 'wire');
    } finally {
      await context.close();
    }
  }

  /** Takes out what differs from run to run, after a look at its form. */
  function golden(hit) {
    const kept = {};
    for (const [name, value] of Object.entries(hit.params)) {
      if (name in volatile) {
        assert.match(value, volatile[name], name);
      } else {
        kept[name] = named(value);
      }
    }
    return kept;
  }

  return {
    visit, golden, recorder, site, pages,
    async close() {
      await browser.close();
      recorder.close();
      site.close();
    },
  };
}

/** Compares hits regardless of order: two connections may overtake each other. */
export function sameHits(got, want) {
  const sorted = (hits) => hits.map((hit) => Object.entries(hit).sort()).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  assert.deepEqual(sorted(got), sorted(want));
}
