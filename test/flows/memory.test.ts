import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { startEndlessNode } from '../../.tools/bench/lib/endless-node.mjs';
import { liveAnswers } from '../../.tools/bench/lib/large.mjs';
import { startNode } from '../../.tools/bench/lib/node.mjs';
import { leavePeak, readPeak } from '../../.tools/bench/lib/peak.mjs';
import { makeFolder } from '../folder.js';
import { kapadmin, start, type Ended } from './harness.js';

/** How a command ended, and the most megabytes that it had. */
async function measured(words: readonly string[], url: string): Promise<Ended & { megabytes: number }> {
  const peak = path.join(makeFolder(), 'peak');
  const ended = await kapadmin(words, { env: { KAPADMIN_META_URL: url, KAPADMIN_TIMEOUT: '25s', ...leavePeak(peak) } });
  return { ...ended, megabytes: readPeak(peak) };
}

describe('memory', () => {
  it('stays under 300 MB against lists that never end, which end in an error that names the limit', async () => {
    const node = await startEndlessNode();
    const { code, stdout, stderr, megabytes } = await measured(['user', 'list'], node.url);
    node.close();
    expect([code, stdout]).toEqual([8, '']);
    expect(stderr).toMatch(
      /^error: cannot read users: GET http:\S+\/user: the response is larger than the limit \(64MiB\)\nIf this size is expected, raise the limit, such as --max-body 256MiB\.\n$/,
    );
    expect(megabytes).toBeLessThan(300);
  });

  it('stays under 300 MB against many answers at the same time that never end', async () => {
    const node = await startEndlessNode();
    const names = Array.from({ length: 16 }, (_, i) => `user${i}`);
    const { code, stderr, megabytes } = await measured(['user', 'delete', ...names, '--yes'], node.url);
    node.close();
    expect([code, stderr]).toEqual([8, expect.stringContaining('--max-body')]);
    expect(megabytes).toBeLessThan(300);
  });

  it('ends an endless list at the --max-body that is given', async () => {
    const node = await startEndlessNode();
    const { code, stderr } = await kapadmin(['user', 'list', '--max-body', '300kB'], {
      env: { KAPADMIN_META_URL: node.url },
    });
    node.close();
    expect([code, stderr]).toEqual([
      8,
      expect.stringContaining('the response is larger than the limit (300000 bytes)'),
    ]);
  });

  it('stays under 300 MB where the answers to many writes never end', async () => {
    const node = await startEndlessNode('POST');
    const names = Array.from({ length: 300 }, (_, i) => `user${i}`);
    const users = Object.fromEntries(names.map((name) => [name, { password: { env: 'PASSWORD' } }]));
    const home = makeFolder({ 'state.json': JSON.stringify({ users }) });
    const peak = path.join(home, 'peak');
    const env = { KAPADMIN_META_URL: node.url, PASSWORD: 'Pa5sw0Rd-without-end', ...leavePeak(peak) };
    const running = await start(['apply', 'state.json', '--show-request'], { home, env });
    await running.waitFor(/(?:POST(?:(?!POST)[^])*){48}/, 'stderr');
    running.signal('SIGINT');
    const { code, stderr } = await running.ended;
    node.close();
    expect([code, stderr]).toEqual([
      130,
      expect.stringMatching(/stopped by SIGINT: .*\d+ changes? with unknown result/),
    ]);
    expect(readPeak(peak)).toBeLessThan(300);
  });

  it('stays under 150 MB for a list of 10,000 users', async () => {
    const node = await startNode();
    await node.set({ answers: liveAnswers(11_112, 100) });
    const { code, stdout, megabytes } = await measured(['user', 'list'], node.url);
    node.close();
    expect([code, stdout.split('\n').length]).toEqual([0, 10_002]);
    expect(megabytes).toBeLessThan(150);
  });
});
