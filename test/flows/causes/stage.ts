import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { files } from '../../../src/files/files.js';
import { Secret } from '../../../src/model/secret.js';
import type { DescribedRole, DescribedUser } from '../../../src/sandbox/seed-and-data-files.js';
import { startKapacitor } from '../../../src/sandbox/kapacitor/server.js';
import type { RunningKapacitor, Sandbox, SandboxOptions } from '../../../src/sandbox/options.js';
import { readDaemonFile } from '../../../src/settings/locate-kapacitor-conf.js';
import { makeFolder } from '../../folder.js';
import { runLine } from '../../run.js';
import { recordOutput } from '../harness/secrets.js';
import { registerSecret, withSandbox } from '../harness.js';
import { confFor, type Conf } from './conf.js';
import type { Place } from './shell.js';

export const johns = registerSecret('johns-Pa5sw0Rd');
const kaps = registerSecret('kap-Pa5sw0Rd');

type Scopes = Readonly<Record<string, readonly string[]>>;

/** A user with a password, or with a hash as it is. */
export function person(name: string, scopes: Scopes, more: Partial<DescribedUser> = {}): DescribedUser {
  const permissions = new Map(Object.entries(scopes));
  return { name, password: new Secret(johns), ldap: false, permissions, ...more };
}

export interface Setup {
  readonly users?: readonly DescribedUser[];
  readonly roles?: readonly DescribedRole[];
  readonly options?: SandboxOptions;
  /** Lines of kapacitor.conf in place of good ones; `host` is that of the first node. */
  conf?(host: string): Partial<Conf>;
}

/** A request to Kapacitor; without a user it bears no credentials of its own. */
export interface Request {
  readonly method?: string;
  readonly path: string;
  readonly user?: string;
  readonly password?: string;
  readonly header?: readonly [string, string];
}

/** A cluster and a Kapacitor beside it, whose kapacitor.conf lies in a home. */
export interface Stage extends Place {
  readonly sandbox: Sandbox;
  readonly conf: string;
  /** Where Kapacitor listens now. */
  url(): string;
  /** Runs kapadmin in this process; gives all that it printed. */
  run(words: readonly string[], stdin?: string): Promise<{ readonly code: number; readonly output: string }>;
  /** The status with which Kapacitor answers. */
  ask(request: Request): Promise<number>;
  change(edit: (text: string) => string): void;
  /** Starts Kapacitor anew, with what stands in its file. */
  restart(): Promise<void>;
}

const clock = { now: () => Date.now(), sleep: (ms: number) => new Promise<void>((go) => setTimeout(go, ms).unref()) };

/** The status that a Kapacitor gives. */
async function statusOf(
  url: string,
  { method = 'GET', path, user, password = johns, header }: Request,
): Promise<number> {
  const basic = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const [name, value] = header ?? ['authorization', basic];
  const headers = user === undefined && header === undefined ? {} : { [name]: value };
  return (await fetch(`${url}${path}`, { method, headers, redirect: 'manual' })).status;
}

/** Sets the stage for the time of `use`. */
export function onStage<T>(
  { users = [], roles = [], options = {}, conf }: Setup,
  use: (stage: Stage) => Promise<T>,
): Promise<T> {
  const kap = person('kap', { '': ['CreateUserAndRole'] }, { password: new Secret(kaps) });
  const seed = {
    users: [...users, kap].filter((one, i, all) => all.findIndex(({ name }) => name === one.name) === i),
    roles,
  };
  return withSandbox({ seed, ...options }, async ({ env, ...sandbox }) => {
    const { host } = new URL(sandbox.urls[0] ?? '');
    const home = makeFolder({ '.kapacitor/kapacitor.conf': confFor(host, conf?.(host)) });
    const file = path.join(home, '.kapacitor/kapacitor.conf');
    const ca = sandbox.caPath === undefined ? {} : { KAPADMIN_META_CA: sandbox.caPath };
    const meta = {
      url: sandbox.urls[0] ?? '',
      account: null,
      internalSharedSecret: undefined,
      caPath: sandbox.caPath,
      clientCertPath: undefined,
      clientKeyPath: undefined,
      isPortFree: false,
      bcryptCost: 4,
    };
    let front: RunningKapacitor | undefined;
    const stage: Stage = {
      sandbox,
      home,
      conf: file,
      env: { ...env, ...ca },
      url: () => front?.url ?? '',
      async run(words, stdin = '') {
        const ran = await runLine(words, { env: { ...env, ...ca }, home, cwd: home, stdin });
        const output = `${ran.stdout}\n${ran.stderr}`;
        recordOutput(words.join(' '), output);
        return { code: ran.code, output };
      },
      ask: (request) => statusOf(front?.url ?? '', request),
      change: (edit) => writeFileSync(file, edit(readFileSync(file, 'utf8'))),
      async restart() {
        await front?.close();
        const read = (name: string) => readDaemonFile(files, name);
        front = await startKapacitor({ conf: { path: file, bytes: readFileSync(file) }, port: 0 }, meta, {
          read,
          clock,
        });
      },
    };
    try {
      return await use(stage);
    } finally {
      await front?.close();
    }
  });
}
