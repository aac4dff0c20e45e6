import type { FindingRuleText } from '../rule.js';

/** Documents of users and roles that do not do for Kapacitor what they seem to. */
export const userRules = {
  'hash-not-bcrypt': {
    foundBy: 'doctor',
    severity: 'error',
    title: 'A password is stored in a form that Kapacitor cannot check',
    cause:
      'InfluxDB Enterprise 1.9.3 and later can store passwords as PBKDF2 (`password-hash` in `[meta]`). Kapacitor knows bcrypt alone.',
    evidence: 'The beginning of the hash in the user’s document; the hash itself is not shown.',
    consequence: 'These users get 401 at Kapacitor with the right password, while InfluxDB takes it.',
    fix: 'Set `password-hash = "bcrypt"` on all meta nodes, then set the password anew with `kapadmin user passwd`.',
  },
  'permission-unknown': {
    foundBy: 'doctor',
    severity: 'error',
    title: 'A user has a permission that Kapacitor cannot decode',
    cause:
      'The name is misspelt (public pages show `ManageContnuousQuery`), or of a later version of InfluxDB Enterprise. Kapacitor knows 19 names in their exact spelling.',
    evidence: 'The permissions in the user’s document.',
    consequence: 'Kapacitor cannot log in these users at all: each try waits 10 s and ends in 401.',
    fix: 'Take the permission away with `kapadmin user revoke NAME PERMISSION --force`.',
  },
  'right-scoped': {
    foundBy: 'doctor',
    severity: 'warning',
    title: 'A right on Kapacitor is granted for one database, but counts for all of Kapacitor',
    cause: 'Kapacitor takes KapacitorAPI and KapacitorConfigAPI in any scope for the whole API.',
    evidence: 'The scopes in the user’s document.',
    consequence: 'These users may do more than the grant says.',
    fix: 'Grant it without --db if that is meant; revoke it if not.',
  },
  'right-only-by-role': {
    foundBy: 'doctor',
    severity: 'error',
    title: 'A right on Kapacitor comes through a role, which Kapacitor does not see',
    cause:
      'Measured: Kapacitor reads only the user record, and this one lacks the permission. Documented: the public page tells people to use roles. Not documented: whether a cluster copies role permissions into user records; `kapadmin doctor --probe` finds out.',
    evidence: 'A role gives the permission to its member, and the user record of the member lacks it.',
    consequence: 'These users get 403 at Kapacitor for what the role is meant to allow.',
    fix: 'Grant the permission to the user directly.',
  },
  'role-rights-hidden': {
    foundBy: 'doctor',
    severity: 'info',
    title: 'This cluster does not copy role permissions into user records',
    cause:
      'Measured: the user record of a member lacks what its role gives, and Kapacitor reads only the user record. Not documented: what a cluster puts into it.',
    evidence:
      'A member of a role whose user record lacks a permission of that role; or, with --probe, a temporary one, whose role was read back with the permission and the member.',
    consequence: 'For Kapacitor each user needs its permissions directly.',
    fix: 'Nothing needs to be mended where each user has its rights on Kapacitor directly.',
  },
  'kapacitor-admin-makers': {
    foundBy: 'doctor',
    severity: 'info',
    title: 'Users with KapacitorAPI can create an administrator of Kapacitor',
    cause:
      'Measured: KapacitorAPI includes `POST /kapacitor/v1/users`. A user that is created there with type admin may do everything in Kapacitor, /config included, and logs in until `cache-expiration` is over; it can be created again. Not documented.',
    evidence:
      'The user records that include KapacitorAPI, for any database, and not KapacitorConfigAPI: who has both may do everything anyway.',
    consequence: 'KapacitorAPI is as much as KapacitorConfigAPI and more.',
    fix: 'Grant KapacitorAPI only to people who may also have KapacitorConfigAPI; `cache-expiration = "0s"` keeps created users from logging in.',
  },
  'role-member-missing': {
    foundBy: 'doctor',
    severity: 'warning',
    title: 'A role has a member that does not exist',
    cause: 'The user was deleted while a member, or its name is misspelt.',
    evidence: 'The members of the role, and the users of the cluster.',
    consequence: 'Whoever makes a user of this name gets the rights of the role.',
    fix: 'Take the name out of the role.',
  },
  'role-empty': {
    foundBy: 'doctor',
    severity: 'info',
    title: 'A role does nothing',
    cause: 'It has no members, or no permissions.',
    evidence: 'The document of the role.',
    consequence: 'It gives nobody anything.',
    fix: 'Give it what it lacks, or delete it.',
  },
  'probe-left': {
    foundBy: 'doctor',
    severity: 'warning',
    title: 'A temporary user or role of doctor --probe was left behind',
    cause: 'A run with --probe was killed, or the cluster did not answer when it removed what it had made.',
    evidence: 'Names of the form kapadmin-probe- and twelve hexadecimal digits.',
    consequence: 'None for others: the user has a password that nobody knows.',
    fix: 'The next run with --probe removes it.',
  },
} as const satisfies Readonly<Record<string, FindingRuleText>>;

/** Who may read and change the users of the cluster. */
export const clusterAccessRules = {
  'anonymous-read': {
    foundBy: 'doctor',
    severity: 'error',
    title: 'Anyone can read and change all users: the meta node asks for no credentials',
    cause: 'Authentication is off by default on meta nodes, whatever is set on data nodes.',
    evidence: 'GET /user without credentials is answered 200.',
    consequence:
      'Whoever reaches the port reads every name, permission and password hash, and can make an admin of anybody, delete users and change passwords.',
    fix: 'Set `auth-enabled = true` in `[meta]` of influxdb-meta.conf on every meta node, and restart them.',
  },
  'no-users': {
    foundBy: 'doctor',
    severity: 'warning',
    title: 'The cluster has no user yet',
    cause: 'Authentication is on, and no admin was made.',
    evidence: 'The node answers `must create admin user first`.',
    consequence: 'Nobody can log in; whoever reaches the port first can make the first admin.',
    fix: 'Make the first admin with `kapadmin bootstrap NAME`.',
  },
  'account-refused': {
    foundBy: 'doctor',
    severity: 'error',
    title: 'The account of this connection is refused',
    cause: 'No account is named, its name or password is wrong, or the secret is not that of the meta nodes.',
    evidence: 'The answer 401 to GET /user with the credentials of the connection.',
    consequence: 'Users and roles could not be looked at.',
    fix: 'Give an account that the meta nodes know: --meta-username and --meta-password-file, or --meta-secret-file.',
  },
  'account-rights': {
    foundBy: 'doctor',
    severity: 'error',
    title: 'The account of this connection may not read users',
    cause: 'It lacks CreateUserAndRole, directly and through its roles.',
    evidence: 'The answer 403 to GET /user.',
    consequence: 'Users and roles could not be looked at.',
    fix: 'Grant it CreateUserAndRole, or use an account that has it.',
  },
  'account-cannot-write': {
    foundBy: 'doctor',
    severity: 'info',
    title: 'The account of this connection may not be allowed to change users',
    cause: 'It lacks CreateUserAndRole, directly and through its roles.',
    evidence: 'The documents of the account and of its roles.',
    consequence: 'Commands that write may be refused (exit code 4); it was not tried.',
    fix: 'Grant it CreateUserAndRole, if it is to change users.',
  },
  'ldap-on': {
    foundBy: 'doctor',
    severity: 'info',
    title: 'Users come from LDAP',
    cause: 'The cluster has an LDAP configuration that is enabled.',
    evidence: 'structured.enabled in /ldap/v1/config.',
    consequence:
      'Users cannot be made or changed here, only roles. Kapacitor asks the meta node about each password, which then stands in the URL of that request; a wrong one takes 10 s to be refused.',
    fix: 'Nothing needs to be mended; keep the meta API on https, since passwords travel on it.',
  },
} as const satisfies Readonly<Record<string, FindingRuleText>>;
