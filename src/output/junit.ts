export interface JunitCase {
  readonly name: string;
  /** What failed; absent where the case passed. */
  readonly failure?: string;
  readonly skipped?: boolean;
}

export interface JunitSuite {
  readonly name: string;
  readonly cases: readonly JunitCase[];
}

/** Text for XML 1.0: characters that it cannot hold are left visible as `\uNNNN`. */
function xml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, (char) => {
      return `\\u${char.codePointAt(0)!.toString(16).padStart(4, '0')}`;
    })
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;')
    .replaceAll('\r', '&#13;')
    .replaceAll('\t', '&#9;');
}

function renderCase(suite: string, { name, failure, skipped }: JunitCase): string {
  const open = `    <testcase classname="${xml(suite)}" name="${xml(name)}"`;
  if (skipped) return `${open}><skipped/></testcase>\n`;
  if (failure === undefined) return `${open}/>\n`;
  const [first = ''] = failure.split('\n');
  return `${open}><failure message="${xml(first)}">${xml(failure)}</failure></testcase>\n`;
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
