import { showNames } from './name.js';
import { commandLine } from './shell-command.js';
import type { RolesInUserRecords } from './user.js';

/** Whether a role's permissions count for Kapacitor, as far as it is known. Only `no` says that they do not. */
export const roleSentences: Readonly<Record<RolesInUserRecords, string>> = {
  yes: 'Kapacitor reads only the user record. This cluster copies role permissions into it.',
  no: 'Kapacitor reads only the user record. This cluster does not copy role permissions into it.',
  unknown:
    'Kapacitor reads only the user record. Whether this cluster copies role permissions into it is unknown; ' +
    'check with kapadmin auth test.',
};

/** A member whose user record lacks permissions of its role that Kapacitor knows. */
export interface LackingMember {
  readonly name: string;
  readonly permissions: readonly string[];
}

const maxCommands = 3;

/** The note after a change to a role: which members lack its permissions, and the commands that grant them. */
export function lackingNote(fact: RolesInUserRecords, members: readonly LackingMember[]): string {
  const commands = members
    .slice(0, maxCommands)
    .map(({ name, permissions }) => String(commandLine('kapadmin user grant', [name, ...permissions])));
  const more = members.length - commands.length;
  const rest =
    more > 0 ? `, and the same for ${more} more: ${showNames(members.slice(maxCommands).map(({ name }) => name))}` : '';
  return `${roleSentences[fact]} Grant it directly: ${commands.join('; ')}${rest}`;
}

/** What a file leaves out of users, in one sentence. */
export function leftOutSentence(count: number): string {
  const what = count === 1 ? '1 permission is' : `${count} permissions are`;
  return `${what} left out of users: a role gives the same, and whether it is also granted directly is unknown.`;
}
