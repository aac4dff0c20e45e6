import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt, root } from '../../.tools/fresh.mjs';
import { makeFolder } from '../folder.js';
import { sandbox } from '../sandbox/running.js';

const page = readFileSync(path.join(root, 'docs/library.md'), 'utf8');
const examples = [...page.matchAll(/```js\n(.*?)```/gs)].map(([, code]) => code ?? '');
const [login = '', checks = '', cluster = ''] = examples;
const config = `[http]
  auth-enabled = true
[auth]
  enabled = true
  cache-expiration = "5m"
  bcrypt-cost = 10
  meta-addr = "localhost:8091"
`;

/** A folder in which the package is installed, with these files. */
function project(files: Readonly<Record<string, string>>): string {
  const folder = makeFolder({ 'package.json': '{ "private": true, "type": "module" }', ...files });
  mkdirSync(path.join(folder, 'node_modules'));
  symlinkSync(root, path.join(folder, 'node_modules/kapadmin'));
  return folder;
}

async function node(args: readonly string[], cwd: string): Promise<string> {
  const options = { cwd, env: { PATH: process.env['PATH'] } };
  const { stdout } = await promisify(execFile)(process.execPath, args, options).catch((error: { stdout: string }) => {
    throw new Error(`failed: ${error.stdout}`, { cause: error });
  });
  return stdout;
}

const compiler = path.join(root, 'node_modules/typescript/bin/tsc');

/** Compiles files strictly, the types of the package included; with the names of more ambient types. */
function compile(files: Readonly<Record<string, string>>, types: readonly string[]): Promise<string> {
  const compilerOptions = {
    noEmit: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    module: 'nodenext',
    target: 'es2022',
    lib: ['es2022'],
    types,
    typeRoots: [path.join(root, 'node_modules/@types')],
    skipLibCheck: false,
    preserveSymlinks: true,
  };
  const folder = project({
    ...files,
    'tsconfig.json': JSON.stringify({ compilerOptions, files: Object.keys(files) }),
  });
  return node([compiler, '-p', '.', '--skipLibCheck', types.length === 0 ? 'false' : 'true'], folder);
}

describe('the library as its page shows it', () => {
  beforeAll(ensureBuilt);

  it("tests a login in a test-suite of a user's own", async () => {
    expect(examples).toHaveLength(3);
    expect(login.trim().split('\n').length).toBeLessThan(16);
    const folder = project({ 'login.test.js': login, 'kapacitor.conf': config });
    const told = await node(['--test', '--test-reporter=tap', 'login.test.js'], folder);
    expect(told).toContain('ok 1 - johndoe reads tasks, and not the configuration');
    expect(told).toMatch(/^# pass 1$/m);
    const other = project({ 'login.test.js': login.replace("['KapacitorAPI']", '[]'), 'kapacitor.conf': config });
    await expect(node(['--test', 'login.test.js'], other)).rejects.toThrow('failed');
  });

  it('checks permissions and configurations', async () => {
    const told = await node(['checks.js'], project({ 'checks.js': checks }));
    expect(told).toMatch(/^true false\n/);
    expect(told).toMatch(/^bcrypt-cost-\w+ error \d+$/m);
  });

  it('grants on a cluster, and logs in there', async () => {
    const { url } = await sandbox();
    expect(cluster).toContain('http://localhost:8091');
    const program = cluster.replace('http://localhost:8091', url);
    expect(await node(['cluster.js'], project({ 'cluster.js': program, 'kapacitor.conf': config }))).toMatch(
      /^johndoe \{ telegraf: \[ 'WriteData' \] \}\n.*tasks/m,
    );
  });

  it('has types for all that the page shows', { timeout: 120_000 }, async () => {
    expect(await compile({ 'login.ts': login, 'checks.ts': checks, 'cluster.ts': cluster }, ['node'])).toBe('');
  });

  it('has types that need neither those of Node nor those of a browser', { timeout: 120_000 }, async () => {
    const use = `
      import { type ConfigReport, KapadminError, type LoginResult, type MetaClient, type User } from 'kapadmin';
      import { can, simulateAuth } from 'kapadmin/engine';
      export async function use(client: MetaClient, config: string): Promise<LoginResult> {
        const users: readonly User[] = await client.users({ name: 'johndoe' });
        if (users.some((user) => can(user, 'GET', '/') && user.permissions[''] !== undefined)) throw new Error();
        await client.grant('johndoe', 'WriteData', { db: ['a', 'b'] });
        return simulateAuth({ config, users: client }).test({ path: '/' });
      }
      export const counts = ({ findings }: ConfigReport): number => findings.length;
      export const kindOf = (error: unknown) => (error instanceof KapadminError ? error.kind : undefined);
    `;
    expect(await compile({ 'use.ts': use }, [])).toBe('');
  });
});
