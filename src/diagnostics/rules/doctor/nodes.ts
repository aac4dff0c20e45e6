import type { FindingRuleText } from '../rule.js';

/** The meta nodes themselves: whether they answer, and what stands between. */
export const nodeRules = {
  'node-unreachable': {
    foundBy: 'doctor',
    severity: 'error',
    title: 'A meta node does not answer',
    cause: 'The node is down, its name is not known here, or a firewall drops the connection.',
    evidence: 'A connection to the named URL, and GET /ping on it.',
    consequence:
      'A Kapacitor whose meta-addr is this node lets nobody in: each login waits 10 s and ends in 401. With more than half of the nodes gone there is no leader.',
    fix: 'Start the node, or name it as it is reached from here.',
  },
  'node-scheme': {
    foundBy: 'doctor',
    severity: 'error',
    title: 'A meta node is named with the wrong scheme',
    cause: 'The node speaks TLS and is named with http://, or the reverse.',
    evidence: 'A handshake on the port of the node.',
    consequence: 'Nothing can be read from the node under this URL; a Kapacitor with the same fault lets nobody in.',
    fix: 'Name it with the other scheme; for Kapacitor set `meta-use-tls`.',
  },
  'node-not-meta': {
    foundBy: 'doctor',
    severity: 'error',
    title: 'What answers there is not a meta node',
    cause: 'The port is that of a data node (8086), of raft (8089) or of another service, or a proxy answers.',
    evidence: 'The answer to GET /status.',
    consequence: 'Neither kapadmin nor a Kapacitor can look up users there.',
    fix: 'Name the port at which the meta nodes serve HTTP, as a rule 8091.',
  },
  'node-plain-http': {
    foundBy: 'doctor',
    severity: 'warning',
    title: 'Passwords and hashes travel to a meta node in clear text',
    cause: 'The node is on another machine and is named with http://.',
    evidence: 'The URL of the node.',
    consequence: 'Whoever can read along in the network reads the account in use and the hashes of all users.',
    fix: 'Turn TLS on at the meta nodes (`https-enabled = true` in `[meta]`), and name them with https://.',
  },
  'node-proxy': {
    foundBy: 'doctor',
    severity: 'info',
    title: 'Something stands between this machine and a meta node',
    cause: 'HTTPS_PROXY counts for this node, or its answers bear the headers of a proxy.',
    evidence: 'HTTPS_PROXY and NO_PROXY, and the headers Via and Server of the answers: a meta node sends neither.',
    consequence:
      'What is found here may not hold for Kapacitor, which takes its own way; a proxy may keep or change answers, and log the password of an LDAP user, which stands in the URL.',
    fix: 'Add the meta nodes to NO_PROXY, or name them without the proxy.',
  },
  'versions-differ': {
    foundBy: 'doctor',
    severity: 'warning',
    title: 'The meta nodes are of different versions',
    cause: 'An upgrade has not reached all of them.',
    evidence: 'The header X-Influxdb-Version of each node, and the versions in /show-cluster.',
    consequence:
      'Nodes may store passwords in different forms and answer in different words; which one is asked decides.',
    fix: 'Bring all meta nodes to one version.',
  },
  'node-not-named': {
    foundBy: 'doctor',
    severity: 'info',
    title: 'The cluster has meta nodes that were not named',
    cause: 'Not all nodes stand in --meta-url, KAPADMIN_META_URL or the profile.',
    evidence: 'The nodes in /show-cluster.',
    consequence: 'kapadmin cannot go on with them when a named one is down, and they were not looked at as closely.',
    fix: 'Name all meta nodes: `--meta-url` may be repeated.',
  },
  'clock-skew': {
    foundBy: 'doctor',
    severity: 'warning',
    title: 'The clock of a meta node and the clock here differ',
    cause: 'One of the two machines does not keep its time by NTP.',
    evidence: 'The header Date of the node’s answer against the clock of this machine.',
    consequence:
      'Bearer tokens carry times: from a clock that is 5 minutes behind, a token has expired when it arrives. If this machine runs Kapacitor with meta-internal-shared-secret, every login then ends in 401.',
    fix: 'Let both machines keep their time by NTP.',
  },
} as const satisfies Readonly<Record<string, FindingRuleText>>;

/** The leader, and the names by which the nodes announce each other. */
export const leaderRules = {
  'no-leader': {
    foundBy: 'doctor',
    severity: 'error',
    title: 'The meta nodes have no leader',
    cause: 'Half of the nodes or more are down or cannot reach each other, or an election is under way.',
    evidence: 'The field leader in /status of each node that answers.',
    consequence: 'No user, role or password can be changed; a node may also refuse to be read.',
    fix: 'Bring up more than half of the meta nodes; `influxd-ctl show` lists them.',
  },
  'leaders-differ': {
    foundBy: 'doctor',
    severity: 'error',
    title: 'The meta nodes do not agree on a leader',
    cause: 'The nodes do not belong to one cluster, the network between them is cut, or an election is under way.',
    evidence: 'The field leader in /status of each node.',
    consequence: 'A write may be sent round in circles, and reads of different nodes may show different users.',
    fix: 'Look at `influxd-ctl show` on each node, and at the network between them.',
  },
  'leader-unreachable': {
    foundBy: 'doctor',
    severity: 'error',
    title: 'The leader is not reachable by the name it announces',
    cause:
      'A follower answers a write with 307 to the leader’s own host name. That name is not known here, or leads to where nothing answers: often the name of a container, or of an inner network.',
    evidence:
      'The address of the leader in /show-cluster, and a connection to it without credentials. No write is sent to see it.',
    consequence:
      'Writes through another node fail from this machine: kapadmin, Chronograf and curl all follow the redirect there. A Kapacitor that is redirected answers 401.',
    fix: 'Make the name known on this machine, or set a `hostname` in influxdb-meta.conf that is known everywhere.',
  },
  'announced-unreachable': {
    foundBy: 'doctor',
    severity: 'warning',
    title: 'A meta node is not reachable by the name it announces',
    cause: 'The name in /show-cluster is not known here, or leads to where nothing answers.',
    evidence: 'The addresses in /show-cluster, and a connection to each without credentials.',
    consequence: 'As soon as this node leads, writes through another node fail from this machine.',
    fix: 'Make the name known on this machine, or set a `hostname` in influxdb-meta.conf that is known everywhere.',
  },
} as const satisfies Readonly<Record<string, FindingRuleText>>;

/** The certificates that meta nodes and Kapacitor show. */
export const certificateRules = {
  'certificate-untrusted': {
    foundBy: 'doctor',
    severity: 'error',
    title: 'A server’s certificate is signed by nobody who is trusted here',
    cause:
      'Its CA is a private one that was not named, the chain that the server sends has a gap, or it signed itself.',
    evidence: 'The chain that the server shows, tried on --meta-ca or on the authorities of the system.',
    consequence: 'No connection is made. A Kapacitor without the CA in `meta-ca` lets nobody in.',
    fix: 'Name the CA: `--meta-ca FILE` here; for a meta node `meta-ca` in kapacitor.conf as well. The certificate of Kapacitor itself has nothing to do with `meta-ca`.',
  },
  'certificate-name': {
    foundBy: 'doctor',
    severity: 'error',
    title: 'A server’s certificate is made out to another name',
    cause: 'The server is reached by a name or address that is not among the alternative names of its certificate.',
    evidence: 'The names in the certificate, and the host in the URL.',
    consequence: 'No connection is made under this name, by kapadmin, Kapacitor or Chronograf.',
    fix: 'Use one of the names in the certificate, or have one made with the name that is used.',
  },
  'certificate-expired': {
    foundBy: 'doctor',
    severity: 'error',
    title: 'A server’s certificate is not valid now',
    cause: 'Its time, or that of a CA in its chain, is over or has not begun; or the clock here is wrong.',
    evidence: 'The dates in the chain that the server shows, and the clock of this machine.',
    consequence: 'No connection is made: every login at a Kapacitor that asks this node waits 10 s and ends in 401.',
    fix: 'Renew the certificate and restart the server.',
  },
  'certificate-expires': {
    foundBy: 'doctor',
    severity: 'warning',
    title: 'A server’s certificate expires within 14 days',
    cause: 'It was not renewed yet.',
    evidence: 'The dates in the chain that the server shows.',
    consequence: 'From that day on no connection is made.',
    fix: 'Renew the certificate and restart the server.',
  },
  'certificate-unverified': {
    foundBy: 'doctor',
    severity: 'warning',
    title: 'Certificates are not verified by this connection',
    cause: '--meta-insecure-skip-verify is given, as flag, variable or in the profile.',
    evidence: 'The settings of the connection.',
    consequence: 'Anyone who gets between can answer as the meta node, and is told the password of the account in use.',
    fix: 'Name the CA with --meta-ca instead.',
  },
} as const satisfies Readonly<Record<string, FindingRuleText>>;
