// The command tree as plain values, read from commander's commands.

/** What a command prints after its help: the examples. */
function textAfterHelp(command) {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part) }).outputHelp();
  return text.slice(command.helpInformation().length);
}

function flag(option) {
  const { flags, description, argChoices, defaultValue, hidden } = option;
  return { flags, description, choices: argChoices, standard: defaultValue, hidden };
}

async function readCommand(words, entry, { Command, commonFormats }) {
  const command = new Command(words.at(-1));
  const { formats } = await entry.load(command, () => Promise.resolve());
  const after = textAfterHelp(command);
  return {
    words: words.join(' '),
    summary: entry.summary,
    description: command.description(),
    usage: `kapadmin ${words.join(' ')} ${command.usage()}`.trim(),
    arguments: command.registeredArguments.map((each) => ({
      name: each.name(),
      description: each.description,
      choices: each.argChoices,
    })),
    flags: command.options.map(flag).filter(({ hidden }) => !hidden),
    outputs: [...commonFormats, ...formats],
    examples: /^Examples?:\n((?: {2}.*\n?)+)/m.exec(after)?.[1].replaceAll(/^ {2}/gm, '').trimEnd(),
    notes: after.replace(/^Examples?:\n(?: {2}.*\n?)+/m, '').trim(),
  };
}

/**
 * @typedef {{ flags: string, description: string, choices?: string[], standard?: unknown, hidden: boolean }} Flag
 * @typedef {object} DocumentedCommand
 * @property {string} words
 * @property {string} summary
 * @property {string} description
 * @property {string} usage
 * @property {{ name: string, description: string, choices?: string[] }[]} arguments
 * @property {Flag[]} flags
 * @property {string[]} outputs
 * @property {string | undefined} examples
 * @property {string} notes
 */

/**
 * @param source what src exports: commandSections, topLevelCommands, declareGlobalFlags, commonFormats, and commander's Command
 * @returns {Promise<{ groups: { name: string, summary?: string, commands: DocumentedCommand[] }[], globals: (Flag & { group: string })[] }>}
 */
export async function readTree(source) {
  const { commandSections, topLevelCommands, declareGlobalFlags, Command } = source;
  const program = new Command('kapadmin');
  declareGlobalFlags(program);
  const groups = [];
  for (const section of commandSections) {
    for (const group of section.groups) {
      const commands = [];
      for (const entry of group.commands.filter(({ hidden }) => !hidden)) {
        commands.push(await readCommand([group.name, entry.name], entry, source));
      }
      groups.push({ name: group.name, summary: group.summary, commands });
    }
  }
  for (const entry of topLevelCommands.filter(({ hidden }) => !hidden)) {
    groups.push({ name: entry.name, commands: [await readCommand([entry.name], entry, source)] });
  }
  return { groups, globals: program.options.map((option) => ({ ...flag(option), group: option.helpGroupHeading })) };
}
