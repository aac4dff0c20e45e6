import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../.tools/fresh.mjs';
import { makeFolder } from '../folder.js';

/** The oldest that has the resolution `bundler`, the last in JavaScript of each line, and the native one. */
const versions = ['5.0', '5.9', '6', '7'];
const folder = makeFolder();

/** Fails where the types are not seen at all, too. */
const use = `
import { checkConfig, createMetaClient, KapadminError, Secret, type LoginResult, type MetaClient } from 'kapadmin';
import { can, simulateAuth, type Trace } from 'kapadmin/engine';
export const client: MetaClient = createMetaClient({ nodes: ['http://localhost:8091'] });
export async function login(config: string): Promise<LoginResult> {
  const [user] = await client.users();
  if (user === undefined || !can(user, 'GET', '/kapacitor/v1/tasks')) throw new Error(String(new Secret('x')));
  return simulateAuth({ config, users: client }).test({ path: '/kapacitor/v1/tasks' });
}
export const severities = checkConfig('').findings.map((one) => one.severity);
export const codeOf = (error: unknown): string | undefined => (error instanceof KapadminError ? error.kind : undefined);
export type Steps = Trace;
// @ts-expect-error: the options are an object
createMetaClient(42);
// @ts-expect-error: there is no such export
import { nothing } from 'kapadmin';
`;

/** What a version of TypeScript says of the tarball's types, which it checks, too. No other types are there. */
function compile(version: string, moduleResolution: string): string {
  const compilerOptions = {
    noEmit: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    types: [],
    lib: ['es2022'],
    target: 'es2022',
    module: moduleResolution === 'bundler' ? 'esnext' : moduleResolution,
    moduleResolution,
  };
  const config = path.join(folder, `tsconfig.${version}.${moduleResolution}.json`);
  writeFileSync(config, JSON.stringify({ compilerOptions, files: ['use.mts'] }));
  const compiler = path.join(folder, `node_modules/ts-${version}/bin/tsc`);
  return spawnSync(process.execPath, [compiler, '-p', config], { cwd: folder, encoding: 'utf8' }).stdout;
}

beforeAll(() => {
  const npm = (args: readonly string[], cwd: string): string => execFileSync('npm', args, { cwd, encoding: 'utf8' });
  const [{ filename }] = JSON.parse(npm(['pack', '--json', '--pack-destination', folder], root)) as [
    { filename: string },
  ];
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  writeFileSync(path.join(folder, 'use.mts'), use);
  const compilers = versions.map((version) => `ts-${version}@npm:typescript@${version}`);
  npm(['install', '--no-audit', '--no-fund', '--ignore-scripts', path.join(folder, filename), ...compilers], folder);
});

describe.each(versions)('the types of the tarball with TypeScript %s', (version) => {
  it.each(['nodenext', 'bundler'])('are whole in themselves: %s', (moduleResolution) => {
    expect(compile(version, moduleResolution)).toBe('');
  });
});
