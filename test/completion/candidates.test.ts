import { describe, expect, it } from 'vitest';
import { commandSections, topLevelCommands } from '../../src/commands/index.js';
import { complete, type Lookup, positions } from '../../src/completion/candidates.js';
import { renderCandidates } from '../../src/completion/complete-command.js';

const tree = { groups: commandSections.flatMap((section) => section.groups), topLevelCommands };
const lookup: Lookup = (kind, formats) =>
  Promise.resolve([kind, `${kind}-two`, ...(kind === 'output' ? formats : [])].map((word) => ({ word, about: '' })));

async function typed(...line: string[]): Promise<string[]> {
  return (await complete(line, tree, lookup)).map(({ word }) => word);
}

describe('completion of words', () => {
  it('begins with groups and top-level commands, not with hidden ones', async () => {
    const all = await typed('');
    expect(all).toEqual(expect.arrayContaining(['user', 'role', 'auth', 'plan', 'completion', 'help']));
    expect(all).not.toContain('__complete');
  });

  it.each([
    [['us'], ['user']],
    [['user', 'gr'], ['grant']],
    [['help', 'user', 'gr'], ['grant']],
    [['-o', 'json', 'user', 'gr'], ['grant']],
    [
      ['user', 'grant', ''],
      ['user', 'user-two'],
    ],
    [
      ['user', 'grant', 'johndoe', ''],
      ['permission', 'permission-two'],
    ],
    [
      ['user', 'grant', 'johndoe', 'ReadData', ''],
      ['permission', 'permission-two'],
    ],
    [['user', 'grant', '--db', ''], []],
    [
      ['user', 'grant', '--db', 'telegraf', ''],
      ['user', 'user-two'],
    ],
    [
      ['role', 'add-users', 'kapacitor', ''],
      ['user', 'user-two'],
    ],
    [
      ['user', 'list', '-o', ''],
      ['output', 'output-two', 'csv', 'name'],
    ],
    [['user', 'list', '--output', 'n'], ['name']],
    [
      ['user', 'list', '--output', '='],
      ['output', 'output-two', 'csv', 'name'],
    ],
    [['user', 'list', '--output', '=', 'n'], ['name']],
    [['user', 'list', '--output=n'], ['--output=name']],
    [
      ['user', 'list', '--output', '=', 'json', '--role', '=', ''],
      ['role', 'role-two'],
    ],
    [
      ['auth', 'can-i', 'joe', 'GET', ''],
      ['path', 'path-two'],
    ],
    [
      ['auth', 'who-can', 'GET', ''],
      ['path', 'path-two'],
    ],
    [
      ['user', 'list', '--role=r'],
      ['--role=role', '--role=role-two'],
    ],
    [
      ['user', 'show', '--', ''],
      ['user', 'user-two'],
    ],
    [
      ['explain', ''],
      ['topic', 'topic-two'],
    ],
    [
      ['auth', 'can-i', 'johndoe', ''],
      ['method', 'method-two'],
    ],
    [['permission', 'list', ''], []],
    [['nonsense', ''], []],
  ])('after %j stand %j', async (line, expected) => {
    expect(await typed(...line)).toEqual(expected);
  });

  it('escapes a comma of a name where the command takes a list, and only there', async () => {
    const one: Lookup = () => Promise.resolve([{ word: 'a,b', about: '' }]);
    const candidates = async (...line: string[]): Promise<string[]> =>
      (await complete(line, tree, one)).map(({ word }) => word);
    expect(await candidates('user', 'delete', '')).toEqual(['a\\,b']);
    expect(await candidates('role', 'add-users', 'r', 'a', '')).toEqual(['a\\,b']);
    expect(await candidates('user', 'rotate', '--all', '--except', '')).toEqual(['a\\,b']);
    expect(await candidates('user', 'show', '')).toEqual(['a,b']);
    expect(await candidates('role', 'add-users', '')).toEqual(['a,b']);
    expect(await candidates('user', 'list', '--role', '')).toEqual(['a,b']);
  });

  it("knows a command's own flags and those of all commands", async () => {
    expect(await typed('user', 'grant', '--')).toEqual(expect.arrayContaining(['--db', '--force', '--meta-url']));
  });

  it('names no command that does not exist', () => {
    const known = tree.groups.flatMap(({ name, commands }) => commands.map((command) => `${name} ${command.name}`));
    const all = [...known, ...topLevelCommands.map(({ name }) => name)];
    expect(Object.keys(positions).filter((name) => !all.includes(name))).toEqual([]);
  });

  it('quotes a word for bash, escapes a colon for zsh, and gives fish a line of explanation', () => {
    const candidates = [{ word: 'a:b c', about: 'user' }];
    expect(renderCandidates(candidates, 'bash')).toBe("'a:b c'\n");
    expect(renderCandidates(candidates, 'zsh')).toBe('a\\:b c:user\n');
    expect(renderCandidates(candidates, 'fish')).toBe('a:b c\tuser\n');
  });
});
