import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inTerminal, kapadmin } from './harness.js';

const hostile = '\u001b]52;c;Y3VybA==\u0007\u001b[2J\u009b31m\u202e\u061c\u{e0041}FAKE: all fine';
const joiner = 'fam\u200dily';
const names = [hostile, joiner, 'two\nadmin', 'plain'];

let server: Server;
let env: Record<string, string>;

/** A meta node with users of hostile names. */
beforeAll(async () => {
  server = createServer((request, response) => {
    const isUsers = request.url?.startsWith('/user') === true;
    const body = isUsers ? { users: names.map((name) => ({ name, permissions: {} })) } : { roles: [] };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  env = { KAPADMIN_META_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** What a terminal obeys, or does not show; colours and the cursor of kapadmin itself left out. */
function obeyed(raw: string): string | undefined {
  const own = raw.replace(/\u001b\[(?:\d*(?:;\d+)*m|\?25[hl]|\d*[GKJ])/g, '').replaceAll(/[\r\n\t]/g, '');
  return /[\p{Cc}\p{Cf}\p{Co}]/u.exec(own)?.[0];
}

describe('attack M1: on a real terminal', () => {
  it.each(['csv', 'name', 'yaml', 'json', 'table'])(
    '-o %s of hostile names holds nothing that it obeys',
    async (format) => {
      const { code, raw } = await inTerminal(['user', 'list', '-o', format], { env });
      expect(code).toBe(0);
      expect(raw).toContain('FAKE: all fine');
      expect(raw).not.toContain('\u001b]52');
      expect(raw).not.toContain('\u001b[2J');
      expect(obeyed(raw)).toBeUndefined();
    },
  );

  it.each(['csv', 'name'])('-o %s says that it differs from the data', async (format) => {
    const { raw } = await inTerminal(['user', 'list', '-o', format], { env });
    expect(raw).toContain('escaped on a terminal');
  });
});

it('attack M1: the HTML of auth matrix holds nothing that a terminal obeys', async () => {
  const { stdout } = await kapadmin(['auth', 'matrix', '-o', 'html'], { env });
  expect(stdout).toContain('FAKE: all fine');
  expect(obeyed(stdout)).toBeUndefined();
});

describe('attack M1: in a pipe', () => {
  it('-o name gives names as they are, one a line', async () => {
    const { stdout } = await kapadmin(['user', 'list', '-o', 'name'], { env });
    expect(stdout.split('\n')).toEqual([hostile, joiner, 'plain', 'two\\x0aadmin', '']);
  });

  it('a name with a joiner goes to the next command', async () => {
    const { stdout } = await kapadmin(['user', 'list', '-o', 'name'], { env });
    const [, name = ''] = stdout.split('\n');
    const shown = await kapadmin(['user', 'show', name, '-o', 'json'], { env });
    expect(JSON.parse(shown.stdout)).toMatchObject({ name: joiner });
  });
});
