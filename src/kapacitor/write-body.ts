import { Buffer } from 'node:buffer';
import { gunzipSync } from 'node:zlib';
import { parseQuery, queryValue } from '../go-compat/url.js';
import { pointsFault } from './line-protocol.js';
import type { HandlerResponse } from './trace.js';

type Points = { readonly ok: true; readonly body: string } | { readonly ok: false; readonly error: string };

/** More than this is not decompressed. */
const maxDecompressed = 256 * 1024 * 1024;

interface Decompressed {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

function gzipError(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'Z_BUF_ERROR') return 'unexpected EOF';
  return /incorrect (header|data|length) check/.test(message)
    ? `gzip: invalid ${/header/.test(message) ? 'header' : 'checksum'}`
    : 'flate: corrupt input';
}

/** compress/gzip: one stream behind the other, and nothing behind the last. */
function decompress(body: string): Points {
  if (body === '') return { ok: false, error: 'EOF' };
  const bytes = Buffer.from(body, 'latin1');
  try {
    const options = { info: true, maxOutputLength: maxDecompressed };
    // The option `info` is not in the types of what is returned.
    const { buffer, engine } = gunzipSync(bytes, options) as unknown as Decompressed;
    if (engine.bytesWritten < bytes.length) return { ok: false, error: 'gzip: invalid header' };
    return { ok: true, body: buffer.toString('latin1') };
  } catch (error) {
    return { ok: false, error: gzipError(error) };
  }
}

/**
 * What is responded to a write whose points cannot be read; undefined where they can (services/httpd/handler.go,
 * serveWrite, serveWriteLine). All strings are binary.
 * @param encoding the header Content-Encoding
 */
export function refuseBody(body: string, encoding: string, rawQuery: string): HandlerResponse | undefined {
  const points: Points = encoding === 'gzip' ? decompress(body) : { ok: true, body };
  const precision = queryValue(parseQuery(rawQuery), 'precision');
  const error = points.ok ? pointsFault(points.body, precision) : points.error;
  return error === undefined ? undefined : { status: 400, text: `${error}\n` };
}
