import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../folder.js';
import { admin, basic, type Sent } from '../sandbox/meta-node/ask.js';
import { overHttp } from '../sandbox/meta-node/over-http.js';
import { maskHashes, rows, type Row } from '../sandbox/meta-node/requests.js';
import { start, type Running } from './harness.js';

interface Ready {
  readonly running: Running;
  readonly urls: readonly string[];
  readonly url: string;
}

async function ready(...words: string[]): Promise<Ready> {
  const running = await start(['sandbox', '--port', '0', '--bcrypt-cost', '4', '-o', 'json', ...words]);
  const { meta } = JSON.parse(await running.waitFor('\n')) as { meta: string[] };
  return { running, urls: meta, url: meta[0] ?? '' };
}

const create = (name: string): Sent => ({ ...admin, body: { action: 'create', user: { name, hash: 'x' } } });

/** What curl gets for a request: status and body. */
async function curl(url: string, { line, sent: { as, body } }: Row): Promise<[number, string]> {
  const [method = '', target = ''] = line.split(' ');
  const data = body === undefined ? [] : ['-d', typeof body === 'string' ? body : JSON.stringify(body)];
  const account = as === undefined ? [] : ['-H', `Authorization: ${basic(as)}`];
  const words = ['-s', '-X', method, '-w', '\n%{http_code}', ...account, ...data, `${url}${target}`];
  const { stdout } = await promisify(execFile)('curl', words);
  const end = stdout.lastIndexOf('\n');
  return [Number(stdout.slice(end + 1)), maskHashes(stdout.slice(0, end))];
}

describe('a sandbox in a process of its own', () => {
  it('answers curl as documented', async () => {
    const folder = makeFolder({ 'seed.yaml': 'users: [{ name: johndoe, password: Pa5sw0Rd }]' });
    const { running, url } = await ready('--seed', path.join(folder, 'seed.yaml'));
    for (const row of rows) {
      expect([row.line, row.sent.body, ...(await curl(url, row))]).toEqual([
        row.line,
        row.sent.body,
        row.status,
        row.body,
      ]);
    }
    running.signal('SIGTERM');
    await running.ended;
  });

  it('has another leader after SIGUSR2', async () => {
    const { running, urls } = await ready('--nodes', '3');
    const statuses = async (name: string): Promise<number[]> => {
      const all = await Promise.all(urls.map((node) => overHttp(node, 'POST /user', create(name))));
      return all.map(({ status }) => status);
    };
    expect(await statuses('a')).toEqual([200, 307, 307]);
    running.signal('SIGUSR2');
    let moved: number[] = [];
    for (let i = 0; i < 100 && moved[1] !== 200; i++) moved = await statuses(`b${i}`);
    expect(moved).toEqual([307, 200, 307]);
    running.signal('SIGTERM');
    await running.ended;
  });

  it('leaves its data file whole when it is killed, and with everything after a clean end', async () => {
    const file = path.join(makeFolder(), 'data');
    const first = await ready('--data', file);
    const writing = Array.from({ length: 200 }, (_, i) => overHttp(first.url, 'POST /user', create(`u${i}`)));
    await writing[0];
    first.running.signal('SIGKILL');
    await Promise.allSettled([...writing, first.running.ended]);
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ kapadminSandbox: 1 });
    const second = await ready('--data', file);
    await overHttp(second.url, 'POST /user', create('kept'));
    second.running.signal('SIGINT');
    expect((await second.running.ended).stderr).toBe(`Sandbox stopped; its state was saved in ${file}.\n`);
    expect(await readFile(file, 'utf8')).toContain('"kept"');
  });
});
