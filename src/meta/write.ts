import type { Secret } from '../model/secret.js';
import type { Permissions } from '../model/user.js';
import { quoted } from './shown.js';

/** A POST to `/user`. */
export type UserWrite =
  | {
      readonly action: 'create';
      readonly user: {
        readonly name: string;
        readonly password?: Secret | undefined;
        /** A ready hash in place of the password; not every server takes it. */
        readonly hash?: Secret | undefined;
        /** Not every server takes them at once; the action `add-permissions` always works. */
        readonly permissions?: Permissions | undefined;
      };
    }
  | { readonly action: 'delete'; readonly user: { readonly name: string } }
  | { readonly action: 'change-password'; readonly user: { readonly name: string; readonly password: Secret } }
  | {
      readonly action: 'add-permissions' | 'remove-permissions';
      readonly user: { readonly name: string; readonly permissions: Permissions };
    };

/** A POST to `/role`. */
export type RoleWrite =
  | {
      readonly action: 'create';
      readonly role: {
        readonly name: string;
        /** Not every server takes these two at once; their own actions always work. */
        readonly permissions?: Permissions | undefined;
        readonly users?: readonly string[] | undefined;
      };
    }
  | { readonly action: 'delete'; readonly role: { readonly name: string } }
  | {
      readonly action: 'add-users' | 'remove-users';
      readonly role: { readonly name: string; readonly users: readonly string[] };
    }
  | {
      readonly action: 'add-permissions' | 'remove-permissions';
      readonly role: { readonly name: string; readonly permissions: Permissions };
    };

export interface EncodedWrite {
  readonly path: '/user' | '/role';
  /** What an error says that could not be done. */
  readonly purpose: () => string;
  /** JSON as it is sent. */
  readonly body: string;
  /** The same without password and hash. */
  readonly shown: () => string;
  readonly secrets: readonly Secret[];
}

interface Fields {
  readonly name: string;
  readonly password?: Secret | undefined;
  readonly hash?: Secret | undefined;
  readonly permissions?: Permissions | undefined;
  readonly users?: readonly string[] | undefined;
}

function encode(
  noun: 'user' | 'role',
  action: string,
  fields: Fields,
): Pick<EncodedWrite, 'body' | 'shown' | 'secrets'> {
  const { name, password, hash, permissions, users } = fields;
  const text = (reveal: (secret: Secret) => string) =>
    JSON.stringify({
      action,
      [noun]: {
        name,
        password: password && reveal(password),
        hash: hash && reveal(hash),
        permissions: permissions && Object.fromEntries(permissions),
        users,
      },
    });
  return {
    body: text((secret) => secret.reveal()),
    shown: () => text(String),
    secrets: [password, hash].filter((secret) => secret !== undefined),
  };
}

const purposes: Readonly<Record<(UserWrite | RoleWrite)['action'], string>> = {
  create: 'create',
  delete: 'delete',
  'change-password': 'change the password of',
  'add-permissions': 'add permissions to',
  'remove-permissions': 'remove permissions from',
  'add-users': 'add users to',
  'remove-users': 'remove users from',
};

export function encodeUserWrite({ action, user }: UserWrite): EncodedWrite {
  const purpose = () => `${purposes[action]} user ${quoted(user.name)}`;
  return { path: '/user', purpose, ...encode('user', action, user) };
}

export function encodeRoleWrite({ action, role }: RoleWrite): EncodedWrite {
  const purpose = () => `${purposes[action]} role ${quoted(role.name)}`;
  return { path: '/role', purpose, ...encode('role', action, role) };
}
