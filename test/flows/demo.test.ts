import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { ensureBuilt } from '../../.tools/fresh.mjs';
import { withOutput } from '../../.tools/readme.mjs';

const root = path.join(import.meta.dirname, '../..');

beforeAll(ensureBuilt);

it('the README shows what the demo prints', () => {
  const demo = spawnSync(process.execPath, [path.join(root, '.tools/demo.mjs')], { encoding: 'utf8' });
  expect(demo.stderr).toBe('');
  expect(demo.status).toBe(0);
  const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
  expect(readme).toBe(withOutput(readme, demo.stdout));
});
