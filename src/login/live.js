import { startDaemon } from '../kapacitor/daemon.js';
import { handle } from '../kapacitor/handle.js';
import { timedOut, verdictOf } from '../kapacitor/trace.js';
import { drive } from './drive.js';
/** Kinds that say more the later they stand: a test of several moments ends with the last of them. */
const severity = ['done', 'no', 'unreachable', 'server'];
export function worst(ends) {
    return severity[Math.max(0, ...ends.map((end) => severity.indexOf(end)))];
}
function endOf(trace, meta) {
    if (verdictOf(trace).verdict === 'allow')
        return 'done';
    if (!timedOut(trace))
        return 'no';
    const failed = trace.findLast((step) => step.kind === 'lookup');
    if (failed?.cause === 'unreadable')
        return 'server';
    return meta.failure() ?? 'no';
}
/** Runs the requests through one daemon's life, live; time between them is virtual. */
export async function judge(settings, moments, tools) {
    const daemon = startDaemon(settings, tools.startedAt);
    const judged = [];
    for (const { request, now } of moments) {
        const drivers = { meta: tools.meta.ask, bcrypt: tools.bcrypt };
        const trace = await drive(handle(daemon, request, now), drivers);
        judged.push({ trace, end: endOf(trace, tools.meta) });
    }
    return judged;
}
