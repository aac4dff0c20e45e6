import { Command } from 'commander';
import fc from 'fast-check';
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { commandSections, topLevelCommands } from '../../src/commands/index.js';
import type { CommandEntry } from '../../src/cli/command.js';
import { collectList, listItem, listPlaces, splitList } from '../../src/model/text.js';
import { commandLine, listedName } from '../../src/model/shell-command.js';
import { cluster, runAlone } from './cluster.js';

interface Attached {
  readonly words: string;
  readonly command: Command;
}

async function attached(words: string, entry: CommandEntry): Promise<Attached> {
  const command = new Command(entry.name).exitOverride();
  await entry.load(command, () => Promise.resolve());
  command.action(() => {});
  return { words, command };
}

function allCommands(): Promise<readonly Attached[]> {
  const grouped = commandSections
    .flatMap((section) => section.groups)
    .flatMap(({ name, commands }) => commands.map((entry) => ({ name, entry })));
  return Promise.all([
    ...grouped.map(({ name, entry }) => attached(`${name} ${entry.name}`, entry)),
    ...topLevelCommands.map((one) => attached(one.name, one)),
  ]);
}

/** Names without characters that no command is printed with. */
const name = fc.oneof(
  fc.constantFrom(
    'a,b',
    ',',
    ',,',
    '\\',
    '\\,',
    '\\\\,',
    'a\\,b',
    'a,\\',
    '-x,y',
    '--',
    "';touch x;',",
    'CORP\\a,b',
    ' ,',
  ),
  fc.string({ unit: fc.constantFrom(...'ab\\,\'"`$-*= é'.split('')), minLength: 1, maxLength: 8 }),
);

/** What a shell makes of a line: its words. */
function shellSplit(lines: readonly string[]): readonly (readonly string[])[] {
  const script = lines.map((line) => `printf '%s\\0' ${line} end`).join('\n');
  const { stdout, stderr } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
  expect(stderr).toBe('');
  const found = stdout.split('\0end\0').slice(0, -1);
  return found.map((line) => line.split('\0'));
}

describe('verdict 19: a list', () => {
  it.each([
    ['a', ['a']],
    ['a,b', ['a', 'b']],
    [',a,,b,', ['a', 'b']],
    ['', ['']],
    [',', [',']],
    ['Doe\\, John,b', ['Doe, John', 'b']],
    ['CORP\\joe', ['CORP\\joe']],
  ])('%j holds %j', (text, items) => {
    expect(splitList(text)).toEqual(items);
  });

  it('is split at commas wherever names are listed', async () => {
    const { urls, user, role } = await cluster({
      users: { ann: {}, bob: {}, joe: {}, eve: {} },
      roles: { r: {}, s: {} },
    });
    const env = {
      KAPADMIN_META_URL: urls.join(),
      KAPADMIN_META_USERNAME: 'admin',
      KAPADMIN_META_PASSWORD: 'changeit',
    };
    const run = async (words: string): Promise<void> => {
      const { code, stderr } = await runAlone(words.split(' '), { env });
      expect([words, code, stderr.includes('error')]).toEqual([words, 0, false]);
    };
    await run('user grant joe ReadData,WriteData KapacitorAPI');
    expect((await user('joe'))?.permissions.get('')?.toSorted()).toEqual(['KapacitorAPI', 'ReadData', 'WriteData']);
    await run('user revoke joe ReadData,KapacitorAPI');
    expect((await user('joe'))?.permissions.get('')).toEqual(['WriteData']);
    await run('user grant joe ReadData --db a,b');
    expect([...((await user('joe'))?.permissions.keys() ?? [])].toSorted()).toEqual(['', 'a', 'b']);
    await run('role add-users r ann,bob joe');
    expect((await role('r'))?.users.toSorted()).toEqual(['ann', 'bob', 'joe']);
    await run('role remove-users r ann,bob');
    expect((await role('r'))?.users).toEqual(['joe']);
    await run('role grant r ReadData,Monitor');
    expect((await role('r'))?.permissions.get('')?.toSorted()).toEqual(['Monitor', 'ReadData']);
    await run('role delete r,s --yes');
    expect(await role('s')).toBeUndefined();
    await run('user delete ann,bob eve --yes');
    expect([await user('ann'), await user('bob'), await user('eve')]).toEqual([undefined, undefined, undefined]);
  });
});

describe('a printed command with names that hold commas and backslashes', () => {
  it('knows where each command takes a list', async () => {
    const found = new Map<string, object>();
    for (const { words, command } of await allCommands()) {
      const from = command.registeredArguments.findIndex((argument) => argument.parseArg === collectList);
      const flags = command.options
        .filter((option) => option.parseArg === collectList)
        .flatMap(({ long }) => long ?? []);
      if (from < 0 && flags.length === 0) continue;
      found.set(words, { from: from < 0 ? Infinity : from, ...(flags.length > 0 && { flags: flags.toSorted() }) });
    }
    const known = [...listPlaces].map(([words, { from, flags }]) => {
      return [words, { from, ...(flags !== undefined && { flags: flags.toSorted() }) }] as const;
    });
    expect(new Map(known)).toEqual(found);
  });

  it('means exactly these names to the shell and to the program', async () => {
    const taking = (await allCommands()).filter(({ command }) => command.registeredArguments.length > 0);
    const printing = fc.record({
      of: fc.constantFrom(...taking.map(({ words }) => words)),
      names: fc.array(name, { minLength: 3, maxLength: 3 }),
      value: name,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(printing, { minLength: 30, maxLength: 30 }), async (printed) => {
        const lines = printed.map(({ of, names, value }) => {
          const { command } = taking.find(({ words }) => words === of)!;
          const taken = command.registeredArguments;
          const given = taken.at(-1)?.variadic === true ? names : names.slice(0, taken.length);
          const flags = (listPlaces.get(of)?.flags ?? []).flatMap((flag) => [flag, value]);
          return { of, given, flags, value, line: commandLine(`kapadmin ${of}`, given, flags).line ?? 'none' };
        });
        const split = shellSplit(lines.map(({ line }) => line));
        for (const [i, { of, given, flags, value, line }] of lines.entries()) {
          const entry = commandSections
            .flatMap((section) => section.groups)
            .flatMap(({ name: group, commands }) =>
              commands.map((command) => [`${group} ${command.name}`, command] as const),
            );
          const all = new Map<string, CommandEntry>([
            ...entry,
            ...topLevelCommands.map((one) => [one.name, one] as const),
          ]);
          const { command } = await attached(of, all.get(of)!);
          await command.parseAsync(split[i]!.slice(1 + of.split(' ').length), { from: 'user' });
          const options = command.opts<Record<string, unknown>>();
          const read = Object.values(options).filter((option) => Array.isArray(option));
          expect([line, command.processedArgs.flat().filter((one) => one !== undefined)]).toEqual([line, given]);
          expect([line, read]).toEqual([line, flags.filter((_, at) => at % 2 === 0).map(() => [value])]);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('is one in the HTML matrix, too', async () => {
    const { urls } = await cluster({ users: { ann: {} } });
    const flags = ['--meta-url', urls[0]!, '--meta-username', 'admin'];
    const { code, stdout } = await runAlone(['auth', 'matrix', '-o', 'html', '--db', 'a\\,b', ...flags], {
      env: { KAPADMIN_META_PASSWORD: 'changeit' },
    });
    expect(code).toBe(0);
    expect(stdout).toContain(JSON.stringify(['a,b', "'a'\\\\',b'"]));
  });

  it('refuses two names for one password and says how a comma is written', async () => {
    const { code, stderr } = await runAlone(['user', 'create', 'a,b', '--password-stdin']);
    expect(code).toBe(2);
    expect(stderr).toContain('In a name, write a comma as `\\,`.');
  });
});

describe('attack new-list-cells: a name among others in a cell', () => {
  it('that a comma, a space or a quote would blur is quoted, and pastes as that one name', () => {
    fc.assert(
      fc.property(fc.array(name, { maxLength: 4 }), (others) => {
        const names = [',', ...others];
        const blurred = names.filter((one) => listedName(one) !== one);
        expect(names.filter((one) => /[ ,;'"]/.test(one))).toEqual(blurred);
        expect(shellSplit([blurred.map(listedName).join(' ')])).toEqual([blurred.map(listItem)]);
      }),
      { numRuns: 20 },
    );
  });

  it.each([
    ['table', "other               'bob'\\\\',smith', bob, 'jane doe', smith\n"],
    ['csv', "other,,\"'bob'\\\\',smith', bob, 'jane doe', smith\"\r\n"],
  ])('is quoted in the %s of roles', async (format, line) => {
    const members = ['bob,smith', 'bob', 'jane doe', 'smith'];
    const users = Object.fromEntries(members.map((one) => [one, {}]));
    const { urls } = await cluster({ users, roles: { other: { users: members } } });
    const flags = ['--meta-url', urls[0]!, '--meta-username', 'admin'];
    const { stdout } = await runAlone(['role', 'list', '-o', format, ...flags], {
      env: { KAPADMIN_META_PASSWORD: 'changeit' },
    });
    expect(stdout).toContain(line);
  });

  it('is quoted where it is a database or a role', async () => {
    const users = { ann: { 'a, b': ['ReadData'] } };
    const { urls } = await cluster({ users, roles: { 'x, y': { users: ['ann'] }, x: { users: ['ann'] } } });
    const flags = ['--meta-url', urls[0]!, '--meta-username', 'admin'];
    const { stdout } = await runAlone(['user', 'list', ...flags], { env: { KAPADMIN_META_PASSWORD: 'changeit' } });
    expect(stdout).toContain("ReadData ('a'\\\\', b')");
    expect(stdout).toContain("x, 'x'\\\\', y'");
  });
});
