import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import bcrypt from 'bcryptjs';
import { startDaemon, toDaemonSettings } from '../../src/auth-engine/daemon-state.js';
import { bcryptDigest } from '../../src/auth-engine/compute-bcrypt.js';
import { type MetaResult, runEngine } from '../../src/auth-engine/effects.js';
import { handleRequest } from '../../src/auth-engine/handle.js';
import { toText } from '../../src/go-compat/utf8.js';
import { readConfiguration } from '../../src/kapacitor-config/read-and-validate.js';
import { Secret } from '../../src/model/secret.js';
import { scenarioNode } from '../../src/scenario/scenario.js';
import { parseScenario } from '../../src/scenario/load.js';
import { requestNode } from '../../src/scenario/play.js';

const folder = path.join(import.meta.dirname, '../vectors');

interface VectorStep {
  readonly at?: string;
  readonly meta?: object;
  readonly request?: {
    readonly method?: string;
    readonly path?: string;
    readonly username?: string;
    readonly password?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
  };
}

interface Vector {
  readonly name: string;
  readonly kapacitor: { readonly config?: string; readonly env?: Readonly<Record<string, string>> };
  readonly meta?: object;
  readonly steps: readonly VectorStep[];
}

/** A part of a vector that the page can be asked: as a scenario for the program, and as fields of the page. */
export interface VectorQuestion {
  readonly scenario: { readonly name: string; readonly steps: readonly VectorStep[] };
  readonly fields: Readonly<Record<string, string>>;
}

/** Whether the fields of the page can hold a request. */
function isAskable({
  path: target,
  headers = {},
  body,
  username,
  password,
}: NonNullable<VectorStep['request']>): boolean {
  const names = Object.keys(headers).map((name) => name.toLowerCase());
  const isOneLine = [target, username, password].every((text) => text === undefined || !/[\u0000\n\r]/.test(text));
  if (username === '' && (password ?? '') === '') return false;
  return target !== undefined && body === undefined && isOneLine && names.every((name) => name === 'authorization');
}

interface Answers {
  readonly answer: string;
  readonly record: string;
  readonly ldap: string;
}

/** What the meta node of a scenario answers to its last request; undefined for what the page cannot say. */
async function answersTo(scenario: object): Promise<Answers | undefined> {
  const parsed = await parseScenario(scenario, 'vector', () => Promise.reject(new Error('no files')));
  const reading = readConfiguration(parsed.config, parsed.env, parsed.version);
  if (!reading.starts) return { answer: '200', record: '', ldap: 'yes' };
  const node = scenarioNode(parsed.meta, (password) => new Secret(bcrypt.hashSync(password.reveal(), 4)));
  for (const { meta } of parsed.steps) if (meta !== undefined) node.replace(meta);
  const wire = parsed.steps.at(-1)?.request?.wire;
  if (wire === undefined) return undefined;
  const results: MetaResult[] = [];
  let ldap = 'yes';
  const daemon = startDaemon(toDaemonSettings(reading.configuration), parsed.start, parsed.version);
  await runEngine(handleRequest(daemon, wire, 0), {
    bcrypt: bcryptDigest,
    meta: (effect) => {
      const result = requestNode(node, parsed.listen, effect, effect.scheme);
      if (effect.path === '/authorized') ldap = 'status' in result && result.status === 200 ? 'yes' : 'no';
      else results.push(result);
      return result;
    },
  });
  const [first] = results;
  if (first === undefined) return { answer: '200', record: '', ldap };
  if (results.length > 1 && JSON.stringify(first) !== JSON.stringify(results.at(-1))) return undefined;
  if ('error' in first) {
    return first.error === 'refused' || first.error === 'timeout'
      ? { answer: first.error, record: '', ldap }
      : undefined;
  }
  if (first.status === 200) return { answer: '200', record: toText(first.body), ldap };
  return [401, 403, 404, 503].includes(first.status) ? { answer: `${first.status}`, record: '', ldap } : undefined;
}

/** The environment as a file of systemd. */
function environmentText(env: Readonly<Record<string, string>> = {}): string {
  return Object.entries(env)
    .map(([name, value]) => `${name}="${value.replace(/[\\"$`]/g, '\\$&')}"`)
    .join('\n');
}

function fieldsOf({ kapacitor }: Vector, { request = {} }: VectorStep, answers: Answers): Record<string, string> {
  const [authorization = ''] = Object.values(request.headers ?? {});
  return {
    config: kapacitor.config ?? '',
    env: environmentText(kapacitor.env),
    method: request.method ?? 'GET',
    path: request.path ?? '',
    user: request.username ?? '',
    password: request.password ?? '',
    authorization,
    ...answers,
  };
}

/** Without its expectations. */
function bare({ at = '0s', meta, request }: VectorStep): VectorStep {
  return { at, ...(meta === undefined ? {} : { meta }), ...(request === undefined ? {} : { request }) };
}

/** The first request of a vector; for one about caches also each later request of the same, with what changed between. */
async function questionsOf(vector: Vector): Promise<readonly VectorQuestion[]> {
  const asked = vector.steps.findIndex(({ request }) => request !== undefined);
  const first = vector.steps[asked];
  if (first?.request === undefined || !isAskable(first.request)) return [];
  const before = vector.steps.slice(0, asked + 1).map(bare);
  const scenario = { ...vector, steps: before };
  const answers = await answersTo(scenario);
  if (answers === undefined) return [];
  const single = { scenario, fields: fieldsOf(vector, first, answers) };
  if (!vector.name.startsWith('cache-')) return [single];
  const later = await Promise.all(
    vector.steps.map(async (step, i): Promise<VectorQuestion | undefined> => {
      const { request } = step;
      const same = request?.username === first.request?.username && request?.path === first.request?.path;
      if (i <= asked || request === undefined || !same || !isAskable(request)) return undefined;
      const changes = vector.steps.slice(asked + 1, i + 1).filter(({ meta }) => meta !== undefined);
      if (changes.length > 1) return undefined;
      const change = changes.map((one) => ({ at: one.at ?? '0s', meta: one.meta ?? {} }));
      const steps = [...before, ...change, { at: step.at ?? '0s', request }];
      const after = await answersTo({ ...vector, steps });
      if (after?.answer !== '200' || answers.answer !== '200') return undefined;
      const fields = {
        ...fieldsOf(vector, step, answers),
        earlier: 'yes',
        'earlier-password': first.request?.password ?? '',
        'changed-at': change[0]?.at ?? '0s',
        'record-after': change.length === 0 ? '' : after.record,
        at: step.at ?? '0s',
      };
      return { scenario: { ...vector, name: `${vector.name} at ${step.at}`, steps }, fields };
    }),
  );
  return [single, ...later.filter((one) => one !== undefined)];
}

/** What the page can be asked of the vectors. */
export async function vectorQuestions(): Promise<readonly VectorQuestion[]> {
  const files = readdirSync(folder).sort();
  const vectors = files.map((file) => JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Vector);
  return (await Promise.all(vectors.map(questionsOf))).flat();
}
