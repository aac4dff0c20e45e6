import { usageError } from '../errors.js';
import { handleAs } from '../kapacitor/handle-as.js';
import { toText } from '../kapacitor/go/text.js';
import { toBinary } from '../kapacitor/go/utf8.js';
import { neededPrivilege } from '../kapacitor/decide.js';
import { compilePrivileges } from '../kapacitor/privileges.js';
import { verdictOf } from '../kapacitor/trace.js';
import { isPermission } from '../model/permission.js';
import { excerpt } from '../model/text.js';
/** The method in upper case. Throws a usage error for one that Kapacitor does not route. */
export function checkMethod(method) {
    const upper = method.toUpperCase();
    if (Object.hasOwn(neededPrivilege, upper))
        return upper;
    const known = Object.keys(neededPrivilege).join(', ');
    throw usageError('bad-method', `"${excerpt(method, 20)}" is no method of Kapacitor`, `It takes ${known}.`);
}
const maskWords = new Map([
    [1, 'none'],
    [2, 'read'],
    [4, 'write'],
    [6, 'read and write'],
    [16, 'all'],
]);
function decidedBy(entry, mask) {
    return entry === undefined ? 'no entry' : `${entry} = ${maskWords.get(mask) ?? mask}`;
}
/** What decided a trace of authorization: the last step that decided anything. */
function whyOf(trace) {
    const { verdict, location } = verdictOf(trace);
    if (verdict === 'redirect')
        return `not a clean path: ${toText(location ?? '')}`;
    if (verdict === 'bad-request')
        return "refused by Go's HTTP server";
    const step = trace.findLast((one) => one.kind === 'privileges' || one.kind === 'database');
    if (step === undefined)
        return 'no authentication is asked for';
    if (step.kind === 'database') {
        return step.decidedBy === 'no-database' ? 'a write needs ?db=NAME' : decidedBy(step.entry, step.mask);
    }
    return step.decidedBy === 'nothing-needed' ? 'nothing needed' : decidedBy(step.entry, step.mask);
}
function unknownPermission(permissions) {
    return [...permissions.values()].flat().find((name) => !isPermission(name) && name !== '9');
}
function binaryScopes(permissions) {
    return new Map([...permissions].map(([scope, names]) => [toBinary(scope), names]));
}
/** The decision for a user whose document is known, from the authorization step on. */
export function accessOf(user, method, path) {
    const asked = { user: user.name, method, path };
    const unknown = unknownPermission(user.permissions);
    if (unknown !== undefined) {
        return {
            ...asked,
            allowed: false,
            why: `Kapacitor cannot log in this user: it does not know ${excerpt(unknown, 60)}`,
        };
    }
    const privileges = compilePrivileges(binaryScopes(user.permissions));
    const trace = handleAs({ name: toBinary(user.name), privileges }, { method, target: toBinary(path), headers: [] });
    return { ...asked, allowed: verdictOf(trace).verdict === 'allow', why: whyOf(trace) };
}
