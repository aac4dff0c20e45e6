import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt, root } from '../../.tools/fresh.mjs';
import { inTerminal, registerSecret, withSandbox } from './harness.js';

const readme = readFileSync(path.join(root, 'README.md'), 'utf8');

/** The words of the README's command that begins so. */
function wordsOf(beginning: string): readonly string[] {
  const line = readme.split('\n').find((each) => each.startsWith(beginning)) ?? '';
  return line.split(' ').slice(1);
}

beforeAll(ensureBuilt);

describe('the README', () => {
  it('leads a newcomer to a user and a tested login', () =>
    withSandbox({}, async ({ env }) => {
      const password = registerSecret('Pa5sw0Rd of a newcomer');
      const created = await inTerminal(wordsOf('kapadmin user create'), { env }, async (terminal) => {
        await terminal.sees(/password/i);
        terminal.type(password);
        terminal.press('enter');
        await terminal.sees(/Confirm password/);
        terminal.type(password);
        terminal.press('enter');
      });
      expect(created).toMatchObject({ code: 0, screen: expect.stringContaining('granted KapacitorAPI') });
      const tested = await inTerminal(wordsOf('kapadmin auth test'), { env }, async (terminal) => {
        await terminal.sees(/password/i);
        terminal.type(password);
        terminal.press('enter');
      });
      expect(tested).toMatchObject({ code: 0, screen: expect.stringMatching(/^allowed$/m) });
    }));
});
