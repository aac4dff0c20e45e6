import {
  detectEnvironmentFormat,
  readEnvironmentLines,
  toKapacitorEnvironment,
} from '../kapacitor-config/environment-file.js';
import { parseGoDuration } from '../go-compat/duration.js';
import { excerpt, showName } from '../model/text.js';
import type { LoginQuestion, NodeAnswer } from './timeline.js';

/** What the fields of the page hold, by their ids. */
export type FieldValues = (id: string) => string;

/** Something that the fields hold and that cannot be used. */
export class FieldError extends Error {}

/** What the meta node may answer without a body of its own. */
export const answers: Readonly<Record<string, { readonly label: string; readonly answer: NodeAnswer | undefined }>> = {
  200: { label: '200 and this body', answer: undefined },
  404: { label: '404: no such user', answer: { status: 404, body: '{"error":"user not found"}' } },
  401: { label: "401: rejects Kapacitor's account", answer: { status: 401, body: '{"error":"authorization failed"}' } },
  403: { label: '403: forbidden', answer: { status: 403, body: '' } },
  503: { label: '503: no leader', answer: { status: 503, body: '{"error":"no leader"}' } },
  refused: { label: 'nothing: connection refused', answer: { error: 'connection-refused' } },
  timeout: { label: 'nothing: timeout', answer: { error: 'timeout' } },
};

/** The variables of pasted lines, and what to say of the lines. */
export function readVariables(text: string): { env: Readonly<Record<string, string>>; note: string } {
  const form = detectEnvironmentFormat(text);
  if (form === 'compose') return { env: {}, note: 'A compose file is not read here: paste lines such as NAME=value.' };
  const { variables, others, dropped } = toKapacitorEnvironment(readEnvironmentLines(text, form));
  const ignored = [
    ...[...others.keys()].map((name) => `${showName(name)} is not a variable of the daemon`),
    ...dropped.map(({ name, line }) => `line ${line} does not set ${showName(name)}`),
  ];
  const count = text.trim() === '' ? '' : `${variables.size} read. `;
  return {
    env: Object.fromEntries(variables),
    note: `${count}${ignored.map((one) => `${excerpt(one, 120)}.`).join(' ')}`,
  };
}

/** What to say of a body that is not what `GET /user` returns; the engine reads it all the same. */
export function recordNote(body: string): string {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return body.trim() === '' ? '' : 'Not JSON: Kapacitor cannot read it.';
  }
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const hasUsers = isObject && Object.keys(value as object).some((key) => key.toLowerCase() === 'users');
  if (!hasUsers) return 'GET /user returns {"users": [...]}: Kapacitor finds no user in this.';
  return body.includes('***') ? 'The hash is masked: paste it as the meta node returns it.' : '';
}

/** Above this cost a page would compute for minutes. */
const maxCost = 15;

function checkCost(body: string): void {
  const costs = Array.from(body.matchAll(/\$2[^$"]?\$(\d\d)\$/g), ([, digits]) => Number(digits));
  const cost = Math.max(...costs, 0);
  if (cost <= maxCost) return;
  throw new FieldError(`The hash has cost ${cost}, which takes minutes here: use kapadmin auth test.`);
}

/** Nanoseconds of a duration such as 5m. */
export function readTime(text: string, what: string): number {
  const { nanoseconds } = parseGoDuration(text.trim());
  if (nanoseconds !== undefined && nanoseconds >= 0n) return Number(nanoseconds);
  throw new FieldError(`${what}: "${excerpt(text, 40)}" is not a duration such as 5m`);
}

/** The question that the fields ask. Throws a FieldError where one cannot be used. */
export function readQuestion(value: FieldValues, start: Date): LoginQuestion {
  if (`${value('config')}${value('env')}`.trim() === '') {
    throw new FieldError('Paste a kapacitor.conf: without one, Kapacitor requires no login.');
  }
  const record = value('record');
  const answer = answers[value('answer')]?.answer ?? { status: 200, body: record };
  const after = value('record-after');
  for (const body of [record, after]) checkCost(body);
  const authorization = value('authorization');
  const account =
    value('user') + value('password') === '' ? {} : { username: value('user'), password: value('password') };
  const headers = authorization === '' ? account : { headers: { authorization } };
  const earlier = {
    password: value('earlier-password') === '' ? value('password') : value('earlier-password'),
    changedAt: value('earlier') === '' ? 0 : readTime(value('changed-at'), 'Change at'),
    answer: after.trim() === '' ? answer : { status: 200, body: after },
  };
  return {
    config: value('config'),
    env: readVariables(value('env')).env,
    version: value('version'),
    start,
    request: { method: value('method'), path: value('path'), ...headers },
    answer,
    ldap: value('ldap') === 'yes',
    earlier: value('earlier') === '' ? undefined : earlier,
  };
}
