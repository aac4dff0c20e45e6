import { excerpt } from '../model/text.js';
import { spotAt, type Report } from './problem.js';
import type { FileState } from './shape.js';
import type { StateOptions, Wanted, WantedRole, WantedUser } from './wanted.js';

function collect<T extends WantedUser | WantedRole>(
  key: 'users' | 'roles',
  lists: readonly (readonly T[])[],
  report: Report,
): ReadonlyMap<string, T> {
  const all = new Map<string, T>();
  for (const item of lists.flat()) {
    const there = all.get(item.name);
    if (there === undefined) all.set(item.name, item);
    else {
      const what = key === 'users' ? 'user' : 'role';
      const message = `${what} "${excerpt(item.name, 60)}" stands in ${excerpt(there.file)} already`;
      report.error('duplicate', message, spotAt(item.file, key, item.name));
    }
  }
  return all;
}

/** An option that files set: all that set it must agree. */
function agreed<K extends 'manage' | 'materializeRoles'>(
  key: K,
  files: readonly FileState[],
  report: Report,
): FileState['options'][K] | undefined {
  const [first, ...others] = files.filter(({ options }) => options[key] !== undefined);
  for (const { file, options } of others) {
    if (options[key] === first?.options[key]) continue;
    const message = `${key} is ${String(options[key])} here and ${String(first?.options[key])} in ${excerpt(first?.file ?? '')}`;
    report.error('options-differ', message, spotAt(file, 'options', key));
  }
  return first?.options[key];
}

function mergeOptions(files: readonly FileState[], report: Report): StateOptions {
  return {
    manage: agreed('manage', files, report) ?? 'listed',
    managedBy: (files.find(({ options }) => options.manage !== undefined) ?? files[0])?.file ?? '',
    materializeRoles: agreed('materializeRoles', files, report) ?? false,
    absentUsers: new Set(files.flatMap(({ options }) => options.absentUsers)),
    absentRoles: new Set(files.flatMap(({ options }) => options.absentRoles)),
  };
}

/** The wanted state of several files together. */
export function mergeFiles(files: readonly FileState[], report: Report): Wanted {
  return {
    users: collect(
      'users',
      files.map(({ users }) => users),
      report,
    ),
    roles: collect(
      'roles',
      files.map(({ roles }) => roles),
      report,
    ),
    options: mergeOptions(files, report),
  };
}
