import type { KnownCommand } from './commands.js';
import { connections } from './connections.js';
import type { Source } from './source.js';
import type { FakeCluster } from './fake-cluster.js';

/** All is told, in the i-th of a command's outputs, on stdout or into a file. */
export function formatFor({ outputs }: KnownCommand, i: number): readonly string[] {
  const output = ['-o', nth(outputs, i)];
  return ['--debug', '--show-request', ...output, ...(i % 3 === 2 ? ['--out', 'printed'] : [])];
}

/** An element of a list that is never empty, counted round it. */
export function nth<T>(list: readonly T[], i: number): T {
  const found = list[i % list.length];
  if (found === undefined) throw new Error('an empty list');
  return found;
}

export const isFree = (source: Source, other: Source): boolean =>
  source.takesInput !== true || other.takesInput !== true;

/** The i-th connection that goes with a source; only one past a proxy has answers. */
export function connectionFor(own: Source, { url }: Pick<FakeCluster, 'url'>, i: number, isProxied: boolean): Source {
  const all = connections.map((make) => make(url));
  return nth(
    all.filter((one) => isFree(one, own) && (isProxied || one.env?.['HTTPS_PROXY'] === undefined)),
    i,
  );
}
