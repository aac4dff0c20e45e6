import { excerpt } from '../model/text.js';
function collect(key, lists, report) {
    const all = new Map();
    for (const item of lists.flat()) {
        const there = all.get(item.name);
        if (there === undefined)
            all.set(item.name, item);
        else {
            const what = key === 'users' ? 'user' : 'role';
            const message = `${what} "${excerpt(item.name, 60)}" stands in ${excerpt(there.file)} already`;
            report.error('duplicate', message, { file: item.file, path: [key, item.name] });
        }
    }
    return all;
}
/** An option that files set: all that set it must agree. */
function agreed(key, files, report) {
    const [first, ...others] = files.filter(({ options }) => options[key] !== undefined);
    for (const { file, options } of others) {
        if (options[key] === first?.options[key])
            continue;
        const message = `${key} is ${String(options[key])} here and ${String(first?.options[key])} in ${excerpt(first?.file ?? '')}`;
        report.error('options-differ', message, { file, path: ['options', key] });
    }
    return first?.options[key];
}
function mergeOptions(files, report) {
    return {
        manage: agreed('manage', files, report) ?? 'listed',
        materializeRoles: agreed('materializeRoles', files, report) ?? false,
        absentUsers: new Set(files.flatMap(({ options }) => options.absentUsers)),
        absentRoles: new Set(files.flatMap(({ options }) => options.absentRoles)),
    };
}
/** The wanted state of several files together. */
export function mergeFiles(files, report) {
    return {
        users: collect('users', files.map(({ users }) => users), report),
        roles: collect('roles', files.map(({ roles }) => roles), report),
        options: mergeOptions(files, report),
    };
}
