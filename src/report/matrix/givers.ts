import { resources, type Privileges } from '../../kapacitor/privileges.js';
import type { Permissions } from '../../model/user.js';
import { compileDecoded } from '../decoded.js';

/** The permissions that put into an entry what a mask holds, sorted. */
export type Givers = (entry: string, mask: number) => readonly string[];

function* entriesOf({ masks, databases }: Privileges): Iterable<readonly [entry: string, mask: number]> {
  for (const [slot, mask] of masks.entries()) if (mask !== 0) yield [resources[slot] ?? '', mask];
  if (databases !== undefined) yield* databases;
}

/** Finds for each entry of a document's privileges which of its permissions made it. */
export function giversOf(own: Permissions): Givers {
  let index: Map<string, Map<string, number>> | undefined;
  const read = (): Map<string, Map<string, number>> => {
    const byEntry = new Map<string, Map<string, number>>();
    for (const [scope, names] of own) {
      for (const name of names) {
        for (const [entry, mask] of entriesOf(compileDecoded(new Map([[scope, [name]]])))) {
          const masks = byEntry.get(entry) ?? new Map<string, number>();
          byEntry.set(entry, masks.set(name, (masks.get(name) ?? 0) | mask));
        }
      }
    }
    return byEntry;
  };
  return (entry, mask) => {
    index ??= read();
    return [...(index.get(entry) ?? [])]
      .filter(([, own]) => (own & mask) !== 0)
      .map(([name]) => name)
      .sort();
  };
}
