/** Documents of users and roles that do not do for Kapacitor what they seem to. */
export const userRules = {
  'hash-not-bcrypt': {
    foundBy: 'doctor',
    severity: 'error',
    title: 'A password is stored in a format that Kapacitor cannot check',
    cause:
      'InfluxDB Enterprise 1.9.3 and later can store passwords as PBKDF2 (`password-hash` in `[meta]`). Kapacitor supports bcrypt only.',
    evidence: 'The start of the hash in the user record; the hash itself is not shown.',
    consequence: 'These users get 401 from Kapacitor with the correct password, while InfluxDB accepts it.',
    fix: 'Set `password-hash = "bcrypt"` on all meta nodes, then set a new password with `kapadmin user passwd`.',
  },
  'permission-unknown': {
    foundBy: 'doctor',
    severity: 'error',
    title: 'A user has a permission that Kapacitor does not know',
    cause:
      'The name is misspelled (the official documentation shows `ManageContnuousQuery`), or belongs to a later version of InfluxDB Enterprise. Kapacitor knows 19 names in their exact spelling.',
    evidence: 'The permissions in the user record.',
    consequence: 'Kapacitor rejects every login of these users: each attempt waits 10 s and fails with 401.',
    fix: 'Revoke the permission with `kapadmin user revoke NAME PERMISSION --force`.',
  },
  'right-scoped': {
    foundBy: 'doctor',
    severity: 'warning',
    isSecurity: true,
    title: 'A Kapacitor permission is granted for one database, but applies to all of Kapacitor',
    cause: 'Kapacitor applies KapacitorAPI and KapacitorConfigAPI of any scope to the whole API.',
    evidence: 'The scopes in the user record.',
    consequence: 'These users may do more than the grant says.',
    fix: 'Grant it without --db if that is intended; otherwise revoke it.',
  },
  'right-only-by-role': {
    foundBy: 'doctor',
    severity: 'error',
    title: 'A Kapacitor permission is granted only through a role, which Kapacitor does not see',
    cause:
      'Measured: Kapacitor reads only the user record, and this one lacks the permission. Documented: the official documentation tells people to use roles. Not documented: whether a cluster copies role permissions into user records; `kapadmin doctor --probe` finds out.',
    evidence: 'A role gives the permission to its member, and the user record of the member lacks it.',
    consequence: 'These users get 403 from Kapacitor for what the role is meant to allow.',
    fix: 'Grant the permission to the user directly.',
  },
  'role-rights-hidden': {
    foundBy: 'doctor',
    severity: 'info',
    title: 'This cluster does not copy role permissions into user records',
    cause:
      'Measured: the user record of a member lacks what its role grants, and Kapacitor reads only the user record. Not documented: what a cluster puts into it.',
    evidence:
      'A member of a role whose user record lacks a permission of that role; with --probe, a temporary member, whose role was read back with the permission and the member.',
    consequence: 'For Kapacitor, each user needs its permissions directly.',
    fix: 'No fix is needed where each user has its Kapacitor permissions directly.',
  },
  'kapacitor-admin-makers': {
    foundBy: 'doctor',
    severity: 'info',
    isSecurity: true,
    title: 'Users with KapacitorAPI can create a Kapacitor administrator',
    cause:
      'Measured: KapacitorAPI includes `POST /kapacitor/v1/users`. A user that is created there with type admin has full access to Kapacitor, including /config, and can log in until `cache-expiration` has passed; it can be created again. Not documented.',
    evidence:
      'The user records that include KapacitorAPI, for any database, and not KapacitorConfigAPI; a user with both has full access anyway.',
    consequence: 'KapacitorAPI gives more access than KapacitorConfigAPI.',
    fix: 'Grant KapacitorAPI only to people who may also have KapacitorConfigAPI; with `cache-expiration = "0s"` created users cannot log in.',
  },
  'role-member-missing': {
    foundBy: 'doctor',
    severity: 'warning',
    title: 'A role has a member that does not exist',
    cause: 'The user was deleted while it was a member, or the name is misspelled.',
    evidence: 'The members of the role, and the users of the cluster.',
    consequence: 'A new user with this name gets the permissions of the role.',
    fix: 'Remove the name from the role.',
  },
  'role-empty': {
    foundBy: 'doctor',
    severity: 'info',
    title: 'A role has no effect',
    cause: 'It has no members or no permissions.',
    evidence: 'The record of the role.',
    consequence: 'It grants nothing to anyone.',
    fix: 'Add what it lacks, or delete it.',
  },
  'probe-left': {
    foundBy: 'doctor',
    severity: 'warning',
    isSecurity: true,
    title: 'doctor --probe left a temporary user or role behind',
    cause: 'A run with --probe was killed, or the cluster did not respond when it cleaned up.',
    evidence: 'Names of the form kapadmin-probe- and twelve hexadecimal digits.',
    consequence: 'None: nobody knows the password of the user.',
    fix: 'The next run with --probe removes it.',
  },
} as const;

/** Who may read and change the users of the cluster. */
export const clusterAccessRules = {
  'anonymous-read': {
    foundBy: 'doctor',
    severity: 'error',
    isSecurity: true,
    title: 'Anyone can read and change all users: the meta node requires no credentials',
    cause: 'Authentication is off by default on meta nodes, regardless of the setting on data nodes.',
    evidence: 'GET /user without credentials returns 200.',
    consequence:
      'Anyone who can reach the port can read every name, permission and password hash, make anyone an admin, delete users and change passwords.',
    fix: 'Set `auth-enabled = true` in `[meta]` of influxdb-meta.conf on every meta node, and restart them.',
  },
  'no-users': {
    foundBy: 'doctor',
    severity: 'warning',
    title: 'The cluster has no users yet',
    cause: 'Authentication is on, and no admin has been created.',
    evidence: 'The node responds with `must create admin user first`.',
    consequence: 'Nobody can log in; anyone who can reach the port can create the first admin.',
    fix: 'Create the first admin with `kapadmin bootstrap NAME`.',
  },
  'account-refused': {
    foundBy: 'doctor',
    severity: 'error',
    title: 'The meta node rejects the account of this connection',
    cause: 'No account is given, its name or password is wrong, or the secret is not the one of the meta nodes.',
    evidence: 'GET /user with the credentials of the connection returns 401.',
    consequence: 'Users and roles could not be checked.',
    fix: 'Use an account that the meta nodes know: --meta-username and --meta-password-file, or --meta-secret-file.',
  },
  'account-rights': {
    foundBy: 'doctor',
    severity: 'error',
    title: 'The account of this connection may not read users',
    cause: 'It lacks CreateUserAndRole, directly and through its roles.',
    evidence: 'GET /user returns 403.',
    consequence: 'Users and roles could not be checked.',
    fix: 'Grant it CreateUserAndRole, or use an account that has it.',
  },
  'account-cannot-write': {
    foundBy: 'doctor',
    severity: 'info',
    title: 'The account of this connection may not be able to change users',
    cause: 'It lacks CreateUserAndRole, directly and through its roles.',
    evidence: 'The records of the account and of its roles.',
    consequence: 'Commands that write may be rejected (exit code 4); this was not tested.',
    fix: 'Grant it CreateUserAndRole if it should change users.',
  },
  'ldap-on': {
    foundBy: 'doctor',
    severity: 'info',
    title: 'Users come from LDAP',
    cause: 'LDAP is enabled in the cluster.',
    evidence: 'structured.enabled in /ldap/v1/config.',
    consequence:
      'Only roles can be changed here, not users. Kapacitor asks the meta node about each password, which is part of the URL of that request; a wrong one takes 10 s to be rejected.',
    fix: 'No fix is needed. Use https for the meta API, since passwords are sent over it.',
  },
} as const;
