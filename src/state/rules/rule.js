export function runRules(rules, facts, report) {
    for (const { name, check } of rules) {
        check(facts, {
            error: (message, spot, hint) => report.error(name, message, spot, hint),
            warn: (message, spot, hint) => report.warn(name, message, spot, hint),
        });
    }
}
export function spotOf(item) {
    return { file: item.file, path: ['members' in item ? 'roles' : 'users', item.name] };
}
export function itemsOf({ users, roles }) {
    return [...users.values(), ...roles.values()];
}
