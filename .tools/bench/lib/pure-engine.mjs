// The engine alone, in a process of its own: `node pure-engine.mjs NAME=MODULE...`; prints its rate of decisions and the
// seconds of processor time of a scenario, on which the load of the machine tells least, as JSON.
const modules = {};
for (const argument of process.argv.slice(2)) {
  const [name, file] = argument.split('=');
  modules[name] = await import(file);
}
const { compileEndpoint, compilePrivileges, decidePrivilege, privilegeByMethod } = modules.privileges;
const { endpoints } = modules.endpoints;

const count = 10_000;
let state = 42;

/** A whole number below `limit`, the same ones in each run. */
function random(limit) {
  state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
  return (state >> 8) % limit;
}

function pick(list) {
  return list[random(list.length)];
}

const names = modules.permissions.permissions.map((row) => row.name);

/** A permission document unlike all others: up to four scopes, one of them its own, with up to five permissions each. */
function documentOf(i) {
  const scopes = ['', 'telegraf', 'metrics/short', `database${i}`].slice(random(4));
  return new Map(scopes.map((scope) => [scope, Array.from({ length: 1 + random(5) }, () => pick(names))]));
}

/** Seconds of processor time. */
async function timed(work) {
  globalThis.gc();
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

const documents = Array.from({ length: count }, (_, i) => documentOf(i));
const decided = { allowed: 0, entry: 0, 'no-entry': 0, 'nothing-needed': 0 };
const decisionSeconds = await timed(() => {
  const targets = endpoints.map(({ method, path }) => [compileEndpoint(path), privilegeByMethod[method]]);
  for (const document of documents) {
    const privileges = compilePrivileges(document);
    for (const [target, needed] of targets) {
      const decision = decidePrivilege(privileges, target, needed);
      decided[decision.rule]++;
      if (decision.allowed) decided.allowed++;
    }
  }
});
if (decided.entry === 0 || decided['no-entry'] === 0 || decided.allowed === 0) throw new Error('nothing was decided');

const config = `[http]
  auth-enabled = true
[auth]
  enabled = true
  cache-expiration = "5m"
  bcrypt-cost = 4
  meta-addr = "127.0.0.1:8091"
  meta-username = "admin"
  meta-password = "changeit"
`;
const users = Array.from({ length: 100 }, (_, i) => ({
  name: `user${i}`,
  password: `password${i}`,
  permissions: Object.fromEntries(documentOf(i)),
}));
const steps = Array.from({ length: count }, (_, i) => {
  const user = random(100);
  const { method, path } = pick(endpoints);
  const password = random(20) === 0 ? 'wrong' : `password${user}`;
  return { at: `${i}s`, request: { method, path, username: `user${user}`, password }, expect: {} };
});
const value = {
  kapacitor: { config },
  meta: { credentials: { username: 'admin', password: 'changeit' }, users },
  steps,
};
const tools = modules.play.createPlayTools({ clock: Date });
let played;
const scenario = await timed(async () => {
  const read = await modules.load.parseScenario(value, 'bench', () => '');
  played = await modules.play.playScenario(read, tools);
});
if (played.steps.length !== count || played.steps.every((step) => step.verdict === 'deny'))
  throw new Error('not played');
console.log(JSON.stringify({ decisions: (count * endpoints.length) / decisionSeconds, scenario }));
