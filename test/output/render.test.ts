import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { render } from '../../src/output/render.js';
import { noColors, plainStyle } from '../../src/output/style.js';
import { doctorView } from '../../src/output/views/doctor.js';
import { usersView } from '../../src/output/views/users-and-roles.js';
import { diagnose } from '../../src/diagnostics/doctor/diagnose.js';
import { healthy, known, node, user } from '../diagnostics/doctor/healthy.js';

const hostile = '\u001b]52;c;Y3VybA==\u0007\u001b[2J\n\u009b31m\u202e\u061c\u{e0041}FAKE: all fine';
const users = [{ user: user(hostile), roles: [] }];
const terminal = { color: noColors, terminal: true, columns: 200 };
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}]/u;

function hasUnseen(text: string): boolean {
  return unseen.test(text.replaceAll(/\r?\n/g, ''));
}

describe('attack M1: what a terminal gets', () => {
  it.each(['table', 'name', 'csv', 'json', 'yaml'])('as %s holds no character that does not show', async (format) => {
    const { text } = await render({ data: users, view: usersView }, format, terminal);
    expect(text).toContain('FAKE: all fine');
    expect(hasUnseen(text)).toBe(false);
    expect(text.split('\n').filter((line) => line.trimStart().startsWith('FAKE'))).toEqual([]);
  });

  it('is the same data in JSON and YAML', async () => {
    const json = await render({ data: users, view: usersView }, 'json', terminal);
    expect(JSON.parse(json.text)).toEqual([{ name: hostile, permissions: {}, roles: [] }]);
    const yaml = await render({ data: users, view: usersView }, 'yaml', terminal);
    expect(parse(yaml.text)).toEqual([{ name: hostile, permissions: {}, roles: [] }]);
    expect([json.isEscaped, yaml.isEscaped]).toEqual([false, false]);
  });

  it('is documented to differ from the data in CSV, which a pipe gets as they are', async () => {
    expect((await render({ data: users, view: usersView }, 'csv', terminal)).isEscaped).toBe(true);
    const piped = await render({ data: users, view: usersView }, 'csv', plainStyle);
    expect(piped.isEscaped).toBe(false);
    expect(piped.text).toContain(hostile);
  });
});

describe('attack L10: YAML', () => {
  const words = [
    'yes',
    'No',
    'on',
    'y',
    '1_000',
    '1:30',
    '2020-01-01',
    '0o17',
    '0777',
    '0b1',
    '.5',
    '1e3',
    '=',
    '<<',
    '~',
    'null',
    '.inf',
    '+1',
  ];

  it.each(words)('has %s in quotes, as readers of 1.1 need it', async (word) => {
    const { text } = await render({ data: [{ user: user(word), roles: [] }], view: usersView }, 'yaml', plainStyle);
    expect(text).toContain(`name: "${word}"`);
    expect(parse(text, { version: '1.1' })).toMatchObject([{ name: word }]);
    expect(parse(text)).toMatchObject([{ name: word }]);
  });
});

describe('attack L11: CSV', () => {
  it.each(["=cmd|' /C calc'!A0", '@SUM(1)', '+1+1', '-1', '\uff1d1+1', ' =1', '\t=1'])(
    'has no formula: %s',
    async (name) => {
      const result = { data: [{ user: user(name), roles: [] }], view: usersView };
      const [, line = ''] = (await render(result, 'csv', plainStyle)).text.split('\r\n');
      expect(line.replace(/^"/, '')).toMatch(/^'/);
      const [, raw = ''] = (await render(result, 'csv', plainStyle, { raw: true })).text.split('\r\n');
      expect(raw.replace(/^"/, '').startsWith(name.slice(0, 2))).toBe(true);
    },
  );
});

it('verdict 21: all permissions are two words in a table, and each by name in CSV', async () => {
  const { everyPermission } = await import('../../src/model/permissions.js');
  const result = { data: [{ user: user('admin', { '': everyPermission }), roles: [] }], view: usersView };
  expect((await render(result, 'table', plainStyle)).text).toContain('admin  all 18\n');
  expect((await render(result, 'csv', plainStyle)).text).toContain('KapacitorConfigAPI');
});

it('attack H3: doctor prints no text of a node raw', async () => {
  const member = { addr: `${hostile} x:8091`, raftAddr: 'q:8089', version: `9${hostile}`, url: undefined };
  const report = diagnose(healthy({ nodes: [{ ...node(1), members: known([member]) }] }));
  const { text } = await render(
    { data: report, view: doctorView({ failOn: 'error', base: '/', anchor: undefined }) },
    'table',
    terminal,
  );
  expect(text).toContain('FAKE: all fine');
  expect(hasUnseen(text)).toBe(false);
  expect(text.split('\n').filter((line) => line.trimStart().startsWith('FAKE'))).toEqual([]);
});
