import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  defaultVersion,
  type DifferenceId,
  differences,
  knownReleases,
  parseKapacitorVersion,
} from '../../src/model/kapacitor-versions.js';

const root = path.join(import.meta.dirname, '../..');
const ids = Object.keys(differences) as DifferenceId[];

function rulesOf(text: string): readonly DifferenceId[] {
  const rules = parseKapacitorVersion(text)!.rules;
  return ids.filter((id) => rules[id]);
}

describe('a version', () => {
  it('is any release from 1.6.0 to 1.8.3', () => {
    expect(knownReleases).toHaveLength(19);
    for (const release of knownReleases) expect(parseKapacitorVersion(release)?.name).toBe(release);
  });

  it.each([
    ['v1.6.5', '1.6.5'],
    ['1.6', '1.6.6'],
    ['1.7', '1.7.7'],
    ['1.8', '1.8'],
    ['1.8.9', '1.8.9'],
  ])('%s is %s', (text, name) => {
    expect(parseKapacitorVersion(text)?.name).toBe(name);
  });

  it.each(['', '1', '1.5.9', '1.6.7', '1.7.8', '1.9', '2.0.0', '1.6.05', '1.6.0-rc1', ' 1.8', '1.8.', 'latest'])(
    '%j is none',
    (text) => {
      expect(parseKapacitorVersion(text)).toBeUndefined();
    },
  );

  it('decides as all of its group do', () => {
    const groups = new Map<string, string[]>();
    for (const release of knownReleases) {
      const rules = rulesOf(release).join();
      groups.set(rules, [...(groups.get(rules) ?? []), release]);
    }
    expect([...groups.values()].map((group) => `${group[0]} ${group.at(-1)}`)).toEqual([
      '1.6.0 1.6.1',
      '1.6.2 1.6.4',
      '1.6.5 1.6.5',
      '1.6.6 1.6.6',
      '1.7.0 1.7.0',
      '1.7.1 1.7.7',
      '1.8.0 1.8.3',
    ]);
  });

  it('is 1.8 if no version is given, with every difference', () => {
    expect(defaultVersion).toBe(parseKapacitorVersion('1.8'));
    expect(rulesOf('1.8')).toEqual(ids);
    expect(rulesOf('1.6.0')).toEqual([]);
  });
});

describe('the table of differences', () => {
  it('names measured scenarios that are there', () => {
    const names = readFileSync(path.join(root, 'test/vectors-versions.jsonl'), 'utf8').matchAll(
      /^\{"name":"([^"]+)"/gm,
    );
    const all = [...names].map(([, name]) => name!);
    const missing = ids.flatMap((id) =>
      differences[id].vectors.filter((start) => !all.some((name) => name.startsWith(start))),
    );
    expect(missing).toEqual([]);
  });

  it('is the one in the documentation', () => {
    const text = readFileSync(path.join(root, 'docs/how-kapacitor-decides.md'), 'utf8');
    const section = text.slice(
      text.indexOf('### 8. Versions'),
      text.indexOf('## Errors in the official documentation'),
    );
    const rows = [...section.matchAll(/^\| (1\..*) \|$/gm)].map(([, row]) =>
      row!.split('|').map((cell) => cell.trim()),
    );
    expect(rows).toEqual(
      ids
        .map((id) => differences[id])
        .map(({ since, area, after, before, source, vectors }) => {
          return [since, area, after, before, source, vectors.map((start) => `\`${start}*\``).join(', ')];
        }),
    );
  });
});
