import { describe, expect, it } from 'vitest';
import { progressText, showProgress, type ProgressPlace } from '../../src/output/progress.js';

function place(isTerminal: boolean): ProgressPlace & { at: number; lines: string[]; shown: string[] } {
  const there = {
    at: 0,
    lines: [] as string[],
    shown: [] as string[],
    spinner: isTerminal
      ? {
          show: (text: string) => void there.shown.push(text),
          above: (write: () => void) => write(),
          stop: () => void there.shown.push(''),
        }
      : undefined,
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
  });

  it('shows nothing on a terminal while it is quick, then a picture of it ten times a second at most', () => {
    const there = place(true);
    const progress = showProgress('changes', there);
    for (; there.at < 300; there.at += 10) progress.update({ total: 100, ended: 1, failed: 0 });
    expect(there.shown).toEqual([]);
    for (; there.at < 500; there.at += 10) progress.update({ total: 100, ended: 40, failed: 1 });
    expect(there.shown).toEqual([
      '40 of 100 changes, 133/s, 1 s left, 1 failed',
      '40 of 100 changes, 100/s, 1 s left, 1 failed',
    ]);
    progress.stop();
    expect(there.shown.at(-1)).toBe('');
    expect(there.lines).toEqual([]);
  });
});
