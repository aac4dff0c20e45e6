import type { EffectiveConfig, EffectiveSetting } from '../../diagnostics/config/facts.js';
import { FileOutput, joinBlocks, type Lines, printLine, type Style, styled, type Text } from '../style.js';
import { renderTable } from '../table.js';
import type { View } from '../view.js';
import { type Finding, locationText, subjectName } from '../../diagnostics/finding.js';
import type { ConfigTemplate } from '../../diagnostics/config/template.js';

function originText({ origin }: EffectiveSetting, { file, environment }: EffectiveConfig): string {
  if (origin.from === 'file') return `${file ?? 'the file'}:${origin.line}:${origin.column}`;
  return origin.from === 'environment' ? `${origin.name} of ${environment}` : 'default';
}

function section(name: EffectiveSetting['section'], used: EffectiveConfig, style: Style): Lines {
  const settings = used.settings.filter((one) => one.section === name);
  const rows = settings.map((one) => [one.key, one.text, originText(one, used)]);
  return [style.color.bold(`[${name}]`), ...renderTable({ columns: ['key', 'value', 'from'], rows }, style)];
}

/** What `starts` is about. */
const coverage = '[http], [auth], data_dir, hostname and the list sections; the rest of the file is not checked';

const passwordCacheNote = 'Kapacitor caches an accepted password for 1 h; no setting changes that.';

function text(used: EffectiveConfig, style: Style): Lines {
  const { file, environment, environmentSubject, settings, refusal, problem = refusal } = used;
  const subjects = [`kapacitor.conf: ${file ?? 'none'}`, `${environmentSubject}: ${subjectName(environment)}`];
  const told =
    problem === undefined
      ? []
      : [styled`${style.color.red('Kapacitor does not start with this configuration:')} ${problem}`];
  const sections =
    settings.length === 0 ? [] : [section('http', used, style), [...section('auth', used, style), passwordCacheNote]];
  return joinBlocks([subjects, ...sections, settings.length === 0 ? [] : [`Checked: ${coverage}.`], told]);
}

/** What the daemon uses, each value with where it comes from. */
export const usedConfigView: View<EffectiveConfig> = {
  text,
  json: ({ file = null, environment, settings, refusal }) => ({
    file,
    environment,
    starts: refusal === undefined,
    startsCovers: coverage,
    message: refusal ?? null,
    settings: settings.map(({ section, key, text: value, origin }) => ({ section, key, value, origin })),
  }),
};

/** A fixed kapacitor.conf. */
export interface ConfigFix {
  readonly file: string;
  /** The fixed text, secrets redacted. */
  readonly shown: string;
  /** What is printed: `shown`, or the text itself where it goes to a file. */
  readonly printed: string;
  /** Of the redacted texts. */
  readonly diff: string;
  readonly fixed: readonly Finding[];
  readonly remaining: readonly Finding[];
  /** What became of the file; absent: it was not to be changed. */
  readonly written?: { readonly done: boolean; readonly isDiffPrinted: boolean; readonly files: readonly string[] };
}

/** One finding on one line, with the fix to make by hand, or the fact where there is none. */
function brief({ title, id, place, fixes, fact }: Finding): string {
  const where = place === undefined ? '' : ` at ${locationText(place)}`;
  const [fix] = fixes;
  const line = fix?.command === undefined ? fix?.setting?.replaceAll('\n', ', ') : String(fix.command);
  const rest = fix === undefined ? fact : `${fix.what}${line === undefined ? '' : `: ${line}`}`;
  return `${id}${where}: ${title}. ${rest}`;
}

/** What is done about the findings: the file is to be changed after a question, or it is only shown. */
type FixStage = 'done' | 'planned' | 'shown';

const fixedHeads: Readonly<Record<FixStage, string>> = {
  done: 'Fixed:',
  planned: 'Will be fixed:',
  shown: 'Would fix:',
};

/** The fact of a fixed finding: what was suggested is its new name. */
function fixedFact({ fact }: Finding): string {
  return fact.replace(/ Did you mean (.*)\?$/, ' New name: $1.');
}

/**
 * What was fixed and what remains, for people.
 * @param withWrite the facts of what remains only because the file of variables is not to be changed
 */
export function fixNotes(
  { fixed, remaining }: Pick<ConfigFix, 'fixed' | 'remaining'>,
  stage: FixStage,
  withWrite: ReadonlySet<string> = new Set(),
): readonly string[] {
  const manual = remaining.filter(({ fact }) => !withWrite.has(fact));
  const isWrong = ({ severity }: Finding): boolean => severity !== 'info';
  const listed = (head: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : [head, ...lines.map((line) => `  ${line}`)];
  return [
    ...listed(
      fixedHeads[stage],
      fixed.map((one) => `${one.id}: ${one.title}. ${fixedFact(one)}`),
    ),
    ...listed(
      'Fixed only with --write:',
      remaining.filter(({ fact }) => withWrite.has(fact)).map(({ title, id, fact }) => `${id}: ${title}. ${fact}`),
    ),
    ...listed('Fix by hand:', manual.filter(isWrong).map(brief)),
    ...listed('For information, not changed:', manual.filter((one) => !isWrong(one)).map(brief)),
  ];
}

/** The lines of a diff; tabs show as they do in a file. */
export function diffLines(diff: string): readonly string[] {
  return diff.trimEnd().replaceAll('\t', '        ').split('\n');
}

function writtenText({ file, diff, written }: ConfigFix, { color }: Style): Lines {
  if (diff === '') return [`${file} is unchanged.`];
  const paint = (line: string): Text => {
    return line.startsWith('-') ? color.red(line) : line.startsWith('+') ? color.green(line) : line;
  };
  const changed = written?.files.join(' and ') ?? file;
  const end = written?.done === true ? `Changed ${changed}.` : `Not changed: ${changed} (dry run).`;
  return [...(written?.isDiffPrinted === true ? [] : [...diffLines(diff).map(paint), '']), end];
}

export const fixView: View<ConfigFix> = {
  text: (fixed, style) => (fixed.written === undefined ? new FileOutput(fixed.printed) : writtenText(fixed, style)),
  json: ({ file, shown, diff, fixed, remaining, written }) => ({
    file,
    changed: diff !== '',
    written: written?.done === true,
    text: shown,
    diff,
    fixed,
    remaining,
  }),
};

/** A line end in a path must not end the comment. */
function commented(lines: readonly string[]): string {
  return lines.map((line) => `#   ${printLine(line)}\n`).join('');
}

/** A new kapacitor.conf; everything else is in comments. */
export const templateView: View<ConfigTemplate> = {
  text: ({ config, environment, commands }) =>
    new FileOutput(
      [
        config,
        `# The same settings as environment variables (/etc/default/kapacitor), which override this file:\n${commented(environment)}`,
        `# Kapacitor's own account on the cluster, with the one permission that it needs to read users:\n${commented(commands.map(String))}`,
      ].join('\n'),
    ),
  json: (template) => template,
};
