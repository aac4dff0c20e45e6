import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { kapadmin } from './harness.js';

const folder = path.join(import.meta.dirname, '../vectors');
const files = readdirSync(folder).map((file) => path.join(folder, file));

describe('the measured scenarios, played by the built program', () => {
  it('all hold', async () => {
    const { code, stdout, stderr } = await kapadmin(['auth', 'test', '--scenario', ...files, '-o', 'json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { scenarios } = JSON.parse(stdout) as { scenarios: { name: string; passed: boolean | null }[] };
    expect(scenarios).toHaveLength(files.length);
    expect(scenarios.filter((scenario) => scenario.passed !== true)).toEqual([]);
  });
});
