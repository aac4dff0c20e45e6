import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { mutations } from '../../.tools/bite/mutations.mjs';
import { root } from '../../.tools/fresh.mjs';

describe('the list of rules that are broken to see whether tests notice', () => {
  it('breaks something that stands in the sources, once', () => {
    const places = (file: string, text: string): number =>
      readFileSync(path.join(root, 'src', file), 'utf8').split(text).length - 1;
    const stale = mutations.filter(({ file, find }) => places(file, find) !== 1);
    expect(stale.map(({ file, rule }) => `${file}: ${rule}`)).toEqual([]);
  });
});
