// Notes every use that a script makes of the web platform.

/**
 * Runs in a page before its scripts. It wraps what every interface of the
 * browser offers, accessors, methods and constructors, and the window's own
 * properties, and notes in `window.used` each one that a script under a name
 * of `scripts` touched, as "Interface.member". What cannot be wrapped, such
 * as `location` and `document`, is not noted.
 */
export function watch(scripts) {
  const used = new Set();
  Object.defineProperty(window, 'used', { value: used });
  const note = (what) => {
    const { stack } = new Error();
    if (scripts.some((script) => stack.includes(script))) {
      used.add(what);
    }
  };
  const ofLanguage = new Set(['Map', 'Set', 'WeakMap', 'WeakSet', 'WeakRef', 'FinalizationRegistry', 'Promise', 'Symbol', 'ArrayBuffer',
    'SharedArrayBuffer', 'DataView', 'BigInt', 'Iterator', 'DisposableStack', 'AsyncDisposableStack', 'SuppressedError', 'WebAssembly']);

  const wrap = (owner, member, label) => {
    const property = Object.getOwnPropertyDescriptor(owner, member);
    if (!property?.configurable) {
      return;
    }
    const { get, set, value } = property;
    if (get) {
      property.get = function () {
        note(label);
        return get.call(this ?? window);
      };
    }
    if (set) {
      property.set = function (given) {
        note(label + '=');
        return set.call(this ?? window, given);
      };
    }
    if (typeof value === 'function') {
      property.value = new Proxy(value, {
        apply(target, self, args) {
          note(label);
          return Reflect.apply(target, self ?? window, args);
        },
        construct(target, args, newTarget) {
          note('new ' + label);
          return Reflect.construct(target, args, newTarget);
        },
      });
    }
    Object.defineProperty(owner, member, property);
  };

  // Chromium has no such property yet; whoever asks for it is to be seen.
  Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { configurable: true, enumerable: true, get: () => false });

  const names = Object.getOwnPropertyNames(window);
  const done = new Set(); // Image is HTMLImageElement by another name
  for (const name of names) {
    const made = Object.getOwnPropertyDescriptor(window, name).value;
    const prototype = typeof made === 'function' && made.prototype;
    if (prototype && Object.hasOwn(prototype, Symbol.toStringTag) && !ofLanguage.has(name) && !done.has(prototype)) {
      done.add(prototype);
      for (const member of Object.getOwnPropertyNames(prototype)) {
        if (member !== 'constructor') {
          wrap(prototype, member, `${prototype[Symbol.toStringTag]}.${String(member)}`);
        }
      }
    }
  }
  for (const name of names) {
    const isOfLanguage = ofLanguage.has(name) || /^(Object|Function|Array|Number|Boolean|String|Date|RegExp|Proxy|eval|used|.*(Error|Array)|(en|de)codeURI.*|parse.*|is(NaN|Finite)|(un)?escape)$/.test(name);
    if (!isOfLanguage) {
      wrap(window, name, name);
    }
  }
  // The language tells the time zone and the locale.
  for (const member of ['getTimezoneOffset', 'toString', 'toLocaleString', 'toLocaleDateString', 'toLocaleTimeString']) {
    wrap(Date.prototype, member, 'Date.' + member);
  }
  for (const member of Object.getOwnPropertyNames(Intl)) {
    wrap(Intl, member, 'Intl.' + member);
  }
}
