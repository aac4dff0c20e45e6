import { isUtf8 } from 'node:buffer';
import { cannot, type Asked } from './asked.js';
import { MetaError } from './errors.js';
import { deeperThan } from './nesting.js';
import { refusalError } from './refusals.js';
import { shownBody } from './shown.js';
import type { Answer } from './transport/exchange.js';
import { WrongShape } from './wire.js';

const deepest = 64;

/** An answer of a good status that cannot be read: its error shows what came. */
function unreadable(answer: Answer, asked: Asked, code: string, why: string, hint?: string): MetaError {
  const shown = shownBody(answer.body, asked.secrets);
  const came = shown === '' ? 'an empty body' : shown;
  return new MetaError('server', code, `${cannot(asked)}: ${answer.status}, ${why}: ${came}`, {
    method: asked.method,
    url: asked.url,
    fate: asked.write ? 'unknown' : 'answered',
    status: answer.status,
    serverText: shown,
    hint,
  });
}

function decoded(answer: Answer, asked: Asked): string {
  const { body } = answer;
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (!isUtf8(bytes)) throw unreadable(answer, asked, 'not-json', 'but the body is not UTF-8');
  if (deeperThan(bytes, deepest)) throw unreadable(answer, asked, 'wrong-shape', 'but the JSON is nested too deeply');
  const text = bytes.toString('utf8');
  if (/^\s*</.test(text)) {
    const hint = 'check --meta-url: is there a proxy or a web page in place of the meta node?';
    throw unreadable(answer, asked, 'html', 'but the body is HTML', hint);
  }
  return text;
}

function parseJson(answer: Answer, asked: Asked): unknown {
  const text = decoded(answer, asked);
  try {
    return JSON.parse(text);
  } catch {
    throw unreadable(answer, asked, 'not-json', 'but the body is not JSON');
  }
}

/** Refuses every answer but one of the status that is wanted. */
export function expectStatus(answer: Answer, asked: Asked, ...wanted: readonly number[]): void {
  if (!wanted.includes(answer.status)) throw refusalError(answer, asked);
}

/** The value of a 200 answer, read by one of the parsers of wire.ts. Throws a MetaError for any other answer. */
export function readJson<T>(answer: Answer, asked: Asked, parse: (value: unknown) => T): T {
  expectStatus(answer, asked, 200);
  const value = parseJson(answer, asked);
  try {
    return parse(value);
  } catch (error) {
    if (!(error instanceof WrongShape)) throw error;
    throw unreadable(answer, asked, 'wrong-shape', `but not the answer of a meta node (${error.message})`);
  }
}

/** A write is done when the answer is 200; its body is empty. A page or an error text under 200 is not believed. */
export function expectDone(answer: Answer, asked: Asked): void {
  expectStatus(answer, asked, 200);
  if (answer.body.length === 0) return;
  const value = parseJson(answer, asked);
  if (typeof value === 'object' && value !== null && Reflect.has(value, 'error')) {
    throw unreadable(answer, asked, 'wrong-shape', 'but with an error');
  }
}
