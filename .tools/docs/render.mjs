// The command tree as docs/commands.md.
import { exitCodesOf, meaning, sentence } from './meaning.mjs';
import { partsOf } from './notes.mjs';

function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function tableOf(head, rows) {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n');
}

function note({ kind, text }) {
  return kind === 'lines' ? fence('sh', text) : text;
}

function fence(language, text) {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

function verbSection(verb, level) {
  const parts = [`${level} ${verb.words}`, sentence(verb.description || verb.summary), fence('', verb.usage)];
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
  parts.push(`Outputs: ${verb.outputs.map((each) => `\`${each}\``).join(', ')}.`);
  parts.push(...partsOf(verb.notes).map(note));
  if (verb.examples !== undefined) parts.push(fence('sh', verb.examples));
  return parts.join('\n\n');
}

function groupSection({ name, summary, verbs }) {
  if (summary === undefined) return verbs.map((verb) => verbSection(verb, '##')).join('\n\n');
  return [`## ${name}`, sentence(summary), ...verbs.map((verb) => verbSection(verb, '###'))].join('\n\n');
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
      tableOf(['code', 'meaning'], exitCodesOf(exitCodes)),
    ].join('\n\n') + '\n'
  );
}
