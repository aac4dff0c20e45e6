/** The members that the files give to each role, from either side. */
export function membersOf(wanted) {
    const members = new Map();
    const add = (role, user) => {
        const known = members.get(role);
        if (known === undefined)
            members.set(role, new Set([user]));
        else
            known.add(user);
    };
    for (const role of wanted.roles.values())
        for (const user of role.members)
            add(role.name, user);
    for (const user of wanted.users.values())
        for (const role of user.roles)
            add(role, user.name);
    return members;
}
