// The one-line embed: <script defer src=".../matomo.js" data-site="1"></script>

import { Methods } from './params';

export interface Embed {
  /** Where hits go, beside the script unless data-endpoint names another place. */
  endpoint: string;
  /** The site's number, '' if the page configures the script through _paq. */
  site: string;
  /** Routes live in the fragment (data-hash). */
  hash: boolean;
}

/** Reads the script's own tag; only possible while the script is first run. */
export function readEmbed(): Embed {
  const script = document.currentScript as HTMLScriptElement | null;
  const { site = '', endpoint = 'matomo.php', hash } = script?.dataset || {};
  return { endpoint: script?.src ? new URL(endpoint, script.src).href : '', site, hash: hash !== undefined };
}

/** Frameworks set the title after the address; several steps in a row are one page. */
const settleMs = 100;

/** Counts the page, and each further page that the site shows without loading it. */
export function trackByItself(tracker: Methods, embed: Embed): void {
  const place = () => location.pathname + location.search + (embed.hash ? location.hash : '');
  let counted = place();
  let countedUrl = location.href;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const count = () => {
    if (place() === counted) {
      return;
    }
    tracker.setReferrerUrl(countedUrl);
    counted = place();
    countedUrl = location.href;
    tracker.trackPageView();
  };
  const moved = () => {
    clearTimeout(timer);
    timer = setTimeout(count, settleMs);
  };

  const pushState = history.pushState;
  history.pushState = function (...args) {
    pushState.apply(this, args);
    moved();
  };
  addEventListener('popstate', moved);
  addEventListener('hashchange', moved);
  // A page that comes back from the back-forward cache runs no script anew.
  addEventListener('pageshow', (event) => {
    if (event.persisted) {
      tracker.trackPageView();
    }
  });

  tracker.enableLinkTracking();
  tracker.trackPageView();
}
