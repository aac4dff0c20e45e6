import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../folder.js';
import { whole, type Vector } from '../scenario/vector.js';
import { kapadmin, start } from './harness.js';

interface Ready {
  readonly meta: readonly string[];
  readonly kapacitor: string;
}

const variable = 'KAPADMIN_KAPACITOR_VERSION';

describe('a Kapacitor of another version', () => {
  it('is reported by auth test --live and by doctor, until it is named', async () => {
    const cwd = makeFolder({
      'seed.yaml': 'users: [{ name: joe, password: pw, permissions: { "": [KapacitorAPI] } }]',
      pw: 'pw',
    });
    const words = ['sandbox', '--port', '0', '--bcrypt-cost', '4', '-o', 'json', '--seed', path.join(cwd, 'seed.yaml')];
    const sandbox = await start(words, { env: { [variable]: '1.6.2' } });
    const { meta, kapacitor } = JSON.parse(await sandbox.waitFor('\n')) as Ready;
    const account = { KAPADMIN_META_USERNAME: 'admin', KAPADMIN_META_PASSWORD: 'changeit' };
    const env = { KAPADMIN_META_URL: meta[0]!, ...account };
    const login = [
      'auth',
      'test',
      '--url',
      `${kapacitor}/kapacitor/v1/tasks`,
      '--user',
      'joe',
      '--password-file',
      'pw',
    ];
    const warning = 'Kapacitor runs 1.6.2, but the prediction assumes 1.8: use --kapacitor-version 1.6.2';

    const live = await kapadmin([...login, '--live'], { cwd, env });
    expect(live.code).toBe(0);
    expect(live.stdout).toMatch(/^Simulated Kapacitor 1\.8 \(assumed\): {2}GET/);
    expect(live.stdout).toContain(`(as predicted)\nwarning: ${warning}\n`);
    const json = await kapadmin([...login, '--live', '-o', 'json'], { cwd, env });
    expect(JSON.parse(json.stdout)).toMatchObject({
      kapacitor: { version: '1.8', versionAssumed: true },
      requests: [{ live: { version: '1.6.2', versionNote: warning } }],
    });
    const table = await kapadmin(['auth', 'test', '--url', kapacitor, ...login.slice(4), '--live'], { cwd, env });
    expect(table.stdout).toMatch(/^Simulated Kapacitor 1\.8 \(assumed\)\. /);
    expect(table.stdout).toContain(`warning: ${warning}\n`);
    const doctor = await kapadmin(['doctor', '--kapacitor', kapacitor], { cwd, env });
    expect(doctor.stdout).toContain('use --kapacitor-version 1.6.2');

    for (const [words, more] of [
      [['--kapacitor-version', '1.6.2'], {}],
      [[], { [variable]: '1.6.2' }],
    ] as const) {
      const named = await kapadmin([...login, '--live', ...words], { cwd, env: { ...env, ...more } });
      expect(named.stdout).toMatch(/^Simulated Kapacitor 1\.6\.2: /);
      expect(named.stdout).not.toContain('warning');
      const looked = await kapadmin(['doctor', '--kapacitor', kapacitor, ...words], { cwd, env: { ...env, ...more } });
      expect(looked.stdout).not.toContain('use --kapacitor-version');
    }
    sandbox.signal('SIGTERM');
    await sandbox.ended;
  });

  it('is named by the flag, the scenario, the environment, in this order', async () => {
    const text = (version: string) =>
      `${version}\nkapacitor: { config: "auth.enabled = false" }\nexpect: { starts: true }\n`;
    const cwd = makeFolder({ 'old.yaml': text('version: "1.6.0"'), 'open.yaml': text('') });
    const play = async (words: readonly string[], env = {}) =>
      (await kapadmin(['auth', 'test', '--scenario', 'old.yaml', 'open.yaml', ...words], { cwd, env })).stdout;
    expect(await play([])).toMatch(/ ✖ old \(Kapacitor 1\.6\.0\): .*\n(?: {3}.*\n)* ✔ open\n/);
    expect(await play([], { [variable]: '1.6.5' })).toMatch(/ \(Kapacitor 1\.6\.0\)(?:.*\n)*.* \(Kapacitor 1\.6\.5\)/);
    expect(await play(['--kapacitor-version', '1.7'])).toMatch(/ ✔ .*1\.7\.7\)\n ✔ .*1\.7\.7\)\n/);
  });

  it('is named for all commands of config', async () => {
    const cwd = makeFolder({
      'kapacitor.conf':
        'data_dir = "/tmp"\nhttp.auth-enabled = true\n[auth]\nenabled = true\nbcrypt-cost = 10\nmeta-addr = "meta:8091"\n',
    });
    for (const command of ['check', 'show', 'fix']) {
      const words = ['config', command, 'kapacitor.conf', '--no-env'];
      const newest = await kapadmin(words, { cwd });
      const flag = await kapadmin([...words, '--kapacitor-version', '1.6.5'], { cwd });
      const env = await kapadmin(words, { cwd, env: { [variable]: '1.6.5' } });
      expect([command, env]).toEqual([command, flag]);
      expect([command, flag]).not.toEqual([command, newest]);
    }
  });
});

describe('the scenarios measured on older daemons, played by the built program', () => {
  it('all hold', async () => {
    const lines = readFileSync(path.join(import.meta.dirname, '../vectors-versions.jsonl'), 'utf8')
      .trimEnd()
      .split('\n');
    expect(lines).toHaveLength(530);
    const named = lines.map((line, i) => [`${i}.json`, JSON.stringify(whole(JSON.parse(line) as Vector))] as const);
    const cwd = makeFolder(Object.fromEntries(named));
    const chunk = 100;
    for (let i = 0; i < named.length; i += chunk) {
      const files = named.slice(i, i + chunk).map(([file]) => file);
      const { code, stdout, stderr } = await kapadmin(['auth', 'test', '--scenario', ...files, '-o', 'json'], { cwd });
      const { scenarios } = JSON.parse(stdout) as { scenarios: { name: string; passed: boolean | null }[] };
      expect(scenarios).toHaveLength(files.length);
      expect(scenarios.filter((scenario) => scenario.passed !== true)).toEqual([]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    }
  });
});
