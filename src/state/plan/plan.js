import { membersOf } from '../wanted.js';
import { editsFor } from './edits.js';
import { materialize } from './materialize.js';
import { byText, scoped } from './permissions.js';
import { protect } from './protect.js';
/** Members in one request. */
const mostMembers = 1000;
/** The edits that change anything, sorted by name. */
function touched(edits, isTouched) {
    const list = [];
    for (const edit of edits)
        if (isTouched(edit))
            list.push(edit);
    return list.sort((a, b) => byText(a.name, b.name));
}
function permissionChanges(on, { name, add, remove }) {
    return [
        add === undefined ? [] : [{ on, name, action: 'add-permissions', permissions: scoped(add) }],
        remove === undefined ? [] : [{ on, name, action: 'remove-permissions', permissions: scoped(remove) }],
    ];
}
function creating({ name, wanted }) {
    return {
        on: 'user',
        name,
        action: 'create',
        ...(wanted?.password === undefined ? {} : { password: wanted.password }),
        ...(wanted?.hash === undefined ? {} : { hash: wanted.hash }),
    };
}
function userChanges(edit, password) {
    const { name } = edit;
    if (edit.isDeleted)
        return [{ on: 'user', name, action: 'delete' }];
    const [added, removed] = permissionChanges('user', edit);
    const created = edit.isNew ? [creating(edit)] : [];
    const changed = password === undefined ? [] : [{ on: 'user', name, action: 'change-password', password }];
    return [...created, ...changed, ...added, ...removed];
}
function memberChanges(name, action, members) {
    const users = [...members].sort(byText);
    const changes = [];
    for (let at = 0; at < users.length; at += mostMembers) {
        changes.push({ on: 'role', name, action, users: users.slice(at, at + mostMembers) });
    }
    return changes;
}
function roleChanges(edit) {
    const { name } = edit;
    if (edit.isDeleted)
        return [{ on: 'role', name, action: 'delete' }];
    const [added, removed] = permissionChanges('role', edit);
    const created = edit.isNew ? [{ on: 'role', name, action: 'create' }] : [];
    return [
        ...created,
        ...added,
        ...memberChanges(name, 'add-users', edit.join),
        ...removed,
        ...memberChanges(name, 'remove-users', edit.leave),
    ];
}
/**
 * The changes that make a cluster as the files want it. Without `prune` nothing is ever taken away. With it go the
 * permissions and members that listed users and roles do not have in the files and, where they manage all, users and
 * roles that they do not name; never the account in use or the last one that can manage users, unless allowed.
 */
export function plan(wanted, actual, options = {}) {
    const { prune = false, setPasswords, login, allowRemove = new Set() } = options;
    const members = membersOf(wanted);
    const edits = editsFor(wanted, actual, members, prune);
    const kept = prune ? protect(edits, actual, { login, allowRemove }) : [];
    if (wanted.options.materializeRoles)
        materialize(edits, wanted, actual, members);
    const passwordOf = ({ name, isNew, wanted: user }) => {
        if (isNew || setPasswords === undefined)
            return undefined;
        return setPasswords === 'all' || setPasswords.has(name) ? user?.password : undefined;
    };
    const users = touched(edits.users.values(), (edit) => edit.isNew ||
        edit.isDeleted ||
        edit.add !== undefined ||
        edit.remove !== undefined ||
        passwordOf(edit) !== undefined);
    const roles = touched(edits.roles.values(), () => true);
    return {
        changes: [...users.flatMap((edit) => userChanges(edit, passwordOf(edit))), ...roles.flatMap(roleChanges)],
        kept,
    };
}
