import { KapadminError, usageError } from '../errors.js';
import type { Files } from '../files/files.js';
import { parserMessage, parseYaml } from '../model/safe-parsing.js';
import {
  readAccount,
  readFields,
  readRoles,
  readUsers,
  type Seed,
  type SeedAccount,
  seedState,
} from './meta-node/seed.js';
import type { ClusterState } from './meta-node/store.js';

const maxSeedBytes = 64 * 1024 * 1024;
const known = ['listen', 'credentials', 'users', 'roles', 'responses'];

async function parseSeed(text: string): Promise<unknown> {
  try {
    return JSON.parse(text);
  } catch {
    return parseYaml(text);
  }
}

/** Reads the `meta` part of a scenario, alone or inside its scenario, JSON or YAML; `listen` and `responses` are not used. */
export async function readSeed(file: string, files: Files): Promise<Seed & { readonly account: SeedAccount | null }> {
  const { text } = await files.read(file, maxSeedBytes);
  try {
    const top = readFields(await parseSeed(text), 'the file');
    const meta = readFields('meta' in top ? top['meta'] : top, 'meta', known);
    return {
      account: readAccount(meta['credentials'], 'credentials'),
      users: readUsers(meta['users'], 'users'),
      roles: readRoles(meta['roles'], 'roles'),
    };
  } catch (error) {
    const reason = parserMessage(error);
    const hint = error instanceof KapadminError ? error.hint : undefined;
    throw usageError('bad-seed-file', `cannot use the seed ${file}: ${reason}`, hint);
  }
}

const maxDataBytes = 256 * 1024 * 1024;
const version = 1;
/** Milliseconds between the end of a write and the next. */
const pauseLimits = { min: 50, max: 250 };

/** Keeps a cluster's state in a file. */
export interface DataFile {
  /** Call after each write; the file follows soon. */
  changed(): void;
  /** Writes what is not written yet. Throws where that fails. */
  close(): Promise<void>;
}

function serialize(state: ClusterState): string {
  const lines = (items: readonly object[]): string => items.map((item) => JSON.stringify(item)).join(',\n');
  const users = [...state.users.values()].map(({ name, hash, ldap, permissions }) => ({
    name,
    hash: hash.reveal(),
    ldap,
    permissions: Object.fromEntries(permissions),
  }));
  const roles = [...state.roles.values()].map(({ name, permissions, users: members }) => ({
    name,
    permissions: Object.fromEntries(permissions),
    users: [...members],
  }));
  const head = `{"kapadminSandbox":${version},"index":${state.index}`;
  return `${head},\n"users":[\n${lines(users)}\n],\n"roles":[\n${lines(roles)}\n],\n"acl":${JSON.stringify(Object.fromEntries(state.acl))}}\n`;
}

function parseData(text: string): ClusterState {
  const fields = readFields(JSON.parse(text), 'the file', ['kapadminSandbox', 'index', 'users', 'roles', 'acl']);
  if (fields['kapadminSandbox'] !== version) throw new Error('"kapadminSandbox" is not 1');
  const index = fields['index'];
  if (!Number.isSafeInteger(index)) throw new Error('"index" is not an integer');
  return {
    ...seedState(readUsers(fields['users'], 'users'), readRoles(fields['roles'], 'roles')),
    acl: new Map(
      Object.entries(readFields(fields['acl'] ?? {}, 'acl')).map(([name, entry]) => [name, readFields(entry, name)]),
    ),
    index: index as number,
  };
}

/**
 * The state in a file; undefined if it does not exist. Anything but a complete data file is rejected and left alone.
 */
export async function loadDataFile(file: string, files: Files): Promise<ClusterState | undefined> {
  const found = await files.readOptional(file, maxDataBytes);
  if (found === undefined) return undefined;
  try {
    return parseData(found.text);
  } catch (error) {
    const reason = parserMessage(error);
    throw usageError(
      'bad-data-file',
      `${file} is not a data file of kapadmin sandbox: ${reason}`,
      'Use another file, or move this one. It was not changed.',
    );
  }
}

/**
 * Writes the state to the file atomically (0600, flushed, renamed into place), soon after a change but not for each: 50
 * ms later, or four times as long as the last write took, but at most 250 ms. A clean end loses nothing, a kill loses
 * the writes of that time. `failed` is called if the disk rejects a write; the next change tries again.
 */
export async function persistState(
  file: string,
  state: ClusterState,
  files: Files,
  failed: (error: unknown) => void,
): Promise<DataFile> {
  let written = -1;
  let pause = pauseLimits.min;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  const write = async (): Promise<void> => {
    const { index } = state;
    const start = performance.now();
    await files.writeFileAtomic(file, serialize(state), 0o600);
    written = index;
    pause = Math.min(pauseLimits.max, Math.max(pauseLimits.min, 4 * (performance.now() - start)));
  };
  const writeSoon = (): void => {
    if (timer !== undefined || written === state.index) return;
    timer = setTimeout(() => {
      writing = write().then(
        () => {
          timer = undefined;
          writeSoon();
        },
        (error: unknown) => {
          timer = undefined;
          failed(error);
        },
      );
    }, pause);
  };
  await write();
  return {
    changed: writeSoon,
    async close() {
      clearTimeout(timer);
      timer = undefined;
      await writing;
      clearTimeout(timer);
      if (written !== state.index) await write();
    },
  };
}
