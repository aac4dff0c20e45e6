import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt, root } from '../../.tools/fresh.mjs';
import { makeFolder } from '../folder.js';

const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const namesOf = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].map(([, name = '']) => name);

/** The packages inside the bundle, those that they need included. */
function bundled(): readonly string[] {
  return namesOf(read('dist/THIRD-PARTY-LICENSES.txt'), /^((?:@[\w.-]+\/)?[\w.-]+) \d+\.\d+\.\d+\S* \(/gm);
}

beforeAll(ensureBuilt);

describe('the packages that run', () => {
  it('stand in docs/decisions.md, each with a reason', () => {
    const [, section = ''] = /^## The packages that run\n([\s\S]*?)^## /m.exec(read('docs/decisions.md')) ?? [];
    const { devDependencies } = JSON.parse(read('package.json')) as { devDependencies: Record<string, string> };
    const direct = bundled().filter((name) => Object.hasOwn(devDependencies, name));
    expect(direct.length).toBeGreaterThan(5);
    expect(namesOf(section, /^\| `(\S+)` +\| \S.*\| \S.*\|$/gm)).toEqual(direct);
  });

  it('are all in the SBOM that npm makes', () => {
    const env = { PATH: process.env['PATH'], HOME: makeFolder(), npm_config_update_notifier: 'false' };
    const text = execFileSync('npm', ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx'], {
      cwd: root,
      env,
      encoding: 'utf8',
    });
    const sbom = JSON.parse(text) as { bomFormat: string; components: readonly { name: string }[] };
    const named = new Set(sbom.components.map(({ name }) => name));
    expect(sbom.bomFormat).toBe('CycloneDX');
    expect(bundled().filter((name) => !named.has(name))).toEqual([]);
  });
});
