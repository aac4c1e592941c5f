// Content tracking: blocks that a page marks, seen and clicked.

import { listen, nearest, whenReady } from './listen';
import { Methods, text } from './values';
import { Params } from './wire';

/** Attribute names in selectors know no case, so one word serves attribute and class. */
const marked = (what: string) => `[data-content-${what}],.matomoContent${what},.piwikContent${what}`;
const blocks = '[data-track-content],.matomoTrackContent,.piwikTrackContent';

export interface Content {
  /** Lets what was seen on the last page count again. */
  renew(): void;
  methods: Methods;
}

export function createContent(hit: (params: Params, bulk?: boolean) => void): Content {
  let seen = new Set<string>();
  let listening = false;
  let watching: IntersectionObserver | undefined;

  const impression = (c_n: unknown, c_p: unknown, c_t: unknown, c_i?: unknown, bulk?: boolean) => {
    if (text(c_n)) {
      hit({ c_n: text(c_n), c_p: text(c_p) || 'Unknown', c_t: text(c_t), c_i: text(c_i), ca: 1 }, bulk);
    }
  };
  const saw = (block: Element) => {
    const described = describe(block);
    if (seen.size < seen.add(described.join('\n')).size) {
      impression(...described, '', true);
    }
  };
  const interact = (block: Element, interaction?: unknown) => impression(...describe(block), text(interaction) || 'Unknown');

  /** Calls `act` for each block below a node once the page is there, and from then on hears clicks on blocks. */
  const each = (root: ParentNode, act: (block: Element) => void) => whenReady(() => {
    root.querySelectorAll(blocks).forEach(act);
    if (!listening) {
      listening = true;
      listen('click', (event) => {
        const block: Element | undefined = nearest(event, (element) => element.matches?.(blocks));
        const target = block && (part(block, 'Target') || block);
        if (block && target.contains(event.target) && !nearest(event, (element) => element.matches?.(marked('IgnoreInteraction')))) {
          interact(block, 'click');
        }
      });
    }
  });

  return {
    renew: () => seen.clear(),
    methods: {
      trackContentImpression: (name, piece, target) => impression(name, piece, target),
      trackContentInteraction(interaction, name, piece, target) {
        if (text(interaction)) {
          impression(name, piece, target, interaction);
        }
      },
      trackContentInteractionNode: interact,
      trackAllContentImpressions: () => each(document, saw),
      trackContentImpressionsWithinNode: (node: Element) => each(node, saw),
      // The browser says when a block comes into view; there is nothing to ask it every so often.
      trackVisibleContentImpressions() {
        watching = watching || new IntersectionObserver((entries) => entries.forEach(({ isIntersecting, target }) => {
          if (isIntersecting) {
            watching!.unobserve(target);
            saw(target);
          }
        }));
        each(document, (block) => watching!.observe(block));
      },
    },
  };
}

function part(block: Element, what: string): any {
  return block.matches(marked(what)) ? block : block.querySelector(marked(what));
}

/** Gives a block's name, piece and target, from its marks or from what it holds. */
function describe(block: any): [name: string, piece: string, target: string] {
  const value = (what: string) => part(block, what)?.getAttribute('data-content-' + what);
  const within = part(block, 'Piece') || block;
  const piece = value('Piece') || within.src || within.querySelector('[src]')?.src;
  const link = [part(block, 'Target'), block, block.querySelector('a')].find((element) => element?.href);
  return [value('Name') || piece || block.title || 'Unknown', piece, value('Target') || link?.href];
}
