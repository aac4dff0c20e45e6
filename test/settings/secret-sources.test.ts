import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Settings } from '../../src/settings/settings.js';
import { faultOf, placeOf } from './resolve.js';

async function passwordOf(content: string | Uint8Array, from: 'file' | 'stdin'): Promise<string> {
  const flags = {
    metaUsername: 'joe',
    ...(from === 'stdin' ? { metaPasswordStdin: true } : { metaPasswordFile: 'password' }),
  };
  const place = placeOf({ flags, ...(from === 'stdin' ? { stdin: content } : {}) });
  await place.context.files.writeFileAtomic(`${place.context.cwd}/password`, content, 0o600);
  const { credentials } = await place.resolve();
  return credentials.kind === 'basic' ? credentials.password.reveal() : '';
}

describe.each(['file', 'stdin'] as const)("the connection's password from a %s", (from) => {
  it.each([
    ['pw', 'pw'],
    ['pw\n', 'pw'],
    ['pw\r\n', 'pw'],
    ['pw\n\n', 'pw\n'],
    [' p w ', ' p w '],
    ['pä€😀', 'pä€😀'],
    ['', ''],
    ['\n', ''],
  ])('%j is %j: one line end at its end is dropped', async (content, password) => {
    expect(await passwordOf(content, from)).toBe(password);
  });

  it.each([
    ['is not UTF-8', Uint8Array.of(0x70, 0xff), 'UTF-8'],
    ['contains a NUL byte', 'a\0b', 'NUL'],
    ['starts with a byte order mark', '\ufeffpw', 'byte order mark'],
  ])('is refused when it %s', async (_, content, word) => {
    const flag = from === 'file' ? '--meta-password-file' : '--meta-password-stdin';
    await expect(passwordOf(content, from)).rejects.toThrow(new RegExp(`${flag}.*${word}`));
  });
});

describe('a password file', () => {
  it('of more than 64 KiB is refused', async () => {
    expect(await passwordOf('x'.repeat(65_536), 'file')).toHaveLength(65_536);
    await expect(passwordOf('x'.repeat(65_537), 'file')).rejects.toThrow(/--meta-password-file.*65537 bytes/);
  });
});

describe('standard input', () => {
  it('of more than 1 MiB is refused, without reading on', async () => {
    const stdin = new PassThrough();
    stdin.write(Buffer.alloc(1024 * 1024 + 1, 'x'));
    const { code, message } = await faultOf({ stdin, flags: { metaUsername: 'j', metaPasswordStdin: true } });
    expect([code, message]).toEqual(['stdin-too-large', expect.stringContaining('--meta-password-stdin')]);
  });

  it.each([
    ['SIGINT', 'interrupted'],
    ['SIGTERM', 'terminated'],
    ['SIGHUP', 'hung-up'],
  ] as const)('that never ends is left on %s', async (signal, kind) => {
    const place = placeOf({ stdin: new PassThrough(), flags: { metaUsername: 'j', metaPasswordStdin: true } });
    const settings = place.resolve();
    setImmediate(() => place.context.interrupt(signal));
    await expect(settings).rejects.toMatchObject({ kind, message: expect.stringContaining('no changes were made') });
  });

  it('that breaks is reported', async () => {
    const stdin = new PassThrough();
    setTimeout(() => stdin.destroy(new Error('EIO')), 20);
    const { message } = await faultOf({ stdin, flags: { metaUsername: 'j', metaPasswordStdin: true } });
    expect(message).toContain('--meta-password-stdin: cannot read standard input: EIO');
  });
});

describe('certificates', () => {
  const certificate = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
  const key = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n';
  const encrypted = '-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n';

  async function withFiles(files: Record<string, string>, flags: object): Promise<Promise<Settings>> {
    const place = placeOf({ flags });
    for (const [name, text] of Object.entries(files)) {
      await place.context.files.writeFileAtomic(`${place.context.cwd}/${name}`, text, 0o600);
    }
    return place.resolve();
  }

  it('are read as PEM text, the key as a secret', async () => {
    const { tls } = await withFiles(
      { ca: certificate, c: certificate, k: key },
      { metaCa: 'ca', metaCert: 'c', metaKey: 'k' },
    );
    expect(tls).toMatchObject({ ca: certificate, cert: certificate, insecureSkipVerify: false });
    expect(JSON.stringify(tls.key)).toBe('"***"');
  });

  it.each([
    ['a CA file without a certificate', { ca: key }, { metaCa: 'ca' }, /--meta-ca .*no certificate/],
    [
      'a key file without a key',
      { c: certificate, k: certificate },
      { metaCert: 'c', metaKey: 'k' },
      /--meta-key .*no private key/,
    ],
    ['an encrypted key', { c: certificate, k: encrypted }, { metaCert: 'c', metaKey: 'k' }, /--meta-key .*encrypted/],
    ['a certificate without its key', { c: certificate }, { metaCert: 'c' }, /--meta-cert requires --meta-key/],
    ['a key without its certificate', { k: key }, { metaKey: 'k' }, /--meta-key requires --meta-cert/],
    ['a CA file that is not there', {}, { metaCa: 'ca' }, /--meta-ca.*no such file/],
  ])('%s is refused', async (_, files, flags, message) => {
    await expect(withFiles(files as Record<string, string>, flags)).rejects.toThrow(message);
  });
});
