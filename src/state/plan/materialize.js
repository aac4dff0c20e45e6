import { isKapacitorPermission } from '../../model/effective.js';
import { editOf } from './edits.js';
import { grant, has, without } from './permissions.js';
/** The rights of a role after the plan that Kapacitor would not see. */
function kapacitorRights(name, edits, actual) {
    const edit = edits.roles.get(name);
    const rights = [];
    for (const permissions of [actual.roles.get(name)?.permissions, edit?.add]) {
        for (const [scope, names] of permissions ?? []) {
            for (const permission of names) {
                if (isKapacitorPermission(permission) && !has(edit?.remove, scope, permission))
                    rights.push([scope, permission]);
            }
        }
    }
    return rights;
}
/** The members of a role after the plan that exist then. */
function membersAfter(name, edits, actual) {
    const edit = edits.roles.get(name);
    const stay = (actual.roles.get(name)?.users ?? []).filter((user) => edit?.leave.has(user) !== true);
    return [...stay, ...(edit?.join ?? [])].filter((user) => {
        const own = edits.users.get(user);
        return own?.isDeleted !== true && (actual.users.has(user) || own?.isNew === true);
    });
}
/** Gives the members of the roles that the files name their Kapacitor rights directly. */
export function materialize(edits, wanted, actual, members) {
    for (const name of new Set([...wanted.roles.keys(), ...members.keys()])) {
        const rights = kapacitorRights(name, edits, actual);
        if (rights.length === 0 || edits.roles.get(name)?.isDeleted === true)
            continue;
        for (const user of membersAfter(name, edits, actual)) {
            const edit = editOf(edits, user);
            const there = actual.users.get(user)?.permissions;
            for (const [scope, permission] of rights) {
                if (has(there, scope, permission))
                    edit.remove = without(edit.remove, scope, permission);
                else
                    edit.add = grant(edit.add, scope, permission);
            }
        }
    }
}
