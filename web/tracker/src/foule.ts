// foule.js, the one-line form: everything that a site wants counted, told by
// the data attributes of its own tag and of the page's elements.

import { onAttention } from './attention';
import { embed } from './embed';
import { listen, nearest, quietly } from './listen';
import { onPages } from './pages';
import { onScroll } from './scroll';
import { send } from './send';
import { measure, navigation } from './timings';
import { Params, encode, newPageViewId, surroundings } from './wire';
import { isOut, setOut } from './wish';

type Command = (...args: any[]) => unknown;
type Api = Command & { q?: Iterable<unknown>[] };

const [endpoint, data] = embed();

const usualFiles = 'pdf docx? xlsx? pptx? od[tsp] csv txt epub zip rar 7z gz tgz exe msi dmg apk mp[34]';
/** Makes a test for texts that end in one of the words. */
const endsIn = (before: string, words: string) => new RegExp(before + '(' + words.replace(/[ ,]+/g, '|') + ')$', 'i');
const isFile = endsIn('\\.', data.files || usualFiles);
const isOwnHost = endsIn('(^|\\.)', location.hostname.replace('www.', '') + ' ' + (data.domains || ''));

/** What every hit says; the page adds dimensions. */
const always: Params = { idsite: data.site, rec: 1, send_image: 0, cs: document.characterSet };
/** What every hit of the current page view says. */
let page: Params = {};
let fullyTimed: unknown;
/** To be called when the next page view begins. */
const renewals: Array<() => void> = [];

function objects(): boolean {
  return isOut('dnt' in data, data.gpc == 'off');
}

function hit(what: Params): void {
  if (!objects()) {
    const timings = BARE || fullyTimed ? {} : measure();
    if (!BARE) {
      fullyTimed = fullyTimed || timings.pf_onl! >= 0;
    }
    send(endpoint, encode({ ...always, ...surroundings(), ...page, ...timings, ...what }));
  }
}

function event(e_c: unknown, e_a: unknown, e_n?: unknown, e_v?: unknown): void {
  hit({ e_c, e_a, e_n, e_v, ca: 1 });
}

function view(action_name = document.title, url = location.href, urlref = document.referrer): void {
  // Only the first page view of a document took it as long as the browser says.
  fullyTimed = fullyTimed || page.url;
  page = BARE ? { url, urlref } : { url, urlref, pv_id: newPageViewId() };
  hit({ action_name });
  renewals.forEach((renew) => renew());
}

const commands: Record<string, Command> = {
  page: view,
  event,
  goal: (idgoal, revenue) => hit({ idgoal, revenue }),
  search: (search, search_cat, search_count) => hit({ search, search_cat, search_count }),
  hit,
  set: (params) => Object.assign(always, params),
  optout: () => setOut(1),
  optin: () => setOut(0),
  optedout: objects,
};

function start(): void {
  if (!BARE && data.heartbeat != 'off') {
    renewals.push(onAttention(() => hit({ ping: 1 }), 1e3, 1e3 * (Number(data.heartbeat) || 30)));
  }
  if (!BARE && 'scroll' in data) {
    renewals.push(onScroll((percent) => event('Scroll', percent + '%', location.pathname)));
  }
  listen('click auxclick submit', onAct);
  if (!('manual' in data)) {
    onPages((referrer) => view(undefined, undefined, referrer), 'hash' in data);
    if ('404' in data || !BARE && navigation()?.responseStatus == 404) {
      event('404', location.pathname, document.referrer.split(/[?#]/)[0]);
    }
  }
}

/** A click or a submitted form: marked elements, forms, downloads and outlinks. */
function onAct(act: MouseEvent | SubmitEvent): void {
  const submits = act.type == 'submit';
  const marked = nearest(act, (element) => element.dataset?.eventAction);
  if (marked && submits == (marked.nodeName == 'FORM')) {
    const { eventCategory, eventAction, eventName, eventValue } = marked.dataset;
    event(eventCategory || act.type, eventAction, eventName, eventValue);
  } else if (submits && 'forms' in data) {
    // Fields called id or name hide the form's own properties, but not its attributes.
    const form = act.target as Element;
    event('Form', 'submit', form.getAttribute('id') || form.getAttribute('name') || location.pathname);
  }
  // Only links have a host; a right click opens nothing.
  const link = (act as MouseEvent).button < 2 && nearest(act, (element) => element.hostname);
  if (link) {
    if (link.hasAttribute('download') || isFile.test(link.pathname)) {
      hit({ download: link.href });
    } else if (!isOwnHost.test(link.hostname)) {
      hit({ link: link.href });
    }
  }
}

// The page may have called before, through a function that keeps calls in its
// q; and another tracker of the page may hear the same calls.
const earlier: Api | undefined = (window as any).foule;
const run: Command = (name: string, ...args) => commands[name]?.(...args);
const api: Api = (...call) => {
  earlier?.(...call);
  return run(...call);
};
api.q = earlier?.q || [];
(window as any).foule = api;

quietly(start);
api.q.forEach((call) => quietly(() => run(...call)));
