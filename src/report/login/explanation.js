export function explanation(cause, why, mends = [], notes = []) {
    return { cause, why, mends, notes, alarms: [] };
}
