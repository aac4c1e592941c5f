// Clicks on links: downloads and outlinks.

import { listen, nearest } from './listen';
import { Config } from './config';
import { Method, Methods, list } from './values';
import { isOwn } from './urls';

/** What matomo.js takes for a download by its extension. */
const usualDownloads =
  '7z|aac|apk|ar[cj]|as[fx]|avi|azw3|bin|bz2?|csv|deb|dmg|docx?|epub|exe|flv|gif|gz(ip)?|hqx|ibooks|jar|jpe?g|js|md5|mobi|' +
  'mov(ie)?|mp[234]|mpe?g|ms[ip]|od[bfgst]|og[gv]|pdf|phps|png|pptx?|qtm?|ram?|rar|rpm|rtf|sea|sha(256|512)?|si[gt]|tar|' +
  'tbz2?|tgz|torrent|txt|wav|wm[av]|wpd|xlsx?|xml|xz|z(ip)?';

export function links(track: (url: string, type: string) => void, config: Config): Methods {
  let extensions = [usualDownloads];
  let no: string[] = [];
  let listening = false;
  let everyButton = true;

  const typeOf = (link: HTMLAnchorElement): string | undefined => {
    const has = (name: string, own: unknown) =>
      ['matomo_' + name, 'piwik_' + name, ...list(own)].some((c) => link.classList.contains(c));
    const url = new URL(link.href);
    if (has('ignore', config.IgnoreClasses)) {
      return;
    }
    // Anywhere in the path or the query, as matomo.js looks for it.
    const [, extension] = new RegExp('\\.(' + extensions.join('|') + ')(?=[?&]|$)', 'i').exec(url.pathname + url.search) || [];
    if (has('download', config.DownloadClasses) || link.hasAttribute('download') || (extension && !no.includes(extension.toLowerCase()))) {
      return 'download';
    }
    return has('link', config.LinkClasses) || !isOwn(url, list(config.Domains)) ? 'link' : undefined;
  };

  const onClick: Method = (event) => {
    // Only links have a host. A right click is heard as contextmenu.
    const link = (event.type == 'click' || everyButton) && !(event.type == 'auxclick' && event.button > 1) &&
      nearest(event, (element) => element.hostname);
    const type = link && typeOf(link);
    if (type) {
      track(link.href, type);
    }
  };

  return {
    enableLinkTracking(all?: unknown) {
      everyButton = all !== false;
      if (!listening) {
        listening = true;
        listen('click auxclick contextmenu', onClick);
      }
    },
    addListener: (element?: EventTarget) => element?.addEventListener('click', onClick),
    setDownloadExtensions: (only?: unknown) => { extensions = list(only, '|'); },
    addDownloadExtensions(more?: unknown) {
      extensions.push(...list(more, '|'));
      no = no.filter((extension) => !extensions.includes(extension));
    },
    removeDownloadExtensions: (gone?: unknown) => { no.push(...list(gone, '|')); },
  };
}
