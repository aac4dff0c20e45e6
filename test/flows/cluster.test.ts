import { describe, expect, it } from 'vitest';
import type { TestOptions } from '../context.js';
import { applyWhileLosing } from '../cli/losing-leaders.js';
import { kapadmin, registerSecret, start } from './harness.js';

const password = registerSecret('Pa5sw0Rd-of-a-cluster');

describe('the built program and a cluster of three nodes', () => {
  it('carries on when the leader is killed in the middle of apply', async () => {
    const run = (words: readonly string[], { cwd = '', env = {} }: TestOptions = {}) =>
      kapadmin(words, { cwd, home: cwd, env });
    expect(await applyWhileLosing(300, 3, run)).toBeGreaterThan(0);
  });

  it('serves each other: sandbox --nodes 3 --lag --elect-every, and commands against a follower', async () => {
    const words = ['sandbox', '--port', '0', '--nodes', '3', '--lag', '100ms', '--elect-every', '50ms', '-o', 'json'];
    const running = await start([...words, '--bcrypt-cost', '4', '--no-kapacitor']);
    const { meta } = JSON.parse(await running.waitFor('\n')) as { meta: string[] };
    const env = {
      KAPADMIN_META_URL: meta[1] ?? '',
      KAPADMIN_META_USERNAME: 'admin',
      KAPADMIN_META_PASSWORD: 'changeit',
    };
    const args = ['user', 'create', 'joe', '--password-stdin', '--grant', 'KapacitorAPI'];
    expect(await kapadmin(args, { env, stdin: `${password}\n` })).toMatchObject({
      code: 0,
      stdout: 'created user joe\ngranted KapacitorAPI to user joe\n',
    });
    running.signal('SIGTERM');
    expect((await running.ended).code).toBe(143);
  });
});
