import type { Step } from './order.js';

interface Waiting {
  /** How many steps must end before this one. */
  readonly left: Map<Step, number>;
  readonly followers: ReadonlyMap<number, readonly Step[]>;
}

function waitingOf(steps: readonly Step[]): Waiting {
  const left = new Map<Step, number>();
  const followers = new Map<number, Step[]>();
  for (const step of steps) {
    if (step.after.length === 0) continue;
    const after = new Set(step.after);
    left.set(step, after.size);
    for (const index of after) {
      const list = followers.get(index);
      if (list) list.push(step);
      else followers.set(index, [step]);
    }
  }
  return { left, followers };
}

/**
 * Runs the steps of one wave, at most `concurrency` at a time, each when all of its `after` have ended. Followers go
 * first, so that what was begun for a user is ended before the next user's turn. `run` never rejects but for a bug.
 */
export function runWave(
  steps: readonly Step[],
  concurrency: number,
  run: (step: Step) => Promise<void>,
): Promise<void> {
  const { left, followers } = waitingOf(steps);
  const next: Step[] = [];
  let taken = 0;
  let underWay = 0;

  const take = (): Step | undefined => {
    if (next.length > 0) return next.pop();
    while (taken < steps.length) {
      const step = steps[taken++];
      if (step !== undefined && step.after.length === 0) return step;
    }
    return undefined;
  };

  return new Promise((resolve, reject) => {
    const ended = (step: Step): void => {
      underWay--;
      for (const follower of followers.get(step.index) ?? []) {
        const still = (left.get(follower) ?? 0) - 1;
        left.set(follower, still);
        if (still === 0) next.push(follower);
      }
      pump();
    };
    const pump = (): void => {
      while (underWay < concurrency) {
        const step = take();
        if (step === undefined) break;
        underWay++;
        run(step).then(() => ended(step), reject);
      }
      if (underWay === 0) resolve();
    };
    pump();
  });
}
