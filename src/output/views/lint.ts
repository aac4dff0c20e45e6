import type { Problem } from '../../desired-state/problems.js';
import { styled } from '../styled.js';
import type { View } from '../view.js';

/** Advice and problems of files of wanted state, one a line, as editors and CI jobs read them. */
export const lintView: View<readonly Problem[]> = {
  text: (problems, { color }) => {
    if (problems.length === 0) return ['Nothing found.'];
    return problems.map(({ severity, code, message, hint, file, line, column }) => {
      const paint = severity === 'error' ? color.red : color.yellow;
      const more = hint === undefined ? '' : ` (${hint})`;
      return styled`${file}:${line}:${column}: ${paint(severity)}: ${message}${more} [${code}]`;
    });
  },
  json: (problems) =>
    problems.map(({ severity, code, message, hint, file, line, column }) => {
      return { file, line, column, severity, rule: code, message, ...(hint === undefined ? {} : { hint }) };
    }),
};
