// Listening without ever being in the page's way.

/** Runs `act`; what goes wrong in it is ours alone: neither the page nor its error reports hear of it. */
export function quietly(act: () => void): void {
  try {
    act();
  } catch {
    // A hit less is no reason to disturb anyone.
  }
}

/** Hears events, their names parted by blanks, wherever they happen, also where the page stops them on their way. */
export function listen(names: string, heard: (event: any) => void): void {
  for (const name of names.split(' ')) {
    addEventListener(name, (event) => quietly(() => heard(event)), true);
  }
}

/** Finds the nearest element of an event that is wanted, also inside open shadow roots. */
export function nearest(event: Event, wanted: (element: any) => unknown): any {
  return event.composedPath().find(wanted);
}

/** Runs `act` once all of the page's elements are there. */
export function whenReady(act: () => void): void {
  if (document.readyState == 'loading') {
    document.addEventListener('DOMContentLoaded', act, { once: true });
  } else {
    act();
  }
}
