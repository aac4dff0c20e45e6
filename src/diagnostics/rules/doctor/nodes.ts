import type { FindingRuleText } from '../rule.js';

/** The meta nodes: whether they respond, and what is in between. */
export const nodeRules = {
  'node-unreachable': {
    foundBy: 'doctor',
    severity: 'error',
    title: 'A meta node does not respond',
    cause: 'The node is down, its host name does not resolve here, or a firewall drops the connection.',
    evidence: 'A connection to the configured URL, and GET /ping.',
    consequence:
      "If Kapacitor's meta-addr is this node, every login waits 10 s and fails with 401. Without more than half of the nodes there is no leader.",
    fix: 'Start the node, or use a URL that can be reached from here.',
  },
  'node-scheme': {
    foundBy: 'doctor',
    severity: 'error',
    title: 'The URL of a meta node has the wrong scheme',
    cause: 'The node uses TLS and its URL starts with http://, or the reverse.',
    evidence: 'A handshake on the port of the node.',
    consequence: 'Nothing can be read from the node at this URL. Kapacitor with the same mistake rejects every login.',
    fix: 'Use the other scheme; for Kapacitor set `meta-use-tls`.',
  },
  'node-not-meta': {
    foundBy: 'doctor',
    severity: 'error',
    title: 'The server at this URL is not a meta node',
    cause: 'The port belongs to a data node (8086), to Raft (8089) or to another service, or a proxy responds.',
    evidence: 'The response to GET /status.',
    consequence: 'Neither kapadmin nor Kapacitor can look up users there.',
    fix: 'Use the HTTP port of the meta nodes, normally 8091.',
  },
  'node-plain-http': {
    foundBy: 'doctor',
    severity: 'warning',
    isSecurity: true,
    title: 'Passwords and hashes are sent to a meta node in clear text',
    cause: 'The node is on another machine and its URL starts with http://.',
    evidence: 'The URL of the node.',
    consequence: 'Anyone on the network path can read the account in use and the password hashes of all users.',
    fix: 'Enable TLS on the meta nodes (`https-enabled = true` in `[meta]`), and use https:// URLs.',
  },
  'node-proxy': {
    foundBy: 'doctor',
    severity: 'info',
    title: 'There is a proxy between this machine and a meta node',
    cause: 'HTTPS_PROXY applies to this node, or its responses have the headers of a proxy.',
    evidence: 'HTTPS_PROXY and NO_PROXY, and the Via and Server headers of the responses: a meta node sends neither.',
    consequence:
      'The results may not apply to Kapacitor, which may take another route. A proxy may cache or change responses, and may log the password of an LDAP user, which is part of the URL.',
    fix: 'Add the meta nodes to NO_PROXY, or use URLs that bypass the proxy.',
  },
  'versions-differ': {
    foundBy: 'doctor',
    severity: 'warning',
    title: 'The meta nodes run different versions',
    cause: 'An upgrade has not reached all nodes.',
    evidence: 'The X-Influxdb-Version header of each node, and the versions in /show-cluster.',
    consequence:
      'Nodes may store passwords in different formats and respond differently; the result depends on the node that is asked.',
    fix: 'Upgrade all meta nodes to the same version.',
  },
  'node-not-named': {
    foundBy: 'doctor',
    severity: 'info',
    title: 'The cluster has meta nodes that are not configured here',
    cause: 'Not all nodes are in --meta-url, KAPADMIN_META_URL or the profile.',
    evidence: 'The nodes in /show-cluster.',
    consequence: 'kapadmin cannot switch to them when a configured node is down, and they were not checked as closely.',
    fix: 'List all meta nodes: `--meta-url` can be repeated.',
  },
  'clock-skew': {
    foundBy: 'doctor',
    severity: 'warning',
    title: 'The clocks of a meta node and of this machine differ',
    cause: 'One of the two machines is not synchronized by NTP.',
    evidence: "The Date header of the node's response, compared with the clock of this machine.",
    consequence:
      'Bearer tokens expire: a token from a clock that is 5 minutes behind has expired when it arrives. If this machine runs Kapacitor with meta-internal-shared-secret, every login then fails with 401.',
    fix: 'Synchronize both machines by NTP.',
  },
} as const satisfies Readonly<Record<string, FindingRuleText>>;

/** The leader, and the addresses that nodes announce. */
export const leaderRules = {
  'no-leader': {
    foundBy: 'doctor',
    severity: 'error',
    title: 'The meta nodes have no leader',
    cause: 'Half of the nodes or more are down or cannot reach each other, or an election is in progress.',
    evidence: 'The field leader in /status of each node that responds.',
    consequence: 'Users, roles and passwords cannot be changed; reads may fail, too.',
    fix: 'Start more than half of the meta nodes; `influxd-ctl show` lists them.',
  },
  'leaders-differ': {
    foundBy: 'doctor',
    severity: 'error',
    title: 'The meta nodes do not agree on a leader',
    cause:
      'The nodes belong to different clusters, the network between them is interrupted, or an election is in progress.',
    evidence: 'The field leader in /status of each node.',
    consequence: 'A write may be redirected in circles, and different nodes may return different users.',
    fix: 'Run `influxd-ctl show` on each node, and check the network between them.',
  },
  'leader-unreachable': {
    foundBy: 'doctor',
    severity: 'error',
    title: 'The leader cannot be reached by the name it announces',
    cause:
      "A follower responds to a write with 307, a redirect to the leader's host name. That name does not resolve here, or nothing responds there: often it is the name of a container or of an internal network.",
    evidence:
      'The address of the leader in /show-cluster, and a connection to it without credentials. No write is sent.',
    consequence:
      'Writes through another node fail from this machine: kapadmin, Chronograf and curl all follow the redirect. If Kapacitor is redirected, the login fails with 401.',
    fix: 'Make the name resolvable on this machine, or set a `hostname` in influxdb-meta.conf that resolves everywhere.',
  },
  'announced-unreachable': {
    foundBy: 'doctor',
    severity: 'warning',
    title: 'A meta node cannot be reached by the name it announces',
    cause: 'The name in /show-cluster does not resolve here, or nothing responds there.',
    evidence: 'The addresses in /show-cluster, and a connection to each without credentials.',
    consequence: 'Once this node is the leader, writes through another node fail from this machine.',
    fix: 'Make the name resolvable on this machine, or set a `hostname` in influxdb-meta.conf that resolves everywhere.',
  },
} as const satisfies Readonly<Record<string, FindingRuleText>>;

/** The certificates that meta nodes and Kapacitor show. */
export const certificateRules = {
  'certificate-untrusted': {
    foundBy: 'doctor',
    severity: 'error',
    title: 'A certificate is signed by an unknown authority',
    cause:
      'Its CA is private and was not specified, an intermediate certificate is missing from the chain, or the certificate is self-signed.',
    evidence: 'The chain that the server sends, verified with --meta-ca or the CAs of the system.',
    consequence: 'No connection is made. Without the CA in `meta-ca`, Kapacitor rejects every login.',
    fix: 'Specify the CA: `--meta-ca FILE` here; for a meta node also `meta-ca` in kapacitor.conf. `meta-ca` does not apply to the certificate of Kapacitor itself.',
  },
  'certificate-name': {
    foundBy: 'doctor',
    severity: 'error',
    title: 'A certificate does not match the host name',
    cause: 'The server is reached by a name or address that is not among the alternative names of its certificate.',
    evidence: 'The names in the certificate, and the host in the URL.',
    consequence: 'kapadmin, Kapacitor and Chronograf do not connect to this name.',
    fix: 'Use one of the names in the certificate, or get a certificate for the name in use.',
  },
  'certificate-expired': {
    foundBy: 'doctor',
    severity: 'error',
    title: 'A certificate is expired or not yet valid',
    cause:
      'The certificate, or a CA in its chain, is outside its validity period; or the clock of this machine is wrong.',
    evidence: 'The dates in the chain that the server sends, and the clock of this machine.',
    consequence: 'No connection is made. If Kapacitor uses this node, every login waits 10 s and fails with 401.',
    fix: 'Renew the certificate and restart the server.',
  },
  'certificate-expires': {
    foundBy: 'doctor',
    severity: 'warning',
    title: 'A certificate expires within 14 days',
    cause: 'It has not been renewed yet.',
    evidence: 'The dates in the chain that the server sends.',
    consequence: 'After that day no connection is made.',
    fix: 'Renew the certificate and restart the server.',
  },
  'certificate-unverified': {
    foundBy: 'doctor',
    severity: 'warning',
    isSecurity: true,
    title: 'This connection does not verify certificates',
    cause: '--meta-insecure-skip-verify is set by flag, variable or profile.',
    evidence: 'The settings of the connection.',
    consequence: 'Anyone on the network path can pose as the meta node and receive the password of the account in use.',
    fix: 'Specify the CA with --meta-ca instead.',
  },
} as const satisfies Readonly<Record<string, FindingRuleText>>;
