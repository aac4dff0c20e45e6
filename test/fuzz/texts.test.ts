import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { good, commandNames } from './lines.js';
import { stillMeta, type StillMeta } from './meta.js';
import { rules } from './slot-rules.js';
import { places, tryPlace } from './try-texts.js';

let meta: StillMeta;
beforeAll(async () => void (meta = await stillMeta()));
afterAll(() => meta.close());

describe('hostile texts', () => {
  it('have a command line of every command, and a rule for every place', () => {
    expect(Object.keys(good).toSorted()).toEqual(commandNames.toSorted());
    const names = places.map(({ name }) => name);
    expect(names.filter((name) => !rules.has(name))).toEqual([]);
    expect([...rules.keys()].filter((name) => !names.includes(name))).toEqual([]);
  });

  it.each(places)('at $name end as they should', async (place) => {
    expect(await tryPlace(place, 4, meta)).toEqual([]);
  });
});
