import { Writable } from 'node:stream';

/** A terminal as packages see it; its size is that of the moment. */
export interface Screen extends Writable {
  readonly isTTY: boolean;
  readonly columns: number | undefined;
  readonly rows: number | undefined;
}

const colours = /\u001b\[[\d;]*m/g;

/** A terminal that is written to without colours: packages that colour on their own do not know of `--no-color`. */
export function colourless(terminal: Screen): Screen {
  const screen = new Writable({
    decodeStrings: false,
    write: (text: string | Buffer, _, done) => void terminal.write(text.toString().replace(colours, ''), () => done()),
  });
  return Object.defineProperties(screen, {
    isTTY: { value: true },
    columns: { get: () => terminal.columns },
    rows: { get: () => terminal.rows },
  }) as Screen;
}
