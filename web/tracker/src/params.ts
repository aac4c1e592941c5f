// The wire form of one hit: names and values of Matomo's tracking API.

export type Value = string | number | boolean | null | undefined;
export type Params = Record<string, Value>;

/** What the trackers' public methods look like from a queue of calls. */
export type Method = (...args: any[]) => any;
export type Methods = Record<string, Method>;

/**
 * Writes the parameters in their order. Absent values (undefined, null,
 * false, '') are left out, except an empty dimension, which clears its value.
 */
export function encode(params: Params): string {
  const pairs: string[] = [];
  for (const name of Object.keys(params)) {
    const value = params[name];
    const absent = value == null || value === false || (value === '' && !isDimension(name));
    if (!absent) {
      pairs.push(name + '=' + encodeURIComponent(value === true ? '1' : String(value)));
    }
  }
  return pairs.join('&');
}

/**
 * Takes the custom dimensions out of the `customData` argument of a track
 * call; the rest of that object is page data that no report uses.
 */
export function dimensionsOf(customData: unknown): Params {
  const found: Params = {};
  if (customData && typeof customData === 'object') {
    for (const [name, value] of Object.entries(customData)) {
      if (isDimension(name)) {
        found[name] = value;
      }
    }
  }
  return found;
}

function isDimension(name: string): boolean {
  return /^dimension\d+$/.test(name);
}

/** Gives a text trimmed, and '' for what is no text and no number. */
export function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}

/** Gives a number, and undefined for what is none: 0 counts, '' and false do not. */
export function numeric(value: unknown): number | undefined {
  const n = value === '' || typeof value === 'boolean' || value == null ? NaN : Number(value);
  return isFinite(n) ? n : undefined;
}

/** Gives a list from an array, or from one text cut at the separator. */
export function list(value: unknown, separator?: string): string[] {
  const items = Array.isArray(value) ? value : separator ? text(value).split(separator) : [value];
  return items.map(text).filter(Boolean);
}

/**
 * Makes a random text of letters and digits. It names a page view or fills a
 * getter for the life of the page, and is never stored.
 */
export function random(length: number, alphabet: string): string {
  let made = '';
  while (made.length < length) {
    made += alphabet[Math.floor(Math.random() * alphabet.length)];
  }
  return made;
}

export function warn(message: string): void {
  console.warn('matomo.js: ' + message);
}
