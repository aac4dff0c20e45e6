#!/usr/bin/env node
import { existsSync } from 'node:fs';

const program = new URL('../dist/kapadmin.mjs', import.meta.url);
if (existsSync(program)) {
  const { main } = await import(program.href);
  await main();
} else {
  console.error('error: kapadmin is not built: dist/ is missing\nRun `npm run build`.');
  process.exitCode = 70;
}
