// What the scripts are told by their environment.

/** Reads a variable that the script cannot do without. */
export function need(name) {
  const value = process.env[name];
  if (!value) {
    console.error(`${name} is not set; the script needs it (see test/README.md)`);
    process.exit(2);
  }
  return value;
}

export const trackingUrl = () => need('TRACKING_URL').replace(/\/?$/, '/');
export const siteId = () => process.env.SITE_ID || '1';

/** Tries `attempt` until it gives a value, at most `seconds` long. */
export async function poll(what, seconds, attempt) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const value = await attempt();
    if (value !== undefined) {
      return value;
    }
    if (Date.now() > end) {
      throw new Error(`${what}: not within ${seconds} s`);
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
