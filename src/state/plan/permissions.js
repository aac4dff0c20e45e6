const nothing = new Map();
/** What `a` holds and `b` does not; undefined where that is nothing. */
export function minus(a = nothing, b = nothing) {
    let rest;
    for (const [scope, names] of a) {
        const there = b.get(scope);
        for (const name of names) {
            if (there?.includes(name) === true)
                continue;
            rest = grant(rest, scope, name);
        }
    }
    return rest;
}
/** Adds a permission, once. */
export function grant(grants, scope, name) {
    const all = grants ?? new Map();
    const names = all.get(scope);
    if (names === undefined)
        all.set(scope, [name]);
    else if (!names.includes(name))
        names.push(name);
    return all;
}
export function has(permissions, scope, name) {
    return permissions?.get(scope)?.includes(name) === true;
}
/** Takes a permission out; what is left, undefined where that is nothing. */
export function without(grants, scope, name) {
    if (grants === undefined || !has(grants, scope, name))
        return grants;
    const names = (grants.get(scope) ?? []).filter((other) => other !== name);
    if (names.length > 0)
        grants.set(scope, names);
    else
        grants.delete(scope);
    return grants.size > 0 ? grants : undefined;
}
export function byText(a, b) {
    return a < b ? -1 : a > b ? 1 : 0;
}
/** As a change holds them: scopes and names sorted. */
export function scoped(grants) {
    return [...grants]
        .sort(([a], [b]) => byText(a, b))
        .map(([scope, names]) => ({ scope, permissions: [...names].sort(byText) }));
}
