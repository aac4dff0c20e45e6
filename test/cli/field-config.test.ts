import { chmodSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../folder.js';
import { runLine, type Ran } from '../run.js';
import { cluster } from './cluster.js';
import { some, tasks } from './login.js';

const field = path.resolve(import.meta.dirname, '../fuzz/field');

interface Found {
  readonly id: string;
  readonly severity: string;
  readonly fact: string;
  readonly place: { readonly line?: number } | null;
  readonly fixes: readonly { readonly what: string; readonly setting?: string; readonly command?: string }[];
}

function caseOf(name: string, file = 'kapacitor.conf'): Buffer {
  return readFileSync(path.join(field, name, file));
}

async function check(text: string | Buffer, mode = 0o600): Promise<Ran & { readonly findings: readonly Found[] }> {
  const cwd = makeFolder({ 'k.conf': text });
  chmodSync(`${cwd}/k.conf`, mode);
  const ran = await runLine(['config', 'check', 'k.conf', '--no-env', '-o', 'json'], { cwd });
  return { ...ran, findings: (JSON.parse(ran.stdout) as { findings: Found[] }).findings };
}

function only(findings: readonly Found[], id: string): Found {
  const found = findings.filter((one) => one.id === id);
  expect(found).toHaveLength(1);
  return found[0]!;
}

async function fix(text: string | Buffer): Promise<string> {
  const cwd = makeFolder({ 'k.conf': text });
  await runLine(['config', 'fix', 'k.conf', '--no-env', '--write', '--yes'], { cwd });
  return readFileSync(`${cwd}/k.conf`, 'utf8');
}

describe('config check of real files', () => {
  it('field key-in-foreign-section: a key of [http] in [logging]', async () => {
    const { findings } = await check(caseOf('key-in-foreign-section'));
    const found = findings.filter(({ id }) => id === 'key-elsewhere');
    expect(found.map(({ fact, place }) => [place?.line, fact])).toEqual([
      [6, '"auth-enabled" is in [logging], but belongs to [http].'],
      [7, '"shared-secret" is in [logging], but belongs to [http].'],
    ]);
    expect(found[0]?.fixes[0]?.what).toMatch(/^Remove line 6 of .*: the daemon uses line 3$/);
    const fixed = await fix(caseOf('key-in-foreign-section'));
    expect(fixed).toMatch(/\[http\]\n.*\n {2}auth-enabled = false\n {2}shared-secret = "b+"\n\[logging\]/);
  });

  it('field key-in-foreign-section: an unknown table such as [meta], and no key that other sections have', async () => {
    const { findings } = await check(caseOf('key-in-foreign-section', 'meta-section.conf'));
    expect(only(findings, 'key-elsewhere').fact).toBe(
      '"meta-internal-shared-secret" is in [meta], but belongs to [auth].',
    );
    const others = await check(
      'data_dir = "/d"\n[udp]\n[collectd]\n  bind-address = ":1"\n  enabled = true\n[x]\ntoken = ""\n',
    );
    expect(others.findings.map(({ id }) => id)).not.toContain('key-elsewhere');
  });

  it('field masked-fix: no fix holds *** or makes a secret of a switch', async () => {
    for (const value of ['true', 'false', '12345678', 'True', 'yes', '1979-05-27']) {
      const text = caseOf('masked-fix').toString().replace('secret = true', `secret = ${value}`);
      const { findings, stdout } = await check(text);
      expect(stdout).not.toContain('***"');
      expect(findings.some(({ id }) => id === 'value-type' || id === 'file-syntax')).toBe(true);
      expect(await fix(text)).toContain(`meta-internal-shared-secret = ${value}\n`);
    }
    const { findings } = await check(caseOf('masked-fix'));
    expect(only(findings, 'value-type').fixes).toEqual([
      {
        what: expect.stringMatching(
          /^Replace .* with a passphrase in quotes, the same as internal-shared-secret of the meta nodes$/,
        ),
      },
    ]);
  });

  it("field masked-fix: the daemon's words are quoted whole where they hold no secret", async () => {
    const { findings, stdout } = await check(caseOf('masked-fix', 'quote.conf'));
    expect(only(findings, 'file-syntax').fact).toContain('INFLUXDB');
    expect(stdout).not.toContain('***');
    const secret = await check('[http]\nshared-secret = [hUshHush]\n[[influxdb]]\npassword = hUshHush\n');
    expect(secret.stdout).not.toContain('hUsh');
  });

  it('field noauth-fix-stops-daemon: the fix names all that the daemon then needs', async () => {
    const { findings } = await check(caseOf('noauth-fix-stops-daemon'));
    const [first, second] = only(findings, 'noauth').fixes;
    expect(first?.setting).toBe(
      'enabled = true\nbcrypt-cost = 10\nmeta-addr = "HOST:8091"\ncache-expiration = "10m"\nmeta-username = "NAME"\nmeta-password = "THE PASSWORD"',
    );
    expect(second?.command).toBe('kapadmin config init');
    const text = `data_dir = "/d"\n${caseOf('noauth-fix-stops-daemon').toString()}[auth]\n${first?.setting}\n`;
    expect((await check(text)).findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('field placeholders: nothing replaces them, and nothing else is said of such a value', async () => {
    const { findings } = await check(caseOf('placeholders'));
    expect(findings.map(({ id, place }) => [id, place?.line])).toEqual([
      ['data-dir-missing', undefined],
      ['placeholder', 4],
      ['placeholder', 10],
      ['placeholder', 11],
    ]);
    expect(findings.at(-1)?.fixes).toEqual([{ what: 'Write the value itself, or set KAPACITOR_AUTH_META_PASSWORD' }]);
    for (const value of ['${HOST}:8091', ':$PORT', '{{ host }}', '<%= @host %>', '@META@', '__META_ADDR__']) {
      const text = caseOf('placeholders').toString().replace('127.0.0.1:8091', value);
      expect((await check(text)).findings.map(({ id, place }) => [id, place?.line])).toContainEqual(['placeholder', 9]);
    }
  });

  it('field placeholders: the examples of the public page are none of the reader', async () => {
    const text = `data_dir = "/d"\n[http]\nauth-enabled = true\nshared-secret = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"\n[auth]\nenabled = true\nbcrypt-cost = 10\nmeta-addr = "172.17.0.2:8091"\nmeta-username = "example-influxdb-username"\nmeta-password = "example-influxdb-password"\nmeta-ca = "/path/to/cert.ca"\n`;
    const examples = (await check(text)).findings.filter(({ id }) => id === 'placeholder');
    expect(examples.map(({ fact, fixes }) => [fact, fixes[0]?.what])).toEqual(
      [
        ['meta-username', ''],
        ['meta-password', ''],
        ['meta-ca', ', or remove the line where no file is needed'],
      ].map(([key = '', more = '']) => [
        `[auth] ${key} contains an example from the documentation, which Kapacitor uses literally.`,
        `Write the value itself, or set KAPACITOR_AUTH_${key.toUpperCase().replace('-', '_')}${more}`,
      ]),
    );
  });

  it('field placeholders: in a file of variables, and no file-exposed for them', async () => {
    const cwd = makeFolder({ 'k.conf': caseOf('placeholders'), env: caseOf('placeholders', 'env.conf') });
    chmodSync(`${cwd}/k.conf`, 0o644);
    chmodSync(`${cwd}/env`, 0o644);
    const { stdout } = await runLine(['config', 'check', 'k.conf', '--env-file', 'env'], { cwd });
    expect(stdout).toContain(`at KAPACITOR_AUTH_META_PASSWORD of ${cwd}/env:2`);
    expect(stdout).not.toContain('file-exposed');
    chmodSync(`${cwd}/k.conf`, 0o644);
    const real = await check(caseOf('placeholders').toString().replace('$META_PASSWORD', 'Pa55word$'), 0o644);
    expect(real.findings.map(({ id }) => id)).toContain('file-exposed');
  });

  it('field template-file: says that it is one, and nothing else', async () => {
    const { findings } = await check(caseOf('template-file', 'kapacitor.conf.j2'), 0o644);
    expect(findings.map(({ id, place }) => [id, place?.line])).toEqual([['template-file', 1]]);
    const erb = await check('[http]\nauth-enabled = <%= @auth %>\n');
    expect(erb.findings.map(({ id }) => id)).toEqual(['template-file']);
  });

  it('field tls-files-of-another-machine: a warning', async () => {
    const { findings } = await check(caseOf('tls-files-of-another-machine'));
    const files = findings.filter(({ id }) => id === 'tls-file-unreadable');
    expect(files.map(({ severity }) => severity)).toEqual(['warning', 'warning']);
    expect(JSON.stringify(files)).not.toMatch(/The daemon does not start/);
    const { code } = await check(`data_dir = "/d"\n${caseOf('tls-files-of-another-machine').toString()}`);
    expect(code).toBe(0);
  });

  it('field toml-of-1.6-and-1.7: a byte order mark', async () => {
    const { findings } = await check(caseOf('toml-of-1.6-and-1.7', 'bom.conf'));
    expect(only(findings, 'older-version').fact).toContain('Kapacitor 1.6.0 to 1.7.7 cannot read this file');
  });

  it('field toml-of-1.6-and-1.7: a dotted key, and a byte that is not UTF-8', async () => {
    const dotted = await check('http.auth-enabled = true\n');
    expect(only(dotted.findings, 'older-version').fact).toContain('Kapacitor 1.6.0 to 1.6.5 cannot read this file');
    const latin1 = await check(Buffer.from('[http]\n  auth-enabled = false # caf\xe9\n', 'latin1'));
    expect(only(latin1.findings, 'file-syntax').fact).toContain(
      'This is the message of 1.8; Kapacitor 1.6.0 to 1.6.5 can read this file.',
    );
  });

  it('field starts-true-although-not: no data_dir, a list section as a table', async () => {
    const missing = await check(caseOf('starts-true-although-not', 'no-data-dir.conf'));
    expect(missing.code).toBe(1);
    expect(only(missing.findings, 'data-dir-missing').fact).toContain('must configure valid data dir');
    expect(await fix(caseOf('starts-true-although-not', 'no-data-dir.conf'))).toMatch(
      /^data_dir = "\/var\/lib\/kapacitor"\n\[http\]/,
    );
    const table = await check(caseOf('starts-true-although-not', 'influxdb-table.conf'));
    expect(only(table.findings, 'section-not-list')).toMatchObject({
      fact: expect.stringContaining(
        'toml: line 5 (last key "influxdb"): incompatible types: TOML value has type map[string]any; destination has type slice',
      ),
      fixes: [{ setting: '[[influxdb]]' }],
    });
    expect(await fix(caseOf('starts-true-although-not', 'influxdb-table.conf'))).toContain('\n[[influxdb]]\n');
  });

  it('reports one text for two secrets, and keys of data nodes', async () => {
    const text = caseOf('masked-fix')
      .toString()
      .replace('secret = true', `secret = "${'a'.repeat(40)}"`);
    const { findings } = await check(`${text}meta-tls-enabled = true\nmeta-auth-enabled = true\n`);
    only(findings, 'secret-reused');
    expect(only(findings, 'misspelt-key').fact).toContain('Did you mean "meta-use-tls"?');
    expect(only(findings, 'unknown-key').fact).toContain('is a key for data nodes (influxdb.conf)');
  });
});

describe('auth test with a real kapacitor.conf', () => {
  async function login(text: string, ...more: readonly string[]): Promise<Ran> {
    const { urls } = await cluster(some);
    const cwd = makeFolder({ 'k.conf': text.replaceAll('meta1:8091', (urls[0] ?? '').replace('http://', '')) });
    const words = [
      'auth',
      'test',
      '--kapacitor-conf',
      'k.conf',
      '--no-env',
      '--user',
      'johndoe',
      '--password-env',
      'PW',
    ];
    return runLine([...words, '--url', tasks, ...more], { cwd, env: { PW: 'pw-johndoe' } });
  }

  it('field tls-files-of-another-machine: goes on, and says which files were not looked at', async () => {
    const text = caseOf('tls-files-of-another-machine').toString().replace('"x"', '"changeit"');
    const { stdout, stderr, code } = await login(
      text.replace('"kapacitor"', '"admin"').replace('meta-use-tls = true', 'meta-use-tls = false'),
    );
    expect(stdout).toContain('allowed');
    expect(code).toBe(0);
    expect(stderr).toContain('/etc/kapacitor/ca.pem');
  });

  it.each([[], ['-q']])(
    'field starts-true-although-not: warns that the daemon does not start, %j',
    async (...flags) => {
      const { stderr, stdout, code } = await login(
        caseOf('starts-true-although-not', 'no-data-dir.conf').toString(),
        ...flags,
      );
      expect([code, stdout]).toEqual([0, expect.stringContaining('allowed')]);
      expect(stderr).toContain(
        'Kapacitor would not start with this file. Its message: "create server: invalid configuration: must',
      );
    },
  );
});
