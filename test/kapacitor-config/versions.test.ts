import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ConfigResult,
  otherSectionFaults,
  readConfiguration,
} from '../../src/kapacitor-config/read-and-validate.js';
import { parseKapacitorVersion } from '../../src/model/kapacitor-versions.js';

/** One release of each group of kapacitor-auth 10 that reads files in a way of its own. */
const releases = ['1.6.5', '1.6.6', '1.7.0', '1.8.3'] as const;
type Release = (typeof releases)[number];

function read(file: string | Uint8Array, release: string, env: Readonly<Record<string, string>> = {}): ConfigResult {
  return readConfiguration(file, new Map(Object.entries(env)), parseKapacitorVersion(release));
}

function bytes(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

/** A piece of a file that some releases refuse; where it stands in the file matters only for `start`. */
interface Input {
  readonly what: string;
  readonly text: string;
  readonly reads: readonly Release[];
  readonly place: 'start' | 'key' | 'comment' | 'section';
}

const all = releases;
const old = ['1.6.5'] as const;
const toml1 = ['1.6.6', '1.7.0', '1.8.3'] as const;
const control = fc.constantFrom(...'\u0001\u0007\u0008\u000b\u000c\u001f\u007f');
const letter = fc.constantFrom('\u00e9', '\u00ff', '\u0080', '\u00fc');
const word = fc.stringMatching(/^[a-z ]{0,6}$/);

const value = (what: string, reads: readonly Release[], given: fc.Arbitrary<string>): fc.Arbitrary<Input> =>
  given.map((text) => ({ what, text, reads, place: 'key' }));

/** The rows of the table, and what every release reads. */
const inputs: readonly fc.Arbitrary<Input>[] = [
  fc.constant({ what: 'byte order mark', text: '\u00ef\u00bb\u00bf', reads: ['1.8.3'], place: 'start' }),
  fc.tuple(word, letter, word).map(([a, b, c]) => ({
    what: 'a byte that is not UTF-8',
    text: `# ${a}${b}${c}\n`,
    reads: old,
    place: 'comment',
  })),
  value(
    'a byte that is not UTF-8',
    old,
    fc.tuple(word, letter).map((parts) => `"${parts.join('')}"`),
  ),
  fc.tuple(word, control, word).map((parts) => ({
    what: 'a control character',
    text: `# ${parts.join('')}\n`,
    reads: old,
    place: 'comment',
  })),
  value(
    'a control character',
    old,
    fc.tuple(word, control).map((parts) => `"${parts.join('')}"`),
  ),
  value(
    'a control character',
    old,
    fc.tuple(word, control).map((parts) => `'${parts.join('')}'`),
  ),
  value(
    'a leading zero',
    old,
    fc.nat(99).map((n) => `0${n}`),
  ),
  value(
    'a leading zero',
    old,
    fc.nat(99).map((n) => `-0${n}.5`),
  ),
  value(
    'a repeated key in an inline table',
    old,
    fc.nat(9).map((n) => `{ a = ${n}, a = ${n} }`),
  ),
  value(
    'a last comma in an inline table',
    old,
    fc.nat(9).map((n) => `{ a = ${n}, }`),
  ),
  fc.constant({ what: 'a carriage return alone', text: '# x\r', reads: ['1.6.5', '1.6.6'], place: 'comment' }),
  fc.constant({ what: 'a carriage return alone', text: 'x = 1\r', reads: ['1.6.5', '1.6.6'], place: 'section' }),
  fc.tuple(word, word).map(([a, b]) => ({
    what: 'a dotted key',
    text: `a${a.trim().replaceAll(' ', '')}.b${b.trim().replaceAll(' ', '')} = 1\n`,
    reads: toml1,
    place: 'section',
  })),
  value(
    'a base',
    toml1,
    fc.nat(7).chain((n) => fc.constantFrom(`0x${n}`, `0o${n}`, `0b1`)),
  ),
  value('inf and nan', toml1, fc.constantFrom('inf', '-inf', '+inf', 'nan', '-nan')),
  value('a mixed array', toml1, fc.constantFrom('[1, "a"]', '[1, 1.0]', '[true, 1]', '[{ a = 1 }, 1]', '[[1], 1]')),
  value('a time without a date', toml1, fc.constantFrom('07:32:00', '23:59:59.5')),
  value('a date with a space', toml1, fc.constantFrom('1979-05-27 07:32:00Z', '1979-05-27 07:32:00')),
  value(
    'five quotes',
    toml1,
    word.map((text) => `"""${text}"""""`),
  ),
  value(
    'five quotes',
    toml1,
    word.map((text) => `'''${text}'''''`),
  ),
  value('anything else', all, fc.constantFrom('1', '"x"', "'x'", '1.5', 'true', '1979-05-27', '[1, 2]', '{ a = 1 }')),
  value('anything else', all, fc.constantFrom('"""a\nb"""', '[[1], ["a"]]', '1979-05-27T07:32:00Z', '+1_000', '1e5')),
  fc.constant({ what: 'anything else', text: '# x\r\n', reads: all, place: 'comment' }),
];

interface File {
  readonly text: string;
  readonly inputs: readonly Input[];
}

/** A file of both sections, with some of the inputs where they can stand. */
const configurations: fc.Arbitrary<File> = fc
  .array(fc.oneof(...inputs), { minLength: 1, maxLength: 3 })
  .map((chosen) => {
    const lines = chosen.map(({ place, text }, i) =>
      place === 'key' ? `x${i} = ${text}\n` : place === 'start' ? '' : text,
    );
    const tables = lines.map((line, i) => (chosen[i]!.place === 'section' ? `[x${i}]\n${line}` : line));
    const start = chosen.some(({ place }) => place === 'start') ? '\u00ef\u00bb\u00bf' : '';
    const text = `${start}[http]\nauth-enabled = true\n[auth]\nenabled = true\nbcrypt-cost = 4\n[other]\n${tables.join('')}`;
    return { text, inputs: chosen };
  });

describe.each(releases)('the files that Kapacitor %s reads', (release) => {
  it('are those of the table', () => {
    fc.assert(
      fc.property(configurations, ({ text, inputs: chosen }) => {
        const expected = chosen.every(({ reads }) => reads.includes(release));
        expect([read(bytes(text), release).starts, chosen.map(({ what }) => what)]).toEqual([
          expected,
          chosen.map(({ what }) => what),
        ]);
      }),
      { numRuns: 400 },
    );
  });
});

function message(file: string, release: string, env?: Readonly<Record<string, string>>): string {
  const reading = read(file, release, env);
  return reading.starts ? 'starts' : reading.message;
}

const auth = (line: string): string => `[auth]\nenabled = true\nbcrypt-cost = 4\n${line}\n`;

describe('what a version says to a file that it refuses', () => {
  it.each([
    [auth('cache-expiration = "soon"'), 'parse config: time: invalid duration "soon"'],
    [auth('cache-expiration = 10'), 'parse config: time: missing unit in duration "10"'],
    [auth('cache-expiration = "1d"'), 'parse config: time: unknown unit "d" in duration "1d"'],
  ])('up to 1.7 has no line for a duration: %j', (file, told) => {
    expect(['1.6.0', '1.6.6', '1.7.0', '1.7.7'].map((release) => message(file, release))).toEqual(Array(4).fill(told));
    expect(message(file, '1.8.0')).toMatch(/^parse config: toml: line 4 \(last key "auth.cache-expiration"\): time: /);
  });

  it.each([
    ['meta-addr = [1]', '[]interface {}', '[]any', 'string', 'meta-addr'],
    ['meta-addr = { a = 1 }', 'map[string]interface {}', 'map[string]any', 'string', 'meta-addr'],
    ['meta-use-tls = "yes"', 'string', 'string', 'boolean', 'meta-use-tls'],
  ])('names the types as it does: %s', (line, before, since, wanted, key) => {
    const file = auth(line);
    const placed = `parse config: toml: line 4 (last key "auth.${key}"): incompatible types: TOML value has type`;
    expect(message(file, '1.6.6')).toBe(
      `parse config: toml: cannot load TOML value of type ${before} into a Go ${wanted}`,
    );
    expect(message(file, '1.7.7')).toBe(`${placed} ${before}; destination has type ${wanted}`);
    expect(message(file, '1.8')).toBe(`${placed} ${since}; destination has type ${wanted}`);
  });

  it('has no line for a section that is no table up to 1.6.6', () => {
    const told = 'type mismatch for auth.Config: expected table but found';
    expect(message('auth = 5\n', '1.6.6')).toBe(`parse config: toml: ${told} int64`);
    expect(message('[[auth]]\n', '1.7.0')).toMatch(
      /^parse config: toml: line 1 .*found \[\]map\[string\]interface \{\}$/,
    );
  });

  it('marks what is not known of a syntax error', () => {
    const file = auth('x');
    expect(message(file, '1.6.5')).toBe("parse config: Near line 4 (last key parsed 'auth'): …");
    expect(message(file, '1.7.7')).toBe('parse config: toml: line 4: …');
    expect(read(file, '1.7.7')).toMatchObject({ inexact: "expected '.' or '=', but got '\\n' instead" });
    expect(read(file, '1.8')).not.toHaveProperty('inexact', expect.anything());
  });
});

describe('meta-internal-shared-secret', () => {
  const secret = 'KAPACITOR_AUTH_META_INTERNAL_SHARED_SECRET';

  it.each(['"s"', '5', '[1]', '{ a = 1 }'])('is no key before 1.6.6, whatever its value: %s', (given) => {
    const reading = read(auth(`meta-internal-shared-secret = ${given}`), '1.6.5', { [secret]: 'x' });
    if (!reading.starts) expect.fail(reading.message);
    expect(reading.configuration.auth.metaInternalSharedSecret.origin).toEqual({ from: 'default' });
  });

  it('is one from 1.6.6 on', () => {
    expect(message(auth('meta-internal-shared-secret = 5'), '1.6.6')).toMatch(/cannot load TOML value of type int64/);
    const reading = read(auth(''), '1.6.6', { [secret]: 'x' });
    if (!reading.starts) expect.fail(reading.message);
    expect(reading.configuration.auth.metaInternalSharedSecret.value.reveal()).toBe('x');
  });
});

it('an inline table that repeats a key has its last value, where it may', () => {
  const reading = read('auth = { enabled = true, bcrypt-cost = 9, bcrypt-cost = 5 }\n', '1.6.0');
  if (!reading.starts) expect.fail(reading.message);
  expect(reading.configuration.auth.bcryptCost.value).toBe(5);
});

/** What BurntSushi/toml 0.3.1, 0.4.1, 1.2.1 and 1.4.1 read of pieces at the end of a file, as run with Go. */
describe('what the libraries read beyond the rows of the table', () => {
  const since17 = ['1.7.0', '1.8.3'];
  const before18 = ['1.6.5', '1.6.6', '1.7.0'];

  it.each<[string, readonly string[]]>([
    ['"""x""" = 1', ['1.6.5']],
    ["['''x''']", ['1.6.5']],
    ['x = 1e+_5', ['1.6.5']],
    ['x = 0_4', ['1.6.5', '1.6.6']],
    ['x = 0_8', ['1.6.5']],
    ['x = 0_1.5', ['1.6.5', '1.6.6']],
    ['x = 7:32:00', ['1.6.6', '1.7.0']],
    ['x = {a = [], a.b = 1}', ['1.6.6', '1.7.0']],
    ['x = 1979-05-27T7:32:00Z', before18],
    ['x = 1\0garbage [[', ['1.6.5', '1.6.6']],
    ['[x]\0garbage [[', ['1.6.5', '1.6.6']],
    ['x = "\0"', []],
    ['# \0', []],
    ['# \ufffd', ['1.6.5', '1.8.3']],
    ['x = """\\""""""', since17],
    ['x = """a\\ """', ['1.6.6']],
    ['x = """a\\\r\n  b"""', ['1.6.6', ...since17]],
    ['x = """\\\\\n"""', ['1.6.6', ...since17]],
    ['x = """\\\\\nuzzzz"""', ['1.6.6', ...since17]],
    ['x = [{ a = 1 }]\n[[auth.x]]', []],
    ['[y]\n["a.b".c]\n[a.b]\n[a.b]', ['1.6.5', '1.6.6']],
  ])('%j: %j', (piece, readers) => {
    const reads = releases.filter((release) => message(auth(piece), release) === 'starts');
    expect(reads).toEqual(readers);
  });

  it('an array of inline tables is a plain array', () => {
    const told = 'parse config: toml: cannot load TOML value of type []interface {} into a Go string';
    const messages = ['1.6.5', '1.6.6'].map((release) => message(auth('meta-addr = [{ a = 1 }]'), release));
    expect(messages).toEqual([told, told]);
  });

  it('1.6.6 reads `0_17` as octal', () => {
    const costs = ['1.6.5', '1.6.6'].map((release) => {
      const reading = read('[auth]\nbcrypt-cost = 0_17\n', release);
      return reading.starts ? reading.configuration.auth.bcryptCost.value : reading.message;
    });
    expect(costs).toEqual([17, 15]);
  });

  it('says of UTF-16 what the version does', () => {
    const file = Buffer.from('\ufeff[http]\n', 'utf16le');
    const problem = 'files cannot contain NULL bytes; probably using UTF-16; TOML files must be UTF-8';
    const messages = ['1.6.6', '1.8.3'].map((release) => {
      const reading = read(file, release);
      return reading.starts ? 'starts' : reading.message;
    });
    expect(messages).toEqual([`parse config: ${problem}`, `parse config: toml: line 1: ${problem}`]);
  });

  it('a string can hold a byte that is not UTF-8', () => {
    expect(releases.filter((release) => message('# caf\udce9\n', release) === 'starts')).toEqual(['1.6.5']);
  });
});

describe('the other sections', () => {
  it.each([
    ['1.6.5', 'parse config: toml: cannot load TOML value of type map[string]interface {} into a Go slice'],
    [
      '1.7.0',
      'parse config: toml: line 2 (last key "influxdb"): incompatible types: TOML value has type map[string]interface {}; destination has type slice',
    ],
    [
      '1.8',
      'parse config: toml: line 2 (last key "influxdb"): incompatible types: TOML value has type map[string]any; destination has type slice',
    ],
  ])('are judged as %s reads them', (release, told) => {
    const faults = otherSectionFaults('data_dir = "x"\n[influxdb]\n', new Map(), parseKapacitorVersion(release));
    expect(faults).toEqual([{ is: 'section-not-list', message: told, line: 2 }]);
  });

  it('are judged in a file that only an older one reads', () => {
    const file = 'x = 04\n';
    expect(otherSectionFaults(file, new Map(), parseKapacitorVersion('1.6.5'))).toMatchObject([
      { is: 'data-dir-missing' },
    ]);
    expect(otherSectionFaults(file, new Map(), parseKapacitorVersion('1.8'))).toEqual([]);
  });
});
