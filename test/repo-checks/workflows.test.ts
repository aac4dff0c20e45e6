import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly { readonly uses?: string; readonly run?: string }[];
}

interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const folder = path.resolve(import.meta.dirname, '../../.github/workflows');
const workflows = readdirSync(folder).map(
  (name) => [name, parse(readFileSync(path.join(folder, name), 'utf8')) as Workflow] as const,
);

describe('attack L19: the workflows', () => {
  it.each(workflows)('%s: actions are pinned by their digests', (_, { jobs }) => {
    const used = Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ uses }) => uses ?? []));
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((action) => !/@[\da-f]{40}$/.test(action))).toEqual([]);
  });

  it.each(workflows)('%s: a job that may write runs nothing of the repository', (_, { permissions, jobs }) => {
    for (const { permissions: own = permissions, steps } of Object.values(jobs)) {
      if (!Object.values(own).includes('write')) continue;
      const commands = steps.flatMap(({ run }) => run ?? []);
      expect(commands.filter((command) => /\bnpm (ci|install|test|run)\b|\bnode\b/.test(command))).toEqual([]);
      expect(steps.filter(({ uses }) => uses?.startsWith('actions/checkout') === true)).toEqual([]);
      for (const command of commands)
        if (command.includes('npm publish')) expect(command).toContain('--ignore-scripts');
    }
  });
});
