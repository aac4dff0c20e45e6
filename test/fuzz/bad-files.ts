import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

/** A file that hurts: made in a folder, under this name. */
export interface BadFile {
  readonly name: string;
  make(file: string): void | Promise<void>;
}

const holding = (name: string, content: string | Uint8Array): BadFile => ({
  name,
  make: (file) => writeFileSync(file, content, { mode: 0o600 }),
});

/** Bytes without an end that anybody foresees. */
function noise(length: number): Uint8Array {
  let seed = 42;
  return Uint8Array.from({ length }, () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed >> 16;
  });
}

const bomb = Array.from(
  { length: 12 },
  (_, i) =>
    `a${i}: &a${i} [${Array(9)
      .fill(i === 0 ? 'x' : `*a${i - 1}`)
      .join(', ')}]`,
).join('\n');

/** Files that cannot be read as one. */
export const unreadable: readonly BadFile[] = [
  { name: 'a folder', make: (file) => mkdirSync(file) },
  { name: 'a pipe that nobody writes to', make: (file) => void execFileSync('mkfifo', [file]) },
  { name: 'a link to nothing', make: (file) => symlinkSync('nothing', file) },
  { name: 'a link to itself', make: (file) => symlinkSync(path.basename(file), file) },
  { name: 'a link to a device', make: (file) => symlinkSync('/dev/zero', file) },
  { name: 'a link to a folder', make: (file) => symlinkSync('.', file) },
  { name: 'a link into the memory of a process', make: (file) => symlinkSync('/proc/self/mem', file) },
  {
    name: 'a socket',
    make: (file) =>
      new Promise((resolve) => {
        const server = createServer().listen(file, resolve);
        server.unref();
      }),
  },
];

function large(name: string, size: number): BadFile {
  return {
    name,
    make: (file) => {
      writeFileSync(file, '', { mode: 0o600 });
      truncateSync(file, size);
    },
  };
}

/** Files of more bytes than anything of ours has. */
export const oversized: readonly BadFile[] = [
  large('a file of 300 MB', 300 * 1024 * 1024),
  large('a file of 8 GB', 8 * 1024 ** 3),
];

const mebibyte = 1024 * 1024;

/** Files that hold what no file of ours does. */
export const senseless: readonly BadFile[] = [
  holding('nothing', ''),
  holding('blanks', ' \n\t\n '),
  holding('a byte order mark', '\ufeff'),
  holding('random bytes', noise(5000)),
  holding('a NUL', 'users: {}\n\0'),
  holding('1 MB of NULs', new Uint8Array(mebibyte)),
  holding('UTF-16', Buffer.from('users: {}\n', 'utf16le')),
  holding('UTF-16 with a byte order mark', Buffer.from('\ufeffusers: {}\n', 'utf16le')),
  holding('bytes that are not UTF-8', Buffer.from('7573657273ff3a207b7d', 'hex')),
  holding('gzip', gzipSync('users: {}\n')),
  holding('escape sequences', '\u001b[31mred\u001b[0m: \u001b]0;owned\u0007\n'),
  holding('CR line ends', 'users: {}\rroles: {}\r'),
  holding('a line of 5 MB', `users: ${'x'.repeat(5_000_000)}\n`),
  holding('a key of 1 MB', `${'k'.repeat(mebibyte)}: 1\n`),
  holding('1 MB of line ends', '\n'.repeat(mebibyte)),
  holding('200,000 commas', `[${','.repeat(200_000)}`),
  holding('200,000 anchors', `[${'&a,'.repeat(200_000)}`),
  holding('brackets 200,000 deep', '['.repeat(200_000)),
  holding('brackets 100,000 deep, and closed', `${'['.repeat(100_000)}${']'.repeat(100_000)}`),
  holding('braces 100,000 deep', '{"a":'.repeat(100_000)),
  holding('dashes 50,000 deep', '- '.repeat(50_000)),
  holding('keys that are keys 400 deep', '? '.repeat(400)),
  holding('dots 50,000 deep', `${'a.'.repeat(50_000)}a = 1\n`),
  holding('a YAML bomb', bomb),
  holding('a YAML circle', 'a: &a [*a]\n'),
  holding('an alias of nothing', 'users: *nobody\n'),
  holding('a YAML tag', 'users: !!js/function "function(){}"\n'),
  holding('a YAML merge', '<<: {users: {}}\n'),
  holding('a YAML directive', '%YAML 9.9\n%TAG ! x\n---\nusers: {}\n'),
  holding('two YAML documents', 'users: {}\n---\nusers: {}\n'),
  holding('a key twice', 'users: {}\nusers: {}\n'),
  holding('tabs that indent', 'users:\n\tjoe: {}\n'),
  holding('__proto__ as a key', '{"__proto__": {"users": {}}, "constructor": 1}'),
  holding('half a JSON', '{"users": {"joe": '),
  holding('JSON with comments', '{/* x */ "users": {}, // y\n}'),
  holding('a number', '42'),
  holding('a huge number', '1e999'),
  holding('a string', 'hello'),
  holding('a date', '2026-11-25'),
  holding('null', 'null'),
  holding('a list', '[1, 2]'),
  holding('a program', '#!/bin/sh\nexit 0\n'),
  holding('a page', '<!DOCTYPE html><title>Sign in</title>'),
  holding('a table of commas', 'name,password\njoe,hunter2\n'),
  holding('a TOML table left open', '[http\nauth-enabled = true\n'),
  holding('a TOML table twice', '[http]\n[http]\n'),
  holding('variables of a shell', 'KAPACITOR_HTTP_AUTH_ENABLED="true\nKAPACITOR_AUTH_ENABLED=$(id)\n'),
  holding('a PEM that is cut off', '-----BEGIN CERTIFICATE-----\nMIIB'),
  holding('a PEM of nonsense', `-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n`),
  holding('an encrypted key', '-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----\n'),
  holding('an empty key', '-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n'),
];
