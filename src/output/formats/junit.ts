import { escapeText } from '../../model/text.js';

export interface JunitCase {
  readonly name: string;
  /** What failed, in lines; absent where the case passed. */
  readonly failure?: readonly string[];
  readonly skipped?: boolean;
}

export interface JunitSuite {
  readonly name: string;
  readonly cases: readonly JunitCase[];
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A line for XML; what does not show, and what XML cannot hold, is escaped as for a terminal. */
function xml(line: string): string {
  return escapeText(line).replace(/[&<>"]/g, (char) => entities[char] ?? char);
}

function renderCase(suite: string, { name, failure, skipped }: JunitCase): string {
  const open = `    <testcase classname="${xml(suite)}" name="${xml(name)}"`;
  if (skipped) return `${open}><skipped/></testcase>\n`;
  if (failure === undefined) return `${open}/>\n`;
  const [first = ''] = failure;
  return `${open}><failure message="${xml(first)}">${failure.map(xml).join('&#10;')}</failure></testcase>\n`;
}

/** A JUnit report: what CI servers read. */
export function renderJunit(suites: readonly JunitSuite[]): string {
  const body = suites.map(({ name, cases }) => {
    const failures = cases.filter((one) => one.failure !== undefined).length;
    const skipped = cases.filter((one) => one.skipped).length;
    const counts = `tests="${cases.length}" failures="${failures}" skipped="${skipped}"`;
    return `  <testsuite name="${xml(name)}" ${counts}>\n${cases.map((one) => renderCase(name, one)).join('')}  </testsuite>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${body.join('')}</testsuites>\n`;
}
