import { describe, expect, it } from 'vitest';
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
    const said = await sandbox.waitFor('Ctrl-C ends it.');
    expect(said).toMatch(/^Meta node: http:\/\/127\.0\.0\.1:\d+ \(account admin\)\n/);
    expect(said).toContain('  kapadmin user create johndoe\n');
    sandbox.signal('SIGTERM');
    expect(await sandbox.ended).toEqual({
      code: 143,
      stdout: said,
      stderr: 'The sandbox has ended; nothing of it is kept.\n',
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
    await terminal.sees('Ctrl-C ends it.');
    terminal.press('ctrl-c');
    expect(await terminal.ended).toBe(130);
    expect(terminal.screen()).toContain('The sandbox has ended; nothing of it is kept.');
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
