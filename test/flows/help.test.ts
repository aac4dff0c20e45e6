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

  it('prints its help on stdout when asked, with every noun', async () => {
    const { code, stdout, stderr } = await kapadmin(['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: kapadmin NOUN VERB/);
    for (const noun of ['user', 'role', 'permission']) expect(stdout).toMatch(new RegExp(`^ {2}${noun}\\b`, 'm'));
  });

  it('prints its help on stderr and exits 2 without words', async () => {
    const { code, stdout, stderr } = await kapadmin([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^Usage: kapadmin NOUN VERB/);
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
    const verb = await kapadmin(['permission', 'lst']);
    expect(verb.code).toBe(2);
    expect(verb.stderr).toMatch(/^error: unknown command 'lst'\n.*\blist\b/i);
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
