import type { Secret } from '../model/secret.js';

const bcryptHash = /^\$2[abxy]?\$\d\d\$[./A-Za-z0-9]{53}$/;

/** Whether a stored hash is one that bcrypt can compare with. */
export function isBcrypt(hash: Secret): boolean {
  return bcryptHash.test(hash.reveal());
}

/** Whether a password fits a stored hash; undefined where that cannot be told: no hash, or one that is not bcrypt. */
export async function passwordFits(password: Secret, hash: Secret | undefined): Promise<boolean | undefined> {
  if (hash === undefined || !isBcrypt(hash)) return undefined;
  const { compare } = await import('bcryptjs');
  return compare(password.reveal(), hash.reveal());
}
