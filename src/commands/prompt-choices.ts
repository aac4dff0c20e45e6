import type { Factory } from '../cli/factory.js';
import { KapadminError, usageError } from '../errors.js';
import { checkNewName, escapeText, showName, showNames } from '../model/text.js';
import { truncate, displayWidth } from '../output/text-width.js';
import { notFoundError } from '../mutations/dependency-guard.js';
import { readSnapshot } from '../mutations/snapshot.js';
import type { Permissions, Role, User } from '../model/user.js';
import { isPermission, type PermissionRow, permissions } from '../model/permissions.js';
import { commandLine } from '../model/shell-command.js';
import { permissionsCell } from '../output/views/users.js';

type Holder = 'user' | 'role';

const none = 'A name is required.';

function faultOfNewName(what: Holder, name: string): string | undefined {
  try {
    checkNewName(what, name);
    return undefined;
  } catch (error) {
    if (error instanceof KapadminError) return error.message;
    throw error;
  }
}

/** The name of a user or role that is there; one that is not is reported by the command. */
export async function typedName(what: Holder, factory: Factory): Promise<string> {
  const prompter = await factory.prompter();
  return prompter.text(`Name of the ${what}`, undefined, (name) => (name === '' ? none : undefined));
}

/** A name that is fit for a new user or role. */
export async function typedNewName(what: Holder, factory: Factory): Promise<string> {
  const prompter = await factory.prompter();
  return prompter.text(`Name of the new ${what}`, undefined, (name) => faultOfNewName(what, name));
}

/** One line of a checklist. */
export interface Row {
  readonly name: string;
  /** What it is, in one line; it may be empty. */
  readonly about: string;
}

/** Cells that a prompt takes before each line, and between a name and what it is. */
const marks = 7;
const gap = 2;
const widestName = 40;
const usualColumns = 80;

/** Asks which of these, in lines that fit the terminal; gives the names of at least one. */
export async function checklist(question: string, rows: readonly Row[], factory: Factory): Promise<readonly string[]> {
  const room = Math.max((factory.context.io.columns() ?? usualColumns) - marks, marks);
  const shown = rows.map(({ name, about }) => ({
    value: name,
    name: escapeText(name),
    about: escapeText(about),
  }));
  const width = Math.min(widestName, Math.max(...shown.map(({ name }) => displayWidth(name))));
  const choices = shown.map(({ value, name, about }) => {
    const padded = name + ' '.repeat(Math.max(gap, width + gap - displayWidth(name)));
    const whole = about === '' ? name : padded + about;
    const label = truncate(whole, room);
    return label === whole ? { value, label } : { value, label, description: about === '' ? name : about };
  });
  return (await factory.prompter()).choose(question, choices);
}

/** The permissions of a user or role. Throws where it is not found. */
export async function permissionsOf(on: 'user' | 'role', name: string, factory: Factory): Promise<Permissions> {
  const wanted = on === 'user' ? { users: [name] } : { roles: [name] };
  const { users, roles } = await readSnapshot(await factory.metaClient(), wanted, factory.context.stop);
  const found = (on === 'user' ? users : roles).get(name);
  if (found !== undefined) return found.permissions;
  throw notFoundError(on, [name]);
}

/** Whose permissions, and where they count: in these databases, or without `db` in all. */
export interface Held {
  readonly on: 'user' | 'role';
  readonly name: string;
  readonly db?: readonly string[];
  readonly force?: boolean;
}

const nothing = 'nothing';
const unknown = 'unknown: Kapacitor rejects every login of a user that has it';

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

function isForKapacitor({ name }: PermissionRow): boolean {
  return name.startsWith('Kapacitor');
}

/** Asks which permissions to give, of those that are not held there yet. */
export async function chooseToGrant(held: Held, factory: Factory): Promise<readonly string[]> {
  const { on, name, db = [''] } = held;
  const has = await permissionsOf(on, name, factory);
  const isHeld = (permission: string): boolean => db.every((scope) => has.get(scope)?.includes(permission) === true);
  const open = permissions.filter((row) => row.name !== 'NoPermissions' && !isHeld(row.name));
  const [first, below] = [open.filter(isForKapacitor), open.filter((row) => !isForKapacitor(row))];
  const rows = [...first, ...below];
  if (rows.length > 0) {
    const more = first.length > 0 && below.length > 0 ? ` (${below.length} more below)` : '';
    const question = `Permissions to grant to ${on} ${showName(name)} ${whereOf(held)}${more}`;
    return checklist(
      question,
      rows.map((row) => rowOf(row.name)),
      factory,
    );
  }
  throw usageError('nothing-to-grant', `${on} ${showName(name)} already has every permission ${whereOf(held)}`);
}

/** Where else there are permissions to take, as a line to type. */
function elsewhere({ on, name }: Held, has: Permissions): string {
  const scope = [...has].find(([, names]) => names.length > 0)?.[0];
  if (scope === undefined) return `It has no permissions.`;
  const words = commandLine(
    on === 'user' ? 'kapadmin user revoke' : 'kapadmin role revoke',
    [name],
    scope === '' ? [] : ['--db', scope],
  );
  return `To revoke others: ${words}`;
}

/** Asks which permissions to take, of those that are held there; unknown ones only with `force`. */
export async function chooseToRevoke(held: Held, factory: Factory): Promise<readonly string[]> {
  const { on, name, db = [''], force = false } = held;
  const has = await permissionsOf(on, name, factory);
  const names = new Set(db.flatMap((scope) => has.get(scope) ?? []));
  const rows = [...names].filter((permission) => force || isPermission(permission)).map(rowOf);
  if (rows.length > 0) {
    return checklist(`Permissions to revoke from ${on} ${showName(name)} ${whereOf(held)}`, rows, factory);
  }
  const message = `${on} ${showName(name)} has no permission ${whereOf(held)}`;
  throw usageError('nothing-to-revoke', message, elsewhere(held, has));
}

/** Of more users than this nobody reads a list: one name is asked for. */
const maxListed = 200;

function found(name: string, roles: ReadonlyMap<string, Role>): Role {
  const role = roles.get(name);
  if (role !== undefined) return role;
  throw notFoundError('role', [name]);
}

async function choose(question: string, rows: readonly Row[], factory: Factory): Promise<readonly string[]> {
  if (rows.length > maxListed) return [await typedName('user', factory)];
  return checklist(question, rows, factory);
}

function rowsOf(users: readonly User[]): readonly Row[] {
  return users
    .map(({ name, permissions }) => ({ name, about: permissionsCell(permissions).join(', ') }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Asks which users become members of a role, of those that are not. */
export async function chooseToAdd(name: string, factory: Factory): Promise<readonly string[]> {
  const wanted = { users: 'all', roles: [name] } as const;
  const { users, roles } = await readSnapshot(await factory.metaClient(), wanted, factory.context.stop);
  const members = new Set(found(name, roles).users);
  const others = [...users.values()].filter((user) => !members.has(user.name));
  if (others.length > 0) return choose(`Users to add to role ${showName(name)}`, rowsOf(others), factory);
  throw usageError('nobody-to-add', `all users are already members of role ${showName(name)}`);
}

/** Asks which members a role loses. */
export async function chooseToRemove(name: string, factory: Factory): Promise<readonly string[]> {
  const { roles } = await readSnapshot(await factory.metaClient(), { roles: [name] }, factory.context.stop);
  const members = found(name, roles).users.toSorted();
  if (members.length > 0) {
    const rows = members.map((user) => ({ name: user, about: '' }));
    return choose(`Users to remove from role ${showName(name)}`, rows, factory);
  }
  throw usageError('no-members', `role ${showName(name)} has no members`);
}
