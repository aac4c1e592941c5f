// Clicks on links: downloads and outlinks.

import { Methods, list } from './params';
import { isOwn } from './urls';

/** What matomo.js takes for a download by its extension. */
const downloadExtensions =
  '7z|aac|apk|arc|arj|asc|asf|asx|avi|azw3|bin|bz|bz2|csv|deb|dmg|doc|docx|epub|exe|flv|gif|gz|gzip|hqx|ibooks|jar|' +
  'jpg|jpeg|js|md5|mobi|mov|movie|mp2|mp3|mp4|mpeg|mpg|msi|msp|odb|odf|odg|ods|odt|ogg|ogv|pdf|phps|png|ppt|pptx|qt|' +
  'qtm|ra|ram|rar|rpm|rtf|sea|sha|sha256|sha512|sig|sit|tar|tbz|tbz2|tgz|torrent|txt|wav|wma|wmv|wpd|xls|xlsx|xml|xz|z|zip';

type LinkType = 'link' | 'download';
type Track = (url: string, type: LinkType) => void;

export function links(track: Track, domains: () => string[]): Methods {
  let extensions = downloadExtensions.split('|');
  let downloadClasses: string[] = [];
  let linkClasses: string[] = [];
  let ignoreClasses: string[] = [];
  let listening = false;
  let everyButton = true;

  const typeOf = (anchor: HTMLAnchorElement | HTMLAreaElement): LinkType | undefined => {
    const has = (name: string, own: string[]) =>
      ['matomo_' + name, 'piwik_' + name, ...own].some((c) => anchor.classList.contains(c));
    const { href } = anchor;
    if (has('ignore', ignoreClasses) || !/^(https?|ftp):/i.test(href)) {
      return undefined;
    }
    if (has('download', downloadClasses) || anchor.hasAttribute('download') || hasExtension(href, extensions)) {
      return 'download';
    }
    return has('link', linkClasses) || !isOwn(new URL(href), domains()) ? 'link' : undefined;
  };

  const onClick = (event: Event) => {
    const anchor = anchorOf(event);
    const type = anchor && typeOf(anchor);
    if (anchor && type) {
      track(anchor.href, type);
    }
  };
  const onOtherButton = (event: Event) => {
    // auxclick comes for every other button; a right click is heard as contextmenu.
    if (everyButton && (event.type !== 'auxclick' || (event as MouseEvent).button === 1)) {
      onClick(event);
    }
  };

  return {
    enableLinkTracking(all?: unknown) {
      everyButton = all !== false;
      if (!listening) {
        listening = true;
        // Capturing, so that a page that stops the event is still heard.
        document.addEventListener('click', onClick, true);
        document.addEventListener('auxclick', onOtherButton, true);
        document.addEventListener('contextmenu', onOtherButton, true);
      }
    },
    addListener: (element?: EventTarget) => element?.addEventListener('click', onClick),
    setDownloadExtensions: (value?: unknown) => { extensions = list(value, '|'); },
    addDownloadExtensions: (value?: unknown) => { extensions = extensions.concat(list(value, '|')); },
    removeDownloadExtensions: (value?: unknown) => {
      const gone = list(value, '|');
      extensions = extensions.filter((extension) => !gone.includes(extension));
    },
    setDownloadClasses: (value?: unknown) => { downloadClasses = list(value); },
    setLinkClasses: (value?: unknown) => { linkClasses = list(value); },
    setIgnoreClasses: (value?: unknown) => { ignoreClasses = list(value); },
  };
}

/** Finds the link that was clicked, also inside open shadow roots. */
function anchorOf(event: Event): HTMLAnchorElement | HTMLAreaElement | undefined {
  return event.composedPath().find((node): node is HTMLAnchorElement =>
    /^(A|AREA)$/.test((node as Element).nodeName || '') && !!(node as HTMLAnchorElement).href);
}

function hasExtension(url: string, extensions: string[]): boolean {
  const found = /\.([a-z0-9]+)(?=$|[?&#])/gi;
  const path = url.replace(/^[a-z]+:\/\/[^/?#]*/i, '');
  for (let match = found.exec(path); match; match = found.exec(path)) {
    if (extensions.includes(match[1].toLowerCase())) {
      return true;
    }
  }
  return false;
}
