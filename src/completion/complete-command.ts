import type { Context } from '../context.js';
import { privilegeByMethod } from '../auth-engine/privileges.js';
import { endpoints } from '../model/kapacitor-endpoints.js';
import { permissions, presets } from '../model/permissions.js';
import { escapeText, hasControls } from '../model/text.js';
import { topics, topicTitle } from '../diagnostics/topics.js';
import { loadUserConfig } from '../settings/config-file.js';
import { type Candidate, complete, type CompletionTree, type Lookup, type Shell } from './candidates.js';
import { shellWord } from '../model/shell-command.js';
import { FileOutput } from '../output/style.js';
import { type Command, Option } from 'commander';
import type { CommandModule } from '../cli/command.js';
import { namesOfCluster } from './cached-names.js';

function plain(words: readonly string[], about = ''): readonly Candidate[] {
  return words.filter((word) => word !== '' && !hasControls(word)).map((word) => ({ word, about }));
}

async function profiles(context: Context): Promise<readonly string[]> {
  try {
    return [...((await loadUserConfig(context, undefined))?.profiles.keys() ?? [])];
  } catch {
    return [];
  }
}

/** The candidates of each kind. Names of the cluster that hold control characters are left out. */
function makeLookup(context: Context): Lookup {
  return async (kind, formats) => {
    switch (kind) {
      case 'user':
        return plain((await namesOfCluster(context)).users, 'user');
      case 'role':
        return plain((await namesOfCluster(context)).roles, 'role');
      case 'permission':
        return permissions.map(({ name, influxdb, kapacitor }) => ({ word: name, about: `${influxdb}; ${kapacitor}` }));
      case 'preset':
        return presets.map(({ name, summary }) => ({ word: name, about: summary }));
      case 'profile':
        return plain(await profiles(context), 'profile');
      case 'topic':
        return [...topics.values()].map((topic) => ({ word: topic.id, about: topicTitle(topic) }));
      case 'method':
        return plain(Object.keys(privilegeByMethod));
      case 'path':
        return [...new Map(endpoints.map(({ path, what }) => [path, { word: path, about: what }])).values()];
      case 'output':
        return plain(['table', 'json', 'yaml', ...formats]);
      case 'shell':
        return plain(['bash', 'zsh', 'fish']);
    }
  };
}

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
