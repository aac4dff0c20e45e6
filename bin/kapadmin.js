#!/usr/bin/env node
'use strict';

const [word, ...more] = process.argv.slice(2);
if (more.length === 0 && (word === '--version' || word === '-V')) {
  const { version } = require('../package.json');
  require('node:fs').writeSync(1, `${version}\n`);
} else {
  require('./packs.js').load('kapadmin.cjs').main();
}
