import { describe, expect, it } from 'vitest';
import { type Topic, topics } from '../../src/diagnostics/topics.js';
import { runLine } from '../run.js';

const labels: Readonly<Record<Topic['kind'], readonly string[]>> = {
  finding: ['severity', 'cause', 'evidence', 'consequence', 'fix'],
  rule: ['rule', 'grade', 'source'],
  'open-question': ['assumed', 'affects', 'to find out'],
};

describe('explain', () => {
  it.each([...topics.values()])('knows the $kind $id', async (topic) => {
    const { code, stdout } = await runLine(['explain', topic.id]);
    expect(code).toBe(0);
    for (const label of labels[topic.kind]) expect(stdout).toMatch(new RegExp(`^ {2}${label}: +\\S`, 'm'));
    const measured = /^ {2}measured by: +\S.* \(test\/vectors\)$/m;
    if (topic.kind !== 'rule' || topic.vectors.length === 0) expect(stdout).not.toMatch(measured);
    else expect(stdout).toMatch(measured);
  });

  it('says of a rule where it stands, what measured it, what differs between releases and what is open', async () => {
    const { stdout } = await runLine(['explain', '3.2.long']);
    expect(stdout).toMatch(/^ {2}source: +golang\.org\/x\/crypto 0\.45\.0, bcrypt\/bcrypt\.go: GenerateFromPassword$/m);
    expect(stdout).toMatch(/^ {2}versions: +since 1\.7\.1: A password over 72 bytes cannot be hashed/m);
    expect((await runLine(['explain', '5.0'])).stdout).toMatch(
      /^ {2}open: +Does the user record .*\? \(kapadmin explain roles-in-user-records\)$/m,
    );
    expect((await runLine(['explain', '4.once'])).stdout).toMatch(/^ {2}grade: +assumed: /m);
  });

  it('lists all without an identifier', async () => {
    const { stdout } = await runLine(['explain', '-o', 'name']);
    expect(stdout.trimEnd().split('\n')).toEqual([...topics.keys()]);
    const table = await runLine(['explain']);
    expect(table.stdout).toMatch(
      /^noauth +error +config check +Any user name with any password is an administrator \(noauth\)$/m,
    );
    expect(table.stdout).toMatch(/^3\.4 +measured +auth test +bcrypt compares the password with the hash$/m);
    expect(table.stdout).toMatch(/^write-visibility +open +meta API +How soon does a read show a write/m);
  });

  it('gives JSON: one topic, or all of them', async () => {
    const one = await runLine(['explain', 'noauth', '-o', 'json']);
    expect(JSON.parse(one.stdout)).toEqual(topics.get('noauth'));
    const all = await runLine(['explain', '-o', 'json']);
    expect(JSON.parse(all.stdout)).toEqual([...topics.values()]);
  });

  it.each([
    ['noaut', 'noauth'],
    ['3.4.formt', '3.4.format'],
    ['JWT', 'jwt'],
    ['role-in-user-record', 'roles-in-user-records'],
    ['__proto__', undefined],
    ['constructor', undefined],
    ['', undefined],
  ])('has no topic %j', async (id, near) => {
    const { code, stderr } = await runLine(['explain', id]);
    expect(code).toBe(5);
    expect(stderr).toContain(`finding, rule or open question "${id}" not found`);
    if (near !== undefined) expect(stderr).toContain(`Did you mean "${near}"?`);
  });

  it.each(['401', '403', '500'])('names the command that explains a response, %s', async (status) => {
    const { code, stderr } = await runLine(['explain', status]);
    expect(code).toBe(5);
    expect(stderr).toContain(`To find out why Kapacitor responds with ${status}: kapadmin auth test --url URL\n`);
  });
});
