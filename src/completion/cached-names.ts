import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Context } from '../context.js';

/** The user's own cache folder for kapadmin; undefined where neither XDG_CACHE_HOME nor the home is an absolute path. */
function cacheFolder(env: Readonly<Record<string, string | undefined>>, home: string): string | undefined {
  const xdg = env['XDG_CACHE_HOME'];
  if (xdg !== undefined && path.isAbsolute(xdg)) return path.join(xdg, 'kapadmin');
  return path.isAbsolute(home) ? path.join(home, '.cache', 'kapadmin') : undefined;
}

/** Names of the cluster, for completion. */
interface Names {
  readonly users: readonly string[];
  readonly roles: readonly string[];
}

/** Milliseconds for which cached names are as good as new, good enough, and good where the cluster does not respond. */
const freshFor = 30_000;
const goodFor = 600_000;
const usableFor = 86_400_000;
/** Milliseconds for a connection, and for the names where good enough ones are cached, and where none are. */
const connectTimeout = 300;
const timeout = { cached: 300, first: 3000 };

/** Bytes of the cache file. */
const maxCache = 64 * 1024 * 1024;

const nobody: Names = { users: [], roles: [] };

function isNames(value: unknown): value is Names & { at: number } {
  const { users, roles, at } = (value ?? {}) as Partial<Names & { at: number }>;
  return Array.isArray(users) && Array.isArray(roles) && typeof at === 'number';
}

/** The context as completion may use it: without prompts, and no path begins in the working directory. */
function secluded(context: Context): Context {
  const never = { value: false };
  const alone = { stdinIsTerminal: never, stderrIsTerminal: never, isInteractive: never };
  const io = Object.create(context.io, alone) as Context['io'];
  return { ...context, io, cwd: context.home };
}

async function ask(context: Context): Promise<{ key: string; read: (ms: number) => Promise<Names> }> {
  const { resolveLayers, resolveSettings } = await import('../settings/settings.js');
  const { connectMetaClient } = await import('../settings/connect.js');
  const nothing = (): void => {};
  const silent = {
    info: nothing,
    progress: nothing,
    flush: nothing,
    warn: nothing,
    debug: nothing,
    request: nothing,
    show: nothing,
  };
  const flags = { connectTimeout: `${connectTimeout}ms`, timeout: `${timeout.first}ms`, retries: '0' };
  const { loadUserConfig } = await import('../settings/config-file.js');
  const config = await loadUserConfig(context, undefined);
  const settings = await resolveSettings(await resolveLayers(flags, context, config), context, silent);
  const { credentials, nodes } = settings;
  const account = credentials.kind === 'none' ? '' : credentials.username;
  const key = createHash('sha256')
    .update(JSON.stringify([nodes, credentials.kind, account]))
    .digest('hex')
    .slice(0, 16);
  const read = async (ms: number): Promise<Names> => {
    const client = await connectMetaClient(settings, context, silent, flags);
    const signal = AbortSignal.any([context.stop, AbortSignal.timeout(ms)]);
    try {
      const [users, roles] = await Promise.all([client.users({ signal }), client.roles({ signal })]);
      return { users: users.map(({ name }) => name), roles: roles.map(({ name }) => name) };
    } finally {
      await client.close();
    }
  };
  return { key, read };
}

/** The cached names and their age in milliseconds; infinite if there are none. */
async function readCache(file: string | undefined, context: Context): Promise<{ names: Names; age: number }> {
  const none = { names: nobody, age: Infinity };
  if (file === undefined) return none;
  try {
    const cached: unknown = JSON.parse((await context.files.readOptional(file, maxCache))?.text ?? 'null');
    return isNames(cached) ? { names: cached, age: Math.abs(context.clock.now() - cached.at) } : none;
  } catch {
    return none;
  }
}

/**
 * The names of users and roles: cached for half a minute, else read from the nodes of the user's configuration file or
 * environment. The first read of a large cluster may take three seconds; later calls use the cache. On any failure the
 * cached names of the last day are used.
 */
export async function namesOfCluster(context: Context): Promise<Names> {
  try {
    const { key, read } = await ask(secluded(context));
    const folder = cacheFolder(context.env, context.home);
    const file = folder === undefined ? undefined : path.join(folder, `names-${key}.json`);
    const { names: cached, age } = await readCache(file, context);
    if (age < freshFor) return cached;
    const names = await read(age < goodFor ? timeout.cached : timeout.first).catch(() => undefined);
    if (names === undefined) return age < usableFor ? cached : nobody;
    if (file !== undefined && folder !== undefined) {
      await context.files.makeFolder(folder, 0o700);
      await context.files.writeFileAtomic(file, JSON.stringify({ at: context.clock.now(), ...names }), 0o600);
    }
    return names;
  } catch {
    return nobody;
  }
}
