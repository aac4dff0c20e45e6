/** One thing that later releases of Kapacitor do differently: see kapacitor-auth 10. */
interface Difference {
  /** The first release that does it the new way. */
  readonly since: string;
  /** What it is about: the headings of the documentation's table. */
  readonly area: 'meta node' | 'bearer token' | 'kapacitor.conf' | 'LDAP and user store';
  readonly before: string;
  readonly after: string;
  /** Where this is in the source of Kapacitor or of one of its libraries. */
  readonly source: string;
  /** How the measured scenarios of it begin; none where they are not in this tree. */
  readonly vectors: readonly string[];
}

/**
 * All that depends on the version, and the only place that knows so: the engine asks for these rules by their names
 * (`version.rules.bearerCut`), true from `since` on.
 */
export const differences = {
  bearerPadding: {
    since: '1.6.2',
    area: 'bearer token',
    before: 'A segment of a token may end in `=`; one that is not base64 is reported with padding counted in.',
    after: 'A segment of a token must not be padded.',
    source: 'dgrijalva/jwt-go 3.2.0, golang-jwt/jwt 3.2.2: token.go, DecodeSegment',
    vectors: ['ver-bearer-words'],
  },
  claimTypes: {
    since: '1.6.2',
    area: 'bearer token',
    before: 'A claim `nbf` or `iat` that is not a number is ignored; such an `exp` gives `token expiration required`.',
    after: 'A time claim that is not a number fails its check.',
    source: 'dgrijalva/jwt-go 3.2.0, golang-jwt/jwt 3.2.2: map_claims.go',
    vectors: [],
  },
  edDsa: {
    since: '1.6.2',
    area: 'bearer token',
    before: 'The method EdDSA is unknown: `signing method (alg) is unavailable.`',
    after: 'The method EdDSA is known and refused: `unexpected signing method: EdDSA`.',
    source: 'golang-jwt/jwt 3.2.2: ed25519.go',
    vectors: [],
  },
  bearerCut: {
    since: '1.6.5',
    area: 'bearer token',
    before: 'A bearer header has exactly two words; any other falls through to `u` and `p` of the query.',
    after: 'All that follows `Bearer` and one space is the token.',
    source: 'services/httpd/handler.go, parseCredentials',
    vectors: ['ver-bearer-words'],
  },
  metaInternalSharedSecret: {
    since: '1.6.6',
    area: 'meta node',
    before:
      '`meta-internal-shared-secret` is not read, from the file or the environment: the meta node is asked with Basic, or without credentials.',
    after: '`meta-internal-shared-secret` makes Kapacitor ask the meta node with a bearer token.',
    source: 'services/auth/config.go, services/auth/service.go, NewService',
    vectors: ['ver-secret', 'meta-secret-wins'],
  },
  tomlUtf8: {
    since: '1.6.6',
    area: 'kapacitor.conf',
    before: 'A byte that is not UTF-8 is read.',
    after: 'A byte that is not UTF-8 is refused.',
    source: 'BurntSushi/toml 0.3.1, 0.4.1: lex.go, next',
    vectors: ['ver-toml'],
  },
  tomlControls: {
    since: '1.6.6',
    area: 'kapacitor.conf',
    before: 'Control characters may stand in comments and strings.',
    after: 'Control characters are refused.',
    source: 'BurntSushi/toml 0.3.1, 0.4.1: lex.go',
    vectors: ['ver-toml-control'],
  },
  tomlStrict: {
    since: '1.6.6',
    area: 'kapacitor.conf',
    before:
      'A number may begin with 0; an inline table may end in a comma and have a key twice; a key may stand in three quotes; after a sign an exponent may begin with `_`.',
    after:
      'These are refused; in a triple-quoted string, a backslash before CR LF, which crashes older daemons, joins lines.',
    source: 'BurntSushi/toml 0.3.1, 0.4.1: parse.go',
    vectors: ['ver-toml-leading-zero', 'ver-toml-inline'],
  },
  toml1: {
    since: '1.6.6',
    area: 'kapacitor.conf',
    before:
      'Refused: dotted keys, `0x` `0o` `0b`, `inf` and `nan`, arrays of mixed types or given twice, times without a date, a space between date and time, five quotes in a row.',
    after: 'These are read.',
    source: 'BurntSushi/toml 0.3.1, 0.4.1: lex.go, parse.go',
    vectors: ['ver-toml-dotted', 'ver-toml-hex', 'ver-toml-inf', 'ver-toml-array-mixed', 'ver-toml-multi'],
  },
  tomlExact: {
    since: '1.7.0',
    area: 'kapacitor.conf',
    before:
      'A NUL after a value or a header ends the file; `0_4` is a number (octal in 1.6.6); a dot inside of a quoted key counts as one between keys when keys are compared; 1.6.6 drops a backslash and blanks at the end of a triple-quoted string.',
    after: 'A NUL, `0_4` and such a backslash are refused; quoted keys are compared as they are.',
    source: 'BurntSushi/toml 0.4.1, 1.2.1: lex.go, next; parse.go, numHasLeadingZero; meta.go, Key.String',
    vectors: [],
  },
  tomlLineEnds: {
    since: '1.7.0',
    area: 'kapacitor.conf',
    before: 'A carriage return alone ends a line.',
    after: 'A carriage return without a line feed is refused.',
    source: 'BurntSushi/toml 0.4.1, 1.2.1: lex.go',
    vectors: ['ver-toml-cr'],
  },
  tomlLines: {
    since: '1.7.0',
    area: 'kapacitor.conf',
    before:
      "Messages: `Near line L (last key parsed 'k'): ...` for syntax, `toml: cannot load TOML value of type T into a Go D` for types.",
    after: 'Messages: `toml: line L (last key "k"): ...` for both.',
    source: 'BurntSushi/toml 0.4.1, 1.2.1: parse.go, decode.go',
    vectors: ['ver-toml', 'open-config-toml', 'more-config-toml'],
  },
  longPasswords: {
    since: '1.7.1',
    area: 'LDAP and user store',
    before: 'A password over 72 bytes is cut for the hash that Kapacitor makes of it.',
    after:
      'A password over 72 bytes cannot be hashed: an LDAP user with one cannot log in, a user of the store cannot get one.',
    source: 'golang.org/x/crypto/bcrypt, GenerateFromPassword',
    vectors: ['ldap-long-password'],
  },
  jwt4: {
    since: '1.8.0',
    area: 'bearer token',
    before:
      'Times count in whole seconds: a token is still good in the second of its `exp`, one with `exp` between 0 and 1 never expires, one with `exp` between -1 and 0 gives `token expiration required`.',
    after: 'A token is expired from the second of its `exp` on.',
    source: 'golang-jwt/jwt 3.2.2, 4.5.2: map_claims.go',
    vectors: ['ver-jwt-same-second'],
  },
  tomlBom: {
    since: '1.8.0',
    area: 'kapacitor.conf',
    before: 'A byte order mark (UTF-8) at the beginning is refused.',
    after: 'A byte order mark at the beginning is skipped.',
    source: 'BurntSushi/toml 1.2.1, 1.4.1: parse.go',
    vectors: [],
  },
  toml14: {
    since: '1.8.0',
    area: 'kapacitor.conf',
    before:
      'An hour may have one digit (`7:32:00`); from 1.6.6 on, the character U+FFFD counts as a byte that is not UTF-8, and a dotted key in an inline table may lie below an array.',
    after: 'An hour of one digit and a key below an array are refused; U+FFFD is a character like any other.',
    source: 'BurntSushi/toml 1.2.1, 1.4.1: parse.go, missingLeadingZero, valueInlineTable; lex.go, next',
    vectors: [],
  },
  tomlDurations: {
    since: '1.8.0',
    area: 'kapacitor.conf',
    before: 'A bad duration is reported without line and key: `parse config: time: ...`.',
    after: 'A bad duration is reported with line and key.',
    source: 'BurntSushi/toml 1.2.1, 1.4.1: decode.go',
    vectors: ['config-bad-duration', 'config-duration-number', 'ver-toml-duration'],
  },
  tomlAny: {
    since: '1.8.0',
    area: 'kapacitor.conf',
    before: 'Messages name the types `[]interface {}` and `map[string]interface {}`.',
    after: 'Messages name the types `[]any` and `map[string]any`.',
    source: 'BurntSushi/toml 1.2.1, 1.4.1: decode.go',
    vectors: ['ver-toml-addr', 'ver-toml-auth', 'ver-toml-enabled'],
  },
} as const satisfies Readonly<Record<string, Difference>>;

export type DifferenceId = keyof typeof differences;

/** Which of the differences a daemon has on its new side. */
export type VersionRules = Readonly<Record<DifferenceId, boolean>>;

export interface KapacitorVersion {
  /** A release such as `1.6.5`; `1.8` where any release of 1.8 is meant. */
  readonly name: string;
  readonly rules: VersionRules;
}

/** The newest release of each line; all before it were released. */
const newest: Readonly<Record<string, number>> = { '1.6': 6, '1.7': 7, '1.8': 3 };

function patchesOf(line: string): string[] {
  return Array.from({ length: newest[line]! + 1 }, (_, patch) => `${line}.${patch}`);
}

/** Every release that is known, in order. */
export const knownReleases: readonly string[] = Object.keys(newest).flatMap(patchesOf);

/** The hint for an invalid release. */
export const knownReleasesHint = `Give a release from ${knownReleases[0]} to ${knownReleases.at(-1)}, such as 1.6.6.`;

function isSince(release: string, since: string): boolean {
  return knownReleases.indexOf(release) >= knownReleases.indexOf(since);
}

function versionOf(name: string, release: string): KapacitorVersion {
  const rules = Object.entries(differences).map(([id, { since }]) => [id, isSince(release, since)] as const);
  return { name, rules: Object.fromEntries(rules) as VersionRules };
}

/** The version that is assumed if none is given. */
export const defaultVersion: KapacitorVersion = versionOf('1.8', '1.8.3');

/**
 * The daemon of a version as users and the header `X-Kapacitor-Version` write it: `1.6.5`, `v1.6.5`; `1.6` and `1.7`
 * mean their newest releases. An unknown newer patch release of 1.8 counts as the newest known one. Undefined if there
 * is no such release.
 */
export function parseKapacitorVersion(text: string): KapacitorVersion | undefined {
  const [, line = '', patch] = /^v?(1\.[678])(?:\.(0|[1-9][0-9]{0,5}))?$/.exec(text) ?? [];
  const last = newest[line];
  if (last === undefined) return undefined;
  if (patch === undefined) return line === '1.8' ? defaultVersion : versionOf(`${line}.${last}`, `${line}.${last}`);
  if (Number(patch) > last && line !== '1.8') return undefined;
  return versionOf(`${line}.${patch}`, `${line}.${Math.min(Number(patch), last)}`);
}

/** The daemon of every release that is known, in order. */
export const knownVersions: readonly KapacitorVersion[] = knownReleases.map((release) => versionOf(release, release));

/** A running Kapacitor whose rules differ from those of the predictions. */
export interface DifferentVersion {
  readonly sentence: string;
  /** The version to assume; undefined where the running one is unknown. */
  readonly version: KapacitorVersion | undefined;
}

/**
 * What to say of a running Kapacitor; undefined where it decides as the assumed one does.
 * @param found what `X-Kapacitor-Version` says, fit to be shown
 */
export function differentVersion(found: string, assumed: KapacitorVersion): DifferentVersion | undefined {
  const version = parseKapacitorVersion(found);
  if (version === undefined) {
    const sentence = `Kapacitor ${found} is unknown to kapadmin; the prediction assumes ${assumed.name}`;
    return { sentence, version };
  }
  const isAlike = Object.entries(version.rules).every(([id, on]) => assumed.rules[id as keyof VersionRules] === on);
  if (isAlike) return undefined;
  const use = `use --kapacitor-version ${version.name}`;
  return { sentence: `Kapacitor runs ${found}, but the prediction assumes ${assumed.name}: ${use}`, version };
}
