import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../folder.js';
import { runLine, type Ran } from '../run.js';

const field = path.resolve(import.meta.dirname, '../fuzz/field');
const good = `data_dir = "/var/lib/kapacitor"
[http]
  bind-address = "127.0.0.1:9092"
  auth-enabled = true
  shared-secret = "hUsh-0123456789abcdef0123456789abcdef"
[auth]
  enabled = true
  cache-expiration = "10m"
  bcrypt-cost = 10
  meta-addr = "localhost:8091"
  meta-username = "kapacitor"
  meta-password = "hUsh-hUsh"
`;

interface Found {
  readonly id: string;
  readonly fact: string;
  readonly place: { readonly line?: number; readonly variable?: string } | null;
  readonly fixes: readonly { readonly what: string; readonly setting?: string }[];
}

/** The fixes of each finding of one kind. */
function fixesOf(findings: readonly Found[], id: string): readonly (readonly string[])[] {
  const shown = ({ what, setting }: Found['fixes'][number]): string =>
    setting === undefined ? what : `${what}: ${setting}`;
  return findings.filter((one) => one.id === id).map(({ fixes }) => fixes.map(shown));
}

async function check(env: string, ...more: readonly string[]): Promise<Ran & { findings: readonly Found[] }> {
  const cwd = makeFolder({ 'k.conf': good, env });
  const ran = await runLine(['config', 'check', 'k.conf', '--env-file', 'env', '-o', 'json', ...more], { cwd });
  return { ...ran, findings: ran.stdout === '' ? [] : (JSON.parse(ran.stdout) as { findings: Found[] }).findings };
}

function caseOf(name: string, file: string): string {
  return readFileSync(path.join(field, name, file), 'utf8');
}

async function show(env: string, ...more: readonly string[]): Promise<Ran> {
  const cwd = makeFolder({ 'k.conf': good, env });
  return runLine(['config', 'show', 'k.conf', '--env-file', 'env', ...more], { cwd });
}

describe('variables that are printed with export', () => {
  it('field env-export: each line is an error, since systemd ignores it', async () => {
    const { findings, code } = await check(caseOf('env-export', 'env.conf'));
    expect(code).toBe(1);
    expect(findings.map(({ id, place }) => [id, place?.line])).toEqual(
      [1, 2, 3, 4, 5].map((n) => ['variable-dropped', n]),
    );
    expect(findings[0]).toMatchObject({
      place: { variable: 'KAPACITOR_HTTP_AUTH_ENABLED' },
      fact: 'Line 1 begins with "export": systemd ignores the line.',
      fixes: [{ command: expect.stringContaining('kapadmin config fix --write') }],
    });
  });

  it('field env-export: config fix drops the word in the file of variables', async () => {
    const cwd = makeFolder({ 'k.conf': good, env: `# kept\n${caseOf('env-export', 'env.conf')}A=b\n` });
    const words = ['config', 'fix', 'k.conf', '--env-file', 'env', '--write', '--yes'];
    const { code, stdout } = await runLine(words, { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain('-export KAPACITOR_AUTH_BCRYPT_COST=4\n');
    expect(stdout).toContain(`Changed ${cwd}/env.`);
    expect(readFileSync(`${cwd}/env`, 'utf8')).toBe(
      `# kept\n${caseOf('env-export', 'env.conf').replaceAll('export ', '')}A=b\n`,
    );
    expect((await runLine(['config', 'check', 'k.conf', '--env-file', 'env'], { cwd })).stdout).not.toContain(
      'dropped',
    );
  });

  it('never prints a secret of the file of variables', async () => {
    const env = 'export KAPACITOR_AUTH_META_PASSWORD="hUsh\nhUsh-2"\nexport KAPACITOR_HTTP_SHARED_SECRET=hUsh\n';
    const cwd = makeFolder({ 'k.conf': good, env });
    for (const command of ['check', 'show', 'fix', 'fix --write --yes --debug']) {
      const words = ['config', ...command.split(' '), 'k.conf', '--env-file', 'env'];
      const { stdout, stderr } = await runLine(words, { cwd });
      expect(stdout + stderr, command).not.toContain('hUsh');
    }
  });

  it('is not dropped where the daemon would then no longer start', async () => {
    const env = 'export KAPACITOR_HTTP_AUTH_ENABLED=yes\n';
    const cwd = makeFolder({ 'k.conf': good, env });
    await runLine(['config', 'fix', 'k.conf', '--env-file', 'env', '--write', '--yes'], { cwd });
    expect(readFileSync(`${cwd}/env`, 'utf8')).toBe(env);
  });
});

describe('variables whose name no variable can have', () => {
  const name = 'KAPACITOR_AUTH_META_USE-tls';
  const services = 'services:\n  kapacitor:\n    environment:\n';
  const list = `${services}      - PASSWORD=hUsh-other\n`;

  it.each([
    ['an environment file', `# c\n${name}=true\n`, 2],
    ['an environment file, exported', `# c\nexport ${name}=true\n`, 2],
    ["docker's own form", `A\n${name}=true\n`, 2],
    ["docker's own form, exported", `A\nexport ${name}=true\n`, 2],
    ['a map of a compose file', `${services}      PASSWORD: hUsh-other\n      ${name}: "true"\n`, 5],
    ['a list of a compose file', `${list}      - ${name}=true\n`, 5],
    ['a list of a compose file, exported', `${list}      - export ${name}=true\n`, 5],
    ['a quoted list of a compose file', `${list}      - "${name}=true"\n`, 5],
    ['a unit', `[Service]\nEnvironment=PASSWORD=hUsh-other ${name}=true\n`, 2],
    ['a unit, exported', `[Service]\nEnvironment="export ${name}=true" A=b\n`, 2],
  ])('are told with the one that is meant, and config fix writes that: %s', async (_, env, line) => {
    const { findings } = await check(env);
    expect(findings).toMatchObject([{ id: 'misspelt-variable', place: { variable: name, line } }]);
    expect(findings[0]?.fact).toMatch(
      /^KAPACITOR_AUTH_META_USE-tls is not a variable.* Did you mean KAPACITOR_AUTH_META_USE_TLS\?/,
    );
    const cwd = makeFolder({ 'k.conf': good, env });
    const words = ['config', 'fix', 'k.conf', '--env-file', 'env', '--write', '--yes'];
    const { code, stdout, stderr } = await runLine(words, { cwd });
    expect([code, stdout + stderr]).toEqual([0, expect.not.stringContaining('hUsh')]);
    const wanted = env.replace(/(?:export )?KAPACITOR_AUTH_META_USE-tls/, 'KAPACITOR_AUTH_META_USE_TLS');
    expect(readFileSync(`${cwd}/env`, 'utf8')).toBe(wanted);
    expect(stdout).toMatch(/^-.*KAPACITOR_AUTH_META_USE-tls/m);
    expect((await check(wanted)).findings).toEqual([]);
  });

  it.each([
    ['the one that is meant is set', 'KAPACITOR_AUTH_META_USE_TLS=false\nKAPACITOR_AUTH_META_USE-tls=true\n'],
    ['two mean the same', 'KAPACITOR_AUTH_META_USE-tls=true\nKAPACITOR_AUTH_META-use-tls=false\n'],
    ['the daemon would no longer start', 'KAPACITOR_AUTH_META_USE-tls=yes\n'],
    [
      'a name begins below the line of its item',
      `${services}      - >-\n        KAPACITOR_AUTH_META_USE-tls=true\n      - KAPACITOR_AUTH_BCRYPT-cost=10\n`,
    ],
    ['nobody knows what is meant', 'KAPACITOR_AUTH_META-nonsense-here=1\n'],
  ])('stay where %s', async (_, env) => {
    const cwd = makeFolder({ 'k.conf': good, env });
    await runLine(['config', 'fix', 'k.conf', '--env-file', 'env', '--write', '--yes'], { cwd });
    expect(readFileSync(`${cwd}/env`, 'utf8')).toBe(env);
  });

  it('show no secret in what config fix prints', async () => {
    for (const env of [
      'export KAPACITOR_AUTH_META-PASSWORD=hUsh-1\n',
      `${list}      - KAPACITOR_AUTH_META-PASSWORD=hUsh-1\n`,
      '[Service]\nEnvironment="KAPACITOR_AUTH_META-PASSWORD=hUsh-1" A=hUsh-2\n',
      'KAPACITOR_AUTH_META_PASS-word=hUsh-1\n',
    ]) {
      const cwd = makeFolder({ 'k.conf': good.replace(/^.*meta-password.*\n/m, ''), env });
      const words = ['config', 'fix', 'k.conf', '--env-file', 'env', '--write', '--yes'];
      const { stdout, stderr } = await runLine(words, { cwd });
      expect(stdout + stderr, env).not.toContain('hUsh');
    }
  });
});

describe('misspelt variables', () => {
  it('get the right name, as a line that holds or as advice where another value is overridden by it', async () => {
    const { findings } = await check('KAPACITOR_AUTH_META_ADR=localhost:8091\nKAPACITOR_AUTH_BCRYPT=12\n');
    const [address, cost] = fixesOf(findings, 'misspelt-variable');
    expect(address?.[0]).toMatch(/^Rename KAPACITOR_AUTH_META_ADR in .*env to: KAPACITOR_AUTH_META_ADDR$/);
    expect(cost?.[0]).toMatch(/^Rename it to KAPACITOR_AUTH_BCRYPT_COST in .*env$/);
  });

  it('are renamed by config fix, in each form', async () => {
    for (const env of [
      'KAPACITOR_AUTH_BCRYPT=12\nKAPACITOR_URL=http://k:9092\n',
      'environment:\n  - KAPACITOR_AUTH_BCRYPT=12\n',
      'environment:\n  KAPACITOR_AUTH_BCRYPT: 12\n',
      '[Service]\nEnvironment="KAPACITOR_AUTH_BCRYPT=12"\n',
    ]) {
      const cwd = makeFolder({ 'k.conf': good, env });
      await runLine(['config', 'fix', 'k.conf', '--env-file', 'env', '--write', '--yes'], { cwd });
      expect(readFileSync(`${cwd}/env`, 'utf8')).toBe(env.replace('BCRYPT', 'BCRYPT_COST'));
    }
  });

  it('are to go where the right one is set, and stay where the daemon would stop', async () => {
    const twice = await check('KAPACITOR_AUTH_BCRYPT=12\nKAPACITOR_AUTH_BCRYPT_COST=10\n');
    expect(fixesOf(twice.findings, 'misspelt-variable')[0]?.[0]).toMatch(
      /^Remove KAPACITOR_AUTH_BCRYPT from .*env: KAPACITOR_AUTH_BCRYPT_COST is set$/,
    );
    for (const env of ['KAPACITOR_AUTH_BCRYPT=2\n', 'KAPACITOR_AUTH_META_USE-tls=yes\n']) {
      const { findings, stdout } = await check(env);
      expect(fixesOf(findings, 'misspelt-variable'), env).toEqual([[]]);
      expect(stdout).toContain('Did you mean KAPACITOR_AUTH_');
      const cwd = makeFolder({ 'k.conf': good, env });
      await runLine(['config', 'fix', 'k.conf', '--env-file', 'env', '--write', '--yes'], { cwd });
      expect(readFileSync(`${cwd}/env`, 'utf8')).toBe(env);
    }
  });

  it('of the daemon alone name the nearest one', async () => {
    const { findings } = await check('KAPACITOR_AUTH_CACHE_EXPIRE_AFTER=1m\nKAPACITOR_AUTH_NONSENSE_HERE=1\n');
    expect(findings.filter(({ id }) => id === 'unknown-variable').map(({ fact }) => fact)).toEqual([
      'KAPACITOR_AUTH_CACHE_EXPIRE_AFTER is not a variable of the daemon. Did you mean KAPACITOR_AUTH_CACHE_EXPIRATION?',
      'KAPACITOR_AUTH_NONSENSE_HERE is not a variable of the daemon.',
    ]);
  });
});

describe('values that the daemon refuses in a variable', () => {
  it.each([
    ['systemd', 'KAPACITOR_AUTH_ENABLED=yes\n', 'line 1', 'KAPACITOR_AUTH_ENABLED=true'],
    ['compose', 'environment:\n  KAPACITOR_AUTH_ENABLED: yes\n', 'line 2', 'KAPACITOR_AUTH_ENABLED: "true"'],
    ['compose list', 'environment:\n  - KAPACITOR_AUTH_ENABLED=yes\n', 'line 2', '- KAPACITOR_AUTH_ENABLED=true'],
    [
      'unit',
      '[Service]\nEnvironment=KAPACITOR_AUTH_ENABLED=on\n',
      'line 2',
      'Environment="KAPACITOR_AUTH_ENABLED=true"',
    ],
    ['duration', 'KAPACITOR_AUTH_CACHE_EXPIRATION=10 min\n', 'line 1', 'KAPACITOR_AUTH_CACHE_EXPIRATION=10m'],
    ['number', 'KAPACITOR_AUTH_BCRYPT_COST=10.0\n', 'line 1', 'KAPACITOR_AUTH_BCRYPT_COST=10'],
  ])('get the value that is meant, in the form of their file: %s', async (_, env, line, setting) => {
    const [fixes] = fixesOf((await check(env)).findings, 'variable-value');
    expect(fixes).toHaveLength(1);
    expect(fixes?.[0]).toMatch(new RegExp(`^Change ${line} of .*env to: `));
    expect(fixes?.[0]?.split('env to: ')[1]).toBe(setting);
  });

  it('get none where nobody knows what is meant', async () => {
    expect(fixesOf((await check('KAPACITOR_AUTH_ENABLED=nope\n')).findings, 'variable-value')).toEqual([[]]);
  });
});

describe('--env-file of another kind', () => {
  it('field env-file-of-another-kind: a compose file with a map', async () => {
    const { findings, stdout } = await check(caseOf('env-file-of-another-kind', 'compose.yml'));
    expect(findings[0]).toMatchObject({
      id: 'variable-value',
      place: { variable: 'KAPACITOR_HTTP_AUTH_ENABLED', line: 4 },
    });
    const rest = await check(caseOf('env-file-of-another-kind', 'compose.yml').replace(/['"]yes['"]/, '"true"'));
    expect(rest.findings.map(({ id }) => id)).toContain('meta-addr-form');
    expect(JSON.parse(stdout)).toMatchObject({ subjects: [{}, { what: 'environment (compose file)' }] });
  });

  it.each([
    [
      'a list',
      'services:\n  kap:\n    image: kapacitor:1.8\n    environment:\n      - KAPACITOR_HTTP_AUTH_ENABLED="true"\n',
      '"true"',
    ],
    [
      'a merged map',
      'x-e: &e\n  KAPACITOR_HTTP_AUTH_ENABLED: "nope"\nservices:\n  kapacitor:\n    environment:\n      <<: *e\n',
      'nope',
    ],
    ['a snippet', 'environment:\n  - KAPACITOR_HTTP_AUTH_ENABLED=nope\n', 'nope'],
    ['a switch without quotes', 'environment:\n  KAPACITOR_HTTP_AUTH_ENABLED: yes\n', 'yes'],
  ])('field env-file-of-another-kind: compose, %s', async (_, text, value) => {
    const { findings } = await check(text);
    expect(findings[0]?.fact).toContain(`using type bool and value '${value}'`);
  });

  it('field env-file-of-another-kind: compose reads the service that is Kapacitor, or says that two may be', async () => {
    const service = (name: string, value: string): string => `  ${name}:\n    environment:\n      ${value}\n`;
    const chronograf = service('chronograf', 'KAPACITOR_URL: http://k:9092');
    const one = await check(`services:\n${chronograf}${service('kapacitor', 'KAPACITOR_HTTP_AUTH_ENABLED: "nope"')}`);
    expect(one.findings.map(({ id }) => id)).toEqual(['variable-value']);
    const two = await check(`services:\n${service('kapacitor1', 'A: b')}${service('kapacitor2', 'A: b')}`);
    expect(two.code).toBe(2);
    expect(two.stderr).toContain('several services could be Kapacitor: \\"kapacitor1\\", \\"kapacitor2\\"');
    expect((await check('services: [')).code).toBe(2);
  });

  it('field env-file-of-another-kind: a value from the shell of docker is not known, and nothing is said of it', async () => {
    const text = 'environment:\n  KAPACITOR_AUTH_META_PASSWORD: ${PW}\n  KAPACITOR_AUTH_META_USERNAME: a$$b\n';
    const { findings } = await check(text);
    expect(findings.filter(({ id }) => id !== 'overridden').map(({ id }) => id)).toEqual(['variable-from-shell']);
  });

  it('field env-file-of-another-kind: Environment= of a unit', async () => {
    const dropin = caseOf('env-file-of-another-kind', 'dropin.conf');
    const { stdout } = await show(
      `${dropin}Environment=KAPACITOR_AUTH_CACHE_EXPIRATION=7m 'KAPACITOR_AUTH_META_ADDR=a b:1'\n`,
    );
    expect(stdout).toMatch(/^environment \(systemd unit\): /m);
    expect(stdout).toMatch(/auth-enabled +true +KAPACITOR_HTTP_AUTH_ENABLED of /);
    expect(stdout).toMatch(/cache-expiration +7m0s/);
    expect(stdout).toMatch(/meta-addr +"a b:1"/);
    const reset = await show(`${dropin}Environment=\n`);
    expect(reset.stdout).not.toContain('KAPACITOR_');
  });

  it("field env-file-of-another-kind: docker's own form keeps quotes; without a flag that is said", async () => {
    const quoted = caseOf('env-file-of-another-kind', 'quoted.env');
    const systemd = await check(quoted);
    expect(systemd.findings).toEqual([]);
    expect(systemd.stderr).toContain('docker run --env-file keeps them (--env-format docker)');
    const docker = await check(quoted, '--env-format', 'docker');
    expect(docker.findings[0]?.fact).toContain(
      `failed to apply KAPACITOR_HTTP_AUTH_ENABLED to AuthEnabled using type bool and value '"true"'`,
    );
    const byContent = await check(`${quoted}KAPACITOR_AUTH_META_PASSWORD\n`);
    expect(byContent.findings.map(({ id }) => id)).toContain('variable-value');
  });

  it.each([
    'KAPACITOR_HTTP_AUTH_ENABLED: true',
    '- KAPACITOR_HTTP_AUTH_ENABLED=true',
    'ENV KAPACITOR_HTTP_AUTH_ENABLED=1',
  ])('field env-file-of-another-kind: %s is no assignment', async (line) => {
    const { findings } = await check(`# x\n\n\n${line}\n`);
    expect(findings.map(({ id, fact }) => [id, fact])).toEqual([
      ['line-ignored', 'Line 4 is not NAME=VALUE and is ignored.'],
    ]);
  });

  it('names variables of clients as such', async () => {
    const { findings, stderr } = await check(
      'KAPACITOR_URL=http://k:9092\nKAPACITOR_UNSAFE_SSL=true\nKAPACITOR_PASSWORD=hUsh\n',
    );
    expect(findings).toEqual([]);
    expect(stderr).toContain(
      'note: KAPACITOR_URL is read by the kapacitor program and Chronograf, not by the daemon.\n',
    );
    expect(stderr).toContain('note: KAPACITOR_UNSAFE_SSL is read by the kapacitor program, not by the daemon.\n');
    expect(stderr).toContain('note: KAPACITOR_PASSWORD is read by Chronograf, not by the daemon.\n');
  });
});
