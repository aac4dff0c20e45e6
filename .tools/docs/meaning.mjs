// What an argument, a flag or an exit code means, as one text.
import { exitCodeMeanings } from './exit-codes.mjs';

/** Its description, with the choices and the standard value that it does not name itself. */
export function meaning({ description, choices, standard }) {
  const more = [choices && `one of ${choices.join(', ')}`, standard === undefined ? undefined : `default ${standard}`];
  return [description, ...more.filter((part) => part !== undefined && !description.includes(part))].join('; ');
}

/** Begins with a capital, ends with a stop. */
export function sentence(text) {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}

/** @param {Record<string, number>} exitCodes kind of end -> code @returns {[string, string][]} code and meaning */
export function exitCodesOf(exitCodes) {
  return Object.entries(exitCodes).map(([kind, code]) => {
    const text = exitCodeMeanings[kind];
    if (text === undefined) throw new Error(`no meaning is written for the exit code of ${kind}`);
    return [String(code), text];
  });
}
