import type { FindingRuleText } from '../rule.js';

const stops = 'The daemon does not start.';

/** Why the daemon refuses a configuration. */
export const startRules = {
  'older-version': {
    foundBy: 'config check',
    severity: 'warning',
    title: 'Older releases of Kapacitor cannot read this file',
    cause:
      'Kapacitor 1.6 and 1.7 read TOML with older libraries: no byte order mark before 1.8, no dotted keys before 1.6.6.',
    evidence: 'The releases that refuse the file, and the line near which they stop.',
    consequence: 'One of those releases does not start.',
    fix: 'Name the release that runs with `--kapacitor-version` (or `kapacitorVersion` in a profile): the check then judges for it. Or write the file so that all releases read it.',
  },
  'file-syntax': {
    foundBy: 'config check',
    severity: 'error',
    title: 'The file is not TOML',
    cause:
      'A quote, a bracket or an equals sign is missing or too many, a text stands without quotes, or a switch is written `yes` or `True`: TOML knows `true` and `false` only.',
    evidence:
      "The daemon's own message; its line is the one where the parser gave up, sometimes the one below the fault.",
    consequence: stops,
    fix: 'Correct the line that is named; `kapadmin config fix` corrects the common slips.',
  },
  'key-twice': {
    foundBy: 'config check',
    severity: 'error',
    title: 'A key or section stands twice',
    cause: 'TOML allows a key once in its section, and a section once in the file.',
    evidence: "The daemon's own message.",
    consequence: stops,
    fix: 'Keep one of the two.',
  },
  'value-type': {
    foundBy: 'config check',
    severity: 'error',
    title: 'A value has the wrong type',
    cause: 'Quotes around a number or a switch, none around a text, or `[[auth]]` in place of `[auth]`.',
    evidence: "The daemon's own message.",
    consequence: stops,
    fix: 'Write switches and numbers without quotes (`enabled = true`, `bcrypt-cost = 10`), texts and durations with them.',
  },
  'duration-form': {
    foundBy: 'config check',
    severity: 'error',
    title: 'A duration is written in a form that the daemon does not know',
    cause:
      'Durations are numbers with a unit: `ns`, `us`, `ms`, `s`, `m`, `h`. There are no days, and no number without a unit.',
    evidence: "The daemon's own message.",
    consequence: stops,
    fix: 'Write hours in place of days (`24h`), and a unit behind every number (`10s`, `1h30m`).',
  },
  'variable-value': {
    foundBy: 'config check',
    severity: 'error',
    title: 'A variable holds a value that the daemon cannot read',
    cause:
      'A switch takes 1, t, T, true, TRUE, True, 0, f, F, false, FALSE, False, and nothing else; a number takes digits; a duration a number with a unit.',
    evidence: "The daemon's own message, and where the variable comes from.",
    consequence: stops,
    fix: 'Correct the variable, or take it away so that the file counts.',
  },
  'bcrypt-cost-low': {
    foundBy: 'config check',
    severity: 'error',
    title: 'bcrypt-cost is missing or below 4',
    cause: 'Left out, `[auth] bcrypt-cost` is 0, and with `enabled = true` the daemon wants 4 or more.',
    evidence: "The daemon's own message.",
    consequence: stops,
    fix: 'Set `bcrypt-cost = 10` in `[auth]`.',
  },
  'bind-address': {
    foundBy: 'config check',
    severity: 'error',
    title: 'bind-address is no address to listen at',
    cause: '`[http] bind-address` is not `HOST:PORT`, or its port is no number up to 65535.',
    evidence: "The daemon's own message.",
    consequence: stops,
    fix: 'Set `bind-address = ":9092"`, or `"127.0.0.1:9092"` for this machine alone.',
  },
  'section-not-list': {
    foundBy: 'config check',
    severity: 'error',
    title: 'A section that must be a list is written as a table',
    cause:
      '`[influxdb]` was right for Kapacitor 0.x. From 1.0 on it is a list: `[[influxdb]]`. The same holds for kafka, mqtt, httppost, graphite, udp and the sections of service discovery.',
    evidence: "The daemon's own message.",
    consequence: stops,
    fix: 'Write the header with two pairs of brackets: `[[influxdb]]`; `kapadmin config fix` does it.',
  },
  'data-dir-missing': {
    foundBy: 'config check',
    severity: 'error',
    title: 'data_dir is not set, or hostname is empty',
    cause:
      'Kapacitor has no default for `data_dir` once it reads a file, and needs a `hostname`. Both stand before the first section. A file with `[http]` and `[auth]` alone has neither.',
    evidence: "The daemon's own message. The variables KAPACITOR_DATA_DIR and KAPACITOR_HOSTNAME count as well.",
    consequence: stops,
    fix: 'Write `data_dir = "/var/lib/kapacitor"` before the first section, the directory of the packages; `kapadmin config fix` does it.',
  },
  'template-file': {
    foundBy: 'config check',
    severity: 'error',
    title: 'The file is a template that was not rendered',
    cause: 'It holds marks of Jinja, Go or ERB templates, such as `{{ name }}` or `<%= name %>`, and is not TOML.',
    evidence: 'The first line with such a mark.',
    consequence: 'Nothing else in it is checked. The daemon does not start with it as it stands.',
    fix: 'Render it first, with Ansible, Puppet, Salt or what it was made for, and check the result.',
  },
} as const satisfies Readonly<Record<string, FindingRuleText>>;
