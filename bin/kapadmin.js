#!/usr/bin/env node
'use strict';

const fs = require('node:fs');

/** Runs the packs of dist/. What V8 makes of their text is kept in the user's own cache folder, for later starts. */
function start() {
  const path = require('node:path');
  const { Script } = require('node:vm');

  const dist = path.join(__dirname, '../dist');
  /** What each pack gave, by its name. */
  const made = new Map();
  /** All scripts, by the name of their file in the cache. */
  const scripts = new Map();
  const folder = codeFolder();
  const isReadable = folder !== undefined && isTrusted(folder);
  let isAllKept = true;

  /** Where the code is kept for this version of Node; undefined where the user has no folder for it. */
  function codeFolder() {
    const { HOME = '', NODE_DISABLE_COMPILE_CACHE: off, XDG_CACHE_HOME: xdg = '' } = process.env;
    const cache = path.isAbsolute(xdg) ? xdg : path.isAbsolute(HOME) ? path.join(HOME, '.cache') : undefined;
    if (cache === undefined || off !== undefined || process.getuid === undefined) return undefined;
    return path.join(cache, 'kapadmin', `code-${process.version}-${process.arch}`);
  }

  function isOwn(place, forbidden) {
    const facts = fs.lstatSync(place, { throwIfNoEntry: false });
    return facts?.isDirectory() === true && facts.uid === process.getuid() && (facts.mode & forbidden) === 0;
  }

  /** Whether nobody else could have put anything there: V8 believes what it reads. */
  function isTrusted(place) {
    try {
      return isOwn(path.dirname(place), 0o022) && isOwn(place, 0o077);
    } catch {
      return false;
    }
  }

  function readIfThere(file) {
    try {
      return fs.readFileSync(file);
    } catch {
      return undefined;
    }
  }

  /** Runs a pack once; gives what it returns. Packs get one another by `require('./NAME.cjs')`. */
  function load(name) {
    const known = made.get(name);
    if (known !== undefined) return known;
    const filename = path.join(dist, name);
    const text = fs.readFileSync(filename, 'utf8');
    // Each begins with a comment that holds the digest of the rest.
    const cacheName = `${name}-${text.slice(2, 18)}`;
    const cachedData = isReadable ? readIfThere(path.join(folder, cacheName)) : undefined;
    const script = new Script(text, { filename, cachedData });
    scripts.set(cacheName, script);
    isAllKept &&= cachedData !== undefined && script.cachedDataRejected === false;
    const pack = script.runInThisContext()((id) => (id.startsWith('./') ? load(id.slice(2)) : require(id)));
    made.set(name, pack);
    return pack;
  }

  /** Removes what was kept of the same packs when their text was another. */
  function removeOld(kept) {
    const packOf = (name) => name.slice(0, name.lastIndexOf('-'));
    const packs = new Set([...kept.keys()].map(packOf));
    for (const name of fs.readdirSync(folder)) {
      if (packs.has(packOf(name)) && !kept.has(name)) fs.rmSync(path.join(folder, name), { force: true });
    }
  }

  /** The folder and two above it; a home that is not there is not made. */
  function makeFolder() {
    const above = path.dirname(folder);
    for (const place of [path.dirname(above), above, folder]) {
      if (!fs.existsSync(place)) fs.mkdirSync(place, { mode: 0o700 });
    }
  }

  function write(kept) {
    makeFolder();
    if (!isTrusted(folder)) return;
    for (const [name, bytes] of kept) {
      const temporary = path.join(folder, `.${name}.${process.pid}`);
      fs.writeFileSync(temporary, bytes, { mode: 0o600 });
      fs.renameSync(temporary, path.join(folder, name));
    }
    removeOld(kept);
  }

  /**
   * Where a pack is new, or a part of one ran for the first time, all that ran is kept, with the functions that it
   * called. A list tells which parts did.
   */
  function keep() {
    if (folder === undefined) return;
    const [main] = scripts.keys();
    const list = main.replace('.cjs', '.ran');
    const before = isAllKept ? `${readIfThere(path.join(folder, list)) ?? ''}`.split(' ') : [];
    const ran = new Set([...before, ...program.ran()]);
    if (isAllKept && ran.size === before.length) return;
    try {
      const codes = [...scripts].map(([name, script]) => [name, script.createCachedData()]);
      write(new Map([...codes, [list, [...ran].join(' ')]]));
    } catch {
      // It is only slower without.
    }
  }

  const program = load('kapadmin.cjs');
  process.on('exit', keep);
  program.main();
}

const [word, ...more] = process.argv.slice(2);
if (more.length === 0 && (word === '--version' || word === '-V')) {
  const { version } = require('../package.json');
  fs.writeSync(1, `${version}\n`);
} else start();
