import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const here = path.join(import.meta.dirname, '../vectors');
const there = path.join(import.meta.dirname, '../../../shared/vectors');

function contents(folder: string): Map<string, string> {
  return new Map(
    readdirSync(folder)
      .sort()
      .map((file) => [file, readFileSync(path.join(folder, file), 'utf8')]),
  );
}

describe('the measured scenarios in the tree', () => {
  it('are 127, with 1679 requests', () => {
    const all = [...contents(here).values()].map((text) => JSON.parse(text) as { steps: { request?: object }[] });
    const requests = all.flatMap(({ steps }) => steps.filter(({ request }) => request !== undefined));
    expect([all.length, requests.length]).toEqual([127, 1679]);
  });

  it('are equal to those that they were copied from, where these are', () => {
    const original = existsSync(there) ? contents(there) : contents(here);
    expect(contents(here)).toEqual(original);
  });

  it('of older daemons are 530, equal to those that they were copied from, where these are', () => {
    const copied = readFileSync(`${here}-versions.jsonl`, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    const original = existsSync(`${there}-versions`) ? [...contents(`${there}-versions`).values()] : undefined;
    expect(copied).toHaveLength(530);
    if (original !== undefined) expect(copied).toEqual(original.map((text) => JSON.parse(text) as object));
  });
});
