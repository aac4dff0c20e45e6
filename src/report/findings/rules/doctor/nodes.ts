import type { RuleText } from '../../rule.js';

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
    mend: 'Start the node, or name it as it is reached from here.',
  },
  'node-scheme': {
    foundBy: 'doctor',
    severity: 'error',
    title: 'A meta node is named with the wrong scheme',
    cause: 'The node speaks TLS and is named with http://, or the reverse.',
    evidence: 'A handshake on the port of the node.',
    consequence: 'Nothing can be read from the node under this URL; a Kapacitor with the same fault lets nobody in.',
    mend: 'Name it with the other scheme; for Kapacitor set `meta-use-tls`.',
  },
  'node-not-meta': {
    foundBy: 'doctor',
    severity: 'error',
    title: 'What answers there is not a meta node',
    cause: 'The port is that of a data node (8086), of raft (8089) or of another service, or a proxy answers.',
    evidence: 'The answer to GET /status.',
    consequence: 'Neither kapadmin nor a Kapacitor can look up users there.',
    mend: 'Name the port at which the meta nodes serve HTTP, as a rule 8091.',
  },
  'node-plain-http': {
    foundBy: 'doctor',
    severity: 'warning',
    title: 'Passwords and hashes travel to a meta node in clear text',
    cause: 'The node is on another machine and is named with http://.',
    evidence: 'The URL of the node.',
    consequence: 'Whoever can read along in the network reads the account in use and the hashes of all users.',
    mend: 'Turn TLS on at the meta nodes (`https-enabled = true` in `[meta]`), and name them with https://.',
  },
  'node-proxy': {
    foundBy: 'doctor',
    severity: 'note',
    title: 'Something stands between this machine and a meta node',
    cause: 'HTTPS_PROXY counts for this node, or its answers bear the headers of a proxy.',
    evidence: 'HTTPS_PROXY and NO_PROXY, and the headers Via and Server of the answers: a meta node sends neither.',
    consequence:
      'What is found here may not hold for Kapacitor, which takes its own way; a proxy may keep or change answers, and log the password of an LDAP user, which stands in the URL.',
    mend: 'Add the meta nodes to NO_PROXY, or name them without the proxy.',
  },
  'versions-differ': {
    foundBy: 'doctor',
    severity: 'warning',
    title: 'The meta nodes are of different versions',
    cause: 'An upgrade has not reached all of them.',
    evidence: 'The header X-Influxdb-Version of each node, and the versions in /show-cluster.',
    consequence:
      'Nodes may store passwords in different forms and answer in different words; which one is asked decides.',
    mend: 'Bring all meta nodes to one version.',
  },
  'node-not-named': {
    foundBy: 'doctor',
    severity: 'note',
    title: 'The cluster has meta nodes that were not named',
    cause: 'Not all nodes stand in --meta-url, KAPADMIN_META_URL or the profile.',
    evidence: 'The nodes in /show-cluster.',
    consequence: 'kapadmin cannot go on with them when a named one is down, and they were not looked at as closely.',
    mend: 'Name all meta nodes: `--meta-url` may be repeated.',
  },
  'clock-skew': {
    foundBy: 'doctor',
    severity: 'warning',
    title: 'The clock of a meta node and the clock here differ',
    cause: 'One of the two machines does not keep its time by NTP.',
    evidence: 'The header Date of the node’s answer against the clock of this machine.',
    consequence:
      'Bearer tokens carry times: from a clock that is 5 minutes behind, a token has expired when it arrives. If this machine runs Kapacitor with meta-internal-shared-secret, every login then ends in 401.',
    mend: 'Let both machines keep their time by NTP.',
  },
} as const satisfies Readonly<Record<string, RuleText>>;
