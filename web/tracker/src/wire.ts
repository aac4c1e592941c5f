// The wire form of one hit: names and values of Matomo's tracking API.

export type Params = Record<string, unknown>;

/**
 * Writes parameters as a form. Absent values (undefined, null, false, '') are
 * left out, except an empty dimension, which clears its value.
 */
export function encode(params: Params): URLSearchParams {
  const form = new URLSearchParams();
  for (const name in params) {
    const value = params[name];
    if (value || value === 0 || (value === '' && name.startsWith('dimension'))) {
      form.append(name, String(value));
    }
  }
  return form;
}

/** Makes a page view's name: random, in no storage, gone with the page. */
export function newPageViewId(): string {
  // From 1e9 to 2e9 base 36 takes six digits.
  return Math.floor(1e9 * (1 + Math.random())).toString(36);
}

/** Says what a hit tells of the device: the screen, and the hour on its clock. */
export function surroundings(): Params {
  return BARE ? {} : { h: new Date().getHours(), res: screen.width + 'x' + screen.height };
}
