import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { curlLine, type ReportedCurlRequest } from '../../src/settings/request-as-curl.js';

const read: ReportedCurlRequest = {
  method: 'GET',
  url: 'https://meta1:8091/user?name=joe',
  headers: { accept: 'application/json', 'user-agent': 'kapadmin' },
  account: { kind: 'none' },
  body: undefined,
};
const write: ReportedCurlRequest = {
  ...read,
  method: 'POST',
  url: 'http://meta1:8091/user',
  headers: { 'content-type': 'application/json' },
  account: { kind: 'basic', username: 'admin' },
  body: '{"action":"create","user":{"name":"o\'neill","password":"***"}}',
};

describe('a request as a curl line', () => {
  it('of a read', () => {
    expect(String(curlLine(read))).toBe("curl -H 'accept: application/json' 'https://meta1:8091/user?name=joe'");
  });

  it('of a write, with the account and without its password', () => {
    expect(String(curlLine(write))).toBe(
      `curl -X POST -u 'admin:***' -H 'content-type: application/json' --data-raw '{"action":"create","user":{"name":"o'\\''neill","password":"***"}}' http://meta1:8091/user`,
    );
  });

  it('with a bearer token left out', () => {
    expect(String(curlLine({ ...read, account: { kind: 'bearer', username: '' } }))).toContain(
      "-H 'Authorization: Bearer ***'",
    );
  });

  it('with the files of TLS, for https only', () => {
    const files = { ca: '/my ca.pem', cert: '/c.pem', key: '/k.pem' };
    expect(String(curlLine(read, { tls: files, insecure: true }))).toContain(
      "--cacert '/my ca.pem' --cert /c.pem --key /k.pem --insecure",
    );
    expect(String(curlLine(write, { tls: files, insecure: true }))).not.toMatch(/cacert|insecure/);
  });

  it('is one line that a shell takes apart into the same words', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const body = JSON.stringify({ name });
        const line = String(curlLine({ ...write, body }));
        expect(line).not.toMatch(/[\n\r\u001b]/);
        const words = execFileSync('bash', ['-c', `curl() { printf '%s\\0' "$@"; }; ${line}`], { encoding: 'utf8' });
        expect(
          words.split('\0').flatMap((word): unknown[] => (word.startsWith('{') ? [JSON.parse(word)] : [])),
        ).toEqual([{ name }]);
      }),
      { numRuns: 30 },
    );
  });
});
