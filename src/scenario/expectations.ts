import type { MetaAuth } from '../auth-engine/effects.js';
import type { Verdict, TracedMetaRequest } from '../auth-engine/trace.js';
import { readFields } from '../sandbox/seed-and-data-files.js';
import { usageError } from '../errors.js';
import { Secret } from '../model/secret.js';
import { isDeepStrictEqual } from 'node:util';

interface ExpectedMetaRequest {
  readonly method?: string;
  readonly path?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly auth?: MetaAuth;
}

/** The expected result of a step; an absent key is not compared. */
export interface Expectation {
  readonly verdict?: Verdict;
  readonly status?: number | null;
  readonly message?: string | null;
  readonly messageStarts?: string | null;
  readonly location?: string | null;
  readonly metaRequests?: readonly ExpectedMetaRequest[];
  readonly retriedUntilTimeout?: boolean;
}

/** A key of an expectation that does not match. */
export interface Mismatch {
  readonly key: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

const stepKeys = ['verdict', 'status', 'message', 'messageStarts', 'location', 'metaRequests', 'retriedUntilTimeout'];

export function readExpectation(value: unknown, where: string): Expectation {
  const fields = readFields(value, where, stepKeys);
  const requests = fields['metaRequests'];
  if (requests !== undefined && !Array.isArray(requests)) {
    throw usageError('bad-scenario', `${where}.metaRequests: expected a list`);
  }
  for (const [i, item] of (requests ?? []).entries()) {
    readFields(item, `${where}.metaRequests[${i}]`, ['method', 'path', 'query', 'auth']);
  }
  return fields;
}

export function readStartExpectation(value: unknown): { starts?: boolean; message?: string | null } {
  return readFields(value, 'expect', ['starts', 'message']);
}

/** The result of a step, with the keys of an expectation. */
export interface StepResult {
  readonly verdict: string;
  readonly status: number | null;
  readonly message: string | null;
  readonly location: string | null;
  readonly metaRequests: readonly PrintedMetaRequest[];
  readonly retriedUntilTimeout: boolean;
}

/** A meta request as printed: a password in its query is a Secret. */
type PrintedMetaRequest = Pick<TracedMetaRequest, 'method' | 'path' | 'query' | 'auth'>;

function revealed(query: TracedMetaRequest['query']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => [name, value instanceof Secret ? value.reveal() : value]),
  );
}

function fitsRequest(expected: ExpectedMetaRequest, actual: PrintedMetaRequest): boolean {
  const { query, ...plain } = expected;
  if (query !== undefined && !isDeepStrictEqual({ ...query }, revealed(actual.query))) return false;
  return Object.entries(plain).every(([key, value]) => actual[key as 'method' | 'path' | 'auth'] === value);
}

function fits(key: string, expected: unknown, outcome: StepResult): boolean {
  if (key === 'metaRequests') {
    const requests = expected as readonly ExpectedMetaRequest[];
    const actual = outcome.metaRequests;
    return requests.length === actual.length && requests.every((request, i) => fitsRequest(request, actual[i]!));
  }
  if (key === 'messageStarts') {
    return expected === null || (typeof expected === 'string' && (outcome.message ?? '').startsWith(expected));
  }
  return outcome[key as keyof StepResult] === expected;
}

/** An expected request as printed: passwords in queries redacted. */
function masked(key: string, value: unknown): unknown {
  if (key !== 'metaRequests') return value;
  return (value as readonly ExpectedMetaRequest[]).map((request) =>
    request.query?.['password'] === undefined
      ? request
      : { ...request, query: { ...request.query, password: new Secret(request.query['password']) } },
  );
}

/** The keys of an expectation that the result does not match. */
export function compareStep(expectation: Expectation, outcome: StepResult): Mismatch[] {
  return Object.entries(expectation)
    .filter(([key, expected]) => expected !== undefined && !fits(key, expected, outcome))
    .map(([key, expected]) => ({
      key,
      expected: masked(key, expected),
      actual: key === 'messageStarts' ? outcome.message : outcome[key as keyof StepResult],
    }));
}

/**
 * Only the part up to `line L` of a TOML syntax error is compared; where the wording of an older version is unknown,
 * only the part before the number.
 */
function comparableMessage(message: string | null | undefined, isInexact: boolean): string | null {
  if (message === null || message === undefined) return null;
  const part = isInexact ? /^parse config: (toml: line|Near line)(?= \d)/ : /^parse config: toml: line \d+(?=:)/;
  return part.exec(message)?.[0] ?? message;
}

/** Compares whether the daemon starts, and its message if not. */
export function compareStart(
  expectation: { readonly starts?: boolean; readonly message?: string | null },
  actual: { readonly starts: boolean; readonly message: string | null; readonly isInexact?: boolean },
): Mismatch[] {
  const found: Mismatch[] = [];
  const { starts, message } = expectation;
  const { isInexact = false } = actual;
  if (starts !== undefined && starts !== actual.starts) {
    found.push({ key: 'starts', expected: starts, actual: actual.starts });
  }
  if (message !== undefined && comparableMessage(message, isInexact) !== comparableMessage(actual.message, isInexact)) {
    found.push({ key: 'message', expected: message, actual: actual.message });
  }
  return found;
}
