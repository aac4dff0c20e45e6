import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filePlaces } from '../fuzz/file-places.js';
import { stillMeta, type StillMeta } from '../fuzz/meta.js';
import { tryFiles } from '../fuzz/try-files.js';

let meta: StillMeta;
beforeAll(async () => void (meta = await stillMeta()));
afterAll(() => meta.close());

describe('all bad files', () => {
  it.each(filePlaces)('as $name end as they should', async (place) => {
    expect(await tryFiles(place, 1, meta)).toEqual([]);
  });
});
