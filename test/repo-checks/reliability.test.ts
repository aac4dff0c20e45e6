import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../.tools/fresh.mjs';
import { executionPolicy } from '../../src/mutations/execution-policy.js';
import { exitCodes } from '../../src/errors.js';
import { metaClientDefaults } from '../../src/meta/client.js';
import { maxRedirects } from '../../src/meta/redirect.js';
import { retryPolicy } from '../../src/meta/retry.js';
import { showSize } from '../../src/model/text.js';

const page = readFileSync(path.join(root, 'docs/maintainers/reliability.md'), 'utf8');
const limits = readFileSync(path.join(root, 'docs/exit-codes.md'), 'utf8');
const connection = readFileSync(path.join(root, 'docs/connection.md'), 'utf8');
const promises = page.split('\n').filter((line) => line.startsWith('- '));
const { backoff, retries, leaderWait } = retryPolicy;

describe('docs/maintainers/reliability.md and docs/exit-codes.md', () => {
  it.each(promises)('names tests that are there: %s', (promise) => {
    const [, list = ''] = /\(((?:`test\/[^`]+\.test\.ts`(?:, )?)+)\)\.$/.exec(promise) ?? [];
    const files = [...list.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file);
    expect(files).not.toEqual([]);
    expect(files.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
  });

  it.each([
    `up to \`--retries\` (${retries}) more rounds, with pauses of ${backoff.first} ms, doubled up to ${backoff.max / 1000} s`,
    `After ${executionPolicy.maxRepeats} repetitions, or ${executionPolicy.maxRepeatsOfErrors} if`,
    `or after ${executionPolicy.giveUpMs / 1000} s, the result`,
    `by reads for ${executionPolicy.readLag} ms`,
    `Requests in progress get ${executionPolicy.graceMs / 1000} s`,
    `waits up to ${leaderWait / 1000} s; then exit code 3`,
    `| ${metaClientDefaults.connectTimeout / 1000}s `,
    `| ${metaClientDefaults.timeout / 1000}s `,
    `| ${showSize(metaClientDefaults.maxBody)} `,
    `${maxRedirects} redirects`,
  ])('says what the program does: %s', (words) => {
    expect(page + limits + connection).toContain(words);
  });

  it('says what each exit code guarantees', () => {
    const [, table = ''] = /\n## What an exit code guarantees\n([^]*?)\n## /.exec(limits) ?? [];
    const codes = [...table.matchAll(/^\| (\d[\d, ]*)\|/gm)].flatMap(([, cell = '']) => cell.split(',').map(Number));
    expect(codes).toEqual(Object.values(exitCodes).toSorted((a, b) => a - b));
  });
});
