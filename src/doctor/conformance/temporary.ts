import type { MetaClient } from '../../meta/api.js';
import { addFlags, commandLine, type ShellCommand } from '../../model/shell-command.js';
import { removeMade } from '../probe.js';
import { KapadminError } from '../../errors.js';
import { type AclFields, type AclKind, isAclFields } from '../../model/acl.js';

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
  /** Notes that restrictions or grants are about to be made. */
  touchAcl(): void;
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

function aclCommand(entries: readonly string[], profile: readonly string[]): ShellCommand {
  const command = commandLine('kapadmin acl delete', entries, ['--yes']);
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
  let hasAcl = false;
  return {
    names,
    roles,
    database,
    touch: (noun, name) => void touched[noun].add(name),
    touchAcl: () => void (hasAcl = true),
    commands: [deleteCommand('role', roles, profile), deleteCommand('user', names, profile)],
    async removeAll(client) {
      const what: string[] = [];
      const commands: ShellCommand[] = [];
      if (hasAcl) {
        const { left, isListed } = await removeAclOf(client, (value) => value === database);
        what.push(...left, ...(isListed ? [] : [`restrictions and grants of database ${database}`]));
        if (left.length > 0) commands.push(aclCommand(left, profile));
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

export const aclKinds: readonly AclKind[] = ['restriction', 'grant'];

/** The database that an entry is about. */
export function aclDatabase({ database }: AclFields): unknown {
  return isAclFields(database) ? database['value'] : database;
}

/** Deletes the entries of some databases; gives those that may be left, as `acl delete` names them. */
export async function removeAclOf(
  client: MetaClient,
  isOwn: (database: unknown) => boolean,
): Promise<{ readonly left: readonly string[]; readonly isListed: boolean }> {
  const left: string[] = [];
  let isListed = true;
  for (const kind of aclKinds) {
    try {
      const own = (await client.acl(kind)).filter(({ fields }) => isOwn(aclDatabase(fields)));
      for (const { id = '' } of own) {
        const isDeleted = await client.deleteAcl(kind, id).then(
          () => true,
          (error: unknown) => {
            if (error instanceof KapadminError) return error.kind === 'not-found';
            throw error;
          },
        );
        if (!isDeleted) left.push(`${kind}/${id}`);
      }
    } catch (error) {
      if (!(error instanceof KapadminError)) throw error;
      isListed = false;
    }
  }
  return { left, isListed };
}
