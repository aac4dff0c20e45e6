// What loads late, and what is not pure.

/** Loaded only by the commands that use them. */
export const heavyPackages = [
  'undici',
  'inquirer',
  'ora',
  'yaml',
  'cosmiconfig',
  'valibot',
  'bcryptjs',
  'hash-wasm',
  'smol-toml',
];
export const heavyPlaces = [
  'kapacitor',
  'report',
  'state',
  'scenario',
  'login',
  'meta',
  'meta transport',
  'meta socket',
  'executor',
  'sandbox',
  'doctor',
  'completion',
];

/** What no pure place may name, beside `Math.random` and `Date` as a clock. */
export const impureGlobals = [
  'process',
  'console',
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'performance',
  'crypto',
  'globalThis',
  'navigator',
  'WebSocket',
];

/** What is loaded before a verb is: reached from here by static imports, it may hold nothing heavy. */
export const startsAt = 'process.ts';
