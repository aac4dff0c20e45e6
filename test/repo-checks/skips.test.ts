import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { makeFolder } from '../folder.js';

const notes = path.join(makeFolder({ notes: '' }), 'notes');

afterEach(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
});

async function skip(env: Readonly<Record<string, string>>): Promise<boolean> {
  vi.resetModules();
  for (const [name, value] of Object.entries({ KAPADMIN_TEST_NOTES: notes, ...env })) vi.stubEnv(name, value);
  const { hasPrograms } = await import('../programs.js');
  return hasPrograms('a test', ['sh', 'no-such-program']);
}

it('a test that lacks a program fails where CI is set', async () => {
  await expect(skip({ CI: 'true', KAPADMIN_TEST_SKIPS: '' })).rejects.toThrow(
    'a test: SKIPPED, there is no no-such-program',
  );
});

it.each([
  ['on the machine of a developer', { CI: '' }],
  ['where CI cannot have the program', { CI: 'true', KAPADMIN_TEST_SKIPS: 'allowed' }],
])('the run says what was skipped %s', async (_, env) => {
  expect(await skip(env)).toBe(false);
  expect(readFileSync(notes, 'utf8')).toContain('a test: SKIPPED, there is no no-such-program (see');
});
