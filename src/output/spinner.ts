import { escapeText } from '../model/text.js';
import type { Writable } from 'node:stream';
import type { Ora } from 'ora';

/** A line at the bottom of a terminal that shows that something goes on. */
export interface Spinner {
  /** Begins to spin, or changes the text. */
  show(text: string): void;
  /** Writes something else to the terminal above it. */
  above(write: () => void): void;
  /** Leaves nothing on the screen. */
  stop(): void;
}

/** A terminal; its stream is made when it is first used. */
export interface SpinnerPlace {
  readonly stderr: Writable;
  columns(): number | undefined;
}

const usualColumns = 80;
/** Cells of the picture before the text, and one that stays free. */
const picture = 3;

/** A spinner by ora, which is loaded when there is something to show. */
export function makeSpinner(place: SpinnerPlace): Spinner {
  let spinner: Ora | undefined;
  let shown: string | undefined;
  let loading = false;
  let cut = (text: string, _width: number): string => text;
  const fitted = (text: string): string =>
    cut(escapeText(text), Math.max(1, (place.columns() ?? usualColumns) - picture));

  const load = async (): Promise<void> => {
    loading = true;
    const { default: ora } = await import('ora');
    ({ cut } = await import('./width.js'));
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
