import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outlineConfig, readConfiguration } from '../../../src/kapacitor-config/read-and-validate.js';
import { type ConfigField, configFields, variableName } from '../../../src/kapacitor-config/fields.js';
import { checkConfig, fixConfig } from '../../../src/diagnostics/config/fix-config.js';
import { type ConfigInput, effectiveConfig } from '../../../src/diagnostics/config/facts.js';
import { redactConfig } from '../../../src/diagnostics/config/redact.js';
import { now, tlsFiles, withText } from './corpus.js';

const runs = { numRuns: 150 };

const secret = fc.constantFrom(
  '"hUsh-0123456789abcdef0123456789abcdef"',
  "'hUsh'",
  'hUshBare',
  '"hUsh\\q"',
  '"""hUsh\nhUsh"""',
  '"hUsh',
  '""',
  '',
);
const plain = fc.constantFrom(
  'true',
  'false',
  '"true"',
  'yes',
  'True',
  '10',
  '3',
  '"10"',
  '"10m"',
  '10m',
  '"1d"',
  '0',
  '"soon"',
  '[1,\n 2]',
  '{ a = 1 }',
  '"localhost:8091"',
  '" http://meta1:8091:8091/x "',
  'localhost:8091',
  '"::1:8091"',
  '“meta1”',
  '"kapacitor"',
  '"/etc/kapacitor/client.pem"',
  '',
);
const plainKeys = Object.values<ConfigField>({ ...configFields.http, ...configFields.auth })
  .filter(({ isSecret }) => isSecret !== true)
  .map(({ key }) => key);
const plainKey = fc.constantFrom(
  ...plainKeys,
  'enabeld',
  'Enabled',
  'bcrypt',
  'meta_addr',
  'auth-enabld',
  '"meta-addr"',
  'colour',
);
const secretKey = fc.constantFrom(
  'shared-secret',
  'meta-password',
  'meta-pasword',
  'META-PASSWORD',
  'password',
  'sharedsecret',
  'meta-internal-shared-secret',
  '# meta-password',
  'meta-passwrd',
);
const sign = fc.constantFrom(' = ', '=', ': ', ' ');

const entry = fc
  .oneof(
    { weight: 4, arbitrary: fc.tuple(plainKey, fc.constant(' = '), plain) },
    { weight: 1, arbitrary: fc.tuple(plainKey, sign, plain) },
    { weight: 2, arbitrary: fc.tuple(secretKey, fc.constant(' = '), secret) },
    { weight: 1, arbitrary: fc.tuple(secretKey, sign, secret) },
  )
  .map((parts) => parts.join(''));
const line = fc.oneof(
  { weight: 8, arbitrary: entry },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '# a comment',
      '',
      '   ',
      'auth.enabled = true',
      'http."shared-secret" = "hUsh"',
      '[x]',
      '[[influxdb]]',
      'junk',
    ),
  },
);
const comment = fc.constantFrom('', '', '', ' # why', '\r');
const section = (names: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom(...names),
      fc.array(
        fc.tuple(line, comment).map((parts) => parts.join('')),
        { maxLength: 7 },
      ),
    )
    .map(([name, lines]) => [name, ...lines].join('\n'));
const config = fc
  .tuple(
    fc.array(line, { maxLength: 2 }).map((lines) => lines.join('\n')),
    section(['[http]', '[HTTP]', '[http', '[htpp]', '[http]\n  auth-enabled = true', '']),
    section([
      '[auth]',
      '[[auth]]',
      '[authentication]',
      '[auth]\n  enabled = true',
      '[auth]\n  enabled = true\n  meta-addr = "localhost"',
      '',
    ]),
    fc.constantFrom('', '\n', '\r\n', '\n[smtp]\n  password = "hUsh-mail"\n'),
  )
  .map(([head, http, auth, tail]) => `${head}\n${http}\n${auth}${tail}`);

const names = (['http', 'auth'] as const).flatMap((section) =>
  Object.values<ConfigField>(configFields[section]).map((field) => variableName(section, field)),
);
const variables: fc.Arbitrary<Readonly<Record<string, string>>> = fc.dictionary(
  fc.constantFrom(...names, 'KAPACITOR_AUTH_BCRYPT', 'kapacitor_http_x', '__proto__'),
  fc.constantFrom('true', 'yes', '', '10', '3', '10m', '1d', 'localhost:8091'),
  { maxKeys: 4 },
);

function inputOf(text: string, env: Readonly<Record<string, string>>): ConfigInput {
  return {
    file: { path: '/etc/kapacitor/kapacitor.conf', content: text, mode: 0o600 },
    environment: {
      variables: new Map(Object.entries({ KAPACITOR_DATA_DIR: '/d', ...env })),
      from: '/etc/default/kapacitor',
      dropped: [],
      others: new Map(),
    },
    now,
    freshSecret: 'hUsh-fresh-0123456789abcdef0123456789',
  };
}

const secretVariables = fc.dictionary(
  fc.constantFrom('KAPACITOR_AUTH_META_PASSWORD', 'KAPACITOR_HTTP_SHARED_SECRET', 'KAPACITOR_AUTH_META_PASWORD'),
  fc.constantFrom('hUsh', 'hUsh-by-variable', ''),
  { maxKeys: 1 },
);
const cases = fc
  .tuple(config, variables, secretVariables)
  .map(([text, env, secrets]) => inputOf(text, { ...env, ...secrets }));

function idsOf(input: ConfigInput): readonly string[] {
  return checkConfig(input, tlsFiles).findings.map(({ id }) => id);
}

describe('laws of config check and fix', () => {
  it('fixing twice is fixing once', () => {
    fc.assert(
      fc.property(cases, (input) => {
        const once = fixConfig(input, tlsFiles).after;
        const twice = fixConfig(withText(input, once), tlsFiles);
        expect(twice.after).toBe(once);
        expect(twice.fixed).toEqual([]);
      }),
      runs,
    );
  });

  it('fixing breaks nothing: what the parser reads it still reads, and a daemon that starts still starts', () => {
    fc.assert(
      fc.property(cases, (input) => {
        const { before, after } = fixConfig(input, tlsFiles);
        if (outlineConfig(before).fault === undefined) expect(outlineConfig(after).fault).toBeUndefined();
        const { variables: env } = input.environment;
        if (readConfiguration(before, env).starts)
          expect(readConfiguration(after, env)).toMatchObject({ starts: true });
      }),
      runs,
    );
  });

  it('what is reported as left is what a check of the fixed file finds', () => {
    fc.assert(
      fc.property(cases, (input) => {
        const { after, remaining } = fixConfig(input, tlsFiles);
        expect(idsOf(withText(input, after)).toSorted()).toEqual(remaining.map(({ id }) => id).toSorted());
      }),
      runs,
    );
  });

  it('a refusal is found exactly when the daemon refuses, and its own message comes first', () => {
    fc.assert(
      fc.property(cases, (input) => {
        const reading = readConfiguration(input.file?.content ?? '', input.environment.variables);
        const told = checkConfig(input, tlsFiles).findings.filter(({ fact }) =>
          fact.startsWith('The daemon says: "parse'),
        );
        if (!reading.starts && reading.message.startsWith('parse')) expect(told.length).toBeGreaterThan(0);
        if (reading.starts) expect(told).toEqual([]);
      }),
      runs,
    );
  });

  it('nothing that is reported or shown holds a secret', () => {
    fc.assert(
      fc.property(cases, (input) => {
        const { before, after, fixed, remaining } = fixConfig(input, tlsFiles);
        const told = [checkConfig(input, tlsFiles), effectiveConfig(input, tlsFiles), fixed, remaining];
        expect(JSON.stringify(told)).not.toContain('hUsh');
        expect(redactConfig(before)).not.toContain('hUsh');
        expect(redactConfig(after)).not.toContain('hUsh');
      }),
      runs,
    );
  });

  it('what is shown of a file keeps its lines', () => {
    fc.assert(
      fc.property(config, (text) => {
        expect(redactConfig(text).split('\n')).toHaveLength(text.split('\n').length);
      }),
      runs,
    );
  });
});
