// The whole of matomo.js's methods: each can be called, and either does
// something on the wire or to what a getter says, or stands in docs/tracker.md as without effect.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { open } from './harness.mjs';

/** Matomo's documented tracker methods (developer.matomo.org, JavaScript tracking client, and the script's own API). */
const methods = `
setTrackerUrl getTrackerUrl setSiteId getSiteId addTracker addListener trackPageView trackEvent trackSiteSearch trackGoal trackLink trackRequest
enableLinkTracking setLinkTrackingTimer getLinkTrackingTimer setDownloadExtensions addDownloadExtensions removeDownloadExtensions
setDownloadClasses setLinkClasses setIgnoreClasses setDomains setExcludedReferrers getExcludedReferrers setExcludedQueryParams setDocumentTitle
setCustomUrl getCurrentUrl setReferrerUrl setAPIUrl getMatomoUrl getPiwikUrl setPageViewId getPageViewId getNumTrackedPageViews discardHashTag
setRequestMethod setRequestContentType setCustomRequestProcessing appendToTrackingUrl getRequest alwaysUseSendBeacon disableAlwaysUseSendBeacon
queueRequest disableQueueRequest setRequestQueueInterval setCustomDimension getCustomDimension deleteCustomDimension
setCustomVariable getCustomVariable deleteCustomVariable deleteCustomVariables storeCustomVariablesInCookie
setEcommerceView addEcommerceItem removeEcommerceItem clearEcommerceCart getEcommerceItems trackEcommerceOrder trackEcommerceCartUpdate
trackAllContentImpressions trackVisibleContentImpressions trackContentImpressionsWithinNode trackContentImpression trackContentInteraction
trackContentInteractionNode logAllContentBlocksOnPage enableHeartBeatTimer disableHeartBeatTimer ping enableJSErrorTracking
setPagePerformanceTiming disablePerformanceTracking setGenerationTimeMs disableBrowserFeatureDetection enableBrowserFeatureDetection
disableCookies setCookieConsentGiven requireCookieConsent rememberCookieConsentGiven forgetCookieConsentGiven getRememberedCookieConsent
areCookiesEnabled hasCookies deleteCookies getCookie setSessionCookie setCookieNamePrefix setCookieDomain setCookiePath setCookieSameSite
setSecureCookie setVisitorCookieTimeout setSessionCookieTimeout getSessionCookieTimeout setReferralCookieTimeout
setConversionAttributionFirstReferrer requireConsent setConsentGiven rememberConsentGiven forgetConsentGiven hasRememberedConsent
getRememberedConsent isConsentRequired hasConsent optUserOut forgetUserOptOut isUserOptedOut setDoNotTrack setUserId getUserId resetUserId
setVisitorId getVisitorId getVisitorInfo getAttributionInfo getAttributionCampaignName getAttributionCampaignKeyword
getAttributionReferrerTimestamp getAttributionReferrerUrl setCampaignNameKey setCampaignKeywordKey disableCampaignParameters
setIgnoreCampaignsForReferrers setIgnoreCampaignAttributionForSources setReferralUrlMaxLength enableCrossDomainLinking disableCrossDomainLinking
isCrossDomainLinkingEnabled setCrossDomainLinkingTimeout getCrossDomainLinkingUrlParameter enableFileTracking setCountPreRendered killFrame
redirectFile setCustomData getCustomData addPlugin`.trim().split(/\s+/);

/**
 * What shows each honoured method's effect: code that runs before it, the
 * call, and code that runs after it. The whole is run with and without the
 * call, and what was sent or said must differ; all else is made alike. `t` is the tracker, `say` notes
 * what a getter gives, `click` clicks a link, `later` lets time pass, `drawn` waits until an element is in view.
 */
const view = 't.trackPageView()';
const cart = `t.addEcommerceItem('a', 'Shoe'); t.addEcommerceItem('b')`;
const block = `const it = show('<p data-track-content data-content-name=Ad data-content-piece=a.png><i>x</i></p>')`;
const effects = {
  setTrackerUrl: ['', `t.setTrackerUrl('/other.php')`, view],
  getTrackerUrl: ['', 'say(t.getTrackerUrl())'],
  setSiteId: ['', 't.setSiteId(9)', view],
  getSiteId: ['', 'say(t.getSiteId())'],
  getMatomoUrl: ['', 'say(t.getMatomoUrl())'],
  getPiwikUrl: ['', 'say(t.getPiwikUrl())'],
  addTracker: ['', `_paq.push(['addTracker', '/second.php', 2])`, `_paq.push(['trackGoal', 1])`],
  addListener: [`const a = show('<a href="https://elsewhere.example/">a</a>')`, 't.addListener(a)', 'click(a)'],
  trackPageView: ['', view],
  trackEvent: ['', `t.trackEvent('C', 'A')`],
  trackSiteSearch: ['', `t.trackSiteSearch('shoes')`],
  trackGoal: ['', 't.trackGoal(1)'],
  trackLink: ['', `t.trackLink('/x', 'download')`],
  trackRequest: ['', `t.trackRequest('a=b')`],
  ping: ['', 't.ping()'],
  enableLinkTracking: [`const a = show('<a href="https://elsewhere.example/">a</a>')`, 't.enableLinkTracking()', 'click(a)'],
  setDownloadExtensions: [`const a = show('<a href="/x.foo">a</a>'); t.enableLinkTracking()`, `t.setDownloadExtensions('foo')`, 'click(a)'],
  addDownloadExtensions: [`const a = show('<a href="/x.foo">a</a>'); t.enableLinkTracking()`, `t.addDownloadExtensions('bar|foo')`, 'click(a)'],
  removeDownloadExtensions: [`const a = show('<a href="/x.docx">a</a>'); t.enableLinkTracking()`, `t.removeDownloadExtensions(['docx'])`, 'click(a)'],
  setDownloadClasses: [`const a = show('<a class=dl href="/x">a</a>'); t.enableLinkTracking()`, `t.setDownloadClasses('dl')`, 'click(a)'],
  setLinkClasses: [`const a = show('<a class=go href="/x">a</a>'); t.enableLinkTracking()`, `t.setLinkClasses('go')`, 'click(a)'],
  setIgnoreClasses: [`const a = show('<a class=no href="https://elsewhere.example/">a</a>'); t.enableLinkTracking()`, `t.setIgnoreClasses(['no'])`, 'click(a)'],
  setDomains: [`const a = show('<a href="https://sub.elsewhere.example/">a</a>'); t.enableLinkTracking()`, `t.setDomains(['*.elsewhere.example'])`, 'click(a)'],
  setExcludedReferrers: [`t.setReferrerUrl('https://pay.example/x')`, `t.setExcludedReferrers(['pay.example'])`, view],
  getExcludedReferrers: ['', 'say(t.getExcludedReferrers())'],
  setExcludedQueryParams: [`t.setCustomUrl('/x?a=1&b=2')`, `t.setExcludedQueryParams(['a'])`, view],
  setDocumentTitle: ['', `t.setDocumentTitle('Mine')`, view],
  setCustomUrl: ['', `t.setCustomUrl('/mine')`, view],
  getCurrentUrl: ['', 'say(t.getCurrentUrl())'],
  setReferrerUrl: ['', `t.setReferrerUrl('https://from.example/')`, view],
  discardHashTag: [`t.setCustomUrl('/x#y')`, 't.discardHashTag(true)', view],
  setPageViewId: ['', `t.setPageViewId('abc123')`, view + '; say(t.getPageViewId() == "abc123")'],
  getPageViewId: [view, 'say(t.getPageViewId().length)'],
  getNumTrackedPageViews: [view, 'say(t.getNumTrackedPageViews())'],
  setRequestMethod: ['', `t.setRequestMethod('GET')`, view],
  setRequestContentType: ['', `t.setRequestContentType('text/plain')`, view],
  setCustomRequestProcessing: ['', `t.setCustomRequestProcessing((query) => query.includes('idgoal') ? query + '&x=y' : false)`, view + '; t.trackGoal(1)'],
  appendToTrackingUrl: ['', `t.appendToTrackingUrl('x=y')`, view],
  getRequest: ['', `say(t.getRequest('x=y').slice(0, 13))`],
  disableAlwaysUseSendBeacon: ['', 't.disableAlwaysUseSendBeacon()', view],
  alwaysUseSendBeacon: ['t.disableAlwaysUseSendBeacon()', 't.alwaysUseSendBeacon()', view],
  queueRequest: ['', `t.queueRequest('a=1'); t.queueRequest('a=2')`, 'later(2500)'],
  disableQueueRequest: ['', 't.disableQueueRequest()', `t.queueRequest('a=1'); later(2500)`],
  setRequestQueueInterval: ['', 't.setRequestQueueInterval(1000)', `t.queueRequest('a=1'); later(1000)`],
  setCustomDimension: ['', `t.setCustomDimension(1, 'gold')`, view],
  getCustomDimension: [`t.setCustomDimension(1, 'gold')`, 'say(t.getCustomDimension(1))'],
  deleteCustomDimension: [`t.setCustomDimension(1, 'gold')`, 't.deleteCustomDimension(1)', view],
  setEcommerceView: ['', `t.setEcommerceView('sku')`, view],
  addEcommerceItem: ['', `t.addEcommerceItem('sku')`, 't.trackEcommerceCartUpdate(1)'],
  removeEcommerceItem: [cart, `t.removeEcommerceItem('a')`, 't.trackEcommerceCartUpdate(1)'],
  clearEcommerceCart: [cart, 't.clearEcommerceCart()', 't.trackEcommerceCartUpdate(1)'],
  getEcommerceItems: [cart, 'say(t.getEcommerceItems().a)'],
  trackEcommerceOrder: [cart, `t.trackEcommerceOrder('o', 1)`],
  trackEcommerceCartUpdate: [cart, 't.trackEcommerceCartUpdate(1)'],
  trackAllContentImpressions: [block, 't.trackAllContentImpressions()', 'later(2500)'],
  trackVisibleContentImpressions: [block, 't.trackVisibleContentImpressions()', 'await drawn(it); later(2500)'],
  trackContentImpressionsWithinNode: [block, 't.trackContentImpressionsWithinNode(document.body)', 'later(2500)'],
  trackContentImpression: ['', `t.trackContentImpression('Ad')`],
  trackContentInteraction: ['', `t.trackContentInteraction('click', 'Ad')`],
  trackContentInteractionNode: [block, `t.trackContentInteractionNode(it, 'drag')`],
  enableHeartBeatTimer: ['', 't.enableHeartBeatTimer(15)', 'later(16000); leave()'],
  disableHeartBeatTimer: ['t.enableHeartBeatTimer(15)', 't.disableHeartBeatTimer()', 'later(16000); leave()'],
  enableJSErrorTracking: ['', 't.enableJSErrorTracking()', `dispatchEvent(new ErrorEvent('error', { message: 'broken', filename: '/a.js', lineno: 1, colno: 2 }))`],
  setPagePerformanceTiming: ['', 't.setPagePerformanceTiming(1, 2, 3, 4, 5, 6)', view],
  disablePerformanceTracking: ['', 't.disablePerformanceTracking()', view],
  disableBrowserFeatureDetection: ['', 't.disableBrowserFeatureDetection()', view],
  enableBrowserFeatureDetection: ['t.disableBrowserFeatureDetection()', 't.enableBrowserFeatureDetection()', view],
  setCampaignNameKey: [`history.replaceState({}, '', '?from=mail')`, `t.setCampaignNameKey('from')`, view],
  setCampaignKeywordKey: [`history.replaceState({}, '', '?word=shoe')`, `t.setCampaignKeywordKey(['word'])`, view],
  disableCampaignParameters: [`history.replaceState({}, '', '?utm_source=mail&x=1')`, 't.disableCampaignParameters()', view],
  requireConsent: ['', 't.requireConsent()', view],
  setConsentGiven: ['t.requireConsent(); ' + view, 't.setConsentGiven()'],
  rememberConsentGiven: ['t.requireConsent(); ' + view, 't.rememberConsentGiven()'],
  forgetConsentGiven: ['t.setConsentGiven()', 't.forgetConsentGiven()', view],
  hasConsent: ['', 'say(t.hasConsent())'],
  isConsentRequired: ['t.requireConsent()', 'say(t.isConsentRequired())'],
  optUserOut: ['', 't.optUserOut()', view],
  forgetUserOptOut: ['t.optUserOut()', 't.forgetUserOptOut()', view],
  isUserOptedOut: ['t.optUserOut()', 'say(t.isUserOptedOut())'],
  setDoNotTrack: ['', 't.setDoNotTrack(true)', view],
};

/** Arguments for what has no effect, as pages give them. */
const usual = {
  setUserId: ['jane@example.org'], setVisitorId: ['0123456789abcdef'], setCustomVariable: [1, 'plan', 'gold', 'visit'], setCustomData: [{ plan: 'gold' }],
  setCookieDomain: ['*.example.org'], setLinkTrackingTimer: [750], setAPIUrl: ['https://api.example/'],
};

let wire;
let page;
let documented;
before(async () => {
  wire = await open();
  documented = await tables();
});
after(() => wire.close());

/** Reads the names in the two tables of the documentation. */
async function tables() {
  const text = await readFile(new URL('../../docs/tracker.md', import.meta.url), 'utf8');
  const [, honoured, accepted] = /\*\*Honoured\*\*(.*)\*\*Accepted, without effect\*\*(.*)Globals: /s.exec(text);
  const names = (part) => new Set([...part.matchAll(/^\|([^|]*)\|/gm)].flatMap(([, cell]) => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name)));
  return { honoured: names(honoured), accepted: names(accepted) };
}

/** Runs code on a fresh tracker in a page, and gives what was sent and said. */
async function outcome(code) {
  await page.goto(wire.site.url + '/page');
  await page.waitForFunction(() => window.Matomo?.initialized && performance.getEntriesByType('navigation')[0].loadEventEnd > 0);
  return page.evaluate(async (code) => {
    const sent = [];
    const said = [];
    const timers = [];
    let now = 1_700_000_000_000;
    const read = async (body) => (body instanceof Blob ? body.type + ' ' + await body.text() : String(body ?? ''));
    navigator.sendBeacon = (url, body) => {
      sent.push(read(body).then((text) => `beacon ${url} ${text}`));
      return true;
    };
    window.fetch = (url, { method, body }) => {
      sent.push(read(body).then((text) => `fetch ${method} ${url} ${text}`));
      return Promise.resolve();
    };
    Math.random = () => 0.5;
    Date.now = () => now;
    Date.prototype.getHours = () => 12;
    const names = ['fetchStart', 'connectEnd', 'requestStart', 'responseStart', 'responseEnd', 'domInteractive', 'domComplete', 'loadEventStart', 'loadEventEnd'];
    performance.getEntriesByType = () => [Object.fromEntries(names.map((name, i) => [name, i + 1]))];
    window.setTimeout = (act, ms) => timers.push({ act, at: now + ms });
    Object.defineProperty(navigator, 'doNotTrack', { value: '1' });
    const later = (ms) => {
      now += ms;
      timers.filter(({ at }) => at <= now).forEach((timer) => {
        timers.splice(timers.indexOf(timer), 1);
        timer.act();
      });
    };
    const show = (html) => {
      document.body.innerHTML = html;
      return document.body.firstChild;
    };
    const click = (element) => {
      addEventListener('click', (event) => event.preventDefault(), { once: true });
      element.click();
    };
    const leave = () => {
      document.hasFocus = () => false;
      dispatchEvent(new Event('blur'));
    };
    // A later observer than the script's, and a frame more: what it sees, the script has been told.
    const drawn = (element) => new Promise((done) => new IntersectionObserver((entries) =>
      entries.some((entry) => entry.isIntersecting) && requestAnimationFrame(() => requestAnimationFrame(done))).observe(element));
    const t = Matomo.getTracker('/matomo.php', 1);
    const run = Object.getPrototypeOf(async () => {}).constructor;
    await new run('t', 'say', 'later', 'show', 'click', 'leave', 'drawn', code)(t, (value) => said.push(value), later, show, click, leave, drawn);
    return JSON.stringify({ sent: await Promise.all(sent), said });
  }, code);
}

test('the table of methods', async (t) => {
  assert.deepEqual(methods.filter((name) => documented.honoured.has(name) === documented.accepted.has(name)), [], 'in none or both of the documented tables');
  assert.deepEqual([...documented.honoured, ...documented.accepted].filter((name) => !methods.includes(name)), [], 'documented, but no method of matomo.js');
  assert.deepEqual([...documented.honoured].filter((name) => !effects[name]), [], 'nothing shows their effect');

  await wire.visit({
    marker: false, keeps: [], queue: [],
    act: async (shown) => {
      page = shown;
      for (const name of methods) {
        await t.test(name, () => (documented.honoured.has(name) ? hasEffect(name) : hasNone(name)));
      }
      await page.evaluate('localStorage.clear()');
    },
  });
});

async function hasEffect(name) {
  const [before, call, after = ''] = effects[name];
  assert.match(call, new RegExp(`\\b${name}\\b|^t.trackPageView\\(\\)$`), 'shows another method');
  const reset = 'localStorage.clear(); ';
  assert.notEqual(await outcome(reset + [before, call, after].join('; ')), await outcome(reset + [before, after].join('; ')));
}

async function hasNone(name) {
  const around = (call) => `localStorage.clear(); t.setCustomDimension(1, 'gold'); t.addEcommerceItem('a'); ${call}; t.trackPageView(); t.trackEcommerceOrder('o', 1); t.trackLink('https://elsewhere.example/')`;
  const args = JSON.stringify(usual[name] || [true]).slice(1, -1);
  assert.equal(await outcome(around(`t.${name}(${args})`)), await outcome(around('')));
}

test('whatever is called with whatever, nothing throws and the page goes on', async () => {
  await wire.visit({
    queue: [], marker: false, keeps: [],
    act: async (shown) => {
      const thrown = await shown.evaluate((methods) => {
        navigator.sendBeacon = () => true;
        console.warn = () => {};
        const odd = [undefined, null, '', 0, -1, NaN, true, {}, [], [[]], 'x|y', '/(/', () => { throw new Error('of the page'); }, Symbol('s'), document, { toString() { throw new Error('odd'); } }];
        const t = Matomo.getTracker('/matomo.php', 1);
        const found = [];
        for (const name of [...methods, 'noSuchMethod', 'Some.plugin::call']) {
          for (const value of odd) {
            try {
              t[name](value, value, value);
            } catch (error) {
              found.push(`${name}: ${error}`);
            }
          }
        }
        t.forgetUserOptOut();
        return found;
      }, methods);
      assert.deepEqual(thrown, []);
    },
  });
});
