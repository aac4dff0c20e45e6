import { KapadminError } from '../../errors.js';
import type { MetaClient } from '../../meta/api.js';
import { type AclFields, type AclKind, isAclFields } from '../../model/acl.js';

export const aclKinds: readonly AclKind[] = ['restriction', 'grant'];

/** The database that an entry is about. */
export function aclDatabase({ database }: AclFields): unknown {
  return isAclFields(database) ? database['value'] : database;
}

/** Deletes the entries of some databases; gives those that may be left, as `acl delete` names them. */
export async function removeAclOf(
  client: MetaClient,
  isOwn: (database: unknown) => boolean,
): Promise<{ readonly left: readonly string[]; readonly isListed: boolean }> {
  const left: string[] = [];
  let isListed = true;
  for (const kind of aclKinds) {
    try {
      const own = (await client.acl(kind)).filter(({ fields }) => isOwn(aclDatabase(fields)));
      for (const { id = '' } of own) {
        const isDeleted = await client.deleteAcl(kind, id).then(
          () => true,
          (error: unknown) => {
            if (error instanceof KapadminError) return error.kind === 'not-found';
            throw error;
          },
        );
        if (!isDeleted) left.push(`${kind}/${id}`);
      }
    } catch (error) {
      if (!(error instanceof KapadminError)) throw error;
      isListed = false;
    }
  }
  return { left, isListed };
}
