// The matrix alone, in a process of its own: `node pure-matrix.mjs build=MODULE page=MODULE`; prints seconds of
// processor time, on which the load of the machine tells least, and bytes as JSON.
const modules = Object.fromEntries(process.argv.slice(2).map((word) => word.split('=')));
const { buildMatrix } = await import(modules.build);
const { matrixPage } = await import(modules.page);

const count = 10_000;
const kapacitor = ['KapacitorAPI', 'KapacitorConfigAPI', 'ReadData', 'WriteData', 'Monitor'];
const filters = { users: [], endpoints: [], methods: [], databases: [], only: null, role: null };

/** 10,000 users in 1,440 mixes of rights, with 40 databases and 10 roles. */
const users = Array.from({ length: count }, (_, i) => ({
  name: `user${String((i * 7919) % count).padStart(5, '0')}`,
  hash: undefined,
  permissions: new Map([
    ['', kapacitor.filter((_, bit) => (i >> bit) & 1)],
    [`database${i % 40}`, i % 3 === 0 ? ['ReadData'] : ['WriteData']],
  ]),
}));
const roles = Array.from({ length: 10 }, (_, role) => ({
  name: `role${role}`,
  permissions: new Map([['', [kapacitor[role % 5]]]]),
  users: users.filter((_, i) => (i * 31 + role * 17) % 11 === 0).map(({ name }) => name),
}));

/** Runs something; gives its result and its seconds of processor time. */
function timed(work) {
  globalThis.gc();
  const start = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(start);
  return [result, (user + system) / 1e6];
}

const found = { users, roles, made: '2026-01-01T00:00:00.000Z', cluster: [], rolesInUserRecords: 'unknown' };
const [matrix, compute] = timed(() => buildMatrix(found, filters));
const [bytes, html] = timed(() => Buffer.byteLength(matrixPage(matrix)));
console.log(JSON.stringify({ compute, html, bytes }));
