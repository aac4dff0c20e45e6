import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { oversized, senseless, unreadable } from './bad-files.js';
import { badServers } from './bad-servers.js';
import { faulty } from './config/expected.js';
import { texts } from './texts.js';

const configurations = Object.keys(faulty).map((name) => {
  return readFileSync(path.join(import.meta.dirname, 'config/faulty', `${name}.conf`), 'utf8');
});
const files = [...unreadable, ...oversized, ...senseless].map(({ name }) => name);
const servers = badServers.map(({ name }) => name);

it('the corpus holds over 300 bad inputs and bad servers, none of them twice', () => {
  for (const rows of [[...texts.values()], files, servers]) expect(new Set(rows).size).toBe(rows.length);
  const rows = [...texts.values(), ...new Set(configurations), ...files, ...servers];
  expect(texts.size + files.length + servers.length).toBeGreaterThan(200);
  expect(rows.length).toBeGreaterThan(300);
});
