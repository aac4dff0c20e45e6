import { isKapacitorPermission } from '../../model/effective.js';
import { nearest } from '../../model/nearest.js';
import { isPermission, permissions as table } from '../../model/permission.js';
import { excerpt } from '../../model/text.js';
import { below } from '../fields.js';
import { itemsOf, spotOf } from './rule.js';
const permissionNames = table.map(({ name }) => name);
const bcryptHash = /^\$2[abxy]?\$\d\d\$[./A-Za-z0-9]{53}$/;
function shown(name) {
    return `"${excerpt(name, 60)}"`;
}
/** What is wrong with the state itself, whatever the cluster holds. */
export const fileRules = [
    {
        name: 'unknown-permission',
        check({ wanted, force }, tell) {
            for (const item of itemsOf(wanted)) {
                for (const [scope, names] of item.permissions) {
                    for (const [i, name] of names.entries()) {
                        if (isPermission(name))
                            continue;
                        const spot = below(below(below(spotOf(item), 'permissions'), scope), i);
                        const near = nearest(name, permissionNames);
                        const hint = near === undefined ? 'See kapadmin permission list.' : `did you mean "${near}"?`;
                        const message = `unknown permission ${shown(name)}`;
                        if (force)
                            tell.warn(`${message}: Kapacitor can then no longer log this user in`, spot);
                        else
                            tell.error(message, spot, hint);
                    }
                }
            }
        },
    },
    {
        name: 'repeated',
        check({ wanted }, tell) {
            for (const item of itemsOf(wanted)) {
                const lists = [...item.permissions].map(([scope, names]) => [['permissions', scope], names]);
                lists.push('members' in item ? [['members'], item.members] : [['roles'], item.roles]);
                for (const [path, names] of lists) {
                    if (names.length < 2 || new Set(names).size === names.length)
                        continue;
                    const { file, path: start } = spotOf(item);
                    for (const [i, name] of names.entries()) {
                        if (names.indexOf(name) < i)
                            tell.warn(`${shown(name)} stands here twice`, { file, path: [...start, ...path, i] });
                    }
                }
            }
        },
    },
    {
        name: 'kapacitor-right-under-database',
        check({ wanted }, tell) {
            for (const item of itemsOf(wanted)) {
                for (const [scope, names] of item.permissions) {
                    if (scope === '')
                        continue;
                    for (const [i, name] of names.entries()) {
                        if (!isKapacitorPermission(name))
                            continue;
                        const spot = below(below(below(spotOf(item), 'permissions'), scope), i);
                        tell.warn(`${name} under the database ${shown(scope)} counts for all of Kapacitor`, spot, 'Put it under "".');
                    }
                }
            }
        },
    },
    {
        name: 'no-basic-login',
        check({ wanted }, tell) {
            for (const user of wanted.users.values()) {
                if (user.name.includes(':'))
                    tell.warn(`${shown(user.name)}: a name with ":" cannot log in by Basic`, spotOf(user));
                if (user.name === '~subscriber')
                    tell.warn('Kapacitor keeps the name ~subscriber for its own tokens', spotOf(user));
            }
        },
    },
    {
        name: 'not-bcrypt',
        check({ wanted }, tell) {
            for (const user of wanted.users.values()) {
                if (user.hashValue === undefined || bcryptHash.test(user.hashValue.reveal()))
                    continue;
                tell.warn(`the hash of ${shown(user.name)} is not bcrypt: Kapacitor cannot check it`, below(spotOf(user), 'hash'));
            }
        },
    },
    {
        name: 'absent-and-named',
        check({ wanted }, tell) {
            const { absentUsers, absentRoles } = wanted.options;
            for (const item of itemsOf(wanted)) {
                const isRole = 'members' in item;
                if (!(isRole ? absentRoles : absentUsers).has(item.name))
                    continue;
                const what = isRole ? 'role' : 'user';
                tell.error(`${what} ${shown(item.name)} is wanted here and absent in the options`, spotOf(item));
            }
        },
    },
];
