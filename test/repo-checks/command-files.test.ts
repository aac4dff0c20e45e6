import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandSections, topLevelCommands } from '../../src/commands/index.js';

const src = path.resolve(import.meta.dirname, '../../src');
const contract = /^export (?:async )?function (?:define|run)\b/gm;

function exportsContract(file: string): boolean {
  return [...readFileSync(path.join(src, file), 'utf8').matchAll(contract)].length === 2;
}

/** Words of a command -> its file: `user grant` is commands/user/grant.ts, `sandbox` is commands/sandbox.ts. */
const places = new Map([
  ...commandSections
    .flatMap((section) => section.groups)
    .flatMap((group) =>
      group.commands.map(
        (command) => [`${group.name} ${command.name}`, `commands/${group.name}/${command.name}.ts`] as const,
      ),
    ),
  ...topLevelCommands
    .filter((command) => command.hidden !== true)
    .map((command) => [command.name, `commands/${command.name}.ts`] as const),
]);

describe('the house', () => {
  it.each([...places])('%s is %s', (_, file) => {
    expect(exportsContract(file)).toBe(true);
  });

  it('has no command that no words reach', () => {
    const files = readdirSync(path.join(src, 'commands'), { recursive: true, encoding: 'utf8' });
    const commands = files.filter((file) => file.endsWith('.ts')).map((file) => path.posix.join('commands', file));
    expect(commands.filter(exportsContract).toSorted()).toEqual([...places.values()].toSorted());
  });
});
