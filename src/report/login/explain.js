import { subscriber } from '../../kapacitor/credentials.js';
import { showDuration } from '../../model/duration.js';
import { toText } from '../../kapacitor/go/text.js';
import { verdictOf, } from '../../kapacitor/trace.js';
import { escapeControls } from '../../model/text.js';
import { alarmsOf } from './alarms.js';
import { explanation } from './explanation.js';
import { explainLookup } from './lookups.js';
import { documentNote, explainPassword } from './passwords.js';
import { cacheNote, explainDatabase, explainPrivileges } from './rights.js';
const ignoredCauses = {
    scheme: [
        'wrong-scheme',
        'the Authorization header is neither "Bearer TOKEN" nor "Basic ...": its scheme is not known',
    ],
    base64: ['unreadable-credentials', 'what follows "Basic " is not base64 (padded, one blank before it, none inside)'],
    'no-colon': ['unreadable-credentials', 'what follows "Basic " holds no ":" between user and password'],
    'empty-bearer': ['unreadable-credentials', 'the Authorization header is "Bearer" with no token behind it'],
};
const sendThem = {
    what: 'To send them',
    setting: 'http://USER:PASSWORD@HOST:9092/... (percent-encoded), or KAPACITOR_URL for the kapacitor program',
};
function explainCredentials(step) {
    if (step.message === 'username required') {
        return explanation('username-required', 'the user name in the credentials is empty', [sendThem]);
    }
    if (step.ignored === undefined) {
        return explanation('no-credentials', 'the request bears no credentials: no Authorization header, no u and p in the query', [sendThem]);
    }
    return explanation(...ignoredCauses[step.ignored], [sendThem]);
}
const tokenMends = {
    5: 'sign it with HS256, HS384 or HS512',
    6: 'sign it with [http] shared-secret of kapacitor.conf',
    7: 'make a new token, and compare the clocks of both machines',
    8: 'give it an "exp" claim: a number above 0',
    9: 'give it a "username" claim: a text that is not empty',
};
function explainToken(step) {
    const check = step.check ?? 1;
    const setting = tokenMends[check] ?? 'send header.claims.signature, each base64url without padding';
    const why = `the bearer token fails check ${check} of 9: ${escapeControls(step.message ?? '')}`;
    return explanation('token', why, [{ what: 'To mend it', setting }]);
}
function ownPermissions(document) {
    return new Map((document?.permissions ?? []).map(({ scope, permissions }) => [scope, permissions]));
}
const routing = {
    target: (step) => explanation('bad-request', `Go's HTTP server itself refuses the request (${'reason' in step ? step.reason : ''})`),
    method: (step) => explanation('unrouted', `Kapacitor knows no method ${'method' in step ? escapeControls(step.method) : ''}: 404, whatever the path`),
    'clean-path': (step) => explanation('redirect', `the path is not clean: Kapacitor redirects before it looks at any credential`, [
        { what: 'Ask for', setting: 'location' in step ? escapeControls(step.location ?? '') : '' },
    ]),
};
/** The document whose permissions decided: that of the trace, or the one that the user cache was filled with. */
function explainFailure(step, trace, around, cached) {
    const document = trace.findLast((one) => one.kind === 'document');
    const own = cached ?? ownPermissions(document);
    const expiration = around.settings.cacheExpiration;
    const cache = cacheNote(expiration > 0 ? showDuration(expiration) : undefined);
    const route = routing[step.kind];
    if (route !== undefined)
        return route(step);
    switch (step.kind) {
        case 'credentials':
            return explainCredentials(step);
        case 'token':
            return explainToken(step);
        case 'subscription':
            return explanation('subscription-token', `${subscriber} takes a subscription token of Kapacitor's own: ${escapeControls(toText(step.message ?? ''))}`);
        case 'own-store':
            return explanation('own-store', "meta-addr is empty: users come from Kapacitor's own store (/kapacitor/v1/users), which kapadmin does not know", [{ what: 'To use the users of the cluster', setting: '[auth] meta-addr = "HOST:8091"' }]);
        case 'lookup':
            return explainLookup(step, around);
        case 'password': {
            const named = trace.findLast((one) => one.kind === 'credentials');
            return explainPassword(step, named?.user ?? '', document, around);
        }
        case 'privileges':
            return explainPrivileges(step, own, around, cache);
        case 'database':
            return explainDatabase(step, own, around, cache);
        default:
            return explanation('allowed', 'nothing stands against it');
    }
}
/**
 * Why the verdict is what it is: the cause, the fact that shows it, and what mends it. It reads the trace and decides
 * nothing itself.
 * @param cached the permissions of a user that came from the user cache, where the trace has no document
 */
export function explain(trace, around, cached) {
    const alarms = alarmsOf(trace, around);
    if (verdictOf(trace).verdict === 'allow') {
        const document = trace.findLast((one) => one.kind === 'document');
        const notes = document?.hash === 'none' ? [] : documentNote(document);
        return { ...explanation('allowed', 'authentication and authorization passed', [], notes), alarms };
    }
    const failed = trace.findLast((step) => step.outcome === 'fail' && step.kind !== 'verdict');
    const told = failed === undefined ? explanation('allowed', '') : explainFailure(failed, trace, around, cached);
    return { ...told, alarms };
}
