// What a page sets. Most methods of matomo.js are setters and getters; they
// need no code of their own.

import { Method, Methods, warn } from './values';

/**
 * A tracker's settings by the names of their methods: setDocumentTitle keeps
 * its argument as DocumentTitle, which getDocumentTitle gives; enableX and
 * disableX keep true and false as X; any other method keeps its argument under
 * its whole name.
 */
export type Config = Record<string, any>;

/**
 * Completes a tracker's methods by all others, also by names yet to come. What
 * nobody reads from the settings, such as a user id or a cookie's domain, has
 * no effect beyond its getter: it is never sent, and gone with the page.
 */
export function withSettings(methods: Methods, config: Config): Methods {
  return new Proxy(methods, {
    // An awaited tracker would never settle if it had a `then`.
    get: (own, name) => name == 'then' ? undefined : guarded(own[name as string] || setting(String(name), config)),
  });
}

/** Whatever goes wrong in a method, the page that called it goes on. */
function guarded(method: Method): Method {
  return (...args) => {
    try {
      return method(...args);
    } catch (problem) {
      warn(problem);
    }
  };
}

function setting(name: string, config: Config): Method {
  const [, verb, what] = /^(get|set|enable|disable|is|has|are)([A-Z].*)/.exec(name) || [0, '', name];
  return (value) => {
    if (verb == 'get') {
      return config[what];
    }
    if (/^(is|has|are)/.test(verb)) {
      return false;
    }
    config[what] = verb == 'enable' || (verb != 'disable' && value);
  };
}
