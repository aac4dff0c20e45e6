import { usageError } from '../errors.js';
import type { Files } from '../files/files.js';
import { parseFault } from '../model/safe-parsing.js';
import { readFields, readRoles, readUsers } from './description.js';
import { stateOf } from './seeded.js';
import type { ClusterState } from './store.js';

const limit = 256 * 1024 * 1024;
const version = 1;
/** Milliseconds between the end of a write and the next. */
const pauseLimits = { min: 50, max: 250 };

/** Keeps a cluster's state in a file. */
export interface DataFile {
  /** To be called after each write. The file follows within moments: see `keep`. */
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
  return `${head},\n"users":[\n${lines(users)}\n],\n"roles":[\n${lines(roles)}\n]}\n`;
}

function parse(text: string): ClusterState {
  const fields = readFields(JSON.parse(text), 'the file', ['kapadminSandbox', 'index', 'users', 'roles']);
  if (fields['kapadminSandbox'] !== version) throw new Error('"kapadminSandbox" is not 1');
  const index = fields['index'];
  if (!Number.isSafeInteger(index)) throw new Error('"index" is no whole number');
  return {
    ...stateOf(readUsers(fields['users'], 'users'), readRoles(fields['roles'], 'roles')),
    index: index as number,
  };
}

/** The state in a file, undefined where there is none yet. Anything but a whole data file is refused and left alone. */
export async function loadData(file: string, files: Files): Promise<ClusterState | undefined> {
  const found = await files.readIfThere(file, limit);
  if (found === undefined) return undefined;
  try {
    return parse(found.text);
  } catch (error) {
    const reason = parseFault(error);
    throw usageError(
      'bad-data-file',
      `${file} is no data file of kapadmin sandbox: ${reason}`,
      'It was left as it is; name another file, or move this one away.',
    );
  }
}

/**
 * Writes the state to the file, whole (0600, flushed, renamed into place), soon after each change but not for each:
 * 50 ms later, or four times as long as the last writing took, but at most 250 ms. A clean end loses nothing, a kill
 * loses the writes of that time; the file is never half. `failed` is told when the disk refuses; the next change tries
 * again.
 */
export async function keep(
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
    await files.writeWhole(file, serialize(state), 0o600);
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
