import type { FindingRuleText } from '../rule.js';

/** The meta node that Kapacitor asks, and the account it asks with. */
export const metaRules = {
  'meta-addr-form': {
    foundBy: 'config check',
    severity: 'error',
    title: 'meta-addr is not HOST:PORT',
    cause:
      'It has a space, a scheme, a path, two ports, several nodes, or no port. The official documentation shows `" 172.17.0.2:8091:8091"`, with a leading space and the port twice.',
    evidence: '`[auth] meta-addr` as the daemon reads it.',
    consequence: 'No request reaches the meta node: every login waits 10 s and fails with 401.',
    fix: 'Set it to the host and port of one meta node: `meta-addr = "meta1:8091"`.',
  },
  'meta-addr-port': {
    foundBy: 'config check',
    severity: 'warning',
    title: 'meta-addr has the port of another service',
    cause:
      'Data nodes listen on 8086 and 8088, meta nodes talk to each other on 8089, and Kapacitor listens on 9092. The meta API is on 8091.',
    evidence: '`[auth] meta-addr` as the daemon reads it.',
    consequence: 'That port does not serve the meta API: every login waits 10 s and fails with 401.',
    fix: 'Use the HTTP port of the meta nodes, normally 8091.',
  },
  'meta-both-credentials': {
    foundBy: 'config check',
    severity: 'warning',
    title: 'Both a secret and a user name are set for the meta node: the secret wins',
    cause: '`meta-internal-shared-secret` and `meta-username` are both set.',
    evidence: 'The settings of `[auth]` as the daemon reads them.',
    consequence:
      'The user name and password are never sent. If the secret is not the one of the meta nodes, every login fails with 401.',
    fix: 'Remove the one that you do not want to use.',
  },
  'meta-password-alone': {
    foundBy: 'config check',
    severity: 'error',
    title: 'meta-password is set without meta-username',
    cause: '`meta-password` is set, but `meta-username` is not.',
    evidence: 'The settings of `[auth]` as the daemon reads them.',
    consequence:
      'No credentials are sent. A meta node that requires them rejects the request, and every login fails with 401.',
    fix: 'Set `meta-username`.',
  },
  'meta-no-account': {
    foundBy: 'config check',
    severity: 'warning',
    title: 'Kapacitor has no account on the meta node',
    cause: 'Neither `meta-username` nor `meta-internal-shared-secret` is set.',
    evidence: 'The settings of `[auth]` as the daemon reads them.',
    consequence:
      'This works only while the meta nodes let anyone read users and password hashes. Once they require credentials, every login fails with 401.',
    fix: 'Create an account for Kapacitor and set `meta-username` and `meta-password`; `kapadmin config init` prints the commands.',
  },
  'meta-password-empty': {
    foundBy: 'config check',
    severity: 'warning',
    isSecurity: true,
    title: "The password of Kapacitor's account is empty",
    cause: '`meta-username` is set, `meta-password` is not. Kapacitor sends the name with an empty password.',
    evidence: 'The settings of `[auth]` as the daemon reads them.',
    consequence: 'The meta node rejects the account, and every login fails with 401.',
    fix: 'Set `meta-password` in the file, or the variable KAPACITOR_AUTH_META_PASSWORD.',
  },
  'meta-swapped': {
    foundBy: 'config check',
    severity: 'warning',
    title: 'meta-username and meta-password look swapped',
    cause: '`meta-username` looks like a password, and `meta-password` looks like an account name.',
    evidence: 'The characters of both values; neither is shown.',
    consequence:
      'The meta node rejects the account, and every login fails with 401. The password may also appear in logs, where user names are written.',
    fix: 'Swap the two values.',
  },
  'meta-username-colon': {
    foundBy: 'config check',
    severity: 'error',
    title: 'meta-username contains a colon',
    cause: 'With Basic authentication the user name ends at the first colon.',
    evidence: '`[auth] meta-username` as the daemon reads it.',
    consequence: 'The meta node receives another name and another password, and every login fails with 401.',
    fix: 'Use an account whose name has no colon.',
  },
  'meta-secret-short': {
    foundBy: 'config check',
    severity: 'warning',
    isSecurity: true,
    title: 'meta-internal-shared-secret is short enough to guess',
    cause: "Anyone who has seen one of Kapacitor's tokens can test guesses against its signature offline.",
    evidence: 'The length of `[auth] meta-internal-shared-secret`; the secret itself is not shown.',
    consequence: 'Once the secret is guessed, anyone has full access to the meta nodes.',
    fix: 'Set a random string of 32 bytes or more, as `internal-shared-secret` on all meta nodes and as `meta-internal-shared-secret` here.',
  },
} as const satisfies Readonly<Record<string, FindingRuleText>>;
