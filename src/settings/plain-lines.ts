import type { Readable } from 'node:stream';
import { forgive } from './keyboard.js';
import type { Choice } from './prompter.js';
import { stoppedAt, type Answer, type AskQuestion, type Question } from './question.js';
import { stopped } from './stopped.js';

type Terminal = Readable & { setRawMode?(raw: boolean): unknown };

const interrupt = '\u0003';
const endOfInput = '\u0004';
const eraseLine = '\u0015';
const erasers = new Set(['\b', '\u007f']);

/** A line that is being typed; the terminal edits what it shows, and we edit what is hidden. */
class Line {
  #characters: string[] = [];

  /** The whole line when this character ends it; an empty one on Ctrl-C and Ctrl-D is undefined. */
  take(character: string): { readonly text: string | undefined } | undefined {
    if (character === '\r' || character === '\n') return { text: this.#characters.join('') };
    if (character === interrupt || character === endOfInput) return { text: undefined };
    if (erasers.has(character)) this.#characters.pop();
    else if (character === eraseLine) this.#characters = [];
    else this.#characters.push(character);
    return undefined;
  }
}

/**
 * One line of a terminal, asked for by `ask` once what is typed is hidden; undefined when the input ends, or `stop` is
 * aborted.
 */
function readLine(
  terminal: Terminal,
  hidden: boolean,
  stop: AbortSignal,
  ask: () => void,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const line = new Line();
    const decoder = new TextDecoder();
    const end = (text: string | undefined): void => {
      terminal.off('data', take).off('end', lose).off('close', lose);
      stop.removeEventListener('abort', lose);
      terminal.pause();
      if (hidden) terminal.setRawMode?.(false);
      resolve(text);
    };
    const lose = (): void => end(undefined);
    const take = (bytes: Buffer): void => {
      for (const character of decoder.decode(bytes, { stream: true })) {
        const whole = line.take(character);
        if (whole !== undefined) return end(whole.text);
      }
    };
    forgive(terminal);
    if (hidden) terminal.setRawMode?.(true);
    stop.addEventListener('abort', lose, { once: true });
    ask();
    terminal.on('data', take).on('end', lose).on('close', lose).resume();
    if (stop.aborted) lose();
  });
}

function listOf(choices: readonly Choice[]): string {
  const width = String(choices.length).length;
  return choices.map(({ label }, i) => `  ${String(i + 1).padStart(width)}  ${label}\n`).join('');
}

/** The values of the numbers, or the first word that is no number of the list. */
function chosen(line: string, choices: readonly Choice[]): { values: readonly string[]; strange: string | undefined } {
  const words = line.split(/[\s,]+/).filter((word) => word !== '');
  const isNumber = (word: string): boolean => /^\d{1,6}$/.test(word) && choices[Number(word) - 1] !== undefined;
  const numbers = new Set(words.filter(isNumber).map(Number));
  const values = choices.filter((_, i) => numbers.has(i + 1)).map(({ value }) => value);
  return { values, strange: words.find((word) => !isNumber(word)) };
}

/** The answer that a line gives, or what is wrong with it. */
function judge(line: string, question: Question): { answer: Answer } | { fault: string } {
  if (question.kind === 'hidden') return { answer: line };
  if (question.kind === 'line') {
    const fault = question.fault?.(line);
    return fault === undefined ? { answer: line } : { fault };
  }
  const { values, strange } = chosen(line, question.choices);
  if (strange !== undefined) return { fault: 'Give numbers of the list.' };
  return values.length === 0 ? { fault: 'At least one is needed.' } : { answer: values };
}

/** Asks line by line, for terminals that cannot move their cursor: a list has numbers. */
export const askPlainly: AskQuestion = async (question, { io, stop }): Promise<Answer> => {
  const isList = question.kind === 'several';
  if (isList) io.err(`${question.message}:\n${listOf(question.choices)}`);
  const asked = isList ? 'Their numbers, separated by blanks' : question.message;
  for (;;) {
    const line = await readLine(io.stdin, question.kind === 'hidden', stop, () => io.err(`${asked}: `));
    if (line === undefined || question.kind === 'hidden') io.err('\n');
    if (line === undefined) throw stopped(stop, stoppedAt(question));
    const judged = judge(line, question);
    if ('answer' in judged) return judged.answer;
    io.err(`${judged.fault}\n`);
  }
};
