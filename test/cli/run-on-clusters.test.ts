import { afterEach, describe, expect, it } from 'vitest';
import { clustersSchema } from '../../src/output/schemas.js';
import { makeTestContext, type TestOptions } from '../context.js';
import { makeFolder } from '../folder.js';
import { person } from '../doctor/doctor.js';
import { readJunit } from '../output/formats/junit-reader.js';
import { sarifFaults, schemaFaults } from '../output/views/schemas.js';
import { run } from '../../src/cli/run.js';
import { runLine, type Ran } from '../run.js';
import { sandbox } from '../sandbox/running.js';
import { startRecorder, type Recorder } from './recorder.js';

const file = '.config/kapadmin/config.yaml';
const down = { url: 'http://127.0.0.1:9', username: 'admin', password: 'pw-down', retries: 0 };

function homeOf(profiles: Readonly<Record<string, object>>): string {
  return makeFolder({ [file]: JSON.stringify({ profiles }) });
}

/** prod and lab, each with users of its own, and one that is down. */
async function threeClusters(): Promise<string> {
  const [prod, lab] = await Promise.all([
    sandbox({ seed: { users: [person('johndoe', { '': ['KapacitorAPI'] })], roles: [] } }),
    sandbox({ seed: { users: [person('-dash', { telegraf: ['WriteData'] })], roles: [] } }),
  ]);
  const account = { username: 'admin', password: 'changeit' };
  return homeOf({ prod: { url: prod.url, ...account }, lab: { url: lab.url, ...account }, down });
}

const all = ['--profile', 'prod', '--profile', 'lab', '--profile', 'down'];

async function tryAll(words: readonly string[], options: TestOptions = {}, profiles = all): Promise<Ran> {
  return runLine([...words, ...profiles], { home: await threeClusters(), ...options });
}

describe('several --profile', () => {
  it('user list: one table, and each failure its own', async () => {
    const { code, stdout, stderr } = await tryAll(['user', 'list']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.map((line) => line.split(/ {2,}/).slice(0, 3))).toEqual([
      ['CLUSTER', 'NAME', 'PERMISSIONS'],
      ['prod', 'admin', 'all 18'],
      ['prod', 'johndoe', 'KapacitorAPI'],
      ['lab', '-dash', 'WriteData (telegraf)'],
      ['lab', 'admin', 'all 18'],
      [expect.stringMatching(/^down: failed: cannot read users: .*connection refused/)],
      ['', expect.stringContaining('Is a meta node running there?')],
    ]);
    expect([code, stderr]).toEqual([7, 'error: 1 of 3 clusters failed: down\n']);
  });

  it('csv and names hold data alone: the reasons are on stderr', async () => {
    const csv = await tryAll(['user', 'list', '-o', 'csv']);
    expect(csv.stdout.split('\r\n').slice(0, 2)).toEqual([
      'cluster,name,permissions,roles',
      expect.stringMatching(/^prod,/),
    ]);
    expect(csv.stderr).toMatch(/^error: 1 of 3 clusters failed: down\ndown: cannot read users: /);
    const names = await tryAll(['user', 'list', '-o', 'name']);
    expect(names.stdout).toBe('admin\njohndoe\n-dash\nadmin\n');
    expect(names.stderr).toContain('\ndown: cannot read users: ');
  });

  it.each([['user list'], ['auth matrix'], ['doctor --no-env'], ['plan state.yaml']])(
    '%s: JSON fits the schema',
    async (words) => {
      const cwd = makeFolder({ 'state.yaml': 'users: { johndoe: { permissions: { "": [KapacitorAPI] } } }\n' });
      const { stdout, stderr } = await tryAll([...words.split(' '), '-o', 'json'], { cwd });
      const results = JSON.parse(stdout) as readonly { profile: string; result?: unknown; error?: { code: string } }[];
      expect(schemaFaults(clustersSchema(), results)).toBe('');
      expect(results.map(({ profile }) => profile)).toEqual(['prod', 'lab', 'down']);
      // A cluster that is down is itself a finding of doctor.
      if (words.startsWith('doctor')) return;
      expect(results.map(({ error }) => error?.code)).toContain('connection-refused');
      expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'clusters-failed' } });
    },
  );

  it('auth matrix: one matrix, with the databases of all', async () => {
    const { code, stdout } = await tryAll(['auth', 'matrix', '--endpoint', '/write', '-o', 'csv']);
    const [header = '', ...rows] = stdout.trimEnd().split('\r\n');
    expect(header).toBe('cluster,user,roles,unknown permissions,write telegraf,write others');
    expect(rows.map((row) => row.replace(/,,+/, ','))).toEqual([
      'prod,admin,yes,yes',
      'prod,johndoe,no,no',
      "lab,'-dash,yes,no",
      'lab,admin,yes,yes',
    ]);
    expect(code).toBe(7);
  });

  it('auth matrix: as a table and as Markdown', async () => {
    const { stdout } = await tryAll(['auth', 'matrix']);
    expect(stdout).toMatch(/^CLUSTER {2}USER {5}/);
    expect(stdout).toMatch(/^lab {6}-dash .*✖ +✔ +✔ +✖$/m);
    expect(stdout).toMatch(/^down: failed: /m);
    expect(stdout).toMatch(/^prod: 2 users with KapacitorAPI can create a Kapacitor administrator/m);
    const markdown = await tryAll(['auth', 'matrix', '-o', 'markdown']);
    expect(markdown.stdout).toMatch(/^- prod\\: read \S+ from http\\:\/\/.*\n- lab\\: read .*\n- down\\: failed\\: /);
    expect(markdown.stdout).toContain('\n| lab | \\-dash |');
  });

  it('doctor: the findings of all, the worst first; commands name the profile', async () => {
    const { code, stdout } = await tryAll(['doctor', '--no-env']);
    const rows = stdout
      .split('\n\n')[0]
      ?.split('\n')
      .slice(1)
      .map((line) => line.split(/ +/).slice(0, 3));
    expect(rows).toEqual([
      ['down', 'error', 'node-unreachable'],
      ['prod', 'info', 'kapacitor-admin-makers'],
    ]);
    expect(stdout).toMatch(/^lab: No problems found; 3 points are unknown\.$/m);
    expect(stdout).toMatch(/^down: 1 error; fixes: kapadmin doctor --profile down$/m);
    expect(code).toBe(7);
    const json = await tryAll(['doctor', '--no-env', '-o', 'json']);
    const commands = [...json.stdout.matchAll(/"command": "(kapadmin [^"]*)"/g)].map(([, command]) => command);
    expect(commands).toEqual(['kapadmin user list --permission KapacitorAPI --profile prod']);
  });

  it('doctor: a SARIF run and a JUnit suite for each', async () => {
    const sarif = JSON.parse(
      (await tryAll(['doctor', '--no-env', '-o', 'sarif', '--sarif-anchor', 'access.yaml'])).stdout,
    ) as {
      runs: readonly { automationDetails: { id: string } }[];
    };
    expect(sarifFaults(sarif)).toBe('');
    expect(sarif.runs.map(({ automationDetails }) => automationDetails.id)).toEqual([
      'kapadmin/doctor/prod/',
      'kapadmin/doctor/lab/',
      'kapadmin/doctor/down/',
    ]);
    const cases = readJunit((await tryAll(['doctor', '--no-env', '-o', 'junit'])).stdout);
    expect([...new Set(cases.map(({ suite }) => suite))]).toEqual(['doctor prod', 'doctor lab', 'doctor down']);
  });

  it('a cluster whose settings are wrong fails alone, in every form', async () => {
    const { url } = await sandbox();
    const home = homeOf({
      prod: { url, username: 'admin', password: 'changeit' },
      bad: { url, username: 'admin', passwordFile: 'none' },
    });
    const two = ['--profile', 'prod', '--profile', 'bad'];
    const table = await runLine(['doctor', '--no-env', ...two], { home });
    expect([table.code, table.stdout]).toEqual([
      7,
      expect.stringMatching(/^prod: No problems found; 3 points are unknown\.\nbad: failed: .*none/m),
    ]);
    const sarif = await runLine(['doctor', '--no-env', '-o', 'sarif', '--sarif-anchor', 'access.yaml', ...two], {
      home,
    });
    expect(sarifFaults(JSON.parse(sarif.stdout))).toBe('');
    expect(sarif.stdout).toContain('"executionSuccessful": false');
    const junit = readJunit((await runLine(['doctor', '--no-env', '-o', 'junit', ...two], { home })).stdout);
    expect(junit.filter(({ suite }) => suite === 'doctor bad')).toMatchObject([{ end: 'failed' }]);
  });

  it('plan: the files are read once, also from standard input', async () => {
    const state =
      'users: { johndoe: { permissions: { "": [KapacitorAPI] } }, admin: {} }\nroles: { ops: { members: [admin] } }\n';
    const { code, stdout } = await tryAll(['plan', '-'], { stdin: state });
    expect(stdout).toMatch(/^CLUSTER {2}CHANGE\nprod {5}create role ops\nprod {5}add admin to role ops\n\n/);
    expect(stdout).toMatch(/^prod: Plan: create 1 role\.\nlab: failed: |^prod: Plan: create 1 role\.$/m);
    expect(code).toBe(7);
  });

  it('plan: what is wrong with the files is reported once, and nothing is sent', async () => {
    const { code, stderr } = await tryAll(
      ['plan', '-'],
      { stdin: 'users: { johndoe: { permissions: { "": [Nope] } } }' },
      all.slice(0, 4),
    );
    expect(code).toBe(2);
    expect(stderr.match(/unknown permission/g)).toHaveLength(1);
  });

  it('the exit code is the common one', async () => {
    const home = homeOf({ a: down, b: down });
    const two = ['--profile', 'a', '--profile', 'b'];
    expect(await runLine(['user', 'list', ...two], { home })).toMatchObject({
      code: 3,
      stderr: 'error: 2 of 2 clusters failed: a, b\n',
    });
    expect((await runLine(['doctor', '--no-env', ...two], { home })).code).toBe(1);
    expect((await runLine(['user', 'list', '--profile', 'a', '--profile', 'a'], { home })).stderr).toBe(
      'error: 1 of 1 cluster failed: a\n',
    );
  });

  it('notes name their cluster', async () => {
    const { stderr } = await tryAll(
      ['plan', '-'],
      { stdin: 'users: { new: { password: { generate: true } } }' },
      all.slice(0, 4),
    );
    expect(stderr).toContain('prod: 1 password will be generated');
    expect(stderr).toContain('lab: 1 password will be generated');
  });

  it('goes on to the end of a signal, and says so', async () => {
    const hanging = await startRecorder(() => {});
    recorders.push(hanging);
    const context = makeTestContext({ home: homeOf({ a: { url: hanging.url }, b: { url: hanging.url } }) });
    const ended = run(['user', 'list', '--profile', 'a', '--profile', 'b'], context);
    await hanging.sees(2);
    context.interrupt();
    expect([await ended, context.stderr()]).toEqual([130, 'error: Cancelled. No changes were made.\n']);
  });
});

const recorders: Recorder[] = [];
afterEach(async () => {
  await Promise.all(recorders.splice(0).map((one) => one.close()));
});

describe('the work', () => {
  it('is done on at most 8 clusters at a time', async () => {
    let open = 0;
    let max = 0;
    let release = (): void => {};
    const eightAreOpen = new Promise<void>((resolve) => (release = resolve));
    const started = await Promise.all(
      Array.from({ length: 12 }, () =>
        startRecorder(async (respond) => {
          open += 1;
          max = Math.max(max, open);
          if (open === 8) release();
          await eightAreOpen;
          open -= 1;
          respond('{"users":[],"roles":[]}');
        }),
      ),
    );
    recorders.push(...started);
    const profiles = Object.fromEntries(started.map(({ url }, i) => [`c${i}`, { url }]));
    const words = Object.keys(profiles).flatMap((name) => ['--profile', name]);
    const { code } = await runLine(['user', 'list', '-o', 'name', ...words], { home: homeOf(profiles) });
    expect([code, started.filter(({ requests }) => requests.length > 0).length]).toEqual([0, 12]);
    expect(max).toBe(8);
  });
});

describe('a second --profile is refused before anything is sent', () => {
  const two = ['--profile', 'a', '--profile', 'b'];
  const home = homeOf({ a: down, b: down });

  it.each([
    ['user show joe'],
    ['user create joe --generate'],
    ['role list'],
    ['apply state.yaml'],
    ['profile list'],
    ['explain noauth'],
    ['sandbox --port 0'],
  ])('%s', async (words) => {
    const { code, stdout, stderr } = await runLine([...words.split(' '), ...two], { home });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe(
      'error: --profile was given twice: a, b\nOnly doctor, plan, user list and auth matrix take several.\n',
    );
  });

  it.each([
    ['user list --meta-url http://127.0.0.1:1', '--meta-url'],
    ['user list --meta-username x', '--meta-username'],
    ['user list --meta-password-stdin', '--meta-password-stdin'],
    ['user list --meta-key k.pem', '--meta-key'],
    ['doctor --bundle b.json', '--bundle'],
    ['doctor --kapacitor http://127.0.0.1:9092', '--kapacitor'],
    ['doctor --probe --yes', '--probe'],
    ['plan s.yaml --lint', '--lint'],
    ['plan s.yaml --out plan.json', '--out'],
    ['auth matrix --diff old.json', '--diff'],
    ['auth matrix --only allowed', '--only'],
  ])('%s', async (words, flag) => {
    const { code, stderr } = await runLine([...words.split(' '), ...two], { home });
    expect([code, stderr.split('\n')[0]]).toEqual([
      2,
      expect.stringContaining(`error: ${flag} cannot be used with several --profile`),
    ]);
  });

  it('a variable that would be sent to all clusters', async () => {
    const env = { KAPADMIN_META_PASSWORD: 'of-one-cluster' };
    const { code, stderr } = await runLine(['user', 'list', ...two], { home, env });
    expect(code).toBe(2);
    expect(stderr).toBe(
      'error: KAPADMIN_META_PASSWORD cannot be used with several --profile: it would apply to every cluster\n' +
        'Unset KAPADMIN_META_PASSWORD. Each profile has its own: kapadmin profile add.\n',
    );
  });

  it('an output that holds one cluster', async () => {
    const { code, stderr } = await runLine(['auth', 'matrix', '-o', 'html', ...two], { home });
    expect([code, stderr]).toEqual([2, expect.stringContaining('this command has no output "html"')]);
  });

  it('a profile that does not exist, whatever the others', async () => {
    const hears = await startRecorder();
    recorders.push(hears);
    const known = homeOf({ prod: { url: hears.url } });
    const { code, stderr } = await runLine(['user', 'list', '--profile', 'prod', '--profile', 'prdo'], { home: known });
    expect([code, stderr]).toEqual([2, expect.stringContaining('Did you mean "prod"?')]);
    expect(hears.requests).toEqual([]);
  });
});
