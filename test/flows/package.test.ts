import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt, root } from '../../.tools/fresh.mjs';
import { makeFolder } from '../folder.js';

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

interface Report {
  readonly modules: readonly {
    readonly dependencies: readonly { readonly module: string; readonly dependencyTypes: readonly string[] }[];
  }[];
}

const home = makeFolder();
const env = { PATH: process.env['PATH'], HOME: home, npm_config_update_notifier: 'false' };

function run(command: string, args: readonly string[], cwd: string): string {
  return execFileSync(command, args, { cwd, env, encoding: 'utf8', maxBuffer: 2 ** 26 });
}

function pack(): Packed {
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', home];
  const [packed] = JSON.parse(run('npm', args, root)) as Packed[];
  if (packed === undefined) throw new Error('npm pack made nothing');
  return packed;
}

/** What src takes from other packages, types apart. */
function importedPackages(): Set<string> {
  const report = JSON.parse(run('npx', ['depcruise', 'src', '--output-type', 'json'], root)) as Report;
  const foreign = report.modules
    .flatMap((each) => each.dependencies)
    .filter((each) => each.dependencyTypes.includes('npm-dev'));
  return new Set(foreign.map((each) => each.module.split('/')[0] ?? ''));
}

describe('the package, installed elsewhere', () => {
  const elsewhere = makeFolder({ 'package.json': '{ "private": true, "type": "module" }' });
  const installed = path.join(elsewhere, 'node_modules/kapadmin');
  let packed: Packed;

  beforeAll(async () => {
    await ensureBuilt();
    packed = pack();
    run('npm', ['install', '--offline', '--no-audit', '--no-fund', path.join(home, packed.filename)], elsewhere);
  });

  it('holds the program, its types, schemas and texts, and nothing else', () => {
    const strange = packed.files
      .map((file) => file.path)
      .filter(
        (file) =>
          !/^dist\/((engine|index|kapadmin|chunks\/[\w-]+)\.mjs|types\/.*\.d\.ts|schemas\/.*\.schema\.json)$/.test(
            file,
          ),
      );
    expect(strange.toSorted()).toEqual(
      [
        'CHANGELOG.md',
        'LICENSE',
        'README.md',
        'bin/kapadmin.js',
        'dist/THIRD-PARTY-LICENSES.txt',
        'dist/sbom.cdx.json',
        'docs/man/kapadmin.1',
        'package.json',
      ].toSorted(),
    );
  });

  it('is small and comes alone', () => {
    expect(packed.size).toBeLessThan(1_200_000);
    expect(readdirSync(path.join(elsewhere, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
      'kapadmin',
    ]);
    expect(existsSync(path.join(installed, 'node_modules'))).toBe(false);
  });

  it('holds the licence of every package inside', { timeout: 90_000 }, () => {
    const licences = readFileSync(path.join(installed, 'dist/THIRD-PARTY-LICENSES.txt'), 'utf8');
    for (const name of importedPackages()) {
      expect(licences).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\([\\w.-]+\\)$`, 'm'));
    }
    expect(licences).not.toMatch(/^typescript /m);
    expect(licences).not.toContain('holds no licence text');
  });

  it('runs', () => {
    const program = path.join(elsewhere, 'node_modules/.bin/kapadmin');
    expect(run(program, ['--help'], elsewhere)).toMatch(/^Usage: kapadmin/);
    expect(run(program, ['permission', 'list', '-o', 'name'], elsewhere)).toContain('KapacitorAPI\n');
  });

  it('installed for everybody, is a command with a manual page, without a warning of npm', () => {
    const prefix = makeFolder();
    const tarball = path.join(home, packed.filename);
    const words = ['install', '--global', '--prefix', prefix, '--offline', '--no-audit', '--no-fund', tarball];
    const { status, stderr } = spawnSync('npm', words, { cwd: prefix, env, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(run(path.join(prefix, 'bin/kapadmin'), ['--version'], prefix)).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(readFileSync(path.join(prefix, 'share/man/man1/kapadmin.1'), 'utf8')).toMatch(/^\.TH KAPADMIN 1/m);
  });

  it('is a library with types that need no other package', { timeout: 90_000 }, () => {
    const use = `
      import { createMetaClient, KapadminError, Secret, type MetaClient } from 'kapadmin';
      const secret = new Secret('x');
      const client: MetaClient = createMetaClient({ nodes: ['http://127.0.0.1:1'], retries: 0, password: secret });
      try {
        await client.users();
      } catch (error) {
        if (error instanceof KapadminError) console.log(error.kind, String(secret));
      }
      await client.close();
    `;
    writeFileSync(path.join(elsewhere, 'use.ts'), use);
    const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
    const types = ['--types', 'node', '--typeRoots', path.join(root, 'node_modules/@types')];
    const settings = ['--strict', '--module', 'nodenext', '--target', 'es2023', ...types];
    expect(run(process.execPath, [compiler, 'use.ts', ...settings], elsewhere)).toBe('');
    expect(run(process.execPath, ['use.js'], elsewhere)).toBe('unreachable ***\n');
  });
});
