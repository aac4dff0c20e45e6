import type { Writable } from 'node:stream';
import type { Ora } from 'ora';

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
  readonly stderr: Writable;
  readonly isTerminal: boolean;
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
export function showProgress(what: string, place: ProgressPlace): Progress {
  const start = place.now();
  let last = start;
  let spinner: Ora | undefined;
  let loading = false;
  let over = false;
  const spin = async (text: string): Promise<void> => {
    loading = true;
    const { default: ora } = await import('ora');
    if (over) return;
    const options = {
      stream: place.stderr as NodeJS.WriteStream,
      isEnabled: true,
      discardStdin: false,
      hideCursor: false,
    };
    spinner = ora({ ...options, text }).start();
  };
  return {
    update(count) {
      const now = place.now();
      const due = place.isTerminal ? (spinner === undefined ? patience : picture) : lineEvery;
      if (now - last < due) return;
      last = now;
      const text = progressText(count, what, now - start);
      if (!place.isTerminal) place.line(text);
      else if (spinner !== undefined) spinner.text = text;
      else if (!loading) void spin(text);
    },
    stop() {
      over = true;
      spinner?.stop();
    },
  };
}
