import { type Element, readXml } from './xml.js';

export interface ReadCase {
  readonly suite: string;
  readonly name: string;
  readonly end: 'passed' | 'failed' | 'skipped';
  /** What failed, or else what was said. */
  readonly text: string;
}

function attribute({ name, attributes }: Element, wanted: string): string {
  const value = attributes.get(wanted);
  if (value === undefined) throw new Error(`<${name}> has no ${wanted}`);
  return value;
}

function readCase(element: Element): ReadCase {
  const child = (name: string): Element | undefined => element.children.find((one) => one.name === name);
  const failure = child('failure');
  const end = failure !== undefined ? 'failed' : child('skipped') === undefined ? 'passed' : 'skipped';
  if (failure !== undefined) attribute(failure, 'message');
  checkTime(element);
  const text = (failure ?? child('system-out'))?.text ?? '';
  return { suite: attribute(element, 'classname'), name: attribute(element, 'name'), end, text };
}

function checkTime(element: Element): void {
  const time = attribute(element, 'time');
  if (!/^\d+\.\d{3}$/.test(time)) throw new Error(`time="${time}" is no number of seconds`);
}

/**
 * The cases of a JUnit report, as CI servers read it. Throws where its counts are wrong, a time is missing, or two cases
 * have the same class and name.
 */
export function readJunit(report: string): readonly ReadCase[] {
  const root = readXml(report);
  if (root.name !== 'testsuites') throw new Error(`<${root.name}> is no report`);
  const read = root.children.flatMap((suite) => {
    checkTime(suite);
    const cases = suite.children.map(readCase);
    const count = (end: ReadCase['end']): string => String(cases.filter((one) => one.end === end).length);
    const told = ['tests', 'failures', 'skipped'].map((name) => attribute(suite, name));
    const counted = [String(cases.length), count('failed'), count('skipped')];
    if (told.join() !== counted.join()) throw new Error(`counts ${told.join()}, but there are ${counted.join()}`);
    return cases;
  });
  const names = read.map(({ suite, name }) => JSON.stringify([suite, name]));
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new Error(`two cases are ${twice}`);
  return read;
}
