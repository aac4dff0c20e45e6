import { showDuration } from '../../model/duration.js';
import { showTime } from '../../model/time.js';
import type { Style } from '../style.js';
import type { View, Watch } from '../view.js';
import { cut, widthOf } from '../width.js';
import type { Frame, Shower } from './loop.js';

export interface PicturePlace {
  /** As it is at the moment. */
  style(): Style;
  rows(): number;
  out(text: string): Promise<void>;
  onResize(act: () => void): void;
}

const usualColumns = 80;
/** Changes that stay on the screen. */
const remembered = 5;

// A screen of its own, the cursor hidden; and back.
const enter = '\u001b[?1049h\u001b[?25l';
const leave = '\u001b[?25h\u001b[?1049l';
// The terminal waits with showing until all of it is there, where it can.
const begin = '\u001b[?2026h\u001b[H\u001b[J';
const end = '\u001b[?2026l';

/** The lines that fit into so many rows; the last one says how many are left out. */
function fitLines(lines: readonly string[], rows: number, columns: number): readonly string[] {
  const heights = lines.map((line) => Math.max(1, Math.ceil(widthOf(line) / columns)));
  const heightOf = (count: number): number => heights.slice(0, count).reduce((sum, height) => sum + height, 0);
  if (heightOf(lines.length) <= rows) return lines;
  let count = Math.min(lines.length, Math.max(0, rows - 1));
  while (count > 0 && heightOf(count) > rows - 1) count--;
  return [...lines.slice(0, count), cut(`… ${lines.length - count} more lines`, columns)];
}

/** Frames drawn over one another on a terminal's second screen; the last one stays on the first when all is over. */
export function makePicture<T>(
  view: View<T>,
  watch: Watch<T>,
  place: PicturePlace,
): Shower<T> & { end(): Promise<void> } {
  let latest: Frame<T> | undefined;
  let history: readonly string[] = [];

  const draw = (frame: Frame<T>): string => {
    const style = place.style();
    const { color, columns = usualColumns } = style;
    const fitted = (line: string): string => cut(line, columns);
    const every = showDuration(watch.every * 1e6);
    const head = [
      color.bold(fitted(`${watch.title}, every ${every}: ${showTime(frame.at)}`)),
      ...(frame.failure === undefined
        ? []
        : [color.yellow(fitted(`no answer since ${showTime(frame.failure.since)}: ${frame.failure.error.message}`))]),
      ...history.map(fitted),
      '',
    ];
    const body = view.text(frame.data, style).trimEnd().split('\n');
    const lines = [...head, ...fitLines(body, place.rows() - head.length, columns)].slice(0, place.rows());
    return begin + lines.join('\n') + end;
  };

  place.onResize(() => {
    if (latest !== undefined) void place.out(draw(latest)).catch(() => {});
  });
  return {
    async show(frame) {
      const isFirst = latest === undefined;
      latest = frame;
      const time = showTime(frame.at).slice(11, 19);
      history = [...history, ...(frame.changes ?? []).map((line) => `${time}  ${line}`)].slice(-remembered);
      await place.out((isFirst ? enter : '') + draw(frame));
    },
    isOver: () => false,
    async end() {
      if (latest === undefined) return;
      const { data } = latest;
      latest = undefined;
      await place.out(leave + view.text(data, place.style()));
    },
  };
}
