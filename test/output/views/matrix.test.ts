import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { renderCsv } from '../../../src/output/render.js';
import type { Matrix } from '../../../src/access-matrix/matrix.js';
import { printed } from '../printed.js';
import { noColors, loadColors, plainStyle, type Style } from '../../../src/output/style.js';
import { endpointColumns, mergeColumns, cellState, writeColumns } from '../../../src/output/views/matrix-columns.js';
import { matrixView } from '../../../src/output/views/matrix.js';
import { evilNames } from '../../access-matrix/evil.js';
import { type Cluster, clusters, matrixOf } from '../../access-matrix/clusters.js';

function user(name: string, record: Readonly<Record<string, readonly string[]>> = {}) {
  return { name, hash: undefined, permissions: new Map(Object.entries(record)) };
}

const cluster: Cluster = {
  users: [
    user('ann', { '': ['KapacitorAPI', 'KapacitorConfigAPI'] }),
    user('bob', { telegraf: ['WriteData'], metrics: ['WriteData'], billing: ['ReadData'] }),
    user('cid', { '': ['Nope'] }),
    user('dan'),
  ],
  roles: [{ name: 'ops', users: ['dan'], permissions: new Map([['', ['KapacitorAPI']]]) }],
};

const evil: Cluster = {
  users: evilNames.map((name) => user(name, { [name]: ['WriteData'] })),
  roles: evilNames.map((name) => ({ name, users: evilNames, permissions: new Map() })),
};

const view = {
  text: (matrix: Matrix, style: Style) => printed(matrixView.text(matrix, style)),
};
const { extra = {} } = matrixView;

function csvOf(matrix: Matrix, raw = true): string {
  return renderCsv(extra.csv?.(matrix) ?? { columns: [], rows: [] }, { raw, terminal: false }).text;
}

function csvRows(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n"]*))(,|\r\n)/g)) {
    rows.at(-1)?.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    if (end === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

describe('the table', () => {
  it('has one column for all that is the same, and says below what it contains', () => {
    expect(view.text(matrixOf(cluster), plainStyle)).toMatchInlineSnapshot(`
      "USER  /tasks +13  /config  GET /ping  HEAD /ping  write billing +1  write metrics +1
      ann   ✔           ✔        ✔          ✔           ✖                 ✖
      bob   ✖           ✖        ✔          ✔           ✖                 ✔
      cid   ✖           ✖        ✖          ✖           ✖                 ✖
      dan   role        ✖        role       ✔           ✖                 ✖

      /tasks +13: /tasks, /templates, /recordings, /replays, /alerts, /users, /service-tests, /storage, POST /sideload/reload, POST /subscriptions, POST /loglevel, GET /:routes, /debug, GET /kapacitor/v1preview/logs
      write billing +1: write billing, write others
      write metrics +1: write metrics, write telegraf
      role: denied; a role would allow it, but the user record does not include the permission. To see the fix: kapadmin auth can-i USER METHOD PATH
      Kapacitor rejects every login of cid: it does not know the permission Nope
      Kapacitor rejects a write without ?db=NAME (400). "write NAME" is a write to database NAME.
      Kapacitor reads only the user record. This cluster does not copy role permissions into it.
      1 user with KapacitorAPI can create a Kapacitor administrator, who may also use /config (POST /kapacitor/v1/users): ann.
      "
    `);
  });

  it('reports every cell', () => {
    fc.assert(
      fc.property(clusters, (some) => {
        const matrix = matrixOf(some);
        const merged = mergeColumns(matrix);
        const columns = [...endpointColumns(matrix), ...writeColumns(matrix)];
        for (const column of columns) {
          const states = matrix.rows.map((row) => cellState(matrix.reasons[column.place(row)]));
          const { endpoint } = column;
          const found = merged.filter(
            ({ parts }) => parts.includes(column.title) || parts.includes(`/${endpoint?.group}`),
          );
          expect(found.map((one) => one.states)).toContainEqual(states);
        }
        const cells = merged.reduce((sum, one) => sum + one.parts.length, 0);
        expect(cells).toBeLessThanOrEqual(columns.length);
      }),
      { numRuns: 30 },
    );
  });

  it.each([30, 40, 80, 120])('fits a terminal of %i columns: what does not fit follows below', (columns) => {
    for (const [matrix, most] of [
      [matrixOf(cluster), columns],
      [matrixOf(evil), Infinity],
    ] as const) {
      const text = view.text(matrix, { color: noColors, terminal: true, columns });
      const tables = text.split('\n\n').filter((part) => part.startsWith('USER'));
      for (const line of tables.flatMap((table) => table.split('\n'))) {
        expect(stringWidth(line)).toBeLessThanOrEqual(most);
      }
      for (const table of tables) expect(table.trimEnd().split('\n')).toHaveLength(matrix.users.length + 1);
    }
  });

  it('colours its marks', async () => {
    const text = view.text(matrixOf(cluster), { color: await loadColors(1), terminal: true, columns: 100 });
    expect(text).toContain('\u001b[32m✔\u001b[39m');
    expect(text).toContain('\u001b[33mrole\u001b[39m');
  });

  it('shows no control character of a name', () => {
    expect(view.text(matrixOf(evil), plainStyle).replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u202e\u2066\u200b]/);
  });

  it('of nobody says so', () => {
    expect(view.text(matrixOf({ users: [], roles: [] }), plainStyle)).toBe('no users\n');
  });
});

describe('CSV', () => {
  it('has a line for each user and a field for each column', () => {
    const matrix = matrixOf(cluster);
    const [header = [], ...rows] = csvRows(csvOf(matrix));
    expect(header.slice(0, 4)).toEqual(['user', 'roles', 'unknown permissions', 'GET /kapacitor/v1/tasks']);
    expect(header.slice(-4)).toEqual(['write billing', 'write metrics', 'write telegraf', 'write others']);
    expect(rows.map((row) => [...row.slice(0, 4), ...row.slice(-4)])).toEqual([
      ['ann', '', '', 'yes', 'no', 'no', 'no', 'no'],
      ['bob', '', '', 'no', 'no', 'yes', 'yes', 'no'],
      ['cid', '', 'Nope', 'no', 'no', 'no', 'no', 'no'],
      ['dan', 'ops', '', 'role', 'no', 'no', 'no', 'no'],
    ]);
  });

  it('gives every name back as it is', () => {
    const [, ...rows] = csvRows(csvOf(matrixOf(evil)));
    expect(rows.map(([name]) => name)).toEqual([...evilNames].sort());
  });

  it('attack L11: holds no formula unless --csv-raw asks for it, and changes nothing else', () => {
    const safe = csvOf(matrixOf(evil), false);
    const fields = csvRows(safe).flat();
    expect(fields.filter((field) => /^[=+\-@\t\r\n]/.test(field))).toEqual([]);
    expect(fields).toContain("'=cmd|' /C calc'!A0");
    expect(fields).toContain("'\tTAB");
    const plain = csvRows(csvOf(matrixOf(evil))).flat();
    expect(fields).toEqual(plain.map((field) => (/^[=+\-@\t\r\n]/.test(field) ? `'${field}` : field)));
  });
});

describe('Markdown', () => {
  it('is a table of the merged columns, with what they stand for', () => {
    const text = extra.markdown?.(matrixOf(cluster, { endpoints: ['/config', '/ping'] })) ?? '';
    expect(text).toMatchInlineSnapshot(`
      "Read 2026-11-24T12:00:00Z from http\\://meta\\:8091.

      | user | /config | GET /ping | HEAD /ping |
      | --- | --- | --- | --- |
      | ann | ✔ | ✔ | ✔ |
      | bob | ✖ | ✔ | ✔ |
      | cid | ✖ | ✖ | ✖ |
      | dan | ✖ | role | ✔ |

      - role\\: denied; a role would allow it, but the user record does not include the permission. To see the fix\\: kapadmin auth can-i USER METHOD PATH
      - Kapacitor rejects every login of cid\\: it does not know the permission Nope
      - Kapacitor reads only the user record. This cluster does not copy role permissions into it.
      - 1 user with KapacitorAPI can create a Kapacitor administrator, who may also use /config (POST /kapacitor/v1/users)\\: ann.
      "
    `);
  });

  it('has as many cells in each line, whatever the names are, and no HTML', () => {
    const matrix = matrixOf(evil);
    const lines = (extra.markdown?.(matrix) ?? '').split('\n').filter((line) => line.startsWith('|'));
    expect(lines).toHaveLength(matrix.users.length + 2);
    const cells = lines.map((line) => line.replaceAll(/\\./g, '').split('|').length);
    expect(new Set(cells).size).toBe(1);
    expect(lines.join('')).not.toMatch(/[<>]|(?<!\\)[`*[]/);
  });
});

describe('names', () => {
  it('are one a line, control characters made visible', () => {
    const lines = printed(extra.name?.(matrixOf(evil)) ?? []).split('\n');
    expect(lines).toHaveLength(evilNames.length + 1);
    expect(lines).toContain('line\\x0abreak');
  });
});
