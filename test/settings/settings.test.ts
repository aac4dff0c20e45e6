import { describe, expect, it } from 'vitest';
import type { Settings } from '../../src/settings/settings.js';
import { placeOf, settingsOf, type Place } from './resolve.js';

const own = `
default: lab
profiles:
  lab: { url: "http://lab:8091", username: labby, password: lab-pw, timeout: 7s }
  prod: { url: ["https://p1:8091", "https://p2"], username: prodder, password: prod-pw, readLeader: true, retries: 1 }
`;

/** What a test looks at, secrets revealed. */
function seen(settings: Settings): object {
  const { nodes, credentials, limits, readLeader } = settings;
  const account = credentials.kind === 'none' ? undefined : credentials.username;
  const secret =
    credentials.kind === 'none'
      ? undefined
      : (credentials.kind === 'basic' ? credentials.password : credentials.secret).reveal();
  return { nodes, account, secret, timeout: limits.timeout, retries: limits.retries, readLeader };
}

const standard = {
  nodes: ['http://localhost:8091'],
  account: undefined,
  secret: undefined,
  timeout: 10_000,
  retries: 3,
  readLeader: false,
};

const cases: readonly (readonly [string, Place, object])[] = [
  ['nothing set: the local node, without credentials', {}, {}],
  ['the default profile', { own }, { nodes: ['http://lab:8091'], account: 'labby', secret: 'lab-pw', timeout: 7000 }],
  [
    'the profile of --profile',
    { own, flags: { profile: ['prod'] } },
    {
      nodes: ['https://p1:8091', 'https://p2:8091'],
      account: 'prodder',
      secret: 'prod-pw',
      retries: 1,
      readLeader: true,
    },
  ],
  [
    'the profile of KAPADMIN_PROFILE',
    { own, env: { KAPADMIN_PROFILE: 'prod' } },
    {
      nodes: ['https://p1:8091', 'https://p2:8091'],
      account: 'prodder',
      secret: 'prod-pw',
      retries: 1,
      readLeader: true,
    },
  ],
  [
    '--profile before KAPADMIN_PROFILE',
    { own, flags: { profile: ['lab'] }, env: { KAPADMIN_PROFILE: 'prod' } },
    { nodes: ['http://lab:8091'], account: 'labby', secret: 'lab-pw', timeout: 7000 },
  ],
  [
    'the environment over the profile, each part for itself',
    { own, env: { KAPADMIN_META_URL: 'http://env:1', KAPADMIN_TIMEOUT: '1m30s' } },
    { nodes: ['http://env:1'], account: 'labby', secret: 'lab-pw', timeout: 90_000 },
  ],
  [
    'flags over the environment',
    {
      flags: { metaUrl: ['http://flag:1'], timeout: '5s', retries: '0' },
      env: { KAPADMIN_META_URL: 'http://env:1', KAPADMIN_TIMEOUT: '6s', KAPADMIN_RETRIES: '9' },
    },
    { nodes: ['http://flag:1'], timeout: 5000, retries: 0 },
  ],
  [
    'several nodes in one variable, separated by comma or blank',
    { env: { KAPADMIN_META_URL: 'http://a:1, http://b:2 http://a:1/' } },
    { nodes: ['http://a:1', 'http://b:2'] },
  ],
  ['an empty variable counts as unset', { env: { KAPADMIN_META_URL: '', KAPADMIN_PROFILE: '' } }, {}],
  ['a variable of blanks and commas too', { env: { KAPADMIN_META_URL: ' , ' } }, {}],
  [
    'name and password of a variable',
    { env: { KAPADMIN_META_USERNAME: 'joe', KAPADMIN_META_PASSWORD: ' p w ' } },
    { account: 'joe', secret: ' p w ' },
  ],
  [
    'name and password out of the URL, percent-decoded',
    { flags: { metaUrl: ['http://j%40e:p%3Aw%2F@host:8091'] } },
    { nodes: ['http://host:8091'], account: 'j@e', secret: 'p:w/' },
  ],
  [
    'one account in two URLs',
    { env: { KAPADMIN_META_URL: 'http://joe:pw@a:1,http://joe:pw@b:1' } },
    { nodes: ['http://a:1', 'http://b:1'], account: 'joe', secret: 'pw' },
  ],
  [
    "a flag's secret leaves the profile's password out",
    { own, flags: { metaPasswordStdin: true }, stdin: 'typed\n' },
    { nodes: ['http://lab:8091'], account: 'labby', secret: 'typed', timeout: 7000 },
  ],
];

describe('the connection', () => {
  it.each(cases)('%s', async (_, place, expected) => {
    expect(seen(await settingsOf(place))).toEqual({ ...standard, ...expected });
  });

  it('takes all limits, with their units', async () => {
    const { limits } = await settingsOf({
      env: {
        KAPADMIN_CONNECT_TIMEOUT: '500ms',
        KAPADMIN_WAIT: '0s',
        KAPADMIN_MAX_BODY: '1048576',
        KAPADMIN_RETRIES: '0',
      },
      flags: { timeout: '1.5s' },
    });
    expect(limits).toEqual({ connectTimeout: 500, timeout: 1500, wait: 0, retries: 0, maxBody: 1_048_576 });
  });

  it('reads a secret for bearer tokens, of the internal user unless a name is given', async () => {
    const place = placeOf({ flags: { metaSecretFile: 'secret' }, own });
    await place.context.files.writeFileAtomic(`${place.context.cwd}/secret`, 'shh\n', 0o600);
    const lab = await place.resolve();
    expect(seen(lab)).toMatchObject({ account: 'labby', secret: 'shh' });
    expect(lab.credentials.kind).toBe('bearer');
  });

  it("takes paths of a profile from the file's folder, and ~ as the home", async () => {
    const place = placeOf({ own: 'default: a\nprofiles:\n  a: { username: joe, passwordFile: pw }' });
    await place.context.files.writeFileAtomic(`${place.context.home}/.config/kapadmin/pw`, 'beside', 0o600);
    expect(seen(await place.resolve())).toMatchObject({ secret: 'beside' });
    const tilde = placeOf({ own: 'default: a\nprofiles:\n  a: { username: joe, passwordFile: ~/pw }' });
    await tilde.context.files.writeFileAtomic(`${tilde.context.home}/pw`, 'at home', 0o600);
    expect(seen(await tilde.resolve())).toMatchObject({ secret: 'at home' });
  });

  it('warns of a password in --meta-url, not of one in a variable, and never shows it', async () => {
    const flag = placeOf({ flags: { metaUrl: ['http://joe:hush-hush@host'] } });
    expect(JSON.stringify(await flag.resolve())).not.toContain('hush-hush');
    expect(flag.context.stderr()).toContain('is visible in the process list');
    expect(flag.context.stderr()).not.toContain('hush-hush');
    const variable = placeOf({ env: { KAPADMIN_META_URL: 'http://joe:hush-hush@host' } });
    await variable.resolve();
    expect(variable.context.stderr()).toBe('');
  });

  it('finds the file below XDG_CONFIG_HOME, and the one that is named', async () => {
    const base = placeOf({ own });
    const folder = `${base.context.home}/.config`;
    const xdg = await settingsOf({ env: { XDG_CONFIG_HOME: folder } });
    expect(xdg.profile).toBe('lab');
    const named = await settingsOf({ flags: { config: `${folder}/kapadmin/config.yaml` } });
    expect(named.profile).toBe('lab');
  });

  it('takes nothing from a folder below the working directory when HOME is empty or relative', async () => {
    const { context } = placeOf({ own });
    for (const home of ['', '.']) {
      expect((await settingsOf({ home, cwd: context.home })).profile).toBeUndefined();
    }
  });

  it.each(['toml', 'json'])('reads %s as well', async (format) => {
    const text =
      format === 'toml'
        ? 'default = "a"\n[profiles.a]\nurl = ["http://t:1"]\nretries = 2\n'
        : '{"default":"a","profiles":{"a":{"url":"http://t:1","retries":2}}}';
    const { context } = placeOf({});
    await context.files.makeFolder(`${context.home}/.config/kapadmin`, 0o700);
    await context.files.writeFileAtomic(`${context.home}/.config/kapadmin/config.${format}`, text, 0o600);
    expect(seen(await settingsOf({ home: context.home }))).toMatchObject({ nodes: ['http://t:1'], retries: 2 });
  });
});
