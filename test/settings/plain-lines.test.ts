import { PassThrough } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { makePrompter } from '../../src/settings/make-prompter.js';
import type { Prompter } from '../../src/settings/prompter.js';
import { makeTestContext } from '../context.js';
import { makeTypist } from '../typist.js';

type Keys = string | Uint8Array;

/** What a prompter on a terminal that has only lines makes of keys that come in these pieces. */
async function typing(ask: (prompter: Prompter) => Promise<unknown>, pieces: readonly Keys[], until: string | RegExp) {
  const stdin = Object.assign(new PassThrough(), {
    modes: [] as boolean[],
    setRawMode: (raw: boolean) => stdin.modes.push(raw),
  });
  const context = makeTestContext({ stdin, terminal: true, env: { TERM: 'dumb' } });
  const answer = ask(makePrompter(context, false)).catch((error: unknown) => error);
  await vi.waitFor(() => expect(context.stderr()).toMatch(until), { interval: 5 });
  for (const piece of pieces) {
    stdin.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { answer: await answer, stderr: context.stderr(), modes: stdin.modes, stdin, context };
}

async function hidden(pieces: readonly Keys[]): Promise<unknown> {
  const { answer, stderr, modes } = await typing((prompter) => prompter.password('Secret'), pieces, 'Secret: ');
  expect(stderr).toBe('Secret: \n');
  expect(modes).toEqual([true, false]);
  return answer instanceof Error ? answer : (answer as { reveal(): string }).reveal();
}

describe('a hidden line', () => {
  it.each<[string, Keys[], string]>([
    ['ends with Enter', ['abc\r'], 'abc'],
    ['may come letter by letter', ['a', 'b', '\n'], 'ab'],
    ['may be empty', ['\r'], ''],
    ['loses its last letter to the backspace, whatever bytes that has', ['aü\u007f😀\b\bb\r'], 'b'],
    ['begins anew after Ctrl-U', ['abc\u0015d\r'], 'd'],
    [
      'may have letters whose bytes come apart',
      [Buffer.from('ü').subarray(0, 1), Buffer.from('ü').subarray(1), '\r'],
      'ü',
    ],
    ['loses nothing to a backspace too many', ['\u007f\u007fa\r'], 'a'],
  ])('%s', async (_, pieces, text) => {
    expect(await hidden(pieces)).toBe(text);
  });

  it.each(['abc\u0003', '\u0003', 'abc\u0004'])('is given up on Ctrl-C and Ctrl-D: %j', async (keys) => {
    expect(await hidden([keys])).toMatchObject({
      kind: 'interrupted',
      message: 'stopped at the question "Secret": nothing was sent or written',
    });
  });
});

describe('a question in plain lines', () => {
  it.each([
    ['SIGINT', 'interrupted'],
    ['SIGTERM', 'terminated'],
    ['SIGHUP', 'hung-up'],
  ] as const)('ends with %s', async (signal, kind) => {
    const stdin = new PassThrough();
    const context = makeTestContext({ stdin, terminal: true, env: { TERM: 'dumb' } });
    const answer = makePrompter(context, false).text('Who');
    setTimeout(() => context.interrupt(signal), 20);
    await expect(answer).rejects.toMatchObject({ kind });
    expect(['data', 'end', 'close'].map((event) => stdin.listenerCount(event))).toEqual([0, 0, expect.any(Number)]);
  });

  it('ends with the input', async () => {
    const { stdin } = makeTypist();
    const answer = makePrompter(makeTestContext({ stdin, terminal: true, env: { TERM: 'dumb' } }), false).text('Who');
    setTimeout(() => stdin.end('half a li'), 20);
    await expect(answer).rejects.toMatchObject({ kind: 'interrupted' });
  });

  it('takes numbers in any order and form, each once', async () => {
    const choices = ['a', 'b', 'c'].map((value) => ({ value, label: `${value}!` }));
    const choose = (prompter: Prompter): Promise<unknown> => prompter.choose('Which', choices);
    const { answer, stderr } = await typing(choose, ['3, 1  3,\n'], 'blanks: ');
    expect(answer).toEqual(['a', 'c']);
    expect(stderr).toBe('Which:\n  1  a!\n  2  b!\n  3  c!\nTheir numbers, separated by blanks: ');
  });

  it.each(['0\n', '4\n', '-1\n', '1 x\n', '1e0\n', '99999999999\n'])('asks again after %j', async (keys) => {
    const choices = ['a', 'b', 'c'].map((value) => ({ value, label: value }));
    const choose = (prompter: Prompter): Promise<unknown> => prompter.choose('Which', choices);
    const { answer, stderr } = await typing(choose, [keys, '2\n'], 'blanks: ');
    expect(answer).toEqual(['b']);
    expect(stderr).toContain('Give numbers of the list.');
  });
});

describe('many questions in a row', () => {
  it.each(['dumb', 'xterm'])('leave no listeners behind where TERM is %s', async (term) => {
    const { stdin, play } = makeTypist();
    const context = makeTestContext({ stdin, terminal: true, env: { TERM: term } });
    const prompter = makePrompter(context, false);
    const warnings: unknown[] = [];
    const warn = (warning: unknown): void => void warnings.push(warning);
    process.on('warning', warn);
    for (let i = 0; i < 15; i++) {
      const answer = prompter.text(`Question ${i}`);
      await play(context, [[`Question ${i}`, 'x\r']]);
      expect(await answer).toBe('x');
    }
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', warn);
    expect(warnings).toEqual([]);
    expect(stdin.listenerCount('error')).toBe(1);
  });
});
