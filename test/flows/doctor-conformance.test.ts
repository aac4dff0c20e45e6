import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SandboxOptions } from '../../src/sandbox/options.js';
import { makeFolder } from '../folder.js';
import { inTerminal, kapadmin, type SandboxUse, start, withSandbox } from './harness.js';

const words = ['doctor', '--conformance', 'report.json'];

/** Names of all users and roles but the admin. */
async function leftIn({ env }: SandboxUse): Promise<readonly string[]> {
  const lists = await Promise.all(['user', 'role'].map((noun) => kapadmin([noun, 'list', '-o', 'name'], { env })));
  return lists.flatMap(({ stdout }) => stdout.split('\n').filter((name) => name !== '' && name !== 'admin'));
}

/** Each response takes a while: there is time for a signal. */
const slow: SandboxOptions = {
  faults: { seed: 1, plan: { reset: 0, unavailable: 0, truncate: 0, garbage: 0, delay: 100 } },
};

describe('doctor --conformance', () => {
  it('asks on a terminal, then writes a report and leaves nothing', () =>
    withSandbox({}, async (sandbox) => {
      const home = makeFolder();
      const options = { env: sandbox.env, home, columns: 200 };
      const { code, screen } = await inTerminal([...words, '--wait', '0'], options, async (terminal) => {
        await terminal.sees('Create and delete temporary users and roles (kapadmin-probe-...)? Type "yes" to continue');
        terminal.type('yes');
        terminal.press('enter');
      });
      expect({ code, screen }).toEqual({ code: 0, screen: expect.stringContaining('roles-in-user-records') });
      expect(JSON.parse(readFileSync(path.join(home, 'report.json'), 'utf8'))).toMatchObject({ version: 1, nodes: 1 });
      expect(await leftIn(sandbox)).toEqual([]);
    }));

  it('Ctrl-C removes what was made', () =>
    withSandbox(slow, async (sandbox) => {
      const running = await start([...words, '--yes', '--debug'], { env: sandbox.env });
      await running.waitFor(/POST .*\/role/, 'stderr');
      running.signal('SIGINT');
      const { code, stderr } = await running.ended;
      expect([code, stderr]).toEqual([
        130,
        expect.stringContaining('stopped by SIGINT; all temporary users and roles were removed'),
      ]);
      expect(await leftIn(sandbox)).toEqual([]);
    }));

  it('killed, what it leaves was named, and the printed commands remove it', () =>
    withSandbox(slow, async (sandbox) => {
      const running = await start([...words, '--yes', '--debug'], { env: sandbox.env });
      const printed = await running.waitFor(/POST .*\/role/, 'stderr');
      running.signal('SIGKILL');
      await expect(running.ended).rejects.toThrow('SIGKILL');
      const left = await leftIn(sandbox);
      expect(left).not.toEqual([]);
      expect(left.filter((name) => !printed.includes(name))).toEqual([]);
      for (const line of printed.match(/^ {2}kapadmin .*$/gm) ?? []) {
        expect(await kapadmin(line.trim().split(' ').slice(1), { env: sandbox.env })).toMatchObject({ code: 0 });
      }
      expect(await leftIn(sandbox)).toEqual([]);
    }));
});
