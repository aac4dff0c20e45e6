import type { Factory } from '../cli/factory.js';
import { KapadminError, stopped } from '../errors.js';
import type { ReadFailure, ReadResult } from '../diagnostics/doctor/facts.js';
import { curlLine } from '../settings/curl.js';
import type { MetaCredentials, MetaClient } from '../meta/api.js';
import { connectMetaClient } from '../settings/connect.js';
import type { Settings } from '../settings/settings.js';

/** What the parts of a diagnosis need. */
export type DoctorContext = Pick<Factory, 'context' | 'logger' | 'flags'>;

/** Notes a request that no client of the meta API sends, as a curl line. */
export function logRequest(url: string, hasAccount: boolean, { flags, logger }: DoctorContext): void {
  if (flags.showRequest === true) logger.request(curlLine({ url, account: { kind: hasAccount ? 'other' : 'none' } }));
}

/** An error as the reason for which something is not known: without the words on what could not be done. */
export function toReadFailure(error: KapadminError): ReadFailure {
  const { kind, code, message, hint } = error;
  return { kind, code, why: message.replace(/^cannot [^:]*: /, ''), hint };
}

/** The result of a query, or why it failed. Rejects when the command is stopped. */
export async function tryRead<T>(stop: AbortSignal, ask: () => Promise<T>): Promise<ReadResult<T>> {
  try {
    return { ok: true, value: await ask() };
  } catch (error) {
    if (!(error instanceof KapadminError)) throw error;
    if (stop.aborted) throw stopped(stop, 'stopped while the cluster was being checked; nothing was changed');
    return { ok: false, failure: toReadFailure(error) };
  }
}

export interface DoctorClients {
  /** A client of these nodes that sends each request once; `credentials` of the connection where none are given. */
  open(nodes: readonly string[], credentials?: MetaCredentials): Promise<MetaClient>;
  /** As the connection says, retries included; reads go to the leader. */
  leading(): Promise<MetaClient>;
  /** A text of a server without the credentials that these clients sent; `host`: an origin or a host. */
  mask(text: string, where?: 'host'): string;
  close(): Promise<void>;
}

/** The clients of one diagnosis: what they send is noted as for every command. */
export function createDoctorClients(settings: Settings, { context, logger, flags }: DoctorContext): DoctorClients {
  const opened: MetaClient[] = [];
  const add = async (given: Settings): Promise<MetaClient> => {
    const client = await connectMetaClient(given, context, logger, flags);
    opened.push(client);
    return client;
  };
  const limits = { ...settings.limits, retries: 0 };
  return {
    open: (nodes, credentials = settings.credentials) =>
      add({ ...settings, nodes, credentials, limits, readLeader: false }),
    leading: () => add({ ...settings, readLeader: true }),
    mask: (text, where) => opened.reduce((masked, client) => client.redact(masked, where), text),
    close: async () => {
      await Promise.all(opened.splice(0).map((client) => client.close()));
    },
  };
}
