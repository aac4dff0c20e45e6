import type { Command } from 'commander';
import { allowedMoreByRoles } from '../../access-matrix/user-record-access.js';
import { roleAccessNote } from '../../model/roles-in-user-records.js';
import { notFoundError, type User } from '../../model/user.js';
import type { Factory } from '../../cli/factory.js';
import { KapadminError, usageError } from '../../errors.js';
import { endpoints } from '../../model/kapacitor-endpoints.js';
import { accessView, canIView } from '../../output/views/access.js';
import type { Result } from '../../output/view.js';
import { nearest, quoteName, showName, showPermission } from '../../model/text.js';
import { commandLine } from '../../model/shell-command.js';
import {
  type AccessDecision,
  accessPath,
  adminCreatorNote,
  canCreateAdmin,
  createAccessDecider,
  endpointFault,
  lacksPrivilege,
  parseMethod,
  type RolePermission,
  rolePermissionsThatAllow,
} from '../../access-matrix/decide-access.js';
import type { FilesState } from '../desired-state/load-state-files.js';
import { addStateFlag, readStateFlag, type StateFlag } from '../state-flag.js';

export const formats = ['csv', 'name'] as const;

interface CanIOptions extends StateFlag {
  readonly user: string;
  readonly method?: string | undefined;
  readonly path?: string | undefined;
  readonly list?: boolean;
}

export function define(command: Command, action: (options: CanIOptions) => Promise<void>): void {
  addStateFlag(command)
    .argument('<user>', 'name of the user')
    .argument('[method]', 'HTTP method')
    .argument('[path]', 'path of an endpoint; a write needs ?db=NAME')
    .option('--list', 'check all standard endpoints')
    .addHelpText(
      'after',
      '\nExamples:\n  kapadmin auth can-i johndoe DELETE /kapacitor/v1/tasks/cpu\n  kapadmin auth can-i johndoe --list' +
        '\n  kapadmin auth can-i writer POST "/write?db=billing" --state access/',
    )
    .action(
      (user: string, method: string | undefined, path: string | undefined, flags: StateFlag & { list?: boolean }) =>
        action({ user, method, path, ...flags }),
    );
}

const stateIsLast = '--state takes all words up to the next flag: put it after the other words.';

function requestedEndpoints(options: CanIOptions): readonly { method: string; path: string }[] {
  const { method, path, list } = options;
  if (list === true) {
    if (method !== undefined) throw usageError('two-questions', '--list cannot be combined with a method and a path');
    return endpoints.filter((one) => one.isDefault);
  }
  if (method === undefined || path === undefined) {
    const hint = (options.state?.length ?? 0) > 1 ? stateIsLast : 'Add METHOD PATH, or --list.';
    throw usageError('no-question', 'a method and a path are required', hint);
  }
  return [{ method: parseMethod(method), path: accessPath(path) }];
}

/** Roles that grant what the user record lacks, with the commands for a direct grant. */
function roleNote(name: string, found: readonly RolePermission[]): string {
  const given = [...new Set(found.map(({ permission, scope }) => showPermission(permission, scope)))];
  const roles = [...new Set(found.map(({ role }) => showName(role)))];
  const it = given.length === 1 ? 'it' : 'them';
  const commands = found.map(({ permission, scope }) =>
    String(commandLine('kapadmin user grant', [name, permission], scope === '' ? [] : ['--db', scope])),
  );
  return (
    `${showName(name)} has ${given.join(' and ')} only through role${roles.length === 1 ? '' : 's'} ${roles.join(' and ')}. ` +
    `Kapacitor reads only the user record, which does not include ${it}. Grant ${it} to the user: ${[...new Set(commands)].join('; ')}`
  );
}

/** Notes a role that grants what is missing. */
async function noteRoles(user: User, refused: readonly AccessDecision[], factory: Factory): Promise<void> {
  try {
    const roles = await (await factory.metaClient()).roles({ signal: factory.context.stop });
    const found = rolePermissionsThatAllow(user, roles, refused);
    if (found.length > 0) factory.logger.info(roleNote(user.name, found));
  } catch (error) {
    if (!(error instanceof KapadminError)) throw error;
    factory.logger.debug(`cannot read the roles: ${error.message}`);
  }
}

/** The user, of the files of `--state` or the cluster. */
async function readUser({ user, state }: CanIOptions, files: FilesState | undefined, factory: Factory): Promise<User> {
  if (state === undefined || files === undefined) {
    const [found] = await (await factory.metaClient()).users({ name: user, signal: factory.context.stop });
    if (found === undefined) throw notFoundError('user', [user]);
    return found;
  }
  const found = files.users.get(user);
  if (found !== undefined) return found;
  const near = nearest(user, [...files.users.keys()]);
  const all = `To list all: ${commandLine('kapadmin user list', [], ['--state', ...state])}`;
  const hint = near === undefined ? all : `Did you mean ${quoteName(near)}?`;
  const message = `user ${quoteName(user)} not found in the files of --state`;
  throw new KapadminError('not-found', 'user-not-found', message, { hint });
}

export async function run(options: CanIOptions, factory: Factory): Promise<Result<readonly AccessDecision[]>> {
  const questions = requestedEndpoints(options);
  const isList = options.list === true;
  const files = options.state === undefined ? undefined : await readStateFlag(options.state, factory);
  const found = await readUser(options, files, factory);
  const data = questions.flatMap(({ method, path }) => createAccessDecider(method, path, isList)(found));
  const refused = data.filter(lacksPrivilege);
  if (refused.length > 0 && factory.flags.quiet !== true) {
    if (files === undefined) await noteRoles(found, refused, factory);
    const note = files && roleAccessNote(allowedMoreByRoles([found], files.roles.values(), questions));
    if (note !== undefined) factory.logger.info(note);
    if (!isList && canCreateAdmin(found)) factory.logger.info(adminCreatorNote([found.name]));
  }
  if (isList) return { data, view: accessView };
  const [question] = questions;
  const fault = question && endpointFault(question.method, question.path);
  const denied = data.some((access) => !access.allowed);
  if (fault !== undefined) factory.logger.warn(denied ? `the answer is no because ${fault}` : fault);
  return { data, view: canIView, ...(denied ? { end: 'no' as const } : {}) };
}
