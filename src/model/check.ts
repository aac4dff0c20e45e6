import { usageError } from '../errors.js';
import { nearest } from './nearest.js';
import { isPermission, permissions } from './permission.js';
import { excerpt } from './text.js';

const names: readonly string[] = permissions.map((row) => row.name);

/** Privileges of InfluxQL and of the influx shell, by the words that people know from there. */
const influxqlWords: ReadonlyMap<string, string> = new Map([
  ['read', 'ReadData'],
  ['select', 'ReadData'],
  ['query', 'ReadData'],
  ['write', 'WriteData'],
  ['insert', 'WriteData'],
]);

const everything = names.filter((name) => name !== 'NoPermissions').join(', ');

/** What to do about a permission that does not exist: the name that is meant, or where the names are. */
export function permissionHint(name: string): string {
  const word = name
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')
    .trim();
  const privilege = influxqlWords.get(word.replace(/ privileges?$/, ''));
  if (privilege !== undefined) return `Did you mean "${privilege}"?`;
  if (/^(read ?write|read and write|rw)$/.test(word)) return 'Did you mean "ReadData" and "WriteData"?';
  const admin = `every permission, as kapadmin bootstrap grants them: ${everything}`;
  if (word === 'all')
    return `Did you mean "ReadData" and "WriteData"? ALL on a database is both. For an admin it is ${admin}`;
  if (/^(all privileges?|privileges|(cluster |global )?admin|superuser|root)$/.test(word))
    return `An admin has ${admin}`;
  const near = nearest(name, names);
  return near === undefined ? 'See kapadmin permission list.' : `Did you mean "${near}"?`;
}

/** Throws a usage error with the nearest name unless the permission is one that Kapacitor knows. */
export function checkPermission(name: string): void {
  if (isPermission(name)) return;
  throw usageError('unknown-permission', `unknown permission "${excerpt(name, 60)}"`, permissionHint(name));
}
