import { runLine, type Ran } from '../run.js';
import type { TestOptions } from '../context.js';
import { sandbox } from '../sandbox/running.js';
import type { Sandbox, SandboxOptions, StartKapacitor } from '../../src/sandbox/options.js';
import { Secret } from '../../src/model/secret.js';
import type { DescribedUser } from '../../src/sandbox/seed-and-data-files.js';
import { startKapacitor } from '../../src/sandbox/kapacitor/server.js';
import { files } from '../../src/files/files.js';
import { readDaemonFile } from '../../src/settings/locate-kapacitor-conf.js';

/** What `doctor -o json` prints. */
export interface Told {
  readonly findings: readonly {
    readonly id: string;
    readonly severity: string;
    readonly title: string;
    readonly consequence: string;
    readonly fact: string;
    readonly place: { readonly url?: string; readonly user?: string } | null;
    readonly fixes: readonly { readonly command?: string; readonly setting?: string }[];
  }[];
  readonly ok: readonly string[];
  readonly unknown: readonly { readonly what: string; readonly why: string }[];
  readonly unchecked: readonly { readonly id: string; readonly why: string }[];
}

export interface Looked {
  readonly code: number;
  readonly stderr: string;
  readonly told: Told;
  /** Identifiers of the findings, sorted. */
  readonly ids: readonly string[];
}

/** A user of a sandbox with the password `pw-NAME`. */
export function person(
  name: string,
  scopes: Readonly<Record<string, readonly string[]>> = {},
  hash?: string,
): DescribedUser {
  const permissions = new Map(Object.entries(scopes));
  if (hash !== undefined) return { name, hash: new Secret(hash), ldap: false, permissions };
  return { name, password: new Secret(`pw-${name}`), ldap: false, permissions };
}

export function environment(urls: readonly string[], more: Readonly<Record<string, string>> = {}) {
  return {
    KAPADMIN_META_URL: urls.join(','),
    KAPADMIN_META_USERNAME: 'admin',
    KAPADMIN_META_PASSWORD: 'changeit',
    ...more,
  };
}

function looked({ code, stdout, stderr }: Ran): Looked {
  const told = JSON.parse(stdout) as Told;
  return { code, stderr, told, ids: told.findings.map(({ id }) => id).toSorted() };
}

export interface Given extends TestOptions {
  readonly words?: readonly string[];
}

/** Runs `doctor -o json` in this process as the admin of a sandbox. */
export async function look(urls: readonly string[], { words = [], ...given }: Given = {}): Promise<Looked> {
  const env = environment(urls, given.env);
  return looked(await runLine(['doctor', '--no-env', '-o', 'json', ...words], { ...given, env }));
}

/** A sandbox, and what `doctor` says of it. */
export async function lookAt(options: SandboxOptions, given: Given = {}): Promise<Looked & { sandbox: Sandbox }> {
  const running = await sandbox(options);
  return { ...(await look(running.urls, given)), sandbox: running };
}

const real = { now: () => Date.now(), sleep: (ms: number) => new Promise<void>((go) => setTimeout(go, ms).unref()) };

/** Starts a Kapacitor with this configuration beside a sandbox. */
export function frontWith(text: string): StartKapacitor {
  const conf = { path: 'kapacitor.conf', bytes: Buffer.from(text) };
  return (meta) => startKapacitor({ conf }, meta, { read: (path) => readDaemonFile(files, path), clock: real });
}

/** A kapacitor.conf against a meta node. */
export function confFor(url: string, auth: readonly string[] = [], http: readonly string[] = []): string {
  const { host } = new URL(url);
  return [
    '[http]',
    'auth-enabled = true',
    'shared-secret = "a secret that is long enough, really"',
    ...http,
    '[auth]',
    'enabled = true',
    'bcrypt-cost = 4',
    'cache-expiration = "10m"',
    `meta-addr = "${host}"`,
    ...auth,
    '',
  ].join('\n');
}
