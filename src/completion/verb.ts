import { FileText } from '../output/styled.js';
import { Option, type Command } from 'commander';
import type { VerbModule } from '../cli/command.js';
import { complete } from './complete.js';
import { makeLookup } from './lookup.js';
import { renderCandidates } from './render.js';
import type { Shell } from './scripts.js';
import type { Candidate, Tree } from './tree.js';

export interface Options {
  readonly shell: Shell;
  readonly words: readonly string[];
}

/** What the scripts of `completion` ask at each TAB: the words that may stand at the cursor. It never fails. */
export function completeVerb(tree: Tree): VerbModule<Options> {
  return {
    define(command: Command, act) {
      command
        .addOption(new Option('--shell <shell>').choices(['bash', 'zsh', 'fish']).default('bash'))
        .argument('[words...]')
        .action((words: string[], { shell }: { shell: Shell }) => {
          // No configuration has a say in the form of the words, nor is one read for it.
          command.parent?.setOptionValue('output', 'table');
          return act({ shell, words });
        });
    },
    async run({ shell, words }, deps) {
      const found = await complete(words, tree, makeLookup(deps.context)).catch(() => []);
      const view = {
        text: (candidates: readonly Candidate[]) => new FileText(renderCandidates(candidates, shell)),
        json: (candidates: readonly Candidate[]) => candidates,
      };
      return { data: found, view };
    },
  };
}
