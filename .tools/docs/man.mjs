// The command tree as a manual page, docs/man/kapadmin.1.
import { exitCodesOf, meaning, sentence } from './meaning.mjs';
import { partsOf } from './notes.mjs';
import { bold, entry, heading, literal, prose, usage } from './roff.mjs';

const about = "manage InfluxDB Enterprise users and roles, and explain every answer of Kapacitor's authentication";

const description = [
  "kapadmin manages the users, roles and permissions of an InfluxDB Enterprise cluster through the API of its meta nodes, and explains every answer of Kapacitor's authentication, step by step.",
  'Data goes to standard output, everything else to standard error. A flag may stand anywhere on the command line. `kapadmin help user grant` prints what stands below of one command.',
];

const environment = [
  ['KAPADMIN_META_URL', 'the meta nodes, separated by commas or blanks'],
  ['KAPADMIN_META_USERNAME, KAPADMIN_META_PASSWORD, KAPADMIN_META_PASSWORD_FILE', 'the account of the connection'],
  ['KAPADMIN_META_SECRET_FILE', 'a file with the shared secret of the meta nodes'],
  ['KAPADMIN_META_CA, KAPADMIN_META_CERT, KAPADMIN_META_KEY', "certificates, and the key of the client's"],
  ['KAPADMIN_PROFILE, KAPADMIN_CONFIG, KAPADMIN_OUTPUT', 'as --profile, --config and --output'],
  [
    'KAPADMIN_TIMEOUT, KAPADMIN_CONNECT_TIMEOUT, KAPADMIN_WAIT, KAPADMIN_RETRIES, KAPADMIN_MAX_BODY',
    'limits, as the flags of these names',
  ],
  ['KAPACITOR_*', 'the variables of Kapacitor, where its configuration is read and no --env-file is given'],
  ['NO_COLOR, FORCE_COLOR', 'no colour; colour also where there is no terminal'],
];

const files = [
  ['~/.config/kapadmin/config.yaml', 'your own configuration file: profiles, with mode 0600'],
  ['/etc/kapacitor/kapacitor.conf, /etc/default/kapacitor', 'where the configuration of Kapacitor is looked for'],
];

function list(rows) {
  return rows.map(([name, text]) => entry(name.split(', ').map(bold).join(', '), sentence(text)));
}

function flagEntry(flag) {
  return entry(usage(flag.flags), sentence(meaning(flag)));
}

function note({ kind, text }) {
  return kind === 'lines' ? literal(text) : `.PP\n${prose(text)}`;
}

function verb({ words, usage: typed, description, summary, arguments: args, flags, outputs, notes, examples }) {
  return [
    heading('SS', `kapadmin ${words}`),
    usage(typed),
    `.PP\n${prose(sentence(description || summary))}`,
    ...args.map((each) => entry(usage(`<${each.name}>`), sentence(meaning(each)))),
    ...flags.map(flagEntry),
    `.PP\n${prose(`Outputs: ${outputs.join(', ')}.`)}`,
    ...partsOf(notes).map(note),
    ...(examples === undefined ? [] : [literal(examples)]),
  ].join('\n');
}

function section(title, ...parts) {
  return [heading('SH', title), ...parts].join('\n');
}

function globalFlags(globals) {
  const groups = new Set(globals.map(({ group }) => group));
  return [...groups].flatMap((group) => [
    heading('SS', group.replace(/:$/, '')),
    ...globals.filter((each) => each.group === group).map(flagEntry),
  ]);
}

/** @param tree of readTree @param {Record<string, number>} exitCodes kind of end -> code @param {string} version */
export function renderMan({ groups, globals }, exitCodes, version) {
  const codes = exitCodesOf(exitCodes).map(([code, text]) => entry(bold(code), sentence(text)));
  const verbs = groups.flatMap((group) => group.verbs);
  return (
    [
      '.\\" Made by npm run docs from the commands themselves.',
      `.TH KAPADMIN 1 "" "kapadmin ${version}" "User Commands"`,
      '.nh',
      '.ad l',
      section('NAME', `kapadmin \\- ${prose(about)}`),
      section('SYNOPSIS', usage('kapadmin <noun> <verb> [name...] [options]')),
      section('DESCRIPTION', description.map(prose).join('\n.PP\n')),
      section('COMMANDS', ...verbs.map(verb)),
      section('OPTIONS OF EVERY COMMAND', ...globalFlags(globals)),
      section('EXIT STATUS', ...codes),
      section('ENVIRONMENT', ...list(environment)),
      section('FILES', ...list(files)),
      section('SEE ALSO', prose('`curl`(1), and the pages that come with the source: README.md and docs/.')),
    ].join('\n') + '\n'
  );
}
