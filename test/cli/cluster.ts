import type { MetaClient } from '../../src/meta/client-types.js';
import { createMetaClient } from '../../src/meta/client.js';
import { Secret } from '../../src/model/secret.js';
import type { Role, User } from '../../src/model/user.js';
import type { SandboxOptions } from '../../src/sandbox/options.js';
import { afterEachTest } from '../cleanup.js';
import type { TestOptions } from '../context.js';
import { runLine, type Ran } from '../run.js';
import { sandbox } from '../sandbox/running.js';

type Scopes = Readonly<Record<string, readonly string[]>>;

export interface Small {
  /** Users by name; each has the password `pw-NAME`. */
  readonly users?: Readonly<Record<string, Scopes>>;
  readonly roles?: Readonly<Record<string, { readonly permissions?: Scopes; readonly users?: readonly string[] }>>;
}

export interface TestCluster {
  readonly urls: readonly string[];
  readonly client: MetaClient;
  /** Runs a command line as admin. */
  run(argv: readonly string[], options?: TestOptions): Promise<Ran>;
  /** What the node holds, read as admin. */
  user(name: string): Promise<User | undefined>;
  role(name: string): Promise<Role | undefined>;
}

const clients: MetaClient[] = [];

afterEachTest(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
});

/** A node with these users and roles, and admin/changeit. */
export async function cluster(
  { users = {}, roles = {} }: Small = {},
  options: SandboxOptions = {},
): Promise<TestCluster> {
  const { urls } = await sandbox({
    seed: {
      users: Object.entries(users).map(([name, scopes]) => {
        return { name, password: new Secret(`pw-${name}`), ldap: false, permissions: new Map(Object.entries(scopes)) };
      }),
      roles: Object.entries(roles).map(([name, { permissions = {}, users: members = [] }]) => {
        return { name, permissions: new Map(Object.entries(permissions)), users: members };
      }),
    },
    ...options,
  });
  const credentials = { kind: 'basic', username: 'admin', password: new Secret('changeit') } as const;
  const client = createMetaClient({ nodes: urls, credentials, readLeader: true });
  clients.push(client);
  const env = {
    KAPADMIN_META_URL: urls.join(','),
    KAPADMIN_META_USERNAME: 'admin',
    KAPADMIN_META_PASSWORD: 'changeit',
  };
  return {
    urls,
    client,
    run: (argv, given = {}) => runLine(argv, { ...given, env: { ...env, ...given.env } }),
    user: async (name) => (await client.users({ name })).at(0),
    role: async (name) => (await client.roles({ name })).at(0),
  };
}

/** A command line against a port where nothing listens: what ends otherwise than in exit 3 has sent nothing. */
export function runAlone(argv: readonly string[], options: TestOptions = {}): Promise<Ran> {
  return runLine(argv, { ...options, env: { KAPADMIN_META_URL: 'http://127.0.0.1:9', ...options.env } });
}
