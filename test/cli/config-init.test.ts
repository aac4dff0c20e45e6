import { readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readConfiguration } from '../../src/kapacitor-config/read-and-validate.js';
import { parseEnvironmentFile } from '../../src/kapacitor-config/environment-formats.js';
import { makeFolder } from '../folder.js';
import { runLine } from '../run.js';

interface Made {
  readonly config: string;
  readonly environment: readonly string[];
  readonly commands: readonly string[];
}

async function make(...words: readonly string[]): Promise<Made> {
  const { code, stdout, stderr } = await runLine(['config', 'init', '-o', 'json', ...words]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as Made;
}

function used(config: string, env: ReadonlyMap<string, string> = new Map()): unknown {
  const reading = readConfiguration(config, env);
  if (!reading.starts) throw new Error(reading.message);
  const { http, auth } = reading.configuration;
  return {
    secret: http.sharedSecret.value.reveal(),
    password: auth.metaPassword.value.reveal(),
    values: [http.authEnabled, auth.enabled, auth.metaAddr, auth.metaUsername, auth.metaUseTls, auth.bcryptCost].map(
      ({ value }) => value,
    ),
    expiration: auth.cacheExpiration.value,
  };
}

describe('config init', () => {
  it('prints a configuration in which nothing is wrong', async () => {
    const cwd = makeFolder();
    const { code } = await runLine(['config', 'init', '--out', `${cwd}/k.conf`], { cwd });
    expect(code).toBe(0);
    expect(statSync(`${cwd}/k.conf`).mode & 0o777).toBe(0o600);
    const checked = await runLine(['config', 'check', 'k.conf', '--no-env', '--fail-on', 'warning'], { cwd });
    expect(checked.stdout).toContain('No problems found.');
    expect(checked.code).toBe(0);
  });

  it('names every key of both sections', async () => {
    const { config } = await make();
    expect(config.match(/^ {2}[a-z-]+ = /gm)).toHaveLength(22);
  });

  it('says the same as variables', async () => {
    const { config, environment } = await make('--meta-url', 'https://meta1:8091');
    const variables = parseEnvironmentFile(environment.join('\n')).map(({ name, value }) => [name, value] as const);
    expect(used('', new Map(variables))).toEqual(used(config));
  });

  it('takes node and CA of the connection', async () => {
    const { config, commands } = await make('--meta-url', 'https://[::1]:9191', '--meta-ca', '/etc/my ca.pem');
    expect(config).toContain('  meta-addr = "[::1]:9191"');
    expect(config).toContain('  meta-use-tls = true');
    expect(config).toContain('  meta-ca = "/etc/my ca.pem"');
    expect(commands[1]).toBe(
      "kapadmin user create kapacitor --password-env KAPACITOR_AUTH_META_PASSWORD --grant CreateUserAndRole --meta-url 'https://[::1]:9191' --meta-ca '/etc/my ca.pem'",
    );
  });

  it('makes a new secret and a new password each time', async () => {
    const secretsOf = ({ config }: Made): readonly string[] => config.match(/(?:secret|password) = "[^"]{20,}"/g) ?? [];
    const [one, two] = [secretsOf(await make()), secretsOf(await make())];
    expect(one).toHaveLength(2);
    expect(two).toHaveLength(2);
    expect(new Set([...one, ...two]).size).toBe(4);
  });

  it('prints variables and commands as comments below the file', async () => {
    const { stdout } = await runLine(['config', 'init']);
    expect(readConfiguration(stdout, new Map()).starts).toBe(true);
    expect(stdout).toContain('\n#   KAPACITOR_AUTH_ENABLED=true\n');
    expect(stdout).toMatch(/\n# {3}kapadmin user create kapacitor .*--grant CreateUserAndRole\n$/);
  });

  it('attack new-comment: a line end in the path of the CA writes no setting into the file', async () => {
    const ca = 'ca\n[http]\nauth-enabled = false\r#';
    const words = ['config', 'init', '--meta-url', 'https://meta1:8091', '--meta-ca', ca];
    const { code, stdout } = await runLine(words);
    expect(code).toBe(0);
    expect(used(stdout)).toMatchObject({ values: expect.arrayContaining([true]) });
    expect(stdout.match(/^\[http\]$/gm)).toHaveLength(1);
    expect(stdout).not.toContain('\r');
  });

  it('asks for no password and reads none', async () => {
    const cwd = makeFolder();
    const argv = [
      'config',
      'init',
      '--out',
      `${cwd}/k.conf`,
      '--meta-username',
      'admin',
      '--meta-password-file',
      'none',
    ];
    expect((await runLine(argv, { cwd })).code).toBe(0);
    expect(readFileSync(`${cwd}/k.conf`, 'utf8')).toContain('[auth]');
  });
});
