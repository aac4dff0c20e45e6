import { describe, expect, it } from 'vitest';
import { KapadminError } from '../../../src/errors.js';
import { makeStyle } from '../../../src/output/style.js';
import { makePicture } from '../../../src/output/watch/picture.js';
import { Screen } from '../../flows/harness/screen.js';

const view = {
  text: (data: readonly string[]) => data.map((line) => `${line}\n`).join(''),
  json: (data: unknown) => data,
};
const watch = { every: 2000, title: 'kapadmin user list', look: () => Promise.resolve([]), changes: () => [] };
const at = Date.UTC(2026, 0, 1, 12, 0, 0);

function pictureOf(size: { columns: number; rows: number }) {
  let screen = new Screen(size.columns);
  let raw = '';
  let resized = (): void => {};
  const picture = makePicture<readonly string[]>(view, watch, {
    style: () => makeStyle(0, true, size.columns),
    rows: () => size.rows,
    onResize: (act) => (resized = act),
    out: async (text) => {
      raw += text;
      screen.write(text.replaceAll('\n', '\r\n'));
    },
  });
  return {
    picture,
    shown: () => screen.text().split('\n'),
    raw: () => raw,
    resize(columns: number, rows: number) {
      [size.columns, size.rows] = [columns, rows];
      screen = new Screen(columns);
      resized();
    },
  };
}

const seen = (data: readonly string[], changes?: readonly string[], seconds = 0) => ({
  at: at + seconds * 1000,
  data,
  changes,
  failure: undefined,
});

describe('a picture of what is watched', () => {
  it('has the time, the data and what changed; one is drawn over the other', async () => {
    const { picture, shown } = pictureOf({ columns: 80, rows: 24 });
    await picture.show(seen(['ann', 'bob', 'joe']));
    expect(shown()).toEqual(['kapadmin user list, every 2s: 2026-01-01 12:00:00 UTC', '', 'ann', 'bob', 'joe']);
    await picture.show(seen(['ann'], ['- bob', '- joe'], 2));
    expect(shown()).toEqual([
      'kapadmin user list, every 2s: 2026-01-01 12:00:02 UTC',
      '12:00:02  - bob',
      '12:00:02  - joe',
      '',
      'ann',
    ]);
    await picture.show(seen(['ann'], [], 4));
    expect(shown()[1]).toBe('12:00:02  - bob');
  });

  it('tells since when there is no answer', async () => {
    const { picture, shown } = pictureOf({ columns: 80, rows: 24 });
    const error = new KapadminError('unreachable', 'refused', 'cannot list users: nobody listens');
    await picture.show({ ...seen(['ann'], [], 9), failure: { error, since: at } });
    expect(shown()[1]).toBe('no answer since 2026-01-01 12:00:00 UTC: cannot list users: nobody listens');
    expect(shown()).toContain('ann');
  });

  it.each([
    [20, 5],
    [40, 3],
    [80, 10],
  ])('fits %i columns and %i lines', async (columns, rows) => {
    const { picture, shown } = pictureOf({ columns, rows });
    const data = Array.from({ length: 40 }, (_, i) => `user${i} ${'管理'.repeat(i % 3)}`);
    await picture.show(
      seen(
        data,
        Array.from({ length: 9 }, (_, i) => `+ user${i} ${'x'.repeat(99)}`),
      ),
    );
    expect(shown().length).toBeLessThanOrEqual(rows);
    expect(shown().filter((line) => line.length > columns)).toEqual([]);
    if (rows > 7) expect(shown().at(-1)).toBe('… 38 more lines');
  });

  it('is drawn anew when the terminal changes its size', async () => {
    const { picture, shown, resize } = pictureOf({ columns: 80, rows: 24 });
    await picture.show(seen(['ann', 'bob', 'joe']));
    resize(20, 4);
    expect(shown()).toEqual(['kapadmin user list,…', '', 'ann', '… 2 more lines']);
  });

  it('leaves the screen and the cursor as they were, and the data on it', async () => {
    const { picture, raw } = pictureOf({ columns: 80, rows: 24 });
    await picture.show(seen(['ann']));
    await picture.end();
    expect(raw()).toMatch(/^\u001b\[\?1049h\u001b\[\?25l/);
    expect(raw()).toMatch(/\u001b\[\?25h\u001b\[\?1049lann\n$/);
  });
});
