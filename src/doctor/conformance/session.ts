import { KapadminError } from '../../errors.js';
import { describeShape, maskText, type NameMask } from './mask-responses.js';
import type { RecordedResponse } from '../../diagnostics/doctor/facts.js';
import type { MetaClient } from '../../meta/client-types.js';
import { isDeeperThan } from '../../meta/response.js';
import { redact } from '../../meta/redact.js';
import { metaRequestPath, parseRoles, parseUsers, UnexpectedShapeError } from '../../meta/wire.js';
import { Secret } from '../../model/secret.js';
import type { Role, User } from '../../model/user.js';
import type { Clock } from '../../context.js';
import { addFlags, commandLine, type ShellCommand } from '../../model/shell-command.js';
import { removeMade } from '../probe-role-copy.js';
import { type AclFields, type AclKind, isAclFields } from '../../model/acl.js';

/** A response, read as JSON. */
export interface ProbeResponse {
  readonly status: number;
  /** 2xx. */
  readonly isDone: boolean;
  /** Undefined for a body that is empty or not JSON. */
  readonly value: unknown;
}

interface ProbeRequest {
  /** How the report calls it. */
  readonly label: string;
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: object;
  readonly secrets?: readonly Secret[];
  readonly isAnonymous?: boolean;
  /** What of the value is recorded; all by default. */
  keep?(value: unknown): unknown;
}

/** What the probes use: requests whose responses are recorded without values, and temporary names. */
export interface ProbeSession {
  readonly client: MetaClient;
  readonly temporary: Temporary;
  readonly database: string;
  /** A random text for passwords. */
  secretText(bytes: number): string;
  send(request: ProbeRequest): Promise<ProbeResponse>;
  /** A write to a user or role, noted before it is sent. */
  write(noun: 'user' | 'role', label: string, action: string, fields: WrittenFields): Promise<ProbeResponse>;
  /** Reads until it fits, at most for `--wait`; gives the last reading. */
  readUser(name: string, fits?: (user: User | undefined) => boolean): Promise<User | undefined>;
  readRole(name: string, fits?: (role: Role | undefined) => boolean): Promise<Role | undefined>;
  /** The responses since the last call. */
  takeResponses(): readonly RecordedResponse[];
}

interface WrittenFields {
  readonly name: string;
  readonly password?: Secret;
  readonly hash?: Secret;
  readonly permissions?: Readonly<Record<string, readonly string[]>>;
  readonly users?: readonly string[];
  readonly newName?: string;
}

const maxDepth = 64;
const pollMs = 50;

/** The value of a JSON body; undefined where there is none. */
function jsonOf(body: Uint8Array): unknown {
  if (body.length === 0 || isDeeperThan(body, maxDepth)) return undefined;
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    return undefined;
  }
}

function errorOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { error, message } = value as { readonly error?: unknown; readonly message?: unknown };
  return [error, message].find((text) => typeof text === 'string');
}

/** @param names what the report must not show */
export function createSession(
  client: MetaClient,
  temporary: Temporary,
  names: NameMask,
  outside: {
    readonly clock: Clock;
    readonly stop: AbortSignal;
    readonly waitMs: number;
    secretText(bytes: number): string;
  },
): ProbeSession {
  const { clock, stop, waitMs } = outside;
  const recorded = new Map<string, RecordedResponse>();
  const sent = new Set<string>();

  const send = async ({ label, method = 'GET', path, body, secrets = [], isAnonymous, keep }: ProbeRequest) => {
    for (const secret of secrets) sent.add(secret.reveal());
    const raw = await client.send(
      {
        purpose: `probe ${label}`,
        method,
        path,
        secrets,
        ...(body === undefined ? {} : { body: revealed(body), redactedBody: () => JSON.stringify(body) }),
        ...(isAnonymous === true ? { anonymous: true } : {}),
      },
      { signal: stop },
    );
    if (raw.status === 503) {
      throw new KapadminError('unreachable', 'no-leader', `cannot probe ${label}: the node responded with 503`, {
        hint: 'Run influxd-ctl show, and try again.',
      });
    }
    const value = jsonOf(raw.body);
    const error = errorOf(value);
    const shape = value === undefined ? 'text' : describeShape(keep?.(value) ?? value, names);
    const one: RecordedResponse = {
      request: label,
      status: raw.status,
      ...(raw.body.length === 0 ? {} : { body: shape }),
      ...(error === undefined ? {} : { error: maskText(redact(client.redact(error), [...sent]), names) }),
    };
    recorded.set(JSON.stringify(one), one);
    return { status: raw.status, isDone: raw.status >= 200 && raw.status < 300, value };
  };

  const until = async <T>(read: () => Promise<T>, fits: (value: T) => boolean): Promise<T> => {
    const end = clock.now() + waitMs;
    for (;;) {
      const value = await read();
      if (fits(value) || clock.now() >= end || stop.aborted) return value;
      await clock.sleep(pollMs, stop);
    }
  };

  const readOne = async <T>(noun: 'user' | 'role', name: string, parse: (value: unknown) => readonly T[]) => {
    const { value, isDone } = await send({ label: `GET /${noun}?name=`, path: metaRequestPath(`/${noun}`, { name }) });
    if (!isDone) return undefined;
    try {
      return parse(value)[0];
    } catch (error) {
      if (!(error instanceof UnexpectedShapeError)) throw error;
      const message = `cannot probe GET /${noun}: the response has an unknown shape (${error.message})`;
      throw new KapadminError('server', 'wrong-shape', message);
    }
  };

  return {
    client,
    temporary,
    database: temporary.database,
    secretText: (bytes) => outside.secretText(bytes),
    send,
    write: async (noun, label, action, fields) => {
      temporary.touch(noun, fields.name);
      if (fields.newName !== undefined) temporary.touch(noun, fields.newName);
      const secrets = [fields.password, fields.hash].filter((secret) => secret !== undefined);
      const body = { action, [noun]: fields };
      return send({ label: `POST /${noun} ${label}`, method: 'POST', path: `/${noun}`, body, secrets });
    },
    readUser: (name, fits = (user) => user !== undefined) => until(() => readOne('user', name, parseUsers), fits),
    readRole: (name, fits = (role) => role !== undefined) => until(() => readOne('role', name, parseRoles), fits),
    takeResponses: () => {
      const all = [...recorded.values()];
      recorded.clear();
      return all;
    },
  };
}

/** A body as it is sent; where it is shown, a `Secret` is `***`. */
function revealed(body: object): string {
  return JSON.stringify(body, function (this: Readonly<Record<string, unknown>>, key, value: unknown) {
    const raw = this[key];
    return raw instanceof Secret ? raw.reveal() : value;
  });
}

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
