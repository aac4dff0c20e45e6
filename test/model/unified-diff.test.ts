import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unifiedDiff } from '../../src/model/unified-diff.js';

const numbers = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, i) => `${from + i}\n`).join('');

/** Applies a diff as patch does. */
function patch(before: string, diff: string): string {
  if (diff === '') return before;
  const lines = before.split(/(?<=\n)/);
  const done: string[] = [];
  let at = 0;
  for (const line of diff.split(/(?<=\n)/)) {
    const start = /^@@ -(\d+),/.exec(line)?.[1];
    if (start !== undefined) {
      while (at < Number(start) - 1) done.push(lines[at++] ?? '');
    } else if (line.startsWith('\\')) {
      done.push((done.pop() ?? '').replace(/\n$/, ''));
    } else if (line.startsWith('+')) {
      done.push(line.slice(1));
    } else {
      if (line.startsWith(' ')) done.push(line.slice(1));
      at++;
    }
  }
  return [...done, ...lines.slice(at)].join('');
}

describe('a unified diff', () => {
  it('is empty where nothing differs', () => {
    expect(unifiedDiff('a\nb\n', 'a\nb\n')).toBe('');
  });

  it('shows three lines around each change, far ones apart', () => {
    const before = numbers(1, 20);
    const after = before.replace('\n5\n', '\nfive\n').replace('\n15\n', '\n');
    expect(unifiedDiff(before, after)).toBe(
      '@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n@@ -12,7 +12,6 @@\n 12\n 13\n 14\n-15\n 16\n 17\n 18\n',
    );
  });

  it('joins changes that lie near to each other', () => {
    const before = numbers(1, 9);
    expect(unifiedDiff(before, before.replace('\n3\n', '\n').replace('\n8\n', '\n')).match(/^@@/gm)).toHaveLength(1);
  });

  it('reports a last line without an end', () => {
    expect(unifiedDiff('a', 'a\n')).toBe('@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+a\n');
  });

  it('makes the one text of the other', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', 'c', '', 'd e'), { maxLength: 12 })
      .map((lines) => lines.map((line) => `${line}\n`).join(''));
    fc.assert(
      fc.property(text, text, (before, after) => {
        expect(patch(before, unifiedDiff(before, after))).toBe(after);
      }),
    );
  });

  it('of very long texts takes all that lies between the first and the last change', () => {
    const before = numbers(1, 5000);
    const after = `x\n${before.replaceAll('7\n', '8\n')}y\n`;
    expect(unifiedDiff(before, after).split('\n').length).toBeGreaterThan(5000);
  });
});
