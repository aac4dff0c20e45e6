import { describe, expect, it } from 'vitest';
import { conformanceSchema } from '../../../src/output/schemas.js';
import { person } from '../doctor.js';
import { type Meddle, meddling } from '../../cli/proxy.js';
import { schemaFaults } from '../../output/views/schemas.js';
import { sandbox } from '../../sandbox/running.js';
import { aclServer, conform, factsOf, reportOf, switches } from './conformance.js';

describe('the facts of a sandbox', () => {
  it.each(Object.keys(switches))('%s', async (name) => {
    const { options, facts } = switches[name]!;
    const report = await reportOf(options);
    expect(factsOf(report)).toMatchObject(facts);
    expect(Object.keys(report.answers).toSorted()).toEqual(Object.keys(facts).toSorted());
    expect(report.ldap).toBe(options.ldap ?? false);
    expect(schemaFaults(conformanceSchema(), report)).toBe('');
  });
});

/** A sandbox behind a server that answers some requests itself. */
async function behind(meddle: Meddle) {
  const { url } = await sandbox();
  return conform([await meddling(url, meddle)]);
}

interface Sent {
  readonly action?: string;
  readonly user?: { readonly name: string; readonly hash?: string; readonly permissions?: object };
  readonly role?: { readonly name: string; readonly newName?: string; readonly users?: readonly string[] };
}

function sentIn(body: string): Sent {
  return body === '' ? {} : (JSON.parse(body) as Sent);
}

const refuse = (error: string, status = 400) => ({ status, answer: JSON.stringify({ error }) });

describe('the facts of servers of other kinds', () => {
  it('hashes that are refused at create', async () => {
    const { report } = await behind(({ path, body }) =>
      path === '/user' && sentIn(body).user?.hash !== undefined ? refuse('password required') : undefined,
    );
    expect(report?.answers['hash-at-create']?.facts).toEqual({
      bcrypt2a: 'refused',
      bcrypt2b: 'refused',
      bcrypt2y: 'refused',
      pbkdf2Sha256: 'refused',
      stored: 'refused',
    });
    expect(report?.answers['hash-at-create']?.responses).toContainEqual({
      request: 'POST /user create with hash bcrypt2b',
      status: 400,
      body: { error: 'string' },
      error: 'password required',
    });
  });

  it('PBKDF2 in user records, of which no part is written', async () => {
    const hash = '$pbkdf2-sha512$i=310000,l=64$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaA';
    const { report, text } = await behind(({ method, path }) => {
      if (method !== 'GET' || !path.startsWith('/user?name=')) return undefined;
      const name = new URL(path, 'http://x').searchParams.get('name');
      return { status: 200, answer: JSON.stringify({ users: [{ name, hash }] }) };
    });
    expect(report?.answers['stored-hash-form']?.facts).toMatchObject({ form: 'pbkdf2-sha512' });
    expect(report?.answers['hash-at-create']?.facts).toMatchObject({ bcrypt2a: 'changed', stored: 'kept' });
    expect(text).not.toContain('c2FsdHNh');
  });

  it('unknown permissions and databases that are refused, or ignored', async () => {
    const refused = await behind(({ body }) => {
      const { action, user } = sentIn(body);
      return action === 'add-permissions' && user !== undefined ? refuse('invalid permission') : undefined;
    });
    expect(refused.report?.answers['unknown-names']?.facts).toMatchObject({
      permission: 'refused',
      database: 'refused',
    });
    const ignored = await behind(({ body }) => {
      const { action, user } = sentIn(body);
      return action === 'add-permissions' && user !== undefined ? { status: 200, answer: '' } : undefined;
    });
    expect(ignored.report?.answers['unknown-names']?.facts).toMatchObject({
      permission: 'ignored',
      database: 'ignored',
    });
  });

  it('a role that is renamed by newName: it is removed under its new name', async () => {
    const renamed = new Map<string, string>();
    const { url } = await sandbox();
    const proxy = await meddling(url, ({ method, path, body }) => {
      const { action, role } = sentIn(body);
      if (action === 'update' && role?.newName !== undefined) {
        renamed.set(role.newName, role.name);
        return { status: 200, answer: '' };
      }
      const name = new URL(path, 'http://x').searchParams.get('name') ?? role?.name ?? '';
      if (renamed.has(name) && method === 'GET') return { status: 200, answer: JSON.stringify({ roles: [{ name }] }) };
      if (renamed.has(name) && action === 'delete') return { status: renamed.delete(name) ? 200 : 404, answer: '' };
      return undefined;
    });
    const { code, report } = await conform([proxy]);
    expect(report?.answers['role-new-name']?.facts).toEqual({
      rename: 'refused',
      changeName: 'refused',
      update: 'renamed',
    });
    expect([code, renamed.size]).toEqual([0, 0]);
  });

  it.each(['object', 'array'] as const)(
    'restrictions and grants in an %s, and grants of deleted users',
    async (shape) => {
      const acl = aclServer(shape);
      const database = { match: 'exact', value: 'kapadmin-probe-0123456789ff' };
      acl.stored['grants']?.push({ id: 'left-by-a-killed-run', database });
      const { report, code, text } = await behind(acl.meddle);
      expect(factsOf(report!)).toMatchObject({
        'acl-responses': { restrictionsIn: shape === 'array' ? 'array' : 'restrictions' },
        'acl-unknown-names': { database: 'accepted', user: 'accepted', role: 'accepted' },
        'acl-of-deleted-users': { grant: 'kept' },
      });
      expect(code).toBe(0);
      expect(acl.stored).toMatchObject({ restrictions: [{ id: '1' }], grants: [] });
      expect(text).not.toContain('secret-database');
      const entry = { id: 'string', database: { match: 'string', value: 'string' }, permissions: ['string'] };
      expect(report?.answers['acl-unknown-names']?.responses).toContainEqual(
        expect.objectContaining({
          request: 'GET /influxdb/v2/acl/restrictions',
          body: shape === 'array' ? [entry] : { restrictions: [entry] },
        }),
      );
    },
  );

  it('roles that are accepted and are not there: ignored, and the rest unknown', async () => {
    const { report, code } = await behind(({ method, path }) =>
      path.startsWith('/role') ? { status: 200, answer: method === 'GET' ? '{}' : '' } : undefined,
    );
    expect(report?.answers['role-create-contents']?.facts).toEqual({ permissions: 'ignored', users: 'ignored' });
    expect(report?.answers['roles-in-user-records']?.unknown).toBe('the role or its member does not read back');
    expect(report?.answers['unknown-names']?.facts).toMatchObject({ member: 'ignored' });
    expect(code).toBe(0);
  });

  it('a role that does not read back: unknown', async () => {
    const { report } = await behind(({ method, path }) =>
      method === 'GET' && path.startsWith('/role?name=') ? refuse('role not found', 404) : undefined,
    );
    expect(report?.answers['roles-in-user-records']).toMatchObject({
      facts: {},
      unknown: 'the role or its member does not read back',
    });
  });
});

describe('a report', () => {
  it('holds nothing of what was sent, although the cluster sends it back', async () => {
    const sent: string[] = [];
    const { url } = await sandbox();
    const proxy = await meddling(url, ({ method, path, body }) => {
      const fields = sentIn(body).user as { password?: string; hash?: string } | undefined;
      sent.push(...[fields?.password, fields?.hash].filter((secret) => secret !== undefined));
      return method === 'POST' && path === '/role' ? refuse(`cannot do it with ${sent.join(' ')}`) : undefined;
    });
    const { text, stdout, stderr } = await conform([proxy], ['--debug', '--show-request']);
    expect(text).toContain('cannot do it with');
    expect(sent.length).toBeGreaterThan(5);
    for (const out of [text, stdout, stderr]) expect(sent.filter((secret) => out.includes(secret))).toEqual([]);
  });

  it('is not written where a user record has an unknown shape; nothing is left', async () => {
    let created = 0;
    const { code, stderr, report } = await behind(({ method, path, body }) => {
      if (sentIn(body).action === 'create') created += 1;
      return method === 'GET' && path.startsWith('/user?name=') ? { status: 200, answer: '[]' } : undefined;
    });
    expect([code, created, report]).toEqual([8, 1, undefined]);
    expect(stderr).toMatch(/the response has an unknown shape .*; all temporary users and roles were removed\n/);
  });

  it('holds no names, hosts or secrets, whatever the cluster says', async () => {
    const seed = { users: [person('johndoe', { telegraf: ['ReadData'] })], roles: [] };
    const { url } = await sandbox({ seed });
    const said = `user "johndoe" of meta-7.example.com:8091 and telegraf at 10.0.0.7, admin: johndoe's key 12345`;
    const proxy = await meddling(url, ({ path, body }) => {
      if (path.startsWith('/authorized')) return refuse(`${said} ${path}`, 401);
      if (sentIn(body).action === 'update')
        return { status: 400, answer: JSON.stringify({ johndoe: 1, telegraf: {}, error: `no johndoe ${body}` }) };
      return path.startsWith('/status') ? undefined : undefined;
    });
    const { text, report, stdout } = await conform([proxy]);
    const names = [
      'johndoe',
      'telegraf',
      'example',
      'admin',
      'changeit',
      '127.0.0.1',
      '10.0.0',
      '12345',
      '$2a$',
      '$2b$',
    ];
    const plain = `${text}\n${stdout}`.replaceAll('kapadmin', '');
    expect([...names, '-probe'].filter((name) => plain.includes(name))).toEqual([]);
    expect(report?.answers['stored-hash-form']?.facts).toMatchObject({ logsIn: false });
  });
});
