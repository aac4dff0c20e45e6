// The command tree as docs/commands.md.
import { exitCodeMeanings } from './exit-codes.mjs';

function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function tableOf(head, rows) {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n');
}

function meaning({ description, choices, standard }) {
  const more = [choices && `one of ${choices.join(', ')}`, standard === undefined ? undefined : `default ${standard}`];
  return [description, ...more.filter((part) => part !== undefined && !description.includes(part))].join('; ');
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function verbSection(verb, level) {
  const parts = [
    `${level} ${verb.words}`,
    `${capital(verb.description || verb.summary)}.`,
    '```\n' + verb.usage + '\n```',
  ];
  if (verb.arguments.length > 0) {
    parts.push(
      tableOf(
        ['argument', 'is'],
        verb.arguments.map((each) => [`\`${each.name}\``, meaning(each)]),
      ),
    );
  }
  if (verb.flags.length > 0) {
    parts.push(
      tableOf(
        ['flag', 'does'],
        verb.flags.map((each) => [`\`${each.flags}\``, meaning(each)]),
      ),
    );
  }
  if (verb.notes !== '') parts.push(verb.notes);
  if (verb.examples !== undefined) parts.push('```sh\n' + verb.examples + '\n```');
  return parts.join('\n\n');
}

function groupSection({ name, summary, verbs }) {
  if (summary === undefined) return verbs.map((verb) => verbSection(verb, '##')).join('\n\n');
  return [`## ${name}`, `${capital(summary)}.`, ...verbs.map((verb) => verbSection(verb, '###'))].join('\n\n');
}

function anchor(words) {
  return `[\`${words}\`](#${words.replaceAll(' ', '-')})`;
}

function globalsSection(globals) {
  const groups = new Set(globals.map(({ group }) => group));
  return [...groups].map((group) => {
    const flags = globals.filter((each) => each.group === group);
    const rows = flags.map((each) => [`\`${each.flags}\``, meaning(each)]);
    return `### ${group.replace(/:$/, '')}\n\n${tableOf(['flag', 'does'], rows)}`;
  });
}

/** @param tree of readTree @param {Record<string, number>} exitCodes kind of end -> code */
export function renderCommands({ groups, globals }, exitCodes) {
  const overview = groups.flatMap(({ verbs }) => verbs.map((verb) => [anchor(verb.words), verb.summary]));
  const codes = Object.entries(exitCodes).map(([kind, code]) => {
    const text = exitCodeMeanings[kind];
    if (text === undefined) throw new Error(`no meaning is written for the exit code of ${kind}`);
    return [String(code), text];
  });
  return (
    [
      '# Commands',
      'Made by `npm run docs` from the commands themselves.',
      tableOf(['command', 'does'], overview),
      ...groups.map(groupSection),
      '## Flags of every command',
      'They may stand anywhere on the command line.',
      ...globalsSection(globals),
      '## Exit codes',
      tableOf(['code', 'meaning'], codes),
    ].join('\n\n') + '\n'
  );
}
