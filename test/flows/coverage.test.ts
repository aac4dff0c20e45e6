import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandSections, topLevelCommands } from '../../src/commands/index.js';
import { ownFlows, commandFlows } from './commands/index.js';

/** A hidden command is called by the scripts of `completion`, whose flows try it. */
const commands = [
  ...commandSections
    .flatMap((section) => section.groups)
    .flatMap((group) => group.commands.map((command) => `${group.name} ${command.name}`)),
  ...topLevelCommands.filter((command) => command.hidden !== true).map((command) => command.name),
];

describe('flows', () => {
  it('run every command in a terminal, in a pipe and with -o json', () => {
    const covered = new Set([...commandFlows.map((flow) => flow.words), ...ownFlows.keys()]);
    expect(commands.filter((command) => !covered.has(command))).toEqual([]);
    expect([...covered].filter((command) => !commands.includes(command))).toEqual([]);
  });

  it.each([...ownFlows])('%s has all three ways in its own file', (_, file) => {
    const text = readFileSync(path.join(import.meta.dirname, file), 'utf8');
    for (const title of ["'in a pipe'", "'with -o json'", "'in a terminal'"]) expect(text).toContain(title);
  });
});
