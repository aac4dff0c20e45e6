import type { Writable } from 'node:stream';
import type { Ora } from 'ora';
import { escapeText } from '../model/text.js';

/** A line at the bottom of a terminal that shows that something goes on. */
interface Spinner {
  /** Begins to spin, or changes the text. */
  show(text: string): void;
  /** Writes something else to the terminal above it. */
  above(write: () => void): void;
  /** Leaves nothing on the screen. */
  stop(): void;
}

/** A terminal; its stream is made when it is first used. */
interface SpinnerTerminal {
  readonly stderr: Writable;
  columns(): number | undefined;
}

const defaultColumns = 80;
/** Cells of the picture before the text, and one that stays free. */
const spinnerWidth = 3;

/** A spinner by ora, which is loaded when there is something to show. */
export function createSpinner(place: SpinnerTerminal): Spinner {
  let spinner: Ora | undefined;
  let shown: string | undefined;
  let loading = false;
  let cut = (text: string, _width: number): string => text;
  const fitted = (text: string): string =>
    cut(escapeText(text), Math.max(1, (place.columns() ?? defaultColumns) - spinnerWidth));

  const load = async (): Promise<void> => {
    loading = true;
    const { default: ora } = await import('ora');
    ({ truncate: cut } = await import('./table.js'));
    loading = false;
    if (shown === undefined) return;
    const options = { isEnabled: true, discardStdin: false, hideCursor: false };
    spinner = ora({ ...options, stream: place.stderr as NodeJS.WriteStream, text: fitted(shown) }).start();
  };

  return {
    show(text) {
      shown = text;
      if (spinner !== undefined) spinner.text = fitted(text);
      else if (!loading) void load();
    },
    above(write) {
      spinner?.clear();
      write();
    },
    stop() {
      shown = undefined;
      spinner?.stop();
      spinner = undefined;
    },
  };
}

/** What a terminal shows while a command works: that it waits, or how far it is. */
export interface TerminalStatus {
  /** Shows progress for work that lasts longer than 300 ms. */
  withSpinner<T>(what: string, work: () => Promise<T>): Promise<T>;
  /** Writes to the terminal beside what is shown. */
  printAbove(write: () => void): void;
  /**
   * The spinner, for callers that report their own progress; other progress is hidden until it stops. Undefined without
   * a terminal that can animate it.
   */
  acquire(): Spinner | undefined;
}

type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/** Milliseconds of waiting before anything is shown. */
const showAfterMs = 300;

/** For pipes, dumb terminals and `-q`: nothing is shown. */
export const silentStatus: TerminalStatus = {
  withSpinner: (_, work) => work(),
  printAbove: (write) => write(),
  acquire: () => undefined,
};

/** One spinner for all works that go on at the same time; it shows the first. */
export function createTerminalStatus(spinner: Spinner, sleep: Sleep): TerminalStatus {
  let works = 0;
  let over = new AbortController();
  let taken = false;

  const wait = async (what: string): Promise<void> => {
    over = new AbortController();
    const { signal } = over;
    await sleep(showAfterMs, signal);
    if (!signal.aborted) spinner.show(what);
  };
  const hide = (): void => {
    over.abort();
    spinner.stop();
  };

  return {
    async withSpinner(what, work) {
      if (taken) return work();
      works++;
      if (works === 1) void wait(what);
      try {
        return await work();
      } finally {
        works--;
        if (works === 0 && !taken) hide();
      }
    },
    printAbove: (write) => spinner.above(write),
    acquire() {
      hide();
      taken = true;
      return {
        ...spinner,
        stop: () => {
          taken = false;
          spinner.stop();
        },
      };
    },
  };
}

/** How far a long work is. */
interface ProgressCount {
  readonly total: number;
  readonly ended: number;
  readonly failed: number;
}

export interface ProgressReporter {
  update(count: ProgressCount): void;
  /** Leaves nothing on the screen. */
  stop(): void;
}

export interface ProgressOutput {
  /** Undefined without a terminal. */
  readonly spinner: Spinner | undefined;
  /** Milliseconds. */
  now(): number;
  /** Prints a line if there is no terminal. */
  line(text: string): void;
}

/** Milliseconds before anything is shown, between two frames, and between two lines without a terminal. */
const firstShownMs = 300;
const redrawMs = 100;
const lineEveryMs = 10_000;

function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  if (seconds < 3600) return `${Math.ceil(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

/** `1234 of 40000 changes, 950/s, 41 s left, 2 failed` */
export function progressText({ total, ended, failed }: ProgressCount, what: string, ms: number): string {
  const rate = ms > 0 ? (ended / ms) * 1000 : 0;
  const left =
    rate > 0 ? `, ${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s, ${duration((total - ended) / rate)} left` : '';
  return `${ended} of ${total} ${what}${left}${failed > 0 ? `, ${failed} failed` : ''}`;
}

/** Shows how far a work is: a spinner on a terminal, a line now and then elsewhere; nothing while it is quick. */
export function showProgress(what: string, { spinner, now, line }: ProgressOutput): ProgressReporter {
  const start = now();
  let last = start;
  let shown = false;
  return {
    update(count) {
      const at = now();
      const due = spinner === undefined ? lineEveryMs : shown ? redrawMs : firstShownMs;
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
