import { KapadminError } from '../errors.js';
import { nearest, quoteName } from '../model/text.js';
import type { Factory } from './factory.js';

/** Milliseconds that a suggestion may take. */
const maxTime = 2000;

/** The name that one failed change did not find; nothing where several changes failed. */
function missingName(error: unknown): KapadminError['missing'] {
  if (!(error instanceof KapadminError)) return undefined;
  const { cause, message, missing } = error;
  if (missing !== undefined || !(cause instanceof KapadminError)) return missing;
  return cause.message === message ? missingName(cause) : undefined;
}

/** The same error with the nearest name of the cluster, where one name is not found and the names can be read. */
export async function withNearName(error: unknown, factory: Factory): Promise<unknown> {
  const missing = missingName(error);
  if (missing === undefined || !(error instanceof KapadminError) || factory.context.stop.aborted) return error;
  try {
    const client = await factory.metaClient();
    const signal = AbortSignal.any([factory.context.stop, AbortSignal.timeout(maxTime)]);
    const known = await (missing.what === 'user' ? client.users({ signal }) : client.roles({ signal }));
    const near = nearest(
      missing.name,
      known.map(({ name }) => name),
    );
    if (near === undefined) return error;
    const { kind, code, message, list, cause } = error;
    return new KapadminError(kind, code, message, { list, cause, hint: `Did you mean ${quoteName(near)}?` });
  } catch (caught) {
    if (!(caught instanceof KapadminError)) throw caught;
    factory.logger.debug(`cannot read the names: ${caught.message}`);
    return error;
  }
}
