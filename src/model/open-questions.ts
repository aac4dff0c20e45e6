/** What is known of the answer to an open question. */
export type Answer = 'yes' | 'no' | 'unknown';

/** A fact about InfluxDB Enterprise that could be neither read nor measured: its source is closed. */
export interface OpenQuestion {
  readonly question: string;
  /** What kapadmin does as long as the answer is unknown. */
  readonly assumption: string;
  /** The behavior and the sentences that depend on the answer. */
  readonly dependents: readonly string[];
  /** What is said to users for each answer, where the program may know it. */
  readonly sentences?: Readonly<Record<Answer, string>>;
  /** What settles it on a real cluster, with temporary users and roles. */
  readonly probe: string;
}

/** All of them, by id. A report of `doctor --conformance` answers by these ids. */
export const openQuestions = {
  'roles-in-user-records': {
    question: 'Does the user record of a member include the permissions of its roles?',
    assumption:
      'Neither yes nor no. Kapacitor gets the record that the meta node returns. A permission that a role also grants does not count as granted directly. A record that lacks a permission of its role proves that the answer is no.',
    dependents: [
      'the notes after `kapadmin role grant` and `kapadmin role add-users`, and those of `kapadmin user show`, `kapadmin user revoke` and `kapadmin auth matrix`',
      '`kapadmin export`, `kapadmin plan` and `kapadmin apply`: a permission that a role also grants is left out of users',
      '`kapadmin plan --access`: what a change of a role gives or takes in Kapacitor',
      'the findings `right-only-by-role` and `role-rights-hidden`, and the cause `right-only-by-role` of `kapadmin auth test`',
    ],
    sentences: {
      yes: 'Kapacitor reads only the user record. This cluster copies role permissions into it.',
      no: 'Kapacitor reads only the user record. This cluster does not copy role permissions into it.',
      unknown:
        'Kapacitor reads only the user record. Whether this cluster copies role permissions into it is unknown; ' +
        'check with kapadmin auth test.',
    },
    probe: 'Create a user and a role, grant the role a permission, add the user to the role, and read the user record.',
  },
  'ldap-user-records': {
    question:
      'With LDAP, does `GET /user?name=NAME` return a user without a hash and with the permissions of its mapped roles?',
    assumption: 'Yes. A record without a hash is that of an LDAP user, and its permissions count as they are returned.',
    dependents: ['`kapadmin auth test` and `kapadmin auth matrix` for LDAP users'],
    probe: 'With LDAP enabled, read the user record of the account in use: its hash and its permissions.',
  },
  'stored-hash-form': {
    question: 'In which form does the cluster store the hash of a new password?',
    assumption: 'Either bcrypt or, from 1.9.3 on, PBKDF2. kapadmin reads the record; Kapacitor can check bcrypt only.',
    dependents: [
      'the finding `hash-not-bcrypt`, and the cause `hash-not-bcrypt` of `kapadmin auth test`',
      '`kapadmin user show`: the password hash',
    ],
    probe: 'Create a user with a password, and read how the hash in its record begins.',
  },
  'hash-at-create': {
    question: 'Does `create` of a user accept a hash in place of a password, and in which forms?',
    assumption:
      'Yes, as in a documented trace. kapadmin reads the record back and compares it with the hash that it sent.',
    dependents: [
      '`kapadmin apply` of a state file with hashes, and its error for a user that was created without the given hash',
    ],
    probe:
      'Create users with the hash of a known password (`$2a$`, `$2b$`, `$2y$`, PBKDF2), and read the records back.',
  },
  'long-passwords': {
    question: 'Does the cluster accept a password of more than 72 bytes?',
    assumption:
      'No: the open re-implementation responds with 500. kapadmin sends such a password all the same, and reports the response.',
    dependents: [
      'the warning about passwords of more than 72 bytes',
      '`kapadmin sandbox`: 500 without `--long-passwords`',
    ],
    probe: 'Create a user with a password of 73 bytes, then log in with its first 72 bytes.',
  },
  'role-create-contents': {
    question: 'Does `create` of a role accept permissions and users in the same request?',
    assumption: 'No: kapadmin adds them with separate requests.',
    dependents: [
      '`kapadmin role create` and `kapadmin apply`: the number of requests',
      '`kapadmin sandbox --create-takes-all`',
    ],
    probe: 'Create a role with permissions and users, and read it back.',
  },
  'role-new-name': {
    question: 'Can a role be renamed (`newName`)?',
    assumption: 'No: no action that uses `newName` is known.',
    dependents: ['`kapadmin role rename`: creates a new role, adds its members and deletes the old one'],
    probe: 'Send a role with `newName` with each known action, and read the names of the roles.',
  },
  'unknown-names': {
    question: 'Does the cluster refuse permissions, users and databases that it does not know?',
    assumption: 'No. kapadmin itself refuses unknown permissions and missing users, and never checks databases.',
    dependents: [
      '`kapadmin user grant --force` and `kapadmin role grant --force`',
      '`kapadmin role add-users` of a missing user',
      'the findings `permission-unknown` and `role-member-missing`',
    ],
    probe: 'Grant an unknown permission and a permission on an unknown database, and add an unknown user to a role.',
  },
  'ping-authentication': {
    question: 'Does `GET /ping` of a meta node need credentials once authentication is on?',
    assumption: 'Neither yes nor no. 204, 200, and 401 with `X-Influxdb-Version` all mean a live meta node.',
    dependents: ['`kapadmin doctor`: which nodes are live', '`kapadmin sandbox --ping-auth`'],
    probe: 'Send `GET /ping` to a meta node without credentials, and with them.',
  },
  'write-visibility': {
    question: 'How soon does a read show a write, on the leader and on followers?',
    assumption: 'Within `--wait` (2 s). A write that is not visible by then is reported as accepted, but not visible.',
    dependents: [
      'the check after every change (exit code 7)',
      '`kapadmin apply`: the last read of all users and roles',
    ],
    probe: 'Create a user, read it from every node until each shows it, and note the longest time.',
  },
  'acl-responses': {
    question: 'What do the endpoints of restrictions and grants return?',
    assumption:
      'A list is `{"restrictions":[...]}`, `{"grants":[...]}` or a bare array. Unknown keys are kept and shown.',
    dependents: ['`kapadmin acl list`, `kapadmin acl restrict` and `kapadmin acl grant`'],
    probe:
      'List both, create one of each for a database that does not exist, list again, and delete them: keys and types.',
  },
  'acl-unknown-names': {
    question: 'Are restrictions and grants refused for users, roles and databases that do not exist?',
    assumption: 'No: kapadmin sends them as they are.',
    dependents: ['`kapadmin acl restrict` and `kapadmin acl grant`'],
    probe: 'Create a restriction for a database that does not exist, and a grant for a user that does not exist.',
  },
  'acl-of-deleted-users': {
    question: 'Do grants remain when their user is deleted?',
    assumption: 'Neither yes nor no: `kapadmin user delete` does not change grants.',
    dependents: ['`kapadmin user delete`', '`kapadmin acl list`'],
    probe: 'Create a user and a grant for it, delete the user, and list the grants.',
  },
} as const satisfies Readonly<Record<string, OpenQuestion>>;

export type OpenQuestionId = keyof typeof openQuestions;

/** The questions whose answer the program may know. */
type AnsweredId = {
  [Id in OpenQuestionId]: (typeof openQuestions)[Id] extends { readonly sentences: unknown } ? Id : never;
}[OpenQuestionId];

/**
 * One of three texts, by what is known of an open question. Whatever depends on its answer is said through this or
 * `openSentence`, so that nothing is stated that is not known: a test reads all other texts.
 */
export function byAnswer<T>(_id: OpenQuestionId, known: Answer, texts: Readonly<Record<Answer, T>>): T {
  return texts[known];
}

/** The sentence of a question that holds for what is known. */
export function openSentence(id: AnsweredId, known: Answer): string {
  return byAnswer(id, known, openQuestions[id].sentences);
}
