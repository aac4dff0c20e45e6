import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readConfiguration } from '../../src/kapacitor-config/read-and-validate.js';
import type { Configuration } from '../../src/kapacitor-config/fields.js';
import { parseGoDuration } from '../../src/go-compat/duration.js';
import { Secret } from '../../src/model/secret.js';

/** What a Go program with the daemon's structures, parser and environment code said; settings differ from defaults. */
interface Measured {
  readonly file: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly message?: string;
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
}

const lines = readFileSync(new URL('measured.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n');
const measured = lines.map((line) => JSON.parse(line) as Measured);

const durations = new Set(['cacheExpiration', 'shutdownTimeout']);

function differing({ http, auth }: Configuration): Record<string, unknown> {
  const settings = Object.entries({ ...http, ...auth }).filter(([, { origin }]) => origin.from !== 'default');
  return Object.fromEntries(
    settings.map(([name, { value }]) => [name, value instanceof Secret ? value.reveal() : value]),
  );
}

function expected(settings: NonNullable<Measured['settings']>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      name,
      durations.has(name) ? Number(parseGoDuration(String(value)).nanoseconds) : value,
    ]),
  );
}

const standard = new Map<string, unknown>([
  ['bindAddress', ':9092'],
  ['logEnabled', true],
  ['httpsCertificate', '/etc/ssl/kapacitor.pem'],
  ['shutdownTimeout', 10_000_000_000],
]);

function withoutStandard(settings: Record<string, unknown>): Record<string, unknown> {
  const isZero = (value: unknown): boolean => value === false || value === '' || value === 0;
  return Object.fromEntries(
    Object.entries(settings).filter(([name, value]) =>
      standard.has(name) ? value !== standard.get(name) : !isZero(value),
    ),
  );
}

describe('files and environments that were measured', () => {
  it.each(measured.map((one) => [JSON.stringify([one.file, one.env ?? {}]), one] as const))('%s', (_, one) => {
    const reading = readConfiguration(one.file, new Map(Object.entries(one.env ?? {})));
    if (one.settings === undefined) {
      expect(reading).toMatchObject({ starts: false, message: one.message });
    } else {
      if (!reading.starts) expect.fail(reading.message);
      expect(withoutStandard(differing(reading.configuration))).toEqual(expected(one.settings));
    }
  });
});
