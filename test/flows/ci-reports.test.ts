import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { smallScenario } from '../../.tools/small-scenario.mjs';
import { Secret } from '../../src/model/secret.js';
import { makeFolder } from '../folder.js';
import { codeScanningFaults } from '../output/formats/github-sarif.js';
import { readJunit } from '../output/formats/junit-reader.js';
import { sarifFaults } from '../output/views/schemas.js';
import { kapadmin, withSandbox } from './harness.js';

const conf = `hostname = "kapacitor"
data_dir = "/var/lib/kapacitor"
[http]
  auth-enabled = true
  shared-secret = "a-shared-secret-of-forty-characters-0001"
[auth]
  enabled = true
  cache-expiration = "2h"
  bcrypt-cost = 10
  meta-addr = "meta1:8091"
  meta-username = "kapacitor"
  meta-password = "not-a-weak-passphrase"
`;

/** Runs a command that writes its report to a file, as CI does; resolves to its exit code and the report. */
async function report(
  words: readonly string[],
  home: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number; text: string }> {
  const { code, stdout } = await kapadmin([...words, '--out', 'report'], { home, env });
  expect(stdout).toBe('');
  return { code, text: readFileSync(path.join(home, 'report'), 'utf8') };
}

describe('the reports that CI reads', () => {
  it('JUnit of scenarios: a class for each scenario, a unique name for each request', async () => {
    const home = makeFolder({ 'a.yaml': smallScenario('johndoe', 'Pa5sw0Rd'), 'b.yaml': smallScenario('o<&ben', 'x') });
    const { code, text } = await report(['auth', 'test', '--scenario', 'a.yaml', 'b.yaml', '-o', 'junit'], home);
    expect(code).toBe(0);
    const cases = readJunit(text);
    expect(new Set(cases.map(({ suite }) => suite)).size).toBe(2);
    expect(cases.map(({ name }) => name)).toContain('#1 0s GET /kapacitor/v1/tasks as johndoe');
    expect(cases.map(({ name }) => name)).toContain('#1 0s GET /kapacitor/v1/tasks as o<&ben');
  });

  it('config check: a warning is a failure with --fail-on warning alone, in JUnit as in the exit code', async () => {
    const home = makeFolder({ 'kapacitor.conf': conf });
    const check = ['config', 'check', 'kapacitor.conf', '--no-env', '-o'];
    const mild = await report([...check, 'junit'], home);
    expect([mild.code, readJunit(mild.text).filter(({ end }) => end === 'failed')]).toEqual([0, []]);
    const strict = await report([...check, 'junit', '--fail-on', 'warning'], home);
    const failed = readJunit(strict.text).filter(({ end }) => end === 'failed');
    expect([strict.code, failed.map(({ name }) => name.replace(/:.*/, ''))]).toEqual([
      1,
      ['https-off', 'meta-tls-off', 'cache-long'],
    ]);
    const sarif = await report([...check, 'sarif'], home);
    const log = JSON.parse(sarif.text) as unknown;
    expect([sarifFaults(log), codeScanningFaults(log)]).toEqual(['', []]);
    expect(sarif.text).not.toContain('passphrase');
  });

  it('doctor: SARIF shows what is wrong with users in a file of the repository', async () => {
    const home = makeFolder();
    const typo = {
      name: 'typo',
      password: new Secret('Pa5sw0Rd'),
      ldap: false,
      permissions: new Map([['', ['Nope']]]),
    };
    await withSandbox({ seed: { users: [typo], roles: [] } }, async ({ env }) => {
      const doctor = ['doctor', '--no-env', '-o', 'sarif'];
      const refused = await kapadmin(doctor, { home, env });
      expect([refused.code, refused.stdout]).toEqual([2, '']);
      expect(refused.stderr).toContain('--sarif-anchor FILE');
      const { code, text } = await report([...doctor, '--sarif-anchor', 'access/users.yaml'], home, env);
      const log = JSON.parse(text) as unknown;
      expect([code, sarifFaults(log), codeScanningFaults(log)]).toEqual([1, '', []]);
      expect(new Set(text.match(/"uri": ".*"/g))).toEqual(new Set(['"uri": "access/users.yaml"']));
    });
  });
});
