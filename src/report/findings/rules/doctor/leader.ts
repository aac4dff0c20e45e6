import type { RuleText } from '../../rule.js';

/** The leader, and the names by which the nodes announce each other. */
export const leaderRules = {
  'no-leader': {
    foundBy: 'doctor',
    severity: 'error',
    title: 'The meta nodes have no leader',
    cause: 'Half of the nodes or more are down or cannot reach each other, or an election is under way.',
    evidence: 'The field leader in /status of each node that answers.',
    consequence: 'No user, role or password can be changed; a node may also refuse to be read.',
    mend: 'Bring up more than half of the meta nodes; `influxd-ctl show` lists them.',
  },
  'leaders-differ': {
    foundBy: 'doctor',
    severity: 'error',
    title: 'The meta nodes do not agree on a leader',
    cause: 'The nodes do not belong to one cluster, the network between them is cut, or an election is under way.',
    evidence: 'The field leader in /status of each node.',
    consequence: 'A write may be sent round in circles, and reads of different nodes may show different users.',
    mend: 'Look at `influxd-ctl show` on each node, and at the network between them.',
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
    mend: 'Make the name known on this machine, or set a `hostname` in influxdb-meta.conf that is known everywhere.',
  },
  'announced-unreachable': {
    foundBy: 'doctor',
    severity: 'warning',
    title: 'A meta node is not reachable by the name it announces',
    cause: 'The name in /show-cluster is not known here, or leads to where nothing answers.',
    evidence: 'The addresses in /show-cluster, and a connection to each without credentials.',
    consequence: 'As soon as this node leads, writes through another node fail from this machine.',
    mend: 'Make the name known on this machine, or set a `hostname` in influxdb-meta.conf that is known everywhere.',
  },
} as const satisfies Readonly<Record<string, RuleText>>;
