import { describe, expect, it } from 'vitest';
import { makeFolder } from '../folder.js';
import { readJunit } from '../output/formats/junit-reader.js';
import { runLine, type Ran } from '../run.js';

const kapacitor = `kapacitor:
  config: |
    [http]
      auth-enabled = true
    [auth]
      enabled = true
      bcrypt-cost = 4
      meta-addr = "127.0.0.1:8091"
meta:
  users:
    - { name: johndoe, password: pw, permissions: { "": [KapacitorAPI] } }
`;
const request = '{ path: /kapacitor/v1/tasks, username: johndoe, password: pw }';
const right = `name: right\n${kapacitor}steps:\n  - request: ${request}\n    expect: { verdict: allow }\n`;
const wrong = `name: wro"ng<\n${kapacitor}steps:\n  - at: 1m\n    request: ${request}\n    expect: { verdict: deny, status: 401 }\n`;
const silent = `name: silent\n${kapacitor}steps:\n  - request: ${request}\n`;
const refused = 'name: refused\nkapacitor: { config: "[http" }\nexpect: { starts: false }\n';

function play(files: Readonly<Record<string, string>>, words: readonly string[] = []): Promise<Ran> {
  const cwd = makeFolder(files);
  return runLine(['auth', 'test', '--scenario', ...Object.keys(files), ...words], { cwd });
}

describe('auth test --scenario', () => {
  it('with nothing failed is a line for each: exit 0', async () => {
    const { code, stdout, stderr } = await play({ 'a.yaml': right, 'b.yaml': silent, 'c.yaml': refused });
    expect([code, stderr]).toEqual([
      0,
      'warning: b.yaml: no expectations: nothing is checked. Add expect to a step.\n',
    ]);
    expect(stdout).toBe(
      [
        ' ✔ right',
        ' · silent',
        '   · 0s GET /kapacitor/v1/tasks as johndoe: allow',
        " ✔ refused: Kapacitor does not start: parse config: toml: line 0: expected '.' or ']' to end table name, but got end of file instead",
        '2 passed, 0 failed, 1 without expectations',
        '',
      ]
        .join('\n')
        .replace(/parse config.*$/m, stdout.match(/parse config.*$/m)?.[0] ?? ''),
    );
  });

  it.each([
    ['has no steps', `name: empty\n${kapacitor}`, 'no steps: nothing is run. Add steps.'],
    ['expects nothing', silent, 'no expectations: nothing is checked. Add expect to a step.'],
    [
      'has empty expectations',
      silent + '    expect: {}\n',
      'no expectations: nothing is checked. Add expect to a step.',
    ],
  ])('verdict 16: warns of a file that %s; --strict makes it exit 1', async (_, text, lack) => {
    const warned = { stderr: `warning: a.yaml: ${lack}\n` };
    expect(await play({ 'a.yaml': text })).toMatchObject({ code: 0, ...warned });
    expect(await play({ 'a.yaml': text }, ['--strict'])).toMatchObject({ code: 1, ...warned });
    expect(await play({ 'a.yaml': right }, ['--strict'])).toMatchObject({ code: 0, stderr: '' });
  });

  it('shows expected and actual side by side: exit 1', async () => {
    const { code, stdout } = await play({ 'a.yaml': right, 'b.yaml': wrong });
    expect(code).toBe(1);
    expect(stdout).toBe(
      [
        ' ✔ right',
        ' ✖ wro"ng<',
        '   ✖ 1m GET /kapacitor/v1/tasks as johndoe: allow',
        '       verdict',
        '         expected  "deny"',
        '         actual    "allow"',
        '       status',
        '         expected  401',
        '         actual    null',
        '1 passed, 1 failed',
        '',
      ].join('\n'),
    );
  });

  it('plays for the release that --kapacitor-version names, before what the file says', async () => {
    const secret = `
version: 1.8
kapacitor: { config: "auth.enabled = false" }
expect: { starts: false }
`;
    const old = await play({ 'a.yaml': secret }, ['--kapacitor-version', '1.6.5', '-o', 'json']);
    expect(JSON.parse(old.stdout)).toMatchObject({ scenarios: [{ version: '1.6.5', starts: false, passed: true }] });
    const { stdout } = await play({ 'a.yaml': secret }, ['-o', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({ scenarios: [{ version: '1.8', starts: true, passed: false }] });
  });

  it('-o json is one object, whatever the number of files', async () => {
    const { stdout } = await play({ 'a.yaml': right, 'c.yaml': refused }, ['-o', 'json']);
    const { scenarios } = JSON.parse(stdout) as { scenarios: readonly object[] };
    expect(scenarios).toEqual([
      {
        name: 'right',
        version: '1.8',
        starts: true,
        passed: true,
        steps: [
          {
            at: '0s',
            request: { method: 'GET', path: '/kapacitor/v1/tasks' },
            user: 'johndoe',
            verdict: 'allow',
            status: null,
            message: null,
            location: null,
            metaRequests: [{ method: 'GET', path: '/user', query: { name: 'johndoe' }, auth: 'none' }],
            retriedUntilTimeout: false,
            trace: expect.arrayContaining([expect.objectContaining({ kind: 'verdict', verdict: 'allow' })]),
            mismatches: [],
          },
        ],
      },
      {
        name: 'refused',
        version: '1.8',
        starts: false,
        passed: true,
        message: expect.stringContaining('parse config'),
        steps: [],
      },
    ]);
  });

  it('masks the password that LDAP is asked about', async () => {
    const ldap = right.replace('password: pw, permissions', 'ldap: true, password: pw, permissions');
    const { stdout } = await play({ 'a.yaml': ldap }, ['-o', 'json']);
    expect(stdout).toContain('"password": "***"');
    expect(stdout).not.toMatch(/"pw"|password=pw/);
  });

  it('-o junit is what CI servers read', async () => {
    const { code, stdout } = await play({ 'a.yaml': right, 'b.yaml': wrong }, ['-o', 'junit']);
    expect(code).toBe(1);
    expect(readJunit(stdout).map(({ suite, name, end }) => [suite, name, end])).toEqual([
      ['right', 'Kapacitor starts', 'passed'],
      ['right', '#1 0s GET /kapacitor/v1/tasks as johndoe', 'passed'],
      ['wro"ng<', 'Kapacitor starts', 'passed'],
      ['wro"ng<', '#1 1m GET /kapacitor/v1/tasks as johndoe', 'failed'],
    ]);
    expect(stdout).toContain('<failure message="verdict">verdict&#10;  expected  &quot;deny&quot;');
  });

  it('-o junit distinguishes requests of one user and scenarios of one name', async () => {
    const twice = right.replace(/^ {2}- .*(?:\n {4}.*)*\n/m, (step) => step + step);
    const { code, stdout } = await play({ 'a.yaml': twice, 'b.yaml': right }, ['-o', 'junit']);
    expect(code).toBe(0);
    expect(readJunit(stdout).map(({ suite, name }) => `${suite}: ${name.split(' ')[0]}`)).toEqual([
      'right: Kapacitor',
      'right: #1',
      'right: #2',
      'right (2): Kapacitor',
      'right (2): #1',
    ]);
  });

  it('-o junit with --strict fails a file that checks nothing, as the exit code does', async () => {
    const ends = async (flags: readonly string[]): Promise<unknown> => {
      const { code, stdout } = await play({ 'a.yaml': silent }, ['-o', 'junit', ...flags]);
      return [
        code,
        readJunit(stdout)
          .filter(({ end }) => end === 'failed')
          .map(({ text }) => text),
      ];
    };
    expect(await ends([])).toEqual([0, []]);
    expect(await ends(['--strict'])).toEqual([1, ['no expectations: nothing is checked. Add expect to a step.']]);
  });

  it('names a file that cannot be played: exit 2, and plays none', async () => {
    const { code, stdout, stderr } = await play({ 'a.yaml': right, 'b.yaml': 'steps: {}\n' });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error: b\.yaml: steps: expected a list/);
  });
});
