import { nearest } from '../../model/nearest.js';
import { checkNewName } from '../../model/check.js';
import { showName } from '../../model/name.js';
import { KapadminError } from '../../errors.js';
import { excerpt } from '../../model/text.js';
import { below } from '../fields.js';
import { itemsOf, spotOf } from './rule.js';
/** For more strangers than this no nearest name is looked for. */
const mostHints = 20;
function shown(name) {
    return `"${excerpt(name, 60)}"`;
}
function tellStrangers(what, known, lists, tell) {
    let hints = 0;
    for (const [names, spot] of lists) {
        for (const [i, name] of names.entries()) {
            if (known.some((names) => names.has(name)))
                continue;
            const near = hints++ < mostHints ? nearest(name, [...new Set(known.flatMap((map) => [...map.keys()]))]) : undefined;
            const hint = near === undefined ? undefined : `did you mean ${shown(near)}?`;
            tell.error(`there is no ${what} ${shown(name)}, neither here nor in the cluster`, below(spot(), i), hint);
        }
    }
}
function nameFault(item) {
    try {
        checkNewName('members' in item ? 'role' : 'user', item.name);
        return undefined;
    }
    catch (error) {
        if (error instanceof KapadminError)
            return error.message;
        throw error;
    }
}
/** What is wrong with the state where it meets a cluster. */
export const clusterRules = [
    {
        name: 'no-such-user',
        check({ wanted, actual }, tell) {
            const lists = [...wanted.roles.values()].map((role) => [role.members, () => below(spotOf(role), 'members')]);
            tellStrangers('user', [wanted.users, actual.users], lists, tell);
        },
    },
    {
        name: 'no-such-role',
        check({ wanted, actual }, tell) {
            const lists = [...wanted.users.values()].map((user) => [user.roles, () => below(spotOf(user), 'roles')]);
            tellStrangers('role', [wanted.roles, actual.roles], lists, tell);
        },
    },
    {
        name: 'no-password',
        check({ wanted, actual }, tell) {
            for (const user of wanted.users.values()) {
                if (user.password !== undefined || user.hash !== undefined || actual.users.has(user.name))
                    continue;
                const hint = 'Give it a password: { env: NAME }, { file: PATH } or { generate: true }.';
                tell.error(`user ${shown(user.name)} is to be created and has no password`, spotOf(user), hint);
            }
        },
    },
    {
        name: 'bad-name',
        check({ wanted, actual }, tell) {
            for (const item of itemsOf(wanted)) {
                if (('members' in item ? actual.roles : actual.users).has(item.name))
                    continue;
                const fault = nameFault(item);
                if (fault !== undefined)
                    tell.error(fault, spotOf(item));
            }
        },
    },
    {
        name: 'hash-of-existing-user',
        check({ wanted, actual, setPasswords }, tell) {
            if (!setPasswords)
                return;
            for (const user of wanted.users.values()) {
                if (user.hash === undefined || !actual.users.has(user.name))
                    continue;
                const message = `user ${shown(user.name)} exists: the meta API sets a hash only when it creates a user`;
                tell.warn(message, below(spotOf(user), 'hash'));
            }
        },
    },
    {
        name: 'lock-out',
        check({ wanted, kept }, tell) {
            const told = new Set();
            for (const { user, reason } of kept) {
                if (told.has(user))
                    continue;
                told.add(user);
                const who = reason === 'own-account'
                    ? `${showName(user)}, the account in use,`
                    : `${showName(user)}, the last that has CreateUserAndRole,`;
                const listed = wanted.users.get(user);
                const [anyone] = itemsOf(wanted);
                const spot = listed === undefined ? { file: anyone?.file ?? '', path: ['options', 'manage'] } : spotOf(listed);
                tell.warn(`this would lock out ${who} which is kept`, spot, `To do it: --allow-remove ${showName(user)}`);
            }
        },
    },
];
