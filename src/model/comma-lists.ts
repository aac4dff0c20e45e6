/** The items of a comma-separated word, `a,b`. A comma in a name is escaped with a backslash: `Doe\, John`. */
export function splitList(text: string): readonly string[] {
  const items = [...text.matchAll(/(?:\\,|[^,])+/g)].map(([item]) => item.replaceAll('\\,', ','));
  return items.length === 0 ? [text] : items;
}

/** For a flag that may be repeated. */
export function collectValue(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** For a repeatable flag or argument with a list, `a,b`. */
export function collectList(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...splitList(value)];
}

/** A name as an item of a list, the inverse of `splitList`. */
export function listItem(name: string): string {
  return name.replaceAll(',', '\\,');
}

interface ListPlaces {
  /** The position from which its arguments are lists. */
  readonly from: number;
  readonly flags?: readonly string[];
}

/** The arguments and flags that are lists. */
export const listPlaces: ReadonlyMap<string, ListPlaces> = new Map([
  ['user create', { from: 0, flags: ['--grant', '--role', '--db'] }],
  ['user delete', { from: 0 }],
  ['user grant', { from: 1, flags: ['--db', '--preset'] }],
  ['user revoke', { from: 1, flags: ['--db'] }],
  ['user rotate', { from: 0, flags: ['--except'] }],
  ['role create', { from: 0, flags: ['--grant', '--user', '--db'] }],
  ['role delete', { from: 0 }],
  ['role grant', { from: 1, flags: ['--db', '--preset'] }],
  ['role revoke', { from: 1, flags: ['--db'] }],
  ['role add-users', { from: 1 }],
  ['role remove-users', { from: 1 }],
  ['profile remove', { from: 0 }],
  ['auth flush', { from: 0 }],
  ['acl restrict', { from: 0 }],
  ['acl grant', { from: 0, flags: ['--user', '--role'] }],
  ['plan', { from: Infinity, flags: ['--fail-on-gain'] }],
  ['auth matrix', { from: Infinity, flags: ['--user', '--endpoint', '--method', '--db'] }],
]);
