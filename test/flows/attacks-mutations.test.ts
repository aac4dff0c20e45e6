import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { compareSync } from 'bcryptjs';
import { describe, expect, it } from 'vitest';
import { createMetaClient } from '../../src/meta/client.js';
import { Secret } from '../../src/model/secret.js';
import { makeFolder } from '../folder.js';
import { kapadmin, withSandbox, type SandboxUse } from './harness.js';
import { bin, cleanEnv } from './harness/program.js';

function clientOf({ urls, env }: SandboxUse) {
  const password = new Secret(env['KAPADMIN_META_PASSWORD'] ?? '');
  return createMetaClient({ nodes: urls, credentials: { kind: 'basic', username: 'admin', password } });
}

describe('attack M2: two runs at once with one --passwords-out', () => {
  it('leave a file whose last line of each name is the password in force', async () => {
    const names = Array.from({ length: 8 }, (_, i) => `u${i}`);
    const users = Object.fromEntries(names.map((name) => [name, { password: { generate: true } }]));
    await withSandbox(
      { faults: { plan: { reset: 0, unavailable: 0, truncate: 0, garbage: 0, delay: 20 }, seed: 1 } },
      async (sandbox) => {
        const home = makeFolder({ 'state.json': JSON.stringify({ users }) });
        const words = ['apply', 'state.json', '--passwords-out', 'made'];
        const ran = await Promise.all([1, 2].map(() => kapadmin(words, { home, env: sandbox.env })));
        for (const { code, stderr } of ran) {
          expect([0, 2], stderr).toContain(code);
          if (code === 2) expect(stderr).toContain('another kapadmin');
        }
        expect(ran.some(({ code }) => code === 0)).toBe(true);
        const last = new Map(
          readFileSync(path.join(home, 'made'), 'utf8')
            .trimEnd()
            .split('\n')
            .map((line) => JSON.parse(line) as { name: string; password: string })
            .map(({ name, password }) => [name, password]),
        );
        const client = clientOf(sandbox);
        const made = (await client.users()).filter(({ name }) => name !== 'admin');
        await client.close();
        expect(made.map(({ name }) => name).sort()).toEqual(names);
        for (const { name, hash } of made) expect(compareSync(last.get(name) ?? '', hash?.reveal() ?? '')).toBe(true);
      },
    );
  });
});

describe('attack L6: a generated password that nobody reads', () => {
  it.each([
    ['user create', ['user', 'create', 'johndoe', '--generate']],
    ['user passwd', ['user', 'passwd', 'admin', '--generate']],
  ])('is exit 7, and said: %s', async (_, words) => {
    await withSandbox({}, async ({ env }) => {
      const home = makeFolder();
      const child = spawn(process.execPath, [bin, ...words], {
        env: cleanEnv(home, env),
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child.stdout.destroy();
      let stderr = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      const code = await new Promise((resolve) => child.on('close', resolve));
      expect(code, stderr).toBe(7);
      expect(stderr).toContain(`The generated password is lost. Set a new one: kapadmin user passwd ${words[2] ?? ''}`);
    });
  });
});

describe('attack L17: plan on a file of another kind', () => {
  it.each([
    ['of passwords of the system', 'root:*:20228:0:99999:7::\ndaemon:*:20228:0:99999:7::\n'],
    ['of secrets', 'db_password: hunter2-secret\naws-key: AKIA-hunter2\n'],
    ['of JSON', '{"hunter2-key": {"token": "hunter2"}}'],
  ])('does not print what is in it: a file %s', async (_, text) => {
    const home = makeFolder({ secret: text });
    symlinkSync(path.join(home, 'secret'), path.join(home, 's2.yaml'));
    for (const words of [
      ['plan', 's2.yaml'],
      ['plan', '--lint', 's2.yaml'],
      ['apply', 's2.yaml'],
    ]) {
      const ran = await kapadmin(words, { home, env: { KAPADMIN_META_URL: 'http://127.0.0.1:9' } });
      expect(ran.code).toBe(2);
      expect(`${ran.stdout}${ran.stderr}`).not.toMatch(/hunter2|root|20228|aws-key|AKIA/);
    }
  });
});

describe('attack L18: a saved plan', () => {
  const state = 'users: { johndoe: { permissions: { "": [ReadData] } } }';

  async function saved({ env }: SandboxUse, change: (plan: Record<string, unknown>) => object) {
    const home = makeFolder({ 'state.yaml': state });
    await kapadmin(['user', 'create', 'johndoe', '--generate', '-q'], { home, env, shows: ['anything'] });
    await kapadmin(['plan', 'state.yaml', '--out', 'plan.json'], { home, env });
    const plan = JSON.parse(readFileSync(path.join(home, 'plan.json'), 'utf8')) as Record<string, unknown>;
    return makeFolder({ 'plan.json': JSON.stringify(change(plan)) });
  }

  it('that does not say how it found what it changes is refused', () =>
    withSandbox({}, async (sandbox) => {
      const home = await saved(sandbox, (plan) => ({ ...plan, expected: [] }));
      const ran = await kapadmin(['apply', 'plan.json'], { home, env: sandbox.env });
      expect(ran.code).toBe(2);
      expect(ran.stderr).toContain('is not a complete plan: the expected state of user johndoe is missing');
    }));

  it('of another cluster is refused', () =>
    withSandbox({}, async (sandbox) => {
      const home = await saved(sandbox, (plan) => ({ ...plan, nodes: ['http://meta1:8091'] }));
      const ran = await kapadmin(['apply', 'plan.json'], { home, env: sandbox.env });
      expect(ran.code).toBe(2);
      expect(ran.stderr).toContain('was created for http://meta1:8091, but the connection is to ');
    }));

  it('cannot allow a lock-out, and asks before it sets the password of the account in use', () =>
    withSandbox({}, async (sandbox) => {
      const { env } = sandbox;
      const changes = [{ on: 'user', name: 'admin', action: 'delete' }];
      const home = await saved(sandbox, (plan) => ({ ...plan, changes, allowRemove: ['admin'], allowLockout: true }));
      const digest = { 'state.yaml': 'users: { admin: { password: { env: P } } }' };
      const ran = await kapadmin(['apply', 'plan.json', '--yes'], { home, env });
      expect(ran.code).toBe(2);
      const own = makeFolder(digest);
      const words = ['plan', 'state.yaml', '--set-passwords', '--out', 'plan.json'];
      await kapadmin(words, { home: own, env: { ...env, P: 'another' } });
      const set = await kapadmin(['apply', 'plan.json'], { home: own, env: { ...env, P: 'another' } });
      expect(set.code).toBe(2);
      expect(set.stderr).toContain('--yes');
    }));
});

describe('attack new-plan-names: a saved plan that was changed by hand', () => {
  const env = { KAPADMIN_META_URL: 'http://127.0.0.1:9' };
  const plan = (change: object, name = 'ann') => ({
    'plan.json': JSON.stringify({
      kapadminPlan: 1,
      nodes: ['http://127.0.0.1:9'],
      changes: [{ on: 'user', name, ...change }],
      protectedChanges: [],
      expected: [{ on: 'user', name, digest: 'x' }],
    }),
  });
  const grant = { action: 'add-permissions', permissions: [{ scope: '', permissions: ['KapacitorApi'] }] };

  it('does not grant a permission that Kapacitor does not know, without --force', async () => {
    const home = makeFolder(plan(grant));
    const refused = await kapadmin(['apply', 'plan.json', '--yes'], { home, env });
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('KapacitorAPI')]);
    const forced = await kapadmin(['apply', 'plan.json', '--yes', '--force', '--retries', '0'], { home, env });
    expect(forced.code).toBe(3);
  });

  it.each(['', 'a\u001b[2J', '\ud800'])('creates no user of the name %j', async (name) => {
    const home = makeFolder(plan({ action: 'create', password: { from: 'generate' } }, name));
    const ran = await kapadmin(['apply', 'plan.json', '--yes', '--passwords-out', 'made'], { home, env });
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringContaining('the name of a user must')]);
  });
});

describe('attack new-fifo: a pipe in a folder of state files', () => {
  it('is not waited for', async () => {
    const home = makeFolder({ 'd/a.yaml': 'users: {}' });
    execFileSync('mkfifo', [path.join(home, 'd/b.yaml')]);
    const ran = await kapadmin(['plan', 'd'], { home, env: { KAPADMIN_META_URL: 'http://127.0.0.1:9' } });
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringContaining('not a regular file')]);
  });
});

describe('attack new-closed-stdout: a generated password', () => {
  const isLinux = process.platform === 'linux';

  async function create(name: string, redirection: string, { env }: SandboxUse) {
    const script = `exec "$0" "$1" user create ${name} --generate ${redirection}`;
    const child = spawn('sh', ['-c', script, process.execPath, bin], { env: cleanEnv(makeFolder(), env) });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const code = await new Promise((resolve) => child.on('close', resolve));
    return { code, stderr };
  }

  it.runIf(isLinux)('is reported as lost where standard output was closed from the start', () =>
    withSandbox({}, async (sandbox) => {
      const { code, stderr } = await create('ann', '>&-', sandbox);
      expect(code, stderr).toBe(7);
      expect(stderr).toContain('cannot write to standard output: it is not open');
      expect(stderr).toContain('The generated password is lost.');
      expect(await create('bob', '>/dev/null', sandbox)).toMatchObject({ code: 0 });
    }),
  );
});

describe('attack new-same-file: one file for two things', () => {
  const env = { KAPADMIN_META_URL: 'http://127.0.0.1:9' };
  const state = 'users: { ann: { password: { generate: true } } }\n';

  it.each([
    ['apply state.yaml --passwords-out out --undo out', '--passwords-out and --undo'],
    ['apply state.yaml --passwords-out out --out ./out', '--passwords-out and --out'],
    ['apply state.yaml --passwords-out out --out link-to-out', '--passwords-out and --out'],
    ['apply state.yaml --passwords-out other --out state.yaml', '--out and the command'],
    ['plan state.yaml --out state.yaml', '--out and the command'],
    ['user rotate ann --yes --passwords-out out --out out', '--passwords-out and --out'],
    ['user list --meta-username a --meta-password-file out --out out', '--out and --meta-password-file'],
    ['config check state.yaml --out state.yaml', '--out and the command'],
    ['doctor --no-env --bundle out --out out', '--bundle and --out'],
  ])('is refused before anything is sent: %s', async (line, flags) => {
    const home = makeFolder({ 'state.yaml': state, out: 'kept' });
    symlinkSync('out', path.join(home, 'link-to-out'));
    const ran = await kapadmin(line.split(' '), { home, env });
    expect([ran.code, ran.stdout]).toEqual([2, '']);
    expect(ran.stderr).toContain(`error: ${flags} name the same file`);
    expect([readFileSync(path.join(home, 'state.yaml'), 'utf8'), readFileSync(path.join(home, 'out'), 'utf8')]).toEqual(
      [state, 'kept'],
    );
  });

  it('is no fault where it is no file, nor where `config fix` writes what it reads', async () => {
    const home = makeFolder({ 'k.conf': '[auth]\n  enabled = true\n' });
    const fix = await kapadmin(['config', 'fix', 'k.conf', '--no-env', '--out', 'k.conf'], { home });
    expect(fix.code).toBe(0);
    await withSandbox({}, async (sandbox) => {
      const words = ['doctor', '--no-env', '--bundle', '/dev/null', '--out', '/dev/null'];
      expect((await kapadmin(words, { home, env: sandbox.env })).stderr).not.toContain('same file');
    });
  });
});

describe('attack new-typed-secret: a password where no flag takes it', () => {
  it.each([
    ['user create ann -pS3CR3T', "unknown option '-p***'"],
    ['user list -p=S3CR3T', "unknown option '-p***'"],
    ['user list --pass=S3CR3T', "unknown option '--pass=***'"],
  ])('is not printed: %s', async (line, message) => {
    const ran = await kapadmin(line.split(' '), {});
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(message);
    expect(ran.stderr).not.toContain('S3CR3T');
  });
});

describe('attack new-empty-secret: a file without a secret', () => {
  it.each(['', '\n'])('is refused, before anything is sent: %j', async (text) => {
    const home = makeFolder({ secret: text });
    const ran = await kapadmin(['user', 'list', '--meta-secret-file', 'secret'], {
      home,
      env: { KAPADMIN_META_URL: 'http://127.0.0.1:9' },
    });
    expect([ran.code, ran.stderr.includes('the shared secret is empty')]).toEqual([2, true]);
  });

  it('does not count as a generated password of an earlier run', async () => {
    await withSandbox({}, async ({ env }) => {
      const home = makeFolder({
        'state.yaml': 'users: { ann: { password: { generate: true } } }',
        made: '{"name":"ann","password":""}\n',
      });
      chmodSync(path.join(home, 'made'), 0o600);
      const ran = await kapadmin(['apply', 'state.yaml', '--passwords-out', 'made'], { home, env });
      expect(ran.code, ran.stderr).toBe(0);
      const last = readFileSync(path.join(home, 'made'), 'utf8').trimEnd().split('\n').at(-1) ?? '';
      expect(JSON.parse(last)).toMatchObject({ name: 'ann', password: expect.stringMatching(/^.{24}$/) });
    });
  });
});
