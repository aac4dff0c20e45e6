import { onTestFinished } from 'vitest';
import { files } from '../../src/files/files.js';
import { Secret } from '../../src/model/secret.js';
import { startKapacitor } from '../../src/sandbox/kapacitor/server.js';
import { readDaemonFile } from '../../src/settings/locate-kapacitor-conf.js';
import { makeFolder } from '../folder.js';
import type { TestOptions } from '../context.js';
import { runLine, type Ran } from '../run.js';
import { cluster, type Small, type TestCluster } from './cluster.js';

export const some: Small = {
  users: {
    johndoe: { '': ['KapacitorAPI'], telegraf: ['WriteData'] },
    admina: { '': ['KapacitorConfigAPI'] },
    odd: { '': ['KapacitorAPI'], x: ['Nope'] },
    byrole: {},
  },
  roles: { operators: { permissions: { '': ['KapacitorAPI'] }, users: ['byrole'] } },
};

export const tasks = 'http://kapacitor:9092/kapacitor/v1/tasks';

/** A kapacitor.conf for a node; `lines` are added to `[auth]`. */
export function conf(metaUrl: string, lines: readonly string[] = [], http: readonly string[] = []): string {
  const address = metaUrl.replace(/^https?:\/\//, '');
  return [
    'data_dir = "/var/lib/kapacitor"',
    '[http]',
    '  auth-enabled = true',
    ...http,
    '[auth]',
    '  enabled = true',
    '  cache-expiration = "5m"',
    '  bcrypt-cost = 4',
    `  meta-addr = "${address}"`,
    '  meta-username = "admin"',
    '  meta-password = "changeit"',
    ...lines,
    '',
  ].join('\n');
}

export interface LoginCluster extends TestCluster {
  /** Runs `auth test` with a kapacitor.conf for this cluster, no KAPADMIN_..., and johndoe's password in `PW`. */
  login(argv: readonly string[], options?: TestOptions): Promise<Ran>;
}

/** A cluster with users, and a kapacitor.conf that uses it. */
export async function loginCluster(lines: readonly string[] = [], http: readonly string[] = []): Promise<LoginCluster> {
  const made = await cluster(some);
  const folder = makeFolder({ 'kapacitor.conf': conf(made.urls[0] ?? '', lines, http) });
  const words = ['auth', 'test', '--kapacitor-conf', `${folder}/kapacitor.conf`, '--no-env'];
  const login: LoginCluster['login'] = (argv, options = {}) =>
    runLine([...words, ...argv], { ...options, env: { PW: 'pw-johndoe', ...options.env } });
  return { ...made, login };
}

const account = { username: 'admin', password: new Secret('changeit') };

/** A Kapacitor that answers by HTTP, beside a cluster; with `text` as its kapacitor.conf. */
export async function kapacitorOf({ urls }: TestCluster, text?: string): Promise<string> {
  const front = await startKapacitor(
    { port: 0, ...(text === undefined ? {} : { conf: { path: 'kapacitor.conf', bytes: Buffer.from(text) } }) },
    {
      url: urls[0] ?? '',
      account,
      internalSharedSecret: undefined,
      caPath: undefined,
      clientCertPath: undefined,
      clientKeyPath: undefined,
      isPortFree: true,
      bcryptCost: 4,
    },
    {
      read: (file) => readDaemonFile(files, file),
      // Kapacitor asks again for ten seconds for a user whom the meta node does not know.
      clock: { now: () => Date.now(), sleep: () => Promise.resolve() },
    },
  );
  onTestFinished(() => front.close());
  return front.url;
}
