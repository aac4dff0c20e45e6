import { isAbsolute, join } from 'node:path';
import { usageError } from '../errors.js';
import type { Context } from '../context.js';
import { escapeControls } from '../model/text.js';
import { isPassedOn, parseEnvironmentFile } from './environment-file.js';
import { readNamed, withPlace } from './read-named.js';

export interface KapacitorOptions {
  readonly kapacitorConf?: string | undefined;
  readonly envFile?: string | undefined;
  readonly noEnv?: boolean | undefined;
}

/** The places of the system, which tests move. */
export interface KapacitorPlaces {
  readonly conf: string;
  readonly environment: string;
}

/** What a kapacitord on this machine would be given. */
export interface KapacitorSources {
  /** Absent: there is none. */
  readonly file?: { readonly path: string; readonly text: string; readonly bytes: Uint8Array; readonly mode: number };
  /** Only variables that begin with `KAPACITOR`, in any letter case. */
  readonly env: ReadonlyMap<string, string>;
  /** Where they come from, for people: a path, `the shell`, or `--no-env`. */
  readonly envOrigin: string;
  /** Assignments of the file that systemd does not pass on, such as `KAPACITOR_AUTH_META_USE-tls`. */
  readonly dropped: readonly { readonly name: string; readonly line: number }[];
  /** The line of each variable and the mode, where they come from a file. */
  readonly envFile?: { readonly lines: ReadonlyMap<string, number>; readonly mode: number };
}

const standardPlaces: KapacitorPlaces = {
  conf: '/etc/kapacitor/kapacitor.conf',
  environment: '/etc/default/kapacitor',
};
const largest = 1024 * 1024;
const largestEnvironment = 1024 * 1024;
const ours = /^kapacitor/i;

/** The file that is named: it must be there. `/dev/null` means none, as for the daemon. */
async function namedFile(name: string, place: string, context: Context): Promise<KapacitorSources['file']> {
  if (name === '/dev/null') return undefined;
  const hint = 'Name a kapacitor.conf that you may read, or /dev/null for none.';
  const { path, text, bytes, mode } = await readNamed(context, name, place, largest, hint);
  return { path, text, bytes, mode };
}

/** The first file that is there and not empty (cmd/kapacitord/run/config_command.go, FindConfigPath). */
async function foundFile(context: Context, places: KapacitorPlaces): Promise<KapacitorSources['file']> {
  const own = isAbsolute(context.home) ? [join(context.home, '.kapacitor', 'kapacitor.conf')] : [];
  for (const file of [...own, places.conf]) {
    const read = await context.files.readIfThere(file, largest).catch((error: unknown) => {
      throw withPlace(error, 'kapacitor.conf', 'Run with the rights to read it, or name a copy with --kapacitor-conf.');
    });
    if (read === undefined || read.bytes.length === 0) continue;
    const { text, bytes, mode } = read;
    return { path: file, text, bytes, mode };
  }
  return undefined;
}

type Environment = Pick<KapacitorSources, 'env' | 'envOrigin' | 'dropped' | 'envFile'>;

function fromFile(file: string, bytes: Uint8Array, mode: number): Environment {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw usageError('bad-env-file', `${escapeControls(file)} is not UTF-8 text: systemd would refuse it`);
  }
  if (text.includes('\0')) {
    throw usageError('bad-env-file', `${escapeControls(file)} holds a NUL byte: systemd would refuse it`);
  }
  const all = parseEnvironmentFile(text).filter(({ name }) => ours.test(name));
  const passed = all.filter(isPassedOn).map(({ name, value }) => [name, value] as const);
  const dropped = all.filter((one) => !isPassedOn(one)).map(({ name, line }) => ({ name, line }));
  const lines = new Map(all.filter(isPassedOn).map(({ name, line }) => [name, line] as const));
  return { env: new Map(passed), envOrigin: file, dropped, envFile: { lines, mode } };
}

function fromShell(env: Context['env']): Environment {
  const entries = Object.entries(env).flatMap(([name, value]) =>
    ours.test(name) && value !== undefined ? [[name, value] as const] : [],
  );
  return { env: new Map(entries), envOrigin: 'the shell', dropped: [] };
}

async function environmentOf(
  { envFile, noEnv }: KapacitorOptions,
  context: Context,
  places: KapacitorPlaces,
): Promise<Environment> {
  if (noEnv === true) {
    if (envFile === undefined) return { env: new Map(), envOrigin: '--no-env', dropped: [] };
    throw usageError('two-environments', '--env-file and --no-env exclude each other', 'Give one of them.');
  }
  if (envFile !== undefined) {
    const hint = 'Name a file of lines such as KAPACITOR_AUTH_ENABLED=true, or give --no-env.';
    const { path, bytes, mode } = await readNamed(context, envFile, '--env-file', largestEnvironment, hint);
    return fromFile(path, bytes, mode);
  }
  const system = await context.files.readIfThere(places.environment, largestEnvironment).catch(() => undefined);
  return system === undefined ? fromShell(context.env) : fromFile(places.environment, system.bytes, system.mode);
}

/**
 * The kapacitor.conf and the variables that the daemon would use. File: the one named, else `$KAPACITOR_CONFIG_PATH`,
 * else `~/.kapacitor/kapacitor.conf`, else that of the system. Variables: of the file named, else the system's when it
 * can be read, else the shell's; never of two. Throws a usage error for a file that is named or there and cannot be read.
 */
export async function locateKapacitorConf(
  options: KapacitorOptions,
  context: Context,
  places: KapacitorPlaces = standardPlaces,
): Promise<KapacitorSources> {
  const variable = context.env['KAPACITOR_CONFIG_PATH'];
  const file =
    options.kapacitorConf !== undefined
      ? await namedFile(options.kapacitorConf, '--kapacitor-conf', context)
      : variable
        ? await namedFile(variable, 'KAPACITOR_CONFIG_PATH', context)
        : await foundFile(context, places);
  return { ...(file === undefined ? {} : { file }), ...(await environmentOf(options, context, places)) };
}
