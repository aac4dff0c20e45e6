import { describe, expect, it } from 'vitest';
import { makeFolder } from '../folder.js';
import { inTerminal, kapadmin, mask, withSandbox } from './harness.js';
import { holds, type Surroundings } from './harness/program.js';
import type { CommandFlow } from './commands/flow.js';
import { commandFlows } from './commands/index.js';

/** Runs a flow with a home and a sandbox of its own. */
function inside<T>(flow: CommandFlow, use: (surroundings: Surroundings) => Promise<T>): Promise<T> {
  const surroundings = { home: makeFolder(flow.files), shows: flow.shows ?? [] };
  if (flow.sandbox === undefined) return use(surroundings);
  return withSandbox(flow.sandbox, ({ env }) => use({ ...surroundings, env }));
}

function expectParts(output: string, parts: readonly (string | RegExp)[]): void {
  const text = mask(output);
  const missing = parts.filter((part) => !holds(text, part)).map(String);
  expect(missing, text).toEqual([]);
}

describe.each(commandFlows)('$words', (flow) => {
  const { code = 0, says, notes = [], stdin = '' } = flow;
  const words = [...flow.words.split(' '), ...flow.args];

  it('in a pipe', async () => {
    const ended = await inside(flow, (surroundings) => kapadmin(words, { ...surroundings, stdin }));
    expect(ended.code, ended.stderr).toBe(code);
    expectParts(ended.stderr, notes);
    expectParts(ended.stdout, says);
    expect(ended.stdout).not.toContain('\u001b');
  });

  it('with -o json', async () => {
    const ended = await inside(flow, (surroundings) => kapadmin([...words, '-o', 'json'], { ...surroundings, stdin }));
    expect(ended.code, ended.stderr).toBe(code);
    expectParts(ended.stderr, notes);
    expect(JSON.parse(mask(ended.stdout))).toEqual(flow.json);
  });

  it('in a terminal', async () => {
    const { args = flow.args, types } = flow.terminal ?? {};
    const ended = await inside(flow, (surroundings) =>
      inTerminal([...flow.words.split(' '), ...args], { ...surroundings, columns: 200 }, types),
    );
    expectParts(ended.screen, [...says, ...notes]);
    expect(ended.code).toBe(code);
  });
});
