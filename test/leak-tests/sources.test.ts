import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../src/sandbox/options.js';
import { startTestSandbox } from '../sandbox/start-test-sandbox.js';
import { commands, globalFlags, lines } from './commands.js';
import { connectionFor, formatFor } from './places.js';
import { tryLine } from './try-line.js';
import { makeSandbox, startFakeCluster } from './fake-cluster.js';

describe('the table of commands', () => {
  it('has every command, and knows what each of its flags and arguments brings', () => {
    expect(Object.keys(lines).toSorted()).toEqual(commands.map(({ words }) => words).toSorted());
    expect(commands.flatMap(({ words, unknown }) => unknown.map((place) => `${words} ${place}`))).toEqual([]);
  });

  it('knows every global flag', () => {
    const output = '--output --out --csv-raw --quiet --no-color --debug --show-request --dry-run';
    const places = '--profile --config --meta-url --meta-username --meta-ca --meta-cert --meta-insecure-skip-verify';
    const secret = '--meta-password-stdin --meta-password-file --meta-secret-file --meta-key';
    const limits = '--read-leader --connect-timeout --timeout --wait --retries --max-body';
    expect(globalFlags.toSorted()).toEqual([output, places, secret, limits].join(' ').split(' ').toSorted());
  });
});

const rows = commands.flatMap((command) =>
  command.sources.map((source, i) => [command.words, source('').name, command, source, i] as const),
);

const nowhere = { url: 'http://127.0.0.1:9' };

/** A new cluster, since commands change it; none for a command that asks nobody. */
async function sandboxFor(words: string): Promise<Sandbox | undefined> {
  if (lines[words]?.isLocal === true) return undefined;
  return words === 'bootstrap' ? startTestSandbox({ port: 0, bcryptCost: 4, admin: null }) : makeSandbox();
}

describe('where all is well, no secret shows', () => {
  it.each(rows)('of %s with %s', async (words, _, command, source, i) => {
    const found: string[] = [];
    const loud = Array.from({ length: 4 }, (_none, f) => formatFor(command, i + f));
    for (const [f, format] of [...loud, [...formatFor(command, 0), '--dry-run']].entries()) {
      const sandbox = await sandboxFor(words);
      const cluster = sandbox && (await startFakeCluster(sandbox));
      const { url } = cluster ?? nowhere;
      const own = source(url);
      const alone = { name: 'no account', secrets: [], flags: ['--meta-url', url] };
      const connection = words === 'bootstrap' ? alone : connectionFor(own, { url }, i * 5 + f, false);
      const { line, code, stderr, leaks } = await tryLine(words, own, connection, format, cluster);
      const codes = own.codes ?? lines[words]?.codes ?? [0];
      expect(format.includes('--dry-run') ? [...codes, 0] : codes, `${line}\n${stderr}`).toContain(code);
      found.push(...leaks.map((leak) => `${line}: ${leak}`));
      await cluster?.close();
      await sandbox?.close();
    }
    expect(found.join('\n')).toBe('');
  });
});
