import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { exitCodeMeanings } from '../../.tools/docs/exit-codes.mjs';
import { readTree } from '../../.tools/docs/read.mjs';
import { root } from '../../.tools/fresh.mjs';
import { commandSections, topLevelCommands } from '../../src/commands/index.js';
import { exitCodes } from '../../src/errors.js';
import { commonFormats, declareGlobalFlags } from '../../src/settings/flags.js';

const { groups, globals } = await readTree({
  commandSections,
  topLevelCommands,
  declareGlobalFlags,
  commonFormats,
  Command,
});
const commands = groups.flatMap((group) => group.commands);

function staleness(part: string): string {
  return spawnSync(process.execPath, [path.join(root, '.tools/docs.mjs'), '--check', part], { encoding: 'utf8' })
    .stderr;
}

describe('the documentation', () => {
  it('has its commands, findings and manual page as the program has them', () => {
    expect(staleness('generated')).toBe('');
  });

  it('shows in its console blocks and in the picture of the demo what the program prints', () => {
    expect(staleness('recorded')).toBe('');
  }, 180_000);
});

describe('src/README.md', () => {
  const text = readFileSync(path.join(root, 'src/README.md'), 'utf8');

  it('lists the directories of src', () => {
    const listed = [...text.matchAll(/^\| `([\w-]+)\/`/gm)].map(([, name = '']) => name);
    const entries = readdirSync(path.join(root, 'src'), { withFileTypes: true });
    expect(listed.toSorted()).toEqual(
      entries
        .filter((each) => each.isDirectory())
        .map(({ name }) => name)
        .toSorted(),
    );
  });

  it('lists modules that exist', () => {
    const modules = [...text.matchAll(/`([\w/-]+\.ts)`/g)].map(([, file = '']) => file);
    expect(modules.length).toBeGreaterThan(50);
    expect(modules.filter((file) => !existsSync(path.join(root, 'src', file)))).toEqual([]);
  });
});

describe('docs/commands.md, docs/findings.md and the manual page', () => {
  it('has a meaning for each exit code', () => {
    expect(Object.keys(exitCodeMeanings)).toEqual(Object.keys(exitCodes));
  });

  it.each(commands)('$words: examples of its own words, and every argument and flag is described', (command) => {
    expect(command.examples).toContain(`kapadmin ${command.words}`);
    for (const each of [...command.arguments, ...command.flags]) expect(each.description).not.toBe('');
  });

  it('describes every global flag', () => {
    expect(globals.length).toBeGreaterThan(20);
    expect(globals.filter((flag) => flag.description === '')).toEqual([]);
  });
});
