import { connections } from './connections.js';
import type { Source } from './source.js';
import type { World } from './world.js';

/** How much is told, and in which form. */
export const formats: readonly (readonly string[])[] = [
  ['--debug', '--show-request'],
  ['--debug', '--show-request', '-o', 'json'],
  ['--debug', '--show-request', '--out', 'printed'],
  ['--debug', '--show-request', '--dry-run'],
];

/** An element of a list that is never empty, counted round it. */
export function nth<T>(list: readonly T[], i: number): T {
  const found = list[i % list.length];
  if (found === undefined) throw new Error('an empty list');
  return found;
}

export const isFree = (source: Source, other: Source): boolean =>
  source.takesInput !== true || other.takesInput !== true;

/** The i-th connection that goes with a source; only one past a proxy has answers. */
export function connectionFor(own: Source, { url }: World, i: number, isProxied: boolean): Source {
  const all = connections.map((make) => make(url));
  return nth(
    all.filter((one) => isFree(one, own) && (isProxied || one.env?.['HTTPS_PROXY'] === undefined)),
    i,
  );
}
