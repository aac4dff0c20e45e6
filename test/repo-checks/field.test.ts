import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const tests = path.resolve(import.meta.dirname, '..');
const there = path.resolve(import.meta.dirname, '../../../shared/field');

/** The cases that the titles of the tests name: `field NAME: ...`. */
function namedCases(): ReadonlySet<string> {
  const files = readdirSync(tests, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.test.ts'));
  const texts = files.map((file) => readFileSync(path.join(tests, file), 'utf8'));
  return new Set(texts.flatMap((text) => [...text.matchAll(/['"`]field ([\w.-]+):/g)].map(([, name = '']) => name)));
}

describe('the cases from the field', () => {
  it.runIf(existsSync(there))('have a test each', () => {
    const folders = readdirSync(there, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const named = namedCases();
    expect(folders.length).toBeGreaterThan(0);
    expect(folders.map(({ name }) => name).filter((name) => !named.has(name))).toEqual([]);
  });
});
