/** Collects faults and their spots; the positions are looked up at the end, all at once. */
export class Report {
    faults = [];
    error(code, message, spot, hint) {
        this.faults.push({ severity: 'error', code, message, hint, spot });
    }
    warn(code, message, spot, hint) {
        this.faults.push({ severity: 'warning', code, message, hint, spot });
    }
}
/** By file in the order given, then by line, column and message. */
export function sortProblems(problems, files) {
    const rank = new Map(files.map((file, i) => [file, i]));
    return [...problems].sort((a, b) => (rank.get(a.file) ?? 0) - (rank.get(b.file) ?? 0) ||
        a.line - b.line ||
        a.column - b.column ||
        (a.message < b.message ? -1 : 1));
}
