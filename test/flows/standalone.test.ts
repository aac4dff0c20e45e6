import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../../.tools/fresh.mjs';
import { makeFolder } from '../folder.js';
import { buildStandalone, standaloneAt } from '../standalone.js';

it('the executable that needs no Node is built and runs', () => {
  const executable = buildStandalone();
  const beside = { cwd: path.dirname(executable), encoding: 'utf8' } as const;
  expect(execFileSync('sha256sum', ['--check', 'kapadmin.sha256'], beside)).toBe('kapadmin: OK\n');
  const { run } = standaloneAt(executable, makeFolder());
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
  expect(run(['--version'])).toBe(`${version}\n`);
  expect(run(['permission', 'list', '-o', 'yaml'])).toContain('name: KapacitorAPI\n');
  expect(readFileSync(path.join(path.dirname(executable), 'THIRD-PARTY-LICENSES.txt'), 'utf8')).toMatch(/^undici \d/m);
}, 60_000);
