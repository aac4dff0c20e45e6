import type { FindingRuleText } from '../rule.js';

/** The meta node that Kapacitor asks, and the account it asks with. */
export const metaRules = {
  'meta-addr-form': {
    foundBy: 'config check',
    severity: 'error',
    title: 'meta-addr is not HOST:PORT',
    cause:
      'A blank, a scheme, a path, two ports, several nodes, or no port. Public pages show `" 172.17.0.2:8091:8091"`: with a blank before it and the port twice.',
    evidence: '`[auth] meta-addr` as the daemon reads it.',
    consequence: 'No request reaches the meta node: every login waits 10 s and ends in 401.',
    fix: 'Write host and port of one meta node and nothing else: `meta-addr = "meta1:8091"`.',
  },
  'meta-addr-port': {
    foundBy: 'config check',
    severity: 'warning',
    title: 'The port of meta-addr is that of another service',
    cause:
      'Data nodes listen at 8086 and 8088, meta nodes speak with each other at 8089, Kapacitor itself listens at 9092. The meta API is at 8091.',
    evidence: '`[auth] meta-addr` as the daemon reads it.',
    consequence: 'What answers there is not the meta API: every login waits 10 s and ends in 401.',
    fix: 'Write the port at which the meta nodes serve HTTP, as a rule 8091.',
  },
  'meta-both-credentials': {
    foundBy: 'config check',
    severity: 'warning',
    title: 'Both a secret and a user name are given for the meta node: the secret wins',
    cause: '`meta-internal-shared-secret` and `meta-username` are both set.',
    evidence: 'The settings of `[auth]` as the daemon reads them.',
    consequence:
      'User name and password are never sent; if the secret is not that of the meta nodes, every login ends in 401.',
    fix: 'Take away the one that is not meant.',
  },
  'meta-password-alone': {
    foundBy: 'config check',
    severity: 'error',
    title: 'A password for the meta node without a user name',
    cause: '`meta-password` is set, but `meta-username` is not.',
    evidence: 'The settings of `[auth]` as the daemon reads them.',
    consequence: 'No credentials are sent at all: a meta node that asks for them refuses, and every login ends in 401.',
    fix: 'Set `meta-username`.',
  },
  'meta-no-account': {
    foundBy: 'config check',
    severity: 'warning',
    title: 'Kapacitor has no account at the meta node',
    cause: 'Neither `meta-username` nor `meta-internal-shared-secret` is set.',
    evidence: 'The settings of `[auth]` as the daemon reads them.',
    consequence:
      'It works only while the meta nodes let everybody read their users, hashes included; once they ask for credentials, every login ends in 401.',
    fix: 'Make an account for Kapacitor and set `meta-username` and `meta-password`; `kapadmin config init` prints the commands.',
  },
  'meta-password-empty': {
    foundBy: 'config check',
    severity: 'warning',
    title: "The password of Kapacitor's account is empty",
    cause: '`meta-username` is set, `meta-password` is not. Kapacitor sends the name with an empty password.',
    evidence: 'The settings of `[auth]` as the daemon reads them.',
    consequence: 'The meta node refuses the account, and every login ends in 401.',
    fix: 'Set `meta-password`, in the file or as the variable KAPACITOR_AUTH_META_PASSWORD.',
  },
  'meta-swapped': {
    foundBy: 'config check',
    severity: 'warning',
    title: 'User name and password of the meta node look swapped',
    cause: '`meta-username` looks like a password, and `meta-password` like the name of an account.',
    evidence: 'The characters of the two values; neither is shown.',
    consequence:
      'The meta node refuses the account, and every login ends in 401; the password stands where names are logged.',
    fix: 'Exchange the two values.',
  },
  'meta-username-colon': {
    foundBy: 'config check',
    severity: 'error',
    title: 'The user name for the meta node holds a colon',
    cause: 'With Basic credentials the name ends at the first colon.',
    evidence: '`[auth] meta-username` as the daemon reads it.',
    consequence: 'The meta node sees another name and another password, and every login ends in 401.',
    fix: 'Use an account whose name has no colon.',
  },
  'meta-secret-short': {
    foundBy: 'config check',
    severity: 'warning',
    title: 'meta-internal-shared-secret is short enough to be guessed',
    cause: 'Whoever has seen one token of Kapacitor can try secrets against its signature on a machine of their own.',
    evidence: 'The number of bytes of `[auth] meta-internal-shared-secret`; the secret itself is not shown.',
    consequence: 'Once the secret is guessed, anyone may do everything at the meta nodes.',
    fix: 'Set a random text of 32 bytes or more, as `internal-shared-secret` of all meta nodes and here.',
  },
} as const satisfies Readonly<Record<string, FindingRuleText>>;
