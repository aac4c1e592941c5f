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
  const statuses = {};
  let visits = 0;
  const site = await serveSite(pages, statuses);

  /** Replaces the servers' addresses, which differ from run to run. */
  const named = (text) => text.replaceAll(site.url, 'site').replaceAll(recorder.url, 'tracker');

  /**
   * Shows a page with the given queue before matomo.js, or with another form
   * of the script under the given attributes, lets `act` play on it, and
   * returns all hits but the last marker's, with their raw requests. It waits
   * for `count` hits, since the marker may overtake them.
   * Whatever happens, nothing may be stored and nothing complain.
   */
  async function visit({ count = 0, queue, form, attributes = '', head = '', body = '', init, act, url = '/page', marker = true, keeps = [], status, clock }) {
    const agent = `${userAgent} Visit/${++visits}`;
    recorder.listenTo(agent);
    const preset = [['setTrackerUrl', recorder.url + '/matomo.php'], ['setSiteId', '1']];
    const script = form ? `<script defer src="${recorder.url}/${form}.js" data-site="1" ${attributes}></script>`
      : queue ? `<script>_paq = ${JSON.stringify([...queue, ...preset])}</script><script async src="${recorder.url}/matomo.js"></script>` : '';
    statuses['/page'] = status;
    pages['/page'] = `<!doctype html><html><head><title>Page</title>${head.replaceAll('TRACKER', recorder.url)}${script}</head><body>${body}</body></html>`;

    const context = await browser.newContext({ userAgent: agent });
    try {
      await context.route('https://elsewhere.example/**', (route) => route.fulfill({ status: 204 }));
      const page = await context.newPage();
      const complained = complaints(page);
      if (init) {
        await page.addInitScript(init);
      }
      if (clock) {
        await page.clock.install({ time: 1_700_000_000_000 });
      }
      await page.goto(site.url + url);
      if (!form) {
        await page.waitForFunction(() => window.Matomo?.initialized);
      }
      await act?.(page);
      if (marker) {
        // foule.js and foule.lite.js hand each hit over at once; a raw request after it does for them.
        await page.evaluate(([call, end]) => (window._paq ? _paq.push(call) : fetch(end, { mode: 'no-cors' })),
          [end, recorder.url + '/matomo.php?e_c=wire']);
        await recorder.until((hits) => hits.length > count && hits.some((hit) => hit.params.e_c === 'wire'));
      }
      // A browser reports a document that was answered by an error.
      assert.deepEqual(complained.filter((text) => !status || !text.includes(String(status))), [], 'console errors');
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
