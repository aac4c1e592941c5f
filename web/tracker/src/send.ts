// The last step: one request that outlives the page.

/** Runs `act` once somebody sees the page: a prerendered one may never be. */
export function whenShown(act: () => void): void {
  if ((document as any).prerendering) {
    document.addEventListener('prerenderingchange', act, { once: true });
  } else {
    act();
  }
}

/**
 * Hands a hit over, by beacon or, where that is switched off or full, by
 * fetch. The parameters travel in the body, where access logs do not see them.
 * The answer is never read, and nobody complains if a blocker steps in.
 */
export function send(endpoint: string, body: URLSearchParams): void {
  whenShown(() => {
    if (!navigator.sendBeacon?.(endpoint, body)) {
      fetch(endpoint, { method: 'POST', body, mode: 'no-cors', credentials: 'include', keepalive: true }).catch(() => {});
    }
  });
}
