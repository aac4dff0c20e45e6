import type { RuleText } from '../../rule.js';

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
    mend: 'Set `auth-enabled = true` in `[meta]` of influxdb-meta.conf on every meta node, and restart them.',
  },
  'no-users': {
    foundBy: 'doctor',
    severity: 'warning',
    title: 'The cluster has no user yet',
    cause: 'Authentication is on, and no admin was made.',
    evidence: 'The node answers `must create admin user first`.',
    consequence: 'Nobody can log in; whoever reaches the port first can make the first admin.',
    mend: 'Make the first admin with `kapadmin bootstrap NAME`.',
  },
  'account-refused': {
    foundBy: 'doctor',
    severity: 'error',
    title: 'The account of this connection is refused',
    cause: 'No account is named, its name or password is wrong, or the secret is not that of the meta nodes.',
    evidence: 'The answer 401 to GET /user with the credentials of the connection.',
    consequence: 'Users and roles could not be looked at.',
    mend: 'Give an account that the meta nodes know: --meta-username and --meta-password-file, or --meta-secret-file.',
  },
  'account-rights': {
    foundBy: 'doctor',
    severity: 'error',
    title: 'The account of this connection may not read users',
    cause: 'It lacks CreateUserAndRole, directly and through its roles.',
    evidence: 'The answer 403 to GET /user.',
    consequence: 'Users and roles could not be looked at.',
    mend: 'Grant it CreateUserAndRole, or use an account that has it.',
  },
  'account-cannot-write': {
    foundBy: 'doctor',
    severity: 'note',
    title: 'The account of this connection may not be allowed to change users',
    cause: 'It lacks CreateUserAndRole, directly and through its roles.',
    evidence: 'The documents of the account and of its roles.',
    consequence: 'Commands that write may be refused (exit code 4); it was not tried.',
    mend: 'Grant it CreateUserAndRole, if it is to change users.',
  },
  'ldap-on': {
    foundBy: 'doctor',
    severity: 'note',
    title: 'Users come from LDAP',
    cause: 'The cluster has an LDAP configuration that is enabled.',
    evidence: 'structured.enabled in /ldap/v1/config.',
    consequence:
      'Users cannot be made or changed here, only roles. Kapacitor asks the meta node about each password, which then stands in the URL of that request; a wrong one takes 10 s to be refused.',
    mend: 'Nothing needs to be mended; keep the meta API on https, since passwords travel on it.',
  },
} as const satisfies Readonly<Record<string, RuleText>>;
