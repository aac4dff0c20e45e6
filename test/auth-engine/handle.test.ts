import { describe, expect, it } from 'vitest';
import { type Trace, findVerdict } from '../../src/auth-engine/trace.js';
import { type Asked, basic, Kapacitor, minute, startSeconds, step, token } from './engine.js';

const users = {
  johndoe: { password: 'right', permissions: { '': ['KapacitorAPI'] } },
  config: { password: 'right', permissions: { '': ['KapacitorConfigAPI'] } },
  writer: { password: 'right', permissions: { telegraf: ['WriteData'] } },
  both: { password: 'right', permissions: { '': ['KapacitorAPI'], telegraf: ['WriteData'] } },
  nobody: { password: 'right' },
};

type Name = keyof typeof users;

function as(user: Name, method = 'GET', path = '/kapacitor/v1/tasks'): Asked {
  return { user, password: 'right', method, path };
}

function kinds(trace: Trace): string {
  return trace.map(({ kind }) => kind).join(' ');
}

function rejected(user: string, privilege: string, path: string): string {
  return `403 user ${user} does not have "${privilege}" privilege for API endpoint ${path}`;
}

describe('1 before any credential is looked at', () => {
  const open = ['400 ', '404 ', '301 /a/b', 'allow', 'allow'];

  it('the first rule that applies decides, without a look at the credentials', () => {
    const kapacitor = new Kapacitor(users);
    const requests: Asked[] = [
      { path: '/%zz', method: 'TRACE' },
      { path: '/a//b', method: 'TRACE' },
      { path: '/a//b', method: 'OPTIONS' },
      { path: '/a/b', method: 'OPTIONS' },
      { path: '*', method: 'OPTIONS' },
    ];
    expect(requests.map((request) => kapacitor.says(request))).toEqual(open.map((one) => one.trim()));
    for (const request of requests) expect(kinds(kapacitor.trace(request)).split(' ')).toHaveLength(2);
    expect(kapacitor.asked).toEqual([]);
  });

  it.each([
    ['/%zz', 'GET', '1.0', 'bad-request', 400],
    ['*', 'GET', '1.0', 'bad-request', 400],
    ['/', 'BREW', '1.1', 'unrouted', 404],
    ['/a/../b', 'GET', '1.2', 'redirect', 301],
  ])('%s %s ends by rule %s: %s', (path, method, rule, verdict, status) => {
    const last = new Kapacitor(users).verdict({ path, method });
    expect(last).toMatchObject({ outcome: 'fail', rule, verdict, status, user: null, message: null });
  });

  it('where authentication is off everybody is the admin', () => {
    const kapacitor = new Kapacitor(users, { authEnabled: false });
    for (const request of [{}, { authorization: 'Bearer x' }, { path: '/kapacitor/v1/config', method: 'DELETE' }]) {
      expect(kapacitor.verdict(request)).toMatchObject({ verdict: 'allow', user: 'ADMIN_USER' });
    }
    expect(kinds(kapacitor.trace({ path: '/write?db=x', method: 'POST' }))).toBe('open database verdict');
    expect(kapacitor.says({ path: '/write?db=x', method: 'POST' })).toBe('allow');
    expect(kinds(kapacitor.trace({ path: '/kapacitor/v1preview/a' }))).toBe('open preview open verdict');
  });

  it('pprof pages send no lookup', () => {
    const kapacitor = new Kapacitor(users, { pprofEnabled: true });
    expect(kapacitor.verdict({ path: '/kapacitor/v1/debug/vars' })).toMatchObject({
      verdict: 'allow',
      user: 'ADMIN_USER',
    });
    expect(kapacitor.says({ path: '/kapacitor/v1/debug/pprof' })).toContain('401');
  });

  it('a preview of a pprof page asks once, before it is rewritten', () => {
    const kapacitor = new Kapacitor(users, { pprofEnabled: true });
    const trace = kapacitor.trace(as('johndoe', 'GET', '/kapacitor/v1preview/debug/vars'));
    expect(kinds(trace)).toMatch(/^credentials .* privileges preview open verdict$/);
  });
});

describe('1.6 noauth', () => {
  const kapacitor = new Kapacitor(users, { users: 'noauth', sharedSecret: 's' });

  it('any name and password is the admin', () => {
    const trace = kapacitor.trace({ user: 'who', password: 'ever', method: 'DELETE', path: '/kapacitor/v1/config/x' });
    expect(findVerdict(trace)).toMatchObject({ verdict: 'allow', user: 'who' });
    expect(kinds(trace)).toBe('credentials noauth privileges verdict');
    expect(step(trace, 'privileges')).toMatchObject({ admin: true, decidedBy: 'admin', outcome: 'pass' });
    expect(kapacitor.asked).toEqual([]);
  });

  it('but credentials must parse', () => {
    expect(kapacitor.says({})).toBe('401 unable to parse authentication credentials');
    expect(kapacitor.says({ authorization: basic('', 'x') })).toBe('401 username required');
    expect(kapacitor.says({ path: '/kapacitor/v1/tasks?u=a&p=b' })).toBe('allow');
  });

  it('a bearer token is verified', () => {
    const good = { username: 'johndoe', exp: startSeconds + 60 };
    expect(kapacitor.verdict({ authorization: `Bearer ${token(good, 's')}` })).toMatchObject({ user: 'johndoe' });
    expect(kapacitor.says({ authorization: `Bearer ${token(good, '')}` })).toBe(
      '401 invalid token: signature is invalid',
    );
  });

  it('writes anywhere', () => {
    expect(kapacitor.says({ user: 'a', password: 'b', method: 'POST', path: '/write?db=x' })).toBe('allow');
  });
});

describe('2 credentials', () => {
  it('that are missing or wrong are a 401', () => {
    const kapacitor = new Kapacitor(users);
    expect(kapacitor.says({})).toBe('401 unable to parse authentication credentials');
    expect(kapacitor.says({ user: '', password: 'x' })).toBe('401 username required');
    expect(kapacitor.says({ user: 'johndoe', password: 'x' })).toBe('401 authorization failed');
    expect(kapacitor.says({ authorization: 'Bearer x' })).toContain('401 invalid token:');
    expect(kapacitor.verdict({})).toMatchObject({ rule: '2.6', plain: false, user: null });
  });

  it('of two headers the first counts', () => {
    const kapacitor = new Kapacitor(users);
    const right = ['Authorization', basic('johndoe', 'right')] as const;
    const wrong = ['authorization', basic('johndoe', 'wrong')] as const;
    expect(kapacitor.says({ headers: [right, wrong] })).toBe('allow');
    expect(kapacitor.says({ headers: [wrong, right] })).toBe('401 authorization failed');
    expect(kapacitor.says({ headers: [['Authorization', ''], right] })).toContain('unable to parse');
  });

  it('in the query log in, too', () => {
    const kapacitor = new Kapacitor(users);
    expect(kapacitor.says({ path: '/kapacitor/v1/tasks?u=johndoe&p=right' })).toBe('allow');
    expect(kapacitor.says({ path: 'http://other/kapacitor/v1/tasks?u=johndoe&p=right' })).toBe('allow');
    expect(kapacitor.says({ path: '/kapacitor/v1/tasks?u=johndoe&p=wrong' })).toBe('401 authorization failed');
  });

  it('a bearer is looked up without a password', () => {
    const kapacitor = new Kapacitor(users, { sharedSecret: 's' });
    const trace = kapacitor.trace({
      authorization: `Bearer ${token({ username: 'config', exp: startSeconds + 60 }, 's')}`,
    });
    expect(kinds(trace)).toBe('credentials token user-cache lookup user-record privileges verdict');
    expect(findVerdict(trace)).toMatchObject({ status: 403, user: 'config' });
    expect(step(trace, 'token')).toMatchObject({
      user: 'config',
      algorithm: 'HS256',
      emptySecret: false,
      outcome: 'pass',
    });
  });

  it('a token expires by the clock of the daemon', () => {
    const kapacitor = new Kapacitor(users);
    const authorization = `Bearer ${token({ username: 'johndoe', exp: startSeconds + 60 })}`;
    expect(kapacitor.says({ authorization }, minute - 1)).toBe('allow');
    expect(kapacitor.says({ authorization }, minute)).toBe('401 invalid token: Token is expired');
    expect(step(kapacitor.trace({ authorization }), 'token').emptySecret).toBe(true);
  });
});

describe('6 authorization', () => {
  it.each<[Name, string, string, string]>([
    ['johndoe', 'GET', '/kapacitor/v1/tasks', 'allow'],
    ['johndoe', 'DELETE', '/kapacitor/v1/tasks/x', 'allow'],
    ['johndoe', 'GET', '/kapacitor/v1/config', rejected('johndoe', 'read', '"/kapacitor/v1/config"')],
    ['johndoe', 'POST', '/kapacitor/v1/config/a', rejected('johndoe', 'write', '"/kapacitor/v1/config/a"')],
    ['johndoe', 'GET', '/kapacitor/v1config', rejected('johndoe', 'read', '"/kapacitor/v1config"')],
    ['johndoe', 'HEAD', '/kapacitor/v1/config', 'allow'],
    ['config', 'GET', '/kapacitor/v1/config', 'allow'],
    ['config', 'GET', '/kapacitor/v1/ping', 'allow'],
    ['config', 'PATCH', '/kapacitor/v1/tasks/x', rejected('config', 'write', '"/kapacitor/v1/tasks/x"')],
    ['config', 'PUT', '/kapacitor/v1/tasks/x', rejected('config', 'write', '"/kapacitor/v1/tasks/x"')],
    ['config', 'DELETE', '/kapacitor/v1/tasks/x', rejected('config', 'delete', '"/kapacitor/v1/tasks/x"')],
    ['writer', 'GET', '/kapacitor/v1/write', rejected('writer', 'read', '"/kapacitor/v1/write"')],
    ['nobody', 'GET', '/kapacitor/v1/ping', rejected('nobody', 'read', '"/kapacitor/v1/ping"')],
    ['nobody', 'HEAD', '/', 'allow'],
    ['nobody', 'GET', '/', rejected('nobody', 'read', '"/"')],
  ])('%s %s %s: %s', (user, method, path, said) => {
    expect(new Kapacitor(users).says(as(user, method, path))).toBe(said);
  });

  it('names the decoded path as %q does, and the user as it is', () => {
    const kapacitor = new Kapacitor({ 'a"\n': { password: 'p' } });
    const says = (path: string): string => kapacitor.says({ user: 'a"\n', password: 'p', path });
    expect(says('/a%22%0A%C3%A9')).toBe(rejected('a"\n', 'read', '"/a\\"\\n\u00c3\u00a9"'));
    expect(says('/a%ffb%00?c')).toBe(rejected('a"\n', 'read', '"/a\\xffb\\x00"'));
    expect(says('/a%C2%AD')).toBe(rejected('a"\n', 'read', '"/a\\u00ad"'));
  });

  it('reports the entry that decided', () => {
    const kapacitor = new Kapacitor(users);
    expect(step(kapacitor.trace(as('johndoe', 'GET', '/kapacitor/v1/config/x')), 'privileges')).toMatchObject({
      outcome: 'fail',
      rule: '6.0',
      needed: 'read',
      path: '/kapacitor/v1/config/x',
      resource: '/api/config/x',
      decidedBy: 'entry',
      entry: '/api/config',
      mask: 1,
    });
    const none = step(kapacitor.trace(as('nobody')), 'privileges');
    expect(none).toMatchObject({ decidedBy: 'no-entry', entry: undefined, mask: 0, outcome: 'fail' });
    const head = step(kapacitor.trace(as('nobody', 'HEAD')), 'privileges');
    expect(head).toMatchObject({ decidedBy: 'nothing-needed', outcome: 'pass', needed: 'none' });
  });
});

describe('6 preview', () => {
  it('is decided twice, authentication included', () => {
    const kapacitor = new Kapacitor(users, { cacheExpiration: 0 });
    const trace = kapacitor.trace(as('johndoe', 'GET', '/kapacitor/v1preview/tasks'));
    expect(kinds(trace)).toBe(
      'credentials user-cache lookup user-record password privileges preview ' +
        'credentials user-cache lookup user-record password privileges verdict',
    );
    expect(trace.filter((one) => one.kind === 'password').map(({ by }) => by)).toEqual(['bcrypt', 'password-cache']);
    expect(kapacitor.asked).toHaveLength(2);
    expect(step(trace, 'preview').path).toBe('/kapacitor/v1/tasks');
  });

  it('names the path of the round that refuses', () => {
    const kapacitor = new Kapacitor(users);
    expect(kapacitor.says(as('config', 'GET', '/kapacitor/v1preview/config'))).toBe(
      rejected('config', 'read', '"/kapacitor/v1preview/config"'),
    );
    expect(kapacitor.says(as('johndoe', 'GET', '/kapacitor/v1preview/config'))).toBe(
      rejected('johndoe', 'read', '"/kapacitor/v1/config"'),
    );
  });

  it('of a write needs the database', () => {
    const kapacitor = new Kapacitor(users);
    expect(kapacitor.says(as('both', 'POST', '/kapacitor/v1preview/write?db=telegraf'))).toBe('allow');
    expect(kapacitor.says(as('both', 'POST', '/kapacitor/v1preview/write?db=x'))).toContain('401 "both" user is not');
  });

  it('without a slash is an ordinary path', () => {
    const trace = new Kapacitor(users).trace(as('johndoe', 'GET', '/kapacitor/v1preview'));
    expect(kinds(trace)).not.toContain('preview');
    expect(step(trace, 'privileges').resource).toBe('/api/preview');
  });
});

describe('6 writes of points', () => {
  it.each(['/write', '/kapacitor/v1/write'])(
    'to %s need write on the database, else a 401 as a line of text',
    (path) => {
      const kapacitor = new Kapacitor(users);
      expect(kapacitor.says(as('writer', 'POST', `${path}?db=telegraf`))).toBe('allow');
      const refusal = kapacitor.verdict(as('writer', 'POST', `${path}?db=x%22`));
      expect(refusal).toMatchObject({ status: 401, plain: true, rule: '6.write', user: 'writer' });
      expect(refusal.message).toBe('"writer" user is not authorized to write to database "x\\""');
    },
  );

  it('with KapacitorAPI alone pass the endpoint, and no database', () => {
    const kapacitor = new Kapacitor(users);
    expect(kapacitor.says(as('johndoe', 'POST', '/write?db=telegraf'))).toBe(
      '401 "johndoe" user is not authorized to write to database "telegraf"',
    );
  });

  it('without the endpoint are a 403', () => {
    expect(new Kapacitor(users).says(as('config', 'POST', '/write?db=x'))).toBe(
      rejected('config', 'write', '"/write"'),
    );
  });

  it.each(['', '?db=', '?DB=telegraf', '?db=%zz', '?db=&db=x'])('with %j name no database: 400, allowed', (query) => {
    const trace = new Kapacitor(users).trace(as('writer', 'POST', `/write${query}`));
    expect(step(trace, 'database')).toMatchObject({ outcome: 'info', decidedBy: 'no-database', database: '' });
    expect(findVerdict(trace).verdict).toBe('allow');
  });

  it('take the first db', () => {
    const kapacitor = new Kapacitor(users);
    expect(kapacitor.says(as('writer', 'POST', '/write?db=telegraf&db=x'))).toBe('allow');
    expect(kapacitor.says(as('writer', 'POST', '/write?db=x&db=telegraf'))).toContain('401');
  });

  it('by other methods and paths do not', () => {
    const kapacitor = new Kapacitor(users);
    expect(kapacitor.says(as('writer', 'PUT', '/write?db=x'))).toBe('allow');
    expect(kapacitor.says(as('writer', 'POST', '/write/?db=x'))).toBe('allow');
    expect(kinds(kapacitor.trace(as('writer', 'POST', '/write/?db=x')))).not.toContain('database');
  });

  it('tell the entry that decided', () => {
    const database = step(new Kapacitor(users).trace(as('writer', 'POST', '/write?db=telegraf')), 'database');
    expect(database).toMatchObject({ outcome: 'pass', decidedBy: 'entry', entry: '/database/telegraf_clean', mask: 4 });
    const other = step(new Kapacitor(users).trace(as('writer', 'POST', '/write?db=a/b')), 'database');
    expect(other).toMatchObject({ outcome: 'fail', decidedBy: 'no-entry', entry: undefined, database: 'a/b' });
  });
});

describe('an allowed request', () => {
  it('ends by the user that was let in', () => {
    const trace = new Kapacitor(users).trace(as('johndoe'));
    expect(kinds(trace)).toBe('credentials user-cache lookup user-record password privileges verdict');
    expect(findVerdict(trace)).toMatchObject({
      outcome: 'pass',
      status: null,
      user: 'johndoe',
      message: null,
      location: null,
    });
  });
});
