// Who may be counted at all: objection, consent, and pages nobody looks at yet.

import { Methods } from './params';

/** The only thing this script ever stores, and only when a visitor asks for it. */
const optOutKey = 'foule-opt-out';

export interface Gate {
  /** Runs `send` now, later when the visitor consents or the page is shown, or never. */
  pass(send: () => void): void;
  methods: Methods;
}

export function createGate(): Gate {
  let required = false;
  let given = false;
  let honourDNT = false;
  let held: Array<() => void> = [];

  const release = () => {
    const waiting = held;
    held = [];
    waiting.forEach(pass);
  };

  const pass = (send: () => void) => {
    if (isOptedOut() || objects(honourDNT)) {
      return;
    }
    if (isPrerendered()) {
      document.addEventListener('prerenderingchange', () => pass(send), { once: true });
    } else if (required && !given) {
      held.push(send);
    } else {
      send();
    }
  };

  const give = () => {
    given = true;
    release();
  };

  return {
    pass,
    methods: {
      // Consent lasts as long as the page: remembering it would take a cookie,
      // so the site's consent tool repeats setConsentGiven on each page.
      requireConsent: () => { required = true; },
      setConsentGiven: give,
      rememberConsentGiven: give,
      forgetConsentGiven: () => { required = true; given = false; held = []; },
      hasConsent: () => given || !required,
      isConsentRequired: () => required,
      hasRememberedConsent: () => false,
      getRememberedConsent: () => null,

      optUserOut: () => setOptOut(true),
      forgetUserOptOut: () => setOptOut(false),
      isUserOptedOut: isOptedOut,
      setDoNotTrack: (on?: unknown) => { honourDNT = !!on; },
    },
  };
}

// Where storage is closed, the wish holds for the page.
let optedOutHere = false;

function isOptedOut(): boolean {
  try {
    return optedOutHere || localStorage.getItem(optOutKey) === '1';
  } catch {
    return optedOutHere;
  }
}

function setOptOut(out: boolean): void {
  optedOutHere = out;
  try {
    if (out) {
      localStorage.setItem(optOutKey, '1');
    } else {
      localStorage.removeItem(optOutKey);
    }
  } catch {
    // The page's own flag stands.
  }
}

/**
 * Global Privacy Control is always an objection, so not even a request is
 * made. Do Not Track is left to the server's setting unless the page asks.
 */
function objects(honourDNT: boolean): boolean {
  const nav = navigator as Navigator & { globalPrivacyControl?: boolean; doNotTrack?: string | null };
  return nav.globalPrivacyControl === true || (honourDNT && /^(1|yes)$/.test(nav.doNotTrack || ''));
}

function isPrerendered(): boolean {
  return (document as Document & { prerendering?: boolean }).prerendering === true;
}
