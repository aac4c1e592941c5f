// Nothing stored, nothing read: what each form of the script touches of the browser on a whole journey, all of it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open } from './harness.mjs';
import { watch } from './watch.mjs';

let wire;
before(async () => { wire = await open(); });
after(() => wire.close());

const words = (...texts) => texts.join(' ').trim().split(/\s+/).map((word) => word.replace('_', ' ')).sort();

// All that is ever touched. A longer list is a decision, and a line in docs/tracker.md.
const tag = 'Document.currentScript HTMLElement.dataset HTMLScriptElement.src new_URL URL.href';
const page = 'Document.title Document.referrer screen Screen.width Screen.height';
const wish = 'navigator Navigator.globalPrivacyControl Navigator.doNotTrack localStorage Storage.getItem Document.prerendering';
const sending = 'Navigator.sendBeacon new_URLSearchParams EventTarget.addEventListener setTimeout';
const routes = 'history History.pushState History.replaceState PageTransitionEvent.persisted clearTimeout';
const more = 'Document.characterSet URLSearchParams.append';
const attention = 'Document.hidden Document.hasFocus Event.type setInterval';
const timings = `performance Performance.getEntriesByType PerformanceResourceTiming.fetchStart PerformanceResourceTiming.connectEnd
  PerformanceResourceTiming.requestStart PerformanceResourceTiming.responseStart PerformanceResourceTiming.responseEnd
  PerformanceNavigationTiming.domInteractive PerformanceNavigationTiming.domComplete PerformanceNavigationTiming.loadEventStart PerformanceNavigationTiming.loadEventEnd`;
const clicks = 'Event.composedPath HTMLAnchorElement.hostname HTMLAnchorElement.href Element.hasAttribute';
const expected = {
  'foule.bare': words(tag, 'Document.title Document.referrer', wish, sending, routes, 'Document.characterSet URLSearchParams.append', clicks, 'Event.type',
    'HTMLAnchorElement.pathname MouseEvent.button Node.nodeName Event.target Element.getAttribute'),
  'foule.lite': words(tag, page, wish, sending, routes),
  foule: words(tag, page, wish, sending, routes, more, attention, timings, clicks,
    'PerformanceResourceTiming.responseStatus HTMLAnchorElement.pathname MouseEvent.button Node.nodeName Event.target Element.getAttribute',
    'new_IntersectionObserver IntersectionObserver.observe IntersectionObserver.disconnect Document.documentElement Element.scrollHeight scrollY innerHeight'),
  matomo: words(tag, page, wish, sending, more, attention, timings, clicks,
    'URLSearchParams.toString URL.hostname URL.pathname URL.search Element.classList DOMTokenList.contains',
    'Document.readyState Document.querySelectorAll NodeList.forEach NodeList.length Element.matches Element.querySelector Element.getAttribute HTMLImageElement.src',
    'new_IntersectionObserver IntersectionObserver.observe IntersectionObserver.unobserve IntersectionObserverEntry.isIntersecting IntersectionObserverEntry.target'),
};

const body = `
  <a id=out href="https://elsewhere.example/x">out</a> <a id=file href="/report.pdf">file</a>
  <button id=marked data-event-action=Open>open</button> <form id=form><input name=mail value=jane@example.org><button id=send>send</button></form>
  <p data-track-content data-content-name=Ad><img src="data:image/gif;base64,R0lGODlhAQABAIAAAAAAAAAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw=="></p>
  <div style="height:3000px"></div>
  <script>for (const name of ['click', 'submit']) addEventListener(name, (event) => { if (name == 'submit' || event.target.closest('a')) event.preventDefault() }, true)</script>`;

/** Does all that a visitor can do to a page, and gives what the script touched. */
async function journey(page) {
  await wire.recorder.until((hits) => hits.length > 0);
  for (const id of ['out', 'file', 'marked', 'send']) {
    await page.click('#' + id);
  }
  await page.evaluate(() => scrollTo(0, 1e5));
  await page.evaluate(() => history.pushState({}, '', '/two'));
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 150)));
  await page.evaluate(() => history.replaceState({}, '', '/three'));
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 150)));
  await page.evaluate(() => {
    for (const name of ['blur', 'focus', 'visibilitychange', 'pagehide']) {
      dispatchEvent(new Event(name));
    }
    dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
  });
  return page.evaluate(() => [...window.used].sort());
}

for (const [form, attributes] of [['foule.lite', 'data-hash data-dnt'], ['foule.bare', 'data-hash data-dnt data-forms data-scroll'], ['foule', 'data-hash data-dnt data-forms data-scroll']]) {
  test(form, async () => {
    await wire.visit({ form, attributes, body, marker: false, init: `(${watch})(['/${form}.js'])`, async act(page) {
      assert.deepEqual(await journey(page), expected[form]);
    } });
  });
}

test('matomo', async () => {
  const queue = [
    ['trackPageView'], ['enableLinkTracking'], ['enableHeartBeatTimer', 5], ['trackVisibleContentImpressions'], ['trackAllContentImpressions'], ['enableJSErrorTracking'],
    ['setUserId', 'jane@example.org'], ['setVisitorId', '0123456789abcdef'], ['rememberConsentGiven'], ['rememberCookieConsentGiven'], ['setCookieDomain', '*.example.org'],
    ['setSecureCookie', true], ['setCustomVariable', 1, 'a', 'b', 'visit'], ['storeCustomVariablesInCookie'], ['enableCrossDomainLinking'], ['enableBrowserFeatureDetection'],
    ['setDoNotTrack', true], ['addEcommerceItem', 'a'], ['trackEcommerceCartUpdate', 1], ['trackEcommerceOrder', 'o', 1], ['trackSiteSearch', 'x'], ['getVisitorInfo'], ['getAttributionInfo'],
  ];
  await wire.visit({ queue, body, marker: false, init: `(${watch})(['/matomo.js'])`, async act(page) {
    assert.deepEqual(await journey(page), expected.matomo);
  } });
});

test('the watch sees what fingerprints and cookies are made with', async () => {
  const spy = `
    document.cookie; document.cookie = 'a=1; max-age=0'; sessionStorage.length; localStorage.removeItem('x'); indexedDB.databases(); caches.keys();
    navigator.userAgent; navigator.plugins; navigator.hardwareConcurrency; navigator.languages; screen.colorDepth; matchMedia('(hover)');
    const canvas = document.createElement('canvas'); canvas.getContext('webgl'); canvas.toDataURL();
    new OfflineAudioContext(1, 1, 44100); document.fonts.check('12px x'); new Intl.DateTimeFormat().resolvedOptions(); new Date().getTimezoneOffset();
    document.body?.getBoundingClientRect(); document.documentElement.offsetWidth; getComputedStyle(document.documentElement); performance.now();
    //# sourceURL=spy.js`;
  await wire.visit({ queue: [], marker: false, init: `(${watch})(['spy.js'])`, async act(page) {
    await page.addScriptTag({ content: spy });
    const seen = await page.evaluate(() => [...window.used]);
    for (const what of words(`Document.cookie Document.cookie= sessionStorage Storage.length Storage.removeItem indexedDB IDBFactory.databases
      Navigator.userAgent Navigator.plugins Navigator.hardwareConcurrency Navigator.languages Screen.colorDepth matchMedia
      HTMLCanvasElement.getContext HTMLCanvasElement.toDataURL new_OfflineAudioContext Document.fonts FontFaceSet.check Intl.DateTimeFormat Date.getTimezoneOffset
      Element.getBoundingClientRect HTMLElement.offsetWidth getComputedStyle Performance.now`)) {
      assert.ok(seen.some((name) => name === what || name === 'new ' + what), what);
    }
  } });
});
