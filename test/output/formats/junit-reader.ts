import { type Element, readXml } from './xml.js';

export interface ReadCase {
  readonly suite: string;
  readonly name: string;
  readonly end: 'passed' | 'failed' | 'skipped';
  readonly text: string;
}

function attribute({ name, attributes }: Element, wanted: string): string {
  const value = attributes.get(wanted);
  if (value === undefined) throw new Error(`<${name}> has no ${wanted}`);
  return value;
}

function readCase(element: Element): ReadCase {
  const [failure] = element.children;
  const end = failure === undefined ? 'passed' : failure.name === 'failure' ? 'failed' : 'skipped';
  if (end === 'failed' && failure !== undefined) attribute(failure, 'message');
  return { suite: attribute(element, 'classname'), name: attribute(element, 'name'), end, text: failure?.text ?? '' };
}

/** The cases of a JUnit report, as CI servers read it; throws where its counts are wrong. */
export function readJunit(report: string): readonly ReadCase[] {
  const root = readXml(report);
  if (root.name !== 'testsuites') throw new Error(`<${root.name}> is no report`);
  return root.children.flatMap((suite) => {
    const cases = suite.children.map(readCase);
    const count = (end: ReadCase['end']): string => String(cases.filter((one) => one.end === end).length);
    const told = ['tests', 'failures', 'skipped'].map((name) => attribute(suite, name));
    const counted = [String(cases.length), count('failed'), count('skipped')];
    if (told.join() !== counted.join()) throw new Error(`counts ${told.join()}, but there are ${counted.join()}`);
    return cases;
  });
}
