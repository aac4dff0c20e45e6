import { shellWord } from '../model/shell-command.js';
import { escapeText } from '../model/text.js';
import type { Shell } from './scripts.js';
import { type Candidate, complete, type CompletionTree } from './complete.js';
import { FileOutput } from '../output/style.js';
import { type Command, Option } from 'commander';
import type { CommandModule } from '../cli/command.js';
import { makeLookup } from './candidates.js';

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

interface CompleteCommandOptions {
  readonly shell: Shell;
  readonly words: readonly string[];
}

/** What the scripts of `completion` call at each TAB: prints the candidates at the cursor. It never fails. */
export function completionCommand(tree: CompletionTree): CommandModule<CompleteCommandOptions> {
  return {
    define(command: Command, action) {
      command
        .addOption(new Option('--shell <shell>').choices(['bash', 'zsh', 'fish']).default('bash'))
        .argument('[words...]')
        .action((words: string[], { shell }: { shell: Shell }) => {
          // No configuration has a say in the form of the words, nor is one read for it.
          command.parent?.setOptionValue('output', 'table');
          return action({ shell, words });
        });
    },
    async run({ shell, words }, factory) {
      const found = await complete(words, tree, makeLookup(factory.context)).catch(() => []);
      const view = {
        text: (candidates: readonly Candidate[]) => new FileOutput(renderCandidates(candidates, shell)),
        json: (candidates: readonly Candidate[]) => candidates,
      };
      return { data: found, view };
    },
  };
}
