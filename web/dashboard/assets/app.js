// @ts-check
// The dashboard is complete without this file. It adds: the live count, news
// of the first hit, the chart's tooltip and arrow keys, tabs that change without a new page, a copy
// button, a page that comes back by itself, and menus that close when one clicks elsewhere.

const all = (selector, root = document) => [...root.querySelectorAll(selector)];

/* Live count: asked for every ten seconds while the page is in view. */

const liveEvery = 10_000;

async function live() {
  const count = document.querySelector('[data-live]');
  const url = count?.getAttribute('data-live');
  if (!count || !url || document.hidden) return;
  try {
    const answer = await fetch(url, { headers: { Accept: 'application/json' } });
    if (!answer.ok) return;
    const now = await answer.json();
    count.textContent = now.text;
    count.parentElement.classList.toggle('idle', !now.visitors);
  } catch {
    // Offline or restarting: the next round asks again.
  }
}
setInterval(live, liveEvery);
document.addEventListener('visibilitychange', live);

/* Installation: looks every three seconds whether a hit has come. What is said
   changes within its element, so that it is read out and nothing else moves. */

async function arrived() {
  if (document.hidden) return;
  try {
    const answer = await fetch(location.href, { headers: { Accept: 'text/html' } });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    for (const selector of ['#arrival p', '#left']) {
      const [here, there] = [document, page].map((side) => side.querySelector(selector));
      if (here && there && here.innerHTML !== there.innerHTML) here.replaceChildren(...there.childNodes);
    }
    const [here, there] = [document, page].map((side) => side.querySelector('#arrival'));
    if (!here || !there) return;
    here.className = there.className;
    if (!there.matches('.ok')) return;
    clearInterval(waiting);
    here.append(...there.querySelectorAll('a'));
    document.querySelector('[data-late]')?.remove();
  } catch {
    // The next round asks again.
  }
}
let waiting = 0;
if (document.querySelector('[data-arrival]:not(.ok)')) {
  waiting = setInterval(arrived, 3000);
  // Who waits for half a minute wants to know what to look at.
  setTimeout(() => document.querySelector('[data-late]')?.setAttribute('open', ''), 30_000);
}

/* A page that could not be shown: asked for again while it is in view, ever more
   seldom, and shown in place of this one when it is there. */

const longestWait = 60;

function again(section) {
  section.querySelector('[data-again-text]').hidden = false;
  let wait = Number(section.dataset.again);
  const look = async () => {
    try {
      if (!document.hidden && (await fetch(location.href)).status !== 503) return location.reload();
    } catch {
      // Offline: the next round asks again.
    }
    wait = Math.min(longestWait, wait * 1.5);
    setTimeout(look, wait * 1000);
  };
  setTimeout(look, wait * 1000);
}
all('[data-again]').forEach(again);

/* Chart: a tooltip under the pointer, or under the point that arrow keys chose. */

function chart(figure) {
  const svg = figure.querySelector('svg');
  const points = all('.pt', svg);
  if (!points.length) return;
  const tip = document.createElement('div');
  tip.className = 'tip';
  tip.hidden = true;
  tip.setAttribute('role', 'status');
  figure.append(tip);
  all('title', svg).forEach((title) => title.remove()); // the browser's own tooltip would cover ours
  let at = -1;

  const line = (tag, text) => {
    const element = document.createElement(tag);
    element.textContent = text;
    return element;
  };
  const show = (i) => {
    if (i === at) return;
    points[at]?.classList.remove('on');
    at = i;
    const point = points[i];
    tip.hidden = !point;
    if (!point) return;
    point.classList.add('on');
    const { name, value, before, beforeName } = point.dataset;
    tip.replaceChildren(line('span', name), line('b', value));
    if (before) tip.append(line('span', `${beforeName}: ${before}`));
    const box = figure.getBoundingClientRect();
    const mark = point.querySelector('line').getBoundingClientRect();
    const x = mark.left - box.left;
    const right = x + 12 + tip.offsetWidth <= box.width;
    tip.style.left = `${Math.max(4, right ? x + 12 : x - 12 - tip.offsetWidth)}px`;
  };
  svg.addEventListener('pointermove', (event) => {
    const box = svg.getBoundingClientRect();
    const i = Math.floor(((event.clientX - box.left) / box.width) * points.length);
    show(Math.min(points.length - 1, Math.max(0, i)));
  });
  svg.addEventListener('pointerleave', () => show(-1));
  svg.addEventListener('blur', () => show(-1));
  svg.addEventListener('keydown', (event) => {
    const to = { ArrowLeft: Math.max(0, at - 1), ArrowRight: Math.min(points.length - 1, at + 1), Home: 0, End: points.length - 1, Escape: -1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    show(to);
  });
}

/* Tabs, cards and steps: fetch the page they lead to, take one part of it. */

let latest = 0;

async function swap(url, selector) {
  const mine = ++latest;
  try {
    const answer = await fetch(url, { headers: { Accept: 'text/html' } });
    if (!answer.ok || answer.redirected) throw new Error('not the page');
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const here = document.querySelector(selector);
    const there = page.querySelector(selector);
    if (!here || !there) throw new Error('no such part');
    if (mine !== latest) return;
    here.replaceWith(there);
    history.replaceState(null, '', url.split('#')[0]);
    renew(page, there);
    ready(there);
    (there.querySelector('[aria-current]') ?? there).focus({ preventScroll: true });
  } catch {
    location.assign(url);
  }
}

/* What stands outside the part carries the old choice in its links: take over the new page's. */
function renew(page, part) {
  const fresh = all('a', page); // the part has left it
  const old = all('a').filter((a) => !part.contains(a));
  if (fresh.length === old.length) old.forEach((a, i) => a.setAttribute('href', fresh[i].getAttribute('href')));
  const form = page.querySelector('.custom');
  if (form) document.querySelector('.custom')?.replaceWith(form);
}

document.addEventListener('click', (event) => {
  const target = /** @type {Element} */ (event.target);
  all('details.menu[open], details.why[open]').forEach((menu) => {
    if (!menu.contains(target)) menu.removeAttribute('open');
  });
  const a = target.closest('a[data-swap]');
  if (!a || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  swap(a.getAttribute('href'), a.getAttribute('data-swap'));
});

/* Keys: Escape closes menus, / goes to the search, arrows turn periods. */

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'Escape') {
    all('details.menu[open], details.why[open]').forEach((menu) => {
      menu.removeAttribute('open');
      menu.querySelector('summary').focus();
    });
    return;
  }
  if (/** @type {Element} */ (event.target).closest('input, select, textarea, [tabindex="0"]')) return;
  if (event.key === '/') {
    const search = /** @type {HTMLElement} */ (document.querySelector('[data-search]'));
    if (search) {
      event.preventDefault();
      search.focus();
    }
  }
  const turn = { ArrowLeft: 'prev', ArrowRight: 'next' }[event.key];
  if (turn) /** @type {HTMLElement} */ (document.querySelector(`.range a[rel=${turn}]`))?.click();
});

/* Copy buttons. */

function copyable(block) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'btn';
  button.textContent = block.dataset.copy;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(block.querySelector('code').textContent);
    button.textContent = block.dataset.copied;
    setTimeout(() => (button.textContent = block.dataset.copy), 2000);
  });
  block.append(button);
}

function ready(root) {
  all('[data-chart]', root).forEach(chart);
  if (navigator.clipboard) all('[data-copy]', root).forEach(copyable);
}
ready(document);
