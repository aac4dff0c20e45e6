import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inTerminal, kapadmin } from './harness.js';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

describe('kapadmin', () => {
  it('prints its version', async () => {
    expect(await kapadmin(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it.each([[[]], [['--help']], [['help']], [['help', 'version']]])(
    'prints its help on stdout, on one screen, with the groups and their commands: %j',
    async (words) => {
      const { code, stdout, stderr } = await kapadmin(words);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/^Usage: kapadmin NOUN VERB/);
      expect(stdout).toMatch(/^ {2}user +create show list delete passwd rotate grant revoke$/m);
      expect(stdout).toMatch(/^ {2}role +create show list delete rename grant revoke add-users remove-users$/m);
      expect(stdout).toMatch(/^ {2}doctor {2,}\w/m);
      expect(stdout.match(/^ {2}kapadmin .*$/gm)).toHaveLength(3);
      expect(stdout).toContain('KAPADMIN_META_URL');
      const lines = stdout.trimEnd().split('\n');
      expect(lines.length).toBeLessThanOrEqual(40);
      expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
    },
  );

  it('fits the help on a screen of 80 columns', async () => {
    const { screen } = await inTerminal(['--help'], { columns: 80 });
    expect(screen.trim().split('\n').length).toBeLessThanOrEqual(40);
  });

  it('prints the help of a noun alone on stdout', async () => {
    const { code, stdout, stderr } = await kapadmin(['user']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: kapadmin user VERB/);
    expect(await kapadmin(['help', 'user'])).toEqual({ code, stdout, stderr });
  });

  it('prints the flags of all commands by help flags', async () => {
    const { code, stdout } = await kapadmin(['help', 'flags']);
    expect(code).toBe(0);
    for (const flag of ['--output', '--profile', '--meta-url', '--max-body']) expect(stdout).toContain(flag);
    expect((await kapadmin(['help', 'user', 'grant'])).stdout).toContain('More flags: kapadmin help flags');
  });

  it('shows what a login test needs before what is rarely needed', async () => {
    const { stdout } = await kapadmin(['auth', 'test', '--help']);
    const [, login = '', rare = ''] = /\nThe login:\n(.*?)\n\nRarely needed:\n(.*?)\n\n/s.exec(stdout) ?? [];
    expect(login.match(/^ {2}--[a-z-]+/gm)?.map((flag) => flag.trim())).toEqual([
      '--url',
      '--user',
      '--password-stdin',
      '--password-file',
      '--password-env',
      '--password',
      '--kapacitor-conf',
    ]);
    for (const flag of ['--live', '--scenario', '--env-file', '--at']) expect(rare).toContain(`  ${flag} `);
  });

  it('refuses help for what is unknown: exit 2', async () => {
    for (const words of [['frob'], ['user', 'frob']]) {
      const { code, stdout, stderr } = await kapadmin(['help', ...words]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain("unknown command 'frob'");
    }
    expect(await kapadmin(['version'])).toEqual(await kapadmin(['--version']));
  });

  it('helps with one command in both ways', async () => {
    const asked = await kapadmin(['help', 'permission', 'list']);
    expect(asked.stdout).toMatch(/^Usage: kapadmin permission list/);
    expect(await kapadmin(['permission', 'list', '--help'])).toEqual(asked);
  });

  it('names the nearest command', async () => {
    const noun = await kapadmin(['users', 'lst']);
    expect({ code: noun.code, stdout: noun.stdout }).toEqual({ code: 2, stdout: '' });
    expect(noun.stderr).toMatch(/^error: unknown command 'users'\n.*\buser\b/i);
    const misspelled = await kapadmin(['permission', 'lst']);
    expect(misspelled.code).toBe(2);
    expect(misspelled.stderr).toMatch(/^error: unknown command 'lst'\n.*\blist\b/i);
  });

  it('names the outputs of a command that was asked for another', async () => {
    const { code, stdout, stderr } = await kapadmin(['permission', 'list', '-o', 'jsn']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe('error: this command has no output "jsn"; it has table, json, yaml, csv, name\n');
  });

  it('gives an error as JSON where JSON was asked for', async () => {
    const { code, stdout, stderr } = await kapadmin(['permission', 'show', 'KapacitorApi', '-o', 'json']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(JSON.parse(stderr)).toEqual({
      error: {
        code: 'unknown-permission',
        message: expect.stringContaining('KapacitorApi'),
        hint: 'Did you mean "KapacitorAPI"?',
      },
    });
  });
});

describe('colour', () => {
  const list = ['permission', 'list'];

  it('is for terminals', async () => {
    expect((await inTerminal(list)).raw).toContain('\u001b[1mNAME');
    expect((await kapadmin(list)).stdout).not.toContain('\u001b');
  });

  it.each([{ NO_COLOR: '1' }, { TERM: 'dumb' }])('is left out with %o', async (env) => {
    const { raw, screen } = await inTerminal(list, { env });
    expect(raw).not.toContain('\u001b[1m');
    expect(screen).toContain('NAME');
  });

  it('can be asked for in a pipe', async () => {
    expect((await kapadmin(list, { env: { FORCE_COLOR: '1' } })).stdout).toContain('\u001b[1mNAME');
  });
});

describe('a table', () => {
  it('fits the terminal and is whole in a pipe', async () => {
    const { screen } = await inTerminal(['permission', 'list'], { columns: 60 });
    expect(screen).toContain('…');
    expect(screen.split('\n').filter((line) => line.startsWith('Kapacitor'))).toHaveLength(2);
    const { stdout } = await kapadmin(['permission', 'list']);
    expect(stdout).not.toContain('…');
    expect(stdout.split('\n')).toHaveLength(21);
  });
});
