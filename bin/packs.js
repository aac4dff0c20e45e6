'use strict';

// Loads the packs of dist/. What V8 makes of their text is kept in the user's own cache folder, for later starts.
const fs = require('node:fs');
const path = require('node:path');
const { Script } = require('node:vm');

const dist = path.join(__dirname, '../dist');
/** What each pack gave, by its name. */
const made = new Map();
/** All scripts, by the name of their file in the cache. */
const scripts = new Map();
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

const folder = codeFolder();
const isReadable = folder !== undefined && isTrusted(folder);

/** Runs a pack once; gives its exports. Packs get one another by `require('./NAME.cjs')`. */
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
function removeOld() {
  const packOf = (name) => name.slice(0, name.lastIndexOf('-'));
  const packs = new Set([...scripts.keys()].map(packOf));
  for (const name of fs.readdirSync(folder)) {
    if (packs.has(packOf(name)) && !scripts.has(name)) fs.rmSync(path.join(folder, name), { force: true });
  }
}

/** The folder and two above it; a home that is not there is not made. */
function makeFolder() {
  const above = path.dirname(folder);
  for (const place of [path.dirname(above), above, folder]) {
    if (!fs.existsSync(place)) fs.mkdirSync(place, { mode: 0o700 });
  }
}

/** When a pack is new, all are kept once more: with the functions that this command was the first to call. */
function keep() {
  if (folder === undefined || isAllKept) return;
  try {
    makeFolder();
    if (!isTrusted(folder)) return;
    for (const [name, script] of scripts) {
      const temporary = path.join(folder, `.${name}.${process.pid}`);
      fs.writeFileSync(temporary, script.createCachedData(), { mode: 0o600 });
      fs.renameSync(temporary, path.join(folder, name));
    }
    removeOld();
  } catch {
    // It is only slower without.
  }
}

process.on('exit', keep);

exports.load = load;
