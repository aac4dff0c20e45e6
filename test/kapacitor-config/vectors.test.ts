import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkStart, type StartCheck } from '../../src/kapacitor-config/tls-files.js';
import { readConfiguration } from '../../src/kapacitor-config/read-and-validate.js';

interface Vector {
  readonly name: string;
  readonly kapacitor?: { readonly config?: string; readonly env?: Readonly<Record<string, string>> };
  readonly expect?: { readonly starts?: boolean; readonly message?: string };
}

const folder = fileURLToPath(new URL('../vectors', import.meta.url));
const vectors = readdirSync(folder).map((name) => JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as Vector);

/** The daemon with no TLS file at all on its disk. */
function start({ kapacitor = {} }: Vector): StartCheck {
  const reading = readConfiguration(kapacitor.config ?? '', new Map(Object.entries(kapacitor.env ?? {})));
  return reading.starts ? checkStart(reading.configuration, new Map()) : reading;
}

const refused = vectors.filter((vector) => vector.expect?.starts === false);
const started = vectors.filter((vector) => vector.expect?.starts !== false);

describe('configurations of the measured scenarios', () => {
  it('are some that start and some that do not', () => {
    expect(refused.length).toBeGreaterThan(10);
    expect(started.length).toBeGreaterThan(100);
  });

  it.each(refused.map((vector) => [vector.name, vector] as const))('%s is refused as the daemon does', (_, vector) => {
    expect(start(vector)).toMatchObject({ starts: false, message: vector.expect?.message });
  });

  it.each(started.map((vector) => [vector.name, vector] as const))('%s starts', (_, vector) => {
    expect(start(vector)).toMatchObject({ starts: true });
  });
});
