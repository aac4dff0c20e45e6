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
      'Unknown. Kapacitor gets the record that the meta node returns. A permission that a role also grants does not count as granted directly. A record that lacks a permission of its role proves that the answer is no.',
    dependents: [
      'the note after `role grant` and `role add-users`, `user show`, `user revoke`, the notes of `auth matrix`',
      '`export`, `plan` and `apply`: a permission that a role also grants is left out of users',
      '`plan --access`: what a change of a role gives or takes in Kapacitor is unknown',
      'the findings `right-only-by-role` and `role-rights-hidden`, and the cause `right-only-by-role` of `auth test`',
    ],
    sentences: {
      yes: 'Kapacitor reads only the user record. This cluster copies role permissions into it.',
      no: 'Kapacitor reads only the user record. This cluster does not copy role permissions into it.',
      unknown:
        'Kapacitor reads only the user record. Whether this cluster copies role permissions into it is unknown; ' +
        'check with kapadmin auth test.',
    },
    probe: 'Create a user and a role, grant the role a permission, add the user, read the user record.',
  },
  'ldap-user-records': {
    question:
      'With LDAP, does `GET /user?name=` return a user, without a hash, with the permissions of its mapped roles?',
    assumption: 'Most likely. A record without a hash is an LDAP user, and its permissions count as they are returned.',
    dependents: ['`auth test` and `auth matrix` for LDAP users'],
    probe: 'With LDAP enabled, read the user record of the account in use: hash and permissions.',
  },
  'stored-hash-form': {
    question: 'In which form does the cluster store the hash of a new password?',
    assumption: 'Unknown: bcrypt, or PBKDF2 from 1.9.3 on. The record is read, and Kapacitor can check bcrypt only.',
    dependents: ['the finding `hash-not-bcrypt`, the cause `hash-not-bcrypt` of `auth test`', '`user show`: password'],
    probe: 'Create a user with a password, read the start of the hash in its record.',
  },
  'hash-at-create': {
    question: 'Does `create` accept a hash in place of a password, and which forms of it?',
    assumption: 'Accepted, as in a documented trace. The record is read back and compared with the hash that was sent.',
    dependents: [
      '`apply` of a state file with hashes, and its error for a user that was created without the given hash',
    ],
    probe: 'Create users with the hash of a known password (`$2a$`, `$2b$`, `$2y$`, PBKDF2), read the records back.',
  },
  'long-passwords': {
    question: 'Does the cluster accept a password of more than 72 bytes?',
    assumption: 'Refused, as by the open re-implementation (500). kapadmin sends it, and reports the response.',
    dependents: ['the limit of password lengths', 'sandbox: 500 without `--long-passwords`'],
    probe: 'Create a user with a password of 73 bytes, then log in with its first 72.',
  },
  'role-create-contents': {
    question: 'Does `create` of a role accept permissions and users at once?',
    assumption: 'Unknown. They are added by requests of their own.',
    dependents: ['the number of requests of `role create` and `apply`', 'sandbox: `--create-takes-all`'],
    probe: 'Create a role with permissions and users, read it back.',
  },
  'role-new-name': {
    question: 'Can a role be renamed (`newName`)?',
    assumption: 'No: no action is known that uses it.',
    dependents: ['`role rename`: creates a new role, adds its members and deletes the old one'],
    probe: 'Send a role with `newName` with the known actions, read the names of the roles.',
  },
  'unknown-names': {
    question: 'Does the cluster refuse permissions, users and databases that it does not know?',
    assumption: 'Unknown. kapadmin refuses unknown permissions and missing users itself, and never checks databases.',
    dependents: [
      '`--force` of grants',
      '`role add-users` of a missing user',
      'the findings `permission-unknown` and `role-member-missing`',
    ],
    probe: 'Grant an unknown permission, a permission on an unknown database, and add an unknown user to a role.',
  },
  'ping-authentication': {
    question: 'Does `GET /ping` need credentials once authentication is on?',
    assumption: 'Unknown. 204, 200, and 401 with `X-Influxdb-Version` all mean a live meta node.',
    dependents: ['`doctor`: which nodes are live', 'sandbox: `--ping-auth`'],
    probe: 'Send `GET /ping` without credentials, and with them.',
  },
  'write-visibility': {
    question: 'How soon does a read show a write, on the leader and on followers?',
    assumption: 'Within `--wait` (2 s). A write that is not visible by then is reported as accepted, but not visible.',
    dependents: ['the check after every change (exit code 7)', '`apply`: the last read of all users and roles'],
    probe: 'Create a user, read it at once from every node until each shows it, and report the longest time.',
  },
  'acl-responses': {
    question: 'What do the endpoints of restrictions and grants return?',
    assumption:
      'A list is `{"restrictions":[...]}`, `{"grants":[...]}` or a bare array. Unknown keys are kept and shown.',
    dependents: ['`acl list`, `acl restrict`, `acl grant`'],
    probe: 'List both, create one of each for a database that does not exist, list again, delete them: keys and types.',
  },
  'acl-unknown-names': {
    question: 'Are restrictions and grants refused for users, roles and databases that do not exist?',
    assumption: 'Unknown. They are sent as they are.',
    dependents: ['`acl restrict`, `acl grant`'],
    probe: 'Create a restriction for a database that does not exist, and a grant for a user that does not.',
  },
  'acl-of-deleted-users': {
    question: 'Do grants remain when their user is deleted?',
    assumption: 'Unknown. `user delete` leaves grants alone.',
    dependents: ['`user delete`', '`acl list`'],
    probe: 'Create a user and a grant for it, delete the user, list the grants.',
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
