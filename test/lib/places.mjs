// Addresses of one machine that a browser takes for different sites. Chromium
// leads every name under .localhost to this machine and trusts it like HTTPS,
// so that Secure cookies and storage behave as they do on the open web.

/** Gives a server's base URL under another host name. */
export function at(host, base) {
  const url = new URL(base);
  url.hostname = host;
  return url.href;
}

/** Waits for the answer to the next hit of a page, and gives its request. */
export async function nextHit(page, act) {
  const coming = page.waitForResponse((response) => new URL(response.url()).pathname === '/matomo.php');
  const [response] = await Promise.all([coming, Promise.resolve().then(act)]);
  return response.request();
}
