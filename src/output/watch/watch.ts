import { checkFormat } from '../deliver.js';
import type { Notes } from '../notes.js';
import type { Status } from '../status.js';
import type { Style } from '../style.js';
import type { Result, View, Watch } from '../view.js';
import { makeLines, tableHead } from './lines.js';
import { watchLoop, type WatchPlace } from './loop.js';
import { makePicture } from './picture.js';

export interface Surroundings extends WatchPlace {
  readonly io: {
    out(text: string): Promise<void>;
    rows?(): number | undefined;
    onResize?(act: () => void): void;
    readerIsGone?(): boolean;
  };
  readonly notes: Notes;
  readonly status: Status;
  /** As it is at the moment. */
  style(): Style;
  /** Whether one picture may be drawn over the other. */
  readonly canDraw: boolean;
}

const usualRows = 24;

async function renderLine<T>(view: View<T>, data: T, format: string, style: Style): Promise<string> {
  if (format === 'table') return view.text(data, style);
  if (format === 'json') return `${JSON.stringify(view.json(data))}\n`;
  return `---\n${(await import('yaml')).stringify(view.json(data), { lineWidth: 0 })}`;
}

async function watchPicture<T>(first: T, view: View<T>, watch: Watch<T>, around: Surroundings): Promise<void> {
  const { io, style } = around;
  const picture = makePicture(view, watch, {
    style,
    rows: () => io.rows?.() ?? usualRows,
    out: (text) => io.out(text),
    onResize: (act) => io.onResize?.(act),
  });
  around.status.take();
  try {
    await watchLoop(first, watch, picture, around);
  } finally {
    await picture.end();
  }
}

/**
 * Shows the data of a result, looks again and again, and shows what changed: as a picture on a terminal, elsewhere as
 * one block or document after the other. Throws the error of the signal that ends it.
 */
export async function watchResult<T>(
  { data, view }: Result<T>,
  watch: Watch<T>,
  format: string,
  around: Surroundings,
): Promise<void> {
  checkFormat(format, [], '--watch');
  if (format === 'table' && around.canDraw) return watchPicture(data, view, watch, around);
  const { io, notes, style } = around;
  const place = {
    render: (seen: T) => renderLine(view, seen, format, style()),
    out: (text: string) => io.out(text),
    readerIsGone: () => io.readerIsGone?.() === true,
    notes,
  };
  return watchLoop(data, watch, makeLines(place, format === 'table' ? tableHead : () => ''), around);
}
