// How far down people read, without asking the browser for a layout.

import { listen } from './listen';

/**
 * Tells each quarter of the page that comes into view, once, as 25 to 100. The
 * sizes are read in an intersection observer's call, when the browser has just
 * laid the page out. What is given back starts anew with the next page view.
 */
export function onScroll(reached: (percent: number) => void): () => void {
  const root = document.documentElement;
  let quarters = 0;
  const observer = new IntersectionObserver(() => {
    const seen = Math.floor((4 * (scrollY + innerHeight + 1)) / root.scrollHeight);
    while (quarters < 4 && quarters < seen) {
      reached(++quarters * 25);
    }
  });
  const look = () => {
    observer.disconnect();
    observer.observe(root);
  };
  listen('scroll', look);

  return () => {
    quarters = 0;
    look();
  };
}
