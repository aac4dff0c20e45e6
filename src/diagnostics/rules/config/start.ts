const stops = 'The daemon does not start.';

/** Why the daemon refuses a configuration. */
export const startRules = {
  'older-version': {
    foundBy: 'config check',
    severity: 'warning',
    title: 'Older releases of Kapacitor cannot read this file',
    cause:
      'Kapacitor 1.6 and 1.7 read TOML with older libraries: no byte order mark before 1.8, no dotted keys before 1.6.6.',
    evidence: 'The releases that reject the file, and the line near which they stop.',
    consequence: 'Those releases do not start.',
    fix: 'Name the release that you run with `--kapacitor-version` (or `kapacitorVersion` in a profile), and the check applies to that one; or write the file so that all releases can read it.',
  },
  'file-syntax': {
    foundBy: 'config check',
    severity: 'error',
    title: 'Kapacitor cannot parse the file',
    cause:
      'A quote, bracket or equals sign is missing or extra, a string has no quotes, or a boolean is written `yes` or `True`: TOML knows only `true` and `false`.',
    evidence:
      "The daemon's own message. Its line is the one where the parser gave up, sometimes the one after the mistake.",
    consequence: stops,
    fix: 'Correct that line; `kapadmin config fix` corrects common mistakes.',
  },
  'key-twice': {
    foundBy: 'config check',
    severity: 'error',
    title: 'A key or section is defined twice',
    cause: 'TOML allows each key once in its section, and each section once in the file.',
    evidence: "The daemon's own message.",
    consequence: stops,
    fix: 'Keep one of the two.',
  },
  'value-type': {
    foundBy: 'config check',
    severity: 'error',
    title: 'A value has the wrong type',
    cause: 'There are quotes around a number or a boolean, none around a string, or `[[auth]]` instead of `[auth]`.',
    evidence: "The daemon's own message.",
    consequence: stops,
    fix: 'Write booleans and numbers without quotes (`enabled = true`, `bcrypt-cost = 10`), strings and durations with quotes.',
  },
  'duration-form': {
    foundBy: 'config check',
    severity: 'error',
    title: 'A duration has a format that the daemon does not accept',
    cause:
      'A duration is a number with a unit: `ns`, `us`, `ms`, `s`, `m`, `h`. Days, and numbers without a unit, are not accepted.',
    evidence: "The daemon's own message.",
    consequence: stops,
    fix: 'Write days as hours (`24h`), and a unit after every number (`10s`, `1h30m`).',
  },
  'variable-value': {
    foundBy: 'config check',
    severity: 'error',
    title: 'The daemon cannot parse the value of a variable',
    cause:
      'A boolean is one of 1, t, T, true, TRUE, True, 0, f, F, false, FALSE, False; an integer has digits only; a duration is a number with a unit.',
    evidence: "The daemon's own message, and where the variable is set.",
    consequence: stops,
    fix: 'Correct the variable, or remove it so that the file is used.',
  },
  'bcrypt-cost-low': {
    foundBy: 'config check',
    severity: 'error',
    title: 'bcrypt-cost is not set or below 4',
    cause: 'If it is not set, `[auth] bcrypt-cost` is 0, and with `enabled = true` the daemon requires 4 or more.',
    evidence: "The daemon's own message.",
    consequence: stops,
    fix: 'Set `bcrypt-cost = 10` in `[auth]`.',
  },
  'bind-address': {
    foundBy: 'config check',
    severity: 'error',
    title: 'bind-address is not a valid address',
    cause: '`[http] bind-address` is not `HOST:PORT`, or its port is not a number up to 65535.',
    evidence: "The daemon's own message.",
    consequence: stops,
    fix: 'Set `bind-address = ":9092"`, or `"127.0.0.1:9092"` to accept local connections only.',
  },
  'section-not-list': {
    foundBy: 'config check',
    severity: 'error',
    title: 'A section that must be a list is written as a table',
    cause:
      '`[influxdb]` was correct for Kapacitor 0.x. Since 1.0 it is a list: `[[influxdb]]`. The same applies to kafka, mqtt, httppost, graphite, udp and the service discovery sections.',
    evidence: "The daemon's own message.",
    consequence: stops,
    fix: 'Write the header with double brackets: `[[influxdb]]`; `kapadmin config fix` does it.',
  },
  'data-dir-missing': {
    foundBy: 'config check',
    severity: 'error',
    title: 'data_dir is not set, or hostname is empty',
    cause:
      'Kapacitor has no default for `data_dir` when it reads a file, and requires a `hostname`. Both belong before the first section. A file with only `[http]` and `[auth]` has neither.',
    evidence: "The daemon's own message. The variables KAPACITOR_DATA_DIR and KAPACITOR_HOSTNAME count, too.",
    consequence: stops,
    fix: 'Write `data_dir = "/var/lib/kapacitor"`, the directory of the packages, before the first section; `kapadmin config fix` does it.',
  },
  'template-file': {
    foundBy: 'config check',
    severity: 'error',
    title: 'The file is a template that has not been rendered',
    cause: 'It contains marks of Jinja, Go or ERB templates, such as `{{ name }}` or `<%= name %>`, and is not TOML.',
    evidence: 'The first line with such a mark.',
    consequence: 'Nothing else in it is checked. The daemon does not start with this file.',
    fix: 'Render it with the tool it was written for, such as Ansible, Puppet or Salt, and check the result.',
  },
} as const;
