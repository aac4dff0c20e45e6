import { toText } from '../kapacitor/go/text.js';
import { verdictOf } from '../kapacitor/trace.js';
import { excerpt } from '../model/text.js';
import type { LoginCase, LoginReport } from './report.js';

/** How a request ends, in words that can be compared. */
function ending(one: LoginCase | undefined): string {
  if (one === undefined) return 'not asked';
  const { verdict, status, message } = verdictOf(one.trace);
  const known = one.end === 'unreachable' || one.end === 'server' ? 'not known' : verdict;
  const told = [known, status ?? '', message === null ? '' : excerpt(toText(message), 80)].filter(
    (part) => part !== '',
  );
  const live = one.live === undefined ? '' : `; Kapacitor answered ${one.live.status}`;
  return `${told.join(' ')}${live} (${one.explanation.cause})`;
}

/** What is different between two tests of the same requests, a line for each request. */
export function loginChanges(before: LoginReport, after: LoginReport): readonly string[] {
  const [was, is] = [before, after].map(({ refusal }) => (refusal === undefined ? 'starts' : excerpt(refusal)));
  const started = was === is ? [] : [`Kapacitor: ${was} -> ${is}`];
  const count = Math.max(before.cases.length, after.cases.length);
  const cases = Array.from({ length: count }, (_, i) => [before.cases[i], after.cases[i]] as const);
  const lines = cases.map(([a, b]) => {
    const { method, path, at } = (b ?? a) as LoginCase;
    return { what: excerpt(`${method} ${path}${at === '' ? '' : ` at ${at}`}`), from: ending(a), to: ending(b) };
  });
  return [...started, ...lines.flatMap(({ what, from, to }) => (from === to ? [] : [`${what}: ${from} -> ${to}`]))];
}
