// @ts-check
/*! Foule: the choice not to be counted. Stores nothing but that choice, and only when asked. */
(function (told) {
  'use strict';

  /** The key that the tracker script looks at before it sends anything. */
  const key = 'foule-opt-out';
  const tag = document.currentScript instanceof HTMLScriptElement ? document.currentScript : null;
  const data = tag ? tag.dataset : {};

  function start() {
    const place = document.getElementById(data.div || told.div);
    if (!place) {
      console.warn('Foule opt-out: there is no element with the id "' + (data.div || told.div) + '"');
      return;
    }
    if (place.dataset.fouleOptOut !== undefined) return; // the script stands twice in the page
    place.dataset.fouleOptOut = '';
    show(place);
  }

  function show(place) {
    const lang = languageOf(place);
    const words = told.words[lang];
    place.lang = lang;
    for (const name in told.style || {}) place.style.setProperty(name, told.style[name]);

    const intro = document.createElement('p');
    intro.textContent = words.intro;
    const state = document.createElement('p');
    state.setAttribute('role', 'status');
    state.className = 'foule-opt-out-state';
    state.style.fontWeight = '600';
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'foule-opt-out-button';
    button.style.cssText = 'font:inherit;min-height:44px;padding:.4em 1em;cursor:pointer';
    const note = document.createElement('p');
    note.textContent = words.here;
    note.className = 'foule-opt-out-note';
    note.style.fontSize = '.875em';

    const draw = () => {
      const no = saidNo();
      const asked = browserAsks();
      const open = no !== undefined;
      state.textContent = words[asked || (no ? 'out' : !open ? 'closed' : dnt() ? 'dntignored' : 'counted')];
      button.textContent = words[no ? 'take' : asked ? 'also' : 'say'];
      button.hidden = note.hidden = !open;
    };
    button.addEventListener('click', () => {
      keep(!saidNo());
      draw();
    });
    // The same choice in another tab of this website.
    addEventListener('storage', (event) => event.key === key && draw());
    // A page from the back-forward cache shows what was true when it was left.
    addEventListener('pageshow', draw);

    // The status has to be in the page before it speaks.
    place.replaceChildren(...(told.intro ? [intro] : []), state, button, note);
    draw();
  }

  function languageOf(place) {
    const near = place.closest('[lang]');
    const wanted = [told.language, data.lang, near && near.getAttribute('lang'), ...navigator.languages, 'en'];
    for (const tag of wanted) {
      const base = String(tag || '').toLowerCase().split('-')[0];
      if (told.words[base]) return base;
    }
    return 'en';
  }

  const dnt = () => /^(1|yes)$/.test(String(navigator.doNotTrack || ''));

  /** What the browser says to every website: 'gpc', 'dnt' if that is respected here, or ''. */
  function browserAsks() {
    if (/** @type {any} */ (navigator).globalPrivacyControl === true) return 'gpc';
    return dnt() && !told.ignoresDNT ? 'dnt' : '';
  }

  /** Whether this browser holds a no; undefined if it keeps nothing for this website. */
  function saidNo() {
    try {
      return localStorage.getItem(key) === '1';
    } catch {
      return undefined;
    }
  }

  function keep(no) {
    try {
      if (no) localStorage.setItem(key, '1');
      else localStorage.removeItem(key);
    } catch {
      return; // full or closed: the state shows what is so
    }
    // A tracker that runs in this very page may have been told otherwise before.
    const { foule, _paq } = /** @type {any} */ (window);
    if (typeof foule === 'function') foule(no ? 'optout' : 'optin');
    if (_paq && typeof _paq.push === 'function') _paq.push([no ? 'optUserOut' : 'forgetUserOptOut']);
  }

  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start);
  else start();
});
