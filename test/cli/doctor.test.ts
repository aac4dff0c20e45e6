import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { define, type DoctorOptions } from '../../src/commands/doctor.js';
import { createMetaClient } from '../../src/meta/client.js';
import { Secret } from '../../src/model/secret.js';
import { rulesFoundBy } from '../../src/diagnostics/finding.js';
import { confFor, environment, frontWith, look, person } from '../doctor/doctor.js';
import { formsOf } from '../leak-tests/forms.js';
import { makeFolder } from '../folder.js';
import { readJunit } from '../output/formats/junit-reader.js';
import { codeScanningFaults } from '../output/formats/github-sarif.js';
import { findingsFaults, sarifFaults } from '../output/views/schemas.js';
import { runLine, type Ran } from '../run.js';
import { sandbox } from '../sandbox/running.js';
import { runAlone } from './cluster.js';
import { optionsOf } from './words.js';

const seed = { users: [person('scoped', { telegraf: ['KapacitorAPI'] }), person('typo', { '': ['Nope'] })], roles: [] };

async function doctor(urls: readonly string[], words: readonly string[], cwd = makeFolder()): Promise<Ran> {
  return runLine(['doctor', '--no-env', ...words], { env: environment(urls), cwd });
}

describe('the words of doctor', () => {
  it.each<[readonly string[], DoctorOptions]>([
    [[], { env: true }],
    [
      ['--kapacitor', 'http://k:9092', '--bundle', 'b.json'],
      { env: true, kapacitor: 'http://k:9092', bundle: 'b.json' },
    ],
    [['--probe', '--yes', '--fail-on', 'warning'], { env: true, probe: true, yes: true, failOn: 'warning' }],
    [['--kapacitor-conf', 'k.conf', '--no-env'], { env: false, kapacitorConf: 'k.conf' }],
  ])('%j', async (words, options) => {
    expect(await optionsOf(define, words)).toEqual(options);
  });

  it.each([
    [['--kapacitor', 'localhost:9092'], '--kapacitor: not an http or https URL with a host'],
    [['--kapacitor-conf', 'none.conf'], '--kapacitor-conf'],
    [['--fail-on', 'info'], 'Allowed choices are warning, error.'],
    [['-o', 'csv'], 'this command has no output "csv"'],
  ])('%j is refused before anything is sent', async (words, said) => {
    const ran = await runAlone(['doctor', '--show-request', ...words]);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(said);
    expect(ran.stderr).not.toContain('curl');
  });
});

describe('what doctor prints', () => {
  it('is what is well in one line each, then the findings, the worst first', async () => {
    const running = await sandbox({ nodes: 3, seed });
    const { code, stdout } = await doctor(running.urls, []);
    expect(code).toBe(1);
    const [subjects, lines, ...blocks] = stdout.trimEnd().split('\n\n');
    expect(subjects).toBe(`meta nodes: ${running.urls.join(' ')}`);
    expect(lines?.split('\n')[0]).toBe(`✔ 3 nodes, version 1.11.8, leader ${running.urls[0]?.slice(7)}`);
    expect(lines).toContain('\n? running Kapacitor: unknown (specify one with --kapacitor URL)');
    expect(blocks).toEqual([
      `error: A user has a permission that Kapacitor does not know  permission-unknown
  at user typo
  typo has Nope.
  Kapacitor rejects every login of these users: each attempt waits 10 s and fails with 401.
  To revoke it: kapadmin user revoke typo Nope --force`,
      expect.stringMatching(/^warning: A Kapacitor permission is .* {2}right-scoped\n {2}at user scoped\n/),
      'info: Users with KapacitorAPI can create a Kapacitor administrator  kapacitor-admin-makers\n' +
        '  at user scoped\n' +
        '  1 user with KapacitorAPI: scoped.\n' +
        '  KapacitorAPI gives more access than KapacitorConfigAPI.\n' +
        '  To list them: kapadmin user list --permission KapacitorAPI',
      '1 error, 1 warning, 1 info',
    ]);
  });

  it('fits its schemas as JSON and SARIF, and is read back as JUnit', async () => {
    const { urls } = await sandbox({ seed });
    const [json, sarif, junit] = await Promise.all(
      ['json', 'sarif', 'junit'].map(
        async (format) => (await doctor(urls, ['-o', format, '--sarif-anchor', 'cluster/users.yaml'])).stdout,
      ),
    );
    expect(findingsFaults(JSON.parse(json ?? ''))).toBe('');
    expect(sarifFaults(JSON.parse(sarif ?? ''))).toBe('');
    expect(codeScanningFaults(JSON.parse(sarif ?? ''))).toEqual([]);
    expect(sarif?.match(/"uri": ".*"/g)).toEqual(Array.from({ length: 3 }, () => '"uri": "cluster/users.yaml"'));
    const cases = readJunit(junit ?? '');
    expect(cases.map(({ name }) => name.replace(/:.*/, '')).toSorted()).toEqual(
      rulesFoundBy('doctor')
        .map(({ id }) => id)
        .toSorted(),
    );
    const ends = new Map(cases.map(({ name, end }) => [name.split(':')[0], end]));
    expect(ends.get('permission-unknown')).toBe('failed');
    expect(ends.get('anonymous-read')).toBe('passed');
    expect(ends.get('kapacitor-open')).toBe('skipped');
  });

  it('ends with 1 for a warning only where that is asked for, and JUnit has it as a failure then', async () => {
    const { urls } = await sandbox({ seed: { ...seed, users: seed.users.slice(0, 1) } });
    for (const [words, code] of [
      [[], 0],
      [['--fail-on', 'warning'], 1],
    ] as const) {
      const ran = await doctor(urls, [...words, '-o', 'junit']);
      expect(ran.code).toBe(code);
      const failed = readJunit(ran.stdout).filter(({ end }) => end === 'failed');
      expect(failed.length > 0).toBe(code === 1);
    }
  });

  it('-o sarif without a file for its findings is refused before anything is sent', async () => {
    const { code, stdout, stderr } = await doctor(['http://127.0.0.1:9'], ['-o', 'sarif']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('--sarif-anchor FILE');
  });

  it('-o sarif shows its findings in the kapacitor.conf of this machine', async () => {
    const { urls } = await sandbox({ seed });
    const conf = path.join(makeFolder({ 'kapacitor.conf': confFor(urls[0]!, []) }), 'kapacitor.conf');
    const { stdout } = await doctor(urls, ['-o', 'sarif', '--kapacitor-conf', conf]);
    expect(codeScanningFaults(JSON.parse(stdout))).toEqual([]);
    expect(new Set(stdout.match(/"uri": ".*"/g))).toEqual(new Set([`"uri": "file://${conf}"`]));
  });

  it('is its answer where no node is reached', async () => {
    const { code, ids } = await look(['http://127.0.0.1:9']);
    expect({ code, ids }).toEqual({ code: 1, ids: ['node-unreachable'] });
  });
});

describe('a bundle of doctor', () => {
  const secrets = {
    admin: 'correct horse battery',
    kapacitor: 's3cret/of "kapacitor"',
    shared: 'shared-secret-of-the-daemon-0123456789',
    johndoe: 'Pa5sw0Rd-of-johndoe',
  };

  it('is a file for its owner alone with all that was seen, and holds no secret', async () => {
    const users = [
      {
        name: 'kap',
        password: new Secret(secrets.kapacitor),
        ldap: false,
        permissions: new Map([['', ['CreateUserAndRole']]]),
      },
      { name: 'johndoe', password: new Secret(secrets.johndoe), ldap: false, permissions: new Map() },
    ];
    const account = ['meta-username = "kap"', `meta-password = ${JSON.stringify(secrets.kapacitor)}`];
    const text = confFor('http://127.0.0.1:8091', account).replace(
      /^shared-secret.*$/m,
      `shared-secret = "${secrets.shared}"`,
    );
    const admin = { username: 'admin', password: new Secret(secrets.admin) };
    const running = await sandbox(
      { nodes: 3, tls: {}, admin, seed: { users, roles: [] } },
      { kapacitor: frontWith(text) },
    );
    const cwd = makeFolder({ 'kapacitor.conf': text.replace('127.0.0.1:8091', running.url.slice(8)) });
    const file = path.join(cwd, 'support.json');
    const words = [
      '--kapacitor',
      running.kapacitorUrl ?? '',
      '--kapacitor-conf',
      `${cwd}/kapacitor.conf`,
      '--probe',
      '--yes',
    ];
    const ran = await runLine(['doctor', '--no-env', '--debug', '--show-request', '--bundle', file, ...words], {
      cwd,
      env: {
        ...environment(running.urls),
        KAPADMIN_META_PASSWORD: secrets.admin,
        KAPADMIN_META_CA: running.caPath ?? '',
      },
    });
    expect(ran.stderr).toContain('no passwords, hashes or secrets');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const bundle = readFileSync(file, 'utf8');
    expect(JSON.parse(bundle)).toMatchObject({
      kapadmin: '0.0.0-test',
      connection: { account: { kind: 'basic', username: 'admin' }, nodes: running.urls },
      kapacitor: { settings: expect.arrayContaining([expect.objectContaining({ key: 'meta-password', text: '***' })]) },
      facts: {
        nodes: [{ url: running.url }, {}, {}],
        users: expect.arrayContaining([expect.objectContaining({ name: 'johndoe' })]),
      },
    });
    const credentials = { kind: 'basic', ...admin } as const;
    const client = createMetaClient({
      nodes: running.urls,
      credentials,
      tls: { ca: readFileSync(running.caPath ?? '', 'utf8') },
    });
    const hashes = (await client.users()).map(({ hash }) => hash?.reveal() ?? '');
    await client.close();
    expect(hashes).toHaveLength(3);
    for (const secret of [...Object.values(secrets), ...hashes]) {
      for (const form of formsOf(secret))
        for (const out of [bundle, ran.stdout, ran.stderr]) expect(out).not.toContain(form);
    }
  });

  it('is written, too, where nothing could be reached', async () => {
    const file = path.join(makeFolder(), 'support.json');
    await doctor(['http://127.0.0.1:9'], ['--bundle', file]);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      findings: [{ id: 'node-unreachable' }],
      facts: { users: { failed: { code: 'connection-refused' } } },
    });
  });
});

describe('an account that Basic cannot carry', () => {
  it('is reported once, and no read is left behind', async () => {
    const stray: unknown[] = [];
    const note = (error: unknown): void => void stray.push(error);
    process.on('unhandledRejection', note);
    const env = { KAPADMIN_META_USERNAME: 'a:b', KAPADMIN_META_PASSWORD: 'changeit-0815' };
    const { code, stderr } = await runLine(['doctor', '--no-env', '--meta-url', 'http://127.0.0.1:9'], { env });
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', note);
    expect({ code, stderr, stray }).toEqual({ code: 2, stderr: expect.stringMatching(/contains a colon/), stray: [] });
  });
});
