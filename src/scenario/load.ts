import { KapadminError, usageError } from '../errors.js';
import { parseGoDuration } from '../go-compat/duration.js';
import { decodeFile } from '../kapacitor-config/toml/document.js';
import { toBinary } from '../go-compat/utf8.js';
import type { HttpRequest } from '../auth-engine/request.js';
import { type KapacitorVersion, knownReleases, parseKapacitorVersion } from '../model/kapacitor-versions.js';
import { splitUrl } from '../model/urls.js';
import { basicHeader } from '../go-compat/base64.js';
import { excerpt } from '../model/text.js';
import { readAccount, readFields, readRoles, readUsers } from '../sandbox/seed-and-data-files.js';
import { readExpectation, readStartExpectation } from './expectations.js';
import type { Scenario, ScenarioMeta, ScenarioStep, ScriptedResponse } from './scenario.js';
import path from 'node:path';
import type { Context } from '../context.js';
import { jsonParserMessage, parserMessage, parseYaml } from '../model/parser-limits.js';

type Fields = Readonly<Record<string, unknown>>;

function shapeError(where: string, expected: string): Error {
  return usageError('bad-scenario', `${where}: expected ${expected}`);
}

function optionalText(fields: Fields, key: string, where: string): string | undefined {
  const value = fields[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw shapeError(`${where}.${key}`, 'a string');
  return value;
}

function list(value: unknown, where: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw shapeError(where, 'a list');
  return value;
}

function texts(value: unknown, where: string): [string, string][] {
  if (value === undefined || value === null) return [];
  return Object.entries(readFields(value, where)).map(([name, text]) => {
    if (typeof text === 'string') return [name, text];
    if (typeof text === 'number' || typeof text === 'boolean') return [name, String(text)];
    throw shapeError(`${where}.${excerpt(name, 40)}`, 'a string');
  });
}

function wholeNumber(fields: Fields, key: string, where: string, min: number): number | undefined {
  const value = fields[key];
  if (value === undefined || value === null) return undefined;
  if (!Number.isInteger(value) || (value as number) < min) throw shapeError(`${where}.${key}`, 'an integer');
  return value as number;
}

function readResponse(value: unknown, where: string): ScriptedResponse {
  const fields = readFields(value, where, ['path', 'status', 'headers', 'body', 'times', 'error']);
  const error = optionalText(fields, 'error', where);
  if (error !== undefined && error !== 'refused' && error !== 'timeout' && error !== 'tls') {
    throw shapeError(`${where}.error`, 'refused, timeout or tls');
  }
  return {
    path: optionalText(fields, 'path', where),
    times: wholeNumber(fields, 'times', where, 0),
    error,
    status: wholeNumber(fields, 'status', where, 100),
    headers: texts(fields['headers'], `${where}.headers`),
    body: fields['body'] ?? undefined,
  };
}

const metaKeys = ['listen', 'credentials', 'users', 'roles', 'responses'];

/** The parts of a node that are given. */
function readMeta(value: unknown, where: string): { meta: Partial<ScenarioMeta>; listen: string | undefined } {
  const fields = readFields(value, where, metaKeys);
  const meta: { -readonly [K in keyof ScenarioMeta]?: ScenarioMeta[K] } = {};
  if ('credentials' in fields) meta.credentials = readAccount(fields['credentials'], `${where}.credentials`);
  if ('users' in fields) meta.users = readUsers(fields['users'], `${where}.users`);
  if ('roles' in fields) meta.roles = readRoles(fields['roles'], `${where}.roles`);
  if ('responses' in fields) {
    const items = list(fields['responses'], `${where}.responses`);
    meta.responses = items.map((item, i) => readResponse(item, `${where}.responses[${i}]`));
  }
  return { meta, listen: optionalText(fields, 'listen', where) };
}

function readRequest(value: unknown, where: string): NonNullable<ScenarioStep['request']> {
  const fields = readFields(value, where, ['method', 'path', 'url', 'username', 'password', 'headers', 'body']);
  const method = optionalText(fields, 'method', where) ?? 'GET';
  const url = optionalText(fields, 'url', where);
  const split = url === undefined ? undefined : splitUrl(url, `${where}.url`);
  const path = optionalText(fields, 'path', where) ?? split?.target;
  if (path === undefined) throw shapeError(where, 'a path or a url');
  const username = optionalText(fields, 'username', where);
  const password = optionalText(fields, 'password', where) ?? '';
  const account = username === undefined ? split?.account : ([username, password] as const);
  const headers = texts(fields['headers'], `${where}.headers`);
  const sent = account === undefined ? headers : [...headers, ['Authorization', basicHeader(...account)] as const];
  const body = optionalText(fields, 'body', where);
  const wire: HttpRequest = {
    method: toBinary(method),
    target: toBinary(path),
    headers: sent.map(([name, text]) => [toBinary(name), toBinary(text)] as const),
    ...(body === undefined ? {} : { body: toBinary(body) }),
  };
  return { wire, method, path };
}

function readStep(value: unknown, where: string, before: number): ScenarioStep {
  const fields = readFields(value, where, ['at', 'meta', 'request', 'expect']);
  const at = optionalText(fields, 'at', where) ?? '0s';
  const { nanoseconds, error } = parseGoDuration(at);
  if (nanoseconds === undefined) throw shapeError(`${where}.at`, `a duration such as 5m (${error})`);
  const now = Number(nanoseconds);
  if (now < before) throw usageError('bad-scenario', `${where}.at: earlier than the step before it`);
  const replaced = fields['meta'] === undefined ? undefined : readMeta(fields['meta'], `${where}.meta`);
  return {
    at,
    now,
    meta: replaced?.meta,
    listen: replaced?.listen,
    request: fields['request'] === undefined ? undefined : readRequest(fields['request'], `${where}.request`),
    expect: fields['expect'] === undefined ? undefined : readExpectation(fields['expect'], `${where}.expect`),
  };
}

function readStart(fields: Fields): number {
  const value = fields['start'];
  const text = value instanceof Date ? value.toISOString() : (value ?? '2026-01-01T00:00:00Z');
  const time = typeof text === 'string' ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw shapeError('start', 'a time such as 2026-01-01T00:00:00Z');
  return time;
}

/** An unquoted 1.8 is a number in YAML. */
function readVersion(fields: Fields): KapacitorVersion | undefined {
  const value = fields['version'];
  if (value === undefined || value === null) return undefined;
  const version =
    typeof value === 'string' || typeof value === 'number' ? parseKapacitorVersion(`${value}`) : undefined;
  if (version !== undefined) return version;
  throw shapeError('version', `a release of Kapacitor from ${knownReleases[0]} to ${knownReleases.at(-1)}`);
}

/**
 * Reads a scenario from the parsed JSON or YAML.
 * @param readConfig reads `configFile`
 * @throws a usage error that names the path
 */
export async function parseScenario(
  value: unknown,
  fallbackName: string,
  readConfig: (file: string) => Promise<string | Uint8Array>,
): Promise<Scenario> {
  const fields = readFields(value, 'the scenario', [
    'name',
    'version',
    'start',
    'kapacitor',
    'meta',
    'steps',
    'expect',
    '$schema',
  ]);
  const kapacitor = readFields(fields['kapacitor'] ?? {}, 'kapacitor', ['config', 'configFile', 'env']);
  const file = optionalText(kapacitor, 'configFile', 'kapacitor');
  const config = optionalText(kapacitor, 'config', 'kapacitor');
  const { meta, listen } = readMeta(fields['meta'] ?? {}, 'meta');
  const steps: ScenarioStep[] = [];
  for (const [i, item] of list(fields['steps'], 'steps').entries()) {
    steps.push(readStep(item, `steps[${i}]`, steps.at(-1)?.now ?? 0));
  }
  return {
    name: optionalText(fields, 'name', 'the scenario') ?? fallbackName,
    version: readVersion(fields),
    start: readStart(fields),
    config: config ?? (file === undefined ? '' : await readConfig(file)),
    env: new Map(texts(kapacitor['env'], 'kapacitor.env')),
    meta: { credentials: null, users: [], roles: [], responses: [], ...meta },
    listen,
    steps,
    expect: fields['expect'] === undefined ? undefined : readStartExpectation(fields['expect']),
  };
}

const maxScenarioBytes = 64 * 1024 * 1024;
/** Limit of the kapacitor.conf of a scenario. */
const maxConfBytes = 1024 * 1024;

/** Throws an error with line and column where the parser tells the place. */
async function parseText(text: string): Promise<unknown> {
  if (!text.trimStart().startsWith('{')) return parseYaml(text);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`not valid JSON: ${jsonParserMessage(error, text)}`, { cause: error });
  }
}

/** Reads a scenario file, JSON or YAML. Throws a usage error that names the file and the path in it. */
export async function loadScenario(file: string, { files, cwd }: Pick<Context, 'files' | 'cwd'>): Promise<Scenario> {
  const absolutePath = path.resolve(cwd, file);
  const { bytes } = await files.read(absolutePath, maxScenarioBytes);
  const near = path.dirname(absolutePath);
  const readConfig = async (name: string): Promise<Uint8Array> =>
    (await files.read(path.resolve(near, name), maxConfBytes)).bytes;
  try {
    return await parseScenario(
      await parseText(decodeFile(bytes)),
      path.basename(file).replace(/\.[^.]*$/, ''),
      readConfig,
    );
  } catch (error) {
    const reason = parserMessage(error);
    const hint = error instanceof KapadminError ? error.hint : undefined;
    throw usageError('bad-scenario', `${file}: ${reason}`, hint);
  }
}
