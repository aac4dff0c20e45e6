import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stillMeta, type StillMeta } from '../fuzz/meta.js';
import { places, tryPlace } from '../fuzz/try-texts.js';

let meta: StillMeta;
beforeAll(async () => void (meta = await stillMeta()));
afterAll(() => meta.close());

describe('all hostile texts', () => {
  it.each(places)('at $name end as they should', async (place) => {
    expect(await tryPlace(place, 1, meta)).toEqual([]);
  });
});
