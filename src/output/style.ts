import { Chalk } from 'chalk';
import { withColor, type Styled, type Text } from './styled.js';

const colors = ['red', 'green', 'yellow', 'cyan', 'dim', 'bold'] as const;

type Colors = Readonly<Record<(typeof colors)[number], (text: Text) => Styled>>;

/** What a renderer may know of the place it writes to. */
export interface Style {
  readonly color: Colors;
  /** Width of the terminal, undefined where there is none (nothing is cut then). */
  readonly columns: number | undefined;
  readonly terminal: boolean;
}

/**
 * Whether to colour: `--no-color` and `NO_COLOR` forbid it, `FORCE_COLOR` asks for it, else it is for terminals
 * that are not dumb.
 */
export function colorLevel(
  env: Readonly<Record<string, string | undefined>>,
  terminal: boolean,
  noColor: boolean,
): 0 | 1 {
  if (noColor || (env['NO_COLOR'] ?? '') !== '') return 0;
  const force = env['FORCE_COLOR'];
  if (force !== undefined) return force === '0' || force === 'false' ? 0 : 1;
  return terminal && env['TERM'] !== 'dumb' ? 1 : 0;
}

export function makeStyle(level: 0 | 1, terminal: boolean, columns: number | undefined): Style {
  const chalk = new Chalk({ level });
  const color = Object.fromEntries(colors.map((name) => [name, (text: Text) => withColor(text, chalk[name])]));
  return { color: color as Colors, terminal, columns };
}

/** No colour, no width: for files and pipes. */
export const plainStyle: Style = makeStyle(0, false, undefined);
