import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { encodeFile } from '../../../src/kapacitor-config/toml/document.js';
import { detectEnvironmentFormat, readEnvironmentLines } from '../../../src/kapacitor-config/environment-formats.js';
import { toKapacitorEnvironment } from '../../../src/kapacitor-config/fields.js';
import type { ConfigInput, ConfigTlsFile, ConfigTlsFiles } from '../../../src/diagnostics/config/facts.js';
import { certify, keyPem, makeThrowawayTls } from '../../../src/sandbox/tls.js';

export const corpus = path.resolve(import.meta.dirname, '../../fuzz/config');
export const now = Date.parse('2026-06-01T12:00:00Z');

/** What stands in every secret of the corpus. */
export const secretPieces = ['hUsh', '48151623'];

const day = 24 * 3600 * 1000;
const conf = '/etc/kapacitor/kapacitor.conf';

export type Kind = 'good' | 'faulty';

/** The names of the cases of one kind. */
export function casesOf(kind: Kind): readonly string[] {
  const files = readdirSync(path.join(corpus, kind)).filter((file) => file.endsWith('.conf'));
  return files.map((file) => file.slice(0, -'.conf'.length)).toSorted();
}

export interface Modes {
  readonly mode?: number;
  readonly envMode?: number;
}

/** The files of the corpus are about [http] and [auth] alone. */
const dataDir = ['KAPACITOR_DATA_DIR', '/var/lib/kapacitor'] as const;

const none: ConfigInput['environment'] = {
  variables: new Map([dataDir]),
  others: new Map(),
  from: '--no-env',
  dropped: [],
};

/** The variables of a text, read as `--env-file` reads it. */
export function environmentIn(text: string, mode = 0o600, from = '/etc/default/kapacitor'): ConfigInput['environment'] {
  const form = detectEnvironmentFormat(text);
  if (form === 'compose') throw new Error('the corpus has no compose files');
  const { lines, ...read } = toKapacitorEnvironment(readEnvironmentLines(text, form));
  const variables = new Map([...read.variables, dataDir]);
  return { ...read, variables, from, file: { lines, form, mode, text } };
}

function environmentOf(file: string, envMode: number): ConfigInput['environment'] {
  return existsSync(file) ? environmentIn(readFileSync(file, 'utf8'), envMode) : none;
}

/** One case as `config check` reads it. */
export function inputOf(kind: Kind, name: string, { mode = 0o640, envMode = 0o600 }: Modes = {}): ConfigInput {
  const file = path.join(corpus, kind, name);
  return {
    file: { path: conf, content: readFileSync(`${file}.conf`), mode },
    environment: environmentOf(`${file}.env`, envMode),
    now,
    freshSecret: 'hUsh-fresh-0123456789abcdef0123456789',
  };
}

/** The input with another text of the file. */
export function withText(input: ConfigInput, text: string): ConfigInput {
  return { ...input, file: input.file && { ...input.file, content: encodeFile(text) } };
}

function makeTlsFiles(): ConfigTlsFiles {
  const { ca, client, server } = makeThrowawayTls(now);
  const lasting = (from: number, to: number): string =>
    certify('old CA', { kind: 'authority' }, { from: now + from * day, to: now + to * day }).cert;
  const year = { from: now - day, to: now + 365 * day };
  const long = certify('a CA', { kind: 'authority' }, year);
  const own = certify('kapacitor', { kind: 'server', hosts: ['localhost'] }, year, long);
  const peer = certify('kapacitor at meta', { kind: 'client' }, year, long);
  const expired = certify('old', { kind: 'authority' }, { from: now - 100 * day, to: now - day });
  const text = (content: string, mode = 0o640): ConfigTlsFile => ({ content, mode });
  return new Map<string, ConfigTlsFile>([
    ['/etc/kapacitor/ca.pem', text(long.cert, 0o644)],
    ['/etc/kapacitor/client.pem', text(peer.cert, 0o644)],
    ['/etc/kapacitor/client-key.pem', text(keyPem(peer))],
    ['/etc/kapacitor/open-key.pem', text(keyPem(peer), 0o644)],
    ['/etc/kapacitor/other-key.pem', text(server.key)],
    ['/etc/kapacitor/empty.pem', text('# nothing yet\n', 0o644)],
    ['/etc/kapacitor/forbidden.pem', { error: 'permission denied' }],
    ['/etc/kapacitor/expired.pem', text(expired.cert + keyPem(expired))],
    ['/etc/kapacitor/expires.pem', text(lasting(-100, 20) + long.cert, 0o644)],
    ['/etc/kapacitor/tomorrow.pem', text(lasting(1, 100), 0o644)],
    ['/etc/ssl/kapacitor.pem', text(own.cert + keyPem(own))],
    ['/etc/kapacitor/throwaway-ca.pem', text(ca, 0o644)],
    ['/etc/kapacitor/throwaway.pem', text(client.cert, 0o644)],
  ]);
}

export const tlsFiles = makeTlsFiles();
