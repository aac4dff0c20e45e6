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

/** Kapacitor itself, and its account on the meta node. */
export const kapacitorRules = {
  'kapacitor-does-not-start': {
    foundBy: 'doctor',
    severity: 'error',
    title: 'Kapacitor cannot start with its configuration',
    cause: 'The daemon rejects the file or a variable.',
    evidence: 'The file and the variables, read as the daemon reads them.',
    consequence: 'Kapacitor will not come back after its next restart.',
    fix: 'Run `kapadmin config check`.',
  },
  'kapacitor-account': {
    foundBy: 'doctor',
    severity: 'error',
    title: 'Kapacitor cannot look up users',
    cause:
      'Its `meta-addr` or TLS settings are wrong, the meta node rejects its account, or the account may not read users.',
    evidence: 'The request that Kapacitor sends for a login, sent from here with its own account.',
    consequence: 'Every login waits 10 s and fails with 401 `authorization failed`, whatever the password.',
    fix: 'Correct the setting of `[auth]`, or the account, that the finding names.',
  },
  'kapacitor-unreachable': {
    foundBy: 'doctor',
    severity: 'error',
    title: 'Kapacitor does not respond',
    cause: 'It is down, its host name does not resolve here, or it listens on another address or port.',
    evidence: 'A connection to the URL given with --kapacitor.',
    consequence: 'Nobody can use it from this machine.',
    fix: 'Start it, or use a URL that can be reached from here.',
  },
  'kapacitor-scheme': {
    foundBy: 'doctor',
    severity: 'error',
    title: 'The URL of Kapacitor has the wrong scheme',
    cause: 'The port uses TLS (`https-enabled = true`) and the URL starts with http://, or the reverse.',
    evidence: 'The response on that port.',
    consequence:
      'Clients that use this URL cannot reach Kapacitor: the kapacitor program, Chronograf, InfluxDB subscriptions.',
    fix: 'Use the other scheme, in --kapacitor and in all clients.',
  },
  'kapacitor-strange': {
    foundBy: 'doctor',
    severity: 'error',
    title: 'The server at this URL is not Kapacitor',
    cause: 'The port belongs to another service (InfluxDB listens on 8086, Kapacitor on 9092), or a proxy responds.',
    evidence: 'The response has no X-Kapacitor-Version header.',
    consequence: 'The checks of this server say nothing about Kapacitor.',
    fix: 'Use the URL at which Kapacitor itself listens.',
  },
  'kapacitor-old': {
    foundBy: 'doctor',
    severity: 'error',
    title: 'Kapacitor is older than 1.6',
    cause: 'Authentication against InfluxDB Enterprise was added in Kapacitor 1.6.',
    evidence: 'The X-Kapacitor-Version header.',
    consequence: 'It does not know the users of the cluster; before 1.6 its authentication accepts any name (noauth).',
    fix: 'Upgrade Kapacitor to 1.6 or later.',
  },
  'kapacitor-version': {
    foundBy: 'doctor',
    severity: 'info',
    title: 'Kapacitor runs another version than the assumed one',
    cause:
      'Releases of Kapacitor differ in how they read kapacitor.conf and tokens. kapadmin assumes 1.8 unless --kapacitor-version, KAPADMIN_KAPACITOR_VERSION or the profile says otherwise.',
    evidence: 'The X-Kapacitor-Version header.',
    consequence: 'Predictions of `auth test` and `config check` may be wrong for this daemon.',
    fix: 'Set the version that runs: `--kapacitor-version`, or `kapacitorVersion` in the profile.',
  },
  'kapacitor-other-configuration': {
    foundBy: 'doctor',
    severity: 'warning',
    title: 'The daemon does not run this configuration',
    cause:
      'The file was changed without a restart of Kapacitor, Kapacitor was started with another file or other variables, or the URL belongs to another Kapacitor.',
    evidence: 'What the file and the variables say, compared with what the daemon at --kapacitor does.',
    consequence: 'The results of `config check` and `auth test` for this configuration do not apply to the daemon.',
    fix: 'Restart Kapacitor, or name the file that it runs with: `--kapacitor-conf FILE`.',
  },
  'kapacitor-open': {
    foundBy: 'doctor',
    severity: 'error',
    isSecurity: true,
    title: 'Kapacitor requires no credentials',
    cause: '`[http] auth-enabled` is false, the default.',
    evidence: 'GET /kapacitor/v1/tasks without credentials returns 200.',
    consequence: 'Every request runs as administrator: anyone who can reach the port has full access.',
    fix: 'Set `auth-enabled = true` in `[http]` and configure `[auth]`, then restart Kapacitor.',
  },
  'kapacitor-noauth': {
    foundBy: 'doctor',
    severity: 'error',
    isSecurity: true,
    title: 'Kapacitor accepts any user name with any password (noauth)',
    cause: '`[http] auth-enabled` is true, but `[auth] enabled` is false or its section is missing.',
    evidence: 'A random user name with a random password is accepted.',
    consequence: 'Anyone who sends any user name and password has full access.',
    fix: 'Set `enabled = true` in `[auth]`, with `bcrypt-cost` and `meta-addr`, then restart Kapacitor.',
  },
  'kapacitor-empty-secret': {
    foundBy: 'doctor',
    severity: 'error',
    isSecurity: true,
    title: "Kapacitor's shared-secret is empty: anyone can sign a token for any user",
    cause: '`[http] shared-secret` is empty, the default, and Kapacitor still verifies tokens with it.',
    evidence:
      'A token signed with the empty key, without a user and an expiration, is rejected for its missing expiration and not for its signature.',
    consequence: 'Anyone can sign a token for any user and log in as that user without a password.',
    fix: 'Set `shared-secret` in `[http]` to a long random string; `kapadmin config fix` generates one.',
  },
  'kapacitor-pprof': {
    foundBy: 'doctor',
    severity: 'warning',
    isSecurity: true,
    title: 'The pprof pages require no credentials',
    cause: '`[http] pprof-enabled` is true. These pages are served before authentication.',
    evidence: 'GET /kapacitor/v1/debug/vars without credentials returns 200.',
    consequence: 'Without a password anyone can read the command line and memory profiles of the daemon.',
    fix: 'Set `pprof-enabled = false` when you are not debugging.',
  },
  'kapacitor-plain-http': {
    foundBy: 'doctor',
    severity: 'warning',
    isSecurity: true,
    title: 'Passwords are sent to Kapacitor in clear text',
    cause: 'Kapacitor is on another machine and its URL starts with http://.',
    evidence: 'The URL given with --kapacitor.',
    consequence: 'Anyone on the network path can read user names and passwords.',
    fix: 'Set `https-enabled = true` with `https-certificate`, or put a TLS proxy in front.',
  },
} as const satisfies Readonly<Record<string, FindingRuleText>>;
