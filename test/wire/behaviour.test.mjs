// What matomo.js does by itself: links, consent, objection, timings, transport, globals, the one-line embed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { common, open, sameHits } from './harness.mjs';

let wire;
before(async () => { wire = await open(); });
after(() => wire.close());

const view = ['trackPageView'];
const pageHit = { ...common, action_name: 'Page' };

async function same(given, want) {
  const hits = await wire.visit({ count: want.length, ...given });
  sameHits(hits.map(wire.golden), want);
  return hits;
}

test('clicks on links', async (t) => {
  const link = 'https://elsewhere.example/x?y#z';
  const rows = [
    ['foreign host', [], `<a id=a href="${link}">a</a>`, { link }],
    ['element inside a link', [], `<a href="${link}"><b id=a>a</b></a>`, { link }],
    ['own host', [], '<a id=a href="#here">a</a>', undefined],
    ['own host, file', [], '<a id=a href="/files/Report.PDF?v=1">a</a>', { download: 'site/files/Report.PDF?v=1' }],
    ['foreign host, file', [], '<a id=a href="https://elsewhere.example/a.tar.gz">a</a>', { download: 'https://elsewhere.example/a.tar.gz' }],
    ['top-level domain that looks like a file', [['setDomains', 'elsewhere.zip']], '<a id=a href="https://elsewhere.zip">a</a>', undefined],
    ['download attribute', [], '<a id=a href="/x" download>a</a>', { download: 'site/x' }],
    ['class download', [], '<a id=a class="piwik_download" href="#x">a</a>', { download: 'site/page#x' }],
    ['class link', [], '<a id=a class="matomo_link" href="#x">a</a>', { link: 'site/page#x' }],
    ['class ignore', [], `<a id=a class="matomo_ignore" href="${link}">a</a>`, undefined],
    ['own class', [['setLinkClasses', ['go', 'exit']]], '<a id=a class="exit" href="#x">a</a>', { link: 'site/page#x' }],
    ['mail', [], '<a id=a href="mailto:a@example.org">a</a>', undefined],
    ['setDomains', [['setDomains', ['*.elsewhere.example']]], `<a id=a href="${link}">a</a>`, undefined],
    ['setDomains with a path', [['setDomains', ['elsewhere.example/ours']]], `<a id=a href="${link}">a</a>`, { link }],
    ['extensions', [['setDownloadExtensions', 'foo|bar']], '<a id=a href="/a.bar">a</a>', { download: 'site/a.bar' }],
    ['extension taken out', [['removeDownloadExtensions', ['pdf']]], '<a id=a href="/page?a.pdf">a</a>', undefined],
    ['page that stops clicks', [], `<a id=a href="${link}" onclick="event.stopPropagation()">a</a>`, { link }],
    ['shadow root', [], `<p id=a><template shadowrootmode=open><a href="${link}">a</a></template></p>`, { link }, (page) => page.locator('#a a').click()],
    ['context menu', [], `<a id=a href="${link}">a</a>`, { link }, (page) => page.click('#a', { button: 'right' })],
    ['context menu, plain clicks only', [['enableLinkTracking', false]], `<a id=a href="${link}">a</a>`, undefined, (page) => page.click('#a', { button: 'right' })],
    ['middle button', [], `<a id=a href="${link}">a</a>`, { link }, (page) => page.click('#a', { button: 'middle' })],
  ];
  for (const [name, settings, body, want, act] of rows) {
    await t.test(name, () => same({
      queue: [['enableLinkTracking'], ...settings],
      // The link is heard before the page handles it; staying keeps the page for the marker.
      body: `${body}<script>addEventListener('click', (event) => event.preventDefault(), true)</script>`,
      act: act || ((page) => page.click('#a')),
    }, want ? [{ ...common, ...want }] : []));
  }
});

test('a followed link is counted although the page is left', async () => {
  const hits = await wire.visit({
    queue: [['enableLinkTracking']], body: '<a id=a href="https://elsewhere.example/x">a</a>', marker: false,
    act: async (page) => {
      await page.click('#a');
      await wire.recorder.until((hits) => hits.length > 0);
    },
  });
  sameHits(hits.map(wire.golden), [{ ...common, link: 'https://elsewhere.example/x' }]);
});

test('consent', async (t) => {
  const evaluate = (code) => (page) => page.evaluate(code);
  const rows = [
    ['held until given', [['requireConsent'], view], evaluate(`_paq.push(['trackGoal', 1]); _paq.push(['setConsentGiven'])`), [pageHit, { ...common, idgoal: '1' }]],
    ['given before', [['setConsentGiven'], ['requireConsent'], view], undefined, [pageHit]],
    ['forgotten: what was held is gone', [['requireConsent'], view], evaluate(`_paq.push(['forgetConsentGiven']); _paq.push(['rememberConsentGiven'])`), []],
    ['not needed for cookies that are never set', [['requireCookieConsent'], view], undefined, [pageHit]],
  ];
  for (const [name, queue, act, want] of rows) {
    await t.test(name, () => same({ queue, act }, want));
  }
});

test('who objects is not counted', async (t) => {
  const property = (name, value) => `Object.defineProperty(navigator, '${name}', { value: ${value} })`;
  const rows = [
    ['Global Privacy Control', [view], property('globalPrivacyControl', 'true'), 0],
    ['Do Not Track, honoured by the page', [view, ['setDoNotTrack', true]], property('doNotTrack', '"1"'), 0],
    ['Do Not Track is otherwise the server\'s to decide', [view], property('doNotTrack', '"1"'), 1],
    ['opt-out, even late in the queue', [view, ['optUserOut']], undefined, 0, ['site localStorage foule-opt-out']],
    ['opt-out of an earlier page', [view], 'localStorage.setItem("foule-opt-out", "1")', 0, ['site localStorage foule-opt-out']],
    ['opt-out taken back', [view, ['optUserOut'], ['forgetUserOptOut'], ['trackPageView', 'Again']], undefined, 1],
  ];
  for (const [name, queue, init, want, keeps] of rows) {
    await t.test(name, async () => {
      const hits = await wire.visit({
        queue, init, keeps, marker: false,
        // A raw request that no gate holds back shows that earlier ones would have come.
        act: async (page) => {
          await page.evaluate((url) => fetch(url + '/matomo.php?end', { mode: 'no-cors' }), wire.recorder.url);
          await wire.recorder.until((hits) => hits.length > want);
        },
      });
      assert.equal(hits.filter((hit) => hit.query !== 'end').length, want);
    });
  }
});

test('a prerendered page counts when it is shown', () => same({
  queue: [view],
  init: 'Object.defineProperty(document, "prerendering", { value: true, configurable: true })',
  act: async (page) => {
    assert.equal(wire.recorder.hits.length, 0);
    await page.evaluate(`Object.defineProperty(document, 'prerendering', { value: false }); document.dispatchEvent(new Event('prerenderingchange'))`);
  },
}, [pageHit]));

test('timings', async (t) => {
  const timing = (hit) => Object.keys(hit.params).filter((name) => name.startsWith('pf_'));
  const all = ['pf_net', 'pf_srv', 'pf_tfr', 'pf_dm1', 'pf_dm2', 'pf_onl'];
  const loaded = (page) => page.waitForFunction(() => performance.getEntriesByType('navigation')[0].loadEventEnd > 0);

  await t.test('early parts with the page view, all with the first hit after the load, then none', async () => {
    const hits = await wire.visit({
      count: 3, head: '<script defer src="TRACKER/matomo.js" data-site="1"></script>',
      act: async (page) => {
        await loaded(page);
        await page.evaluate(`_paq.push(['trackGoal', 1]); _paq.push(['trackGoal', 2])`);
      },
    });
    const [first, then, last] = [{ action_name: 'Page' }, { idgoal: '1' }, { idgoal: '2' }].map((want) =>
      hits.find(({ params }) => Object.entries(want).every(([name, value]) => params[name] === value)));
    assert.deepEqual(timing(first), all.slice(0, 4));
    assert.deepEqual(timing(then), all);
    assert.deepEqual(timing(last), []);
    assert.equal(new Set([first, then, last].map((hit) => hit.params.pv_id)).size, 1, 'one page view id');
  });
  await t.test('a later page view has its own id and, unless set by hand, no timings', async () => {
    const hits = await wire.visit({
      count: 3, queue: [view],
      act: (page) => page.evaluate(`_paq.push(['trackPageView', 'Second'], ['setPagePerformanceTiming', 1, 2, 3, 4, 5, 6], ['trackPageView', 'Third'])`),
    });
    const [first, second, third] = ['Page', 'Second', 'Third'].map((title) => hits.find((hit) => hit.params.action_name === title));
    assert.deepEqual(timing(second), []);
    assert.deepEqual(all.map((name) => third.params[name]), ['1', '2', '3', '4', '5', '6']);
    assert.equal(new Set([first, second, third].map((hit) => hit.params.pv_id)).size, 3, 'three page view ids');
  });
  await t.test('can be turned off', async () => {
    const [hit] = await wire.visit({ count: 1, queue: [view, ['disablePerformanceTracking'], ['disableBrowserFeatureDetection']] });
    assert.deepEqual(timing(hit), []);
    assert.equal(hit.params.res, undefined);
  });
});

test('heartbeat', async (t) => {
  const attention = (ms) => async (page) => {
    await page.clock.install({ time: 1_700_000_000_000 });
    await page.evaluate(`_paq.push(['enableHeartBeatTimer', 15])`);
    await page.clock.runFor(ms);
    await page.evaluate(`document.hasFocus = () => false; dispatchEvent(new Event('blur'))`);
  };
  await t.test('a long look is told once', () => same({ queue: [], act: attention(16_000) }, [{ ...common, ping: '1' }]));
  await t.test('a short one is not', () => same({ queue: [], act: attention(14_000) }, []));
});

test('content', async (t) => {
  const ad = '<div data-track-content data-content-name=Ad data-content-piece=a.png><a id=a href="https://elsewhere.example/ad">ad</a></div>';
  const one = { c_n: 'Ad', c_p: 'a.png', c_t: 'https://elsewhere.example/ad', ca: '1' };
  const stay = `<script>addEventListener('click', (event) => event.preventDefault(), true)</script>`;
  const low = '<div style="height:5000px"></div>';
  /** Shows blocks and gives the hits of the first bulk. */
  const bulk = async (queue, body, act) => {
    await wire.visit({ queue: [...queue, ['setRequestQueueInterval', 10]], body, marker: false, act: async (page) => {
      await wire.recorder.until((hits) => hits.some((hit) => hit.body.startsWith('{')));
      await act?.(page);
    } });
    const { requests, send_image: image } = JSON.parse(wire.recorder.hits[0].body);
    assert.equal(image, 0);
    return requests.map((request) => wire.golden({ params: Object.fromEntries(new URLSearchParams(request)) }));
  };

  await t.test('all blocks, in one bulk, each once', async () => {
    const hits = await bulk([['trackAllContentImpressions'], ['trackAllContentImpressions']], ad + '<p class=matomoTrackContent title=Second>text</p>');
    assert.deepEqual(hits, [{ ...common, ...one }, { ...common, c_n: 'Second', c_p: 'Unknown', ca: '1' }]);
    assert.equal(wire.recorder.hits.length, 1);
  });
  await t.test('what comes into view', async () => {
    const hits = await bulk([['trackVisibleContentImpressions']], ad + low + '<p data-track-content data-content-name=Low>low</p>', async (page) => {
      await page.evaluate('scrollTo(0, 1e5)');
      await wire.recorder.until((hits) => hits.length > 1);
    });
    assert.deepEqual(hits, [{ ...common, ...one }]);
    assert.match(wire.recorder.hits[1].body, /c_n=Low/);
  });
  await t.test('clicks on a block', async () => {
    await bulk([['trackAllContentImpressions']], ad + stay, async (page) => {
      await page.click('#a');
      await wire.recorder.until((hits) => hits.length > 1);
    });
    assert.deepEqual(wire.golden(wire.recorder.hits[1]), { ...common, ...one, c_i: 'click' });
  });
  await t.test('parts marked by class, target and piece apart from the block', async () => {
    await wire.visit({
      queue: [], marker: false, body: '<div id=x class=piwikTrackContent data-content-name=N><img class=matomoContentPiece src="/other" hidden><b data-content-target="https://t.example/">x</b></div>',
      act: async (page) => {
        await page.evaluate(`_paq.push(['trackContentInteractionNode', document.getElementById('x'), 'drag'])`);
        await wire.recorder.until((hits) => hits.length > 0);
      },
    });
    assert.deepEqual(wire.golden(wire.recorder.hits.find((hit) => hit.params.c_n)), { ...common, c_n: 'N', c_p: 'site/other', c_t: 'https://t.example/', c_i: 'drag', ca: '1' });
  });
});

test('transport', async (t) => {
  const long = 'x'.repeat(3000);
  const noBeacon = 'navigator.sendBeacon = undefined';
  const form = 'application/x-www-form-urlencoded;charset=UTF-8';
  const post = { method: 'POST', inBody: true, type: form };
  const get = { method: 'GET', inBody: false, type: undefined };
  const rows = [
    ['beacon: all in the body, where no access log sees it', [view], '', post],
    ['beacon: a long query', [['setCustomDimension', 1, long], view], '', post],
    ['fetch: the same form', [view], noBeacon, post],
    ['fetch on request', [['disableAlwaysUseSendBeacon'], view], 'navigator.sendBeacon = () => { throw new Error("called") }', post],
    ['fetch after a full beacon queue', [view], 'navigator.sendBeacon = () => false', post],
    ['GET on request', [['setRequestMethod', 'GET'], view], '', get],
    ['GET: a long query', [['setRequestMethod', 'GET'], ['setCustomDimension', 1, long], view], '', get],
    ['a content type of the page\'s choice', [['setRequestContentType', 'text/plain'], view], '', { ...post, type: 'text/plain' }],
  ];
  for (const [name, queue, init, want] of rows) {
    await t.test(name, async () => {
      const [hit] = await same({ queue, init }, [queue.length > 1 && queue.some((call) => call[2]) ? { ...pageHit, dimension1: long } : pageHit]);
      assert.equal(hit.method, want.method);
      assert.equal(hit.body.length > 0, want.inBody, 'body');
      assert.equal(hit.query.length === 0, want.inBody, 'query');
      assert.equal(hit.headers['content-type'], want.type);
      assert.equal(hit.path, '/matomo.php');
    });
  }
});

test('globals', async (t) => {
  const rows = [
    ['hook, own tracker, no queue', `<script>window.matomoAsyncInit = () => { window.own = Matomo.getTracker('TRACKER/matomo.php', 7); own.trackPageView('Own') }</script>
      <script>_paq = [['setTrackerUrl', 'TRACKER/matomo.php'], ['setSiteId', 1]]</script>`, [{ ...common, idsite: '7', action_name: 'Own' }]],
    ['old names', `<script>window.piwikAsyncInit = [() => { Piwik.getTracker('TRACKER/piwik.php', '1').trackGoal(1); AnalyticsTracker.addTracker('TRACKER/matomo.php', 1) }]</script>`, [{ ...common, idgoal: '1' }]],
    ['a second tracker gets every hit too', `<script>_paq = [['trackPageView'], ['addTracker', 'TRACKER/matomo.php', 2], ['setTrackerUrl', 'TRACKER/matomo.php'], ['setSiteId', 1]]</script>`,
      [pageHit, { ...pageHit, idsite: '2' }]],
    ['functions in the queue', `<script>_paq = [function () { this.trackGoal(1); this.setUserId('x'); this.noSuchMethod() }, [function (n) { this.trackGoal(n) }, 2], () => { throw new Error('of the page') },
      ['setTrackerUrl', 'TRACKER/matomo.php'], ['setSiteId', 1]]</script>`, [{ ...common, idgoal: '1' }, { ...common, idgoal: '2' }]],
    ['twice in a page', `<script>_paq = [['trackPageView'], ['setTrackerUrl', 'TRACKER/matomo.php'], ['setSiteId', 1]]</script><script src="TRACKER/matomo.js"></script>`, [pageHit]],
  ];
  for (const [name, head, want] of rows) {
    await t.test(name, () => same({
      head: head + '<script defer src="TRACKER/piwik.js"></script>',
      marker: false,
      act: () => wire.recorder.until((hits) => hits.length >= want.length),
    }, want));
  }

  await t.test('getters give what pages expect', async () => {
    await wire.visit({
      queue: [], act: async (page) => {
        const got = await page.evaluate(async () => {
          const t = await Matomo.getAsyncTracker();
          const own = Matomo.getTracker();
          return {
            own: [own !== t, own.getSiteId() === t.getSiteId(), own.getTrackerUrl() === t.getTrackerUrl(), Matomo.getTracker('/x.php', 7).getSiteId()],
            same: Piwik === Matomo && AnalyticsTracker === Matomo && Matomo.getAsyncTrackers().length === 1,
            site: t.getSiteId(), cookies: t.areCookiesEnabled(), user: t.getUserId(), visitor: /^[0-9a-f]{16}$/.test(t.getVisitorId()),
            info: t.getVisitorInfo().length, attribution: t.getAttributionInfo(), cross: t.getCrossDomainLinkingUrlParameter(),
            out: t.isUserOptedOut(), consent: [t.hasConsent(), t.isConsentRequired(), t.hasRememberedConsent()], items: t.getEcommerceItems(),
          };
        });
        assert.deepEqual(got, {
          own: [true, true, true, 7], same: true, site: '1', cookies: false, user: '', visitor: true, info: 7, attribution: ['', '', 0, ''], cross: '',
          out: false, consent: [true, false, false], items: {},
        });
      },
    });
  });
});

test('one-line embed', async (t) => {
  const line = '<script defer src="TRACKER/matomo.js" data-site="1"></script>';

  await t.test('counts the page and follows links', () => same({
    head: line, body: '<a id=a href="https://elsewhere.example/x" onclick="return false">a</a>', act: (page) => page.click('#a'),
  }, [pageHit, { ...common, link: 'https://elsewhere.example/x' }]));

  await t.test('counts the pages of a single-page application', () => same({
    head: line,
    act: async (page) => {
      await page.evaluate(`history.pushState({}, '', '/other?tab=1'); document.title = 'Other'`);
      await wire.recorder.until((hits) => hits.length === 2);
      await page.evaluate(`history.pushState({}, '', '/other?tab=1#part'); history.replaceState({}, '', '/other?tab=1#place')`);
      await page.evaluate(`history.go(-2); new Promise((resolve) => addEventListener('popstate', resolve, { once: true }))`);
      await wire.recorder.until((hits) => hits.length === 3);
    },
  }, [
    pageHit,
    { ...common, action_name: 'Other', url: 'site/other?tab=1', urlref: 'site/page' },
    { ...common, action_name: 'Other', urlref: 'site/other?tab=1' },
  ]));

  await t.test('routes in the fragment, if told', () => same({
    head: line.replace('data-site', 'data-hash data-site'),
    act: async (page) => {
      await page.evaluate(`location.hash = '#/two'`);
      await wire.recorder.until((hits) => hits.length === 2);
    },
  }, [pageHit, { ...pageHit, url: 'site/page#/two', urlref: 'site/page' }]));

  await t.test('several steps in a row are one page', () => same({
    head: line,
    act: async (page) => {
      await page.evaluate(`history.pushState({}, '', '/a'); history.pushState({}, '', '/b')`);
      await wire.recorder.until((hits) => hits.length === 2);
    },
  }, [pageHit, { ...pageHit, url: 'site/b', urlref: 'site/page' }]));

  await t.test('leaves page views to a page that counts them itself', () => same({
    head: `<script>_paq = [['setDocumentTitle', 'Mine'], ['trackPageView']]</script>${line}`,
  }, [{ ...pageHit, action_name: 'Mine' }]));

  await t.test('takes settings and events from the queue', () => same({
    head: `<script>_paq = [['setCustomDimension', 1, 'x'], ['trackEvent', 'C', 'A']]</script>${line}`,
  }, [{ ...pageHit, dimension1: 'x' }, { ...common, e_c: 'C', e_a: 'A', ca: '1', dimension1: 'x' }]));

  await t.test('another endpoint', async () => {
    const [hit] = await same({ head: line.replace('data-site', 'data-api="/stats/p.php" data-site') }, [pageHit]);
    assert.equal(hit.path, '/stats/p.php');
  });
});
