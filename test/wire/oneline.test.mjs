// What foule.js and foule.lite.js do by themselves, told by data attributes alone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { common, open, sameHits } from './harness.mjs';

let wire;
before(async () => { wire = await open(); });
after(() => wire.close());

const pageHit = { ...common, action_name: 'Page' };
// The smallest form leaves nothing out that is empty, and no charset in.
const { cs, ...pageHitOfLite } = { ...pageHit, urlref: '' };
const event = (e_c, e_a, e_n, e_v) => ({ ...common, ca: '1', e_c, e_a, ...(e_n && { e_n }), ...(e_v && { e_v }) });
const run = (code) => (page) => page.evaluate(code);

/** Runs a page and compares its hits; without a form, in foule.js. */
async function same(given, want) {
  const hits = await wire.visit({ form: 'foule', count: want.length, ...given });
  sameHits(hits.map(wire.golden), want);
  return hits;
}

// The form that reads nothing of the device says nothing of it.
const { h, res, pv_id, ...pageHitOfBare } = pageHit;

for (const [form, view] of [['foule', pageHit], ['foule.bare', pageHitOfBare], ['foule.lite', pageHitOfLite]]) {
  test(form + ' counts pages', async (t) => {
    const two = { ...view, url: 'site/two', urlref: 'site/page' };
    const rows = [
      ['the page', '', undefined, [view]],
      ['pushState', '', [`history.pushState({}, '', '/two'); document.title = 'Two'`], [view, { ...two, action_name: 'Two' }]],
      ['pushState of the query', '', [`history.pushState({}, '', '?a')`], [view, { ...two, url: 'site/page?a' }]],
      ['replaceState', '', [`history.replaceState({}, '', '/two')`], [view, two]],
      ['replaceState of the query is no page', '', [`history.replaceState({}, '', '?typed')`, `history.pushState({}, '', '/two')`], [view, two]],
      ['replaceState that follows another step', '', [`history.pushState({}, '', '?a'); history.replaceState({ y: 7 }, '', '?a')`], [view, { ...two, url: 'site/page?a' }]],
      ['several steps at once', '', [`history.pushState({}, '', '/one'); history.pushState({}, '', '/two')`], [view, two]],
      ['back', '', [`history.pushState({}, '', '/two')`, 'history.back()'], [view, two, { ...view, urlref: 'site/two' }]],
      ['the fragment is no page', '', [`location.hash = 'part'`, `history.pushState({}, '', '/two')`], [view, two]],
      ['hash routes', 'data-hash', [`location.hash = '#/two'`], [view, { ...two, url: 'site/page#/two' }]],
      ['another endpoint', 'data-api="/stats/p.php"', undefined, [view], (hit) => assert.equal(hit.path, '/stats/p.php')],
      ['a frozen history is left alone', '', undefined, [view], undefined, 'Object.freeze(history)'],
    ];
    for (const [name, attributes, steps = [], want, check, init] of rows) {
      await t.test(name, async () => {
        const hits = await same({
          form, attributes, init,
          act: async (page) => {
            await wire.recorder.until((hits) => hits.length > 0);
            // The page's own clock says when a step has settled: hits do not, where none is due.
            for (const step of steps) {
              await page.evaluate(step);
              await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 150)));
            }
          },
        }, want);
        hits.forEach((hit) => assert.equal(hit.method, 'POST'));
        hits.forEach((hit) => assert.equal(hit.query, '', 'parameters in the URL'));
        check?.(hits[0]);
      });
    }
  });

  test(form + ' does not count who objects', async (t) => {
    const property = (name, value) => `Object.defineProperty(navigator, '${name}', { value: ${value} })`;
    const rows = [
      ['Global Privacy Control', '', property('globalPrivacyControl', 'true'), []],
      ['Do Not Track, honoured by the page', 'data-dnt', property('doNotTrack', '"1"'), []],
      ['Do Not Track is otherwise the server\'s to decide', '', property('doNotTrack', '"1"'), [view]],
      ['opt-out of an earlier page', '', 'localStorage.setItem("foule-opt-out", "1")', [], ['site localStorage foule-opt-out']],
      ['storage is closed', '', `Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('closed', 'SecurityError') } })`, [view]],
    ];
    for (const [name, attributes, init, want, keeps] of rows) {
      await t.test(name, () => same({ form, attributes, init, keeps }, want));
    }
  });

  test(form + ' falls back to fetch, and is quiet when nobody listens', async () => {
    const [hit] = await same({ form, init: 'navigator.sendBeacon = undefined' }, [view]);
    assert.equal(hit.headers['content-type'], 'application/x-www-form-urlencoded;charset=UTF-8');
    await same({ form, init: 'navigator.sendBeacon = () => false; const real = fetch; window.fetch = (url, given) => given.body ? Promise.reject(new TypeError("blocked")) : real(url, given)' }, []);
  });

  test(form + ' waits until a prerendered page is shown', () => same({
    form,
    init: 'Object.defineProperty(document, "prerendering", { value: true, configurable: true })',
    act: async (page) => {
      assert.equal(wire.recorder.hits.length, 0);
      await page.evaluate(`Object.defineProperty(document, 'prerendering', { value: false }); document.dispatchEvent(new Event('prerenderingchange'))`);
    },
  }, [view]));
}

test('clicks', async (t) => {
  const out = 'https://elsewhere.example/x?y#z';
  const rows = [
    ['outlink', '', `<a id=a href="${out}">a</a>`, { ...common, link: out }],
    ['element inside a link', '', `<a href="${out}"><b id=a>a</b></a>`, { ...common, link: out }],
    ['own host', '', '<a id=a href="/other">a</a>', undefined],
    ['host below a domain of the site', 'data-domains="shop.example elsewhere.example"', '<a id=a href="https://sub.elsewhere.example/">a</a>', undefined],
    ['host that only ends alike', 'data-domains="else.example"', `<a id=a href="${out}">a</a>`, { ...common, link: out }],
    ['mail', '', '<a id=a href="mailto:a@example.org">a</a>', undefined],
    ['file', '', '<a id=a href="/files/Report.PDF?v=1">a</a>', { ...common, download: 'site/files/Report.PDF?v=1' }],
    ['file elsewhere', '', '<a id=a href="https://elsewhere.example/a.zip">a</a>', { ...common, download: 'https://elsewhere.example/a.zip' }],
    ['download attribute', '', '<a id=a href="/x" download>a</a>', { ...common, download: 'site/x' }],
    ['own extensions', 'data-files="foo, ba[rz]"', '<a id=a href="/a.baz">a</a>', { ...common, download: 'site/a.baz' }],
    ['own extensions only', 'data-files="foo"', '<a id=a href="/a.pdf">a</a>', undefined],
    ['page that stops clicks', '', `<a id=a href="${out}" onclick="event.stopPropagation()">a</a>`, { ...common, link: out }],
    ['shadow root', '', `<p id=a><template shadowrootmode=open><a href="${out}">a</a></template></p>`, { ...common, link: out }, (page) => page.locator('#a a').click()],
    ['middle button', '', `<a id=a href="${out}">a</a>`, { ...common, link: out }, (page) => page.click('#a', { button: 'middle' })],
    ['right button', '', `<a id=a href="${out}">a</a>`, undefined, (page) => page.click('#a', { button: 'right' })],
    ['marked element', '', '<button id=a data-event-action=Open data-event-category=Menu data-event-name=Main data-event-value=2>a</button>', event('Menu', 'Open', 'Main', '2')],
    ['inside a marked element, category left out', '', '<p data-event-action=Open><b id=a>a</b></p>', event('click', 'Open')],
    ['marked link', '', `<a data-event-action=Go href="${out}"><b id=a>a</b></a>`, [event('click', 'Go'), { ...common, link: out }]],
    ['marked form, clicked', '', '<form data-event-action=Send><b id=a>a</b></form>', undefined],
    ['marked form, sent', '', '<form data-event-action=Send data-event-category=Form><button id=a>a</button></form>', event('Form', 'Send')],
    ['form, not asked for', '', '<form><button id=a>a</button></form>', undefined],
    ['form with an id', 'data-forms', '<form id=contact name=x><input name=id value=secret><button id=a>a</button></form>', event('Form', 'submit', 'contact')],
    ['form with a name', 'data-forms', '<form name=contact><button id=a>a</button></form>', event('Form', 'submit', 'contact')],
    ['form with neither', 'data-forms', '<form action="/send?secret"><button id=a>a</button></form>', event('Form', 'submit', '/page')],
  ];
  for (const [name, attributes, body, want, act] of rows) {
    await t.test(name, () => same({
      attributes,
      // Heard before the page handles it; staying keeps the page for the marker.
      body: `${body}<script>for (const name of ['click', 'submit']) addEventListener(name, (event) => { if (name == 'submit' || event.target.closest('a')) event.preventDefault() }, true)</script>`,
      act: act || ((page) => page.click('#a')),
    }, [pageHit, ...[want || []].flat()]));
  }
});

test('error pages', async (t) => {
  const notFound = (from) => event('404', '/page', from);
  await t.test('told by the status', () => same({ status: 404 }, [pageHit, notFound()]));
  await t.test('told by the page', () => same({ attributes: 'data-404' }, [pageHit, notFound()]));
  await t.test('not told', () => same({ status: 500 }, [pageHit]));
  const urlref = 'https://from.example/list?secret=1#x';
  await t.test('where the broken link stands, without its query', () => same({
    attributes: 'data-404', init: `Object.defineProperty(document, 'referrer', { value: '${urlref}' })`,
  }, [{ ...pageHit, urlref }, { ...notFound('https://from.example/list'), urlref }]));
});

test('scroll depth', async (t) => {
  const tall = '<div style="height:4000px"></div>';
  const marks = (...percents) => percents.map((percent) => event('Scroll', percent + '%', '/page'));
  const to = (y) => async (page) => {
    await page.evaluate(`scrollTo(0, ${y})`);
  };
  const arrived = (n) => wire.recorder.until((hits) => hits.length >= n);
  await t.test('not asked for', () => same({ body: tall, act: to(1e5) }, [pageHit]));
  await t.test('as far as the reader came', () => same({ attributes: 'data-scroll', body: tall, act: async (page) => {
    await to(1400)(page);
    await arrived(3);
  } }, [pageHit, ...marks(25, 50)]));
  await t.test('each quarter once', () => same({ attributes: 'data-scroll', body: tall, act: async (page) => {
    for (const y of [1e5, 0, 1e5]) {
      await to(y)(page);
      await arrived(5);
    }
  } }, [pageHit, ...marks(25, 50, 75, 100)]));
  await t.test('a short page is seen at once', () => same({ attributes: 'data-scroll', act: () => arrived(5) }, [pageHit, ...marks(25, 50, 75, 100)]));
  await t.test('a page as high as the window, with more inside', () => same({
    attributes: 'data-scroll', head: '<style>html,body{height:100%;margin:0}</style>', body: tall,
    act: async (page) => {
      await page.evaluate(() => new Promise(requestAnimationFrame));
    },
  }, [pageHit]));
});

test('timings', async () => {
  const timing = (hit) => Object.keys(hit.params).filter((name) => name.startsWith('pf_'));
  const all = ['pf_net', 'pf_srv', 'pf_tfr', 'pf_dm1', 'pf_dm2', 'pf_onl'];
  const hits = await same({
    act: async (page) => {
      await page.waitForFunction(() => performance.getEntriesByType('navigation')[0].loadEventEnd > 0);
      await page.evaluate(`foule('goal', 1); foule('goal', 2)`);
      await page.evaluate(`foule('page', 'Second', '/second', 'https://from.example/')`);
    },
  }, [pageHit, { ...common, idgoal: '1' }, { ...common, idgoal: '2' }, { ...common, action_name: 'Second', url: '/second', urlref: 'https://from.example/' }]);
  const by = (want) => hits.find(({ params }) => Object.entries(want).every(([name, value]) => params[name] === value));
  const [first, one, two, second] = [{ action_name: 'Page' }, { idgoal: '1' }, { idgoal: '2' }, { action_name: 'Second' }].map(by);
  assert.deepEqual(timing(first), all.slice(0, timing(first).length));
  assert.deepEqual([one, two, second].map(timing), [all, [], []]);
  assert.equal(new Set([first, one, two].map((hit) => hit.params.pv_id)).size, 1, 'one page view id');
  assert.notEqual(first.params.pv_id, second.params.pv_id);
});

test('engaged time', async (t) => {
  const ping = { ...common, ping: '1' };
  const clock = (...steps) => async (page) => {
    for (const step of steps) {
      await (typeof step === 'number' ? page.clock.runFor(step) : page.evaluate(step));
    }
  };
  const blur = `document.hasFocus = () => false; dispatchEvent(new Event('blur'))`;
  const focus = `document.hasFocus = () => true; dispatchEvent(new Event('focus'))`;
  const hide = `Object.defineProperty(document, 'hidden', { value: true, configurable: true }); document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))`;
  const rows = [
    ['every thirty seconds', '', [61_000], 2],
    ['another beat', 'data-heartbeat=10', [31_000], 3],
    ['none', 'data-heartbeat=off', [61_000, hide], 0],
    ['the rest, when the tab is hidden', '', [12_000, hide], 1],
    ['hidden tabs have no readers', '', [12_000, hide, 90_000], 1],
    ['nor have windows in the background', '', [12_000, blur, 90_000], 1],
    ['attention comes back', '', [12_000, blur, 90_000, focus, 12_000, blur], 2],
    ['a glance', '', [500, hide], 0],
    ['the page is left', '', [12_000, `dispatchEvent(new Event('pagehide'))`], 1],
    ['left open', 'data-heartbeat=1', [100_000], 60],
  ];
  for (const [name, attributes, steps, pings] of rows) {
    await t.test(name, () => same({ attributes, clock: true, act: clock(...steps) }, [pageHit, ...Array(pings).fill(ping)]));
  }
});

test('foule()', async (t) => {
  const stub = '<script>window.foule = function () { (foule.q = foule.q || []).push(arguments) }</script>';
  const rows = [
    ['calls before and after', stub + `<script>foule('event', 'C', 'A', 'N', 1.5)</script>`, '', run(`foule('event', 'C', 'B', '', 0)`),
      [pageHit, event('C', 'A', 'N', '1.5'), event('C', 'B', undefined, '0')]],
    ['goal, search, any hit', '', '', run(`foule('goal', 3, 9.95); foule('search', 'shoes', 'women', 0); foule('hit', { c_n: 'Ad', c_p: 'a.png', ca: 1 })`),
      [pageHit, { ...common, idgoal: '3', revenue: '9.95' }, { ...common, search: 'shoes', search_cat: 'women', search_count: '0' }, { ...common, c_n: 'Ad', c_p: 'a.png', ca: '1' }]],
    ['dimensions', '', 'data-manual', run(`foule('set', { dimension1: 'gold', dimension2: '' }); foule('page')`), [{ ...pageHit, dimension1: 'gold', dimension2: '' }]],
    ['page views by hand', '', 'data-manual', run(`history.pushState({}, '', '/two'); foule('page', 'Two')`), [{ ...common, action_name: 'Two', url: 'site/two' }]],
    ['nonsense', stub + `<script>foule(); foule('nosuch', 1); foule.q.push(null)</script>`, '', run(`foule(); foule('nosuch')`), [pageHit]],
    ['opt-out and back', '', '', run(`foule('optout'); foule('goal', 1); foule('optin'); foule('goal', 2)`), [pageHit, { ...common, idgoal: '2' }]],
    ['two trackers', '<script defer src="TRACKER/foule.js" data-site="2"></script>', '', run(`foule('goal', 1)`),
      [pageHit, { ...pageHit, idsite: '2' }, { ...common, idgoal: '1' }, { ...common, idgoal: '1', idsite: '2' }]],
    ['two trackers, called before', stub + `<script>foule('goal', 1)</script><script defer src="TRACKER/foule.js" data-site="2"></script>`, '', undefined,
      [pageHit, { ...pageHit, idsite: '2' }, { ...common, idgoal: '1' }, { ...common, idgoal: '1', idsite: '2' }]],
    ['beside matomo.js', `<script>_paq = [['setTrackerUrl', 'TRACKER/matomo.php'], ['setSiteId', 2], ['trackPageView']]</script><script async src="TRACKER/matomo.js"></script>`, '', run('new Promise((done) => { const wait = () => window.Matomo ? done() : setTimeout(wait); wait() })'),
      [pageHit, { ...pageHit, idsite: '2' }]],
  ];
  for (const [name, head, attributes, act, want] of rows) {
    await t.test(name, () => same({ head, attributes, act }, want));
  }
  await t.test('says whether the browser is counted', () => same({
    keeps: ['site localStorage foule-opt-out'],
    act: async (page) => {
      assert.deepEqual(await page.evaluate(`[foule('optedout'), foule('optout'), foule('optedout'), localStorage.getItem('foule-opt-out')]`), [false, undefined, true, '1']);
    },
  }, [pageHit]));
  await t.test('the wish holds where storage is closed', () => same({
    init: `Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('closed', 'SecurityError') } })`,
    act: run(`foule('optout'); foule('goal', 1)`),
  }, [pageHit]));
});
