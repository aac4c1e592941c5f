// Golden parameters of each method of matomo.js, as they arrive at the collector.
import { after, before, test } from 'node:test';
import { common, open, sameHits } from './harness.mjs';

let wire;
before(async () => { wire = await open(); });
after(() => wire.close());

const page = { ...common, action_name: 'Page' };
const view = ['trackPageView'];

// Each row: what it shows, the calls in _paq before the script is there, the hits that come of them, and the page's address if it matters.
const rows = [
  ['page view', [view], [page]],
  ['page view with a title', [['trackPageView', ' Mine ']], [{ ...page, action_name: 'Mine' }]],
  ['setDocumentTitle', [['setDocumentTitle', 'Set'], view], [{ ...page, action_name: 'Set' }]],
  ['setCustomUrl, absolute', [['setCustomUrl', 'https://example.org/a?b=c#d'], view], [{ ...page, url: 'https://example.org/a?b=c#d' }]],
  ['setCustomUrl, relative', [['setCustomUrl', '/a/b'], view], [{ ...page, url: 'site/a/b' }]],
  ['discardHashTag', [['discardHashTag', true], ['setCustomUrl', '/a#b'], view], [{ ...page, url: 'site/a' }]],
  ['setReferrerUrl', [['setReferrerUrl', 'https://from.example/x?y'], view], [{ ...page, urlref: 'https://from.example/x?y' }]],
  ['setExcludedReferrers', [['setReferrerUrl', 'https://sub.pay.example/x'], ['setExcludedReferrers', ['.pay.example']], view], [page]],
  ['a payment provider is no referrer', [['setReferrerUrl', 'https://www.paypal.com/x'], view], [page]],
  ['setExcludedQueryParams, late in the queue', [['setCustomUrl', '/a?x=1&Secret=2&tok_a=3&y#f'], view, ['setExcludedQueryParams', ['secret', '/^tok_/']]],
    [{ ...page, url: 'site/a?x=1&y#f' }]],

  ['event', [['trackEvent', 'Cat', 'Act', 'Name', 1.5]], [{ ...common, e_c: 'Cat', e_a: 'Act', e_n: 'Name', e_v: '1.5', ca: '1' }]],
  ['event without name, value 0', [['trackEvent', ' Cat ', 'Act', '', 0]], [{ ...common, e_c: 'Cat', e_a: 'Act', e_v: '0', ca: '1' }]],
  ['event without action is no event', [['trackEvent', 'Cat', ' '], view], [page]],
  ['event value that is no number', [['trackEvent', 'C', 'A', 'N', '12 EUR']], [{ ...common, e_c: 'C', e_a: 'A', e_n: 'N', ca: '1' }]],

  ['site search', [['trackSiteSearch', 'shoes', 'women', 0]], [{ ...common, search: 'shoes', search_cat: 'women', search_count: '0' }]],
  ['site search, unknown count', [['trackSiteSearch', 'shoes', false, false]], [{ ...common, search: 'shoes' }]],
  ['goal', [['trackGoal', 3]], [{ ...common, idgoal: '3' }]],
  ['goal with revenue', [['trackGoal', '3', 9.95]], [{ ...common, idgoal: '3', revenue: '9.95' }]],
  ['outlink by hand', [['trackLink', 'https://elsewhere.example/x', 'link']], [{ ...common, link: 'https://elsewhere.example/x' }]],
  ['download by hand', [['trackLink', '/files/a.pdf', 'download']], [{ ...common, download: 'site/files/a.pdf' }]],
  ['content impression', [['trackContentImpression', 'Ad', '', 'https://x.example']], [{ ...common, c_n: 'Ad', c_p: 'Unknown', c_t: 'https://x.example', ca: '1' }]],
  ['content interaction', [['trackContentInteraction', 'click', 'Ad', 'a.png']], [{ ...common, c_n: 'Ad', c_p: 'a.png', c_i: 'click', ca: '1' }]],
  ['content interaction without an interaction', [['trackContentInteraction', '', 'Ad'], view], [page]],
  ['own campaign names', [['setCampaignNameKey', ['nl', 'from']], ['setCampaignKeywordKey', 'word'], view], [{ ...page, url: 'site/page?from=mail&word=shoe', mtm_campaign: 'mail', mtm_keyword: 'shoe' }], '/page?from=mail&word=shoe'],
  ['no campaigns', [view, ['disableCampaignParameters']], [{ ...page, url: 'site/page?x=1' }], '/page?utm_source=mail&x=1&mtm_campaign=y'],
  ['a category with the sign that parts extensions', [['trackSiteSearch', 'shoes', 'a|b']], [{ ...common, search: 'shoes', search_cat: 'a|b' }]],
  ['ping', [['ping']], [{ ...common, ping: '1' }]],
  ['raw request', [['trackRequest', 'e_c=a&e_a=b&ca=1']], [{ ...common, e_c: 'a', e_a: 'b', ca: '1' }]],

  ['custom dimensions', [['setCustomDimension', 1, 'gold'], ['setCustomDimension', 2, ''], ['setCustomDimension', 3, 'x'], ['deleteCustomDimension', 3], view],
    [{ ...page, dimension1: 'gold', dimension2: '' }]],
  ['custom dimension of one hit', [['trackEvent', 'C', 'A', '', '', { dimension4: 'once', note: 'left out' }], view],
    [{ ...common, e_c: 'C', e_a: 'A', ca: '1', dimension4: 'once' }, page]],

  ['product view, on the next page view only', [['setEcommerceView', 'sku1', 'Shoe', ['Women', 'Red'], 50], view, ['trackPageView', 'Next']],
    [{ ...page, _pks: 'sku1', _pkn: 'Shoe', _pkc: '["Women","Red"]', _pkp: '50' }, { ...page, action_name: 'Next' }]],
  ['category view', [['setEcommerceView', false, false, 'Women'], view], [{ ...page, _pkc: 'Women' }]],
  ['order empties the cart', [
    ['addEcommerceItem', 'a', 'Shoe', 'Women', 50, 2], ['addEcommerceItem', 'b'], ['addEcommerceItem', 'c'], ['removeEcommerceItem', 'c'],
    ['trackEcommerceOrder', 'o-1', 110, 100, 5.5, 4.5, false], ['trackEcommerceCartUpdate', 0],
  ], [
    { ...common, idgoal: '0', ec_id: 'o-1', revenue: '110', ec_st: '100', ec_tx: '5.5', ec_sh: '4.5', ec_items: '[["a","Shoe","Women",50,2],["b","","",0,1]]' },
    { ...common, idgoal: '0', revenue: '0', ec_items: '[]' },
  ]],
  ['cart update', [['addEcommerceItem', 'a', 'Shoe', ['W', 'R'], '9.5', '2'], ['trackEcommerceCartUpdate', '19']],
    [{ ...common, idgoal: '0', revenue: '19', ec_items: '[["a","Shoe",["W","R"],9.5,2]]' }]],
  ['order without id is no order', [['trackEcommerceOrder', '', 5], view], [page]],

  ['appendToTrackingUrl', [['appendToTrackingUrl', 'bots=1&x=y'], view], [{ ...page, bots: '1', x: 'y' }]],
  ['cookies and identities have no effect', [
    ['disableCookies'], ['setCookieDomain', '*.example.org'], ['requireCookieConsent'], ['rememberCookieConsentGiven'], ['setUserId', 'jane@example.org'],
    ['setVisitorId', '0123456789abcdef'], ['setCustomVariable', 1, 'a', 'b', 'visit'], ['enableCrossDomainLinking'], ['setSecureCookie', true], view,
  ], [page]],
  ['unknown methods and nonsense harm nothing', [['noSuchMethod', 1], ['Some.plugin::call'], [], null, 7, 'text', {}, [['trackGoal', 1], ['trackGoal', 2]], view],
    [{ ...common, idgoal: '1' }, { ...common, idgoal: '2' }, page]],
  ['consent that was required and not given', [['requireConsent'], view, ['trackGoal', 1], ['setConsentGiven']],
    [page, { ...common, idgoal: '1' }]],
];

for (const [name, queue, want, url] of rows) {
  test(name, async () => {
    const hits = await wire.visit({ queue, url, count: want.length });
    sameHits(hits.map(wire.golden), want);
  });
}
