// Consent: hits wait for it if the page requires it, and objection goes before.

import { whenShown } from './send';
import { Methods } from './values';
import { isOut, setOut } from './wish';

export interface Consent {
  /** Runs `send` now, later when the visitor consents or the page is shown, or never. */
  pass(send: () => void): void;
  methods: Methods;
}

export function createConsent(honoursDNT: () => unknown): Consent {
  let required = false;
  let given = false;
  let held: Array<() => void> = [];

  const pass = (send: () => void) => {
    if (isOut(honoursDNT())) {
      return;
    }
    if (required && !given) {
      held.push(send);
    } else {
      whenShown(send);
    }
  };
  const give = () => {
    given = true;
    held.splice(0).forEach(pass);
  };

  return {
    pass,
    methods: {
      // Consent lasts as long as the page: remembering it would take a cookie,
      // so the site's consent tool repeats setConsentGiven on each page.
      requireConsent: () => { required = true; },
      setConsentGiven: give,
      rememberConsentGiven: give,
      forgetConsentGiven: () => {
        required = true;
        given = false;
        held = [];
      },
      hasConsent: () => given || !required,
      isConsentRequired: () => required,

      optUserOut: () => setOut(true),
      forgetUserOptOut: () => setOut(false),
      isUserOptedOut: () => isOut(false, true),
    },
  };
}
