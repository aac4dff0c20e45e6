import { Secret } from '../../../src/model/secret.js';
import { registerSecret } from '../harness.js';
import { authTest, follow, type Cause } from './cause.js';
import { johns, person, type Request } from './stage.js';

const tasks = '/kapacitor/v1/tasks';
const api = { '': ['KapacitorAPI'] };
const johndoe: Request = { path: tasks, user: 'johndoe' };
const other = registerSecret('n3w-Pa5sw0Rd');
const pbkdf2 = registerSecret('pbkdf2-sha256$16$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g');
const fips = person('johndoe', api, { password: undefined, hash: new Secret(pbkdf2) });
const typo = person('johndoe', { '': ['KapacitorAPI', 'ManageContnuousQuery'] });

/** Refusals that lie in the user, its password and what Kapacitor remembers of it. */
export const byUser: readonly Cause[] = [
  {
    cause: 'an unknown user',
    setup: {},
    request: johndoe,
    finds: () => authTest(johndoe),
    names: ['the cluster has no user "johndoe"'],
    async fix(stage, output) {
      const made = await follow(stage, output, johndoe);
      const again = await stage.run(authTest(johndoe), made.password);
      return follow(stage, again.output, made);
    },
  },
  {
    cause: 'a wrong password',
    setup: { users: [person('johndoe', api)] },
    request: { ...johndoe, password: 'forgotten' },
    refused: 401,
    finds: () => authTest(johndoe),
    names: [/✖ password /, 'kapadmin user passwd johndoe'],
  },
  {
    cause: 'a hash that is not bcrypt, by auth test',
    setup: { users: [fips] },
    request: johndoe,
    refused: 401,
    finds: () => authTest(johndoe),
    names: ['is not bcrypt (PBKDF2', '[meta] password-hash = "bcrypt"'],
  },
  {
    cause: 'a hash that is not bcrypt, by doctor',
    setup: { users: [fips] },
    request: johndoe,
    refused: 401,
    finds: () => ['doctor'],
    names: ['hash-not-bcrypt', 'johndoe: PBKDF2.'],
  },
  {
    cause: 'a permission that Kapacitor cannot decode, by auth test',
    setup: { users: [typo] },
    request: johndoe,
    finds: () => authTest(johndoe),
    names: ['does not know the permission "ManageContnuousQuery"'],
  },
  {
    cause: 'a permission that Kapacitor cannot decode, by doctor',
    setup: { users: [typo] },
    request: johndoe,
    finds: () => ['doctor'],
    names: ['permission-unknown', 'johndoe has ManageContnuousQuery.'],
  },
  {
    cause: 'a stale user cache: the new password is refused once',
    setup: { users: [person('johndoe', api)] },
    request: { ...johndoe, password: other },
    async before(stage) {
      await stage.ask(johndoe);
      await stage.run(['user', 'passwd', 'johndoe', '--password-stdin'], other);
    },
    finds: (stage) => [
      ...authTest(johndoe).map((word) => word.replace('http://localhost:9092', stage.url())),
      '--live',
    ],
    names: ['differs', /Possible reasons:\n {2}- .*user cache/],
    fix: () => Promise.resolve({ ...johndoe, password: other }),
  },
  {
    cause: 'an old password that the password cache still accepts',
    setup: { users: [person('johndoe', api)] },
    request: { ...johndoe, password: johns },
    async before(stage) {
      await stage.ask(johndoe);
      await stage.run(['user', 'passwd', 'johndoe', '--password-stdin'], other);
    },
    finds: (stage) => [
      ...authTest(johndoe).map((word) => word.replace('http://localhost:9092', stage.url())),
      '--live',
    ],
    names: ['differs', /Possible reasons:\n(?: {2}- .*\n)*? {2}- .*password/],
    async fix(stage) {
      await stage.restart();
      const after = await stage.ask(johndoe);
      if (after !== 401) throw new Error(`the old password gives ${after} after a restart`);
      return { ...johndoe, password: other };
    },
  },
  {
    cause: 'a password that LDAP refuses',
    setup: { users: [person('johndoe', api, { ldap: true })] },
    request: { ...johndoe, password: 'forgotten' },
    finds: () => authTest(johndoe),
    names: ['rejects the password of johndoe (LDAP)', 'influxd-ctl ldap verify'],
    fix: () => Promise.resolve(johndoe),
  },
  {
    cause: 'users of Kapacitor’s own store in place of the cluster’s',
    setup: { users: [person('johndoe', api)], conf: () => ({ auth: ['meta-addr = ""'] }) },
    request: johndoe,
    refused: 401,
    finds: () => ['config', 'check'],
    names: ['own-store'],
    fix: async (stage, output) => {
      const host = new URL(stage.sandbox.urls[0] ?? '').host;
      return follow(stage, output.replace(/^.*(config fix|shared).*$/gm, '').replaceAll('HOST:8091', host), johndoe);
    },
  },
];
