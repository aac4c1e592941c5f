// When a page begins: on load, and each time that a site shows another without loading it.

/** Frameworks set the title after the address; several steps in a row are one page. */
const settleMs = 100;

/**
 * Calls `count` now and for each further page, with the address it was reached
 * from. A page is a path and a query; with `byHash` also a fragment. What
 * replaceState does to the query alone (filters, a search as it is typed) is no new page.
 */
export function onPages(count: (referrer: string) => void, byHash: boolean): void {
  let referrer = document.referrer;
  let path: string | undefined;
  let query: string;
  let timer: number;
  let queryMatters: unknown;

  const look = () => {
    const [oldPath, oldQuery] = [path, query];
    path = location.pathname + (byHash ? location.hash : '');
    query = location.search;
    if (path !== oldPath || (queryMatters && query !== oldQuery)) {
      count(referrer);
      referrer = location.href;
    }
    queryMatters = 0;
  };
  const moved = (really: unknown) => {
    queryMatters = queryMatters || really;
    clearTimeout(timer);
    timer = setTimeout(look, settleMs);
  };
  const follow = (step: 'pushState' | 'replaceState', really: number) => {
    const original = history[step];
    history[step] = function (...args) {
      original.apply(this, args);
      moved(really);
    };
  };

  follow('pushState', 1);
  follow('replaceState', 0);
  addEventListener('popstate', moved);
  addEventListener('hashchange', moved);
  // A page that comes back from the back-forward cache runs no script anew.
  addEventListener('pageshow', (event) => {
    if (event.persisted) {
      path = undefined;
      look();
    }
  });
  look();
}
