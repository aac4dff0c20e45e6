import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { progressText, showProgress, type ProgressPlace } from '../../src/output/progress.js';

function place(isTerminal: boolean): ProgressPlace & { at: number; lines: string[]; screen: string } {
  const there = {
    at: 0,
    lines: [] as string[],
    screen: '',
    isTerminal,
    stderr: new Writable({
      write(chunk: Buffer, _, done) {
        there.screen += chunk.toString();
        done();
      },
    }),
    now: () => there.at,
    line: (text: string) => void there.lines.push(text),
  };
  return there;
}

describe('progress', () => {
  it('tells count, rate, time left and failures', () => {
    const count = { total: 40_000, ended: 1_000, failed: 0 };
    expect(progressText(count, 'changes', 1_000)).toBe('1000 of 40000 changes, 1000/s, 39 s left');
    expect(progressText({ ...count, failed: 2 }, 'changes', 20_000)).toBe(
      '1000 of 40000 changes, 50/s, 13 min left, 2 failed',
    );
    expect(progressText({ total: 10_000, ended: 1, failed: 0 }, 'changes', 1_000)).toBe(
      '1 of 10000 changes, 1.0/s, 2.8 h left',
    );
    expect(progressText({ total: 5, ended: 0, failed: 0 }, 'changes', 0)).toBe('0 of 5 changes');
  });

  it('is a line every ten seconds where there is no terminal', () => {
    const there = place(false);
    const progress = showProgress('changes', there);
    for (let ended = 1; ended <= 25; ended++) {
      there.at = ended * 1_000;
      progress.update({ total: 25, ended, failed: 0 });
    }
    progress.stop();
    expect(there.lines).toEqual(['10 of 25 changes, 1.0/s, 15 s left', '20 of 25 changes, 1.0/s, 5 s left']);
    expect(there.screen).toBe('');
  });

  it('shows nothing on a terminal while it is quick, then a picture of it', async () => {
    const quick = place(true);
    const progress = showProgress('changes', quick);
    for (quick.at = 0; quick.at < 300; quick.at += 10) progress.update({ total: 100, ended: 1, failed: 0 });
    progress.stop();
    expect([quick.screen, quick.lines]).toEqual(['', []]);

    const slow = place(true);
    const shown = showProgress('changes', slow);
    slow.at = 400;
    shown.update({ total: 100, ended: 40, failed: 1 });
    while (!slow.screen.includes('40 of 100 changes')) await new Promise((resolve) => setImmediate(resolve));
    shown.stop();
    expect(slow.screen).toContain('100/s, 1 s left, 1 failed');
    expect(slow.lines).toEqual([]);
  });
});
