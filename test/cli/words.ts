import { Command } from 'commander';

/** What the words of a command mean: the options that its `define` gives to its action. */
export async function optionsOf<O>(
  define: (command: Command, act: (options: O) => Promise<void>) => void,
  words: readonly string[],
): Promise<O | undefined> {
  let meant: O | undefined;
  const command = new Command().exitOverride().configureOutput({ outputError: () => {} });
  define(command, (options) => {
    meant = options;
    return Promise.resolve();
  });
  await command.parseAsync(words, { from: 'user' });
  return meant;
}
