import { shellWord } from '../model/shell-command.js';
import { escapeText } from '../model/text.js';
import type { Shell } from './scripts.js';
import type { Candidate } from './tree.js';

const renderers: Readonly<Record<Shell, (candidate: Candidate) => string>> = {
  bash: ({ word }) => shellWord(word) ?? '',
  zsh: ({ word, about }) => `${word.replaceAll('\\', '\\\\').replaceAll(':', '\\:')}:${escapeText(about)}`,
  fish: ({ word, about }) => `${word}\t${escapeText(about)}`,
};

/** The candidates as a shell's script reads them, a line each. */
export function renderCandidates(candidates: readonly Candidate[], shell: Shell): string {
  const lines = candidates.map((candidate) => renderers[shell](candidate)).filter((line) => line !== '');
  return lines.map((line) => `${line}\n`).join('');
}
