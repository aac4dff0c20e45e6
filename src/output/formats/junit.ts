import { escapeText } from '../../model/text.js';

export interface JunitCase {
  readonly name: string;
  /** How long it took; nothing where it is not measured. */
  readonly milliseconds?: number;
  /** What failed, in lines; absent where the case passed. */
  readonly failure?: readonly string[];
  readonly skipped?: boolean;
  /** What is good to know of a case that passed, in lines. */
  readonly output?: readonly string[];
}

export interface JunitSuite {
  readonly name: string;
  readonly cases: readonly JunitCase[];
  /** How long all of it took; that of its cases where it is absent. */
  readonly milliseconds?: number;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A line for XML; what does not show, and what XML cannot hold, is escaped as for a terminal. */
function xml(line: string): string {
  return escapeText(line).replace(/[&<>"]/g, (char) => entities[char] ?? char);
}

function xmlLines(lines: readonly string[]): string {
  return lines.map(xml).join('&#10;');
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

/** As XML. CI servers know a case from run to run by its class and name: a second one of a name gets a number. */
function uniqueNames(raw: readonly { readonly name: string }[]): readonly string[] {
  const names = raw.map(({ name }) => xml(name));
  const all = new Set(names);
  const used = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let i = 2; used.has(unique) || (i > 2 && all.has(unique)); i += 1) unique = `${name} (${i})`;
    used.add(unique);
    return unique;
  });
}

function renderCase(suite: string, name: string, { milliseconds = 0, failure, skipped, output }: JunitCase): string {
  const [first = ''] = failure ?? [];
  const parts = [
    skipped ? '<skipped/>' : '',
    failure === undefined ? '' : `<failure message="${xml(first)}">${xmlLines(failure)}</failure>`,
    output === undefined ? '' : `<system-out>${xmlLines(output)}</system-out>`,
  ].join('');
  const open = `    <testcase classname="${suite}" name="${name}" time="${seconds(milliseconds)}"`;
  return parts === '' ? `${open}/>\n` : `${open}>${parts}</testcase>\n`;
}

/** A JUnit report: what CI servers read. */
export function renderJunit(suites: readonly JunitSuite[]): string {
  const suiteNames = uniqueNames(suites);
  const body = suites.map(({ cases, milliseconds: totalMs }, i) => {
    const name = suiteNames[i] ?? '';
    const caseNames = uniqueNames(cases);
    const failures = cases.filter((one) => one.failure !== undefined).length;
    const skipped = cases.filter((one) => one.skipped).length;
    const time = seconds(totalMs ?? cases.reduce((sum, { milliseconds = 0 }) => sum + milliseconds, 0));
    const counts = `tests="${cases.length}" failures="${failures}" skipped="${skipped}" time="${time}"`;
    const rendered = cases.map((one, j) => renderCase(name, caseNames[j] ?? '', one));
    return `  <testsuite name="${name}" ${counts}>\n${rendered.join('')}  </testsuite>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${body.join('')}</testsuites>\n`;
}
