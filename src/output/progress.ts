import type { Spinner } from './spinner.js';

/** How far a long work is. */
export interface Count {
  readonly total: number;
  readonly ended: number;
  readonly failed: number;
}

export interface Progress {
  update(count: Count): void;
  /** Leaves nothing on the screen. */
  stop(): void;
}

export interface ProgressPlace {
  /** Undefined where there is no terminal. */
  readonly spinner: Spinner | undefined;
  /** Milliseconds. */
  now(): number;
  /** Tells a line where there is no terminal. */
  line(text: string): void;
}

/** Milliseconds before anything is shown, between two pictures, and between two lines where there is no terminal. */
const patience = 300;
const picture = 100;
const lineEvery = 10_000;

function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  if (seconds < 3600) return `${Math.ceil(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

/** `1234 of 40000 changes, 950/s, 41 s left, 2 failed` */
export function progressText({ total, ended, failed }: Count, what: string, ms: number): string {
  const rate = ms > 0 ? (ended / ms) * 1000 : 0;
  const left =
    rate > 0 ? `, ${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s, ${duration((total - ended) / rate)} left` : '';
  return `${ended} of ${total} ${what}${left}${failed > 0 ? `, ${failed} failed` : ''}`;
}

/** Shows how far a work is: a spinner on a terminal, a line now and then elsewhere; nothing while it is quick. */
export function showProgress(what: string, { spinner, now, line }: ProgressPlace): Progress {
  const start = now();
  let last = start;
  let shown = false;
  return {
    update(count) {
      const at = now();
      const due = spinner === undefined ? lineEvery : shown ? picture : patience;
      if (at - last < due) return;
      last = at;
      shown = true;
      const text = progressText(count, what, at - start);
      if (spinner === undefined) line(text);
      else spinner.show(text);
    },
    stop: () => spinner?.stop(),
  };
}
