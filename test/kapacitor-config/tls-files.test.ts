import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  checkListen,
  checkStart,
  type DaemonFile,
  httpsFiles,
  type StartCheck,
  metaTlsFiles,
} from '../../src/kapacitor-config/tls-files.js';
import { readConfiguration } from '../../src/kapacitor-config/read-and-validate.js';
import type { Configuration } from '../../src/kapacitor-config/fields.js';

function read(file: string): Configuration {
  const reading = readConfiguration(file, new Map());
  return reading.starts ? reading.configuration : expect.fail(reading.message);
}

function auth(...lines: string[]): Configuration {
  return read(['[auth]', 'enabled = true', 'bcrypt-cost = 4', 'meta-addr = "a:1"', ...lines].join('\n'));
}

const pair = ['meta-cert = "c.pem"', 'meta-key = "k.pem"'];

function pem(name: string): DaemonFile {
  return { content: readFileSync(new URL(`../go-compat/pem/${name}`, import.meta.url), 'utf8') };
}

function message(check: StartCheck): string {
  return check.starts ? 'starts' : check.message;
}

function started(configuration: Configuration, files: Record<string, DaemonFile> = {}): string {
  const before = 'create server: could not create TLS config for connecting to meta service: ';
  return message(checkStart(configuration, new Map(Object.entries(files)))).replace(before, '');
}

describe('the files for the connection to the meta node', () => {
  it('are wanted only where meta nodes are asked', () => {
    expect(metaTlsFiles(auth('meta-ca = "ca.pem"', ...pair))).toEqual(['c.pem', 'k.pem', 'ca.pem']);
    expect(metaTlsFiles(auth('meta-ca = "ca.pem"', 'meta-cert = "c.pem"'))).toEqual(['ca.pem']);
    expect(metaTlsFiles(auth())).toEqual([]);
    expect(metaTlsFiles(read('[auth]\nmeta-addr = "a:1"\nmeta-ca = "ca.pem"\n'))).toEqual([]);
    expect(metaTlsFiles(read('[auth]\nenabled = true\nbcrypt-cost = 4\nmeta-ca = "ca.pem"\n'))).toEqual([]);
  });

  it('are refused by halves, with or without TLS', () => {
    const half = 'Must provide both key and cert files: only';
    expect(started(auth('meta-cert = "c.pem"', 'meta-ca = "ca.pem"'))).toBe(`${half} cert file provided.`);
    expect(started(auth('meta-key = "k.pem"', 'meta-insecure-skip-verify = true'))).toBe(`${half} key file provided.`);
    expect(started(read('[auth]\nmeta-addr = "a:1"\nmeta-key = "k"\n'))).toBe('starts');
  });

  it('are opened in the order of certificate, key, CA', () => {
    const all = auth('meta-ca = "ca.pem"', ...pair);
    const load = 'Could not load TLS client key/certificate:';
    const missing = 'no such file or directory';
    expect(started(all)).toBe(`${load} open c.pem: ${missing}`);
    expect(started(all, { 'c.pem': pem('ec.crt') })).toBe(`${load} open k.pem: ${missing}`);
    expect(started(all, { 'c.pem': pem('ec.crt'), 'k.pem': { error: 'permission denied' } })).toBe(
      `${load} open k.pem: permission denied`,
    );
    const loaded = { 'c.pem': pem('ec.crt'), 'k.pem': pem('ec.key') };
    expect(started(all, loaded)).toBe(`Could not load TLS CA: open ca.pem: ${missing}`);
    expect(started(all, { ...loaded, 'ca.pem': { error: 'is a directory' } })).toBe(
      'Could not load TLS CA: read ca.pem: is a directory',
    );
    expect(started(all, { ...loaded, 'ca.pem': { content: 'nothing' } })).toBe('starts');
    expect(started(all, { ...loaded, 'k.pem': pem('other.key') })).toBe(
      `${load} tls: private key does not match public key`,
    );
  });
});

describe("the files of the daemon's own HTTPS", () => {
  const https = '[http]\nhttps-enabled = true\n';

  it('are wanted only with https-enabled, the key from the certificate file where none is given', () => {
    expect(httpsFiles(read(''))).toEqual([]);
    expect(httpsFiles(read(https))).toEqual(['/etc/ssl/kapacitor.pem']);
    expect(httpsFiles(read(`${https}https-private-key = "k.pem"\n`))).toEqual(['/etc/ssl/kapacitor.pem', 'k.pem']);
  });

  it('stop the daemon when it begins to listen', () => {
    const missing = 'open /etc/ssl/kapacitor.pem: no such file or directory';
    expect(message(checkListen(read(https), new Map()))).toBe(`open server: open service *httpd.Service: ${missing}`);
    const files = new Map([['/etc/ssl/kapacitor.pem', pem('ec.crt')]]);
    expect(message(checkListen(read(https), files))).toContain(
      'tls: found a certificate rather than a key in the PEM for the private key',
    );
    expect(message(checkListen(read(''), new Map()))).toBe('starts');
  });
});
