import { toBinary, toText } from '../go-compat/utf8.js';
import type { MetaAnswer, MetaRequest } from '../kapacitor/wanted.js';
import type { MetaClient } from '../meta/api.js';
import { MetaError } from '../meta/errors.js';

/** A client of the meta API, of which only `get` is called. */
export type MetaNode = Pick<MetaClient, 'get'>;

/** A real meta node, asked by a client with its own account; its first failure counts for all tries of Kapacitor. */
export function nodeOfClient(client: MetaNode): (request: MetaRequest) => Promise<MetaAnswer> {
  return async ({ path, query }) => {
    const words = query.map((pair) => pair.map((text) => encodeURIComponent(toText(text))).join('='));
    try {
      const { status, body } = await client.get(`${path}?${words.join('&')}`);
      return { status, location: '', body: Buffer.from(body).toString('latin1'), last: true };
    } catch (error) {
      if (!(error instanceof MetaError)) throw error;
      return { error: 'refused', text: toBinary(error.message), last: true };
    }
  };
}
