import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { commandLine, exportLine, ShellCommand } from '../../src/model/shell-command.js';
import { hasPrograms } from '../programs.js';

const folder = mkdtempSync(path.join(tmpdir(), 'kapadmin-shells-'));
const home = mkdtempSync(path.join(tmpdir(), 'kapadmin-home-'));
afterAll(() => [folder, home].forEach((one) => rmSync(one, { recursive: true, force: true })));

// A file that a glob would find.
writeFileSync(path.join(folder, 'afile'), '');

const shells = ['sh', 'bash', 'dash', 'zsh', 'fish'].filter((shell) => hasPrograms(`quoting for ${shell}`, [shell]));

/** What a shell prints for these lines. */
function output(shell: string, lines: readonly string[]): string {
  const env = { HOME: home, PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' };
  const { stdout, stderr } = spawnSync(shell, ['-c', lines.join('\n')], { cwd: folder, encoding: 'utf8', env });
  expect(stderr).toBe('');
  return stdout;
}

/** The words of each command as a shell understands them. */
function wordsIn(shell: string, commands: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const lines = commands.map((words) => new ShellCommand(['printf', '[%s]\\n', ...words, 'end']).line ?? 'no line');
  const blocks = output(shell, lines).split('[end]\n').slice(0, -1);
  return blocks.map((block) =>
    block
      .trimEnd()
      .split('\n')
      .map((line) => line.slice(1, -1)),
  );
}

const hostile = [
  '',
  ' ',
  'a b',
  '=ls',
  '~',
  '~root',
  'a=~/x',
  '%self',
  '-n',
  '--',
  '!!',
  '!$',
  '^a^b',
  '#',
  '*',
  'a*',
  '?file',
  '[a]file',
  '{a,b}',
  '$HOME',
  '${HOME}',
  '$(touch pwned)',
  '`touch pwned`',
  "';touch pwned;'",
  "\\'; touch pwned; \\'",
  "\\'; touch pwned #",
  '"; touch pwned; "',
  '\\',
  '\\\\',
  "\\'",
  "'\\",
  "'",
  '"',
  'a\\nb',
  '\\x41',
  '\\u0041',
  '&',
  '|',
  '; touch pwned',
  '> pwned',
  '< pwned',
  '(touch pwned)',
  'é',
  '管理者',
  '😀',
  'DOMAIN\\user',
  'http://$({touch,pwned}):8091/',
  'http://;{touch,pwned};:8091',
];

const printable = fc.string({
  unit: fc.constantFrom(...'ab\\\'"`$!;&|<>(){}[]*?~=%^#-, é管'.split('')),
  maxLength: 12,
});

describe('attack H4, L2: a printed command', () => {
  it.each(shells)('means its words in %s, whatever they hold', (shell) => {
    const commands = hostile.map((word) => ['x', word, `${word}y`, `y${word}`]);
    expect(wordsIn(shell, commands)).toEqual(commands);
    expect(readdirSync(folder)).toEqual(['afile']);
  });

  it.each(shells)('means its words in %s, whatever they are made of', (shell) => {
    fc.assert(
      fc.property(
        fc.array(fc.array(printable, { minLength: 1, maxLength: 4 }), { minLength: 40, maxLength: 60 }),
        (lists) => {
          expect(wordsIn(shell, lists)).toEqual(lists);
          expect(readdirSync(folder)).toEqual(['afile']);
        },
      ),
      { numRuns: 10 },
    );
  });

  it.each(shells)('sets variables to their values in %s', (shell) => {
    const lines = hostile.flatMap((value) => {
      const { line = 'no line' } = exportLine({ variable: 'ONE', value }, { variable: 'OTHER', value });
      return [line, String.raw`printf '%s\n%s\n' "$ONE" "$OTHER"`];
    });
    expect(output(shell, lines)).toBe(hostile.map((value) => `${value}\n${value}\n`).join(''));
    expect(readdirSync(folder)).toEqual(['afile']);
  });

  it('is not offered where a word holds what does not show', () => {
    for (const name of ['a\u001b', 'a\nb', 'a\u200b', '\u202ea', 'e\u0301', 'a\u00a0b', '\ud800', '\0', '\u{e0041}']) {
      const command = commandLine('kapadmin user grant', [name, 'KapacitorAPI']);
      expect(command.line).toBeUndefined();
      expect(String(command)).toBe(
        `(no kapadmin command can be printed that every shell reads the same way, because of "${name}")`,
      );
      expect(JSON.stringify({ command })).toBe('{}');
    }
  });

  it('has -- before a name that begins with a dash, and flags before that', () => {
    expect(commandLine('kapadmin user revoke', ['-x', 'ReadData'], ['--db', 'a b']).line).toBe(
      "kapadmin user revoke --db 'a b' -- -x ReadData",
    );
  });
});
