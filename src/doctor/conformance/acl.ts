import { KapadminError } from '../../errors.js';
import type { MetaClient } from '../../meta/api.js';

/** Kinds of fine-grained authorization, by the end of their path. */
export const aclKinds = ['restrictions', 'grants'] as const;

export type AclKind = (typeof aclKinds)[number];

export type AclFields = Readonly<Record<string, unknown>>;

export const aclPath = (kind: AclKind, id?: string): string =>
  `/influxdb/v2/acl/${kind}${id === undefined ? '' : `/${encodeURIComponent(id)}`}`;

export function isAclFields(value: unknown): value is AclFields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The entries of a list response, in all plausible shapes. */
export function aclEntries(kind: AclKind, value: unknown): readonly AclFields[] {
  const list: unknown = isAclFields(value) ? (value[kind] ?? value['data']) : value;
  return Array.isArray(list) ? list.filter(isAclFields) : [];
}

/** The database that an entry is about. */
export function aclDatabase({ database }: AclFields): unknown {
  return isAclFields(database) ? database['value'] : database;
}

function idOf(entry: AclFields): string | undefined {
  const id = entry['id'] ?? entry['ID'];
  return typeof id === 'string' || typeof id === 'number' ? String(id) : undefined;
}

const deleted = new Set([200, 202, 204, 404]);

/** Deletes the entries of a database; false where one may be left. */
export async function removeAclOf(client: MetaClient, kind: AclKind, isOwn: (database: unknown) => boolean) {
  const list = async (): Promise<readonly AclFields[]> => {
    const { status, body } = await client.get(aclPath(kind));
    if (status !== 200) throw new KapadminError('server', 'not-listed', `the ${kind} cannot be listed`);
    const entries = aclEntries(kind, JSON.parse(Buffer.from(body).toString('utf8')));
    return entries.filter((entry) => isOwn(aclDatabase(entry)));
  };
  try {
    for (const entry of await list()) {
      const id = idOf(entry);
      if (id === undefined) return false;
      const path = aclPath(kind, id);
      const { status } = await client.send({ purpose: `delete from the ${kind}`, method: 'DELETE', path });
      if (!deleted.has(status)) return false;
    }
    return true;
  } catch (error) {
    if (error instanceof KapadminError || error instanceof SyntaxError) return false;
    throw error;
  }
}
