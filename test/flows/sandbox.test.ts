import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../folder.js';
import { overHttp } from '../sandbox/meta-node/over-http.js';
import { kapadmin, openTerminal, start } from './harness.js';

const words = ['sandbox', '--port', '0', '--bcrypt-cost', '4'];
const account = { KAPADMIN_META_USERNAME: 'admin', KAPADMIN_META_PASSWORD: 'changeit' };

interface Ready {
  readonly meta: readonly string[];
  readonly kapacitor: string | null;
  readonly username: string;
}

describe('sandbox', () => {
  it('in a pipe', async () => {
    const sandbox = await start(words);
    const said = await sandbox.waitFor('Press Ctrl-C to stop.');
    expect(said).toMatch(/^Meta node: http:\/\/127\.0\.0\.1:\d+ \(account admin\)\n/);
    expect(said).toContain('  kapadmin user create johndoe\n');
    sandbox.signal('SIGTERM');
    expect(await sandbox.ended).toEqual({
      code: 143,
      stdout: said,
      stderr: 'Sandbox stopped; its state was discarded.\n',
    });
  });

  it('with -o json', async () => {
    const sandbox = await start([...words, '-o', 'json']);
    const { meta, kapacitor, username } = JSON.parse(await sandbox.waitFor('\n')) as Ready;
    expect(username).toBe('admin');
    expect(kapacitor).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const [url = ''] = meta;
    const listed = await kapadmin(['user', 'list', '-o', 'name'], { env: { KAPADMIN_META_URL: url, ...account } });
    expect(listed).toEqual({ code: 0, stdout: 'admin\n', stderr: '' });
    sandbox.signal('SIGINT');
    expect((await sandbox.ended).code).toBe(130);
  });

  it('in a terminal', async () => {
    const terminal = await openTerminal(words);
    await terminal.sees('Press Ctrl-C to stop.');
    terminal.press('ctrl-c');
    expect(await terminal.ended).toBe(130);
    expect(terminal.screen()).toContain('Sandbox stopped; its state was discarded.');
  });

  it('lets KapacitorAPI alone make an admin, and forget a user at once', async () => {
    const seed = path.join(
      makeFolder({ 'seed.yaml': 'users: [{ name: joe, password: pw, permissions: { "": [KapacitorAPI] } }]' }),
      'seed.yaml',
    );
    const sandbox = await start([...words, '-o', 'json', '--seed', seed, '--kapacitor-version', '1.6.4']);
    const { meta, kapacitor } = JSON.parse(await sandbox.waitFor('\n')) as Ready;
    const ask = async (as: string, line: string, body: object | string = '') => {
      const { status, headers } = await overHttp(kapacitor ?? '', line.replace(' ', ' /kapacitor/v1'), { as, body });
      expect(headers['x-kapacitor-version']).toBe('1.6.4');
      return status;
    };
    const ghost = { name: 'ghost', password: 'boo', type: 'admin' };
    expect(await ask('joe:pw', 'GET /config')).toBe(403);
    expect(await ask('joe:pw', 'POST /users', ghost)).toBe(200);
    expect(await ask('ghost:boo', 'GET /config')).toBe(200);
    expect(await ask('joe:pw', 'DELETE /users/ghost')).toBe(204);
    const env = { KAPADMIN_META_URL: meta[0] ?? '', ...account };
    expect(await kapadmin(['user', 'grant', 'joe', 'KapacitorConfigAPI', '-q'], { env })).toMatchObject({ code: 0 });
    expect(await ask('joe:pw', 'GET /config')).toBe(403);
    expect(await ask('joe:pw', 'DELETE /users/joe')).toBe(204);
    expect(await ask('joe:pw', 'GET /config')).toBe(200);
    sandbox.signal('SIGTERM');
    await sandbox.ended;
  });

  it('attack L14: does not share its data file', async () => {
    const file = path.join(makeFolder(), 'data.json');
    const first = await start([...words, '-o', 'json', '--data', file]);
    await first.waitFor('\n');
    const second = await kapadmin([...words, '--data', file]);
    expect(second).toMatchObject({ code: 2, stdout: '' });
    expect(second.stderr).toMatch(/data\.json: another kapadmin \(process \d+\) is using it/);
    first.signal('SIGTERM');
    await first.ended;
  });

  it('says which versions of Kapacitor there are', async () => {
    const { code, stderr } = await kapadmin(['sandbox', '--kapacitor-version', '1.5']);
    expect(code).toBe(2);
    expect(stderr).toContain('"1.5" is not a known release of Kapacitor');
    expect(stderr).toContain('1.6.0 to 1.8.3');
  });

  it('says when its port is taken', async () => {
    const first = await start([...words, '-o', 'json']);
    const { meta } = JSON.parse(await first.waitFor('\n')) as Ready;
    const port = new URL(meta[0] ?? '').port;
    const { code, stdout, stderr } = await kapadmin(['sandbox', '--port', port]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(port);
    first.signal('SIGTERM');
    await first.ended;
  });
});
