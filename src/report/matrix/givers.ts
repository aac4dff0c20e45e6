import { resources, type Privileges } from '../../kapacitor/privileges.js';
import type { Permissions } from '../../model/user.js';
import { compileDecoded } from '../decoded.js';

/** The permissions that put into an entry what a mask holds, sorted. */
export type Givers = (entry: string, mask: number) => readonly string[];

type Entry = readonly [entry: string, mask: number];

function entriesOf({ masks, databases }: Privileges): readonly Entry[] {
  const entries: Entry[] = [];
  for (const [slot, mask] of masks.entries()) if (mask !== 0) entries.push([resources[slot] ?? '', mask]);
  return databases === undefined ? entries : [...entries, ...databases];
}

/** Makes functions that find which permissions of a document made an entry; what one permission gives is found once. */
export function makeGivers(): (own: Permissions) => Givers {
  const alone = new Map<string, Map<string, readonly Entry[]>>();
  const given = (scope: string, name: string): readonly Entry[] => {
    let inScope = alone.get(scope);
    if (inScope === undefined) alone.set(scope, (inScope = new Map<string, readonly Entry[]>()));
    let entries = inScope.get(name);
    if (entries === undefined) inScope.set(name, (entries = entriesOf(compileDecoded(new Map([[scope, [name]]])))));
    return entries;
  };
  const read = (own: Permissions): ReadonlyMap<string, ReadonlyMap<string, number>> => {
    const byEntry = new Map<string, Map<string, number>>();
    for (const [scope, names] of own) {
      for (const name of names) {
        for (const [entry, mask] of given(scope, name)) {
          let masks = byEntry.get(entry);
          if (masks === undefined) byEntry.set(entry, (masks = new Map<string, number>()));
          masks.set(name, (masks.get(name) ?? 0) | mask);
        }
      }
    }
    return byEntry;
  };
  return (own) => {
    let index: ReadonlyMap<string, ReadonlyMap<string, number>> | undefined;
    return (entry, mask) => {
      index ??= read(own);
      const found: string[] = [];
      for (const [name, given] of index.get(entry) ?? []) if ((given & mask) !== 0) found.push(name);
      return found.sort();
    };
  };
}
