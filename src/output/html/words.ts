import { showNames } from '../../model/text.js';
import type { MatrixRow, Reason } from '../../access-matrix/matrix.js';

function decided({ allowed, rule, why, entry, mask, permissions }: Reason): string {
  switch (rule) {
    case 'cannot-log-in':
      return `${why}. One unknown name, and Kapacitor refuses the whole document.`;
    case 'nothing-needed':
      return 'This method needs no privilege: every user who can log in may do it.';
    case 'no-entry':
      return "None of the user's own permissions gives an entry for this resource or anything above it.";
    case 'entry': {
      const place = entry ?? '';
      if (allowed) return `${showNames(permissions)} gives “${mask}” on ${place}, the nearest entry.`;
      const left = mask === 'none' ? ', since KapacitorAPI leaves the configuration out' : '';
      return `The nearest entry, ${place}, holds “${mask}”${left}. Nothing above it counts.`;
    }
  }
}

/** Why a cell is as it is, in one or two sentences. */
export function explain(reason: Reason): string {
  const { roles } = reason;
  if (roles.length === 0) return decided(reason);
  const named = `${roles.length === 1 ? 'The role' : 'Each of the roles'} ${showNames(roles)} would allow it`;
  return `${decided(reason)} ${named}, but the user record does not include it.`;
}

/** The permissions of a row: `KapacitorAPI; WriteData on telegraf, metrics`. */
export function rightsText({ permissions, unknown }: MatrixRow): string {
  const scopes = new Map<string, string[]>();
  for (const [scope, names] of permissions) {
    for (const name of names) scopes.set(name, [...(scopes.get(name) ?? []), scope]);
  }
  const parts = [...scopes].map(([name, where]) => {
    const named = where.filter((scope) => scope !== '');
    const everywhere = named.length < where.length;
    if (named.length === 0) return name;
    return everywhere ? `${name}, also on ${showNames(named, 20)}` : `${name} on ${showNames(named, 20)}`;
  });
  const odd = unknown.length === 0 ? [] : [`unknown: ${showNames(unknown)}`];
  return [...parts, ...odd].join('; ');
}
