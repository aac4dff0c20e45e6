import type { ListedUser } from './listed.js';
import { showName, showPermission } from './name.js';

/** What a user has, in words that can be compared. */
function having({ user, roles }: ListedUser): ReadonlySet<string> {
  const permissions = [...user.permissions].flatMap(([scope, names]) =>
    names.map((name) => showPermission(name, scope)),
  );
  return new Set([...permissions, ...roles.map(({ name }) => `role ${showName(name)}`)]);
}

function minus(a: ReadonlySet<string>, b: ReadonlySet<string>): readonly string[] {
  return [...a].filter((each) => !b.has(each)).sort();
}

function changeOf(name: string, before: ListedUser | undefined, after: ListedUser | undefined): readonly string[] {
  if (after === undefined) return [`- ${name}`];
  if (before === undefined) return [`+ ${name}`];
  const [had, has] = [having(before), having(after)];
  const parts = [...minus(has, had).map((each) => `+ ${each}`), ...minus(had, has).map((each) => `- ${each}`)];
  return parts.length === 0 ? [] : [`${name}: ${parts.join(', ')}`];
}

/** What is different in a list of users, a line for each user: `+ ann`, `- bob`, `joe: + ReadData on telegraf`. */
export function listedChanges(before: readonly ListedUser[], after: readonly ListedUser[]): readonly string[] {
  const [old, now] = [before, after].map((list) => new Map(list.map((listed) => [listed.user.name, listed])));
  const names = [...new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])])].sort();
  return names.flatMap((name) => changeOf(showName(name), old?.get(name), now?.get(name)));
}
