import { rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../src/cli/run.js';
import { makeTestContext } from '../context.js';
import { makeFolder } from '../folder.js';
import { fastClock } from '../meta/clients.js';
import { guardedFiles } from './guarded-files.js';
import { faultsOf } from './clean-exit.js';
import { answerTo } from './meta.js';
import { inputs, type Input } from './random-inputs.js';

/** Milliseconds after which a command is interrupted: one that only ends so is too slow. */
const patience = 8_000;
const password = 'changeit-0815';
const standing = {
  'state.yaml': 'users:\n  joe:\n    permissions: { "": [KapacitorConfigAPI] }\n',
  'kapacitor.conf': '[http]\nauth-enabled = true\n',
};

/** A meta node that answers reads with `body`, where there is one; `writes` counts the writes. */
class Meta {
  body: string | undefined;
  writes = 0;
  url = '';
  readonly #server = createServer((request, response) => {
    request.resume().on('end', () => {
      const { method = '', url = '/', headers } = request;
      if (method !== 'GET') this.writes += 1;
      const { status, value } = answerTo(method, new URL(url, 'http://x'), headers.host ?? '');
      const known = value === undefined ? '' : JSON.stringify(value);
      const isBad = this.body !== undefined && method === 'GET';
      response.writeHead(isBad ? 200 : status, { 'content-type': 'application/json' });
      response.end(isBad ? this.body : known);
    });
  });

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

async function faultsFor({ words, env, file, body }: Input, folder: string, meta: Meta): Promise<readonly string[]> {
  meta.body = body;
  meta.writes = 0;
  for (const [name, text] of Object.entries(standing)) writeFileSync(path.join(folder, name), text);
  for (const name of ['bad', 'bad.yaml']) writeFileSync(path.join(folder, name), file ?? '', { mode: 0o600 });
  rmSync(path.join(folder, '.config'), { recursive: true, force: true });
  const context = makeTestContext({
    cwd: folder,
    home: folder,
    env: {
      KAPADMIN_META_URL: meta.url,
      KAPADMIN_META_USERNAME: 'admin',
      KAPADMIN_META_PASSWORD: password,
      KAPADMIN_RETRIES: '0',
      KAPADMIN_WAIT: '0',
      ...env,
    },
    clock: fastClock(Date.now()),
    files: guardedFiles(folder),
  });
  const stop = setTimeout(() => context.interrupt(), patience);
  const code = await run(words, context);
  clearTimeout(stop);
  const ran = { code, stdout: context.stdout(), stderr: context.stderr() };
  // Into a pipe, `config fix` writes the file with the bytes it had.
  const isFile = words[0] === 'config' && words[1] === 'fix';
  const faults = [...faultsOf(isFile ? { ...ran, stdout: 'the file' } : ran)];
  if (code === 130) faults.push('too slow');
  if (code === 2 && meta.writes > 0) faults.push(`it sent ${meta.writes} writes`);
  if (`${ran.stdout}${ran.stderr}`.includes(password)) faults.push('the password is printed');
  return faults.map((fault) => `${fault}: ${ran.stderr.slice(0, 300)}`);
}

/** The tests of so many random inputs, in equal parts of each kind. */
export function randomInputs(count: number, timeout: number): void {
  const kinds = Object.entries(inputs);
  const meta = new Meta();
  let folder = '';
  beforeAll(async () => {
    await meta.open();
    folder = makeFolder();
  });
  afterAll(() => meta.close());

  describe('a command ends well with', () => {
    it.each(kinds)(
      '%s',
      async (_, kind) => {
        const isGood = async (input: Input): Promise<void> => {
          expect(await faultsFor(input, folder, meta)).toEqual([]);
        };
        await fc.assert(fc.asyncProperty(kind, isGood), { numRuns: Math.ceil(count / kinds.length) });
      },
      timeout,
    );
  });
}
