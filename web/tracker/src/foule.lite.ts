// foule.lite.js, the smallest form: page views, also of single-page applications, by beacon.

import { embed } from './embed';
import { onPages } from './pages';
import { send } from './send';
import { surroundings } from './wire';
import { isOut } from './wish';

const [endpoint, data] = embed();

onPages((urlref) => {
  if (!isOut('dnt' in data)) {
    send(endpoint, new URLSearchParams({
      idsite: data.site, rec: 1, send_image: 0, action_name: document.title, url: location.href, urlref, ...surroundings(),
    } as any));
  }
}, 'hash' in data);
