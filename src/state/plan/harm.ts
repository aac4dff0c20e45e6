import type { Change } from '../../change/change.js';
import type { Actual } from '../wanted.js';
import { editOf, type Edits, type RoleEdit } from './edits.js';
import { grant, type Grants } from './permissions.js';
import { protect, type Kept, type Protection } from './protect.js';

function grants(change: Change & { readonly action: 'add-permissions' | 'remove-permissions' }): Grants {
  let all: Grants = new Map();
  for (const { scope, permissions } of change.permissions)
    for (const name of permissions) all = grant(all, scope, name);
  return all;
}

function roleEdit(edits: Edits, name: string, isNew = false): RoleEdit {
  const known = edits.roles.get(name);
  if (known !== undefined) return known;
  const edit: RoleEdit = {
    name,
    isNew,
    isDeleted: false,
    add: undefined,
    remove: undefined,
    join: new Set(),
    leave: new Set(),
  };
  edits.roles.set(name, edit);
  return edit;
}

function note(change: Change, edits: Edits): void {
  const isNew = change.action === 'create';
  const edit = change.on === 'user' ? editOf(edits, change.name, isNew) : roleEdit(edits, change.name, isNew);
  switch (change.action) {
    case 'delete':
      edit.isDeleted = true;
      return;
    case 'add-permissions':
      edit.add = grants(change);
      return;
    case 'remove-permissions':
      edit.remove = grants(change);
      return;
    case 'add-users':
    case 'remove-users': {
      const set = roleEdit(edits, change.name)[change.action === 'add-users' ? 'join' : 'leave'];
      for (const user of change.users) set.add(user);
      return;
    }
    case 'create':
    case 'change-password':
  }
}

/** What of a list of changes would now remove or disarm the account in use or the last that can manage users. */
export function harmOf(changes: readonly Change[], actual: Actual, protection: Protection): readonly Kept[] {
  const edits: Edits = { users: new Map(), roles: new Map() };
  for (const change of changes) note(change, edits);
  return protect(edits, actual, protection);
}
