#!/usr/bin/env node
import module from 'node:module';

const [word, ...more] = process.argv.slice(2);
if (more.length === 0 && (word === '--version' || word === '-V')) {
  const { readFileSync, writeSync } = process.getBuiltinModule('node:fs');
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  writeSync(1, `${version}\n`);
} else {
  module.enableCompileCache?.();
  const { main } = await import('../dist/process.js');
  await main();
}
