import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { releaseNotes } from '../../.tools/release-notes.mjs';

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly {
    readonly uses?: string;
    readonly run?: string;
    readonly with?: Readonly<Record<string, unknown>>;
  }[];
}

interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const changelog = `# Changelog

## [Unreleased]

## [0.2.0] - 2027-01-02

### Added

- One.

## [0.1.0] - 2026-12-24

- Two.

[0.2.0]: https://example.com/0.2.0
`;

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

  it.each(workflows)('%s: a checkout leaves no credentials behind', (_, { jobs }) => {
    const checkouts = Object.values(jobs).flatMap(({ steps }) =>
      steps.filter(({ uses }) => uses?.startsWith('actions/checkout@') === true),
    );
    expect(checkouts.filter((step) => step.with?.['persist-credentials'] !== false)).toEqual([]);
  });

  it('the release: one job builds without rights, one publishes with id-token alone, no cache and no token is used', () => {
    const text = readFileSync(path.join(folder, 'release.yml'), 'utf8');
    const { jobs } = parse(text) as Workflow;
    expect(jobs['build']?.permissions).toEqual({ contents: 'read' });
    expect(jobs['publish']?.permissions).toEqual({ 'id-token': 'write' });
    expect(text).not.toContain('secrets.');
    const caches = Object.values(jobs).flatMap(({ steps }) =>
      steps.filter(({ uses }) => uses?.startsWith('actions/setup-node@') === true).map((step) => step.with),
    );
    expect(caches.map((given) => [given?.['cache'], given?.['package-manager-cache']])).toEqual([
      [undefined, false],
      [undefined, false],
    ]);
  });
});

describe('the notes of a release', () => {
  it('are what CHANGELOG.md says of its version', () => {
    expect(releaseNotes(changelog, '0.2.0')).toBe('### Added\n\n- One.\n');
    expect(releaseNotes(changelog, '0.1.0')).toBe('- Two.\n');
  });

  it.each(['0.3.0', 'Unreleased', '.*'])('%s: are missing, which stops the release', (version) => {
    expect(() => releaseNotes(changelog, version)).toThrow(`"## [${version}] - DATE"`);
  });
});
