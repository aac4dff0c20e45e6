import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../src/sandbox/options.js';
import { commands, lines } from './commands.js';
import { connections } from './connections.js';
import { echoes, type Echo } from './echoes.js';
import { connectionFor, formatFor, isFree, nth } from './places.js';
import type { Source, SourceOf } from './source.js';
import { tryLine } from './try-line.js';
import { makeSandbox, startFakeCluster, type FakeCluster } from './fake-cluster.js';

let sandbox: Sandbox;
beforeAll(async () => void (sandbox = await makeSandbox()));
afterAll(() => sandbox.close());

const asking = commands.filter(({ words }) => lines[words]?.isLocal !== true);

interface Trial {
  readonly words: string;
  readonly source: SourceOf;
  readonly echo: Echo;
  /** Reads are answered well, and only writes are echoed. */
  readonly onlyWrites: boolean;
  readonly format: readonly string[];
  connection(own: Source, cluster: FakeCluster): Source;
}

/** Each leak of a command against a server that repeats what it is sent; how often it did. */
async function tryEcho({ words, source, echo, onlyWrites, format, connection }: Trial): Promise<[string[], number]> {
  const cluster = await startFakeCluster(sandbox, echo, onlyWrites ? 'POST' : undefined);
  const own = source(cluster.url);
  const { leaks, line } = await tryLine(words, own, connection(own, cluster), format, cluster);
  const echoed = cluster.echoed();
  await cluster.close();
  return [leaks.map((leak) => `${line}: ${leak}`), echoed];
}

describe.each(echoes.map((echo, e) => [echo.name, echo, e] as const))(
  'where a server repeats what it is sent (%s), no secret shows',
  (_, echo, e) => {
    let echoed = 0;

    // What has one source alone goes the way of all others: half of those commands will do for each.
    const some = asking.filter(({ sources }, i) => sources.length > 1 || (i + e) % 2 === 0);

    it.each(some)('of $words', async (command) => {
      const { words, sources } = command;
      const found: string[] = [];
      for (const [i, source] of sources.entries()) {
        if (sources.length > 2 && (i + e) % 3 !== 0) continue;
        const connection = (own: Source, cluster: FakeCluster): Source =>
          connectionFor(own, cluster, i * 5 + e * 7, true);
        const trial = { words, source, echo, format: formatFor(command, i + e), connection };
        const [leaks, times] = await tryEcho({ ...trial, onlyWrites: i % 2 === e % 2 });
        found.push(...leaks);
        echoed += times;
      }
      expect(found.join('\n')).toBe('');
    });

    it('though it was sent some', () => {
      expect(echoed).toBeGreaterThan(10);
    });
  },
);

describe.each(connections.map((make, c) => [make('').name, c] as const))(
  'where the secret of the connection comes from %s, no secret shows',
  (_, c) => {
    it.each(commands)('of $words', async (command) => {
      const { words, sources } = command;
      const connection = (_own: Source, { url }: FakeCluster): Source => nth(connections, c)(url);
      const fit = sources.filter((source) => isFree(source(''), nth(connections, c)('')));
      const trial = { words, source: nth(fit, c), echo: nth(echoes, c), onlyWrites: c % 3 > 0, connection };
      const [leaks] = await tryEcho({ ...trial, format: formatFor(command, c) });
      expect(leaks.join('\n')).toBe('');
    });
  },
);
