import { shellQuote } from '../model/shell.js';
import { escapeControls } from '../model/text.js';
import type { Shell } from './scripts.js';
import type { Candidate } from './tree.js';

const renderers: Readonly<Record<Shell, (candidate: Candidate) => string>> = {
  bash: ({ word }) => shellQuote(word),
  zsh: ({ word, about }) => `${word.replaceAll('\\', '\\\\').replaceAll(':', '\\:')}:${escapeControls(about)}`,
  fish: ({ word, about }) => `${word}\t${escapeControls(about)}`,
};

/** The candidates as a shell's script reads them, a line each. */
export function renderCandidates(candidates: readonly Candidate[], shell: Shell): string {
  return candidates.map((candidate) => `${renderers[shell](candidate)}\n`).join('');
}
