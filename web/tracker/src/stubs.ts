// What a script without cookies and identities answers to the rest of matomo.js's methods.

import { Methods, random } from './params';

/** Getters that pages read; nothing is remembered, so each gives its empty value. */
const answers: Record<string, unknown> = {
  areCookiesEnabled: false, hasCookies: '0', getCookie: 0, getRememberedCookieConsent: null,
  getCustomVariable: false, getUserId: '', getCrossDomainLinkingUrlParameter: '', isCrossDomainLinkingEnabled: false,
  getAttributionCampaignName: '', getAttributionCampaignKeyword: '', getAttributionReferrerTimestamp: 0,
  getAttributionReferrerUrl: '',
};

export function stubs(): Methods {
  const methods: Methods = {};
  for (const name of Object.keys(answers)) {
    methods[name] = () => answers[name];
  }
  // Pages hand the visitor id on to forms or servers; this one means nothing beyond the page and is never sent.
  const id = random(16, '0123456789abcdef');
  const now = Math.round(Date.now() / 1000);
  return {
    ...methods,
    getVisitorId: () => id,
    getVisitorInfo: () => ['1', id, now, 1, now, '', ''],
    getAttributionInfo: () => ['', '', 0, ''],
  };
}

/**
 * Lets every other name be called without effect: setters of cookies, user ids
 * and link timers, methods of plugins, names yet to come. `then` stays absent,
 * or an awaited tracker would never settle.
 */
export function forgiving(methods: Methods): Methods {
  return new Proxy(methods, {
    get: (known, name) => known[name as string] ?? (typeof name === 'string' && name !== 'then' ? () => undefined : undefined),
  });
}
