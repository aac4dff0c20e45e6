import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEachFile } from './cleanup.js';

const made: string[] = [];

afterEachFile(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A new folder with these files (path -> text), removed when the test file is done. */
export function makeFolder(files: Readonly<Record<string, string | Uint8Array>> = {}, mode = 0o600): string {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'kapadmin-test-')));
  made.push(folder);
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content, { mode });
  }
  return folder;
}
