import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../../.tools/fresh.mjs';

// Where files share a process (test/vitest.config.ts), a hook of a module belongs to the first file that loads it.
it('no helper has a hook of Vitest for the file that loads it', () => {
  const tests = path.join(root, 'test');
  const helpers = readdirSync(tests, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.startsWith('flows/harness/'),
  );
  const hooks = helpers.filter((file) =>
    /^(?:before|after)(?:All|Each)\(/m.test(readFileSync(path.join(tests, file), 'utf8')),
  );
  expect(hooks).toEqual(['setup.ts']);
});
