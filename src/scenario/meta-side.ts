import { toBinary, toText } from '../go-compat/utf8.js';
import { parseUrl } from '../go-compat/url.js';
import type { MetaAnswer, MetaRequest } from '../auth-engine/effects.js';
import type { ScenarioNode } from '../sandbox/scenario-node.js';

/** Scheme, host and port, so that equal places are equal texts: localhost and no host are 127.0.0.1. */
function place(scheme: string, host: string): string {
  const [, name = '', port = ''] = /^(.*?)(?::(\d*))?$/s.exec(host.toLowerCase()) ?? [];
  const number = port === '' ? (scheme === 'https' ? 443 : 80) : Number(port);
  return `${name === '' || name === 'localhost' ? '127.0.0.1' : name}:${number}`;
}

/** Why a request never reaches the node, or undefined where it does. A redirect's host is always the same node. */
function unreached(request: MetaRequest, listen: string | undefined, spoken: string): MetaAnswer | undefined {
  const url = listen === undefined ? undefined : parseUrl(toBinary(listen), false);
  const { host, scheme } = request;
  if (request.hop === 0 && url !== undefined && place(scheme, host) !== place(url.scheme, url.host)) {
    return { error: 'refused', text: `dial tcp ${host}: connect: connection refused` };
  }
  if (scheme === (url?.scheme ?? spoken)) return undefined;
  return { error: 'tls', text: 'http: server gave HTTP response to HTTPS client' };
}

const errorTexts = {
  refused: 'connect: connection refused',
  timeout: 'i/o timeout',
  tls: 'tls: failed to verify certificate: x509: certificate signed by unknown authority',
} as const;

/**
 * Asks a scenario's node; no time passes.
 * @param listen its URL, undefined where it listens where meta-addr says; there it speaks `spoken`, http or https
 */
export function askNode(
  node: ScenarioNode,
  listen: string | undefined,
  request: MetaRequest,
  spoken: string = request.scheme,
): MetaAnswer {
  const stopped = unreached(request, listen, spoken);
  if (stopped !== undefined) return stopped;
  const url = parseUrl(request.url, false)!;
  const headers = request.authorization === undefined ? {} : { authorization: request.authorization };
  const given = node.request({ method: 'GET', path: toText(request.path), query: url.rawQuery, headers, body: '' });
  if ('error' in given) return { error: given.error, text: `dial tcp ${request.host}: ${errorTexts[given.error]}` };
  const { status, headers: sent, body } = given.answer;
  const location = sent.find(([name]) => name.toLowerCase() === 'location')?.[1] ?? '';
  return { status, location: toBinary(location), body: toBinary(body) };
}
