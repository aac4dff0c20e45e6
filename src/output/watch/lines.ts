import { showTime } from '../../model/time.js';
import type { Notes } from '../notes.js';
import type { Shower } from './loop.js';

/** How data are printed one after the other. */
export interface LinesPlace<T> {
  render(data: T): Promise<string>;
  out(text: string): Promise<void>;
  /** Whether the reader of what is written has gone. */
  readerIsGone(): boolean;
  readonly notes: Notes;
}

/** For pipes: the data at first, and again after each change; what `head` says of a change stands before them. */
export function makeLines<T>(
  place: LinesPlace<T>,
  head: (at: number, changes: readonly string[]) => string,
): Shower<T> {
  let failing = false;
  return {
    async show({ at, data, changes, failure }) {
      if (failure !== undefined && !failing) {
        place.notes.warn(`${showTime(at)}: ${failure.error.message}; watching on`);
      }
      if (failure === undefined && failing) place.notes.note(`${showTime(at)}: there are answers again`);
      failing = failure !== undefined;
      if (changes !== undefined && changes.length === 0) return;
      await place.out(head(at, changes ?? []) + (await place.render(data)));
    },
    isOver: () => place.readerIsGone(),
  };
}

/** Before a table: the time, and what changed. */
export function tableHead(at: number, changes: readonly string[]): string {
  return [showTime(at), ...changes.map((line) => `  ${line}`), ''].join('\n');
}
