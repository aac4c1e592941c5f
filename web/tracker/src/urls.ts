// Which URLs belong to the site, and what of a page's URL is sent.

/** Resolves a possibly relative URL against the page; what is no URL comes back as it is. */
export function absolute(url: string): string {
  try {
    return new URL(url, location.href).href;
  } catch {
    return url;
  }
}

/**
 * Says whether a URL lies under a pattern of setDomains: a host, optionally
 * with a path prefix; `*.host` and `.host` cover the host and its sub-domains.
 */
function covers(pattern: string, { hostname, pathname }: URL | Location, anyPath?: boolean): boolean {
  const [, , wild, host, path] = /^([a-z]+:\/\/)?(\*?\.)?([^/:]*)[:\d]*(.*)$/.exec(pattern.toLowerCase())!;
  return (hostname == host || (!!wild && hostname.endsWith('.' + host))) &&
    (anyPath || pathname.toLowerCase().startsWith(path.replace(/\/?\*?$/, '')));
}

/** Says whether a URL is on the page's own host or under one of the site's domains. */
export function isOwn(url: URL, domains: string[]): boolean {
  // A domain that narrows the own host to a path stands in for the whole host.
  return domains.some((domain) => covers(domain, url)) ||
    (url.hostname == location.hostname && !domains.some((domain) => covers(domain, location, true)));
}

/** Empties a referrer that lies under one of the excluded domains. */
export function referrer(url: string, excluded: string[]): string {
  try {
    const parsed = new URL(url);
    return excluded.some((pattern) => covers(pattern, parsed)) ? '' : url;
  } catch {
    return url;
  }
}

/** Cuts the named parameters out of a URL; a name in slashes is a regular expression. */
export function withoutParams(url: string, names: string[]): string {
  if (names.length === 0) {
    return url;
  }
  const tests = names.map((name) => {
    const expression = /^\/(.*)\/i?$/.exec(name);
    return expression ? new RegExp(expression[1], 'i') : name.toLowerCase();
  });
  const excluded = (pair: string) => {
    const name = pair.split('=')[0].toLowerCase();
    return tests.some((test) => (typeof test === 'string' ? test === name : test.test(name)));
  };
  const [, base, query, fragment] = /^([^?#]*)\??([^#]*)(.*)$/.exec(url)!;
  const kept = query.split('&').filter((pair) => pair && !excluded(pair)).join('&');
  return base + (kept && '?' + kept) + fragment;
}
