/** The lines of a kapacitor.conf by section, each `key = value`. */
export interface Conf {
  readonly http: readonly string[];
  readonly auth: readonly string[];
}

type Section = keyof Conf;

function keyOf(line: string): string {
  return line.split('=')[0]?.trim() ?? '';
}

/** A configuration that is in order, against a node, with these lines in place of its own. */
export function confFor(host: string, changed: Partial<Conf> = {}): string {
  const own: Conf = {
    http: [
      'bind-address = "127.0.0.1:9092"',
      'auth-enabled = true',
      'shared-secret = "a secret of more than 32 bytes, really"',
    ],
    auth: [
      'enabled = true',
      'cache-expiration = "10m"',
      'bcrypt-cost = 4',
      `meta-addr = "${host}"`,
      'meta-username = "kap"',
      'meta-password = "kap-Pa5sw0Rd"',
    ],
  };
  const section = (name: Section): string[] => {
    const lines = changed[name] ?? [];
    const keys = new Set(lines.map(keyOf));
    return [
      `[${name}]`,
      ...own[name].filter((line) => !keys.has(keyOf(line))),
      ...lines.filter((line) => line.includes('=')),
    ];
  };
  return [...section('http'), ...section('auth'), ''].join('\n');
}

/** Sets a printed `key = value` in the section, as a person does in an editor. */
export function setLine(text: string, section: string, line: string): string {
  const key = keyOf(line);
  const lines = text.split('\n');
  const from = lines.indexOf(`[${section}]`);
  const rest = lines.slice(from + 1);
  const length = rest.findIndex((one) => one.startsWith('['));
  const own = length < 0 ? rest : rest.slice(0, length);
  const changed = [...own.filter((one) => keyOf(one) !== key && one !== ''), line, ''];
  return [...lines.slice(0, from + 1), ...changed, ...rest.slice(own.length)].join('\n');
}

const httpKeys = /^(?:bind-address|auth-enabled|shared-secret|pprof-enabled|https-[a-z-]+) /;

/** A line of output that names a setting: `In [auth] of FILE: meta-addr = "host:8091"`, or the line of the file. */
export function settingsIn(output: string): readonly { readonly section: string; readonly line: string }[] {
  return [...output.matchAll(/(?:\[(http|auth)\]|Change line \d+ of ).*?: ([a-z-]+ = \S.*)$/gm)].map(
    ([, section, line = '']) => ({
      section: section ?? (httpKeys.test(line) ? 'http' : 'auth'),
      line,
    }),
  );
}

/** The command lines of ours in an output, each once. */
export function commandsIn(output: string): readonly string[] {
  return [...new Set([...output.matchAll(/: (kapadmin .*)$/gm)].map(([, line = '']) => line))];
}
