import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { serve, type Handler } from '../meta/server.js';
import { runLine } from '../run.js';
import { cluster, type Small } from './cluster.js';

const some: Small = { users: { johndoe: {} }, roles: { ops: {} } };
const telegraf = { database: { match: 'exact', value: 'telegraf' }, permissions: ['read', 'write'] };

interface Printed {
  readonly note: string;
  readonly restrictions: readonly object[];
  readonly grants: readonly object[];
  readonly changes: readonly { readonly id: string | null; readonly status: string }[];
}

const parse = (text: string): Printed => JSON.parse(text) as Printed;

/** A node that lists `entries` and answers writes with `write`. */
function fake(
  entries: object[],
  write: (response: ServerResponse, method: string) => void,
  list: (e: object[]) => unknown = (e) => e,
) {
  const handler: Handler = ({ method }, response) =>
    method === 'GET' ? response.end(JSON.stringify(list(entries))) : write(response, method);
  return serve(handler);
}

const at = (url: string, wait = '0') => ({
  env: { KAPADMIN_META_URL: url, KAPADMIN_RETRIES: '0', KAPADMIN_WAIT: wait },
});

describe('acl', () => {
  it('restricts, grants, lists and deletes, also by way of a follower', async () => {
    const { run, urls } = await cluster(some, { nodes: 2 });
    const follower = ['--meta-url', urls[1] ?? ''];
    const made = await run(['acl', 'restrict', 'read', 'write', '--db', 'telegraf', '--yes', ...follower]);
    expect(made).toMatchObject({ code: 0, stdout: 'created restriction/1 (read, write on database telegraf)\n' });
    expect(made.stderr).toBe(
      'Restrictions limit neither Flux queries nor admin users.\n' +
        'This command is experimental: built from the documentation; a real cluster may respond otherwise.\n',
    );
    const granted = await run([
      ...'acl grant read --db telegraf --measurement-prefix cpu --tag dc=east --user johndoe --role ops'.split(' '),
      ...follower,
    ]);
    expect(granted.stdout).toBe(
      'created grant/2 (read on database telegraf, measurement prefix cpu, tag "dc=east" for user johndoe, role ops)\n',
    );
    expect(granted.stderr).toContain(
      'A grant gives nothing without ReadData on the database, granted directly or through a role.\n',
    );
    const { note, restrictions, grants } = parse((await run(['acl', 'list', '-o', 'json'])).stdout);
    expect(note).toBe('experimental: built from the documentation');
    expect(restrictions).toEqual([{ id: '1', ...telegraf }]);
    expect(grants).toEqual([
      {
        id: '2',
        database: telegraf.database,
        measurement: { match: 'prefix', value: 'cpu' },
        tags: [{ match: 'exact', key: 'dc', value: 'east' }],
        permissions: ['read'],
        users: [{ name: 'johndoe' }],
        roles: [{ name: 'ops' }],
      },
    ]);
    const gone = await run(['acl', 'delete', 'restriction/1', 'grant/2', '--yes', '-o', 'json', ...follower]);
    expect(parse(gone.stdout).changes.map(({ id, status }) => [id, status])).toEqual([
      ['1', 'done'],
      ['2', 'done'],
    ]);
    expect((await run(['acl', 'list'])).stdout).toBe('no restrictions or grants\n');
  });

  it('warns that a restriction by tag leaves writes open, when it is made and when it is listed', async () => {
    const { run } = await cluster(some);
    const warning = 'leaves writes of points without its tags open: it covers only points that have them';
    const words = ['acl', 'restrict', '--db', 'telegraf', '--tag', 'dc=east', '--yes'];
    expect((await run([...words, 'read'])).stderr).not.toContain(warning);
    expect((await run([...words, 'write'])).stderr).toContain(`warning: this restriction ${warning}\n`);
    expect((await run(['acl', 'list'])).stderr).toContain(`warning: restriction/2 ${warning}\n`);
  });

  it('sends nothing twice, and in a dry run nothing', async () => {
    const { run } = await cluster(some);
    const words = ['acl', 'restrict', 'write', 'read', '--db', 'telegraf'];
    const dry = await run([...words, '--dry-run']);
    expect(dry.stdout).toBe('would create restriction (read, write on database telegraf)\n');
    expect((await run(['acl', 'list'])).stdout).toBe('no restrictions or grants\n');
    await run([...words, '--yes']);
    const again = await run([...words, '--yes']);
    expect(again).toMatchObject({ code: 0, stdout: '' });
    expect(again.stderr).toContain('restriction/1 (read, write on database telegraf) already exists\n');
    expect(parse((await run(['acl', 'list', '-o', 'json'])).stdout).restrictions).toHaveLength(1);
  });

  it('shows what is not documented', async () => {
    const { url } = await fake(
      [{ id: 7, ...telegraf, org: 'x' }],
      () => undefined,
      (e) => ({ data: e }),
    );
    const { stdout } = await runLine(['acl', 'list'], at(url));
    expect(stdout).toMatch(/^restriction\/7 +read, write +database telegraf +\{"org":"x"\}$/m);
    expect(parse((await runLine(['acl', 'list', '-o', 'json'], at(url))).stdout).grants).toEqual([
      { id: 7, ...telegraf, org: 'x' },
    ]);
  });

  const restrict = ['acl', 'restrict', 'read', 'write', '--db', 'telegraf', '--yes', '-o', 'json'];
  const remove = ['acl', 'delete', 'restriction/7', '--yes', '-o', 'json'];
  const old = { id: '7', ...telegraf, permissions: ['read'] };

  const made = { id: '9', ...telegraf };
  const answer = (status: number, body?: string) => (r: ServerResponse) => void r.writeHead(status).end(body);
  const cut = (r: ServerResponse) => void r.destroy();

  it.each<[string, readonly string[], readonly object[], (response: ServerResponse) => void, number, string, string?]>([
    ['201 and the entry', restrict, [old, made], answer(201, '{"restriction":{"id":9}}'), 0, 'done', '9'],
    ['200 and nothing', restrict, [old, made], answer(200), 0, 'done', '9'],
    ['no response, but it is done', restrict, [old, made], cut, 0, 'done', '9'],
    ['no response, and it is not seen', restrict, [old], cut, 7, 'unknown'],
    ['200, and it is not seen', restrict, [old], answer(200), 7, 'unknown'],
    ['200 with an error', restrict, [old], answer(200, '{"error":"no"}'), 7, 'unknown'],
    ['400', restrict, [old], answer(400, '{"error":"no"}'), 8, 'failed'],
    ['403', restrict, [old], answer(403, '{"error":"no"}'), 4, 'failed'],
    ['204', remove, [], answer(204), 0, 'done', '7'],
    ['no response, but it is gone', remove, [], cut, 0, 'done', '7'],
    ['204, and it is still there', remove, [old], answer(204), 7, 'unknown', '7'],
    ['404 after all', remove, [old], answer(404, '{"error":"gone"}'), 8, 'failed', '7'],
  ])('tells the truth of a write: %s', async (_, words, after, respond, code, status, id) => {
    const entries: object[] = [old];
    const { url } = await fake(entries, (response) => {
      entries.splice(0, 1, ...after);
      respond(response);
    });
    const ran = await runLine(words, at(url));
    const change = expect.objectContaining({ status, id: id ?? null }) as object;
    expect([ran.code, parse(ran.stdout).changes]).toEqual([code, [change]]);
  });

  it('waits for a write to become visible', async () => {
    const entries: object[] = [];
    let lists = 0;
    const { url } = await fake(
      entries,
      (response) => response.writeHead(204).end(),
      (e) => (++lists === 4 ? [{ id: '1', ...telegraf }] : e),
    );
    expect((await runLine(restrict, at(url, '30s'))).code).toBe(0);
  });

  it('says so where a node has no such endpoints', async () => {
    const { url } = await serve((_, response) => response.writeHead(404).end('404 page not found'));
    const { code, stderr } = await runLine(['acl', 'list'], at(url));
    expect(code).toBe(8);
    expect(stderr).toContain('This node has no endpoints for fine-grained authorization');
  });

  it.each([
    [['restrict', 'read', '--db', 'x'], 2, 'acl restrict requires --yes without a terminal'],
    [['restrict', 'ReadData', '--db', 'x'], 2, 'unknown permission "ReadData"'],
    [['restrict', 'read'], 2, 'no database given'],
    [['restrict', 'read', '--db', 'x', '--db-prefix', 'y'], 2, '--db and --db-prefix cannot be combined'],
    [['restrict', 'read', '--db', ''], 2, '--db: the name is empty'],
    [['restrict', 'read', '--db', 'x', '--tag', '=east'], 2, '--tag: "=east" is not KEY=VALUE'],
    [['grant', 'read', '--db', 'x'], 2, 'no user or role given'],
    [['grant', 'read', '--db', 'x', '--user', 'johndo'], 5, 'cannot create a grant: user "johndo" not found'],
    [['grant', 'read', '--db', 'x', '--role', 'opx'], 5, 'cannot create a grant: role "opx" not found'],
    [['delete', 'grant/1'], 2, 'deleting grant 1 requires --yes'],
    [['delete', 'grant/1', '--yes'], 5, 'cannot delete grant/1: not found'],
    [['delete', 'grant/..', '--yes'], 2, '"grant/.." is not restriction/ID or grant/ID'],
    [['delete', 'role/1', '--yes'], 2, '"role/1" is not restriction/ID or grant/ID'],
  ])('%j: exit %i, %s', async (words, code, told) => {
    const { run } = await cluster(some);
    const ran = await run(['acl', ...words]);
    expect([ran.code, ran.stdout]).toEqual([code, '']);
    expect(ran.stderr).toContain(told);
  });
});
