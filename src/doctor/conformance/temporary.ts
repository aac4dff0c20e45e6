import type { MetaClient } from '../../meta/api.js';
import { addFlags, commandLine, type ShellCommand } from '../../model/shell-command.js';
import { removeMade } from '../probe.js';
import { type AclKind, removeAclOf } from './acl.js';

/** What a run makes: names that are known before anything is sent, and what of them has been sent. */
export interface Temporary {
  /** For users. */
  readonly names: readonly string[];
  /** Some of the same names, for roles. */
  readonly roles: readonly string[];
  /** It does not exist: permissions, restrictions and grants name it. */
  readonly database: string;
  /** Notes that a write of this name is about to be sent. */
  touch(noun: 'user' | 'role', name: string): void;
  touchAcl(kind: AclKind): void;
  /** The commands that remove all that a killed run may leave. */
  readonly commands: readonly ShellCommand[];
  /** Removes everything that was touched; gives what may be left, and the commands that remove it. */
  removeAll(client: MetaClient): Promise<Leftovers>;
}

export interface Leftovers {
  /** `user kapadmin-probe-...` */
  readonly what: readonly string[];
  readonly commands: readonly ShellCommand[];
}

function deleteCommand(noun: 'user' | 'role', names: readonly string[], profile: readonly string[]): ShellCommand {
  const words = noun === 'user' ? 'kapadmin user delete' : 'kapadmin role delete';
  const command = commandLine(words, names, ['--if-exists', '--yes']);
  return addFlags(
    command,
    profile.flatMap((name) => ['--profile', name]),
  );
}

/** Roles that a run makes. */
const roleCount = 4;

/** @param profile the profile of `--profile`, for the commands */
export function createTemporary(names: readonly string[], database: string, profile: readonly string[]): Temporary {
  const roles = names.slice(0, roleCount);
  const touched = { user: new Set<string>(), role: new Set<string>() };
  const acl = new Set<AclKind>();
  return {
    names,
    roles,
    database,
    touch: (noun, name) => void touched[noun].add(name),
    touchAcl: (kind) => void acl.add(kind),
    commands: [deleteCommand('role', roles, profile), deleteCommand('user', names, profile)],
    async removeAll(client) {
      const what: string[] = [];
      const commands: ShellCommand[] = [];
      for (const kind of acl) {
        const isGone = await removeAclOf(client, kind, (value) => value === database);
        if (!isGone) what.push(`${kind} of database ${database}`);
      }
      for (const noun of ['role', 'user'] as const) {
        const left: string[] = [];
        for (const name of touched[noun]) if (!(await removeMade(client, noun, name))) left.push(name);
        what.push(...left.map((name) => `${noun} ${name}`));
        if (left.length > 0) commands.push(deleteCommand(noun, left, profile));
      }
      return { what, commands };
    },
  };
}
