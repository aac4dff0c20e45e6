import { describe, expect, it } from 'vitest';
import { createMetaClient, Secret } from '../../src/index.js';
import { answer, serve } from '../meta/server.js';
import { sandbox } from '../sandbox/running.js';

async function cluster() {
  const { url } = await sandbox();
  const client = createMetaClient({ nodes: [url], username: 'admin', password: 'changeit' });
  await client.writeUser({ action: 'create', user: { name: 'johndoe', password: 'Pa5sw0Rd' } });
  return { url, client };
}

describe('createMetaClient', () => {
  it('grants what is missing, and says whether anything was', async () => {
    const { client } = await cluster();
    expect(await client.grant('johndoe', 'KapacitorAPI')).toBe(true);
    expect(await client.grant('johndoe', ['KapacitorAPI'])).toBe(false);
    expect(await client.grant('johndoe', ['ReadData', 'WriteData'], { db: ['telegraf', '__proto__'] })).toBe(true);
    const [user] = await client.users({ name: 'johndoe' });
    const both = ['ReadData', 'WriteData'];
    const granted = new Map(Object.entries(user?.permissions ?? {}));
    expect(granted).toEqual(
      new Map([
        ['', ['KapacitorAPI']],
        ['telegraf', both],
        ['__proto__', both],
      ]),
    );
    expect(String(user?.hash)).toBe('***');
    await client.close();
  });

  it('grants to nobody, and nothing that Kapacitor does not know', async () => {
    const { client } = await cluster();
    await expect(client.grant('nobody', 'KapacitorAPI')).rejects.toMatchObject({ code: 'user-not-found' });
    await expect(client.grant('johndoe', 'KapacitorApi')).rejects.toMatchObject({
      kind: 'usage',
      hint: 'Did you mean "KapacitorAPI"?',
    });
    expect((await client.users({ name: 'johndoe' }))[0]?.permissions).toEqual({});
    await client.close();
  });

  it('verifies a grant whose result is unknown', async () => {
    let writes = 0;
    const node = await serve((request, response) => {
      if (request.method === 'POST') {
        writes += 1;
        return response.destroy();
      }
      const permissions = writes > 0 ? { '': ['KapacitorAPI'] } : {};
      return answer(response, 200, { users: [{ name: 'johndoe', permissions }] });
    });
    const client = createMetaClient({ nodes: [node.url], retries: 0 });
    expect(await client.grant('johndoe', 'KapacitorAPI')).toBe(true);
    expect(writes).toBeGreaterThan(0);
    await client.close();
  });

  it('takes passwords as text and as secrets, and writes roles', async () => {
    const { url, client } = await cluster();
    await client.writeRole({ action: 'create', role: { name: 'ops' } });
    await client.writeRole({ action: 'add-permissions', role: { name: 'ops', permissions: { db: ['ReadData'] } } });
    await client.writeRole({ action: 'add-users', role: { name: 'ops', users: ['johndoe'] } });
    expect(await client.roles({ name: 'ops' })).toEqual([
      { name: 'ops', permissions: { db: ['ReadData'] }, users: ['johndoe'] },
    ]);
    await client.writeUser({ action: 'change-password', user: { name: 'johndoe', password: new Secret('other') } });
    const query = { name: 'johndoe', permission: 'NoPermissions', resource: '_' };
    expect(await client.authorized({ ...query, password: 'other' })).toBe(true);
    expect(await client.authorized({ ...query, password: new Secret('Pa5sw0Rd') })).toBe(false);
    await client.close();
    const stranger = createMetaClient({ nodes: [url], username: 'admin', password: 'wrong' });
    await expect(stranger.users()).rejects.toMatchObject({ kind: 'refused' });
    await stranger.close();
  });
});
