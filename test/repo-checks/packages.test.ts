import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt, root } from '../../.tools/fresh.mjs';

interface Sbom {
  readonly components: readonly { readonly name: string; readonly version: string; readonly purl: string }[];
}

const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const namesOf = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].map(([, name = '']) => name);

/** The packages inside the bundle, those that they need included. */
function bundled(): readonly string[] {
  return namesOf(read('dist/THIRD-PARTY-LICENSES.txt'), /^((?:@[\w.-]+\/)?[\w.-]+) \d+\.\d+\.\d+\S* \(/gm);
}

beforeAll(ensureBuilt);

describe('the packages that run', () => {
  it('stand in docs/maintainers/decisions.md, each with a reason', () => {
    const [, section = ''] =
      /^## The packages that run\n([\s\S]*?)^## /m.exec(read('docs/maintainers/decisions.md')) ?? [];
    const { devDependencies } = JSON.parse(read('package.json')) as { devDependencies: Record<string, string> };
    const direct = bundled().filter((name) => Object.hasOwn(devDependencies, name));
    expect(direct.length).toBeGreaterThan(5);
    expect(namesOf(section, /^- `(\S+)`: \S/gm)).toEqual(direct);
  });

  it('are in the SBOM that ships, with the versions of the lock file, and no others are', () => {
    const sbom = JSON.parse(read('dist/sbom.cdx.json')) as Sbom;
    const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, { version: string }> };
    expect(sbom).toMatchObject({
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      metadata: { component: { name: 'kapadmin' } },
    });
    expect(sbom.components.map(({ name }) => name)).toEqual(bundled());
    for (const { name, version, purl } of sbom.components) {
      expect(version).toBe(lock.packages[`node_modules/${name}`]?.version);
      expect(purl).toBe(`pkg:npm/${name.replace('@', '%40')}@${version}`);
    }
  });
});
