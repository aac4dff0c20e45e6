import { accessPath, createAccessDecider, parseMethod } from '../access-matrix/access.js';

/**
 * Whether Kapacitor executes a request of a user, once logged in: by the permissions of the user record alone, as
 * `auth can-i` does. Throws a usage error for a method that Kapacitor does not route.
 * @param path such as `/kapacitor/v1/tasks`, or `/write?db=telegraf`
 */
export function can(
  user: { readonly permissions?: Readonly<Record<string, readonly string[]>> },
  method: string,
  path: string,
): boolean {
  const permissions = new Map(Object.entries(user.permissions ?? {}));
  const decisions = createAccessDecider(parseMethod(method), accessPath(path), false);
  return decisions({ name: '', hash: undefined, permissions }).every(({ allowed }) => allowed);
}
