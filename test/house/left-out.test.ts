import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { writtenFor } from '../../.tools/build/left-out.mjs';
import { root } from '../../.tools/fresh.mjs';

describe('what the build leaves out of packages', () => {
  it.each(Object.entries(writtenFor))('%s is of the version that this was read from: %s', (name, version) => {
    const facts = readFileSync(path.join(root, 'node_modules', name, 'package.json'), 'utf8');
    expect((JSON.parse(facts) as { version: string }).version).toBe(version);
  });
});
