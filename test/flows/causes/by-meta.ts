import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Secret } from '../../../src/model/secret.js';
import { follow, type Cause } from './cause.js';
import type { Conf } from './conf.js';
import { person, type Request, type Setup, type Stage } from './stage.js';

const johndoe: Request = { path: '/kapacitor/v1/tasks', user: 'johndoe' };
const users = [person('johndoe', { '': ['KapacitorAPI'] })];
const weak = person('kap', {}, { password: new Secret('kap-Pa5sw0Rd') });

/** All logins fail; doctor says why, and what it prints is followed. */
function lookup(cause: string, setup: Setup, names: readonly (string | RegExp)[], more: Partial<Cause> = {}): Cause {
  const finds = () => ['doctor'];
  return {
    cause,
    setup: { users, ...setup },
    request: johndoe,
    finds,
    names: ['kapacitor-account', ...names],
    ...more,
  };
}

function auth(...lines: readonly string[]): Setup {
  return { conf: () => ({ auth: lines }) };
}

/** The three nodes less two of them: the rest has no leader. */
async function loseQuorum({ sandbox }: Stage): Promise<void> {
  await sandbox.kill(1);
  await sandbox.kill(2);
}

/** A follower, or a proxy, that redirects to a name which is known nowhere. */
async function redirecting(stage: Stage): Promise<void> {
  const server = createServer((_, response) => {
    response.writeHead(307, { location: 'http://meta-9.invalid:8091/user' }).end();
  });
  await new Promise<void>((up) => server.listen(0, '127.0.0.1', up));
  server.unref();
  const { port } = server.address() as AddressInfo;
  stage.change((text) => text.replace(/^meta-addr.*$/m, `meta-addr = "127.0.0.1:${port}"`));
  await stage.restart();
}

/** Refusals of everybody, since Kapacitor cannot ask the meta node. */
export const byMeta: readonly Cause[] = [
  lookup('an account of Kapacitor with a wrong password', auth('meta-password = "forgotten"'), [
    "The meta node rejects Kapacitor's own account, the account kap",
    'kapadmin user passwd kap --generate',
  ]),
  lookup('an account of Kapacitor that does not exist', auth('meta-username = "kapacitor"'), [
    'kapadmin user create kapacitor --generate --grant CreateUserAndRole',
  ]),
  lookup('no account of Kapacitor', auth('meta-username = ""', 'meta-password = ""'), [
    'no credentials',
    'meta-username = "kapacitor"',
  ]),
  lookup('an account of Kapacitor that may not read users', { users: [...users, weak] }, [
    'kapadmin user grant kap CreateUserAndRole',
  ]),
  lookup('a meta node that is not there', auth('meta-addr = "127.0.0.1:9"'), ['cannot be reached']),
  lookup('a meta-addr with a blank and two ports', auth('meta-addr = " 127.0.0.1:8091:8091"'), ['is not host:port']),
  lookup('a meta node that speaks TLS alone', { options: { tls: {} } }, ['meta-use-tls = true', 'meta-ca = "']),
  lookup('a CA that Kapacitor does not know', { ...auth('meta-use-tls = true'), options: { tls: {} } }, [
    'TLS with the meta node',
    'meta-ca = "',
  ]),
  lookup('a redirect to a name that is not known', {}, ['meta-9.invalid', 'meta-addr = "127.0.0.1:'], {
    before: redirecting,
  }),
  {
    cause: 'no leader',
    setup: { users, options: { nodes: 3, electionTime: 50 } },
    request: johndoe,
    before: loseQuorum,
    finds: () => ['doctor'],
    names: ['no-leader', 'start more than half of the meta nodes'],
    async fix(stage) {
      await stage.sandbox.revive(1);
      await stage.sandbox.revive(2);
      while (stage.sandbox.leader() === undefined) await new Promise((go) => setTimeout(go, 20));
      const { code, output } = await stage.run(['doctor']);
      if (code !== 0) throw new Error(output);
      return johndoe;
    },
  },
];

/** Throws unless a wrong password is refused, which nobody noticed before. */
async function checkClosed(stage: Stage): Promise<Request> {
  const status = await stage.ask({ ...johndoe, password: 'forgotten' });
  if (status !== 401) throw new Error(`a wrong password is answered ${status}`);
  return johndoe;
}

/** Follows what stands with this finding, and nothing else; then wrong passwords are refused. */
function closing(id: string): Cause['fix'] {
  return async (stage, output) => {
    if (
      !(await checkClosed(stage).then(
        () => false,
        () => true,
      ))
    )
      throw new Error('it was closed before');
    const block = output.split('\n\n').filter((one) => one.split('\n')[0]?.endsWith(id) === true);
    const lines = block.join('\n').replaceAll(/^.*kapadmin config check$/gm, '');
    await follow(stage, lines, johndoe);
    return checkClosed(stage);
  };
}

function open(cause: string, conf: Partial<Conf>, id: string, finds: Cause['finds']): Cause {
  const fix = closing(id);
  return { cause, setup: { users, conf: () => conf }, request: johndoe, finds, names: [id], ...(fix && { fix }) };
}

const outside: Cause['finds'] = (stage) => ['doctor', '--kapacitor', stage.url()];
const file: Cause['finds'] = () => ['config', 'check'];
const noauth = { auth: ['enabled = false'] };
const off = { http: ['auth-enabled = false'] };

/** Where nobody is refused who should be, or all are by a fault of the file alone. */
export const byFile: readonly Cause[] = [
  {
    cause: 'a meta-addr with a blank and its port twice, by config check and config fix',
    setup: { users, conf: (host) => ({ auth: [`meta-addr = " ${host}:${host.split(':')[1]}"`] }) },
    request: johndoe,
    finds: file,
    names: ['meta-addr-form', 'kapadmin config fix --write'],
  },
  open('noauth: any name is the admin, by config check', noauth, 'noauth', file),
  open('noauth: any name is the admin, seen from outside', noauth, 'kapacitor-noauth', outside),
  open('authentication that is off, by config check', off, 'http-auth-off', file),
  open('authentication that is off, seen from outside', off, 'kapacitor-open', outside),
];
