import type { Command } from 'commander';
import { installLines, scripts, type Shell } from '../completion/complete.js';
import { usageError } from '../errors.js';
import { excerpt } from '../model/text.js';
import { FileOutput } from '../output/style.js';
import type { Result, View } from '../output/view.js';

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
