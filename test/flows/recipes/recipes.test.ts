import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder } from '../../folder.js';
import { hasPrograms } from '../../programs.js';
import { registerSecret } from '../harness.js';
import { makeTools, runScript, runTool, type ScriptOptions, type Scripted, type Tools } from '../harness/shell.js';
import { beside } from './beside.js';
import { page, parts, yamlOf } from './page.js';
import { play, type Play } from './play.js';

const jq = hasPrograms('docs/how-to/automate.md in jq (its input is only looked at)', ['jq']);
let tools: Tools;

beforeAll(async () => {
  tools = await makeTools();
  tools.add('npm', '[ "$*" = "install --global https://example.com/kapadmin-0.1.0.tgz" ]');
  if (!jq) tools.add('jq', `exec '${process.execPath}' -e 'console.log(JSON.parse(fs.readFileSync(0)).meta?.[0])'`);
});

afterAll(() => {
  expect(tools.starts()).toBeLessThanOrEqual(27);
});

async function expectRuns(script: string, options: ScriptOptions): Promise<Scripted> {
  const ran = await runScript(script, options);
  expect(ran, `${script}\n${ran.stderr}`).toMatchObject({ code: 0 });
  return ran;
}

function at(options: ScriptOptions, env: Readonly<Record<string, string>>): ScriptOptions {
  return { ...options, env: { ...options.env, ...env } };
}

interface GitHub {
  readonly jobs: { readonly access: { readonly steps: readonly { readonly run?: string }[] } };
}

interface GitLab {
  readonly access: { readonly before_script: readonly string[]; readonly script: readonly string[] };
}

interface Container {
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly volumeMounts: readonly { readonly mountPath: string }[];
}

interface Job {
  readonly spec: { readonly template: { readonly spec: { readonly containers: readonly Container[] } } };
}

describe('docs/how-to/automate.md', () => {
  it('has its sections tried below', () => {
    expect([...page.keys()]).toEqual([
      'Exit codes in a shell',
      'JSON with jq',
      'Metrics',
      'A service account',
      'Access rules in CI',
      'GitHub',
      'GitLab',
      'Ansible',
      'A Kubernetes Job',
      'Rotation by cron',
    ]);
  });

  it('keeps passwords out of the arguments of processes', () => {
    const all = [...page.values()].flat().map(({ text }) => text);
    expect(all.filter((text) => /--password[ =,]|\becho\b|:\/\/[^/\s]*:[^/\s]*@/.test(text))).toEqual([]);
  });

  it('a no is 1 alone', () =>
    beside(tools, async (options) => {
      const [asked = ''] = parts('Exit codes in a shell', 'sh');
      await expectRuns(asked, options);
      const down = at(options, { KAPADMIN_META_URL: 'http://127.0.0.1:9', KAPADMIN_RETRIES: '0' });
      expect(await runScript(asked, down)).toMatchObject({ code: 1 });
    }));

  it('jq takes from the JSON who has what, and who a role gives it', () =>
    beside(tools, async (options) => {
      const [list = '', give = '', error = ''] = parts('JSON with jq', 'sh');
      const outputs = [];
      for (const script of [list, give, error]) {
        outputs.push((await expectRuns(script, options)).stdout);
      }
      const granted = 'granted KapacitorAPI to user janedoe\ngranted KapacitorAPI to user -dash\n';
      const listed = expect.stringContaining('\njanedoe\tnone\njohndoe\tKapacitorAPI\n') as string;
      const expected = [listed, granted, 'user-not-found\n'];
      expect(outputs).toEqual(jq ? expected : outputs);
    }));

  it('metrics of two clusters are what Prometheus and Telegraf read', () =>
    beside(tools, async (options) => {
      const { KAPADMIN_META_URL: url = '', KAPADMIN_META_PASSWORD: password = '' } = options.env ?? {};
      const prod = { url, username: 'admin', password };
      const odd = 'a "b", c=d';
      const profiles = {
        prod,
        lab: { url: 'http://127.0.0.1:9', retries: 0 },
        [odd]: prod,
        bad: { passwordFile: 'none' },
      };
      const home = makeFolder({ '.config/kapadmin/config.yaml': JSON.stringify({ profiles }) });
      const [prometheus = '', telegraf = ''] = parts('Metrics', 'sh').map((script) =>
        script.replace('--profile lab', `--profile lab --profile '${odd}' --profile bad`),
      );
      const alone = { ...options, home, env: {} };
      await expectRuns(prometheus, alone);
      const { stdout } = await expectRuns(telegraf, alone);
      if (!jq) return;
      const lines = readFileSync(path.join(home, 'kapadmin.prom'), 'utf8').trimEnd().split('\n');
      const sample = /^kapadmin_findings\{cluster="((?:[^"\\\n]|\\.)*)",severity="(error|warning|info)"\} (\d+)$/;
      expect(lines.map((line) => sample.exec(line)?.slice(1).join(' '))).toEqual([
        'prod error 1',
        'prod warning 0',
        'prod info 2',
        'lab error 1',
        'lab warning 0',
        'lab info 0',
        'a \\"b\\", c=d error 1',
        'a \\"b\\", c=d warning 0',
        'a \\"b\\", c=d info 2',
      ]);
      expect(stdout.trimEnd().split('\n')).toEqual([
        'kapadmin,cluster=prod error=1i,warning=0i,info=2i',
        'kapadmin,cluster=lab error=1i,warning=0i,info=0i',
        'kapadmin,cluster=a\\ "b"\\,\\ c\\=d error=1i,warning=0i,info=2i',
      ]);
    }));

  it('a service account gets a password that only its owner reads', () =>
    beside(
      tools,
      async (options) => {
        const { stdout } = await expectRuns(parts('A service account', 'sh')[0] ?? '', options);
        expect(stdout).toMatch(/^allowed$/m);
        expect(statSync(path.join(options.home, 'telegraf.password')).mode & 0o777).toBe(0o600);
      },
      'telegraf',
    ));

  it('state files are tried on a sandbox of their own', () =>
    beside(tools, async (options) => {
      const { stdout } = await expectRuns(parts('Access rules in CI', 'sh')[0] ?? '', options);
      expect(stdout).toContain('created user operator');
    }));

  it('the jobs of GitHub and GitLab run the same lines, and write what CI servers read', () =>
    beside(tools, async (options) => {
      const github = (yamlOf('GitHub') as GitHub).jobs.access.steps;
      const gitlab = (yamlOf('GitLab') as GitLab).access;
      const lines = github.flatMap(({ run }) => run ?? []);
      expect(lines).toEqual([...gitlab.before_script, ...gitlab.script]);
      for (const line of lines) await expectRuns(line, options);
      const read = (file: string): string => readFileSync(path.join(options.home, file), 'utf8');
      expect(read('rules.xml')).toMatch(/^<\?xml[^]*<testsuite name="who-may-do-what" tests="7" failures="0"/);
      expect(read('config.xml')).toMatch(/^<\?xml[^]*<testsuite name="config check"/);
    }));

  it('Ansible distinguishes change from no change by the exit codes', () =>
    beside(tools, async (options) => {
      const [{ tasks, environment } = { tasks: [], environment: {} }] = yamlOf('Ansible') as Play;
      expect(Object.keys(environment)).toEqual(Object.keys(options.env ?? {}));
      const variables = { user_password: registerSecret('the password of ansible') };
      const [user, right, differs, asWanted] = tasks.map(({ name }) => name);
      const twice = [await play(tasks, variables, options), await play(tasks, variables, options)];
      expect(twice).toEqual([
        { [`${user}`]: 'changed', [`${right}`]: 'changed', [`${differs}`]: 'ok', [`${asWanted}`]: 'changed' },
        { [`${user}`]: 'ok', [`${right}`]: 'ok', [`${differs}`]: 'ok', [`${asWanted}`]: 'skipped' },
      ]);
    }));

  it('the command line of the Kubernetes Job makes the cluster as the files want it', () =>
    beside(tools, async (options) => {
      const { spec } = yamlOf('A Kubernetes Job') as Job;
      const [{ args = [], env = [], volumeMounts = [] } = {}] = spec.template.spec.containers;
      const mounts = volumeMounts.map(({ mountPath }) => mountPath);
      const files = {
        'access/users.yaml': 'users: { telegraf2: { password: { file: ../passwords/telegraf } } }\n',
        'meta/password': options.env?.['KAPADMIN_META_PASSWORD'] ?? '',
        'passwords/telegraf': registerSecret('the password of telegraf2'),
      };
      const home = makeFolder(files, 0o440);
      const here = (text: string): string => (mounts.some((mount) => text.startsWith(mount)) ? home + text : text);
      const given = Object.fromEntries(env.map(({ name, value }) => [name, here(value)]));
      expect(given).toMatchObject({ KAPADMIN_META_CA: `${home}/meta/ca.crt`, KAPADMIN_META_URL: /^https:/ });
      const { KAPADMIN_META_CA: _, ...rest } = given;
      const node = { KAPADMIN_META_URL: options.env?.['KAPADMIN_META_URL'] ?? '' };
      const ran = await runTool('kapadmin', args.map(here), { tools, home, env: { ...rest, ...node } });
      expect(ran.stdout).toContain('created user telegraf2');
    }));

  it('a rotation hands the new password on', () =>
    beside(tools, async (options) => {
      const folder = makeFolder();
      const [script = ''] = parts('Rotation by cron', 'sh');
      await expectRuns(script, at(options, { PASSWORDS: folder }));
      const lines = readFileSync(path.join(folder, 'passwords'), 'utf8').trimEnd().split('\n');
      const { name, password } = JSON.parse(lines.at(-1) ?? '') as { name: string; password: string };
      expect(name).toBe('telegraf');
      const file = path.join(folder, 'telegraf.password');
      if (jq) expect(readFileSync(file, 'utf8')).toBe(password);
      expect(statSync(file).mode & 0o777).toBe(0o600);
    }));
});
