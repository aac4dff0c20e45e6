import type { Deps } from '../../cli/factory.js';
import { usageError } from '../../errors.js';
import { showName, showNames } from '../../model/text.js';
import { isPermission, permissions, type PermissionRow } from '../../model/permissions.js';
import { commandLine } from '../../model/shell-command.js';
import type { Permissions } from '../../model/user.js';
import { checklist, type Row } from './checklist.js';
import { permissionsOf } from './holder.js';

/** Whose permissions, and where they count: in these databases, or without `db` in all. */
export interface Held {
  readonly on: 'user' | 'role';
  readonly name: string;
  readonly db?: readonly string[];
  readonly force?: boolean;
}

const nothing = 'nothing';
const unknown = 'not known to Kapacitor, which cannot log in a user that has it';

function explanation({ influxdb, kapacitor }: PermissionRow): string {
  if (kapacitor === nothing) return influxdb;
  return influxdb === nothing ? `Kapacitor: ${kapacitor}` : `${influxdb}; Kapacitor: ${kapacitor}`;
}

function rowOf(name: string): Row {
  const known = permissions.find((row) => row.name === name);
  return { name, about: known === undefined ? unknown : explanation(known) };
}

function whereOf({ db }: Held): string {
  return db === undefined ? 'for all databases' : `on ${showNames(db)}`;
}

/** Asks which permissions to give, of those that are not held there yet. */
export async function chooseToGrant(held: Held, deps: Deps): Promise<readonly string[]> {
  const { on, name, db = [''] } = held;
  const has = await permissionsOf(on, name, deps);
  const isHeld = (permission: string): boolean => db.every((scope) => has.get(scope)?.includes(permission) === true);
  const rows = permissions.filter((row) => row.name !== 'NoPermissions' && !isHeld(row.name));
  if (rows.length > 0) {
    const question = `Permissions to give to ${on} ${showName(name)} ${whereOf(held)}`;
    return checklist(
      question,
      rows.map((row) => rowOf(row.name)),
      deps,
    );
  }
  throw usageError('nothing-to-grant', `${on} ${showName(name)} has every permission ${whereOf(held)} already`);
}

/** Where else there are permissions to take, as a line to type. */
function elsewhere({ on, name }: Held, has: Permissions): string {
  const scope = [...has].find(([, names]) => names.length > 0)?.[0];
  if (scope === undefined) return `It has none at all.`;
  const words = commandLine(
    on === 'user' ? 'kapadmin user revoke' : 'kapadmin role revoke',
    [name],
    scope === '' ? [] : ['--db', scope],
  );
  return `It has others: ${words}`;
}

/** Asks which permissions to take, of those that are held there; unknown ones only with `force`. */
export async function chooseToRevoke(held: Held, deps: Deps): Promise<readonly string[]> {
  const { on, name, db = [''], force = false } = held;
  const has = await permissionsOf(on, name, deps);
  const names = new Set(db.flatMap((scope) => has.get(scope) ?? []));
  const rows = [...names].filter((permission) => force || isPermission(permission)).map(rowOf);
  if (rows.length > 0) {
    return checklist(`Permissions to take from ${on} ${showName(name)} ${whereOf(held)}`, rows, deps);
  }
  const message = `${on} ${showName(name)} has no permission ${whereOf(held)}: there is nothing to take`;
  throw usageError('nothing-to-revoke', message, elsewhere(held, has));
}
