import { readConfiguration, checkStart, tlsFilesWanted, } from '../kapacitor/configuration/index.js';
import { toBinary } from '../kapacitor/go/utf8.js';
import { toSettings } from '../kapacitor/settings.js';
import { fileFact } from '../scenario/tools.js';
import { locateKapacitorConf } from '../settings/kapacitor.js';
const assumedExpiration = 600e9;
const assumedCost = 10;
/** What a Kapacitor would run with that uses the node and the account of this connection. */
function assume(connection) {
    const url = new URL(connection.nodes[0]);
    const { credentials } = connection;
    const basic = credentials.kind === 'basic' ? credentials : undefined;
    return {
        settings: {
            authEnabled: true,
            pprofEnabled: false,
            sharedSecret: '',
            users: 'meta',
            cacheExpiration: assumedExpiration,
            bcryptCost: assumedCost,
            metaAddr: toBinary(url.host),
            metaUseTls: url.protocol === 'https:',
            metaUsername: toBinary(basic?.username ?? ''),
            metaPassword: toBinary(basic?.password.reveal() ?? ''),
            metaSecret: credentials.kind === 'bearer' ? toBinary(credentials.secret.reveal()) : '',
        },
        tls: connection.tls,
        assumed: 'authentication on, cache-expiration 10m; node and account of this connection',
    };
}
async function factsOf(context, paths) {
    const facts = new Map();
    for (const path of paths)
        facts.set(path, await fileFact(context.files, path));
    return facts;
}
/** Certificates and keys as the daemon uses them: none at all where it skips the check (meta/client.go, WithTLS). */
function tlsOf({ auth }, facts) {
    if (auth.metaInsecureSkipVerify.value)
        return { insecureSkipVerify: true };
    const content = (path) => {
        const fact = facts.get(path);
        return fact !== undefined && 'content' in fact ? fact.content : undefined;
    };
    const { metaCa, metaCert, metaKey } = auth;
    return { ca: content(metaCa.value), cert: content(metaCert.value), key: content(metaKey.value) };
}
const off = {
    authEnabled: false,
    pprofEnabled: false,
    sharedSecret: '',
    users: 'noauth',
    cacheExpiration: 0,
    bcryptCost: 0,
    metaAddr: '',
    metaUseTls: false,
    metaUsername: '',
    metaPassword: '',
    metaSecret: '',
};
/**
 * The daemon as the kapacitor.conf and the environment at hand would start it. Where there are none, it is assumed to
 * use the node and the account of the connection; `connection` is called only then.
 */
export async function loginTarget(options, context, connection) {
    const { file, env, envOrigin } = await locateKapacitorConf(options, context);
    const named = options.kapacitorConf !== undefined || options.envFile !== undefined;
    const known = { conf: file?.path, environment: env.size === 0 ? undefined : envOrigin, assumed: undefined };
    if (file === undefined && env.size === 0 && !named) {
        return { ...known, ...assume(await connection()), refusal: undefined };
    }
    const reading = readConfiguration(file?.bytes ?? '', env);
    if (!reading.starts)
        return { ...known, settings: off, tls: {}, refusal: reading.message };
    const { configuration } = reading;
    const facts = await factsOf(context, tlsFilesWanted(configuration));
    const check = checkStart(configuration, facts);
    const refusal = check.starts ? undefined : check.message;
    return { ...known, settings: toSettings(configuration), tls: tlsOf(configuration, facts), refusal };
}
