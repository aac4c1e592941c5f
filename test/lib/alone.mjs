// A browser that nobody drives: its pages act by themselves and report to their
// server. Tools that steer a browser switch off or disturb what is tested so:
// the back-forward cache, and pages that are shown after having been prerendered.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { poll } from './env.mjs';
import { executablePath, quiet, userAgent } from './browser.mjs';

/** Shows a page until `done()` gives a value, and gives that; a minute at most. */
export async function browseAlone(url, done) {
  const profile = await mkdtemp(join(tmpdir(), 'foule-browser-'));
  const browser = spawn(executablePath, ['--headless=new', `--user-data-dir=${profile}`, `--user-agent=${userAgent}`, '--lang=en-GB', ...quiet, url], { stdio: 'ignore' });
  const ended = new Promise((resolve) => browser.once('exit', resolve));
  try {
    return await poll('the page that acts by itself', 60, done);
  } finally {
    browser.kill();
    await ended;
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
