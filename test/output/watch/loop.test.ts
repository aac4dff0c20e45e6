import { describe, expect, it } from 'vitest';
import { KapadminError, type ErrorKind } from '../../../src/errors.js';
import { watchLoop, type Frame } from '../../../src/output/watch/loop.js';

type Look = string | Error;

const kinds: readonly string[] = ['unreachable', 'server', 'refused', 'not-found'];

/** Watches looks of a list, a second each in a time of its own, until they are used up; then it is interrupted. */
async function watching(looks: readonly Look[], { readers = 1000, every = 2000 } = {}) {
  const stop = new AbortController();
  const left = [...looks];
  const frames: Frame<string>[] = [];
  const pauses: number[] = [];
  let now = 0;
  const look = async (): Promise<string> => {
    now += 1000;
    const next = left.shift() ?? '';
    if (next instanceof Error) throw next;
    if (kinds.includes(next)) throw new KapadminError(next as ErrorKind, 'code', `it is ${next}`);
    return next;
  };
  const ended = await watchLoop(
    'a',
    { every, title: 'it', look, changes: (before, after) => (before === after ? [] : [`${before} -> ${after}`]) },
    {
      show: async (frame) => void frames.push(frame),
      isOver: () => frames.length >= readers,
    },
    {
      stop: stop.signal,
      clock: {
        now: () => now,
        sleep: async (ms) => {
          pauses.push(ms);
          now += ms;
          if (left.length === 0) stop.abort('SIGINT');
        },
      },
    },
  ).then(
    () => 'over',
    (error: unknown) => error,
  );
  return { frames, pauses, ended };
}

describe('looking again and again', () => {
  it('shows each look with its time and what changed, with a pause after each', async () => {
    const { frames, pauses } = await watching(['a', 'b', 'b']);
    expect(frames).toEqual([
      { at: 0, data: 'a', changes: undefined, failure: undefined },
      { at: 3000, data: 'a', changes: [], failure: undefined },
      { at: 6000, data: 'b', changes: ['a -> b'], failure: undefined },
      { at: 9000, data: 'b', changes: [], failure: undefined },
    ]);
    expect(pauses).toEqual([2000, 2000, 2000, 2000]);
  });

  it('goes on where a node does not answer, tells since when, and compares with what was seen before', async () => {
    const { frames } = await watching(['unreachable', 'server', 'b']);
    expect(
      frames.map(({ at, data, changes, failure }) => [at, data, changes, failure?.error.kind, failure?.since]),
    ).toEqual([
      [0, 'a', undefined, undefined, undefined],
      [3000, 'a', [], 'unreachable', 3000],
      [6000, 'a', [], 'server', 3000],
      [9000, 'b', ['a -> b'], undefined, undefined],
    ]);
  });

  it.each(['refused', 'not-found'] as const)('ends with what will not pass: %s', async (kind) => {
    const { frames, ended } = await watching([kind, 'b']);
    expect(ended).toMatchObject({ kind });
    expect(frames).toHaveLength(1);
  });

  it('ends with a bug of ours', async () => {
    expect((await watching([new TypeError('oh')])).ended).toEqual(new TypeError('oh'));
  });

  it('ends when nobody reads any more', async () => {
    expect(await watching(['b', 'c'], { readers: 2 })).toMatchObject({ ended: 'over', pauses: [2000] });
  });

  it.each([
    [[], 'stopped by SIGINT after one look'],
    [['a'], 'stopped by SIGINT after 2 looks, no change was seen'],
    [['b', 'b', 'unreachable', 'c'], 'stopped by SIGINT after 4 looks, 2 of them saw a change'],
  ])('ends by the signal, with an account of %j', async (looks, message) => {
    expect((await watching(looks)).ended).toMatchObject({ kind: 'interrupted', message });
  });
});
