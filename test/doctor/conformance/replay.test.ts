import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ConformanceReport, Shape } from '../../../src/diagnostics/doctor/facts.js';
import { conformanceSchema } from '../../../src/output/schemas.js';
import { parseRoles, parseUsers } from '../../../src/meta/wire.js';
import type { OpenQuestionId } from '../../../src/model/open-questions.js';
import type { SandboxOptions } from '../../../src/sandbox/options.js';
import { schemaFaults } from '../../output/views/schemas.js';
import { factsOf, reportOf, switches } from './conformance.js';

const folder = path.resolve(import.meta.dirname, '../../conformance');

// KAPADMIN_TEST_CONFORMANCE=record writes the sandbox's own reports anew.
if (process.env['KAPADMIN_TEST_CONFORMANCE'] === 'record') {
  for (const [name, { options }] of Object.entries(switches)) {
    const text = `${JSON.stringify(await reportOf(options), null, 2)}\n`;
    writeFileSync(path.join(folder, `${name}.json`), text);
  }
}

const reports = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => ({
    name: path.basename(file, '.json'),
    text: readFileSync(path.join(folder, file), 'utf8'),
  }));

function readReport(text: string): ConformanceReport {
  return JSON.parse(text) as ConformanceReport;
}

/** A value of a shape. */
function valueOf(shape: Shape): unknown {
  if (Array.isArray(shape)) return (shape as readonly Shape[]).map(valueOf);
  if (typeof shape === 'object')
    return Object.fromEntries(Object.entries(shape).map(([key, item]) => [key, valueOf(item)]));
  return { string: 'x', number: 1, boolean: true, null: null }[shape] ?? '';
}

/** The sandbox that does what a report says, as far as it has a switch for it. */
function sandboxFor({ answers, ldap, nodes }: ConformanceReport): SandboxOptions {
  const fact = (id: OpenQuestionId, name: string) => answers[id]?.facts[name];
  return {
    nodes: Math.min(nodes, 3),
    ldap: ldap === true,
    mergeRolePermissions: fact('roles-in-user-records', 'included') === true,
    createTakesAll: fact('role-create-contents', 'permissions') === 'kept',
    longPasswords: fact('long-passwords', 'created') === true,
    pingAuth: fact('ping-authentication', 'withoutCredentials') === 401,
  };
}

/** What the switches of the sandbox decide; the rest of a real cluster it need not do. */
const switched: readonly OpenQuestionId[] = ['roles-in-user-records', 'role-create-contents', 'ping-authentication'];

describe('the reports in test/conformance', () => {
  it('are there for each switch of the sandbox', () => {
    expect(reports.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(switches)));
  });

  it.each(reports)('$name fits the schema, and shows no address, hash or temporary name', ({ text }) => {
    expect(schemaFaults(conformanceSchema(), readReport(text))).toBe('');
    expect(text.match(/\d+\.\d+\.\d+\.\d+|:\/\/|\$2[aby]\$|probe-[0-9a-f]+|"[\w.-]+:\d{2,5}"/g)).toBeNull();
  });

  it.each(reports)('$name: kapadmin reads user records and roles of these shapes', ({ text }) => {
    const bodiesOf = (wanted: string): readonly Shape[] =>
      Object.values(readReport(text).answers).flatMap(({ responses }) =>
        responses.flatMap(({ request, status, body }) => (request === wanted && status === 200 ? (body ?? []) : [])),
      );
    const users = bodiesOf('GET /user?name=').map((body) => parseUsers(valueOf(body)).length);
    const roles = bodiesOf('GET /role?name=').map((body) => parseRoles(valueOf(body)).length);
    expect(new Set(users)).toEqual(new Set([1]));
    expect(roles.filter((count) => count > 1)).toEqual([]);
  });

  it.each(reports)('$name: a sandbox with its facts gives them', async ({ text }) => {
    const report = readReport(text);
    const again = factsOf(await reportOf(sandboxFor(report)));
    const facts = factsOf(report);
    const known = switched.filter((id) => report.answers[id]?.unknown === undefined);
    for (const id of known) expect([id, again[id]]).toEqual([id, facts[id]]);
    expect(again['long-passwords']).toMatchObject(
      report.answers['long-passwords'] === undefined
        ? {}
        : { created: report.answers['long-passwords'].facts['created'] },
    );
  });

  it.each(Object.keys(switches))('%s has the facts that were set', (name) => {
    const { text } = reports.find((one) => one.name === name)!;
    expect(factsOf(readReport(text))).toMatchObject(switches[name]!.facts);
  });
});
