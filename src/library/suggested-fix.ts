import type { Fix } from '../diagnostics/finding.js';

/** What to do about it: a command to paste, or a setting to change. */
export interface SuggestedFix {
  readonly what: string;
  /** Quoted for sh, bash, dash, zsh and fish; absent where a name in it cannot be. */
  readonly command?: string;
  readonly setting?: string;
}

export function toSuggestedFix({ command, ...rest }: Fix): SuggestedFix {
  const line = command?.line;
  return line === undefined ? rest : { ...rest, command: line };
}
