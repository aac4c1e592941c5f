// Time spent on the last page: one ping when a period of attention ends.

import { Methods } from './params';

const minSeconds = 5;
const defaultSeconds = 15;

export function heartbeat(ping: () => void): Methods {
  let threshold = 0;
  let listening = false;
  let activeSince = 0;

  const attend = () => {
    activeSince = activeSince || Date.now();
  };
  const leave = () => {
    if (threshold && activeSince && Date.now() - activeSince >= threshold) {
      ping();
    }
    activeSince = 0;
  };

  return {
    ping,
    enableHeartBeatTimer(seconds?: unknown) {
      threshold = Math.max(Number(seconds) || defaultSeconds, minSeconds) * 1000;
      if (!document.hidden) {
        attend();
      }
      if (!listening) {
        listening = true;
        addEventListener('focus', attend);
        addEventListener('blur', leave);
        addEventListener('pagehide', leave);
        document.addEventListener('visibilitychange', () => (document.hidden ? leave() : attend()));
      }
    },
    disableHeartBeatTimer() {
      threshold = 0;
    },
  };
}
