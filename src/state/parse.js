import { mergeFiles } from './merge.js';
import { Report, sortProblems } from './problem.js';
import { readSource } from './read/read.js';
import { fileRules } from './rules/file-rules.js';
import { runRules } from './rules/rule.js';
import { readShape } from './shape.js';
/** What is left of a file with a syntax error would only give problems that are none. */
function isBroken({ problems }) {
    return problems.some(({ code }) => code === 'syntax');
}
/** Looks up where the faults of a report stand. */
function placeFaults({ faults }, sources) {
    return sources.flatMap((source) => {
        const own = faults.filter(({ spot }) => spot.file === source.file);
        const positions = own.length === 0 ? [] : source.locate(own.map(({ spot }) => spot));
        return own.map(({ spot, ...fault }, i) => {
            return { ...fault, file: spot.file, ...(positions[i] ?? { line: 1, column: 1 }) };
        });
    });
}
/** Reads files of wanted state together: what they say, and all that is wrong with it, each with its place. */
export function parseState(files, options = {}) {
    const { force = false, resolve = (_, path) => path } = options;
    const names = files.map(({ file }) => file);
    const report = new Report();
    const sources = [];
    const states = files.map(({ file, text }) => {
        const { value, ...source } = readSource(file, text);
        sources.push(source);
        return readShape(file, isBroken(source) ? undefined : value, report, resolve);
    });
    const wanted = mergeFiles(states, report);
    runRules(fileRules, { wanted, force }, report);
    const place = (given) => sortProblems(placeFaults(given, sources), names);
    const found = sources.flatMap(({ problems }) => problems);
    const problems = sortProblems([...found, ...placeFaults(report, sources)], names);
    return { wanted, problems, isBroken: sources.some(isBroken), place };
}
