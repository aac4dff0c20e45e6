import type { Factory } from '../cli/factory.js';
import { KapadminError, usageError } from '../errors.js';
import { checkNewName, notFoundError, type Role, type User } from '../model/user.js';
import { escapeText, showName, showNames } from '../model/text.js';
import { displayWidth, truncate } from '../output/table.js';
import { isPermission, type PermissionRow, type Permissions, permissions } from '../model/permissions.js';
import { readSnapshot } from '../mutations/snapshot.js';
import { commandLine } from '../model/shell-command.js';
import { permissionsCell } from '../output/views/users-and-roles.js';

type UserOrRole = 'user' | 'role';

const nameRequired = 'A name is required.';

function newNameError(what: UserOrRole, name: string): string | undefined {
  try {
    checkNewName(what, name);
    return undefined;
  } catch (error) {
    if (error instanceof KapadminError) return error.message;
    throw error;
  }
}

/** The name of a user or role that is there; one that is not is reported by the command. */
export async function promptForName(what: UserOrRole, factory: Factory): Promise<string> {
  const prompter = await factory.prompter();
  return prompter.text(`Name of the ${what}`, undefined, (name) => (name === '' ? nameRequired : undefined));
}

/** A name that is fit for a new user or role. */
export async function promptForNewName(what: UserOrRole, factory: Factory): Promise<string> {
  const prompter = await factory.prompter();
  return prompter.text(`Name of the new ${what}`, undefined, (name) => newNameError(what, name));
}

/** One line of a checklist. */
export interface ChecklistItem {
  readonly name: string;
  /** What it is, in one line; it may be empty. */
  readonly about: string;
}

/** Cells that a prompt takes before each line, and between a name and what it is. */
const checkboxWidth = 7;
const columnGap = 2;
const maxNameWidth = 40;
const defaultColumns = 80;

/** Asks which of these, in lines that fit the terminal; gives the names of at least one. */
export async function promptChecklist(
  question: string,
  items: readonly ChecklistItem[],
  factory: Factory,
): Promise<readonly string[]> {
  const availableWidth = Math.max((factory.context.io.columns() ?? defaultColumns) - checkboxWidth, checkboxWidth);
  const escaped = items.map(({ name, about }) => ({
    value: name,
    name: escapeText(name),
    about: escapeText(about),
  }));
  const width = Math.min(maxNameWidth, Math.max(...escaped.map(({ name }) => displayWidth(name))));
  const choices = escaped.map(({ value, name, about }) => {
    const padded = name + ' '.repeat(Math.max(columnGap, width + columnGap - displayWidth(name)));
    const fullLabel = about === '' ? name : padded + about;
    const label = truncate(fullLabel, availableWidth);
    return label === fullLabel ? { value, label } : { value, label, description: about === '' ? name : about };
  });
  return (await factory.prompter()).choose(question, choices);
}

/** The permissions of a user or role. Throws where it is not found. */
export async function readCurrentPermissions(
  on: 'user' | 'role',
  name: string,
  factory: Factory,
): Promise<Permissions> {
  const selection = on === 'user' ? { users: [name] } : { roles: [name] };
  const { users, roles } = await readSnapshot(await factory.metaClient(), selection, factory.context.stop);
  const found = (on === 'user' ? users : roles).get(name);
  if (found !== undefined) return found.permissions;
  throw notFoundError(on, [name]);
}

/** Whose permissions, and where they count: in these databases, or without `db` in all. */
export interface GrantTarget {
  readonly on: 'user' | 'role';
  readonly name: string;
  readonly db?: readonly string[];
  readonly force?: boolean;
}

const noEffect = 'nothing';
const unknownEffect = 'unknown: Kapacitor rejects every login of a user that has it';

function describeEffects({ influxdb, kapacitor }: PermissionRow): string {
  if (kapacitor === noEffect) return influxdb;
  return influxdb === noEffect ? `Kapacitor: ${kapacitor}` : `${influxdb}; Kapacitor: ${kapacitor}`;
}

function permissionItem(name: string): ChecklistItem {
  const known = permissions.find((row) => row.name === name);
  return { name, about: known === undefined ? unknownEffect : describeEffects(known) };
}

function describeDatabases({ db }: GrantTarget): string {
  return db === undefined ? 'for all databases' : `on ${showNames(db)}`;
}

function isForKapacitor({ name }: PermissionRow): boolean {
  return name.startsWith('Kapacitor');
}

/** Asks which permissions to give, of those that are not held there yet. */
export async function choosePermissionsToGrant(target: GrantTarget, factory: Factory): Promise<readonly string[]> {
  const { on, name, db = [''] } = target;
  const current = await readCurrentPermissions(on, name, factory);
  const isHeld = (permission: string): boolean =>
    db.every((scope) => current.get(scope)?.includes(permission) === true);
  const grantable = permissions.filter((row) => row.name !== 'NoPermissions' && !isHeld(row.name));
  const [kapacitorRows, otherRows] = [
    grantable.filter(isForKapacitor),
    grantable.filter((row) => !isForKapacitor(row)),
  ];
  const rows = [...kapacitorRows, ...otherRows];
  if (rows.length > 0) {
    const more = kapacitorRows.length > 0 && otherRows.length > 0 ? ` (${otherRows.length} more below)` : '';
    const question = `Permissions to grant to ${on} ${showName(name)} ${describeDatabases(target)}${more}`;
    return promptChecklist(
      question,
      rows.map((row) => permissionItem(row.name)),
      factory,
    );
  }
  throw usageError(
    'nothing-to-grant',
    `${on} ${showName(name)} already has every permission ${describeDatabases(target)}`,
  );
}

/** Where else there are permissions to take, as a line to type. */
function hintForOtherDatabases({ on, name }: GrantTarget, current: Permissions): string {
  const scope = [...current].find(([, names]) => names.length > 0)?.[0];
  if (scope === undefined) return `It has no permissions.`;
  const words = commandLine(
    on === 'user' ? 'kapadmin user revoke' : 'kapadmin role revoke',
    [name],
    scope === '' ? [] : ['--db', scope],
  );
  return `To revoke others: ${words}`;
}

/** Asks which permissions to take, of those that are held there; unknown ones only with `force`. */
export async function choosePermissionsToRevoke(target: GrantTarget, factory: Factory): Promise<readonly string[]> {
  const { on, name, db = [''], force = false } = target;
  const current = await readCurrentPermissions(on, name, factory);
  const names = new Set(db.flatMap((scope) => current.get(scope) ?? []));
  const rows = [...names].filter((permission) => force || isPermission(permission)).map(permissionItem);
  if (rows.length > 0) {
    return promptChecklist(
      `Permissions to revoke from ${on} ${showName(name)} ${describeDatabases(target)}`,
      rows,
      factory,
    );
  }
  const message = `${on} ${showName(name)} has no permission ${describeDatabases(target)}`;
  throw usageError('nothing-to-revoke', message, hintForOtherDatabases(target, current));
}

/** With more users than this, a name is prompted for instead of a list. */
const maxListed = 200;

function requireRole(name: string, roles: ReadonlyMap<string, Role>): Role {
  const role = roles.get(name);
  if (role !== undefined) return role;
  throw notFoundError('role', [name]);
}

async function chooseUsers(
  question: string,
  rows: readonly ChecklistItem[],
  factory: Factory,
): Promise<readonly string[]> {
  if (rows.length > maxListed) return [await promptForName('user', factory)];
  return promptChecklist(question, rows, factory);
}

function userItems(users: readonly User[]): readonly ChecklistItem[] {
  return users
    .map(({ name, permissions }) => ({ name, about: permissionsCell(permissions).join(', ') }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Asks which users become members of a role, of those that are not. */
export async function chooseUsersToAdd(name: string, factory: Factory): Promise<readonly string[]> {
  const selection = { users: 'all', roles: [name] } as const;
  const { users, roles } = await readSnapshot(await factory.metaClient(), selection, factory.context.stop);
  const members = new Set(requireRole(name, roles).users);
  const others = [...users.values()].filter((user) => !members.has(user.name));
  if (others.length > 0) return chooseUsers(`Users to add to role ${showName(name)}`, userItems(others), factory);
  throw usageError('nobody-to-add', `all users are already members of role ${showName(name)}`);
}

/** Asks which members a role loses. */
export async function chooseUsersToRemove(name: string, factory: Factory): Promise<readonly string[]> {
  const { roles } = await readSnapshot(await factory.metaClient(), { roles: [name] }, factory.context.stop);
  const members = requireRole(name, roles).users.toSorted();
  if (members.length > 0) {
    const rows = members.map((user) => ({ name: user, about: '' }));
    return chooseUsers(`Users to remove from role ${showName(name)}`, rows, factory);
  }
  throw usageError('no-members', `role ${showName(name)} has no members`);
}
