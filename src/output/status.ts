import type { Spinner } from './spinner.js';

/** What a terminal shows while a command works: that it waits, or how far it is. */
export interface Status {
  /** Tells what is waited for while a work lasts, once that is 300 ms. */
  during<T>(what: string, work: () => Promise<T>): Promise<T>;
  /** Writes to the terminal beside what is shown. */
  aside(write: () => void): void;
  /**
   * The spinner, for who knows how far a work is; until that stops it, nobody tells what is waited for. Undefined where
   * there is no terminal to move on.
   */
  take(): Spinner | undefined;
}

type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/** Milliseconds of waiting before anything is shown. */
const patience = 300;

/** For pipes, dumb terminals and `-q`: nothing is shown. */
export const noStatus: Status = {
  during: (_, work) => work(),
  aside: (write) => write(),
  take: () => undefined,
};

/** One spinner for all works that go on at the same time; it tells of the first. */
export function makeStatus(spinner: Spinner, sleep: Sleep): Status {
  let works = 0;
  let over = new AbortController();
  let taken = false;

  const wait = async (what: string): Promise<void> => {
    over = new AbortController();
    const { signal } = over;
    await sleep(patience, signal);
    if (!signal.aborted) spinner.show(what);
  };
  const hide = (): void => {
    over.abort();
    spinner.stop();
  };

  return {
    async during(what, work) {
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
    aside: (write) => spinner.above(write),
    take() {
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
