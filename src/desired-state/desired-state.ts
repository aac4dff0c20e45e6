import type { SecretRef } from '../mutations/change.js';
import type { Secret } from '../model/secret.js';
import type { Permissions, Role, User } from '../model/user.js';

export interface DesiredUser {
  readonly name: string;
  /** The file that defines it. */
  readonly file: string;
  readonly password?: SecretRef;
  readonly hash?: SecretRef;
  /** The hash itself, if it is in the file. */
  readonly hashValue?: Secret;
  /** As in the file, with presets expanded. */
  readonly permissions: Permissions;
  readonly roles: readonly string[];
}

export interface DesiredRole {
  readonly name: string;
  readonly file: string;
  readonly permissions: Permissions;
  readonly members: readonly string[];
}

export interface StateOptions {
  /** What `--prune` may remove: see `plan`. */
  readonly manage: 'listed' | 'all';
  /** The file that says so, or the first one. */
  readonly managedBy: string;
  /** Kapacitor permissions of a role are granted directly to its members. */
  readonly materializeRoles: boolean;
  /** Removed by `--prune`, whatever it manages. */
  readonly absentUsers: ReadonlySet<string>;
  readonly absentRoles: ReadonlySet<string>;
}

/** The desired state of a cluster, of all files together. */
export interface DesiredState {
  readonly users: ReadonlyMap<string, DesiredUser>;
  readonly roles: ReadonlyMap<string, DesiredRole>;
  readonly options: StateOptions;
}

/** What was read of a cluster: all its users and roles, by name. */
export interface CurrentState {
  readonly users: ReadonlyMap<string, User>;
  readonly roles: ReadonlyMap<string, Role>;
}

/** The members of each role in the files, from either side. */
export function desiredMembers(desired: DesiredState): ReadonlyMap<string, ReadonlySet<string>> {
  const members = new Map<string, Set<string>>();
  const add = (role: string, user: string): void => {
    const known = members.get(role);
    if (known === undefined) members.set(role, new Set([user]));
    else known.add(user);
  };
  for (const role of desired.roles.values()) for (const user of role.members) add(role.name, user);
  for (const user of desired.users.values()) for (const role of user.roles) add(role, user.name);
  return members;
}
