import type { Command } from 'commander';
import type { Factory } from '../../cli/factory.js';
import { accessView } from '../../output/views/access.js';
import type { Result } from '../../output/view.js';
import {
  parseMethod,
  endpointFault,
  createAccessDecider,
  accessPath,
  adminCreatorNote,
  canCreateAdmin,
  lacksPrivilege,
  type AccessDecision,
} from '../../access-matrix/decide-access.js';
import { allowedMoreByRoles } from '../../access-matrix/user-record-access.js';
import { roleAccessNote } from '../../model/roles-in-user-records.js';
import type { User } from '../../model/user.js';
import { addStateFlag, readStateFlag, type StateFlag } from '../state-flag.js';

export const formats = ['csv', 'name'] as const;

interface WhoCanOptions extends StateFlag {
  readonly method: string;
  readonly path: string;
}

export function define(command: Command, action: (options: WhoCanOptions) => Promise<void>): void {
  addStateFlag(command)
    .argument('<method>', 'HTTP method')
    .argument('<path>', 'path of an endpoint; a write needs ?db=NAME')
    .addHelpText(
      'after',
      '\nExamples:\n  kapadmin auth who-can POST /kapacitor/v1/config/smtp' +
        '\n  kapadmin auth who-can POST "/write?db=telegraf" -o name' +
        '\n  kapadmin auth who-can POST /kapacitor/v1/config/smtp --state access/',
    )
    .action((method: string, path: string, flags: StateFlag) => action({ method, path, ...flags }));
}

/** All users, of the files of `--state` or the cluster. */
async function readUsers(
  state: StateFlag['state'],
  question: { method: string; path: string },
  factory: Factory,
): Promise<readonly User[]> {
  if (state === undefined) return (await factory.metaClient()).users({ signal: factory.context.stop });
  const files = await readStateFlag(state, factory);
  const note = roleAccessNote(allowedMoreByRoles(files.users.values(), files.roles.values(), [question]));
  if (note !== undefined) factory.logger.info(note);
  return [...files.users.values()];
}

export async function run(options: WhoCanOptions, factory: Factory): Promise<Result<readonly AccessDecision[]>> {
  const method = parseMethod(options.method);
  const path = accessPath(options.path);
  const fault = endpointFault(method, path);
  if (fault !== undefined) {
    factory.logger.warn(fault);
    return { data: [], view: accessView, end: 'no' };
  }
  const users = await readUsers(options.state, { method, path }, factory);
  const access = createAccessDecider(method, path, true);
  const all = users.flatMap((user) => access(user));
  if (all.some(({ status }) => status === 400)) {
    factory.logger.info('Kapacitor rejects a write without ?db=NAME (400): writes are listed by database.');
  }
  const data = all.filter(({ allowed }) => allowed);
  const refused = new Set(all.filter(lacksPrivilege).map(({ user }) => user));
  const creators = users.filter((user) => refused.has(user.name) && canCreateAdmin(user)).map(({ name }) => name);
  if (creators.length > 0) factory.logger.info(adminCreatorNote(creators.sort()));
  data.sort((a, b) => (a.user < b.user ? -1 : a.user > b.user ? 1 : 0));
  return { data, view: accessView, ...(data.length === 0 ? { end: 'no' as const } : {}) };
}
