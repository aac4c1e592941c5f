// Second opinions for the Go test: what Matomo's rules (node-device-detector) and isbot say
// of real, weighted user agents, and user agents of known bots. One JSON object a line on stdout.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import DeviceDetector from 'node-device-detector';
import { isbot } from 'isbot';

const read = (path) => readFileSync(new URL('node_modules/' + path, import.meta.url));
const readJSON = (path) => JSON.parse(path.endsWith('.gz') ? gunzipSync(read(path)) : read(path));

// Four releases of the same sample, years apart: old browsers and rare devices are in none of them alone.
const SAMPLES = [
  'user-agents/dist/user-agents.json',
  'user-agents-2/src/user-agents.json.gz',
  'user-agents-3/src/user-agents.json.gz',
  'user-agents-4/src/user-agents.json.gz',
];
const PEOPLE = 3000; // different user agents, heaviest first

const detector = new DeviceDetector({ clientIndexes: true, deviceIndexes: true, osIndexes: true, maxUserAgentSize: 1000 });
const major = (v) => (v || '').split('.')[0];

function people() {
  const weights = new Map();
  for (const path of SAMPLES) {
    for (const { userAgent, weight } of readJSON(path)) {
      weights.set(userAgent, (weights.get(userAgent) || 0) + weight / SAMPLES.length);
    }
  }
  // Ties are broken by the text, so that the sample is the same on every run.
  const sorted = [...weights].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return sorted.slice(0, PEOPLE);
}

function describe(ua) {
  const { os, client, device } = detector.detect(ua);
  return {
    type: device.type || '', brand: device.brand || '',
    browser: client.name || '', browserMajor: major(client.version), clientType: client.type || '',
    os: os.name || '', osVersion: os.version || '',
  };
}

const emit = (row) => process.stdout.write(JSON.stringify(row) + '\n');
for (const [ua, weight] of people()) {
  emit({ kind: 'person', ua, weight, ...describe(ua), bot: isbot(ua) });
}
for (const ua of read('../../testdata/agents.txt').toString().split('\n')) {
  if (ua && !ua.startsWith('#')) emit({ kind: 'rare', ua, weight: 1, ...describe(ua), bot: isbot(ua) });
}
for (const { instances, tags } of readJSON('crawler-user-agents/crawler-user-agents.json')) {
  for (const ua of instances) emit({ kind: 'bot', ua, weight: 1, tag: (tags || [''])[0], bot: isbot(ua) });
}
