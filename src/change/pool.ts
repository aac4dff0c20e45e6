import type { Step } from './order.js';

/**
 * Runs the steps of one wave, at most `concurrency` at a time, each when all of its `after` have ended. Followers go
 * first, so that what was begun for a user is ended before the next user's turn. `run` never rejects but for a bug.
 */
export function runWave(
  steps: readonly Step[],
  concurrency: number,
  run: (step: Step) => Promise<void>,
): Promise<void> {
  const waitsFor = new Map<number, number>();
  const followers = new Map<number, Step[]>();
  const inWave = new Set(steps.map((step) => step.index));
  for (const step of steps) {
    const after = new Set(step.after.filter((index) => inWave.has(index)));
    waitsFor.set(step.index, after.size);
    for (const index of after) {
      const list = followers.get(index);
      if (list) list.push(step);
      else followers.set(index, [step]);
    }
  }
  const first = steps.filter((step) => waitsFor.get(step.index) === 0);
  const next: Step[] = [];
  let taken = 0;
  let underWay = 0;

  return new Promise((resolve, reject) => {
    const ended = (step: Step): void => {
      underWay--;
      for (const follower of followers.get(step.index) ?? []) {
        const left = (waitsFor.get(follower.index) ?? 0) - 1;
        waitsFor.set(follower.index, left);
        if (left === 0) next.push(follower);
      }
      pump();
    };
    const pump = (): void => {
      while (underWay < concurrency) {
        const step = next.pop() ?? first[taken++];
        if (step === undefined) break;
        underWay++;
        run(step).then(() => ended(step), reject);
      }
      if (underWay === 0) resolve();
    };
    pump();
  });
}
