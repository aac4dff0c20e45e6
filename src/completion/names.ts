import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Context } from '../context.js';
import { cacheFolder } from '../settings/cache-folder.js';

/** Names of the cluster, for completion. */
export interface Names {
  readonly users: readonly string[];
  readonly roles: readonly string[];
}

/** Milliseconds that names are kept, and that the cluster has to tell them. */
const kept = 30_000;
const patience = 300;

const nobody: Names = { users: [], roles: [] };

function isNames(value: unknown): value is Names & { at: number } {
  const { users, roles, at } = (value ?? {}) as Partial<Names & { at: number }>;
  return Array.isArray(users) && Array.isArray(roles) && typeof at === 'number';
}

/** The context as completion may use it: nobody is asked, and no path begins in the working directory. */
function secluded(context: Context): Context {
  const alone = { stdinIsTerminal: { value: false }, stderrIsTerminal: { value: false } };
  const io = Object.create(context.io, alone) as Context['io'];
  return { ...context, io, cwd: context.home };
}

async function ask(context: Context): Promise<{ key: string; read: () => Promise<Names> }> {
  const { resolveSettings } = await import('../settings/settings.js');
  const { connect } = await import('../settings/connect.js');
  const silent = { note: () => {}, warn: () => {}, debug: () => {}, request: () => {}, show: () => {} };
  const flags = { connectTimeout: `${patience}ms`, timeout: `${patience}ms`, retries: '0' };
  const { gather } = await import('../settings/gather.js');
  const { loadUserConfig } = await import('../settings/user-config.js');
  const config = await loadUserConfig(context, undefined);
  const settings = await resolveSettings(await gather(flags, context, config), context, silent);
  const { credentials, nodes } = settings;
  const account = credentials.kind === 'none' ? '' : credentials.username;
  const key = createHash('sha256')
    .update(JSON.stringify([nodes, credentials.kind, account]))
    .digest('hex')
    .slice(0, 16);
  const read = async (): Promise<Names> => {
    const client = await connect(settings, context, silent, flags);
    const signal = AbortSignal.any([context.stop, AbortSignal.timeout(patience)]);
    try {
      const [users, roles] = await Promise.all([client.users({ signal }), client.roles({ signal })]);
      return { users: users.map(({ name }) => name), roles: roles.map(({ name }) => name) };
    } finally {
      await client.close();
    }
  };
  return { key, read };
}

/**
 * The names of users and roles: read once in half a minute, within 300 ms, from the nodes of the user's own file or
 * environment only. On any failure there are none.
 */
export async function namesOfCluster(context: Context): Promise<Names> {
  try {
    const { key, read } = await ask(secluded(context));
    const folder = cacheFolder(context.env, context.home);
    const file = folder === undefined ? undefined : path.join(folder, `names-${key}.json`);
    const cached: unknown = file && JSON.parse((await context.files.readIfThere(file))?.text ?? 'null');
    if (isNames(cached) && context.clock.now() - cached.at < kept) return cached;
    const names = await read();
    if (file !== undefined && folder !== undefined) {
      await context.files.makeFolder(folder, 0o700);
      await context.files.writeWhole(file, JSON.stringify({ at: context.clock.now(), ...names }), 0o600);
    }
    return names;
  } catch {
    return nobody;
  }
}
