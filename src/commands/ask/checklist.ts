import { escapeText } from '../../model/text.js';
import type { Deps } from '../../cli/factory.js';
import { cut, widthOf } from '../../output/text-width.js';

/** One line of a checklist. */
export interface Row {
  readonly name: string;
  /** What it is, in one line; it may be empty. */
  readonly about: string;
}

/** Cells that a prompt takes before each line, and between a name and what it is. */
const marks = 7;
const gap = 2;
const widestName = 40;
const usualColumns = 80;

/** Asks which of these, in lines that fit the terminal; gives the names of at least one. */
export async function checklist(question: string, rows: readonly Row[], deps: Deps): Promise<readonly string[]> {
  const room = Math.max((deps.context.io.columns() ?? usualColumns) - marks, marks);
  const shown = rows.map(({ name, about }) => ({
    value: name,
    name: escapeText(name),
    about: escapeText(about),
  }));
  const width = Math.min(widestName, Math.max(...shown.map(({ name }) => widthOf(name))));
  const choices = shown.map(({ value, name, about }) => {
    const padded = name + ' '.repeat(Math.max(gap, width + gap - widthOf(name)));
    const whole = about === '' ? name : padded + about;
    const label = cut(whole, room);
    return label === whole ? { value, label } : { value, label, description: about === '' ? name : about };
  });
  return (await deps.prompter()).choose(question, choices);
}
