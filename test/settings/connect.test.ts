import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectMetaClient } from '../../src/settings/connect.js';
import type { GlobalFlags } from '../../src/settings/flags.js';
import { createLogger } from '../../src/output/logger.js';
import { plainStyle } from '../../src/output/style.js';
import { placeOf, type Place } from './resolve.js';

const asked: IncomingMessage[] = [];
const server = createServer((request, answer) => {
  asked.push(request);
  request.resume();
  answer.setHeader('content-type', 'application/json');
  answer.end(request.method === 'GET' ? '{"users":[]}' : '');
});
let url = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

/** Reads the users through the connection of a place; what was told on stderr. */
async function readUsers(flags: GlobalFlags, place: Place = {}): Promise<string> {
  const all = { ...flags, metaUrl: [url] };
  const { context, resolve } = placeOf({ ...place, flags: all });
  const logger = createLogger((text) => context.io.err(text), plainStyle, flags);
  const client = await connectMetaClient(await resolve(), context, logger, all);
  try {
    await client.users();
  } finally {
    await client.close();
  }
  return context.stderr();
}

const account = { KAPADMIN_META_USERNAME: 'joe', KAPADMIN_META_PASSWORD: 'hush-hush' };
const encoded = Buffer.from('joe:hush-hush').toString('base64');

describe('the client of a connection', () => {
  it('sends the credentials, and prints nothing by default', async () => {
    expect(await readUsers({}, { env: account })).toBe('');
    expect(asked.at(-1)?.headers).toMatchObject({
      authorization: `Basic ${encoded}`,
      'user-agent': 'kapadmin/0.0.0-test',
    });
  });

  it('reports each request as a curl line with --show-request, its secrets out', async () => {
    const told = await readUsers({ showRequest: true }, { env: account });
    expect(told).toMatch(/^curl .*-u 'joe:\*\*\*'.* http:\/\/127\.0\.0\.1:\d+\/user\n$/);
    expect(told).not.toContain(encoded);
  });

  it('reports requests and answers with --debug, without secrets', async () => {
    const told = await readUsers({ debug: true }, { env: account });
    expect(told).toMatch(/debug: meta nodes http:\/\/127\.0\.0\.1:\d+, account joe\n/);
    expect(told).toMatch(/debug: #1 GET http:.*\/user\ndebug: #1 200 in \d+ ms, 12 bytes\n/);
    expect(told).not.toMatch(new RegExp(`hush|${encoded}`));
  });

  it('signs tokens with a shared secret', async () => {
    const place = placeOf({});
    await place.context.files.writeFileAtomic(`${place.context.cwd}/secret`, 'shh-shh\n', 0o600);
    const told = await readUsers(
      { debug: true, showRequest: true, metaSecretFile: 'secret' },
      { cwd: place.context.cwd },
    );
    expect(asked.at(-1)?.headers.authorization).toMatch(/^Bearer \S+\.\S+\.\S+$/);
    expect(told).toContain('Authorization: Bearer ***');
    expect(told).toContain('bearer token of the internal user');
    expect(told).not.toMatch(/shh|eyJ/);
  });
});
