import type { Command } from 'commander';
import type { Shell } from '../completion/candidates.js';
import { usageError } from '../errors.js';
import { excerpt } from '../model/text.js';
import { FileOutput } from '../output/style.js';
import type { Result, View } from '../output/view.js';

const bash = `# kapadmin completion for bash
_kapadmin() {
  local word
  COMPREPLY=()
  while IFS= read -r word; do
    COMPREPLY+=("$word")
  done < <(kapadmin __complete --shell bash -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _kapadmin kapadmin
`;

const zsh = `#compdef kapadmin
# kapadmin completion for zsh
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i }
_kapadmin() {
  local -a found
  found=("\${(@f)$(kapadmin __complete --shell zsh -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "$found" ]]; then
    _describe -V kapadmin found
  else
    _files
  fi
}
if [[ "\${funcstack[1]}" = _kapadmin ]]; then
  _kapadmin "$@"
else
  compdef _kapadmin kapadmin
fi
`;

const fish = `# kapadmin completion for fish
function __kapadmin_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l found (kapadmin __complete --shell fish -- $words[2..-1] 2>/dev/null)
    if test (count $found) -gt 0
        printf '%s\\n' $found
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c kapadmin -e
complete -c kapadmin -f -a '(__kapadmin_complete)'
`;

/** What each shell reads once; it asks kapadmin for the words at each TAB. */
const scripts: Readonly<Record<Shell, string>> = { bash, zsh, fish };

/** The one line that installs it; that of zsh goes below one with compinit. */
export const installLines: Readonly<Record<Shell, string>> = {
  bash: `echo 'source <(kapadmin completion bash)' >> ~/.bashrc`,
  zsh: `echo 'source <(kapadmin completion zsh)' >> ~/.zshrc`,
  fish: 'kapadmin completion fish > ~/.config/fish/completions/kapadmin.fish',
};

interface CompletionOptions {
  readonly shell: string;
}

const view: View<Shell> = {
  text: (shell) => new FileOutput(scripts[shell]),
  json: (shell) => ({ shell, script: scripts[shell], install: installLines[shell] }),
};

function isShell(name: string): name is Shell {
  return Object.hasOwn(scripts, name);
}

const installing = `
To install it in bash:
  ${installLines.bash}
In zsh (after compinit, if ~/.zshrc calls it):
  ${installLines.zsh}
In fish:
  ${installLines.fish}`;

export function define(command: Command, action: (options: CompletionOptions) => Promise<void>): void {
  command
    .argument('<shell>', 'bash, zsh or fish')
    .addHelpText('after', installing)
    .addHelpText('after', '\nExamples:\n  source <(kapadmin completion bash)\n  kapadmin completion fish | source')
    .action((shell: string) => action({ shell }));
}

export function run({ shell }: CompletionOptions): Promise<Result<Shell>> {
  if (isShell(shell)) return Promise.resolve({ data: shell, view });
  throw usageError('unknown-shell', `unknown shell "${excerpt(shell, 40)}"`, 'Supported shells: bash, zsh, fish.');
}
