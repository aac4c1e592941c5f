// The visitor's wish not to be counted.

/**
 * The one thing that is ever stored, in the first party, and only when a
 * visitor asks for it: '1' under this name in localStorage. Every form of the
 * script looks it up before each hit.
 */
const optOutKey = 'foule-opt-out';

// Where storage is closed, the wish holds for the page.
let outHere: unknown;

/**
 * Says whether nothing may be sent. Global Privacy Control is an objection
 * unless the page leaves it to the server; Do Not Track is one if the page says so.
 */
export function isOut(honourDNT: unknown, leaveGPC?: unknown): boolean {
  const { globalPrivacyControl, doNotTrack } = navigator as any;
  let stored;
  try {
    stored = localStorage.getItem(optOutKey);
  } catch {
    // Closed.
  }
  return !!(stored || outHere || (globalPrivacyControl && !leaveGPC) || (honourDNT && doNotTrack == 1));
}

/** Keeps the wish, or with `out` false forgets it. */
export function setOut(out: unknown): void {
  outHere = out;
  try {
    if (out) {
      localStorage.setItem(optOutKey, '1');
    } else {
      localStorage.removeItem(optOutKey);
    }
  } catch {
    // outHere stands.
  }
}
