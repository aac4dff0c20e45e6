import type { Context } from '../context.js';
import type { MetaClient, MetaEvent } from '../meta/client-types.js';
import { createMetaClient } from '../meta/client.js';
import type { Logger } from '../output/logger.js';
import type { TerminalStatus } from '../output/progress.js';
import { curlLine } from './request-as-curl.js';
import type { GlobalFlags } from './flags.js';
import type { Settings } from './settings.js';
import { warnUnverified } from './credentials.js';

function describeAccount({ credentials }: Settings): string {
  if (credentials.kind === 'none') return 'no credentials';
  const { kind, username } = credentials;
  return `${kind === 'basic' ? 'account' : 'bearer token of'} ${username || 'the internal user'}`;
}

/** A line for `--debug`. */
function debugLine(event: MetaEvent): string {
  switch (event.type) {
    case 'request':
      return `#${event.id} ${event.method} ${event.url}`;
    case 'response': {
      const location = event.location === undefined ? '' : ` to ${event.location}`;
      return `#${event.id} ${event.status}${location} in ${Math.round(event.ms)} ms, ${event.bytes} bytes`;
    }
    case 'failure':
      return `#${event.id} failed in ${Math.round(event.ms)} ms: ${event.code}`;
    case 'wait':
      return `waiting ${Math.round(event.ms)} ms: ${event.code}`;
  }
}

/**
 * The client of the meta API for a connection; what it sends goes to the notes as `--show-request` and `--debug` ask.
 * Nothing is sent yet.
 */
export function connectMetaClient(
  settings: Settings,
  context: Context,
  logger: Logger,
  flags: GlobalFlags,
): Promise<MetaClient> {
  const { nodes, credentials, tls, tlsFiles, proxy, limits, readLeader } = settings;
  const { connectTimeout, timeout, retries, maxBody } = limits;
  const observe = (event: MetaEvent): void => {
    if (event.type === 'request' && flags.showRequest === true) {
      logger.request(curlLine(event, { tls: tlsFiles, insecure: tls.insecureSkipVerify === true }));
    }
    logger.debug(debugLine(event));
  };
  warnUnverified(nodes, tls, logger);
  logger.debug(`meta nodes ${nodes.join(', ')}, ${describeAccount(settings)}`);
  const client = createMetaClient({
    nodes,
    credentials,
    tls,
    proxy,
    connectTimeout,
    timeout,
    retries,
    maxBody,
    readLeader,
    userAgent: `kapadmin/${KAPADMIN_VERSION}`,
    // Each event costs about as much as its request: they are made only for who wants to see them.
    observe: flags.showRequest === true || flags.debug === true ? observe : undefined,
    clock: context.clock,
    random: () => context.random(),
  });
  return Promise.resolve(client);
}

function describeNodes(nodes: readonly string[]): string {
  const [first = 'the meta node', ...others] = nodes;
  return others.length === 0 ? first : `one of ${nodes.length} meta nodes`;
}

/** The same client, whose calls show a spinner on the terminal. */
export function withSpinner(client: MetaClient, status: TerminalStatus): MetaClient {
  const what = `waiting for ${describeNodes(client.nodes)}`;
  const withStatus =
    <A extends readonly unknown[], T>(call: (...args: A) => Promise<T>) =>
    (...args: A): Promise<T> =>
      status.withSpinner(what, () => call(...args));
  return {
    nodes: client.nodes,
    users: withStatus(client.users),
    roles: withStatus(client.roles),
    writeUser: withStatus(client.writeUser),
    writeRole: withStatus(client.writeRole),
    acl: withStatus(client.acl),
    createAcl: withStatus(client.createAcl),
    deleteAcl: withStatus(client.deleteAcl),
    ping: withStatus(client.ping),
    status: withStatus(client.status),
    showCluster: withStatus(client.showCluster),
    authorized: withStatus(client.authorized),
    ldapConfig: withStatus(client.ldapConfig),
    get: withStatus(client.get),
    send: withStatus(client.send),
    redact: client.redact,
    close: () => client.close(),
  };
}
