import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { type ConfigField, configFields, variableName } from '../../../src/kapacitor-config/fields.js';
import type { ConfigInput } from '../../../src/diagnostics/config/facts.js';
import { casesOf, corpus, environmentIn, inputOf, now } from './corpus.js';
import { faulty } from '../../fuzz/config/expected.js';

const conf = '/etc/kapacitor/kapacitor.conf';
const freshSecret = 'hUsh-fresh-0123456789abcdef0123456789';
const noVariables: ConfigInput['environment'] = {
  variables: new Map(),
  others: new Map(),
  from: '/etc/default/kapacitor',
  dropped: [],
};
const field = path.resolve(corpus, '../field');

function configuration(text: string | Uint8Array, env: string): ConfigInput {
  const environment = env === '' ? noVariables : environmentOf(env);
  return { file: { path: conf, content: text, mode: 0o600 }, environment, now, freshSecret };
}

/** As a file of variables gives them; no directory is put in. */
export function environmentOf(text: string): ConfigInput['environment'] {
  const read = environmentIn(text);
  const variables = new Map([...read.variables].filter(([name]) => name !== 'KAPACITOR_DATA_DIR'));
  return { ...read, variables };
}

/** The files of the corpus and of the field, with their variables. */
export function knownConfigurations(): readonly (readonly [name: string, input: ConfigInput])[] {
  const ofCorpus = (['good', 'faulty'] as const).flatMap((kind) =>
    casesOf(kind).map((name) => [`${kind}/${name}`, inputOf(kind, name, faulty[name])] as const),
  );
  const ofField = readdirSync(field).flatMap((name) =>
    readdirSync(path.join(field, name))
      .filter((file) => /\.conf(?:\.j2)?$/.test(file) && !/^(?:env|dropin)\.conf$/.test(file))
      .map((file) => [`field/${name}/${file}`, configuration(readFileSync(path.join(field, name, file)), '')] as const),
  );
  return [...ofCorpus, ...ofField];
}

interface Pool {
  readonly http: readonly string[];
  readonly auth: readonly string[];
  readonly other: readonly string[];
}

/** The lines of all known files, by the section in which they stand; each once. */
function poolOf(inputs: readonly ConfigInput[]): Pool {
  const pool = { http: new Set<string>(), auth: new Set<string>(), other: new Set<string>() };
  for (const { file } of inputs) {
    let section: keyof Pool = 'other';
    for (const line of Buffer.from(file?.content ?? '')
      .toString('utf8')
      .split(/\r?\n/)) {
      const [, name] = /^\s*\[+\s*"?([\w.]+)/.exec(line) ?? [];
      if (name !== undefined) section = /^http/i.test(name) ? 'http' : /^auth/i.test(name) ? 'auth' : 'other';
      else if (/[=:]/.test(line)) pool[section].add(line);
    }
  }
  return { http: [...pool.http], auth: [...pool.auth], other: [...pool.other] };
}

const switches = ['true', 'false', '"true"', '1'];
const texts = [
  '"localhost:8091"',
  '"meta1.example.net:8091"',
  '"https://meta1:8091/"',
  '"/etc/kapacitor/ca.pem"',
  '""',
];
const values: Readonly<Record<ConfigField['type'], readonly string[]>> = {
  boolean: switches,
  string: [...texts, '"hUsh-0123456789abcdef0123456789abcdef"', '"$META"', '"kapacitor"', 'true', '8091'],
  integer: ['10', '0', '3', '16', '32', '"10"', '10.0', '-1'],
  duration: ['"10m"', '"0s"', '"2h"', '"1m"', '"1d"', '"soon"', '10', '""'],
};

function entriesOf(section: 'http' | 'auth'): fc.Arbitrary<string> {
  const all = Object.values<ConfigField>(configFields[section]);
  const plain = fc
    .constantFrom(...all)
    .chain(({ key, type }) => fc.constantFrom(...values[type].map((v) => `${key} = ${v}`)));
  const usual =
    section === 'http'
      ? ['auth-enabled = true']
      : ['enabled = true', 'bcrypt-cost = 10', 'meta-addr = "localhost:8091"'];
  return fc.oneof({ weight: 3, arbitrary: plain }, { weight: 3, arbitrary: fc.constantFrom(...usual) });
}

/** Lines of known files and lines of all fields, below one header; a key once, as a rule. */
function sectionOf(name: 'http' | 'auth', headers: readonly string[], pool: readonly string[]): fc.Arbitrary<string> {
  const line = fc.oneof(entriesOf(name), fc.constantFrom(...pool));
  const lines = fc.oneof(
    { weight: 9, arbitrary: fc.uniqueArray(line, { maxLength: 9, selector: (one) => one.trim().split(/[\s=:]/)[0] }) },
    { weight: 1, arbitrary: fc.array(line, { maxLength: 5 }) },
  );
  return fc.tuple(fc.constantFrom(...headers), lines).map(([header, all]) => [header, ...all].join('\n'));
}

const variables = (['http', 'auth'] as const).flatMap((section) =>
  Object.values<ConfigField>(configFields[section]).flatMap((one) =>
    values[one.type].map((value) => `${variableName(section, one)}=${value.replaceAll('"', '')}`),
  ),
);
const strangeVariables = [
  'KAPACITOR_AUTH_META_USE-tls=true',
  'KAPACITOR_AUTH_BCRYPT=4',
  'KAPACITOR_AUTH_ENABLE=true',
  'KAPACITOR_META_ADDR=localhost:8091',
  'KAPACITOR_AUTH_META_ADR=http://meta1:8091',
  'export KAPACITOR_AUTH_ENABLED=true',
  'export KAPACITOR_AUTH_META_USE-tls=true',
  'KAPACITOR_DATA_DIR=/var/lib/kapacitor',
  'KAPACITOR_HOSTNAME=k',
  'KAPACITOR_URL=http://k:9092',
];

/** Random mixtures of the lines of known files, of all keys and of variables. */
export function mixtures(): fc.Arbitrary<ConfigInput> {
  const pool = poolOf(knownConfigurations().map(([, input]) => input));
  const head = fc.constantFrom(
    'data_dir = "/var/lib/kapacitor"',
    'data_dir = "/var/lib/kapacitor"',
    'data_dir = "/var/lib/kapacitor"\nhostname = "k"',
    'hostname = ""',
    'data_dir = ""',
    'shared-secret = "hUsh-0123456789abcdef0123456789abcdef"',
    'http.auth-enabled = true',
    'auth = { enabled = true, bcrypt-cost = 10 }',
    '\ufeff',
    '# caf\u00e9',
    '',
  );
  const tail = fc.oneof(
    fc.constantFrom(
      '',
      '',
      '[[influxdb]]\n  enabled = true',
      '[influxdb]\n  enabled = true',
      '[smtp]\n  password = "hUsh-mail"',
    ),
    fc.constantFrom(...pool.other).map((line) => `[logging]\n${line}`),
  );
  const http = sectionOf('http', ['[http]', '[http]', '[http]', '[HTTP]', '[https]', '[logging]', ''], pool.http);
  const auth = sectionOf(
    'auth',
    ['[auth]', '[auth]', '[auth]', '[Auth]', '[authentication]', '[[auth]]', '[meta]', ''],
    pool.auth,
  );
  const env = fc.oneof(
    { weight: 3, arbitrary: fc.constant('') },
    {
      weight: 1,
      arbitrary: fc
        .array(fc.oneof(fc.constantFrom(...variables), fc.constantFrom(...strangeVariables)), { maxLength: 4 })
        .map((lines) => lines.join('\n')),
    },
  );
  const lineEnd = fc.constantFrom('\n', '\n', '\n', '\r\n');
  return fc.tuple(head, http, auth, tail, env, lineEnd).map(([top, one, two, rest, around, end]) => {
    const text = [top, one, two, rest].join('\n').replaceAll('\n', end);
    return configuration(text, around);
  });
}
