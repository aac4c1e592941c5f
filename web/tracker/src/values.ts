// What pages hand over as arguments, and what becomes of it.

/** What the trackers' public methods look like from a queue of calls. */
export type Method = (...args: any[]) => any;
export type Methods = Record<string, Method>;

/** Gives a text trimmed, and '' for what is no text and no number. */
export function text(value: unknown): string {
  return /^[sn]/.test(typeof value) ? String(value).trim() : '';
}

/** Gives a number, and undefined for what is none: 0 counts, '' and false do not. */
export function numeric(value: unknown): number | undefined {
  return text(value) && isFinite(Number(value)) ? Number(value) : undefined;
}

/** Gives a list from an array, or from one text, cut at the separator if there is one. */
export function list(value: unknown, separator?: string): string[] {
  const items = separator && text(value) ? text(value).split(separator) : [value];
  return items.flat().map(text).filter(Boolean);
}

export function warn(problem: unknown): void {
  console.warn('matomo.js:', problem);
}
